"""Passes over walks: how many pass each state and move, how long moves take, and who is behind a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.kernels.folds.anchors import UNIT
from pathworth.kernels.folds.paths import spend, tally
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.asking import Mask
from pathworth.measure.paths.walks.layout import Layout
from pathworth.measure.paths.walks.walks import Walked, Walks
from pathworth.measure.split import Parts

Counts = NDArray[np.int64]
_NO_OWNER, _NO_PARTS = np.empty(0, np.int64), np.empty(0, np.uint8)
_ALONE = np.empty((0, 2), np.int64)


@dataclass(frozen=True)
class Plan:
    """Walks with the states that are shown, and the parts that their journeys fall into.

    ``throughout`` says whether a walk that has stopped still counts in every later column.
    """

    walks: Walks
    layout: Layout
    parts: Parts | None
    throughout: bool

    @property
    def width(self) -> int:
        """Return how many parts there are."""
        return 1 if self.parts is None else self.parts.split.parts

    @property
    def stop(self) -> int:
        """Return the code from which on a walk counts nowhere."""
        return self.walks.codes if self.throughout else self.walks.stop


@dataclass(frozen=True)
class Passed:
    """Walks, units and entities by part of a trait and cell, int64[parts, cells, 3]."""

    plan: Plan

    def fold(self, part: Part) -> Counts:
        """Count the walks of a part."""
        plan, cells = self.plan, self.plan.layout.cells
        out = np.zeros((plan.width, cells, 3), np.int64)
        # Walks are as many as units and entities where an entity has one at most.
        alone = plan.walks.anchors.single and part.slicing is None
        last = _ALONE if alone else np.full((cells, 2), -1, np.int64)
        mine = None
        for one in plan.walks.each(part):
            if mine is None:
                mine = _NO_PARTS if plan.parts is None else plan.parts.of(part, one.lane)
            owner = _NO_OWNER if one.lane.owner is None else one.lane.owner
            read = (one.anchors, owner, mine, one.codes, plan.layout.label, plan.layout.levels)
            tally(*read, plan.stop, last, out)
        if alone:
            out[..., 1:] = out[..., :1]
        return out

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class Spent:
    """Moves of some cells by bin of their ms, int64[cells, BINS]."""

    plan: Plan
    cells: Counts

    def fold(self, part: Part) -> Counts:
        """Count the moves of a part."""
        plan = self.plan
        slot = np.full(plan.layout.cells, -1, np.int32)
        slot[self.cells] = np.arange(len(self.cells))
        bins = np.zeros((len(self.cells), BINS), np.int64)
        for one in plan.walks.each(part, timed=True):
            read = (one.codes, one.when, plan.layout.label, plan.layout.levels)
            spend(*read, plan.walks.stop, slot, bins)
        return bins

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class OnWay:
    """Units with an anchor whose walk passes some place, or units without any anchor.

    Parameters
    ----------
    plan
        How walks are made and labelled.
    part
        Only those in one part of a trait; null for all.
    column, label
        Where the walk stands; null for anywhere.
    to
        Under which label it goes on in the next column; null for any.
    without
        Whether those are meant who have no anchor at all.
    """

    plan: Plan
    part: int | None
    column: int | None = None
    label: int = 0
    to: int | None = None
    without: bool = False

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        found: Mask = np.empty(0, np.bool_)
        for k, one in enumerate(self.plan.walks.each(part)):
            lane = one.lane
            if k == 0:
                found = np.zeros(lane.units, np.bool_)
            found[one.anchors[:, UNIT][self._here(one)]] = True
        if self.without:
            found = lane.kept_units() & ~found
        if self.part is not None and self.plan.parts is not None:
            found &= self.plan.parts.of(part, lane) == self.part
        return found

    def _here(self, one: Walked) -> Mask:
        if self.column is None:
            return np.ones(len(one.codes), np.bool_)
        label, c = self.plan.layout.label, self.column
        here: Mask = label[c][one.codes[:, c]] == self.label
        if self.to is not None:
            here &= label[c + 1][one.codes[:, c + 1]] == self.to
        return here
