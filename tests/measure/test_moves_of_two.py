"""Moves of A against B: what is compared, how often a truth is held, and how seldom chance is called a difference."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.journeys import Journeys, read_slicing
from pathworth.measure import AskTransitions

SECOND = 1_000_000
ASK = AskTransitions(entities=True)


def chain(rng, kind, *, stay):
    """Return one walk among a, b and c: from a it goes to b with a share that hangs on its kind."""
    here, at, events = "a", 0, []
    for _ in range(int(rng.integers(2, 9))):
        events.append((here, at))
        wait = 60 if kind == 0 else 90
        at += int(rng.exponential(wait) * SECOND)
        here = {"a": "b" if rng.random() < stay[kind] else "c"}.get(here, "a")
    return events


def world(seed, *, people=600, stay=(0.4, 0.6)):
    rng = np.random.default_rng(seed)
    rows, kinds = [], []
    for k in range(people):
        for name, at in chain(rng, k % 2, stay=stay):
            rows.append((f"p{k}", name, at))
            kinds.append("ab"[k % 2])
    return snapshot(rows, columns={"kind": kinds}, shards=2), rows


def pair(snap):
    return Journeys(snap, who="kind = 'a'"), Journeys(snap, who="kind = 'b'")


def by_hand(rows, side):
    """Return share of the moves that leave a source, and mean seconds, of every move of a side."""
    moves, people = defaultdict(list), defaultdict(list)
    for who, name, at in rows:
        if int(who[1:]) % 2 == side:
            people[who].append((at, name))
    for events in people.values():
        for (then, one), (now, two) in itertools.pairwise(events):
            moves[one, two].append((now - then + 500) // 1000 / 1000)
    left = Counter()
    for (one, _), gaps in moves.items():
        left[one] += len(gaps)
    return {move: (len(gaps) / left[move[0]], np.mean(gaps)) for move, gaps in moves.items()}


@pytest.mark.parametrize("people", [300, 2_400])
def test_shares_and_seconds_are_those_of_plain_code(people):
    snap, rows = world(1, people=people)
    answer = measure.differ(pair(snap), ASK)
    sides = by_hand(rows, 0), by_hand(rows, 1)
    assert {(one.from_, one.to) for one in answer.edges} == set(sides[0]) | set(sides[1])
    for one in answer.edges:
        for side, share, seconds in (
            (0, one.share.a, one.seconds.a),
            (1, one.share.b, one.seconds.b),
        ):
            wanted = sides[side][one.from_, one.to]
            assert (share, seconds) == pytest.approx(wanted)
    assert (answer.left_out, answer.shared, answer.rate) == (0, 0, 0.05)
    assert {one.entities_a for one in answer.edges} == {edge.entities for edge in answer.a.edges}
    asked = next(one for one in answer.edges if (one.from_, one.to) == ("a", "b"))
    assert asked.share.q < 0.05
    assert asked.share.words.endswith("points higher.")
    assert asked.seconds.words.endswith("longer.")


@pytest.mark.parametrize("people", [400, 1_600])
def test_a_truth_is_held_about_as_often_as_the_interval_says(people):
    """Sides of 200 people are left out one by one, sides of 800 by their 64 groups."""
    held, runs = Counter(), 60
    for seed in range(runs):
        found = {
            (e.from_, e.to): e
            for e in measure.differ(pair(world(900 + seed, people=people)[0]), ASK).edges
        }
        low, high = found["a", "b"].share.interval
        held["share"] += low <= 0.2 <= high
        low, high = found["b", "a"].seconds.interval
        held["seconds"] += low <= 30 <= high
    # 95 % of 60 is 57; under 51 would happen less than once in 200 times.
    assert min(held.values()) >= 51, held


def test_chance_is_seldom_called_a_difference_among_many_moves():
    """Twenty events make 400 moves; alone, one in twenty intervals would miss nothing by chance."""
    told, apart = 0, 0
    for seed in range(12):
        rows = random_rows(seed, people=1_200, events=16_000, names=20)
        kinds = ["ab"[int(who[1:]) % 2] for who, _, _ in rows]
        edges = measure.differ(pair(snapshot(rows, columns={"kind": kinds})), ASK).edges
        assert len(edges) == 400
        apart += sum(e.share.interval[0] > 0 or e.share.interval[1] < 0 for e in edges)
        told += any(e.share.q <= 0.05 for e in edges)
        for one in edges:
            claims = one.share.words.startswith("B is likely")
            assert claims == (
                one.share.q <= 0.05 and not one.share.interval[0] <= 0 <= one.share.interval[1]
            )
    assert 100 < apart < 500
    assert told <= 3


def test_q_is_the_adjusted_p_of_all_moves_that_can_be_compared():
    found = measure.differ(pair(world(3, people=800)[0]), ASK).edges
    qs = sorted(one.share.q for one in found)
    assert all(0 <= q <= 1 for q in qs)
    # From b and c everybody goes back to a: nothing to tell apart, and no q is made up.
    sure = [one for one in found if one.from_ != "a"]
    assert {one.share.words for one in sure} == {"A and B are the same here."}
    assert {one.share.q for one in sure} == {1.0}


def test_a_move_that_all_make_on_one_side_and_nobody_on_the_other_has_an_interval_with_a_width():
    rows = [(f"p{k}", name, at) for k in range(80) for name, at in (("a", 0), ("bc"[k % 2], 5))]
    kinds = ["ab"[int(who[1:]) % 2] for who, _, _ in rows]
    found = measure.differ(pair(snapshot(rows, columns={"kind": kinds})), ASK).edges
    gaps = {one.to: (one.share.difference, one.share.interval) for one in found}
    assert gaps["c"] == (1.0, measure.newcombe((0, 40), (40, 40)))
    assert gaps["b"] == (-1.0, measure.newcombe((40, 40), (0, 40)))
    assert {one.seconds.why for one in found} == {"too few"}


@pytest.mark.parametrize("names", [90, 1_500])
def test_above_sixty_four_events_the_commonest_moves_are_compared_and_the_rest_is_counted(names):
    rng = np.random.default_rng(5)
    rows = []
    for k in range(900):
        at = 0
        for _ in range(12):
            code = int(
                min(rng.integers(0, 4) if rng.random() < 0.7 else rng.integers(0, names), names - 1)
            )
            rows.append((f"p{k}", f"e{code}", at))
            at += int(rng.exponential(30) * SECOND)
    kinds = ["ab"[int(who[1:]) % 2] for who, _, _ in rows]
    snap = snapshot(rows, columns={"kind": kinds}, shards=2)
    answer = measure.differ(pair(snap), ASK)
    assert len(answer.edges) == 200
    union = {(e.from_, e.to) for side in (answer.a, answer.b) for e in side.edges}
    assert answer.left_out == len(union) - 200
    counts = Counter()
    for side in (answer.a, answer.b):
        counts.update({(e.from_, e.to): e.count for e in side.edges})
    least = min(one.count_a + one.count_b for one in answer.edges)
    assert sum(n > least for n in counts.values()) <= 200
    sides = by_hand(rows, 0), by_hand(rows, 1)
    for one in answer.edges:
        for side, share in ((0, one.share.a), (1, one.share.b)):
            if (one.from_, one.to) in sides[side]:
                assert share == pytest.approx(sides[side][one.from_, one.to][0])


def test_units_and_groups_say_about_the_same():
    """A side under 500 people is left out person by person; with ten more people it is left out by groups."""
    widths = []
    for people in (990, 1_010):
        edges = measure.differ(pair(world(8, people=people)[0]), ASK).edges
        one = next(e for e in edges if (e.from_, e.to) == ("a", "b")).share.interval
        widths.append(one[1] - one[0])
    assert widths[0] == pytest.approx(widths[1], rel=0.35)


def test_sessions_are_compared_with_sessions_of_the_same_people_as_units():
    snap, _ = world(9, people=400)
    cut = read_slicing("session(event=a)")
    a, b = (Journeys(one.snapshot, who=one.who, slicing=cut) for one in pair(snap))
    answer = measure.differ((a, b), ASK)
    assert answer.a.entities > 200
    assert answer.shared == 0
    # Every session begins with a, so that nothing goes back to it.
    assert {one.to for one in answer.edges} == {"b", "c"}
