"""The nodes of a predicate, small and frozen, and what can be asked of a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.predicate.machine import Pattern

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
        The character at which the name stands.
    """

    step: str
    at_least: int = 1
    within_us: int | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Matches:
    """Whether a person's journey holds a pattern; never null.

    Parameters
    ----------
    pattern
        What is looked for; its names are those of steps of the map, or of events.
    within_us
        The longest time from the first event of a match to its last one; null for any.
    at
        The character at which it stands.
    """

    pattern: Pattern
    within_us: int | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class InSegment:
    """Whether a person is in a saved segment; never null. ``at`` is the character at which its name stands."""

    name: str
    at: int = field(default=0, compare=False)


Function = Did | Matches | InSegment
"""What is asked of a person's past, and compared with nothing."""
Comparison = Truth | Compare | CompareColumns | In | Like | Between | IsNull
Leaf = Constant | Function | Comparison
Predicate = Leaf | Not | And | Or


def leaves(predicate: Predicate) -> Iterator[Leaf]:
    """Yield every part that is no ``and``, ``or`` or ``not``, in order of the text."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield predicate


def functions(predicate: Predicate) -> Iterator[Function]:
    """Yield every ``did``, ``matches`` and ``in_segment`` of a predicate, in order of the text."""
    return (one for one in leaves(predicate) if isinstance(one, Function))


def operands(predicate: Predicate) -> Iterator[Operand]:
    """Yield every column and trait that a predicate speaks of, in order of the text."""
    for one in leaves(predicate):
        if isinstance(one, CompareColumns):
            yield one.left
            yield one.right
        elif not isinstance(one, Constant | Function):
            yield one.operand
