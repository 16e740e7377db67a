"""Counts by period: by hand, by parts that add up, with periods that are not over, money and its currency."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import matplotlib as mpl
import pytest
from tests.journeys.build import random_rows, snapshot, us
from tests.naive import counting as naive

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, Slicing
from pathworth.measure.counts import points, spans

mpl.use("Agg")
DAY = 86_400_000_000
ROWS = random_rows(11, people=700, events=7_000)
SIZES = [None if k % 5 == 0 else (k % 7) / 10 for k in range(len(ROWS))]
VALUES = [k % 9 * 1.5 if k % 4 == 0 else 0 for k in range(len(ROWS))]
PLANS = [(None, "pro", "free")[k % 3] for k in range(len(ROWS))]
COLUMNS = {"size": SIZES, "value": VALUES, "plan": PLANS}
WORLD = snapshot(ROWS, columns=COLUMNS, shards=3)
ONE = LocalEngine(1)


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize("number", [None, "size", "value"])
def test_every_period_is_what_is_counted_by_hand(period, number):
    journeys = Journeys(WORLD)
    edges = spans.spans(journeys, period).edges_us.tolist()
    answer = measure.trends(journeys, steps=["e0", "e1 | e2"], period=period, number=number)
    column = {"size": SIZES, "value": [one or None for one in VALUES]}.get(number)
    for series, names in zip(answer.series, [{"e0"}, {"e1", "e2"}], strict=True):
        events, people, sums = Counter(), defaultdict(set), defaultdict(list)
        for k, (who, name, at) in enumerate(ROWS):
            if name in names:
                place = naive.period_of(at, edges)
                events[place] += 1
                people[place].add(who)
                if column is not None and column[k] is not None:
                    sums[place].append(column[k])
        for place, one in enumerate(series.points):
            assert (one.events, one.entities) == (events[place], len(people[place]))
            if number is not None:
                assert one.amounts.events == len(sums[place])
                assert one.amounts.sum == pytest.approx(sum(sums[place]), abs=1e-3)
        assert series.whole.events == sum(events.values())
        assert series.whole.entities == len(set().union(*people.values()))
        assert series.whole.per_entity == series.whole.events / series.whole.entities
    assert answer.currency == ("EUR" if number == "value" else None)


def test_events_of_parts_add_up_and_entities_but_for_the_overlap():
    for by_from in ("trait", "property"):
        answer = measure.trends(
            Journeys(WORLD), steps=["e0", "e3"], number="value", by="plan", by_from=by_from
        )
        for series in answer.series:
            for place, one in enumerate([*series.points, series.whole]):
                parts = [[*part.points, part.whole][place] for part in series.by]
                assert sum(part.events for part in parts) == one.events
                assert sum(part.entities for part in parts) == one.entities + one.overlap
                assert sum(part.amounts.sum for part in parts) == pytest.approx(one.amounts.sum)
            assert (series.whole.overlap > 0) == (by_from == "property")


def test_a_sum_is_the_same_whatever_it_is_broken_down_by():
    whole = measure.trends(Journeys(WORLD), number="size").series[0]
    for by_from in ("trait", "property"):
        answer = measure.trends(Journeys(WORLD), number="size", by="plan", by_from=by_from)
        assert [one.amounts.sum for one in answer.series[0].points] == [
            one.amounts.sum for one in whole.points
        ]


def test_rarer_values_are_one_part_that_says_how_many_it_joins():
    rows = [(f"p{k}", "x", k * 1_000) for k in range(100)]
    found = snapshot(rows, columns={"tag": [f"t{k % 25}" for k in range(100)]})
    answer = measure.trends(Journeys(found), by="tag", by_from="property")
    other = next(one for one in answer.series[0].by if one.value == "other")
    assert (len(answer.series[0].by), other.others, other.whole.events) == (21, 5, 20)
    people = measure.people_behind(
        Journeys(found),
        measure.AskTrends(by="tag", by_from="property"),
        cell="(all) any event | (other)",
        engine=ONE,
    )
    assert len(people) == other.whole.entities == 20


def test_periods_that_are_not_over_or_cut_say_so():
    world = snapshot([("a", "x", us("2026-03-02")), ("a", "x", us("2026-03-18T12:00:00"))])
    weeks = measure.trends(Journeys(world)).series[0].points
    assert [(one.events, one.over, one.cut) for one in weeks] == [
        (1, True, False),
        (0, True, False),
        (1, False, False),
    ]
    asked = Journeys(world, period=Period(us("2026-03-04"), us("2026-03-10")))
    assert [(one.over, one.cut) for one in measure.trends(asked).series[0].points] == [
        (True, True),
        (False, False),
    ]


def test_a_line_to_a_period_that_is_not_over_is_drawn_apart():
    world = snapshot([("a", "x", us("2026-03-02")), ("a", "x", us("2026-03-18T12:00:00"))])
    axes = measure.trends(Journeys(world)).plot()
    drawn = [line.get_ydata().tolist() for line in axes.lines]
    assert str(drawn[0]) == "[1.0, 0.0, nan]"
    assert drawn[1] == [0.0, 1.0]
    assert axes.lines[1].get_linestyle() == ":"
    mpl.pyplot.close("all")


def test_money_of_several_currencies_is_not_added():
    rows = [(f"p{k}", "buy", k * 1_000) for k in range(4)]
    columns = {"value": [1, 2, 0, 4], "currency": ["EUR", "USD", "GBP", "EUR"]}
    journeys = Journeys(snapshot(rows, columns=columns))
    with pytest.raises(NotSupported, match="EUR and USD are not added"):
        measure.trends(journeys, number="value")
    dollars = measure.trends(replace(journeys, where="currency = 'USD'"), number="value")
    assert (dollars.currency, dollars.series[0].whole.amounts.sum) == ("USD", 2.0)
    pounds = measure.trends(replace(journeys, where="currency = 'GBP'"), number="value")
    assert (pounds.series[0].whole.amounts.sum, pounds.series[0].whole.amounts.mean) == (0.0, None)


def test_what_is_no_number_is_refused():
    journeys = Journeys(WORLD)
    with pytest.raises(NotSupported, match="NUMBER_NEEDED"):
        measure.trends(journeys, number="plan")
    with pytest.raises(UnknownName, match="UNKNOWN_COLUMN"):
        measure.trends(journeys, number="sizes")
    with pytest.raises(UnknownName, match="UNKNOWN_BY_FROM"):
        measure.trends(journeys, by="plan", by_from="account")
    with pytest.raises(WrongUsage, match="SAME_STEP_TWICE"):
        measure.trends(journeys, steps=["e0", "e0"])
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        measure.trends(replace(journeys, slicing=Slicing("session", gap_us=DAY)))


def test_more_periods_than_a_pass_holds_are_refused():
    world = snapshot([("a", "x", 0), ("a", "x", 21_000 * DAY)])
    with pytest.raises(NotSupported, match="TOO_MANY_PERIODS"):
        measure.trends(Journeys(world), period="day")
    assert len(measure.trends(Journeys(world), period="month").series[0].points) == 691


def test_who_carries_much_of_a_sum_is_named():
    rows = [(f"p{k}", "buy", k % 3 * DAY) for k in range(90)]
    values = [500 if k == 7 else 10 for k in range(90)]
    for shards in (1, 4):
        world = snapshot(rows, columns={"value": values}, shards=shards)
        series = measure.trends(Journeys(world), period="day", number="value").series[0]
        carried = [one.amounts.carried_by for one in series.points]
        assert [None if one is None else one.entity for one in carried] == [None, "p7", None]
        assert carried[1].share == 500 / 790
        assert series.whole.amounts.carried_by.entity == "p7"


def test_intervals_are_a_jackknife_over_people_when_they_are_few(monkeypatch):
    rows = [(f"p{k}", "x", day * 1_000) for k in range(40) for day in range(1 + k % 4)]
    whole = measure.trends(Journeys(snapshot(rows))).series[0].whole
    assert whole.per_entity == 2.5
    assert [round(one, 3) for one in whole.interval] == [2.163, 2.89]
    monkeypatch.setattr(points, "_CHUNK", 1)
    assert measure.trends(Journeys(snapshot(rows))).series[0].whole == whole
    three = measure.trends(Journeys(snapshot(rows), who="person in ('p1', 'p2', 'p3')"))
    assert (three.series[0].whole.interval, three.series[0].whole.why) == (None, "too few")


@pytest.mark.parametrize("size", [80, 1_200])
def test_two_selections_are_compared_by_total_and_mean(size):
    rows, kinds, values = [], [], []
    for k in range(size):
        for day in range(2 + k % 3 + (k % 2)):
            rows.append((f"p{k}", "buy", day * DAY + k))
            kinds.append("odd" if k % 2 else "even")
            values.append(10 + 5 * (k % 2) + k % 4)
    columns = {"kind": kinds, "value": values}
    journeys = Journeys(snapshot(rows, columns=columns))
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = measure.AskTrends(steps=("buy",), number="value", period="day").differ(pair, engine=ONE)
    one = found.series[0]
    even = [k for k in range(len(rows)) if kinds[k] == "even"]
    assert one.events.a == len(even)
    assert one.events.b == len(rows) - len(even)
    assert one.sum.a == sum(values[k] for k in even)
    assert one.mean.a == one.sum.a / len(even)
    for number in (one.events, one.per_period, one.per_entity, one.sum, one.mean):
        assert number.interval[0] < number.difference < number.interval[1]
    assert one.mean.words.startswith("B is likely EUR")
    assert found.shared == 0
