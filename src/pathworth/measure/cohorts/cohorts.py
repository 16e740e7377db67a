"""Entities by when they began, by a trait or by what they did, and what each of them brings in as time goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from pathworth.base.durations import DAY_US
from pathworth.journeys import Engine, Journeys, Step, local_engine
from pathworth.measure import rules as general
from pathworth.measure.asking import Behind, Pair, as_of, param, unknown_cell
from pathworth.measure.calendar import ROLLING_DAYS, calendar, slices
from pathworth.measure.cohorts import rules
from pathworth.measure.cohorts.amount import currency_of
from pathworth.measure.cohorts.answer import Cohorts, CohortsDiff, MoneyCohort, paid_back, word_of
from pathworth.measure.cohorts.costs import local_date, read_costs, said_costs
from pathworth.measure.cohorts.differ import compared
from pathworth.measure.cohorts.folds import (
    DID,
    SIZE,
    YOUNGER,
    Earnings,
    InCohort,
    behaved,
    names_of,
)
from pathworth.measure.cohorts.told import ages_of
from pathworth.measure.returns.comings import all_time, known_until
from pathworth.measure.split import parts_by


@dataclass(frozen=True, kw_only=True)
class AskCohorts:
    """What cohorts bring in per person as time since their start goes on, and when that pays back its cost."""

    word: ClassVar[str] = "cohorts"
    start: str | None = param(None, "Predicate of the events that begin; any event.")
    paid: str | None = param(None, "Predicate of the events whose amount counts; any event.")
    amount: str = param("value", "Property that holds the money: value, cost, or one of numbers.")
    period: str = param("month", "Length of an age: day, week or month (30 days).")
    by: str | None = param(None, "Cohorts by a trait in place of the period of the start.")
    behaviour: str | None = param(
        None, "Cohorts by whether a predicate over people holds: did('export')."
    )
    cost: str | None = param(
        None, "What winning one cost: a number, or cohorts with theirs as JSON or CSV."
    )
    ages: int | None = param(None, "How many ages are shown, at most 60; all that are known.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Cohorts:
        """Return the cohorts of a selection; raises as the rules of ``measure.cohorts.rules`` say."""
        plan = self.plan(journeys, engine)
        currency = journeys.snapshot.currency
        cohorts: tuple[MoneyCohort, ...] = ()
        if plan is not None:
            currency = currency_of(
                all_time(journeys), plan.roles, amount=plan.amount, engine=engine
            )
            found = self._cohorts(journeys, plan, engine)
            cohorts = self._costed(found, currency, journeys.snapshot.timezone)
        return Cohorts(
            self.period,
            currency,
            cohorts,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            trait=self.by,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts: ``size COHORT``, ``younger COHORT`` or ``paid AGE COHORT``."""
        plan = self.plan(journeys, engine)
        labels = () if plan is None else self._words(plan)
        kind, _, rest = cell.partition(" ")
        age, _, name = rest.partition(" ") if kind == "paid" else ("0", "", rest)
        known = kind in {"size", "younger", "paid"} and name in labels and age.isdecimal()
        if plan is None or not known:
            raise unknown_cell(cell, [f"size {one}" for one in labels])
        place = labels.index(name)
        if kind == "paid" and not (int(age) < plan.length(place) and plan.over(place, int(age))):
            raise unknown_cell(cell, [f"size {one}" for one in labels])
        chooser = InCohort(plan, place, kind, int(age))
        return Behind(chooser, all_time(journeys))

    def _words(self, plan: Earnings) -> tuple[str, ...]:
        """Return how cells write the cohorts."""
        rows = zip(plan.labels, plan.others, strict=True)
        return tuple(word_of(name, joins=joins, trait=self.by) for name, joins in rows)

    def differ(self, pair: Pair, *, engine: Engine) -> CohortsDiff:
        """Return how the money per entity differs at each age, over all cohorts, B less A."""
        asked = replace(self, cost=None)
        answers = (asked.answer(pair[0], engine=engine), asked.answer(pair[1], engine=engine))
        plans = [self.plan(one, engine) for one in pair]
        ages, both = compared(pair, plans, answers=answers, engine=engine)
        return CohortsDiff(*answers, ages, both)

    def plan(self, journeys: Journeys, engine: Engine) -> Earnings | None:
        """Return the fold; null when no event lies in the period."""
        general.check_period_word(self.period)
        general.check_period(journeys)
        general.check_whole(journeys)
        rules.check_one_grouping(self.by, self.behaviour)
        snapshot, chosen = journeys.snapshot, journeys.period
        trait = None if self.by is None else general.split_trait(self.by, snapshot)
        amount = rules.check_amount(self.amount, snapshot)
        rules.check_ages(self.ages, otherwise=1)
        first = max(snapshot.first_us, chosen.from_us)
        last = min(snapshot.last_us, chosen.to_us - 1)
        if not snapshot.events or first > last:
            return None
        edges = calendar(self.period, snapshot.timezone, first_us=first, last_us=last)
        end = known_until(snapshot.last_us, self.period, timezone=snapshot.timezone)
        end, width = min(end, chosen.to_us), ROLLING_DAYS[self.period] * DAY_US
        longest = -(-(end - int(edges.edges_us[0])) // width)
        by_period = self.by is None and self.behaviour is None
        plan = Earnings(
            (Step("start", self.start or "true"), Step("paid", self.paid or "true")),
            edges,
            slices(edges, first_us=snapshot.first_us, last_us=snapshot.last_us),
            amount,
            width,
            rules.check_ages(self.ages, otherwise=longest if by_period else longest // 2),
            end,
            None,
            names_of(edges),
            (None,) * edges.periods,
        )
        if self.behaviour is not None:
            mine = behaved(journeys, self.behaviour)
            return replace(plan, parts=mine, labels=DID, others=(None, None))
        parts = parts_by(all_time(journeys), trait, engine=engine)
        if parts is None:
            return plan
        return replace(plan, parts=parts, labels=parts.split.labels, others=parts.split.others)

    def _cohorts(
        self, journeys: Journeys, plan: Earnings, engine: Engine
    ) -> tuple[MoneyCohort, ...]:
        """Return the cohorts that have anybody."""
        sizes, ages = ages_of(all_time(journeys), plan, engine=engine)
        return tuple(
            MoneyCohort(name, int(size[SIZE]), int(size[YOUNGER]), mine, others=others)
            for name, size, mine, others in zip(plan.labels, sizes, ages, plan.others, strict=True)
            if size.any()
        )

    def _costed(
        self, cohorts: tuple[MoneyCohort, ...], currency: str, timezone: str
    ) -> tuple[MoneyCohort, ...]:
        """Return the cohorts with when each has paid back what it cost."""
        if self.cost is None:
            return cohorts
        names = [str(one.cohort) for one in cohorts]
        by_period = self.by is None and self.behaviour is None
        dates = [local_date(name, timezone) for name in names] if by_period else []
        costs = read_costs(self.cost, names, dates=dates)
        return tuple(
            one
            if cost is None
            else replace(
                one,
                payback=paid_back(one.ages, cost, period=self.period, currency=currency),
            )
            for one, cost in zip(cohorts, costs, strict=True)
        )


def cohorts(
    journeys: Journeys,
    *,
    start: str | None = None,
    paid: str | None = None,
    amount: str = "value",
    period: str = "month",
    by: str | None = None,
    behaviour: str | None = None,
    cost: float | str | Mapping[str, float] | None = None,
    ages: int | None = None,
    engine: Engine | None = None,
) -> Cohorts:
    """Add what cohorts bring in per entity by the time since each one's own start, with its payback.

    Parameters
    ----------
    journeys
        Whose, and which events; who began when is a matter of all time, as in ``retention``.
    start, paid
        Predicates of the events that begin and of those whose amount counts; any event unless given.
    amount
        Property with the money: ``value``, ``cost``, or one of numbers, in units of the currency.
    period
        ``day``, ``week`` or ``month``: cohorts are by the calendar period of the start, ages are 1, 7 or 30 days.
    by, behaviour
        Makes cohorts by the last known value of a trait, or by whether a predicate over people holds.
    cost
        What winning one cost: a number, or a mapping of cohorts; also as text, see ``cohorts.costs``.
    ages
        How many ages are shown; unless given as many as there are, half of them with ``by`` or ``behaviour``.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` and ``measure.cohorts.rules`` say.
    """
    ask = AskCohorts(
        start=start,
        paid=paid,
        amount=amount,
        period=period,
        by=by,
        behaviour=behaviour,
        cost=said_costs(cost),
        ages=ages,
    )
    return ask.answer(journeys, engine=engine or local_engine())
