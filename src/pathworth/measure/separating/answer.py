"""What separates two groups, as an answer: what goes together with which, and never what brings it about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.contracts import Interval

ThingKind = Literal["did", "times", "order"]


@dataclass(frozen=True)
class Group:
    """One of the two groups: who it is, and how many."""

    name: str
    size: int


@dataclass(frozen=True)
class Separating:
    """One thing that entities of both groups did or not before their moment.

    ``kind`` is ``did`` for an event at least once, ``times`` for at least so often, ``order`` for one first time before
    another, of those who did both. ``a_count`` of ``a_of`` did it; ``a_share`` is their share weighted to the lengths
    of time that B had, and ``difference`` is that of B less it, with Newcombe's interval. ``q`` is the rate of false
    ones among all that are at least as sure; ``found`` says that it is at most 5 %.
    """

    label: str
    kind: ThingKind
    events: tuple[str, ...]
    at_least: int
    a_count: int
    a_of: int
    b_count: int
    b_of: int
    a_share: float
    b_share: float
    difference: float
    interval: Interval | None
    p: float
    q: float
    found: bool
    words: str


@dataclass(frozen=True)
class Separates(Answer):
    """What separates two groups, the surest first.

    ``tested`` is how many things were looked at with at least 30 who did and 30 who did not, ``found`` how many of
    them tell the groups apart; ``rare`` were left out as too rare, and ``more`` are tested and not shown.
    ``other_events`` is how many rarer events were not looked at. ``aside`` says who is in neither group, of two
    selections for each of them (``began before in A``). ``strata`` is into how many lengths of time people were cut.
    ``compared`` is there between two selections.
    """

    a: Group
    b: Group
    things: tuple[Separating, ...]
    tested: int
    found: int
    rare: int
    more: int
    other_events: int
    aside: Mapping[str, int]
    strata: int
    words: str
    excluded: Mapping[str, int]
    as_of: AsOf
    compared: bool | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per thing."""
        heads = ("what", "A", "B", "difference", "low", "high", "q", "in words")
        rows = []
        for one in self.things:
            low, high = one.interval or (None, None)
            shares = (one.a_share, one.b_share, one.difference)
            rows.append((one.label, *shares, low, high, one.q, one.words))
        title = f"What goes together with: {self.b.name}"
        return Sheet(title, heads, tuple(rows), Chart("bars", "what", ("A", "B")))

    def cells(self) -> dict[str, int]:
        """Return both groups, who did each thing in each, and who is in neither."""
        found = {"A": self.a.size, "B": self.b.size, **self.aside}
        for one in self.things:
            found |= {f"A {one.label}": one.a_count, f"B {one.label}": one.b_count}
        return {cell: count for cell, count in found.items() if count}


def phrase(kind: ThingKind, events: tuple[str, ...], *, at_least: int) -> str:
    """Return a thing in words."""
    if kind == "order":
        return f"{events[0]} before {events[1]}"
    return events[0] if kind == "did" else f"{events[0]} at least {at_least} times"


def row_words(
    what: str, *, shares: tuple[float, float], interval: Interval | None, found: bool, names: Names
) -> str:
    """Return what can be concluded of one thing: with which group it goes together, if with one."""
    a, b = (f"{one:.0%}".replace("%", " %") for one in shares)
    seen = f"{b} of {names.b}, {a} of {names.a}{names.alike}"
    if not found or interval is None:
        return f"Cannot tell whether {what} goes together with one of them: {seen}."
    low, high = sorted(abs(100 * one) for one in interval)
    gap = f"{low:.0f} to {high:.0f} points"
    if interval[0] <= 0 <= interval[1]:
        gap = f"at most {high:.0f} points"
    return f"{what} goes together with {names.more if shares[1] >= shares[0] else names.less}: {seen} ({gap})."


@dataclass(frozen=True)
class Names:
    """How the groups are said: ``more`` and ``less`` are what goes together with B and with A."""

    a: str
    b: str
    more: str
    less: str
    alike: str


def whole_words(found: int, tested: int, *, names: Names, sizes: tuple[int, int], few: int) -> str:
    """Return what the answer says as a whole."""
    if min(sizes) < few:
        return f"Cannot tell them apart: {sizes[1]:,} are {names.b} and {sizes[0]:,} {names.a}, under {few}."
    if not found:
        return f"Cannot tell them apart: none of {tested:,} things differs by more than chance."
    said = "1 thing goes" if found == 1 else f"{found:,} things go"
    return (
        f"{said} together with {names.more} or with {names.less}, of {tested:,} looked at; at most 5 % of such finds "
        "are chance. That is correlation: whether one brings about the other, an experiment says."
    )
