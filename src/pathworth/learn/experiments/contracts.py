"""What an experiment is, what was planned of it, and what is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathworth.journeys import AsOf

Interval = tuple[float, float]
State = Literal["draft", "locked", "running", "ended"]
VerdictWord = Literal["works", "no effect", "harms", "cannot tell yet"]


@dataclass(frozen=True)
class Experiment:
    """What is asked, written down before it is known.

    Parameters
    ----------
    id
        Short word, unique in the workspace.
    hypothesis
        Sentence: what is believed, and why.
    program
        Name of the program whose decisions are read.
    map, step
        The one primary metric: this step of this map, reached within the horizon after the occasion.
    trigger
        Id of the step that gives the occasion; the plan's rate comes from those who met it.
    horizon
        Duration after the occasion, for example ``14d``.
    smallest
        Smallest effect worth having, as a share: 0.05 is five points.
    better
        Whether more or fewer of those treated should get there.
    treated_share
        Part of the units that the program treats; the rest is held out.
    unit
        ``account`` where an account is treated or held out as a whole, else ``person``.
    goal
        A later step that is read beside the metric; never decides.
    protest
        Predicate over events that are a protest: mutes, declines, tickets; null when none is recorded.
    """

    id: str
    hypothesis: str
    program: str
    map: str
    step: str
    trigger: str
    horizon: str
    smallest: float
    better: Literal["more", "fewer"] = "more"
    treated_share: float = 0.5
    unit: Literal["person", "account"] = "person"
    goal: str | None = None
    protest: str | None = None


@dataclass(frozen=True)
class PlanSize:
    """How many units are needed for the smallest effect worth having, from the workspace's own history.

    ``rate`` of ``units_seen`` that met the trigger between ``from_`` and ``to`` got there; ``weeks`` is null when
    nobody met it lately. ``revision`` of the map, the snapshot and all else are what the lock holds.
    ``usual_protests`` is how often such a unit protests a week without the program; null when not known.
    """

    rate: float
    rate_interval: Interval | None
    units_seen: int
    units_per_week: float
    treated: int
    held_out: int
    smallest: float
    weeks: float | None
    revision: int
    from_: str
    to: str
    sentence: str
    as_of: AsOf
    usual_protests: float | None = None

    @property
    def units(self) -> int:
        """Return how many units both arms need together."""
        return self.treated + self.held_out


@dataclass(frozen=True)
class Count:
    """How many did, of how many."""

    did: int
    of: int

    @property
    def share(self) -> float:
        """Return the share; 0 of nobody."""
        return self.did / self.of if self.of else 0.0


@dataclass(frozen=True)
class Protest:
    """Somebody said no: which unit, when, and by what (an event's name, or a withdrawn consent)."""

    unit: str
    time_us: int
    what: str = "protest"


@dataclass(frozen=True)
class Guardrail:
    """Whether a program must stop: ``evidence`` at or above ``bound`` says so, and ``since_us`` when it first did."""

    stop: bool
    treated: Count
    held_out: Count
    evidence: float
    bound: float
    since_us: int | None
    sentence: str


@dataclass(frozen=True)
class Shares:
    """One row of a block: how many treated and held out did something, and the difference."""

    name: str
    treated: Count
    held_out: Count
    difference: float
    interval: Interval | None


@dataclass(frozen=True)
class Money:
    """Net money per unit after the occasion, in units of the currency; the difference is treated less held out."""

    treated: float
    held_out: float
    difference: float
    interval: Interval | None
    currency: str
    why: str | None = None


@dataclass(frozen=True)
class Ratio:
    """Whether the arms are as large as was drawn; ``believable`` is false below one in a thousand."""

    treated: int
    held_out: int
    expected: float
    p: float
    believable: bool
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What can be concluded, in one word and in at most three sentences."""

    word: VerdictWord
    sentence: str
    weeks_left: float | None


@dataclass(frozen=True)
class ReadOut:
    """An experiment as it stands, by intention to treat; the unit's first occasion counts.

    Parameters
    ----------
    verdict
        Said first.
    metric
        Treated against held out at the one primary metric, of units whose horizon is over.
    interval_kind
        ``planned``: the 95 % interval of Newcombe for the planned units, which later looks do not move.
        ``always valid``: may be looked at every day.
    interval, always
        The interval that decides, and the always-valid one of everybody so far.
    waiting
        Units whose horizon is not over: left out.
    said, used, money
        The three blocks.
    ratio, guardrail
        What may forbid to believe, or to go on.
    until
        Data until here.
    """

    verdict: Verdict
    metric: Shares
    interval_kind: Literal["planned", "always valid"]
    interval: Interval | None
    always: Interval | None
    planned_units: int
    finished: int
    waiting: int
    units_per_week: float
    said: tuple[Shares, ...]
    used: tuple[Shares, ...]
    money: Money
    ratio: Ratio
    guardrail: Guardrail
    until: str | None
    notes: tuple[str, ...]
    as_of: AsOf
