"""From a predicate to tests on columns: types checked, negation pushed to the leaves, null never true."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.base import predicate as p
from pathworth.base.instants import to_instant_us
from pathworth.base.money import MICRO
from pathworth.journeys import rules
from pathworth.journeys.fields import NULL_TIME, Arrays, EventFields, Field, Fields
from pathworth.kernels.select import look_up

Table = NDArray[np.uint8]
Comparison = Callable[[Any, Any], Any]

_COMPARE: dict[str, Comparison] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Codes:
    """Holds for an event whose code has 1 in the table."""

    field: Field
    table: Table


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
class Every:
    """Holds when all parts do."""

    parts: tuple[Bound, ...]


@dataclass(frozen=True)
class Some:
    """Holds when a part does."""

    parts: tuple[Bound, ...]


Bound = Codes | Values | Pair | Fixed | Deed | Every | Some


def bind(predicate: p.Predicate, fields: Fields) -> Bound:
    """Check a predicate against the columns of a snapshot and make its tests.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN``, ``UNKNOWN_TRAIT`` or ``UNKNOWN_STEP``.
    WrongUsage
        ``TYPE_MISMATCH`` when a column is compared with another type of value.
    """
    return _bound(predicate, fields, negated=False)


def _bound(predicate: p.Predicate, fields: Fields, *, negated: bool) -> Bound:
    """Return the tests that hold where the predicate is true, or where it is false when negated."""
    match predicate:
        case p.Not(inner):
            return _bound(inner, fields, negated=not negated)
        case p.And(parts) | p.Or(parts):
            bound = tuple(_bound(one, fields, negated=negated) for one in parts)
            return _joined(bound, every=isinstance(predicate, p.And) is not negated)
        case p.Between(operand, low, high):
            both = p.And((p.Compare(operand, ">=", low), p.Compare(operand, "<=", high)))
            return _bound(both, fields, negated=negated)
        case p.Constant(value):
            return Fixed(value is not None and value is not negated)
        case p.Did(_, at_least, within_us):
            rule = bind(p.parse(fields.deed(predicate)), EventFields(fields.snapshot))
            return Deed(rule, at_least, within_us, negated)
        case p.CompareColumns():
            return _pair(predicate, fields, negated=negated)
        case p.Truth(operand):
            return _bound(p.Compare(operand, "=", value=True), fields, negated=negated)
    field = fields.find(predicate.operand)
    if field.place == "person":
        return _ids(predicate, field, negated=negated)
    if field.coded:
        return Codes(field, _table(predicate, field, negated=negated))
    return _values(predicate, field, fields.snapshot.timezone, negated=negated)


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


def _table(leaf: p.Leaf, field: Field, *, negated: bool) -> Table:
    """Return uint8 per code of a coded column: 1 where the leaf is true, or false when negated."""
    words = field.words
    if isinstance(leaf, p.IsNull):
        return np.array([(word is None) is not negated for word in words], np.uint8)
    rules.check_codes(leaf, field)
    holds = _holds(leaf)
    if holds is None or (negated and isinstance(leaf, p.In) and None in leaf.values):
        return np.zeros(len(words), np.uint8)
    return np.array([w is not None and holds(w) is not negated for w in words], np.uint8)


def _ids(leaf: p.Leaf, field: Field, *, negated: bool) -> Bound:
    """Return the test of raw ids, which are in no dictionary and never null."""
    if isinstance(leaf, p.IsNull):
        return Fixed(negated)
    rules.check_codes(leaf, field)
    holds = _holds(leaf)
    if holds is None or (negated and isinstance(leaf, p.In) and None in leaf.values):
        return Fixed(holds=False)
    test = holds

    def of(ids: NDArray) -> NDArray:
        return np.fromiter((test(one) is not negated for one in ids), bool, len(ids))

    return Values(field, of)


def _holds(leaf: p.Leaf) -> Callable[[str], bool] | None:
    """Return the test of one word; null when the leaf is compared with null and so never true."""
    match leaf:
        case p.Compare(_, comparison, value):
            if value is None:
                return None
            compare, word = _COMPARE[comparison], _word(value)
            return lambda one: bool(compare(one, word))
        case p.In(_, values):
            known = {_word(value) for value in values if value is not None}
            return known.__contains__
        case p.Like(_, pattern):
            return _like(pattern)
    raise TypeError(leaf)


def _word(value: p.Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _like(pattern: str) -> Callable[[str], bool]:
    """Return whether a text fits a pattern of SQL."""
    parts = [{"%": ".*", "_": "."}.get(one, re.escape(one)) for one in pattern]
    fits = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda one: fits(one) is not None


def _values(leaf: p.Leaf, field: Field, timezone: str, *, negated: bool) -> Bound:
    """Return the test of a numeric column."""
    known = _known(field)
    if isinstance(leaf, p.IsNull):
        return Values(field, known if negated else lambda a: ~known(a))
    rules.check_numbers(leaf, field)
    if isinstance(leaf, p.Compare):
        values: tuple[p.Value, ...] = (leaf.value,)
        compare = _COMPARE[leaf.operator]
    else:
        values = leaf.values if isinstance(leaf, p.In) else ()
        compare = operator.eq
    numbers = [_number(one, field, timezone) for one in values if one is not None]
    if not numbers or (negated and len(numbers) < len(values)):
        return Fixed(holds=False)

    def test(array: NDArray) -> NDArray:
        true: NDArray = reduce(operator.or_, (compare(array, one) for one in numbers))
        found: NDArray = (~true if negated else true) & known(array)
        return found

    return Values(field, test)


def _known(field: Field) -> Callable[[NDArray], NDArray]:
    match field.kind:
        case "number":
            return lambda a: ~np.isnan(a)
        case "time":
            return lambda a: a != NULL_TIME
        case _:
            return lambda a: np.ones(len(a), bool)


def _number(value: p.Value, field: Field, timezone: str) -> int | float:
    """Return a literal in the unit of the column."""
    if field.kind == "time":
        return to_instant_us(str(value), timezone)
    number = float(value) if isinstance(value, float) else int(value or 0)
    if field.kind != "money":
        return number
    return number * MICRO if isinstance(number, int) else round(number * MICRO, 3)


def _pair(leaf: p.CompareColumns, fields: Fields, *, negated: bool) -> Bound:
    """Return the test of two columns of one kind."""
    left, right = fields.find(leaf.left), fields.find(leaf.right)
    rules.check_pair(leaf, left=left, right=right)
    compare = _COMPARE[leaf.operator]
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


def mask(bound: Bound, arrays: Arrays) -> NDArray[np.uint8]:
    """Return uint8[n]: 1 where the tests hold."""
    match bound:
        case Codes(field, table):
            out = np.empty(arrays.length, np.uint8)
            look_up(arrays.of(field), table, out)
            return out
        case Values(field, test):
            return test(arrays.of(field)).view(np.uint8)
        case Pair(left, right, compare):
            return compare(arrays.of(left), arrays.of(right)).view(np.uint8)
        case Fixed(holds):
            return np.full(arrays.length, holds, np.uint8)
        case Deed(rule, at_least, within_us, negated):
            did = arrays.often(lambda events: mask(rule, events), at_least, within_us=within_us)
            return did ^ np.uint8(negated)
        case Every(parts):
            return reduce(operator.iand, (mask(part, arrays) for part in parts))
        case Some(parts):
            return reduce(operator.ior, (mask(part, arrays) for part in parts))
