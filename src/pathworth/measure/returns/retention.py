"""Who comes back, by the period in which they began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from pathworth.base.instants import to_iso
from pathworth.journeys import Engine, Journeys, Part, local_engine
from pathworth.measure import rules
from pathworth.measure.asking import Behind, Mask, Pair, as_of, param, unknown_cell
from pathworth.measure.contracts import Interval
from pathworth.measure.diff.retention import Side, compared
from pathworth.measure.intervals import FEW_UNITS, wilson
from pathworth.measure.returns.comings import (
    BEGAN,
    CAME,
    Asked,
    Comings,
    Counts,
    all_time,
    plan_retention,
)
from pathworth.measure.returns.contracts import Cohort, Retention, RetentionDiff, RetentionOf
from pathworth.measure.split import parts_by


@dataclass(frozen=True, kw_only=True)
class AskRetention:
    """Who comes back, by the period in which they began."""

    word: ClassVar[str] = "retention"
    start: str | None = param(None, "Predicate of the events that begin; any event.")
    return_: str | None = param(None, "Predicate of the events that count as coming back; any.")
    period: str = param("month", "day, week or month.")
    mode: str = param(
        "calendar", "calendar, rolling (N-day), unbounded (then or later) or recurring cohorts."
    )
    nth: int = param(1, "They begin with their n-th such event: 4 for the fourth use.")
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Retention:
        """Return the cohorts of a selection; raises as the rules of ``measure.rules`` say."""
        plan = self.plan(journeys, engine)
        cohorts: tuple[Cohort, ...] = ()
        parts: tuple[RetentionOf, ...] | None = None if self.by is None else ()
        if plan is not None:
            counts = plan.cells(engine.total(all_time(journeys), plan))
            cohorts = _cohorts(plan, counts.sum(axis=0))
            parts = None if plan.parts is None else _parts(plan, counts)
        return Retention(
            cohorts,
            self.period,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=parts,
            overlap=None if self.by is None else 0,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell ``START K retained`` or ``START K lost`` counts, with a value after it for one part."""
        plan = self.plan(journeys, engine)
        starts = [] if plan is None else [to_iso(int(one)) for one in plan.starts_us]
        start, k, what, value = [*cell.split(" ", 3), "", "", ""][:4]
        good = start in starts and k.isdecimal() and what in {"retained", "lost"}
        if plan is None or not good or not plan.is_known(starts.index(start), int(k)):
            raise unknown_cell(cell, [f"{one} 0 retained" for one in starts])
        part = None if plan.parts is None or not value else plan.parts.place(value)
        found = InCohort(plan, starts.index(start), int(k), CAME if what == "retained" else BEGAN)
        return Behind(replace(found, part=part), all_time(journeys))

    def differ(self, pair: Pair, *, engine: Engine) -> RetentionDiff:
        """Return how many came back after each number of periods, B less A; breakdowns stay aside."""
        whole = replace(self, by=None)
        a, b = (whole.answer(one, engine=engine) for one in pair)
        plans = [whole.plan(one, engine) for one in pair]
        if plans[0] is None or plans[1] is None:
            return RetentionDiff(a, b, (), 0)
        sides = (Side(pair[0], plans[0], a), Side(pair[1], plans[1], b))
        return RetentionDiff(a, b, *compared(sides, engine=engine))

    def plan(self, journeys: Journeys, engine: Engine) -> Comings | None:
        """Return the fold; null when no event lies in the period."""
        rules.check_period_word(self.period)
        rules.check_mode(self.mode)
        rules.check_nth(self.nth, mode=self.mode)
        rules.check_period(journeys)
        rules.check_whole(journeys)
        trait = None if self.by is None else rules.split_trait(self.by, journeys.snapshot)
        asked = Asked(self.mode, self.nth)
        plan = plan_retention(
            journeys, asked, start=self.start, return_=self.return_, period=self.period
        )
        if plan is None or trait is None:
            return plan
        return replace(plan, parts=parts_by(all_time(journeys), trait, engine=engine))


def retention(
    journeys: Journeys,
    *,
    start: str | None = None,
    return_: str | None = None,
    period: str = "month",
    mode: str = "calendar",
    nth: int = 1,
    by: str | None = None,
    engine: Engine | None = None,
) -> Retention:
    """Count who comes back, by the period in which they began.

    A cohort is the entities whose first start event of all time lies in a calendar period. The period of
    the selection shows the cohorts that it touches and ends what is known; it never makes an old entity
    look new, and a cohort is the same in every selection of time.

    Parameters
    ----------
    journeys
        Whose, and which events.
    start, return_
        Predicates of the events that begin and that return; any event unless given.
    period
        ``day``, ``week`` (ISO) or ``month``, in the timezone of the workspace.
    mode
        ``calendar``: any return in the k-th period after. ``rolling``: in [k, k + 1) times 1, 7 or 30 days
        after the entity's own start (others call it N-day). ``unbounded``: in the k-th period after or later.
        ``recurring``: calendar, with everybody who has a start event in a period as its cohort: cohorts overlap.
    nth
        An entity begins with its n-th start event: with 4 the cohorts are those who had their fourth use in a
        period, and cells say how many use it again after that.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    ask = AskRetention(
        start=start,
        return_=return_,
        period=period,
        mode=mode,
        nth=nth,
        by=by,
    )
    return ask.answer(journeys, engine=engine or local_engine())


@dataclass(frozen=True)
class InCohort:
    """Entities of a cohort that are counted in one of its cells, or that are not, in one part if there is one."""

    plan: Comings
    cohort: int
    k: int
    mark: int
    part: int | None = None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        found: Mask = self.plan.marks(part, cohort=self.cohort, k=self.k) == self.mark
        if self.part is not None and self.plan.parts is not None:
            found &= self.plan.parts.of_entities(part) == self.part
        return found


def _parts(plan: Comings, counts: Counts) -> tuple[RetentionOf, ...]:
    """Return the cohorts of every value that anybody has."""
    if plan.parts is None:
        return ()
    split = plan.parts.split
    return tuple(
        RetentionOf(value, _cohorts(plan, one), others)
        for value, one, others in zip(split.labels, counts, split.others, strict=True)
        if one[:, 0].any()
    )


def _cohorts(plan: Comings, counts: Counts) -> tuple[Cohort, ...]:
    """Return the cohorts that have anybody."""
    made = []
    for c, start in enumerate(plan.starts_us.tolist()):
        size = int(counts[c, 0])
        if size == 0:
            continue
        retained = tuple(
            int(counts[c, k]) if plan.over(c, k) else None for k in range(plan.length(c))
        )
        intervals = tuple(_interval(k, n, size) for k, n in enumerate(retained))
        made.append(Cohort(to_iso(start), size, retained, intervals))
    return tuple(made)


def _interval(k: int, came: int | None, size: int) -> Interval | None:
    return None if k == 0 or came is None or size < FEW_UNITS else wilson(came, size)
