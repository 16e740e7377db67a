"""The entities behind a number: as many as the number says, by a fold that returns ids."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.period import FOREVER_US
from pathworth.journeys import Engine, Journeys, Part, local_engine, trait_of, units_of
from pathworth.measure import rules
from pathworth.measure.asking import Ask, Chooser, Mask, as_of
from pathworth.measure.contracts import FunnelCell, People
from pathworth.measure.funnels.funnel import Levels
from pathworth.measure.split import Split, split_by
from pathworth.store import Shard


def people(
    journeys: Journeys,
    ask: Ask,
    *,
    cell: str,
    offset: int = 0,
    limit: int | None = None,
    engine: Engine | None = None,
) -> People:
    """List the entities that a number counts.

    Parameters
    ----------
    journeys
        The selection of the answer.
    ask
        The question.
    cell
        Which number of its answer, as ``Answer.cells`` writes it.
    offset, limit
        The page: how many ids are passed over, and how many follow at most.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``UNKNOWN_CELL`` when the answer has no such cell; else as the question itself.
    """
    rules.check_page(offset, limit)
    found = people_behind(journeys, ask, cell=cell, engine=engine or local_engine())
    page = found[offset:] if limit is None else found[offset : offset + limit]
    shown = tuple(one.shard.id_of(one.entity) for one in page)
    return People(len(found), shown, as_of(journeys))


def located(
    journeys: Journeys, cell: FunnelCell, *, engine: Engine | None = None
) -> list[tuple[Shard, int]]:
    """Return where the entities that a number of a funnel counts lie, by rising id; raises as ``people``."""
    runs = engine or local_engine()
    found = places(journeys, _funnel(journeys, cell, runs), engine=runs)
    return [(one.shard, one.entity) for one in found]


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
        chosen = self.chooser.chosen(part)
        if part.slicing is None:
            return chosen.astype(np.int64)
        owner = units_of(part, part.slicing).owner
        return np.bincount(owner[chosen], minlength=part.last - part.first).astype(np.int64)

    def merge(self, left: list[Place], right: list[Place]) -> list[Place]:
        """Join two lists."""
        return left + right


def _part_of(split: Split, value: str | None) -> int:
    part = split.index(value)
    if part is None:
        raise UnknownName.near("cell", str(value), [str(one) for one in split.labels])
    return part


@dataclass(frozen=True)
class InFunnel:
    """Entities that took from ``least`` up to ``most`` steps, in one part of a trait if there is a split."""

    levels: Levels
    least: int
    most: int
    split: Split | None
    part: int

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        lane, took_steps = self.levels.taken(part)
        found: Mask = (took_steps >= self.least) & (took_steps <= self.most)
        if self.split is not None:
            codes = trait_of(part, self.split.field, until_us=self.levels.until_us)
            found &= lane.of_units(self.split.part_of[codes]) == self.part
        return found


def _funnel(journeys: Journeys, cell: FunnelCell, engine: Engine) -> InFunnel:
    rules.check_order(cell.order)
    snapshot = journeys.snapshot
    steps = rules.as_steps(cell.steps, snapshot)
    window = rules.check_window(cell.within)
    lowest = 1 if cell.what == "reached" else 2
    if not lowest <= cell.step <= len(steps):
        raise WrongUsage(
            "UNKNOWN_CELL",
            f"Step {cell.step} of {len(steps)} has no people who {cell.what}.",
            f"Ask for a step from {lowest} to {len(steps)}.",
        )
    levels = Levels(
        steps,
        FOREVER_US if window is None else window,
        cell.order,
        None if cell.by is None else rules.split_trait(cell.by, snapshot),
        journeys.until_us,
    )
    split, part = None, 0
    if levels.field is not None:
        counts = engine.total(journeys, levels)
        split = split_by(levels.field, counts[:, 1:].sum(axis=1))
        part = _part_of(split, cell.value)
    if cell.what == "reached":
        return InFunnel(levels, cell.step, len(steps), split, part)
    return InFunnel(levels, cell.step - 1, cell.step - 1, split, part)
