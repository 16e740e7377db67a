"""Map documents as text: YAML that people write and read, by the published schema, and other formats."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from pathworth.atlas.contracts import Contract, MapDocument, MapStep, Sign
from pathworth.atlas.drawing import draw
from pathworth.base.errors import BadInput, WrongUsage

FORMAT = "pathworth.map/1"
LONGEST = 1_000_000
FORMATS = ("yaml", "json", "svg")
PAIR, WINDOW = ("property", "value"), ("name", "from", "to")


@cache
def map_schema() -> dict[str, Any]:
    """Return the published JSON Schema of a map document."""
    text = files("pathworth.atlas").joinpath("map.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def load_map(text: str) -> MapDocument:
    """Read a map document from YAML (JSON is YAML).

    Parameters
    ----------
    text
        The document; only its form is checked here, ``check_map`` judges what it says.

    Raises
    ------
    BadInput
        ``BAD_YAML`` with line and column, ``MAP_TOO_LONG``, or ``BAD_MAP`` with the place in the document.
    """
    if len(text) > LONGEST:
        raise BadInput("MAP_TOO_LONG", f"The map has {len(text)} characters.", "A map is one page.")
    try:
        # A loader of our own on top of the safe one; it makes no objects.
        given = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise _bad_yaml(error) from error
    except RecursionError as error:
        raise BadInput("BAD_YAML", "The map is nested too deep.", "Take brackets away.") from error
    _check_form(given)
    return _document(given)


def dump_map(document: MapDocument) -> str:
    """Write a map document as YAML that ``load_map`` reads back to an equal one; defaults are left out."""
    return yaml.dump(
        as_plain(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110
    )


def export_map(
    document: MapDocument,
    format: str = "yaml",  # noqa: A002  # the word of the command and the API
    *,
    moves: Mapping[tuple[str, str], int] | None = None,
) -> str:
    """Return a map as text.

    Parameters
    ----------
    document
        The map.
    format
        ``yaml``, ``json`` or ``svg``; the first two read back to an equal map.
    moves
        How many moves there are between two steps' ids, for the drawing.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_FORMAT``.
    """
    if format == "yaml":
        return dump_map(document)
    if format == "json":
        return json.dumps(as_plain(document), ensure_ascii=False, indent=2) + "\n"
    if format == "svg":
        return draw(document, moves)
    raise WrongUsage(
        "UNKNOWN_FORMAT", f"A map cannot be written as {format}.", f"Use {', '.join(FORMATS)}."
    )


def as_plain(document: MapDocument) -> dict[str, Any]:
    """Return the document as plain mappings and lists, in the order in which one reads it."""
    plain: dict[str, Any] = {"format": FORMAT, "name": document.name}
    said = _said(document)
    said["contract"] = _said(document.contract) if document.contract else None
    said["steps"] = [{"rule": None} | _said(step) for step in document.steps]
    said["steps"] = [_in_order(step, MapStep) for step in said["steps"]]
    for step in said["steps"]:
        if "signs" in step:
            step["signs"] = [_said(sign) for sign in step["signs"]]
    said["structural"] = [dict(zip(PAIR, one, strict=True)) for one in document.structural]
    said["calendar"] = [dict(zip(WINDOW, one, strict=True)) for one in document.calendar]
    order = ("stages", "persona", "session_gap", "contract", "steps", "structural", "calendar")
    for key in (*order, "noise"):
        value = said.get(key)
        if value or key == "steps":
            plain[key] = list(value) if isinstance(value, tuple) else value
    return plain


def map_of(plain: Mapping[str, Any]) -> MapDocument:
    """Return the document whose fields and steps are given as mappings, as the API hands them in."""
    given = dict(plain)
    given["steps"] = _steps_of(plain)
    if plain.get("contract") is not None:
        given["contract"] = Contract(**plain["contract"])
    for key in ("structural", "calendar"):
        given[key] = tuple(tuple(one) for one in plain.get(key) or ())
    for key in ("stages", "noise"):
        given[key] = tuple(plain.get(key) or ())
    return MapDocument(**given)


def _steps_of(plain: Mapping[str, Any]) -> tuple[MapStep, ...]:
    return tuple(
        MapStep(**{**step, "signs": tuple(Sign(**one) for one in step.get("signs") or ())})
        for step in plain["steps"]
    )


def _said(one: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that differ from their defaults."""
    return {
        field.name: getattr(one, field.name)
        for field in fields(one)
        if field.default is MISSING or getattr(one, field.name) != field.default
    }


def _in_order(plain: dict[str, Any], kind: type[MapStep]) -> dict[str, Any]:
    return {field.name: plain[field.name] for field in fields(kind) if field.name in plain}


def _document(given: Mapping[str, Any]) -> MapDocument:
    said = {key: value for key, value in given.items() if key != "format"}
    said["steps"] = _steps_of(given)
    if given.get("contract") is not None:
        said["contract"] = Contract(**given["contract"])
    for key, names in (("structural", PAIR), ("calendar", WINDOW)):
        said[key] = tuple(tuple(one[name] for name in names) for one in given.get(key, ()))
    for key in ("stages", "noise"):
        said[key] = tuple(given.get(key, ()))
    return MapDocument(**said)


def _check_form(given: object) -> None:
    """Refuse a document that does not follow the schema, at its first place."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(map_schema()).iter_errors(given))
    if error is None:
        return
    place = ".".join(str(one) for one in error.absolute_path) or "the document"
    hint = "See the schema of a map document; `pathworth map export` prints one that is right."
    if error.validator == "type" and error.validator_value == "string":
        hint = "Put it in single quotes, so that it is read as text."
    raise BadInput("BAD_MAP", f"At {place}: {error.message[:300]}.", hint)


def _bad_yaml(error: yaml.YAMLError) -> BadInput:
    mark = getattr(error, "problem_mark", None)
    place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
    why = str(getattr(error, "problem", None) or "it is not YAML").rstrip(".")
    return BadInput("BAD_YAML", f"The map cannot be read{place}: {why}.", "Mend that line.")


class _Loader(yaml.SafeLoader):
    """Safe YAML that leaves texts alone: only true and false are flags, dates stay texts, no key twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML wants a plain class attribute
        first: [
            one
            for one in resolvers
            if one[0] not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse anchors: a page of them can stand for gigabytes."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "no aliases in a map", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """Refuse a key that is given twice, of which one would be lost."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                why = f"{key.value!r} is given twice"
                raise yaml.constructor.ConstructorError(None, None, why, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """Block YAML with lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Indent lists, too."""
        super().increase_indent(flow, False)  # noqa: FBT003


for _first, _pattern in (("t", r"^true$"), ("f", r"^false$")):
    _Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(_pattern), [_first])
