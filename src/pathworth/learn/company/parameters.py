"""Reads the company's parameters into frozen dataclasses, and makes changed companies for tests."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pathworth.base.errors import BadInput
from pathworth.learn.company.others.shapes import (
    Crm,
    Diary,
    Mail,
    Query,
    Spend,
    Surveys,
    Tickets,
    Voices,
)
from pathworth.learn.company.shapes import (
    Bots,
    ClockShape,
    Competitor,
    Deadline,
    Emission,
    Finding,
    Frictions,
    Hints,
    Holding,
    Incidents,
    Invitation,
    Life,
    MixShift,
    Names,
    Noise,
    Outage,
    Persona,
    Plan,
    Planted,
    Returns,
    Row,
    Rung,
    Session,
    Size,
    Stranger,
    Tracking,
    Use,
)

HOME = Path(__file__).parent
RUNGS = ("R0", "R1", "R2", "R2d", "R3")
OTHERS = ("crm", "tickets", "surveys", "mail", "spend", "query", "diary", "voices")
AFTER_TRUTH = ("noise", "names", "bots", "stranger", *OTHERS)
"""What comes after the truth: how the same world reaches collectors and other tools. No truth figure depends on it."""


@dataclass(frozen=True, eq=False)
class Company:
    """Every parameter of the demo company; ``raw`` is the document it was read from.

    Two companies are equal when they are the same object, so that tables built from one can be kept.
    """

    name: str
    currency: str
    zone: str
    first_day: date
    weeks: int
    personas: tuple[str, ...]
    ledgers: tuple[str, ...]
    steps: tuple[str, ...]
    size: Size
    noise: Noise
    names: Names
    bots: Bots
    stranger: tuple[Stranger, ...]
    crm: Crm
    tickets: Tickets
    surveys: Surveys
    mail: Mail
    spend: Spend
    query: tuple[Query, ...]
    diary: tuple[Diary, ...]
    voices: Voices
    frictions: Frictions
    planted: Planted
    persona: Mapping[str, Persona]
    hints: Hints
    rows: Mapping[str, Mapping[str, Row]]
    holding: Holding
    deadline: Deadline
    clock: ClockShape
    plan: Mapping[str, Plan]
    life: Life
    use: Use
    incidents: Incidents
    mix_shift: MixShift
    tracking: Tracking
    outage: Outage
    competitor: Competitor
    returns: Returns
    session: Session
    emission: tuple[Emission, ...]
    invitation: Invitation
    rung: Mapping[str, Rung]
    finding: tuple[Finding, ...]
    raw: Mapping[str, Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)


def load_company(path: Path | None = None) -> Company:
    """Read the parameters of the demo company.

    Parameters
    ----------
    path
        A TOML file; the one beside this module by default.

    Raises
    ------
    BadInput
        ``COMPANY_PARAMETERS`` when a parameter is missing, unknown or of another type.
    """
    return _company(tomllib.loads((path or HOME / "company.toml").read_text()))


def changed(company: Company, path: str, *, value: object) -> Company:
    """Return the company with one parameter changed.

    Parameters
    ----------
    path
        Keys joined by dots, for example ``frictions.ledger_wizard``; a number picks from a list.
    value
        The parameter's new value.

    Raises
    ------
    BadInput
        ``COMPANY_PARAMETERS`` when there is no such parameter, or the value does not fit.
    """
    raw: Any = copy.deepcopy(dict(company.raw))
    *front, last = path.split(".")
    place = raw
    try:
        for key in front:
            place = place[int(key)] if isinstance(place, list) else place[key]
        key_or_place: Any = int(last) if isinstance(place, list) else last
        place[key_or_place]
    except (KeyError, IndexError, ValueError):
        raise _wrong(path, "is not a parameter") from None
    place[key_or_place] = value
    return _company(raw)


def sha256(path: Path | None = None) -> str:
    """Return the SHA-256 of the parameters behind the truth figures, by which these know that they are stale."""
    raw = tomllib.loads((path or HOME / "company.toml").read_text())
    said = {key: value for key, value in raw.items() if key not in AFTER_TRUTH}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _company(raw: Mapping[str, Any]) -> Company:
    built: Company = shaped(Company, {**raw, "raw": raw}, where="company")
    return built


def shaped(kind: Any, value: Any, *, where: str) -> Any:
    """Turn a parsed value into the annotated type, or say which parameter does not fit."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, value, where)
    if origin is tuple and isinstance(value, list | tuple):
        inner = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        if len(inner) != len(value):
            raise _wrong(where, f"needs {len(inner)} values")
        return tuple(
            shaped(one, item, where=f"{where}.{k}")
            for k, (one, item) in enumerate(zip(inner, value, strict=True))
        )
    if origin is Mapping and isinstance(value, Mapping):
        built = {
            key: shaped(arguments[1], item, where=f"{where}.{key}") for key, item in value.items()
        }
        return types.MappingProxyType(built)
    if kind is Any or (isinstance(kind, type) and type(value) is kind):
        return value
    if kind is float and type(value) is int:
        return float(value)
    raise _wrong(where, f"is {value!r}, not of type {kind}")


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise _wrong(f"{where}.{unknown[0]}", "is not a parameter")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    missing = [
        name
        for name, field in fields.items()
        if name not in value
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise _wrong(f"{where}.{missing[0]}", "is missing")
    return kind(
        **{name: shaped(hints[name], item, where=f"{where}.{name}") for name, item in value.items()}
    )


def _wrong(where: str, why: str) -> BadInput:
    return BadInput(
        "COMPANY_PARAMETERS",
        f"Parameter {where} {why}.",
        "Compare it with company.toml beside the generator.",
    )
