"""In how many days, weeks or months of a selection entities are active."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, Step, local_engine
from pathworth.measure import rules
from pathworth.measure.asking import Behind, Mask, Pair, as_of, param, unknown_cell
from pathworth.measure.cells import of_part
from pathworth.measure.counts.spans import check_cells, spans
from pathworth.measure.counts.stickiness_answer import Stickiness, StickinessDiff, StickinessOf
from pathworth.measure.counts.stickiness_folds import (
    InPeriods,
    PeriodsOfEach,
    both_sides,
    levels_of,
)
from pathworth.measure.diff.sides import interval_of, marks, shared
from pathworth.measure.diff.wording import periods as in_periods, said
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.split import parts_by
from pathworth.store import GROUPS

_CELL = re.compile(r"(at least )?(\d+)(?: \| (.+))?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class AskStickiness:
    """How many people are active in exactly so many days, weeks or months."""

    word: ClassVar[str] = "stickiness"
    active: str | None = param(
        None, "Predicate of the events that count as being there; any event."
    )
    period: str = param("day", "day, week or month.")
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Stickiness:
        """Return the levels of a selection; raises as the rules of ``measure.rules`` say."""
        plan = self._plan(journeys, engine)
        table = np.zeros((GROUPS, 1, 1), np.int64)
        if plan is not None:
            table = engine.total(journeys, plan)
        of = None if plan is None or plan.parts is None else plan.parts.split
        rows = () if of is None else zip(of.labels, of.others, table.swapaxes(0, 1), strict=True)
        return Stickiness(
            self.period,
            0 if plan is None else plan.spans.periods,
            plan is not None and len(plan.spans.whole) == plan.spans.periods,
            *levels_of(table.sum(axis=1)),
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=None
            if self.by is None
            else tuple(
                StickinessOf(value, *levels_of(part), others)
                for value, others, part in rows
                if part.any()
            ),
            overlap=None if self.by is None else 0,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell ``3`` or ``at least 3`` counts, with `` | VALUE`` those of one part."""
        plan = self._plan(journeys, engine)
        found = _CELL.fullmatch(cell)
        most = 0 if plan is None else plan.spans.periods
        if plan is None or found is None or not 1 <= int(found[2]) <= most:
            raise unknown_cell(
                cell, [f"{more}{k}" for k in range(1, most + 1) for more in ("", "at least ")]
            )
        part = None
        if found[3] is not None:
            split = None if plan.parts is None else plan.parts.split
            lines = [] if split is None else list(map(_word, split.labels, split.others))
            if found[3] not in lines:
                raise unknown_cell(cell, [f"{found[1] or ''}{found[2]} | {one}" for one in lines])
            part = lines.index(found[3])
        return Behind(InPeriods(plan, int(found[2]), bool(found[1]), part), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> StickinessDiff:
        """Return how the mean number of periods differs between two selections, B less A."""
        a, b = (self.answer(one, engine=engine) for one in pair)
        plans = [self._plan(one, engine) for one in pair]
        sides = zip(pair, plans, strict=True)
        both = shared(*(marks(one, Active(plan).chosen, engine=engine) for one, plan in sides))
        table = both_sides(plans, pair, engine=engine)
        few = min(a.entities, b.entities) < FEW_UNITS
        with np.errstate(divide="ignore", invalid="ignore"):
            interval = None if few else interval_of(table, _gap)[0]
        mean = said(a.mean, b.mean, interval=interval, kind=in_periods(self.period))
        return StickinessDiff(a, b, mean, both)

    def _plan(self, journeys: Journeys, engine: Engine) -> PeriodsOfEach | None:
        """Return the fold; null when no event lies in the period."""
        found = spans(journeys, self.period)
        trait = None if self.by is None else rules.split_trait(self.by, journeys.snapshot)
        if found is None:
            return None
        parts = parts_by(journeys, trait, engine=engine)
        plan = PeriodsOfEach((Step("active", self.active or "true"),), found, parts)
        check_cells(plan.width * (found.periods + 1))
        return plan


def _word(value: str | None, others: int | None) -> str:
    return of_part(value, joins=others)


def stickiness(
    journeys: Journeys,
    *,
    active: str | None = None,
    period: str = "day",
    by: str | None = None,
    engine: Engine | None = None,
) -> Stickiness:
    """Count who is active in exactly so many days, weeks or months.

    Parameters
    ----------
    journeys
        Whose, and which events.
    active
        Predicate of the events that count as being there; any event unless given.
    period
        ``day``, ``week`` (ISO) or ``month``, in the timezone of the workspace.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``TOO_MANY_PERIODS``, and as the rules of ``measure.rules`` say.
    """
    ask = AskStickiness(active=active, period=period, by=by)
    return ask.answer(journeys, engine=engine or local_engine())


@dataclass(frozen=True)
class Active:
    """Which entities are active at all; nobody where there is no plan."""

    plan: PeriodsOfEach | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        found: Mask = np.zeros(part.last - part.first, np.bool_)
        return found if self.plan is None else self.plan.of(part)[1] > 0


def _gap(table: NDArray) -> NDArray:
    """Return the mean of B less that of A."""
    means = table[..., 0] / table[..., 1]
    found: NDArray = np.atleast_1d(means[1] - means[0])
    return found
