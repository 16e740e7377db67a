"""What cohorts bring in, as an answer: money per entity by age, and when it has paid back its cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import of_part
from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.flow.contracts import Carrier


@dataclass(frozen=True)
class CohortAge:
    """What a cohort brought in up to the end of an age, 0 being the first period after each one's own start.

    All are null while the age is not over for the whole cohort. ``per_entity`` is in units of the currency;
    ``interval`` is a delete-a-group jackknife at 95 %, on the log scale where positive, null with ``why`` beside it.
    ``payers`` are the entities that paid by then; ``carried_by`` is one that carries more than 5 % of the money.
    """

    age: int
    per_entity: float | None
    interval: Interval | None
    payers: int | None
    why: str | None = None
    carried_by: Carrier | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Payback:
    """When the money of one entity reaches what it cost to win it.

    ``age`` is the first one at the end of which it does, ``first`` and ``last`` those of the ends of its interval;
    each is null when that is not within what is seen.
    """

    cost: float
    age: int | None
    first: int | None
    last: int | None
    words: str


@dataclass(frozen=True)
class MoneyCohort:
    """Entities that began in one period, or with one value of a trait, or by whether they hold the behaviour.

    ``younger`` began too short a time ago for the last age to be over and are not in ``size``, except among cohorts
    by period, which hold everybody. ``others`` says how many rarer values a cohort joins.
    """

    cohort: str | None
    size: int
    younger: int
    ages: tuple[CohortAge, ...]
    payback: Payback | None = field(default=None, metadata=ON_REQUEST)
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Cohorts(Answer):
    """What each cohort brings in per entity by age; ages are of 1, 7 or 30 days since each one's own start.

    ``trait`` is what cohorts have one value of, if that is what makes them.
    """

    period: str
    currency: str
    cohorts: tuple[MoneyCohort, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    trait: str | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per cohort and age."""
        heads = ("cohort", "size", "age", "per_entity", "low", "high", "payers")
        rows = []
        for one in self.cohorts:
            for at in one.ages:
                low, high = at.interval or (None, None)
                rows.append((one.cohort, one.size, at.age, at.per_entity, low, high, at.payers))
        title = f"{self.currency} per person by {self.period}s since their start"
        return Sheet(title, heads, tuple(rows), Chart("lines", "age", ("per_entity",), "cohort"))

    def cells(self) -> dict[str, int]:
        """Return the size of every cohort, who is too young for it, and who paid up to every age."""
        found = {}
        for one in self.cohorts:
            name = word_of(one.cohort, joins=one.others, trait=self.trait)
            found[f"size {name}"] = one.size
            if one.younger:
                found[f"younger {name}"] = one.younger
            for at in one.ages:
                if at.payers is not None:
                    found[f"paid {at.age} {name}"] = at.payers
        return found


def word_of(cohort: str | None, *, joins: int | None, trait: str | None) -> str:
    """Return how a cohort is written in a cell: a value of a trait as every part is."""
    return str(cohort) if trait is None else of_part(cohort, joins=joins)


@dataclass(frozen=True)
class CohortAgeDiff:
    """Money per entity up to the end of an age, over all cohorts for which it is over, B less A."""

    age: int
    a_size: int
    b_size: int
    money: Difference


@dataclass(frozen=True)
class CohortsDiff(Answer):
    """Money per entity by age compared between two selections; ``shared`` are the entities on both sides.

    Intervals are a jackknife with the same groups on both sides.
    """

    a: Cohorts
    b: Cohorts
    ages: tuple[CohortAgeDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per age."""
        rows = tuple((one.age, one.money.a, one.money.b, one.money.words) for one in self.ages)
        return Sheet("B against A", ("age", "A", "B", "in words"), rows)


def paid_back(ages: tuple[CohortAge, ...], cost: float, *, period: str, currency: str) -> Payback:
    """Return when the money of one entity reaches a cost, in words too."""
    known = [one for one in ages if one.per_entity is not None]
    at = _first([(one.age, one.per_entity) for one in known], cost)
    first = _first([(one.age, one.interval[1]) for one in known if one.interval], cost)
    last = _first([(one.age, one.interval[0]) for one in known if one.interval], cost)
    spent = f"{currency} {cost:,.2f}".removesuffix(".00")
    seen = _length(len(known), period)
    if at is None:
        words = f"{spent} is not paid back within what is seen ({seen})."
        if first is not None:
            words += f" It may be within {_length(first + 1, period)}."
        return Payback(cost, at, first, last, words)
    words = f"{spent} is paid back within {_length(at + 1, period)}"
    if first is None:
        return Payback(cost, at, first, last, words + "; there are too few to say how sure.")
    until = (
        "not within what is seen" if last is None else f"{_length(last + 1, period)} at the latest"
    )
    words += f" (likely {_length(first + 1, period)} at the earliest, {until})."
    return Payback(cost, at, first, last, words)


def _first(points: list[tuple[int, float | None]], cost: float) -> int | None:
    return next((age for age, money in points if money is not None and money >= cost), None)


def _length(count: int, period: str) -> str:
    return f"{count} {period}" if count == 1 else f"{count} {period}s"
