"""The entities behind a number: as many as the number says, by a fold that returns ids."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, local_engine, units_of
from pathworth.measure import rules
from pathworth.measure.answers import Answer
from pathworth.measure.asking import Ask, Chooser, ComparesPeople, Pair, as_of
from pathworth.measure.contracts import People
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


def people_behind(journeys: Journeys, ask: Ask, *, cell: str, engine: Engine) -> list[Place]:
    """Return where the entities that a cell of an answer counts lie, by rising id; raises as ``Ask.behind``."""
    behind = ask.behind(journeys, cell, engine=engine)
    return places(behind.journeys, behind.chooser, engine=engine)


def people_behind_both(
    pair: Pair, ask: ComparesPeople[Answer], *, cell: str, engine: Engine
) -> list[Place]:
    """Return where the entities that a cell of a comparison counts lie; raises as ``ComparesPeople.behind_both``."""
    behind = ask.behind_both(pair, cell, engine=engine)
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
