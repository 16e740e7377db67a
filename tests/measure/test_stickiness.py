"""In how many periods people are active: counted by hand, added up over parts, compared between selections."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.journeys.build import random_rows, snapshot, us
from tests.naive import counting as naive

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, Slicing, local_engine
from pathworth.measure.counts import spans

DAY = 86_400_000_000
ROWS = random_rows(5, people=300, events=3_000)


def levels(answer):
    return [one.entities for one in answer.levels]


def by_hand(rows, edges):
    times = {}
    for who, _, at in rows:
        times.setdefault(who, []).append(at)
    return [naive.periods_seen(one, edges) for one in times.values()]


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_levels_are_those_of_sets_of_periods(period):
    journeys = Journeys(snapshot(ROWS, shards=3))
    seen = by_hand(ROWS, spans.spans(journeys, period).edges_us.tolist())
    answer = measure.stickiness(journeys, period=period)
    assert levels(answer) == [seen.count(k) for k in range(1, max(seen) + 1)]
    assert [one.at_least for one in answer.levels] == [
        sum(one >= k for one in seen) for k in range(1, max(seen) + 1)
    ]
    assert answer.mean == sum(seen) / len(seen)
    low, high = answer.mean_interval
    assert low < answer.mean < high
    last = answer.levels[-1]
    assert last.interval[0] < last.share < last.interval[1]


def test_the_interval_of_a_small_selection_leaves_out_each_person():
    rows = [(f"p{k}", "x", day * DAY) for k in range(40) for day in range(1 + k % 4)]
    answer = measure.stickiness(Journeys(snapshot(rows)))
    assert (answer.entities, answer.mean) == (40, 2.5)
    # Student's t with 39 degrees of freedom, 2.0227, times the relative error of a mean of 40 people, 0.0716.
    assert [round(one, 3) for one in answer.mean_interval] == [2.163, 2.89]


def test_days_are_those_of_the_workspace():
    rows = [("a", "x", us("2026-03-01T23:30:00")), ("a", "x", us("2026-03-02T00:30:00"))]
    assert levels(measure.stickiness(Journeys(snapshot(rows)))) == [0, 1]
    berlin = snapshot(rows, timezone="Europe/Berlin")
    assert levels(measure.stickiness(Journeys(berlin))) == [1]


def test_parts_add_up_and_say_who_they_are():
    plans = [("pro", "free", None)[k % 3] for k in range(len(ROWS))]
    answer = measure.stickiness(Journeys(snapshot(ROWS, columns={"plan": plans})), by="plan")
    assert answer.overlap == 0
    for k, one in enumerate(answer.levels):
        parts = [part.levels[k].entities for part in answer.by if k < len(part.levels)]
        assert sum(parts) == one.entities
    assert sum(part.entities for part in answer.by) == answer.entities


def test_a_selection_that_ends_inside_a_period_is_not_whole():
    world = snapshot([("a", "x", k * DAY) for k in range(10)])
    assert measure.stickiness(Journeys(world)).whole
    cut = Journeys(world, period=Period(from_us=DAY // 2, to_us=3 * DAY))
    found = measure.stickiness(cut)
    assert (found.whole, found.periods, levels(found)) == (False, 3, [0, 1])


def test_nobody_active_is_an_answer():
    answer = measure.stickiness(Journeys(snapshot([("a", "x", 0)])), active="event = 'y'")
    assert (answer.entities, answer.mean, answer.levels) == (0, None, ())


def test_sessions_and_cells_that_are_not_there_are_refused():
    journeys = Journeys(snapshot([("a", "x", 0)]))
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        measure.stickiness(replace(journeys, slicing=Slicing("session", gap_us=DAY)))
    ask = measure.AskStickiness()
    for cell in ("0", "2", "1 | pro", "at least 2", "least 1"):
        with pytest.raises(UnknownName, match="UNKNOWN_CELL"):
            ask.behind(journeys, cell, engine=local_engine())


@pytest.mark.parametrize("size", [60, 900])
def test_two_selections_with_another_mean_are_told_apart(size):
    rows, kinds = [], []
    for k in range(size):
        for day in range(1 + k % 3 + 2 * (k % 2)):
            rows.append((f"p{k}", "x", day * DAY))
            kinds.append("odd" if k % 2 else "even")
    journeys = Journeys(snapshot(rows, columns={"kind": kinds}))
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = measure.AskStickiness().differ(pair, engine=LocalEngine(1))
    assert (round(found.mean.difference, 9), found.shared) == (2.0, 0)
    assert found.mean.interval[0] < 2 < found.mean.interval[1]
    assert found.mean.words == "B is likely 2 days more." or found.mean.words.startswith(
        "B is likely 1."
    )
