"""Questions and answers of value: the price of arrows, what to do next, what to ignore, and the measured map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathworth.atlas import MapDocument
from pathworth.journeys import AsOf

Interval = tuple[float, float]


@dataclass(frozen=True)
class Arrow:
    """A move between two steps and what it is worth; money in units of the currency.

    ``from_``/``to`` are step ids, ``to`` may be ``exit``. ``people`` took it, ``people_per_month`` of a month's
    entrants. ``share`` is the cumulative incidence of the move up to tau. ``value_per_person`` is the expected net
    money from entering ``to`` on, with its ``interval``. ``gain_per_point`` is per entrant, ``per_month`` the same
    for a month's entrants. A number that cannot be had is null, and ``why`` says why.
    """

    from_: str
    to: str
    people: int
    visits: int
    people_per_month: float
    share: float | None
    mean_seconds: float | None
    median_seconds: float | None
    value_per_person: float | None
    interval: Interval | None
    gain_per_point: float | None
    per_month: float | None
    per_month_interval: Interval | None
    why: str | None = None
    memory: bool = False
    model_spread: Interval | None = None


@dataclass(frozen=True)
class PropertyValue:
    """A group of people by one property: ``property`` = ``value``."""

    property: str
    value: str


@dataclass(frozen=True)
class DoNextRow:
    """Something worth doing, or under ``cannot_fix`` something that no message can fix."""

    id: str
    title: str
    from_: str
    to: str | None
    group: PropertyValue
    people_per_month: float
    recoverable_points: float
    gap_points: float
    per_month: float
    interval: Interval
    with_later_steps: float | None
    q: float
    because: str
    memory: bool = False


@dataclass(frozen=True)
class IgnoreRow:
    """Something that looks bad and does not matter, with what would change that."""

    id: str
    title: str
    reason: Literal["same_outcome", "come_back"]
    because: str
    look_again_if: str
    event: str | None = None
    from_: str | None = None
    to: str | None = None
    group: PropertyValue | None = None


@dataclass(frozen=True)
class StepFigures:
    """What was measured of one step; shares are of the entrants, money in units of the currency a month.

    ``people`` were seen at the step in the priced period, ``leave`` of them were seen to leave from it; both open to
    their list. ``leave_per_month`` is estimated from everybody, since whoever came late was not followed for long
    enough to be seen leaving.
    ``lost_per_month`` is what those who leave here would have been worth if they had gone on like the others;
    ``mendable_per_month`` is the part of it that the rows of Do next say could be won back. ``compared`` says whether
    groups of people could be compared here at all; where the mix of people is not known they cannot.
    """

    id: str
    people: int
    people_per_month: float
    share: float
    visits: int
    again_share: float
    leave: int
    leave_per_month: float
    leave_share: float | None
    tau_seconds: float | None
    median_seconds: float | None
    worth_per_person: float | None
    worth_interval: Interval | None
    lost_per_month: float | None
    why: str | None = None
    mendable_per_month: float | None = None
    compared: bool = False


@dataclass(frozen=True)
class Price:
    """The price of every arrow of a map, and what follows from it; a list that is empty has its ``why`` beside it."""

    map: str
    revision: int | None
    currency: str
    from_: str
    to: str
    months: float
    entrants: int
    entrants_per_month: float
    personas: tuple[str, ...]
    steps: tuple[StepFigures, ...]
    arrows: tuple[Arrow, ...]
    do_next: tuple[DoNextRow, ...]
    ignore: tuple[IgnoreRow, ...]
    cannot_fix: tuple[DoNextRow, ...]
    notes: tuple[str, ...]
    excluded: dict[str, int]
    as_of: AsOf
    do_next_why: str | None = None
    ignore_why: str | None = None


@dataclass(frozen=True)
class DrawnArrow:
    """How one arrow is drawn: its figures, and whether it runs forward, loops on one step or returns."""

    arrow: Arrow
    kind: Literal["forward", "loop", "return"]
    shown: bool


@dataclass(frozen=True)
class Picture:
    """The map page's numbers: one sentence, steps in stages, arrows as drawn, and the two lists."""

    document: MapDocument
    headline: str
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    arrows: tuple[DrawnArrow, ...]
    hidden_moves: int
    price: Price
