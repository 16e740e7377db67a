"""The entities behind a number: as many as the number says, by a fold that returns ids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.journeys import (
    AsOf,
    Engine,
    Journeys,
    Part,
    Step,
    column_of,
    local_engine,
    state_lane,
    trait_of,
    units_of,
)
from pathworth.kernels.folds.transitions import took
from pathworth.kernels.select import look_up
from pathworth.measure import rules
from pathworth.measure.asking import Ask, Chooser, Mask
from pathworth.measure.contracts import (
    Cell,
    EdgeCell,
    People,
    RetentionCell,
    SelectionCell,
)
from pathworth.measure.flow.moves import ValueCounts
from pathworth.measure.returns.comings import Comings, all_time
from pathworth.measure.returns.retention import check_retention, split_retention
from pathworth.measure.split import Split, split_by
from pathworth.store import Shard

_NO_SPLIT = np.empty(0, np.uint8)


def people(
    journeys: Journeys,
    cell: Cell,
    *,
    offset: int = 0,
    limit: int | None = None,
    steps: tuple[rules.StepWord, ...] | None = None,
    engine: Engine | None = None,
) -> People:
    """List the entities that a number counts.

    Parameters
    ----------
    journeys
        The selection of the answer.
    cell
        Which number of it.
    offset, limit
        The page: how many ids are passed over, and how many follow at most.
    steps
        The steps of the transitions whose edge is meant; null when states are event names.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``UNKNOWN_CELL`` when the answer has no such cell; else as the question itself.
    """
    rules.check_page(offset, limit)
    found = located(journeys, cell, steps=steps, engine=engine)
    page = found[offset:] if limit is None else found[offset : offset + limit]
    snapshot = journeys.snapshot
    shown = tuple(shard.id_of(entity) for shard, entity in page)
    return People(len(found), shown, AsOf(snapshot.id, snapshot.seq))


def located(
    journeys: Journeys,
    cell: Cell,
    *,
    steps: tuple[rules.StepWord, ...] | None = None,
    engine: Engine | None = None,
) -> list[tuple[Shard, int]]:
    """Return where the entities that a number counts lie, by rising id; parameters and errors of ``people``."""
    runs = engine or local_engine()
    chooser, asked = _chooser(journeys, cell, steps, runs)
    return [(one.shard, one.entity) for one in places(asked, chooser, engine=runs)]


def people_behind(journeys: Journeys, ask: Ask, *, cell: str, engine: Engine) -> list[Place]:
    """Return where the entities that a cell of an answer counts lie, by rising id; raises as ``Ask.behind``."""
    behind = ask.behind(journeys, cell, engine=engine)
    return places(behind.journeys, behind.chooser, engine=engine)


def places(journeys: Journeys, chooser: Chooser, *, engine: Engine) -> list[Place]:
    """Return where the entities that a chooser picks lie, by rising id."""
    found: list[Place] = engine.total(journeys, Places(chooser))
    return sorted(found, key=attrgetter("id"))


@dataclass(frozen=True)
class Place:
    """Where an entity lies, by its raw id, and how many of its units are meant."""

    id: bytes
    shard: Shard
    entity: int
    times: int = 1


@dataclass(frozen=True)
class Places:
    """The raw ids of the entities that are chosen, with their shard and place in it, in any order."""

    chooser: Chooser

    def fold(self, part: Part) -> list[Place]:
        """Return the ids of a part."""
        shard, times = part.shard, self._times(part)
        at = np.flatnonzero(times)
        begins = shard.id_offset[at + part.first].tolist()
        ends = shard.id_offset[at + part.first + 1].tolist()
        data = shard.id_bytes
        return [
            Place(data[a:b].tobytes(), shard, entity + part.first, n)
            for a, b, entity, n in zip(begins, ends, at.tolist(), times[at].tolist(), strict=True)
        ]

    def _times(self, part: Part) -> NDArray[np.int64]:
        """Return int64[entities of the part]: how many units of each are chosen."""
        chosen = self.chooser.chosen(part).astype(np.int64)
        if part.slicing is None:
            return chosen
        times = np.zeros(part.last - part.first, np.int64)
        np.add.at(times, units_of(part, part.slicing).owner, chosen)
        return times

    def merge(self, left: list[Place], right: list[Place]) -> list[Place]:
        """Join two lists."""
        return left + right


def _chooser(
    journeys: Journeys, cell: Cell, steps: tuple[rules.StepWord, ...] | None, engine: Engine
) -> tuple[Chooser, Journeys]:
    """Return who says which entities a cell counts, and of which selection."""
    match cell:
        case SelectionCell():
            return Selected(), journeys
        case EdgeCell():
            return _edge(journeys, cell, steps, engine), journeys
        case RetentionCell():
            return _retention(journeys, cell, engine), all_time(journeys)


@dataclass(frozen=True)
class Selected:
    """Entities with a kept event."""

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        return state_lane(part).kept_units()


@dataclass(frozen=True)
class OnEdge:
    """Entities that went from one state straight to another."""

    steps: tuple[Step, ...] | None
    cell: NDArray[np.int64]
    split: Split | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        lane = state_lane(part, self.steps)
        split = _NO_SPLIT
        if self.split is not None:
            split = np.empty(len(lane.codes), np.uint8)
            column = lane.of_events(column_of(part, self.split.field))
            look_up(column, self.split.part_of, split)
        out = np.empty(lane.units, np.uint8)
        took(lane.offset, lane.codes, lane.table, lane.keep, split, self.cell, out)
        return out.view(np.bool_)


def _edge(
    journeys: Journeys, cell: EdgeCell, words: tuple[rules.StepWord, ...] | None, engine: Engine
) -> OnEdge:
    snapshot = journeys.snapshot
    steps = None if words is None else rules.as_steps(words, snapshot)
    names = list(snapshot.names) if steps is None else [step.name for step in steps]
    for name in (cell.from_, cell.to):
        if name not in names:
            raise UnknownName.near("event" if steps is None else "step", name, names)
    split, part = None, 0
    if cell.by is not None:
        field = rules.split_column(cell.by, snapshot)
        split = split_by(field, engine.total(journeys, ValueCounts(field)))
        part = _part_of(split, cell.value)
    place = np.array([names.index(cell.from_), names.index(cell.to), part], np.int64)
    return OnEdge(steps, place, split)


def _part_of(split: Split, value: str | None) -> int:
    part = split.index(value)
    if part is None:
        raise UnknownName.near("cell", str(value), [str(one) for one in split.labels])
    return part


@dataclass(frozen=True)
class CameBack:
    """Entities of a cohort that are counted in one of its cells, or that are not, in one part of a trait."""

    plan: Comings
    cohort: int
    k: int
    came: bool
    until_us: int | None
    split: Split | None
    part: int

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]: each entity of the cohort is folded by itself."""
        _, cohorts = self.plan.with_cohorts(part)
        found: Mask = cohorts == self.cohort
        if self.split is not None:
            codes = trait_of(part, self.split.field, until_us=self.until_us)
            found &= self.split.part_of[codes] == self.part
        for e in np.flatnonzero(found):
            place = part.first + int(e)
            alone = self.plan.fold(replace(part, first=place, last=place + 1))
            found[e] = (alone.cells(self.plan.mode)[self.cohort, self.k] > 0) == self.came
        return found


def _retention(journeys: Journeys, cell: RetentionCell, engine: Engine) -> CameBack:
    plan = check_retention(
        journeys, start=cell.start, return_=cell.return_, period=cell.period, mode=cell.mode
    )
    starts = [] if plan is None else [to_iso(int(one)) for one in plan.edges.edges_us[:-1]]
    if plan is None or cell.cohort not in starts:
        raise UnknownName.near("cell", cell.cohort, starts)
    cohort = starts.index(cell.cohort)
    if not 0 <= cell.k < plan.length(cohort) or not plan.over(cohort, cell.k):
        raise WrongUsage(
            "UNKNOWN_CELL",
            f"Cell {cell.k} of the cohort {cell.cohort} has no number.",
            "Ask for a cell that is not null.",
        )
    split, part = None, 0
    if cell.by is not None:
        field = rules.split_trait(cell.by, journeys.snapshot)
        split = split_retention(plan, field, journeys=journeys, engine=engine).split
        part = _part_of(split, cell.value)
    came = cell.what == "retained"
    return CameBack(plan, cohort, cell.k, came, journeys.until_us, split, part)
