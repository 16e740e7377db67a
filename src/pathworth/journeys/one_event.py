"""A predicate held against one event and its person, without columns: the twin of ``bind`` for what just came in.

Both share the comparisons, the form of words and the pushing of negation; a property test keeps them equal.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pathworth.base import predicate as p
from pathworth.base.errors import WrongUsage
from pathworth.base.instants import to_instant_us
from pathworth.base.money import MICRO
from pathworth.journeys.bind import _COMPARE, _like, _word
from pathworth.store import ColumnInfo, Kind, Snapshot

Speaks = Literal["events", "people"]
Times = Callable[[p.Did], Sequence[int]]


@dataclass(frozen=True)
class Seen:
    """One event with its person, or a person alone.

    Parameters
    ----------
    name, time_us, value, cost, properties
        The event; ``value`` and ``cost`` in micro-units, ``time_us`` the instant that is asked about for a person.
    traits
        The latest known value of every property, this event's included.
    times
        Returns when a person did something; null where nothing may ask.
    """

    name: str = ""
    time_us: int = 0
    value: int = 0
    cost: int = 0
    properties: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    times: Times | None = None


Rule = Callable[[Seen], bool]


class _KindsOf(Mapping[str, Kind]):
    """The kinds of columns, found when they are asked for."""

    def __init__(self, columns: Mapping[str, ColumnInfo]) -> None:
        self._columns = columns

    def __getitem__(self, name: str, /) -> Kind:
        return self._columns[name].kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True)
class Kinds:
    """What properties hold, so that their texts are read alike; a property nobody knows is text."""

    kinds: Mapping[str, Kind]
    timezone: str = "UTC"

    @classmethod
    def of(cls, snapshot: Snapshot) -> Kinds:
        """Return the kinds of a snapshot's columns; one that is asked for is made when it is not there yet."""
        return cls(_KindsOf(snapshot.columns), snapshot.timezone)


def rule_of(predicate: str | p.Predicate, kinds: Kinds, *, speaks: Speaks = "events") -> Rule:
    """Make the test of a predicate.

    Parameters
    ----------
    predicate
        Over events (``where=``, rules of steps) or over people (``who=``).
    kinds
        How texts are read.
    speaks
        Of what; a bare name is the event's property, or the person's latest value.
    """
    read = p.parse(predicate) if isinstance(predicate, str) else predicate
    return _rule(read, _Reader(kinds, speaks), negated=False)


def may_hold(predicate: str | p.Predicate, name: str) -> bool:
    """Return whether a predicate over events can be true of any event of a name."""
    read = p.parse(predicate) if isinstance(predicate, str) else predicate
    return _may(read, name, negated=False)


def _may(one: p.Predicate, name: str, *, negated: bool) -> bool:
    match one:
        case p.Not(inner):
            return _may(inner, name, negated=not negated)
        case p.And(parts) | p.Or(parts):
            every = isinstance(one, p.And) is not negated
            return (all if every else any)(_may(part, name, negated=negated) for part in parts)
        case p.Constant(value):
            return value is not None and value is not negated
        case p.Did() | p.CompareColumns():
            return True
        case _ if one.operand == p.Column("event"):
            return _rule(one, _Reader(Kinds({}), "events"), negated=negated)(Seen(name=name))
    return True


@dataclass(frozen=True)
class _Reader:
    """How an operand is looked up and which kind it has."""

    kinds: Kinds
    speaks: Speaks

    def kind(self, operand: p.Operand) -> Kind:
        if isinstance(operand, p.Column) and self.speaks == "events":
            known: dict[str, Kind] = {"event": "text", "time": "time"}
            known |= {"value": "money", "cost": "money"}
            if operand.name in known:
                return known[operand.name]
        return self.kinds.kinds.get(operand.name, "text")

    def get(self, operand: p.Operand) -> Callable[[Seen], Any]:
        """Return what looks an operand up, read by its kind, null where nothing is known."""
        name = operand.name
        if isinstance(operand, p.Trait) or self.speaks == "people":
            return self._read(lambda seen: seen.traits.get(name), operand)
        if name in {"event", "time", "value", "cost"}:
            return operator.attrgetter({"event": "name", "time": "time_us"}.get(name, name))
        return self._read(lambda seen: seen.properties.get(name), operand)

    def _read(
        self, look: Callable[[Seen], str | None], operand: p.Operand
    ) -> Callable[[Seen], Any]:
        zone = self.kinds.timezone
        match self.kind(operand):
            case "number":
                return lambda seen: _float(look(seen))
            case "money":
                return lambda seen: round((_float(look(seen)) or 0.0) * MICRO)
            case "flag":
                return lambda seen: _flag(look(seen))
            case "time":
                return lambda seen: _time(look(seen), zone)
        return lambda seen: look(seen) or None


def _rule(one: p.Predicate, reader: _Reader, *, negated: bool) -> Rule:
    """Return the test that is true where the predicate is, or where it is false when negated."""
    match one:
        case p.Not(inner):
            return _rule(inner, reader, negated=not negated)
        case p.And(parts) | p.Or(parts):
            rules = tuple(_rule(part, reader, negated=negated) for part in parts)
            if isinstance(one, p.And) is not negated:
                return lambda seen: all(rule(seen) for rule in rules)
            return lambda seen: any(rule(seen) for rule in rules)
        case p.Between(operand, low, high):
            both = p.And((p.Compare(operand, ">=", low), p.Compare(operand, "<=", high)))
            return _rule(both, reader, negated=negated)
        case p.Constant(value):
            fixed = value is not None and value is not negated
            return lambda _: fixed
        case p.Did():
            return _did(one, negated=negated)
        case p.CompareColumns(left, sign, right):
            return _pair(reader.get(left), reader.get(right), _COMPARE[sign], negated=negated)
        case p.Truth(operand):
            return _rule(p.Compare(operand, "=", value=True), reader, negated=negated)
        case p.IsNull(operand):
            get = reader.get(operand)
            return lambda seen: (get(seen) is None) is not negated
    return _leaf(one, reader, negated=negated)


def _leaf(one: Any, reader: _Reader, *, negated: bool) -> Rule:
    get, kind = reader.get(one.operand), reader.kind(one.operand)
    values = one.values if isinstance(one, p.In) else (getattr(one, "value", None),)
    known = [value for value in values if value is not None]
    unsure = negated and len(known) < len(values)
    if isinstance(one, p.Like):
        fits = _like(one.pattern)
        return lambda seen: (held := get(seen)) is not None and fits(held) is not negated
    if not known or unsure:
        return lambda _: False
    compare = _COMPARE[one.operator] if isinstance(one, p.Compare) else operator.eq
    if kind == "text" and any(_is_number(value) for value in known):
        get = _as_number(get)
        kind = "number"
    wanted = [_literal(value, kind, reader.kinds.timezone) for value in known]
    if len(wanted) == 1:
        single = wanted[0]
        return lambda seen: (
            (held := get(seen)) is not None and bool(compare(held, single)) is not negated
        )
    among = set(wanted)
    return lambda seen: (held := get(seen)) is not None and (held in among) is not negated


def _did(one: p.Did, *, negated: bool) -> Rule:
    def rule(seen: Seen) -> bool:
        if seen.times is None:
            raise WrongUsage(
                "FUNCTION_NOT_AVAILABLE",
                f"did speaks of people, and here events are kept (character {one.at + 1}).",
                "Put it into the filter of people.",
            )
        begin = None if one.within_us is None else seen.time_us - one.within_us
        often = sum(
            1 for at in seen.times(one) if at < seen.time_us and (begin is None or at >= begin)
        )
        return (often >= one.at_least) is not negated

    return rule


def _pair(
    left: Callable[[Seen], Any],
    right: Callable[[Seen], Any],
    compare: Callable[[Any, Any], Any],
    *,
    negated: bool,
) -> Rule:
    def rule(seen: Seen) -> bool:
        one, two = left(seen), right(seen)
        return one is not None and two is not None and bool(compare(one, two)) is not negated

    return rule


def _literal(value: p.Value, kind: Kind, timezone: str) -> Any:
    """Return a literal in the form in which a column of a kind is read."""
    match kind:
        case "text" | "flag":
            return _word(value)
        case "time":
            return to_instant_us(str(value), timezone)
        case "money":
            number = float(value or 0)
            return round(number * MICRO, 3)
    return float(value or 0)


def _is_number(value: p.Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_number(get: Callable[[Seen], Any]) -> Callable[[Seen], Any]:
    return lambda seen: _float(get(seen))


def _float(text: str | None) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number == number else None  # noqa: PLR0124  # not a number is null


def _flag(text: str | None) -> str | None:
    word = (text or "").lower()
    return word if word in {"true", "false"} else None


def _time(text: str | None, timezone: str) -> int | None:
    if not text:
        return None
    try:
        return to_instant_us(text, timezone)
    except WrongUsage:
        return None
