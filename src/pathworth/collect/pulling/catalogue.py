"""The connectors that are known: one YAML file each, beside this module."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import yaml

from pathworth.base.errors import UnknownName
from pathworth.collect.pulling.contracts import Connector


@cache
def connectors() -> dict[str, Connector]:
    """Return every connector by its name."""
    folder = resources.files(__package__) / "connectors"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            name = file.name.removesuffix(".yaml")
            read = msgspec.convert(yaml.safe_load(file.read_text("utf-8")), Connector)
            found[name] = msgspec.structs.replace(read, name=name)
    return found


def connector_named(name: str) -> Connector:
    """Return a connector by its name; raises ``UNKNOWN_CONNECTOR`` with the nearest names."""
    if name not in connectors():
        raise UnknownName.near("connector", name, connectors())
    return connectors()[name]
