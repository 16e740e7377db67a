"""What every node of a predicate means, once for both evaluators: of columns, and of one event with its person.

Negation is pushed down to the leaves, so that null is never true on either side of it; ``between`` is two
comparisons and a flag alone its comparison with true. An evaluator says what is left: leaves, and how they join.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from pathworth.base import predicate as p
from pathworth.base.instants import to_instant_us
from pathworth.base.money import MICRO
from pathworth.store import Kind

T = TypeVar("T")
Test = Callable[[Any], Any]

COMPARE: dict[p.Operator, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Evaluator(Protocol[T]):
    """Makes the leaves of a predicate, each true where its node is, or where it is false when negated."""

    def fixed(self, *, holds: bool) -> T:
        """Return what holds always, or never."""
        ...

    def every(self, parts: tuple[T, ...]) -> T:
        """Return what holds where all parts do."""
        ...

    def some(self, parts: tuple[T, ...]) -> T:
        """Return what holds where a part does."""
        ...

    def compared(self, leaf: p.Comparison, *, negated: bool) -> T:
        """Return what holds of an operand: ``Compare``, ``CompareColumns``, ``In``, ``Like`` or ``IsNull``."""
        ...

    def asked(self, function: p.Function, *, negated: bool) -> T:
        """Return what holds of a person's past."""
        ...


def evaluate(predicate: p.Predicate, into: Evaluator[T], *, negated: bool = False) -> T:
    """Return what an evaluator makes of a predicate, or of its contrary when negated."""
    match predicate:
        case p.Not(inner):
            return evaluate(inner, into, negated=not negated)
        case p.And(parts) | p.Or(parts):
            made = tuple(evaluate(one, into, negated=negated) for one in parts)
            every = isinstance(predicate, p.And) is not negated
            return into.every(made) if every else into.some(made)
        case p.Constant(value):
            return into.fixed(holds=value is not None and value is not negated)
        case p.Between(operand, low, high):
            both = p.And((p.Compare(operand, ">=", low), p.Compare(operand, "<=", high)))
            return evaluate(both, into, negated=negated)
        case p.Truth(operand):
            return into.compared(p.Compare(operand, "=", value=True), negated=negated)
        case p.Did() | p.Matches() | p.InSegment():
            return into.asked(predicate, negated=negated)
    return into.compared(predicate, negated=negated)


def test_of(
    leaf: p.Comparison,
    *,
    read: Callable[[p.Value], Any],
    among: Callable[[Sequence[Any]], Test],
    negated: bool,
) -> Test | None:
    """Return the test of a value that is known; null when nothing passes it.

    Parameters
    ----------
    leaf
        ``Compare``, ``In`` or ``Like``.
    read
        Turns a literal into what the values are.
    among
        Makes the test of being one of some literals.
    negated
        Whether the leaf must be false; what compares with null is neither.
    """
    match leaf:
        case p.Compare(_, comparison, value):
            if value is None:
                return None
            compare, wanted = COMPARE[comparison], read(value)
            return _turned(lambda held: compare(held, wanted), negated=negated)
        case p.In(_, values):
            known = [read(one) for one in values if one is not None]
            if not known or (negated and len(known) < len(values)):
                return None
            return _turned(among(known), negated=negated)
        case p.Like(_, pattern):
            return _turned(_fits(pattern), negated=negated)
    raise TypeError(leaf)


def _fits(pattern: str) -> Test:
    """Return whether a text fits a pattern of SQL; the common forms without a regular expression."""
    if "_" not in pattern and pattern.count("%") <= 2:
        if "%" not in pattern:
            return lambda held: held == pattern
        if pattern.endswith("%") and pattern.count("%") == 1:
            return operator.methodcaller("startswith", pattern[:-1])
        if pattern.startswith("%") and pattern.count("%") == 1:
            return operator.methodcaller("endswith", pattern[1:])
        if pattern.startswith("%") and pattern.endswith("%") and len(pattern) > 1:
            inner = pattern[1:-1]
            return lambda held: inner in held
    parts = [{"%": ".*", "_": "."}.get(one, re.escape(one)) for one in pattern]
    fits = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda held: fits(held) is not None


def _turned(test: Test, *, negated: bool) -> Test:
    return (lambda held: test(held) ^ True) if negated else test


def literal(value: p.Value, kind: Kind, *, timezone: str) -> Any:
    """Return a literal in the form in which a column of a kind is read; money in micro-units.

    Parameters
    ----------
    value
        Not null.
    kind
        Of the column.
    timezone
        In which a time without a zone is read.
    """
    match kind:
        case "text" | "flag":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "time":
            return to_instant_us(str(value), timezone)
    number = value if isinstance(value, float) else int(value or 0)
    if kind != "money":
        return number
    return number * MICRO if isinstance(number, int) else round(number * MICRO, 3)
