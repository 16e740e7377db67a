"""Which journeys a period cuts: those begun before it, and those that go on after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import AsOf, Engine, Journeys, Part, local_engine
from pathworth.measure import rules
from pathworth.measure.answers import Answer, Sheet
from pathworth.measure.asking import Behind, Mask, as_of, unknown_cell
from pathworth.measure.diff.sides import with_events

Counts = NDArray[np.int64]
CELLS = ("entities", "began before", "go on after", "both")


@dataclass(frozen=True)
class Cut(Answer):
    """How many journeys of a selection its period shows in part only.

    ``began_before`` have their first event before the period and are cut on the left: what looks like their beginning
    is none. ``go_on_after`` have an event after it, ``both`` are cut on both sides. A journey's first and last event
    are those of the entity, whatever ``where`` keeps; what is no longer kept, or was never collected, is not known.
    """

    entities: int
    began_before: int
    go_on_after: int
    both: int
    excluded: Mapping[str, int]
    as_of: AsOf

    def sheet(self) -> Sheet:
        """Return one row per kind of journey."""
        rows = tuple(self.cells().items())
        return Sheet("People whose journeys the period cuts", ("journeys", "people"), rows)

    def cells(self) -> dict[str, int]:
        """Return the four counts."""
        counts = (self.entities, self.began_before, self.go_on_after, self.both)
        return dict(zip(CELLS, counts, strict=True))


@dataclass(frozen=True, kw_only=True)
class AskCut:
    """How many journeys began before the period or go on after it, and so are shown in part only."""

    word: ClassVar[str] = "cut"

    def answer(self, journeys: Journeys, *, engine: Engine) -> Cut:
        """Return the counts of a selection; raises as the rules of ``measure.rules`` say."""
        found = engine.total(journeys, self._ends(journeys))
        entities, before, after, both = found.tolist()
        excluded = dict(journeys.snapshot.excluded)
        return Cut(entities, before, after, both, excluded, as_of(journeys))

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:  # noqa: ARG002  # every question takes it
        """Return who one of the four counts counts."""
        if cell not in CELLS:
            raise unknown_cell(cell, list(CELLS))
        return Behind(CutAs(self._ends(journeys), CELLS.index(cell)), journeys)

    def _ends(self, journeys: Journeys) -> Ends:
        rules.check_period(journeys)
        rules.check_whole(journeys)
        return Ends(journeys.period.from_us, journeys.period.to_us)


def cut(journeys: Journeys, *, engine: Engine | None = None) -> Cut:
    """Count the journeys that a period cuts on the left, on the right, and on both sides.

    Parameters
    ----------
    journeys
        Whose, and which events; entities with a kept event are counted.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``NEEDS_WHOLE_JOURNEYS``, ``EMPTY_PERIOD``.
    """
    return AskCut().answer(journeys, engine=engine or local_engine())


@dataclass(frozen=True)
class Ends:
    """Entities with a kept event, and those of them whose journey passes the ends of a period, int64[4]."""

    from_us: int
    to_us: int

    def of(self, part: Part) -> tuple[Mask, Mask, Mask, Mask]:
        """Return bool[n] for every cell: who it counts."""
        chosen = with_events(part)
        first, last = part.offset[:-1][chosen], part.offset[1:][chosen] - 1
        before, after = np.zeros_like(chosen), np.zeros_like(chosen)
        before[chosen] = part.shard.time_us[first] < self.from_us
        after[chosen] = part.shard.time_us[last] >= self.to_us
        return chosen, before, after, before & after

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        return np.array([np.count_nonzero(one) for one in self.of(part)], np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class CutAs:
    """Who is counted in one of the cells."""

    ends: Ends
    place: int

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        return self.ends.of(part)[self.place]
