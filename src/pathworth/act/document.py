"""Program documents as text: YAML (or JSON) that people write and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any

import msgspec
import yaml

from pathworth.act.contracts import Cap, MuteGuardrail, Program, QuietHours, Template
from pathworth.base.errors import BadInput, UnknownName

LONGEST = 200_000
_PARTS: dict[str, type] = {
    "quiet_hours": QuietHours,
    "cap": Cap,
    "guardrail": MuteGuardrail,
    "message": Template,
}


@lru_cache(maxsize=256)
def load_program(text: str) -> Program:
    """Read a program from YAML (JSON is YAML); only its form is checked here.

    Raises
    ------
    BadInput
        ``BAD_YAML``, ``PROGRAM_TOO_LONG`` or ``BAD_PROGRAM`` with the place in the document.
    """
    if len(text) > LONGEST:
        why = f"The program has {len(text)} characters."
        raise BadInput("PROGRAM_TOO_LONG", why, "A program is one page.")
    return program_of(load_yaml(text, what="program"))


def load_yaml(text: str, *, what: str) -> Any:
    """Return what stands in YAML; raises ``BAD_YAML`` with line and column."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  # the safe loader, without dates
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        why = str(getattr(error, "problem", None) or "it is not YAML").rstrip(".")
        message = f"The {what} cannot be read{place}: {why}."
        raise BadInput("BAD_YAML", message, "Mend that line.") from error


def program_of(given: object) -> Program:
    """Return the program of plain mappings; raises ``BAD_PROGRAM`` with the place in the document."""
    if not isinstance(given, dict):
        raise _bad("The document is not a list of keys.", "Write id:, name:, map:, step: ...")
    _check_keys(given, Program, "")
    for key, kind in _PARTS.items():
        if isinstance(given.get(key), dict):
            _check_keys(given[key], kind, f"{key}.")
    try:
        return msgspec.convert(given, Program)
    except msgspec.ValidationError as error:
        what = str(error).replace("`$.", "`").replace("`", "")
        raise _bad(
            f"{what}.", "Texts stand in quotes; see a drafted program for every key."
        ) from error


def dump_program(program: Program) -> str:
    """Write a program as YAML that ``load_program`` reads back to an equal one; defaults are left out."""
    return dump(program)


def dump(document: Any) -> str:
    """Write a dataclass as YAML; defaults are left out."""
    return yaml.dump(
        _said(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


def plain_program(program: Program) -> dict[str, Any]:
    """Return a program as plain mappings, with every key."""
    found: dict[str, Any] = msgspec.to_builtins(program)
    return found


def _said(one: Any) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    found = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if field.default is MISSING or value != field.default:
            held = list(value) if isinstance(value, tuple) else value
            found[field.name] = _said(value) if is_dataclass(value) else held
    return found


def known_keys(given: Mapping[str, Any], kind: type) -> tuple[str, str] | None:
    """Return the first key that a dataclass does not have, with what is near it; null when it has all."""
    known = {field.name for field in fields(kind)}
    strange = next((str(key) for key in given if key not in known), None)
    return None if strange is None else (strange, UnknownName.near("key", strange, known).hint)


def _check_keys(given: Mapping[str, Any], kind: type, where: str) -> None:
    strange = known_keys(given, kind)
    if strange is not None:
        raise _bad(f"There is no key {where}{strange[0]}.", strange[1])


def _bad(message: str, hint: str) -> BadInput:
    return BadInput("BAD_PROGRAM", message, hint)


class _Loader(yaml.SafeLoader):
    """Safe YAML in which times of day, dates, yes and off stay texts."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML wants a plain class attribute
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse anchors: a page of them can stand for gigabytes."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "no aliases here", event.start_mark)
        return super().compose_node(parent, index)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> Any:
        """Leave a time of day as text: YAML would read 21:00 in base sixty."""
        text = str(node.value)
        return text if ":" in text else super().construct_yaml_int(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


class _Dumper(yaml.SafeDumper):
    """Block YAML: texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
