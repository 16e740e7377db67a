"""Named rules that a selection must keep, each with its code."""

from __future__ import annotations

from pathworth.base import predicate as p
from pathworth.base.errors import WrongUsage
from pathworth.journeys.fields import Field

_Alone = p.Truth | p.Compare | p.In | p.Like | p.Between | p.IsNull


def _mismatch(operand: p.Operand, field: Field, what: str, remedy: str) -> WrongUsage:
    return WrongUsage(
        "TYPE_MISMATCH",
        f"{field.name!r} holds {field.kind}, and is asked about {what} "
        f"(character {operand.at + 1}).",
        remedy,
    )


def _shown(value: p.Value) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()


def _values_of(leaf: _Alone) -> tuple[p.Value, ...]:
    match leaf:
        case p.Compare(_, _, value):
            return (value,)
        case p.In(_, values):
            return values
        case p.Like(_, pattern):
            return (pattern,)
    return ()


def check_codes(leaf: _Alone, field: Field) -> None:
    """Refuse to compare texts with what is no text, flags with what is no flag.

    Raises
    ------
    WrongUsage
        ``TYPE_MISMATCH``.
    """
    wanted = bool if field.kind == "flag" else str
    for value in _values_of(leaf):
        if value is None or isinstance(value, wanted):
            continue
        remedy = (
            f"Write {field.name} = true or {field.name} = false."
            if field.kind == "flag"
            else f"Write {field.name} = '{_shown(value).strip(chr(39))}'."
        )
        raise _mismatch(leaf.operand, field, _shown(value), remedy)
    if field.kind == "flag" and isinstance(leaf, p.Like):
        raise _mismatch(leaf.operand, field, "a pattern", f"Write {field.name} = true.")


def check_numbers(leaf: _Alone, field: Field) -> None:
    """Refuse to compare numbers, money and times with other types of value.

    Raises
    ------
    WrongUsage
        ``TYPE_MISMATCH``.
    """
    if isinstance(leaf, p.Like):
        raise _mismatch(leaf.operand, field, "a pattern", "Compare it with <, =, > or between.")
    for value in _values_of(leaf):
        fits = (
            isinstance(value, str)
            if field.kind == "time"
            else isinstance(value, int | float) and not isinstance(value, bool)
        )
        if value is not None and not fits:
            remedy = (
                f"Write {field.name} >= '2026-03-01'."
                if field.kind == "time"
                else f"Write {field.name} = 12, without quotes."
            )
            raise _mismatch(leaf.operand, field, _shown(value), remedy)


def check_pair(leaf: p.CompareColumns, *, left: Field, right: Field) -> None:
    """Refuse to compare two columns of different kinds.

    Raises
    ------
    WrongUsage
        ``TYPE_MISMATCH``.
    """
    if "person" in {left.place, right.place}:
        remedy = "Compare person with a text: person like '%@example.com'."
        raise _mismatch(leaf.left, left, right.name, remedy)
    if left.kind != right.kind:
        remedy = f"{right.name!r} holds {right.kind}; compare columns of one kind."
        raise _mismatch(leaf.left, left, right.name, remedy)


def end_in_rule(asked: p.Matches) -> WrongUsage:
    """Build ``PATTERN_END_IN_RULE``: as of an event, its journey always ends there."""
    return WrongUsage(
        "PATTERN_END_IN_RULE",
        f"At an event nobody knows yet whether the journey ends there (character {asked.at + 1}).",
        "Take end out of the pattern, or put it into the filter of people: who=\"matches('cart -> end')\".",
    )
