"""The formats that are known: one YAML file each, beside this module."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

import msgspec
import yaml

from pathworth.base.errors import BadInput, UnknownName
from pathworth.collect.contracts import NO_MONEY, FileMapping
from pathworth.collect.importers.contracts import Format

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN = "plain"
"""The name that stands for no format: a file with one event in a row."""


@cache
def formats() -> dict[str, Format]:
    """Return every format by its name."""
    folder = resources.files(__package__) / "formats"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {
        (name := file.name.removesuffix(".yaml")): read_format(file.read_text("utf-8"), name=name)
        for file in files
        if file.name.endswith(".yaml")
    }


def read_format(text: str, *, name: str) -> Format:
    """Read a format file; a key that no format has is an error of msgspec's that names the place."""
    # The same language and the same refusals as safe_load, an order of magnitude faster: there are dozens of files.
    found = msgspec.convert(yaml.load(text, Loader=_LOADER), Format)  # noqa: S506 - either is the safe one
    return msgspec.structs.replace(found, name=name)


def format_named(name: str) -> Format:
    """Return a format by its name, or from a file of one's own by its path.

    Raises
    ------
    UnknownName
        ``UNKNOWN_FORMAT`` with the nearest names.
    BadInput
        ``NO_FILE``, or ``BAD_FORMAT`` with the place of the mistake.
    """
    if name.endswith(".yaml"):
        return _own(Path(name))
    if name not in formats():
        raise UnknownName.near("format", name, [*formats(), PLAIN])
    return formats()[name]


def _own(path: Path) -> Format:
    if not path.is_file():
        raise BadInput("NO_FILE", f"There is no format file {path}.", "Check the path.")
    try:
        return read_format(path.read_text(encoding="utf-8"), name=str(path))
    except (msgspec.ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(
            "BAD_FORMAT",
            f"{path.name} describes no format: {' '.join(str(error).split())}.",
            "docs/importing.md says what such a file holds.",
        ) from error


def format_of(mapping: FileMapping) -> Format | None:
    """Return the format that a mapping names, with what the mapping says otherwise; null for a plain file."""
    if mapping.format in (None, PLAIN):
        return None
    found = format_named(mapping.format)
    names = ("entity", "anonymous", "time_format", "timezone")
    said = {name: getattr(mapping, name) for name in names}
    changed = {name: value for name, value in said.items() if value is not None}
    if money := _money_said(mapping, found):
        changed["events"] = tuple(msgspec.structs.replace(e, **money) for e in found.events)
    return msgspec.structs.replace(found, source=mapping.source or found.source, **changed)


def _money_said(mapping: FileMapping, form: Format) -> dict[str, str | None]:
    """Return what a person said of money, amounts only where the format says nothing of them itself."""
    if mapping.value == NO_MONEY:
        return dict.fromkeys(("value", "cost", "currency"))
    own = {
        name
        for name in ("value", "cost")
        if any(getattr(event, name) is not None for event in form.events)
    }
    said = {name: getattr(mapping, name) for name in ("value", "cost", "currency")}
    return {k: v for k, v in said.items() if v is not None and k not in own}


def meaning_of(mapping: FileMapping) -> FileMapping:
    """Return what the columns of the flat rows mean: the mapping itself for a plain file."""
    found = format_of(mapping)
    if found is None:
        return mapping
    money = {
        role: f"@{role}"
        for role in ("value", "cost", "currency")
        if any(getattr(event, role) for event in found.events)
    }
    return FileMapping(
        entity="@entity",
        event="@event",
        time="@time",
        time_format=found.time_format,
        timezone=found.timezone,
        id=None if found.id is None else "@id",
        anonymous=None if found.anonymous is None else "@anonymous",
        source=found.source,
        **money,
    )
