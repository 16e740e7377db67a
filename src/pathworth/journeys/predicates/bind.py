"""From a predicate to tests on columns: names found, types checked, null never true."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.base import predicate as p
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.journeys import rules
from pathworth.journeys.fields import FLAGS, NULL_TIME, EventFields, Field, Fields, TraitFields
from pathworth.journeys.predicates.any_id import by_any_id
from pathworth.journeys.predicates.meanings import COMPARE, Test, evaluate, literal, test_of
from pathworth.journeys.predicates.names import Names, reading

Table = NDArray[np.uint8]


@dataclass(frozen=True)
class Codes:
    """Holds for an event whose code has 1 in the table."""

    field: Field
    table: Table

    @cached_property
    def packed(self) -> Table:
        """Return the table with eight codes in a byte."""
        return np.packbits(self.table, bitorder="little")


@dataclass(frozen=True)
class Values:
    """Holds where a function of one numeric column is true."""

    field: Field
    test: Callable[[NDArray], NDArray]


@dataclass(frozen=True)
class Pair:
    """Holds where a function of two columns is true."""

    left: Field
    right: Field
    test: Callable[[NDArray, NDArray], NDArray]


@dataclass(frozen=True)
class Fixed:
    """Holds always, or never."""

    holds: bool


@dataclass(frozen=True)
class Deed:
    """Holds for an entity with so many events that hold a rule, or without them when negated."""

    rule: Bound
    at_least: int
    within_us: int | None
    negated: bool


@dataclass(frozen=True)
class Match:
    """Holds for an entity whose journey holds a pattern, or not when negated; a rule for each of its names."""

    rules: tuple[Bound, ...]
    pattern: p.Pattern
    within_us: int | None
    negated: bool


@dataclass(frozen=True)
class Member:
    """Holds for an entity in a segment, or outside when negated: from when up to when which definition counts."""

    spans: tuple[tuple[int, int, Bound], ...]
    negated: bool


@dataclass(frozen=True)
class Every:
    """Holds when all parts do."""

    parts: tuple[Bound, ...]


@dataclass(frozen=True)
class Some:
    """Holds when a part does."""

    parts: tuple[Bound, ...]


Past = Deed | Match | Member
Bound = Codes | Values | Pair | Fixed | Past | Every | Some


def bind(predicate: p.Predicate, fields: Fields, *, names: Names | None = None) -> Bound:
    """Check a predicate against the columns of a snapshot and make its tests.

    Parameters
    ----------
    predicate
        Over events or over people.
    fields
        What its columns and traits stand for.
    names
        What its functions may name; the events and segments of the snapshot unless given.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN``, ``UNKNOWN_TRAIT``, ``UNKNOWN_STEP`` or ``UNKNOWN_SEGMENT``.
    WrongUsage
        ``TYPE_MISMATCH`` when a column is compared with another type of value, ``PATTERN_END_IN_RULE`` for an end
        that nobody knows yet.
    Refused
        ``SEGMENT_CYCLE``.
    """
    known = Names.of(fields.snapshot) if names is None else names
    return evaluate(predicate, _Binder(fields, known))


@dataclass(frozen=True)
class _Binder:
    """Makes tests on columns."""

    fields: Fields
    names: Names

    def fixed(self, *, holds: bool) -> Bound:
        return Fixed(holds)

    def every(self, parts: tuple[Bound, ...]) -> Bound:
        return _joined(parts, every=True)

    def some(self, parts: tuple[Bound, ...]) -> Bound:
        return _joined(parts, every=False)

    def compared(self, leaf: p.Comparison, *, negated: bool) -> Bound:
        if isinstance(leaf, p.CompareColumns):
            return self.pair(leaf, negated=negated)
        field = self.fields.find(leaf.operand)
        if field.unread:
            return Fixed(holds=False)
        if isinstance(leaf, p.IsNull):
            return _null(field, negated=negated)
        check = rules.check_codes if field.coded or field.place == "person" else rules.check_numbers
        check(leaf, field)
        scalar = field.coded or field.place == "person"
        test = test_of(
            leaf,
            read=lambda value: self.read(value, field, at=leaf.operand.at),
            among=_among_words if scalar else _among_numbers,
            negated=negated,
        )
        if field.coded:
            return Codes(field, _table(leaf, field, test=test))
        if test is None:
            return Fixed(holds=False)
        if field.place == "person":
            denies = isinstance(leaf, p.Compare) and leaf.operator == "<>"
            return Values(field, by_any_id(test, self.fields.snapshot, every=denies is not negated))
        known = _known(field)
        return Values(field, lambda array: test(array) & known(array))

    def read(self, value: p.Value, field: Field, *, at: int) -> Any:
        """Return a literal as the column holds its values."""
        try:
            return literal(value, field.kind, timezone=self.fields.snapshot.timezone)
        except WrongUsage as error:
            message = f"{error.message.removesuffix('.')} (character {at + 1})."
            raise WrongUsage(error.code, message, error.hint) from error

    def asked(self, function: p.Function, *, negated: bool) -> Bound:
        match function:
            case p.Did(step, at_least, within_us):
                rule = self.rule(step, at=function.at)
                return Deed(rule, at_least, within_us, negated)
            case p.Matches(pattern, within_us):
                if isinstance(self.fields, EventFields) and pattern.last_at_end:
                    raise rules.end_in_rule(function)
                bound = tuple(self.rule(one.name, at=one.at) for one in pattern.names)
                return Match(bound, pattern, within_us, negated)
        segment = self.names.segment(function)
        spans = []
        for begin, end, revision, inner in self.names.definitions(segment):
            with reading(f"the segment {segment.name!r}"):
                who = bind(p.parse(revision.who), TraitFields(self.fields.snapshot), names=inner)
            spans.append((begin, end, who))
        return Member(tuple(spans), negated)

    def rule(self, name: str, *, at: int) -> Bound:
        """Return the tests of the events that a name stands for."""
        said = self.names.rule(name, at=at)
        with reading(f"the step {name!r}"):
            return bind(p.parse(said), EventFields(self.fields.snapshot), names=self.names.in_rules)

    def pair(self, leaf: p.CompareColumns, *, negated: bool) -> Bound:
        """Return the test of two columns of one kind."""
        left = self.fields.find(leaf.left)
        try:
            right = self.fields.find(leaf.right)
        except UnknownName as error:
            hint = f"A text stands in single quotes: '{leaf.right.name}'. {error.hint}"
            raise UnknownName(error.code, error.message, hint) from error
        if left.unread or right.unread:
            return Fixed(holds=False)
        rules.check_pair(leaf, left=left, right=right)
        return _pair(left, right, COMPARE[leaf.operator], negated=negated)


def _joined(parts: tuple[Bound, ...], *, every: bool) -> Bound:
    """Join tests, those on the same coded column into one table."""
    tables: dict[tuple[str, str], Codes] = {}
    others: list[Bound] = []
    join = np.bitwise_and if every else np.bitwise_or
    made: type[Every | Some] = Every if every else Some
    flat = [one for part in parts for one in (part.parts if isinstance(part, made) else (part,))]
    for part in flat:
        if isinstance(part, Codes):
            before = tables.get(part.field.key)
            table = part.table if before is None else join(before.table, part.table)
            tables[part.field.key] = Codes(part.field, table)
        else:
            others.append(part)
    left: list[Bound] = [*tables.values(), *others]
    return left[0] if len(left) == 1 else made(tuple(left))


def _table(leaf: p.Comparison, field: Field, *, test: Test | None) -> Table:
    """Return uint8 per code of a coded column: 1 where the word of the code passes, which null never does."""
    words = FLAGS if field.kind == "flag" else field.values
    out = np.zeros(len(words) + (field.place != "event"), np.uint8)
    if test is None or not words:
        return out
    if isinstance(leaf, p.Compare):
        # One call for a whole dictionary, which compares its words as Python does.
        passes = np.asarray(test(np.fromiter(words, object, len(words))), bool)
    else:
        passes = np.fromiter(map(test, words), bool, len(words))
    first = 0 if field.place == "event" or field.kind == "flag" else 1
    out[first : first + len(words)] = passes
    return out


def _null(field: Field, *, negated: bool) -> Bound:
    """Return the test of not being known; ids always are."""
    if field.place == "person":
        return Fixed(negated)
    if field.coded:
        return Codes(
            field, np.array([(one is None) is not negated for one in field.words], np.uint8)
        )
    known = _known(field)
    return Values(field, known if negated else lambda array: ~known(array))


def _among_words(words: Sequence[str]) -> Test:
    return frozenset(words).__contains__


def _among_numbers(numbers: Sequence[float]) -> Test:
    def test(array: NDArray) -> NDArray:
        found: NDArray = reduce(operator.or_, (array == one for one in numbers))
        return found

    return test


def _known(field: Field) -> Callable[[NDArray], NDArray]:
    match field.kind:
        case "number":
            return lambda a: ~np.isnan(a)
        case "time":
            return lambda a: a != NULL_TIME
        case _:
            return lambda a: np.ones(len(a), bool)


def _pair(
    left: Field, right: Field, compare: Callable[[NDArray, NDArray], NDArray], *, negated: bool
) -> Bound:
    """Return the test of two columns; texts of two dictionaries are compared by their ranks."""
    if left.coded:
        known = sorted({word for word in [*left.words, *right.words] if word is not None})
        rank = {word: place for place, word in enumerate(known)}
        maps = [
            np.array([-1 if word is None else rank[word] for word in field.words], np.int64)
            for field in (left, right)
        ]

        def by_word(a: NDArray, b: NDArray) -> NDArray:
            one, two = maps[0][a], maps[1][b]
            found: NDArray = (compare(one, two) ^ negated) & (one >= 0) & (two >= 0)
            return found

        return Pair(left, right, by_word)
    knows = _known(left), _known(right)
    return Pair(left, right, lambda a, b: (compare(a, b) ^ negated) & knows[0](a) & knows[1](b))


__all__ = [
    "Bound",
    "Codes",
    "Deed",
    "Every",
    "Fixed",
    "Match",
    "Member",
    "Pair",
    "Past",
    "Some",
    "Values",
    "bind",
]
