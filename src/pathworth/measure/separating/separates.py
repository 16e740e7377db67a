"""What separates those who reach a goal from those who do not, or two selections from each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar

import numpy as np

from pathworth.base.errors import WrongUsage
from pathworth.base.predicate import Column
from pathworth.journeys import Engine, EventFields, Journeys, Step, local_engine
from pathworth.kernels.cohorts.moments import A, B
from pathworth.measure import rules as general
from pathworth.measure.asking import Behind, Pair, as_of, param, unknown_cell
from pathworth.measure.flow.moves import ValueCounts
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.separating.answer import Group, Names, Separates, whole_words
from pathworth.measure.separating.candidates import Held, States, Tallied, Tally, Thing, things
from pathworth.measure.separating.moments import (
    ASIDE,
    BOTH,
    ON_BOTH,
    SIDES,
    Moments,
    by_goal,
    by_side,
    side_of,
)
from pathworth.measure.separating.told import Told, told

MOST_STATES = 64
MOST_SHOWN = 1_000


@dataclass(frozen=True, kw_only=True)
class AskSeparates:
    """What goes together with reaching a goal, or with one of two selections: events, how often, in which order."""

    word: ClassVar[str] = "separates"
    goal: general.StepWord | None = param(  # noqa: RUF009  # a field
        None, "Event or step that is reached; what comes from then on does not count.", kind="step"
    )
    states: tuple[general.StepWord, ...] = param(  # a field
        (), "Events or steps that are looked at; the 64 commonest events.", kind="steps"
    )
    within: str | None = param(None, "Only what is done so soon after the own start counts: 7d.")
    most: int = param(50, "Things shown, the surest first; all others are counted.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Separates:
        """Return what separates those who reach the goal; raises as ``separates``."""
        goal = self._goal(journeys)
        moments = by_goal(journeys, goal, within_us=self._within(), engine=engine)
        names = Names(
            "those who did not",
            f"those who reached {goal.name}",
            goal.name,
            f"not reaching {goal.name}",
            " by a like moment",
        )
        return self._told([moments], names, engine)

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts: ``A`` or ``B``, alone or with a thing, or a word of who is in neither."""
        goal = self._goal(journeys)
        moments = by_goal(journeys, goal, within_us=self._within(), engine=engine)
        return self._held([moments, moments], cell, aside=tuple(ASIDE), engine=engine)

    def behind_both(self, pair: Pair, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell of two selections counts: as of one; who is in neither group, for one of the sides."""
        goal = None if self.goal is None else self._goal(pair[0])
        moments = by_side(pair, goal=goal, within_us=self._within(), engine=engine)
        return self._held(moments, cell, aside=tuple(_aside(moments)), engine=engine)

    def _held(
        self, moments: list[Moments], cell: str, *, aside: tuple[str, ...], engine: Engine
    ) -> Behind:
        """Return who a cell counts, by the moments of A and of B."""
        states, _ = self._states(moments[A].journeys, engine)
        if cell in aside:
            side, why = side_of(cell)
            return Behind(Held(moments[side], states, ASIDE[why]), moments[side].journeys)
        known = {one.label(states.names): one for one in _both_ways(len(states.names))}
        group, _, label = cell.partition(" ")
        if group not in {"A", "B"} or (label and label not in known):
            raise unknown_cell(cell, ["A", "B", *aside, *(f"B {one}" for one in known)])
        side = A if group == "A" else B
        return Behind(Held(moments[side], states, side, known.get(label)), moments[side].journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> Separates:
        """Return what separates two selections, A and B; who stands on both sides is left out."""
        goal = None if self.goal is None else self._goal(pair[0])
        moments = by_side(pair, goal=goal, within_us=self._within(), engine=engine)
        names = Names("A", "B", "B", "A", " over a like time")
        return self._told(moments, names, engine)

    def _goal(self, journeys: Journeys) -> Step:
        general.check_period(journeys)
        general.check_whole(journeys)
        if self.goal is None:
            raise WrongUsage(
                "NO_GOAL",
                "Nothing says which two groups are meant.",
                "Name the event or step that some reach as goal, or compare two selections.",
            )
        return general.as_step(self.goal, journeys.snapshot)

    def _within(self) -> int | None:
        if not 1 <= self.most <= MOST_SHOWN:
            raise WrongUsage(
                "BAD_SIZE", f"most is {self.most}.", f"Say a whole number from 1 to {MOST_SHOWN:,}."
            )
        return general.check_window(self.within)

    def _states(self, journeys: Journeys, engine: Engine) -> tuple[States, int]:
        """Return what is looked at, by name, and how many events are not."""
        snapshot = journeys.snapshot
        if self.states:
            steps = general.as_steps(self.states, snapshot)
            names = tuple(step.name for step in steps)
            return States(steps, names, np.arange(len(names), dtype=np.int32)), 0
        field = EventFields(snapshot).find(Column("event"))
        counts = engine.total(journeys, ValueCounts(field))[: len(snapshot.names)]
        there = np.flatnonzero(counts).tolist()
        there.sort(key=lambda k: (-int(counts[k]), snapshot.names[k]))
        chosen = sorted(there[:MOST_STATES], key=lambda k: snapshot.names[k])
        place = np.full(max(len(snapshot.names), 1), -1, np.int32)
        place[chosen] = np.arange(len(chosen))
        names = tuple(snapshot.names[k] for k in chosen)
        return States(None, names, place), len(there) - len(chosen)

    def _told(self, moments: list[Moments], names: Names, engine: Engine) -> Separates:
        """Return the answer for both groups, of one selection or of two."""
        journeys = moments[0].journeys
        states, others = self._states(journeys, engine)
        folded = [engine.total(one.journeys, Tallied(one, states)) for one in moments]
        tally: Tally = reduce(Tallied(moments[0], states).merge, folded)
        counted = reduce(np.add, [one.counts for one in moments])
        asked = Told(states.names, counted, names)
        found = told(tally, asked)
        sizes = int(counted[A].sum()), int(counted[B].sum())
        number = sum(one.found for one in found.things)
        return Separates(
            Group(names.a, sizes[A]),
            Group(names.b, sizes[B]),
            found.things[: self.most],
            len(found.things),
            number,
            found.rare,
            max(len(found.things) - self.most, 0),
            others,
            {word: count for word, count in _aside(moments).items() if count},
            moments[0].strata,
            whole_words(number, len(found.things), names=names, sizes=sizes, few=FEW_UNITS),
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            compared=True if len(moments) > 1 else None,
        )


def _aside(moments: list[Moments]) -> dict[str, int]:
    """Return how many are in neither group, by the words of their cells."""
    if len(moments) == 1:
        return {word: moments[A].aside(why) for word, why in ASIDE.items()}
    found = {
        word + ending: moments[side].aside(why)
        for side, ending in enumerate(SIDES)
        for word, why in ASIDE.items()
        if why != BOTH
    }
    # Who stands on both sides is left out of each, and is one person all the same.
    return found | {ON_BOTH: moments[A].aside(BOTH)}


def _both_ways(states: int) -> list[Thing]:
    """Return everything that a cell may name, both orders of a pair among them."""
    found = list(things(states))
    turned = [Thing(one.then, then=one.state) for one in found if one.then >= 0]
    return [*found, *turned]


def separates(
    journeys: Journeys,
    *,
    goal: general.StepWord | None = None,
    states: Sequence[general.StepWord] = (),
    within: str | None = None,
    most: int = 50,
    engine: Engine | None = None,
) -> Separates:
    """Return what goes together with reaching a goal: events, how often, and which of two came first.

    Parameters
    ----------
    journeys
        Whose, and which events; of people who begin in the selection's period.
    goal
        Event or step that some reach. What they did before it is set against what the others did before a like moment.
    states
        Events or steps that are looked at; the 64 commonest events unless given.
    within
        Only what is done so soon after the own start counts.
    most
        Things shown, the surest first.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``NO_GOAL`` without a goal; else as the rules of ``measure.rules`` say.
    """
    ask = AskSeparates(goal=goal, states=tuple(states), within=within, most=most)
    return ask.answer(journeys, engine=engine or local_engine())


def separates_diff(
    pair: Pair,
    *,
    goal: general.StepWord | None = None,
    states: Sequence[general.StepWord] = (),
    within: str | None = None,
    most: int = 50,
    engine: Engine | None = None,
) -> Separates:
    """Return what separates two selections, A and B; parameters as ``separates``, the goal only ends what counts."""
    ask = AskSeparates(goal=goal, states=tuple(states), within=within, most=most)
    return ask.differ(pair, engine=engine or local_engine())
