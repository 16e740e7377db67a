"""How often entities go from one event straight to another, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName
from pathworth.journeys import Engine, Journeys, Part, Step, local_engine, state_lane
from pathworth.kernels.folds.transitions import took
from pathworth.measure import rules
from pathworth.measure.asking import Behind, Mask, Pair, param, unknown_cell
from pathworth.measure.cells import quoted, read_cell
from pathworth.measure.diff.transitions import compared
from pathworth.measure.flow.contracts import Transitions, TransitionsDiff
from pathworth.measure.flow.counting import MOST_IN_GROUPS, Counting
from pathworth.measure.flow.moves import ValueCounts, moving, read_part, with_state
from pathworth.measure.split import Split, split_by


@dataclass(frozen=True, kw_only=True)
class AskTransitions:
    """How often people go from one event straight to another, and how long it takes."""

    word: ClassVar[str] = "transitions"
    times: str = param("mean", "mean or quantiles.")
    entities: bool = param(False, "Also counts the people behind every move.")
    by: str | None = param(
        None, "Breaks moves down by a property of the event at which they begin."
    )
    money: str = param("none", "value: the net money of the events that moves enter; none.")
    steps: tuple[rules.StepWord, ...] = param(
        (),
        "Events or steps that stand for all events; what is none of them is left out.",
        kind="steps",
    )
    chosen: tuple[str, ...] = param(
        (), "Above 64 events, at most 64 of them: moves among these get an interval."
    )

    def answer(self, journeys: Journeys, *, engine: Engine) -> Transitions:
        """Return the moves of a selection; raises as the rules of ``measure.rules`` say."""
        rules.check_times(self.times)
        counting = self.counting(journeys, engine)
        found = counting.answer(quantiles=self.times == "quantiles")
        return found if self.by is None else counting.with_parts(found)

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell ``FROM > TO`` counts, or ``entities``; with ``| VALUE`` for one part."""
        counting, said = self.counting(journeys, engine), read_cell(cell)
        names = {quoted(name): code for code, name in enumerate(counting.names)}
        good = said is not None and said.level is None and (self.by is not None or not said.part)
        if said is None or not good or (said.to is None and said.at != "entities"):
            raise unknown_cell(cell, ["entities", *(f"{name} > {name}" for name in names)])
        split, part = (None, 0) if said.part is None else self._part(journeys, said.part, engine)
        if said.to is None:
            return Behind(InMoves(counting.steps, split, part), journeys)
        for name in (said.at, said.to):
            if name not in names:
                raise UnknownName.near("step" if self.steps else "event", name, names)
        ends = np.array([names[said.at], names[said.to], part], np.int64)
        return Behind(OnEdge(counting.steps, ends, split), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> TransitionsDiff:
        """Return how the moves of B differ from those of A; breakdowns stay aside."""
        whole = replace(self, by=None)
        a, b = (whole.answer(one, engine=engine) for one in pair)
        sides = whole.counting(pair[0], engine), whole.counting(pair[1], engine)
        return compared(sides, (a, b))

    def counting(self, journeys: Journeys, engine: Engine) -> Counting:
        """Return what counts the moves."""
        rules.check_period(journeys)
        snapshot = journeys.snapshot
        steps = rules.as_steps(self.steps, snapshot) if self.steps else None
        names = snapshot.names if steps is None else tuple(step.name for step in steps)
        rules.check_chosen(self.chosen, names, most=MOST_IN_GROUPS)
        return Counting(
            journeys,
            engine,
            steps,
            tuple(names),
            people=self.entities,
            money=rules.check_money(self.money),
            chosen=frozenset(self.chosen),
            by=self.by,
        )

    def _part(self, journeys: Journeys, value: str, engine: Engine) -> tuple[Split, int]:
        """Return the split and the part that a cell speaks of."""
        field = rules.split_column(self.by or "", journeys.snapshot)
        split = split_by(field, engine.total(journeys, ValueCounts(field)))
        return split, split.place(value)


def transitions(
    journeys: Journeys,
    *,
    times: str = "mean",
    entities: bool = False,
    by: str | None = None,
    money: str = "none",
    steps: Sequence[rules.StepWord] = (),
    chosen: Sequence[str] = (),
    engine: Engine | None = None,
) -> Transitions:
    """Count the moves between consecutive kept events, with their mean time.

    Parameters
    ----------
    journeys
        Whose, and which events.
    times
        ``quantiles`` adds the median time; above 64 events that of the 200 commonest edges.
    entities
        Adds the number of entities behind every edge.
    by
        Splits moves by a property of the event at which they begin.
    money
        ``value`` adds the net money of the events that an edge enters; above 64 events that of the 200 commonest.
    steps
        Events or steps that stand for the events; what belongs to none is left out.
    chosen
        Above 64 events, at most 64 of them: moves among these get their interval, in a second pass.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    ask = AskTransitions(
        times=times, entities=entities, by=by, money=money, steps=tuple(steps), chosen=tuple(chosen)
    )
    return ask.answer(journeys, engine=engine or local_engine())


@dataclass(frozen=True)
class InMoves:
    """Entities, or units, with a selected event, or with a move that begins in one part of a split."""

    steps: tuple[Step, ...] | None
    split: Split | None
    part: int

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        if self.split is None:
            return with_state(state_lane(part, self.steps))
        lane, split, parts = read_part(part, self.steps, split=self.split)
        return moving(lane, split, parts=parts)[:, self.part]


@dataclass(frozen=True)
class OnEdge:
    """Entities, or units, that went from one state straight to another, in one part of a split if there is one."""

    steps: tuple[Step, ...] | None
    cell: NDArray[np.int64]
    split: Split | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        lane, split, _ = read_part(part, self.steps, split=self.split)
        out = np.empty(lane.units, np.uint8)
        took(lane.offset, lane.codes, lane.table, lane.keep, split, self.cell, out)
        return out.view(np.bool_)
