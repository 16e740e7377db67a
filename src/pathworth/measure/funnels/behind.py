"""Who stands behind a number of a funnel: reached, dropped, censored, over, or reached by some time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import to_us
from pathworth.journeys import Part
from pathworth.measure.asking import Mask, unknown_cell
from pathworth.measure.funnels.folds import CENSORED, OVER, Outcomes
from pathworth.measure.funnels.plan import FunnelPlan, Reach
from pathworth.measure.split import Parts

_CELL = re.compile(
    r"(?P<what>reached|dropped|censored|over) (?P<step>\d+)(?: by (?P<by>\S+))?(?: of (?P<of>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class InFunnel:
    """The units that a cell counts.

    Parameters
    ----------
    outcomes
        The funnel, its parts, and until when it is observed.
    what
        ``reached`` a step, ``dropped`` before it, ``censored`` or ``over`` on the way to it.
    step
        From 0.
    by_ms
        Longest time from the first step's first event, itself included; null for any.
    part
        Place of the part; null for everybody.
    """

    outcomes: Outcomes
    what: str
    step: int
    by_ms: int | None
    part: int | None

    def chosen(self, part: Part) -> Mask | NDArray[np.int64]:
        """Return bool[n]; of attempts int64[n], how many each unit has."""
        plan = self.outcomes.plan
        timed = self.by_ms is not None or self.what in {"censored", "over"}
        reach = plan.reach(part, timed=timed)
        found = self._found(part, reach)
        part_of = self.outcomes.part_of(part, reach)
        if self.part is not None and part_of is not None:
            found = found & (part_of == self.part)
        if reach.unit is None:
            return found
        return np.bincount(reach.unit[found], minlength=plan.lane(part).units)

    def _found(self, part: Part, reach: Reach) -> Mask:
        has = reach.has(self.step)
        if self.what == "dropped":
            return reach.has(reach.plan.needed_before(self.step)) & ~has
        if self.what == "reached":
            return has if self.by_ms is None else has & (reach.ms(self.step) <= self.by_ms)
        wanted = CENSORED if self.what == "censored" else OVER
        found: Mask = (reach.level > 0) & (
            self.outcomes.fates(part, reach).of(self.step)[0] == wanted
        )
        return found


def in_funnel(cell: str, plan: FunnelPlan, *, parts: Parts | None, end_us: int) -> InFunnel:
    """Return who a cell counts: ``reached 2``, ``dropped 2``, ``reached 2 by 7d``, each with ``of VALUE`` for a part.

    Raises
    ------
    UnknownName
        ``UNKNOWN_CELL`` with near ones.
    WrongUsage
        ``BAD_DURATION`` for a time that is none.
    """
    found = _CELL.fullmatch(cell)
    step = int(found["step"]) - 1 if found else -1
    lowest = 0 if found and found["what"] == "reached" else 1
    timed = found is not None and found["by"] is not None
    split = found is not None and found["of"] is not None
    odd = timed and (found["what"] != "reached" or step == 0) if found else True
    if found is None or odd or not lowest <= step < plan.width or (split and parts is None):
        raise unknown_cell(cell, _known(plan))
    by_ms = (to_us(found["by"]) + 500) // 1_000 if timed else None
    part = parts.place(found["of"]) if parts is not None and split else None
    return InFunnel(Outcomes(plan, parts, end_us), found["what"], step, by_ms, part)


def _known(plan: FunnelPlan) -> list[str]:
    later = range(2, plan.width + 1)
    words = ("reached", "dropped", "censored", "over")
    return ["reached 1", *(f"{what} {k}" for k in later for what in words)]
