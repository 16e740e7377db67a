"""Transitions: what is counted, how many states there may be, and what the intervals say."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import fields, replace

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.json import to_json
from pathworth.base.period import Period
from pathworth.journeys import Journeys

DAY = 86_400_000_000


def by_hand(rows):
    """Return entity -> events in order of time, then of the file."""
    people = defaultdict(list)
    for k, (who, what, when) in enumerate(rows):
        people[who].append((when, k, what))
    return {
        who: [(what, when) for when, _, what in sorted(events)] for who, events in people.items()
    }


def pairs(rows):
    found = defaultdict(list)
    for events in by_hand(rows).values():
        for (a, then), (b, now) in itertools.pairwise(events):
            found[a, b].append((now - then) / 1e6)
    return found


@pytest.mark.parametrize("names", [6, 200, 1_500])
def test_moves_are_the_same_by_matrix_and_by_list(names):
    rows = random_rows(3, people=200, events=6_000, names=names)
    wanted = pairs(rows)
    for asked in ({}, {"entities": True}):
        answer = measure.transitions(Journeys(snapshot(rows, shards=2)), **asked)
        assert {(e.from_, e.to): e.count for e in answer.edges} == {
            k: len(v) for k, v in wanted.items()
        }
        for edge in answer.edges:
            assert edge.mean_seconds == pytest.approx(np.mean(wanted[edge.from_, edge.to]))
        assert answer.events == 6_000
        assert [(e.from_, e.to) for e in answer.edges] == sorted(wanted)


@pytest.mark.parametrize("names", [6, 200, 1_500])
def test_a_median_lies_in_the_bin_of_the_exact_one_or_the_next(names):
    rows = random_rows(4, people=150, events=8_000, names=names)
    wanted = pairs(rows)
    answer = measure.transitions(Journeys(snapshot(rows)), times="quantiles")
    with_median = [edge for edge in answer.edges if edge.median_seconds is not None]
    assert len(with_median) == min(len(answer.edges), len(answer.edges) if names <= 64 else 200)
    for edge in with_median:
        exact = float(np.median(wanted[edge.from_, edge.to]))
        assert abs(edge.median_seconds - exact) <= max(0.001, 2 * exact / 16)


def test_parts_by_a_property_of_the_first_event_add_up_and_state_their_overlap():
    rows = random_rows(5, people=80, events=2_000)
    plans = [None if k % 5 == 0 else f"v{k % 3}" for k in range(len(rows))]
    answer = measure.transitions(
        Journeys(snapshot(rows, columns={"plan": plans})), by="plan", entities=True
    )
    assert [part.value for part in answer.by] == ["v0", "v1", "v2", None]
    for edge in answer.edges:
        same = [
            e.count
            for part in answer.by
            for e in part.edges
            if (e.from_, e.to) == (edge.from_, edge.to)
        ]
        assert sum(same) == edge.count
    movers = sum(len(events) > 1 for events in by_hand(rows).values())
    assert answer.overlap == sum(part.entities for part in answer.by) - movers


def test_rare_values_stand_together_and_are_counted():
    rows = random_rows(6, people=80, events=3_000)
    words = [f"w{k % 40:02d}" if k % 2 else f"v{k % 5}" for k in range(len(rows))]
    answer = measure.transitions(Journeys(snapshot(rows, columns={"word": words})), by="word")
    assert len(answer.by) == 21
    rest = next(part for part in answer.by if part.others is not None)
    assert rest.value == "other"
    assert rest.others == len(set(words)) - 20
    assert sum(part.moves for part in answer.by) == sum(edge.count for edge in answer.edges)


def test_few_units_give_no_interval_and_say_so():
    rows = [(f"p{k}", name, k * DAY + t) for k in range(29) for t, name in enumerate(("a", "b"))]
    edge = measure.transitions(Journeys(snapshot(rows))).edges[0]
    assert (edge.mean_interval, edge.why) == (None, "too few")
    more = [*rows, ("p29", "a", 0), ("p29", "b", 5_000_000)]
    edge = measure.transitions(Journeys(snapshot(more))).edges[0]
    assert edge.why is None
    assert edge.mean_interval[0] < edge.mean_seconds < edge.mean_interval[1]


def test_units_are_counted_in_the_cell_not_in_the_selection():
    rows = [(f"p{k}", "a", 0) for k in range(600)] + [
        (f"p{k}", "a", (k + 1) * 1_000_000) for k in range(600)
    ]
    rows += [(f"p{k}", "rare", 10**10) for k in range(20)] + [
        (f"p{k}", "a", 2 * 10**10) for k in range(20)
    ]
    found = {(e.from_, e.to): e for e in measure.transitions(Journeys(snapshot(rows))).edges}
    assert found["a", "a"].mean_interval is not None
    assert found["rare", "a"].why == "too few"


def test_the_interval_of_a_mean_time_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(11)
    hits = 0
    for _ in range(60):
        gaps = rng.exponential(3_600_000_000, 200).astype(int)
        rows = [(f"p{k}", "a", 0) for k in range(200)] + [
            (f"p{k}", "b", int(g)) for k, g in enumerate(gaps)
        ]
        low, high = measure.transitions(Journeys(snapshot(rows))).edges[0].mean_interval
        hits += low <= 3_600 <= high
    assert 51 <= hits <= 60


def test_where_makes_neighbours_of_what_it_keeps_and_a_period_cuts():
    rows = [("p", "a", 0), ("p", "x", DAY), ("p", "b", 2 * DAY), ("p", "c", 3 * DAY)]
    world = snapshot(rows)
    kept = measure.transitions(Journeys(world, where="event <> 'x'"))
    assert [(e.from_, e.to, e.mean_seconds) for e in kept.edges] == [
        ("a", "b", 172_800.0),
        ("b", "c", 86_400.0),
    ]
    cut = measure.transitions(Journeys(world, period=Period(DAY, 3 * DAY)))
    assert [(e.from_, e.to) for e in cut.edges] == [("x", "b")]


def test_gaps_are_rounded_half_up_to_whole_ms():
    rows = [("p", "a", 0), ("p", "b", 1_500), ("q", "a", 0), ("q", "b", 1_499)]
    assert measure.transitions(Journeys(snapshot(rows))).edges[0].mean_seconds == 0.0015


def test_what_was_not_asked_for_is_not_in_the_json():
    world = snapshot([("p", "a", 0), ("p", "b", 1)])
    plain = to_json(measure.transitions(Journeys(world)))
    assert list(plain) == ["entities", "events", "edges", "excluded", "as_of"]
    assert list(plain["edges"][0]) == [
        "from",
        "to",
        "count",
        "mean_seconds",
        "mean_interval",
        "why",
    ]
    rich = to_json(measure.transitions(Journeys(world), times="quantiles", entities=True))["edges"][
        0
    ]
    assert {"entities", "median_seconds"} <= set(rich)


def test_a_snapshot_without_events_has_no_edges():
    answer = measure.transitions(Journeys(snapshot([])), times="quantiles", entities=True)
    assert (answer.entities, answer.events, answer.edges) == (0, 0, ())


@pytest.mark.parametrize(
    ("asked", "code", "kind"),
    [
        ({"times": "median"}, "UNKNOWN_TIMES", UnknownName),
        ({"by": "plam"}, "UNKNOWN_COLUMN", UnknownName),
        ({"by": "size"}, "BY_NEEDS_VALUES", NotSupported),
        ({"steps": ["a"] * 65}, "TOO_MANY_STEPS", WrongUsage),
        ({"steps": ["aa"]}, "UNKNOWN_EVENT", UnknownName),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_code(asked, code, kind):
    world = snapshot(
        [("p", "a", 0), ("p", "b", 1)], columns={"plan": ["x", None], "size": [1.0, 2.0]}
    )
    with pytest.raises(kind) as caught:
        measure.transitions(Journeys(world), **asked)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(WrongUsage) as caught:
        measure.transitions(Journeys(snapshot([("p", "a", 0)]), period=Period(5, 5)))
    assert caught.value.code == "EMPTY_PERIOD"


def test_above_64_events_the_chosen_ones_get_the_interval_that_a_small_graph_would_give():
    rows = random_rows(5, people=900, events=30_000, names=70)
    journeys = Journeys(snapshot(rows, shards=2))
    names = sorted({what for _, what, _ in rows})
    bare = measure.transitions(journeys)
    assert {edge.why for edge in bare.edges} == {"more than 64 events: choose at most 64 of them"}
    answer = measure.transitions(journeys, chosen=names[:60])
    inside = [e for e in answer.edges if e.from_ in names[:60] and e.to in names[:60]]
    assert sum(edge.mean_interval is not None for edge in inside) > 0.9 * len(inside)
    assert all(e.mean_interval is None for e in answer.edges if e not in inside)
    # With the others as one event the graph is small, and its moves among the chosen are the same.
    joined = [(who, what if what in names[:60] else "rest", when) for who, what, when in rows]
    small = {(e.from_, e.to): e for e in measure.transitions(Journeys(snapshot(joined))).edges}
    for edge in inside:
        # The columns lie in another order, so sums differ in their last bits.
        assert edge.mean_interval == pytest.approx(small[edge.from_, edge.to].mean_interval)
        assert edge.count == small[edge.from_, edge.to].count


def test_what_is_chosen_must_be_there_and_fit():
    journeys = Journeys(snapshot(random_rows(6, people=40, events=3_000, names=80)))
    with pytest.raises(UnknownName, match="UNKNOWN_EVENT"):
        measure.transitions(journeys, chosen=["nothing of the kind"])
    with pytest.raises(NotSupported, match="TOO_MANY_EVENTS"):
        measure.transitions(journeys, chosen=journeys.snapshot.names[:65])


def slow_one(people, *, names=("a", "b")):
    """Everybody takes a minute, one person takes days."""
    a, b = names
    rows = []
    for k in range(people):
        gap = 40 * DAY if k == 7 else 60_000_000
        rows += [(f"p{k}", a, k * 1_000), (f"p{k}", b, k * 1_000 + gap)]
    return rows


@pytest.mark.parametrize("people", [200, 3_000])
@pytest.mark.parametrize("shards", [1, 4])
def test_an_entity_that_carries_much_of_the_time_is_named_beside_the_interval(people, shards):
    journeys = Journeys(snapshot(slow_one(people), shards=shards))
    (edge,) = measure.transitions(journeys).edges
    total = 40 * 86_400 + (people - 1) * 60
    assert edge.mean_interval is not None
    assert edge.carried_by is not None
    assert edge.carried_by.entity == "p7"
    assert edge.carried_by.share == pytest.approx(40 * 86_400 / total)
    assert to_json(edge)["carried_by"]["entity"] == "p7"


def test_where_nobody_carries_much_nobody_is_named():
    rows = [
        (f"p{k}", what, k * 1_000 + at)
        for k in range(2_000)
        for what, at in (("a", 0), ("b", 60_000_000))
    ]
    (edge,) = measure.transitions(Journeys(snapshot(rows))).edges
    assert edge.mean_interval is not None
    assert edge.carried_by is None
    assert "carried_by" not in to_json(edge)


def test_of_two_that_carry_the_same_the_same_one_is_named_for_any_number_of_shards():
    rows = [
        row
        for k in range(40)
        for row in ((f"p{k}", "a", k), (f"p{k}", "b", k + (DAY if k in {3, 31} else 1_000_000)))
    ]
    named = {
        measure.transitions(Journeys(snapshot(rows, shards=n))).edges[0].carried_by
        for n in (1, 2, 4, 8)
    }
    assert len(named) == 1
    assert named.pop().entity in {"p3", "p31"}


def paying(people, *, amount=lambda k: 10.0, cost=0.0):
    """Everybody looks, then pays."""
    rows = [row for k in range(people) for row in ((f"p{k}", "look", k), (f"p{k}", "pay", k + 60))]
    money = [one for k in range(people) for one in (0.0, amount(k))]
    costs = [one for k in range(people) for one in (0.0, cost)]
    return snapshot(rows, columns={"value": money, "cost": costs}, shards=2)


def test_the_money_of_a_move_is_the_net_money_of_the_events_it_enters():
    rows = random_rows(12, people=90, events=2_000, names=4)
    rows = [(who, what, when + k) for k, (who, what, when) in enumerate(rows)]
    value = [round((k % 7 - 2) * 1.37, 2) for k in range(len(rows))]
    cost = [round(k % 3 * 0.11, 2) for k in range(len(rows))]
    net = {(who, when): a - b for (who, _, when), a, b in zip(rows, value, cost, strict=True)}
    wanted = defaultdict(float)
    for who, events in by_hand(rows).items():
        for (a, _), (b, now) in itertools.pairwise(events):
            wanted[a, b] += net[who, now]
    world = snapshot(rows, columns={"value": value, "cost": cost}, shards=2)
    answer = measure.transitions(Journeys(world), money="value")
    assert answer.currency == world.currency
    assert {(e.from_, e.to): e.money for e in answer.edges} == pytest.approx(wanted)
    assert all(e.money_interval[0] < e.money < e.money_interval[1] for e in answer.edges)
    assert "money" not in to_json(measure.transitions(Journeys(world)))["edges"][0]


def test_the_money_of_parts_adds_up_to_that_of_the_move():
    rows = random_rows(13, people=600, events=9_000, names=4)
    columns = {
        "value": [k % 5 for k in range(len(rows))],
        "plan": [("x", "y", None)[k % 3] for k in range(len(rows))],
    }
    journeys = Journeys(snapshot(rows, columns=columns))
    answer = measure.transitions(journeys, money="value", by="plan")
    for edge in answer.edges:
        parts = [
            one.money
            for part in answer.by
            for one in part.edges
            if (one.from_, one.to) == (edge.from_, edge.to)
        ]
        assert sum(parts) == pytest.approx(edge.money)


@pytest.mark.parametrize("people", [300, 1_500])
def test_the_interval_of_a_sum_of_money_holds_the_truth_about_as_often_as_it_says(people):
    held, runs = 0, 60
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        paid = rng.exponential(20, people) * (rng.random(people) < 0.5)
        (edge,) = measure.transitions(
            Journeys(paying(people, amount=lambda k, paid=paid: float(paid[k]))), money="value"
        ).edges
        low, high = edge.money_interval
        held += low <= 10 * people <= high
    assert held >= 51, held


def test_who_carries_much_of_the_money_is_named():
    world = paying(800, amount=lambda k: 9_000.0 if k == 11 else 10.0, cost=1.0)
    (edge,) = measure.transitions(Journeys(world), money="value").edges
    assert edge.money == pytest.approx(8_999 + 799 * 9)
    assert edge.money_carried_by.entity == "p11"
    assert edge.money_carried_by.share == pytest.approx(8_999 / edge.money)
    (plain,) = measure.transitions(Journeys(paying(800)), money="value").edges
    assert plain.money_carried_by is None


def test_above_sixty_four_events_the_commonest_two_hundred_moves_have_their_money():
    rows = random_rows(14, people=700, events=9_000, names=90)
    world = snapshot(rows, columns={"value": [1.0] * len(rows)})
    edges = measure.transitions(Journeys(world), money="value").edges
    paid = [edge for edge in edges if edge.money is not None]
    assert len(paid) == 200
    assert all(edge.money == edge.count for edge in paid)
    assert min(edge.count for edge in paid) >= max(
        edge.count for edge in edges if edge.money is None
    )


@pytest.mark.parametrize("selection", [{}, {"where": "plan <> 'p2'"}])
def test_what_is_broken_down_has_the_same_whole(selection):
    rows = random_rows(5, people=300, events=4_000)
    plans = [f"p{k % 5}" for k in range(len(rows))]
    journeys = Journeys(snapshot(rows, columns={"plan": plans}), **selection)
    parts = measure.transitions(journeys, by="plan")
    assert replace(parts, by=None, overlap=None) == measure.transitions(journeys)


def test_an_edge_that_is_made_at_once_has_every_field_in_its_order():
    rows = [(f"p{k}", name, k * 10 + place) for k in range(40) for place, name in enumerate("abc")]
    for asked in ({}, {"entities": True, "times": "quantiles"}):
        answer = measure.transitions(Journeys(snapshot(rows)), **asked)
        for edge in answer.edges:
            assert list(vars(edge)) == [field.name for field in fields(edge)]
            assert edge == type(edge)(**vars(edge))
