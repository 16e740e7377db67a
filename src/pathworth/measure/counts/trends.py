"""How many events, people and how much money there are, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pathworth.journeys import Engine, Journeys, Step, local_engine
from pathworth.measure.asking import Behind, Pair, as_of, param, unknown_cell
from pathworth.measure.cells import ALL, of_part, quoted
from pathworth.measure.counts.amounts import amount_of
from pathworth.measure.counts.breakdown import breakdown
from pathworth.measure.counts.points import Points, points_of
from pathworth.measure.counts.spans import check_cells, spans
from pathworth.measure.counts.tally import InTrend, TrendPlan
from pathworth.measure.counts.trends_answer import Trend, TrendOf, Trends, TrendsDiff
from pathworth.measure.counts.trends_diff import compared
from pathworth.measure.funnels.words import StepWord
from pathworth.measure.paths.rules import check_states

ANY = Step("any event", "true")


@dataclass(frozen=True, kw_only=True)
class AskTrends:
    """How many events and people there are in each day, week or month, and how much of a number."""

    word: ClassVar[str] = "trends"
    steps: tuple[StepWord, ...] = param(
        (),
        "Events or name := predicate, a series for each; any event.",
        kind="steps",
        address="step",
    )
    period: str = param("week", "day, week or month.")
    number: str | None = param(
        None, "Property of numbers that is added up, or value or cost for money."
    )
    by: str | None = param(None, "Breaks the answer down by a trait or a property.")
    by_from: str = param(
        "trait", "trait: the last known value of each person; property: the value on each event."
    )

    def answer(self, journeys: Journeys, *, engine: Engine) -> Trends:
        """Return the series of a selection; raises as ``trends``."""
        plan = self._plan(journeys, engine)
        series: tuple[Trend, ...] = ()
        if plan is not None:
            points = points_of(plan, journeys, engine=engine)
            series = tuple(_series(points, step) for step in range(len(plan.steps)))
        return Trends(
            self.period,
            series,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            number=self.number,
            currency=None if plan is None or plan.amount is None else plan.amount.currency,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell ``START STEP`` counts, or ``(all) STEP``; with `` | VALUE`` those of one part."""
        plan = self._plan(journeys, engine)
        start, _, line = cell.partition(" ")
        starts = [] if plan is None else plan.spans.starts
        lines = {} if plan is None else lines_of(plan)
        if plan is None or start not in {ALL, *starts} or line not in lines:
            raise unknown_cell(cell, [f"{one} {word}" for word in lines for one in (ALL, *starts)])
        step, row = lines[line]
        period = None if start == ALL else starts.index(start)
        return Behind(InTrend(plan, step, period, row), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> TrendsDiff:
        """Return how the totals and means differ between two selections, B less A."""
        answers = self.answer(pair[0], engine=engine), self.answer(pair[1], engine=engine)
        plans = self._plan(pair[0], engine), self._plan(pair[1], engine)
        return compared(answers, plans, pair=pair, engine=engine)

    def _plan(self, journeys: Journeys, engine: Engine) -> TrendPlan | None:
        """Return the fold; null when no event lies in the period."""
        found = spans(journeys, self.period)
        steps = check_states(self.steps, journeys.snapshot) or (ANY,)
        parts = breakdown(self.by, self.by_from, journeys=journeys, steps=steps, engine=engine)
        amount = amount_of(self.number, journeys, steps=steps, engine=engine)
        if found is None:
            return None
        plan = TrendPlan(steps, found, parts, amount)
        rows, lines, periods = plan.shape
        check_cells(rows * lines * periods)
        return plan


def _series(points: Points, step: int) -> Trend:
    """Return the series of a step, with its parts that have an event."""
    split, name = points.plan.parts.split, points.plan.steps[step].name
    whole = name, points.points(0, step), points.whole(0, step)
    if split is None:
        return Trend(*whole)
    rows = enumerate(zip(split.labels, split.others, strict=True), start=1)
    parts = tuple(
        TrendOf(value, points.points(row, step), points.whole(row, step), others)
        for row, (value, others) in rows
        if points.totals[row, step, -1].any()
    )
    return Trend(*whole, parts)


def lines_of(plan: TrendPlan) -> dict[str, tuple[int, int]]:
    """Return the step and row of every line by how cells write it."""
    found: dict[str, tuple[int, int]] = {}
    split = plan.parts.split
    for step, one in enumerate(plan.steps):
        name = quoted(one.name)
        found[name] = step, 0
        if split is not None:
            for row, (value, others) in enumerate(
                zip(split.labels, split.others, strict=True), start=1
            ):
                found[f"{name} | {of_part(value, joins=others)}"] = step, row
    return found


def trends(
    journeys: Journeys,
    *,
    steps: Sequence[StepWord] = (),
    period: str = "week",
    number: str | None = None,
    by: str | None = None,
    by_from: str = "trait",
    engine: Engine | None = None,
) -> Trends:
    """Count events and people in each day, week or month, and add up a number of theirs.

    Parameters
    ----------
    journeys
        Whose, and which events.
    steps
        Event names, or ``name := predicate``: a series for each; of any event without.
    period
        ``day``, ``week`` (ISO) or ``month``, in the timezone of the workspace.
    number
        A property of numbers that is added up, or ``value`` or ``cost`` for money.
    by, by_from
        Breaks series down by the last known value of a ``trait``, or by a ``property`` of each event.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``SEVERAL_CURRENCIES``, ``NUMBER_NEEDED``, ``TOO_MANY_PERIODS``, and as the rules of ``measure.rules`` say.
    """
    ask = AskTrends(steps=tuple(steps), period=period, number=number, by=by, by_from=by_from)
    return ask.answer(journeys, engine=engine or local_engine())
