"""The fold of sessions: what journeys are cut into, counted piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.period import FOREVER_US
from pathworth.journeys import Lane, Part, Slicing, event_mask, state_lane
from pathworth.kernels.folds.sessions import ANY, BEGINS, ENDS, sessions_of
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.asking import Mask
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
_NOBODY = np.empty(0, np.uint8)
_WHOLE = np.empty(0, np.int64)
SIDES = {"entities": ANY, "begins": BEGINS, "ends": ENDS}


@dataclass(frozen=True)
class SessionCounts:
    """Sessions as integers that are added.

    Parameters
    ----------
    totals
        int64[parts, 4]: sessions, entities, events, whole ms.
    bins
        int64[parts, 3, BINS]: sessions by events and by ms, entities by sessions.
    edges
        int64[names, 2, 2]: sessions that begin and that end with an event, and the entities behind them.
    """

    totals: Counts
    bins: Counts
    edges: Counts


@dataclass(frozen=True)
class Cutting:
    """Sessions of a selection's kept events.

    Parameters
    ----------
    cut
        What journeys are cut into.
    names
        How many events there are; 0 where what sessions begin and end with does not matter.
    parts
        What a trait splits entities into, if one does.
    """

    cut: Slicing
    names: int
    parts: Parts | None = None

    def fold(self, part: Part) -> SessionCounts:
        """Count the sessions of a part."""
        return self.fold_all([part])

    def fold_all(self, parts: Sequence[Part]) -> SessionCounts:
        """Count the sessions of several parts in one table."""
        width = 1 if self.parts is None else self.parts.split.parts
        totals, bins = np.zeros((width, 4), np.int64), np.zeros((width, 3, BINS), np.int64)
        edges = np.zeros((width, self.names, 2, 3), np.int64)
        for part in parts:
            edges[..., 2] = 0  # the entities of each part are numbered anew
            self._add(part, (totals, bins, edges, _NOBODY), side=ANY, name=0)
        return SessionCounts(totals, bins, edges[..., :2].sum(axis=0))

    def marks(self, part: Part, *, side: int, name: int = 0) -> Mask:
        """Return bool[n]: which entities have a session, or one that begins or ends with an event."""
        mark = np.zeros(part.last - part.first, np.uint8)
        width = 1 if self.parts is None else self.parts.split.parts
        totals, bins = np.zeros((width, 4), np.int64), np.zeros((width, 3, BINS), np.int64)
        edges = np.zeros((width, 0, 2, 3), np.int64)
        self._add(part, (totals, bins, edges, mark), side=side, name=name)
        return mark.view(np.bool_)

    def _add(self, part: Part, out: tuple[NDArray, ...], *, side: int, name: int) -> None:
        """Add the sessions of a part to what ``sessions_of`` adds to, or mark whose they are."""
        lane, starts, gap_us = self._lane(part)
        mine = _NOBODY if self.parts is None else self.parts.of_entities(part)
        owner = _WHOLE if lane.owner is None else lane.owner
        asked = np.array([gap_us, side, name], np.int64)
        read = (lane.offset, owner, lane.codes, lane.time_us, lane.keep, starts, mine, asked)
        sessions_of(*read, *out)

    def _lane(self, part: Part) -> tuple[Lane, NDArray[np.uint8], int]:
        """Return rows of events, which of them start a session, and the longest pause inside one."""
        if self.cut.kind == "key":
            return state_lane(replace(part, slicing=self.cut)), _NOBODY, FOREVER_US
        lane, rule = state_lane(replace(part, slicing=None)), self.cut.rule
        return lane, _NOBODY if rule is None else event_mask(part, rule), self.cut.gap_us

    def merge(self, left: SessionCounts, right: SessionCounts) -> SessionCounts:
        """Add two partials."""
        return SessionCounts(
            left.totals + right.totals, left.bins + right.bins, left.edges + right.edges
        )


@dataclass(frozen=True)
class InSessions:
    """Entities with a session, or with one that begins or ends with an event, in one part if there is one."""

    cutting: Cutting
    side: int
    name: int = 0
    part: int | None = None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        found = self.cutting.marks(part, side=self.side, name=self.name)
        if self.part is not None and self.cutting.parts is not None:
            found &= self.cutting.parts.of_entities(part) == self.part
        return found
