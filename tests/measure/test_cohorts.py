"""What cohorts bring in: CDNOW against pandas, worlds counted by hand, costs, currencies, and who carries a sum."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from tests.journeys.build import snapshot, us

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.period import Period
from pathworth.journeys import Journeys, Slicing, local_engine
from pathworth.measure.cohorts.costs import local_date, read_costs, said_costs

DAY = 86_400_000_000


def world(rows, *, last=100, **columns):
    """Lay out (entity, day, amount); an event of nobody's makes what is known end on a day."""
    events = [(who, "order", int(day * DAY)) for who, day, _ in rows]
    amounts = [float(amount) for _, _, amount in rows]
    more = {name: [*values, None] for name, values in columns.items()}
    return snapshot(
        [*events, ("later", "other", last * DAY)], columns={"value": [*amounts, None], **more}
    )


def asked(snap, **parameters):
    given = {"start": "event = 'order'", "period": "week", **parameters}
    return measure.cohorts(Journeys(snap), **given)


def test_cdnow_brings_in_what_pandas_says(shared):
    frames = pytest.importorskip("pandas")
    file = shared / "data/cdnow/orders_master.csv"
    if not file.exists():
        pytest.skip("the orders of CDNOW are not there")
    orders = frames.read_csv(file, parse_dates=["date"])
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    snap = snapshot(
        ((row["customer_id"], "order", us(row["date"])) for row in rows),
        columns={"value": [float(row["dollars"]) for row in rows]},
        shards=2,
    )
    orders["start"] = orders.groupby("customer_id")["date"].transform("min")
    orders["age"] = (orders["date"] - orders["start"]).dt.days // 30
    orders["cohort"] = orders["start"].dt.to_period("M")
    known = orders["date"].max() + frames.Timedelta(days=1)
    answer = measure.cohorts(Journeys(snap), cost=40)
    assert [one.cohort[:7] for one in answer.cohorts] == ["1997-01", "1997-02", "1997-03"]
    for one in answer.cohorts:
        mine = orders[orders["cohort"] == one.cohort[:7]]
        assert one.size == mine["customer_id"].nunique()
        over = (mine["cohort"].iloc[0] + 1).to_timestamp()
        for at in one.ages:
            if over + frames.Timedelta(days=30 * (at.age + 1)) > known:
                assert at.per_entity is at.interval is at.payers is None
                continue
            paid = mine[mine["age"] <= at.age]
            assert at.per_entity == pytest.approx(paid["dollars"].sum() / one.size, abs=1e-9)
            assert at.payers == paid[paid["dollars"] != 0]["customer_id"].nunique()
            assert at.interval[0] < at.per_entity < at.interval[1]
        back = next(at.age for at in one.ages if at.per_entity and at.per_entity >= 40)
        assert (one.payback.age, one.payback.first <= back <= one.payback.last) == (back, True)


def test_money_is_added_by_the_age_since_each_ones_own_start():
    rows = [("a", 1, 10), ("a", 7.5, 5), ("a", 8.5, 7), ("b", 4, 1), ("b", 40, 100)]
    first = asked(world(rows), ages=3).cohorts[0]
    assert first.cohort == "1969-12-29T00:00:00Z"
    assert (first.size, first.younger) == (1, 0)
    assert [at.per_entity for at in first.ages] == [15.0, 22.0, 22.0]
    assert [at.payers for at in first.ages] == [1, 1, 1]
    assert [at.why for at in first.ages] == ["too few"] * 3


def test_an_age_that_is_not_over_for_the_whole_cohort_is_null():
    (only,) = asked(world([("a", 1, 10), ("a", 9, 5)], last=16)).cohorts
    assert [at.per_entity for at in only.ages] == [10.0, None, None]
    assert {at.why for at in only.ages[1:]} == {"not over"}


def test_money_before_the_start_does_not_count_and_who_never_starts_is_in_no_cohort():
    snap = snapshot(
        [("a", "x", 0), ("a", "order", DAY), ("b", "x", 0), ("later", "z", 90 * DAY)],
        columns={"value": [50.0, 3.0, 9.0, None]},
    )
    (only,) = asked(snap, ages=1).cohorts
    assert (only.size, only.ages[0].per_entity) == (1, 3.0)


def test_cohorts_by_a_trait_hold_only_those_whose_last_age_is_over():
    rows = [(f"p{k}", k / 2, 2 + k % 3) for k in range(180)]
    plans = [("pro", "free")[k % 2] for k in range(180)]
    snap = world(rows, plan=plans)
    answer = asked(snap, by="plan", ages=4)
    assert [one.cohort for one in answer.cohorts] == ["free", "pro"]
    assert sum(one.size for one in answer.cohorts) == sum(k / 2 <= 101 - 28 for k in range(180))
    everybody = sum(one.size for one in asked(snap).cohorts)
    assert sum(one.size + one.younger for one in answer.cohorts) == everybody == 180
    assert all(at.interval for one in answer.cohorts for at in one.ages)


def test_a_cohort_of_a_value_that_reads_like_another_word_has_a_cell_of_its_own():
    rows = [("a", 1, 10), ("b", 1, 4), ("c", 1, 6), ("d", 1, 6)]
    snap = world(rows, plan=["None", None, None, "2023-11-20"])
    answer, ask = asked(snap, by="plan", ages=1), measure.AskCohorts(period="week", by="plan")
    ask = replace(ask, start="event = 'order'", ages=1)
    sizes = {cell: n for cell, n in answer.cells().items() if cell.startswith("size")}
    assert sizes == {'size "2023-11-20"': 1, 'size "None"': 1, "size None": 2}
    for cell, n in sizes.items():
        assert measure.people(Journeys(snap), ask, cell=cell).total == n


def test_cohorts_by_behaviour_are_those_who_did_and_those_who_did_not():
    rows = [("a", 1, 10), ("a", 2, 10), ("b", 1, 4), ("c", 1, 6)]
    yes, no = asked(world(rows), behaviour="did('order', at_least=2)", ages=1).cohorts
    assert (yes.cohort, yes.size, yes.ages[0].per_entity) == ("yes", 1, 20.0)
    assert (no.cohort, no.size, no.ages[0].per_entity) == ("no", 2, 5.0)


def test_who_carries_much_of_a_sum_is_named():
    rows = [(f"p{k}", 1, 1) for k in range(60)] + [("whale", 1, 40)]
    at = asked(world(rows), ages=1).cohorts[0].ages[0]
    assert (at.carried_by.entity, at.carried_by.share) == ("whale", 0.4)
    equal = asked(world([(f"p{k}", 1, 1) for k in range(60)]), ages=1).cohorts[0].ages[0]
    assert equal.carried_by is None


def test_the_interval_holds_the_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(20)
    held = 0
    for _ in range(60):
        rows = [(f"p{k}", 1, amount) for k, amount in enumerate(rng.gamma(2, 10, 120).round(2))]
        low, high = asked(world(rows), ages=1).cohorts[0].ages[0].interval
        held += low <= 20 <= high
    assert held >= 53


def test_a_cost_is_paid_back_at_an_age_with_its_interval_or_not_within_what_is_seen():
    rng = np.random.default_rng(4)
    rows = [
        (f"p{k}", 1 + 7 * age, amount)
        for k in range(100)
        for age, amount in enumerate(rng.gamma(3, 2, 6).round(2))
    ]
    whole = asked(world(rows, last=60), cost=15, ages=6).cohorts[0]
    means = [at.per_entity for at in whole.ages]
    assert whole.payback.age == next(k for k, one in enumerate(means) if one >= 15)
    assert whole.payback.first <= whole.payback.age <= whole.payback.last
    assert whole.payback.words.startswith("EUR 15 is paid back within ")
    never = asked(world(rows, last=60), cost=500, ages=6).cohorts[0].payback
    assert (never.age, never.first, never.last) == (None, None, None)
    assert "not paid back within what is seen (6 weeks)" in never.words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12.5", [12.5, 12.5]),
        ('{"2026-03-02": 5, "2026-03-09": 0}', [5.0, 0.0]),
        ("cohort,cost\n2026-03-09,7\n", [None, 7.0]),
        ("2026-03-01T23:00:00Z, 3", [3.0, None]),
        ("2026-03,4", [4.0, 4.0]),
    ],
)
def test_costs_are_read_as_one_number_or_as_a_table(text, wanted):
    cohorts = ["2026-03-01T23:00:00Z", "2026-03-08T23:00:00Z"]
    dates = [local_date(one, "Europe/Berlin") for one in cohorts]
    assert read_costs(text, cohorts, dates=dates) == wanted


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("much", WrongUsage, "BAD_COST"),
        ("-3", WrongUsage, "BAD_COST"),
        ("nan", WrongUsage, "BAD_COST"),
        ('{"pro": "x"}', WrongUsage, "BAD_COST"),
        ('{"pro": 3', WrongUsage, "BAD_COST"),
        ('{"pro": 3, "pro": 4}', WrongUsage, "COST_TWICE"),
        ('{"por": 3}', UnknownName, "UNKNOWN_COHORT"),
    ],
)
def test_a_cost_that_cannot_be_read_is_refused(text, kind, code):
    with pytest.raises(kind, match=code):
        read_costs(text, ["pro", "free"])


def test_a_cost_in_python_may_be_a_mapping():
    assert read_costs(said_costs({"pro": 3}), ["pro", "free"]) == [3.0, None]


def test_money_of_several_currencies_is_not_added():
    rows = [("a", 1, 10), ("b", 1, 10), ("c", 2, 0)]
    snap = world(rows, currency=["USD", "EUR", "GBP"])
    with pytest.raises(NotSupported, match=r"EUR, USD.*SEVERAL_CURRENCIES"):
        asked(snap)
    journeys = Journeys(snap, where="currency = 'USD' or event = 'other'")
    answer = measure.cohorts(journeys, period="week")
    assert answer.currency == "USD"


def test_what_cannot_be_asked_is_refused():
    snap = world([("a", 1, 10)], plan=["pro"])
    with pytest.raises(NotSupported, match="AMOUNT_NEEDS_NUMBER"):
        asked(snap, amount="plan")
    with pytest.raises(WrongUsage, match="BAD_SIZE"):
        asked(snap, ages=61)
    with pytest.raises(WrongUsage, match="TWO_GROUPINGS"):
        asked(snap, by="plan", behaviour="did('order')")
    sessions = Journeys(snap, slicing=Slicing("session", gap_us=DAY))
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        measure.cohorts(sessions)


def test_a_period_shows_cohorts_and_makes_nobody_new():
    snap = world([("a", 1, 10), ("a", 30, 10), ("b", 30, 4)])
    journeys = Journeys(snap, period=Period(from_us=28 * DAY, to_us=60 * DAY))
    (only,) = measure.cohorts(journeys, start="event = 'order'", period="week", ages=1).cohorts
    assert (only.size, only.ages[0].per_entity) == (1, 4.0)


@pytest.mark.parametrize("people", [200, 1_200])
def test_two_selections_with_other_money_are_told_apart(people):
    rng = np.random.default_rng(8)
    rows = [
        (f"p{k}", 1 + k % 20, amount + 3 * (k % 2))
        for k, amount in enumerate(rng.gamma(3, 2, people).round(2))
    ]
    snap = world(rows, kind=["even" if k % 2 == 0 else "odd" for k in range(people)])
    ask = measure.AskCohorts(start="event = 'order'", period="week", ages=2)
    pair = tuple(replace(Journeys(snap), who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = ask.differ(pair, engine=local_engine())
    at = found.ages[0]
    assert (at.a_size, at.b_size, found.shared) == (people // 2, people // 2, 0)
    assert at.money.interval[0] < 3 < at.money.interval[1]
    assert at.money.words.startswith("B is likely")
    assert "EUR" in at.money.words
    assert at.money.words.endswith("higher.")
