"""The predicate language: SQL boolean expressions over columns, as small frozen nodes of our own.

Null is neither true nor false, as in SQL, and what is not true keeps nothing. A name stands for
a column; ``event`` is the event's name, ``time`` its instant, ``value`` and ``cost`` its money.
Odd names stand in double quotes, texts in single ones. ``trait('plan')`` is the latest known value
of a property at that event. ``did('Buys', at_least=2, within='30d')`` is true of a person who took a step so often
in the time before the instant that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Column:
    """A column by name; ``at`` is the character at which it stands."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Trait:
    """The latest known value of a property, as ``trait('name')``."""

    name: str
    at: int = field(default=0, compare=False)


Operand = Column | Trait


@dataclass(frozen=True)
class Constant:
    """``true``, ``false`` or ``null`` standing alone."""

    value: bool | None


@dataclass(frozen=True)
class Truth:
    """A flag standing alone, true where it is true."""

    operand: Operand


@dataclass(frozen=True)
class Compare:
    """An operand against a value."""

    operand: Operand
    operator: Operator
    value: Value


@dataclass(frozen=True)
class CompareColumns:
    """Two operands against each other."""

    left: Operand
    operator: Operator
    right: Operand


@dataclass(frozen=True)
class In:
    """An operand that equals one of some values."""

    operand: Operand
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Like:
    """A text that fits a pattern: ``%`` any characters, ``_`` one; upper and lower case differ."""

    operand: Operand
    pattern: str


@dataclass(frozen=True)
class Between:
    """An operand from ``low`` to ``high``, both included."""

    operand: Operand
    low: Value
    high: Value


@dataclass(frozen=True)
class IsNull:
    """An operand that is not known."""

    operand: Operand


@dataclass(frozen=True)
class Not:
    """What does not hold; null stays null."""

    inner: Predicate


@dataclass(frozen=True)
class And:
    """What holds together."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Or:
    """What holds when one of the parts does."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Did:
    """Whether a person took a step often enough; never null.

    Parameters
    ----------
    step
        Name or id of a step of the map, or the name of an event.
    at_least
        How often.
    within_us
        How far back from the instant that is asked about; null for all time.
    at
        The character at which it stands.
    """

    step: str
    at_least: int = 1
    within_us: int | None = None
    at: int = field(default=0, compare=False)


Leaf = Constant | Did | Truth | Compare | CompareColumns | In | Like | Between | IsNull
Predicate = Leaf | Not | And | Or


@lru_cache(maxsize=4096)
def parse(text: str) -> Predicate:
    """Read a predicate.

    Parameters
    ----------
    text
        For example ``event = 'purchase' and channel in ('ads', 'mail')``.

    Raises
    ------
    WrongUsage
        ``BAD_PREDICATE`` for what is no predicate, ``UNKNOWN_FUNCTION`` for a function that is not one of the
        four, ``FUNCTION_NOT_AVAILABLE`` for one that this version cannot answer; each names its character.
    """
    from pathworth.base.predicate_walk import read

    return read(text)


def deeds(predicate: Predicate) -> Iterator[Did]:
    """Yield every ``did`` of a predicate, in order of the text."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from deeds(part)
        case Not(inner):
            yield from deeds(inner)
        case Did():
            yield predicate


def operands(predicate: Predicate) -> Iterator[Operand]:
    """Yield every column and trait that a predicate speaks of, in order of the text."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from operands(part)
        case Not(inner):
            yield from operands(inner)
        case CompareColumns(left, _, right):
            yield left
            yield right
        case Constant() | Did():
            return
        case _:
            yield predicate.operand
