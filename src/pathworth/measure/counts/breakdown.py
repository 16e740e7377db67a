"""Parts of counts by period: by the last known trait of each entity, or by a property of each event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Field, Journeys, Lane, Part, Step, column_of
from pathworth.measure import rules
from pathworth.measure.counts.amounts import hits
from pathworth.measure.split import Parts, Split, parts_by, split_by

Counts = NDArray[np.int64]
ByFrom = Literal["trait", "property"]
_ONE = np.empty(0, np.uint8)


@dataclass(frozen=True)
class Breakdown:
    """One part, or several: ``traits`` of entities, or values of a property of events."""

    split: Split | None = None
    traits: Parts | None = None

    @property
    def width(self) -> int:
        """Return how many rows there are: the whole first, then every part."""
        return 1 if self.split is None else 1 + self.split.parts

    def rows(self, part: Part, lane: Lane) -> NDArray[np.int32]:
        """Return int32[n]: the row in which each entity counts."""
        if self.traits is None:
            return np.zeros(lane.units, np.int32)
        found: NDArray[np.int32] = 1 + self.traits.of(part, lane).astype(np.int32)
        return found

    def of_events(self, part: Part) -> NDArray[np.uint8]:
        """Return uint8[events of the part]: the part of each event; empty where events have none of their own."""
        if self.split is None or self.traits is not None:
            return _ONE
        found: NDArray[np.uint8] = self.split.part_of[column_of(part, self.split.field)]
        return found


def breakdown(
    by: str | None,
    by_from: str,
    *,
    journeys: Journeys,
    steps: tuple[Step, ...],
    engine: Engine,
) -> Breakdown:
    """Return the parts of a selection; raises ``UNKNOWN_BY_FROM``, and as ``split_trait`` and ``split_column``."""
    rules.check_by_from(by_from, get_args(ByFrom))
    if by is None:
        return Breakdown()
    if by_from == "trait":
        field = rules.split_trait(by, journeys.snapshot)
        parts = parts_by(journeys, field, engine=engine)
        return Breakdown(None if parts is None else parts.split, parts)
    field = rules.split_column(by, journeys.snapshot)
    return Breakdown(split_by(field, engine.total(journeys, ValuesOf(field, steps))))


@dataclass(frozen=True)
class ValuesOf:
    """Kept events of some steps by code of a property, int64[codes there are]."""

    field: Field
    steps: tuple[Step, ...]

    def fold(self, part: Part) -> Counts:
        """Count the events of a part."""
        codes = column_of(part, self.field)[hits(part, self.steps)]
        return np.bincount(codes, minlength=len(self.field.words)).astype(np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right
