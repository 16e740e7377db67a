"""A predicate held against one event and its person, without columns: the twin of ``bind`` for what just came in.

Both share what the nodes mean (``meanings``) and what names stand for (``names``); a property test keeps them equal.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pathworth.base import predicate as p
from pathworth.base.errors import WrongUsage
from pathworth.base.instants import to_instant_us
from pathworth.base.money import MICRO
from pathworth.journeys import rules
from pathworth.journeys.predicates.meanings import COMPARE, Test, evaluate, literal, test_of
from pathworth.journeys.predicates.names import Names, reading
from pathworth.journeys.predicates.past import Past, PatternAsked
from pathworth.store import ColumnInfo, Kind, Snapshot

Speaks = Literal["events", "people"]
Get = Callable[["Seen"], Any]


@dataclass(frozen=True)
class Seen:
    """One event with its person, or a person alone.

    Parameters
    ----------
    name, time_us, value, cost, properties
        The event; ``value`` and ``cost`` in micro-units, ``time_us`` the instant that is asked about for a person.
    traits
        The latest known value of every property, this event's included.
    entity
        The raw id of the person.
    past
        What is remembered of the person, this event included; null where nothing may ask.
    """

    name: str = ""
    time_us: int = 0
    value: int = 0
    cost: int = 0
    properties: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    entity: str = ""
    past: Past | None = None


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


ANY_NAME = Names()


def rule_of(
    predicate: str | p.Predicate,
    kinds: Kinds,
    *,
    speaks: Speaks = "events",
    names: Names = ANY_NAME,
) -> Rule:
    """Make the test of a predicate.

    Parameters
    ----------
    predicate
        Over events (``where=``, rules of steps) or over people (``who=``).
    kinds
        How texts are read.
    speaks
        Of what; a bare name is the event's property, or the person's latest value.
    names
        What its functions may name; what ``asked_of_past`` was told.

    Raises
    ------
    WrongUsage
        ``PATTERN_END_IN_RULE``; as ``bind`` does.
    UnknownName, Refused
        ``UNKNOWN_STEP``, ``UNKNOWN_SEGMENT``, ``SEGMENT_CYCLE``.
    """
    read = p.parse(predicate) if isinstance(predicate, str) else predicate
    return evaluate(read, _OneEvent(kinds, speaks, names))


def rule_for(text: str, name: str, *, kinds: Kinds, names: Names = ANY_NAME) -> Rule | None:
    """Return the test of a rule for events of one name, null where the name rules it out; errors of ``rule_of``."""
    if not may_hold(text, name):
        return None
    if p.parse(text) == p.Compare(p.Column("event"), "=", name):
        return _always
    return rule_of(text, kinds, names=names)


def _always(seen: Seen) -> bool:
    del seen
    return True


def may_hold(predicate: str | p.Predicate, name: str) -> bool:
    """Return whether a predicate over events can be true of any event of a name."""
    read = p.parse(predicate) if isinstance(predicate, str) else predicate
    return evaluate(read, _ByName(name))


@dataclass(frozen=True)
class _ByName:
    """Says what the name of an event alone rules out; whatever else is asked may be."""

    name: str

    def fixed(self, *, holds: bool) -> bool:
        return holds

    def every(self, parts: tuple[bool, ...]) -> bool:
        return all(parts)

    def some(self, parts: tuple[bool, ...]) -> bool:
        return any(parts)

    def compared(self, leaf: p.Comparison, *, negated: bool) -> bool:
        if isinstance(leaf, p.CompareColumns) or leaf.operand != p.Column("event"):
            return True
        alone = _OneEvent(Kinds({}), "events", ANY_NAME)
        return alone.compared(leaf, negated=negated)(Seen(name=self.name))

    def asked(self, function: p.Function, *, negated: bool) -> bool:
        del function, negated
        return True


@dataclass(frozen=True)
class _OneEvent:
    """Makes tests of one event, or of one person."""

    kinds: Kinds
    speaks: Speaks
    names: Names

    def fixed(self, *, holds: bool) -> Rule:
        return lambda _: holds

    def every(self, parts: tuple[Rule, ...]) -> Rule:
        return lambda seen: all(rule(seen) for rule in parts)

    def some(self, parts: tuple[Rule, ...]) -> Rule:
        return lambda seen: any(rule(seen) for rule in parts)

    def compared(self, leaf: p.Comparison, *, negated: bool) -> Rule:
        if isinstance(leaf, p.CompareColumns):
            left, right = self.get(leaf.left), self.get(leaf.right)
            return _pair(left, right, COMPARE[leaf.operator], negated=negated)
        get, kind = self.get(leaf.operand), self.kind(leaf.operand)
        if isinstance(leaf, p.IsNull):
            return lambda seen: (get(seen) is None) is not negated
        if kind == "text" and any(_is_number(one) for one in _values_of(leaf)):
            look, kind = get, "number"
            get = lambda seen: _float(look(seen))  # noqa: E731
        test = test_of(
            leaf,
            read=lambda value: literal(value, kind, timezone=self.kinds.timezone),
            among=_among,
            negated=negated,
        )
        if test is None:
            return self.fixed(holds=False)
        return lambda seen: (held := get(seen)) is not None and bool(test(held))

    def asked(self, function: p.Function, *, negated: bool) -> Rule:
        match function:
            case p.Did():
                return self.did(function, negated=negated)
            case p.Matches():
                return self.matches(function, negated=negated)
        return self.in_segment(function, negated=negated)

    def did(self, asked: p.Did, *, negated: bool) -> Rule:
        key = self.names.rule(asked.step, at=asked.at)
        within_us, at_least = asked.within_us, asked.at_least
        just_after = int(self.speaks == "events")

        def rule(seen: Seen) -> bool:
            until = seen.time_us + just_after
            begin = None if within_us is None else until - within_us
            times = _past(seen, asked).deeds.get(key, ())
            often = sum(1 for at in times if at < until and (begin is None or at >= begin))
            return (often >= at_least) is not negated

        return rule

    def matches(self, asked: p.Matches, *, negated: bool) -> Rule:
        if self.speaks == "events" and asked.pattern.last_at_end:
            raise rules.end_in_rule(asked)
        said = tuple(self.names.rule(one.name, at=one.at) for one in asked.pattern.names)
        key = PatternAsked(asked.pattern, said, asked.within_us).key
        now = operator.attrgetter("complete" if self.speaks == "events" else "matched")

        def rule(seen: Seen) -> bool:
            run = _past(seen, asked).runs.get(key)
            return (run is not None and bool(now(run))) is not negated

        return rule

    def in_segment(self, asked: p.InSegment, *, negated: bool) -> Rule:
        segment = self.names.segment(asked)
        just_after = int(self.speaks == "events")

        spans = []
        for begin, end, revision, inner in self.names.definitions(segment):
            with reading(f"the segment {segment.name!r}"):
                who = rule_of(revision.who, self.kinds, speaks="people", names=inner)
            spans.append((begin, end, who))

        def rule(seen: Seen) -> bool:
            instant = seen.time_us + just_after
            person = replace(seen, time_us=instant) if just_after else seen
            who = next((one for begin, end, one in spans if begin < instant <= end), spans[0][2])
            return who(person) is not negated

        return rule

    def kind(self, operand: p.Operand) -> Kind:
        """Return which kind an operand has."""
        if isinstance(operand, p.Column) and self.speaks == "events":
            known: dict[str, Kind] = {"event": "text", "time": "time"}
            known |= {"value": "money", "cost": "money"}
            if operand.name in known:
                return known[operand.name]
        return self.kinds.kinds.get(operand.name, "text")

    def get(self, operand: p.Operand) -> Get:
        """Return what looks an operand up, read by its kind, null where nothing is known."""
        name = operand.name
        if self.speaks == "people" and operand == p.Column("person"):
            return lambda seen: seen.entity or None
        if isinstance(operand, p.Trait) or self.speaks == "people":
            return self.read(lambda seen: seen.traits.get(name), operand)
        if name in {"event", "time", "value", "cost"}:
            return operator.attrgetter({"event": "name", "time": "time_us"}.get(name, name))
        return self.read(lambda seen: seen.properties.get(name), operand)

    def read(self, look: Callable[[Seen], str | None], operand: p.Operand) -> Get:
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


def _past(seen: Seen, asked: p.Function) -> Past:
    if seen.past is None:
        raise WrongUsage(
            "FUNCTION_NOT_AVAILABLE",
            f"Nothing is remembered here of what was done before (character {asked.at + 1}).",
            "Put it into the filter of people.",
        )
    return seen.past


def _values_of(leaf: p.Comparison) -> Sequence[p.Value]:
    match leaf:
        case p.Compare(_, _, value):
            return (value,)
        case p.In(_, values):
            return values
    return ()


def _among(values: Sequence[Any]) -> Test:
    return frozenset(values).__contains__


def _pair(left: Get, right: Get, compare: Callable[[Any, Any], Any], *, negated: bool) -> Rule:
    def rule(seen: Seen) -> bool:
        one, two = left(seen), right(seen)
        return one is not None and two is not None and bool(compare(one, two)) is not negated

    return rule


def _is_number(value: p.Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
