"""The states before and after an anchor, position by position: as a matrix, and as the moves between its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules as general
from pathworth.measure.asking import Behind, Pair, as_of
from pathworth.measure.intervals import FEW_UNITS, TOO_FEW
from pathworth.measure.paths import rules
from pathworth.measure.paths.around_answer import (
    StepMatrix,
    StepMatrixDiff,
    StepMatrixOf,
    StepSankey,
    StepSankeyDiff,
    StepSankeyOf,
)
from pathworth.measure.paths.columns import (
    Around,
    matrices,
    of_parts,
    row_diffs,
    sankey_diffs,
    sankeys,
)
from pathworth.measure.paths.walks.asked import AskWalks, Ends, counted, depth_of, look
from pathworth.measure.paths.walks.book import Book, named_in
from pathworth.measure.paths.walks.layout import EVERY_WALK, lay_out
from pathworth.measure.paths.walks.levels import compared
from pathworth.measure.paths.walks.passes import Plan
from pathworth.measure.paths.walks.walks import Sight, Walks
from pathworth.measure.shares import ENTITIES, TIMES


@dataclass(frozen=True, kw_only=True)
class AskAround(AskWalks):
    """What questions about the states around an anchor have alike."""

    def around(self, journeys: Journeys, *, engine: Engine, cell: str = "") -> Around:
        """Return the plan for one selection, broken down if that is asked; a state that a cell names is shown."""
        walks = self._walks(journeys)
        sight = look(journeys, walks, engine=engine)
        plan = self._plan(walks, [sight], cell)
        return self._around(replace(plan, parts=self.parts(journeys, engine=engine)), sight)

    def around_both(self, pair: Pair, *, engine: Engine) -> list[Around]:
        """Return the plan for each of two selections, with the states that are common in both together."""
        walks = [self._walks(one) for one in pair]
        sights = [look(one, how, engine=engine) for one, how in zip(pair, walks, strict=True)]
        plan = self._plan(walks[0], sights)
        return [self._around(plan, sight) for sight in sights]

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts, written as the answer writes it."""
        book = self.around(journeys, engine=engine, cell=cell).book
        return Behind(book.behind(cell), journeys)

    def _around(self, plan: Plan, sight: Sight) -> Around:
        return Around(Book(plan, first=-self.depth), sight)

    def _walks(self, journeys: Journeys) -> Walks:
        rules.check_anchor(self.anchor)
        return self.walks(journeys, sides=(-1, 1), reach=depth_of(self) + 1, ends=Ends())

    def _plan(self, walks: Walks, sights: list[Sight], cell: str = "") -> Plan:
        """Return the walks with the same states in every column: those that are common over all of them."""
        seen = sum((one.states for one in sights), np.zeros_like(sights[0].states))
        every = np.tile(seen.sum(axis=0), (walks.columns, 1))
        layout = lay_out(
            walks,
            every,
            most=self.most,
            opened=frozenset(),
            beyond=False,
            asked=named_in(cell, way=1, first=-self.depth),
        )
        return Plan(walks, layout, None, throughout=True)


@dataclass(frozen=True, kw_only=True)
class AskStepMatrix(AskAround):
    """The share of walks at each state, so many states before and after an anchor."""

    word: ClassVar[str] = "step_matrix"

    def answer(self, journeys: Journeys, *, engine: Engine) -> StepMatrix:
        """Return the matrix of a selection; raises as the rules of ``measure.paths.rules`` say."""
        return self.seen(self.around(journeys, engine=engine), journeys, engine=engine)

    def differ(self, pair: Pair, *, engine: Engine) -> StepMatrixDiff:
        """Return how the matrices of two selections differ, B less A."""
        both = self.around_both(pair, engine=engine)
        a, b = (self.seen(one, side, engine=engine) for one, side in zip(both, pair, strict=True))
        told, common = compared(pair, both[0].plan, every=self.every, engine=engine)
        return StepMatrixDiff(a, b, row_diffs(both[0], told), common)

    def seen(self, around: Around, journeys: Journeys, *, engine: Engine) -> StepMatrix:
        """Return the matrix that a plan finds."""
        whole, parts = counted(journeys, around.plan, every=self.every, engine=engine)
        few = whole.totals[0, EVERY_WALK, ENTITIES] < FEW_UNITS
        made = [] if parts is None else matrices(around, parts, every=self.every, engine=engine)
        return StepMatrix(
            around.positions,
            around.sight.units,
            around.sight.anchored,
            int(whole.totals[0, EVERY_WALK, TIMES]),
            matrices(around, whole, every=self.every, engine=engine)[0][0],
            TOO_FEW if few else None,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=None
            if parts is None
            else tuple(of_parts(StepMatrixOf, around, asked=parts, rows=made)),
            overlap=None if parts is None else 0,
        )


@dataclass(frozen=True, kw_only=True)
class AskStepSankey(AskAround):
    """The moves between neighbouring columns of a step matrix."""

    word: ClassVar[str] = "step_sankey"

    def answer(self, journeys: Journeys, *, engine: Engine) -> StepSankey:
        """Return the moves of a selection; raises as the rules of ``measure.paths.rules`` say."""
        return self.seen(self.around(journeys, engine=engine), journeys, engine=engine)

    def differ(self, pair: Pair, *, engine: Engine) -> StepSankeyDiff:
        """Return how the moves of two selections differ, B less A."""
        both = self.around_both(pair, engine=engine)
        a, b = (self.seen(one, side, engine=engine) for one, side in zip(both, pair, strict=True))
        told, common = compared(pair, both[0].plan, every=self.every, engine=engine)
        return StepSankeyDiff(a, b, *sankey_diffs(both[0], told), common)

    def seen(self, around: Around, journeys: Journeys, *, engine: Engine) -> StepSankey:
        """Return the moves that a plan finds."""
        whole, parts = counted(journeys, around.plan, every=self.every, engine=engine)
        made = [] if parts is None else sankeys(around, parts, every=self.every, engine=engine)
        nodes, links = sankeys(around, whole, every=self.every, engine=engine)[0]
        return StepSankey(
            around.positions,
            around.sight.units,
            around.sight.anchored,
            int(whole.totals[0, EVERY_WALK, TIMES]),
            nodes,
            links,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=None
            if parts is None
            else tuple(of_parts(StepSankeyOf, around, asked=parts, rows=made)),
            overlap=None if parts is None else 0,
        )


def step_matrix(
    journeys: Journeys,
    *,
    anchor: general.StepWord | None = None,
    which: str | None = None,
    depth: int = 5,
    states: Sequence[general.StepWord] = (),
    repeats: str = "fold",
    within: str | None = None,
    count: str = "entities",
    most: int = 12,
    by: str | None = None,
    engine: Engine | None = None,
) -> StepMatrix:
    """Return the share of walks at each state, so many states before and after an anchor.

    Parameters
    ----------
    journeys
        Whose, and which events.
    anchor
        Event, step or ``name := predicate`` around which to look.
    depth
        How many states are walked to each side.
    which, states, repeats, within, count, by, engine
        As ``paths`` takes them; ``within`` holds on each side.
    most
        States shown, the commonest over all positions; the others are one row.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` and ``measure.paths.rules`` say.
    """
    ask = AskStepMatrix(
        anchor=anchor,
        which=which,
        depth=depth,
        states=tuple(states),
        repeats=repeats,
        within=within,
        count=count,
        most=most,
        by=by,
    )
    return ask.answer(journeys, engine=engine or local_engine())


def step_sankey(
    journeys: Journeys,
    *,
    anchor: general.StepWord | None = None,
    which: str | None = None,
    depth: int = 5,
    states: Sequence[general.StepWord] = (),
    repeats: str = "fold",
    within: str | None = None,
    count: str = "entities",
    most: int = 12,
    by: str | None = None,
    engine: Engine | None = None,
) -> StepSankey:
    """Return the moves between neighbouring columns of a step matrix; parameters and errors of ``step_matrix``."""
    ask = AskStepSankey(
        anchor=anchor,
        which=which,
        depth=depth,
        states=tuple(states),
        repeats=repeats,
        within=within,
        count=count,
        most=most,
        by=by,
    )
    return ask.answer(journeys, engine=engine or local_engine())
