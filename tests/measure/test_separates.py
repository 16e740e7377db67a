"""What separates two groups: planted differences are found first, and where there is none, rarely any is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.journeys.build import snapshot

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, Slicing
from pathworth.measure.separating.apart import LEVEL, apart, p_values, q_values, scores

pytestmark = pytest.mark.slow

HOUR = 3_600_000_000
DAY = 24 * HOUR
NAMES = tuple(f"n{k}" for k in range(6))
OFTEN = (0.194, 0.194, 0.194, 0.03, 0.194, 0.194)


def people(seed, *, n=240, planted=None, order=None, goes=0.001):
    """Return people who begin at any time in 60 days, do things at random, and reach the goal at random.

    ``planted`` is an event after which the goal is five times as likely an hour; ``order`` are two events, of which
    the goal is as much more likely once both are done and the first came first. What is done takes no longer
    without a goal: everybody is seen until day 60, so that those who never reach it are there longer.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        start = float(rng.uniform(0, 50)) * 24
        rows.append((f"p{k}", "begin", start))
        at, seen = start, []
        while True:
            step = float(rng.exponential(12.0))
            rate = goes
            if planted in seen or (order and comes_first(seen, order)):
                rate = 5 * goes
            goal = float(rng.exponential(1 / rate))
            if min(goal, step) + at >= 60 * 24:
                break
            if goal < step:
                rows.append((f"p{k}", "goal", at + goal))
                break
            at += step
            seen.append(NAMES[int(rng.choice(len(NAMES), p=OFTEN))])
            rows.append((f"p{k}", seen[-1], at))
    return snapshot([(who, what, int(when * HOUR)) for who, what, when in rows])


def comes_first(seen, order):
    a, b = order
    return a in seen and b in seen and seen.index(a) < seen.index(b)


def test_without_a_true_difference_the_rate_of_any_find_is_at_most_the_stated_one():
    answers = [measure.separates(Journeys(people(seed, n=160)), goal="goal") for seed in range(200)]
    assert min(one.tested for one in answers) >= 8
    assert sum(one.found > 0 for one in answers) <= LEVEL * 200


def test_immortal_time_separates_nobody_though_the_others_do_far_more():
    answer = measure.separates(Journeys(people(1, n=600)), goal="goal")
    early = measure.separates(Journeys(people(1, n=600)), goal="goal", within="3d")
    assert answer.found == early.found == 0
    assert answer.tested > 15
    assert answer.words.startswith("Cannot tell them apart: none of ")


def test_a_planted_event_is_found_first():
    answer = measure.separates(Journeys(people(2, n=1_000, planted="n3")), goal="goal")
    first = answer.things[0]
    assert (first.events[0], first.kind, first.found) == ("n3", "did", True)
    assert first.interval[0] > 0.1
    assert first.words.startswith("n3 goes together with goal: ")
    assert answer.found == sum(one.found for one in answer.things)


def test_a_planted_order_is_found_first():
    answer = measure.separates(Journeys(people(3, n=1_000, order=("n1", "n4"))), goal="goal")
    first = next(one for one in answer.things if one.kind == "order")
    assert (first.label, first.found) == ("n1 before n4", True)
    assert first.q <= 0.001


def test_no_sentence_speaks_of_a_cause():
    for seed, planted in ((2, "n3"), (5, None)):
        text = to_text(
            to_json(measure.separates(Journeys(people(seed, n=300, planted=planted)), goal="goal"))
        )
        assert "cause" not in text
        assert "together with" in text or "Cannot tell" in text


def test_everybody_is_in_a_group_or_aside():
    snap = people(6, n=300)
    answer = measure.separates(Journeys(snap), goal="goal")
    everybody = answer.a.size + answer.b.size + sum(answer.aside.values())
    assert everybody == snap.entities == 300
    assert answer.aside["too young"] > 0
    late = Journeys(snap, period=Period(from_us=20 * DAY, to_us=60 * DAY))
    assert measure.separates(late, goal="goal").aside["began before"] > 0


def test_who_reaches_the_goal_at_once_is_in_neither_group():
    rows = [("a", "goal", 5), ("b", "x", 0), ("b", "goal", 9), ("c", "x", 0), ("c", "x", 40)]
    answer = measure.separates(Journeys(snapshot(rows)), goal="goal")
    assert (answer.a.size, answer.b.size, dict(answer.aside)) == (1, 1, {"at once": 1})
    assert answer.words.endswith("under 30.")


def test_what_is_done_at_the_goal_or_after_it_does_not_count():
    rows = []
    for k in range(80):
        rows += [(f"p{k}", "x", 0), (f"p{k}", "early", HOUR), (f"p{k}", "late", 30 * DAY)]
        if k % 2:
            rows += [(f"p{k}", "goal", 2 * HOUR), (f"p{k}", "after", 2 * HOUR)]
    answer = measure.separates(Journeys(snapshot(rows)), goal="goal")
    assert (answer.a.size, answer.b.size) == (40, 40)
    # Everybody did early, nobody late or after before the moment: nothing is left that could separate.
    assert (answer.tested, answer.found) == (0, 0)


def test_two_selections_are_separated_by_what_one_of_them_does():
    rng = np.random.default_rng(9)
    rows, plans = [], []
    for k in range(800):
        pro = bool(rng.integers(0, 2))
        did = ["x", *(["export"] if rng.random() < (0.6 if pro else 0.3) else []), "y"]
        rows += [(f"p{k}", what, (k + 5 * j) * HOUR) for j, what in enumerate(did)]
        plans += ["pro" if pro else "free"] * len(did)
    journeys = Journeys(snapshot(rows, columns={"plan": plans}))
    pair = tuple(Journeys(journeys.snapshot, who=f"plan = '{plan}'") for plan in ("free", "pro"))
    answer = measure.separates_diff(pair)
    assert answer.things[0].label == "export"
    assert answer.things[0].interval[0] < 0.3 < answer.things[0].interval[1]
    assert answer.things[0].words.startswith("export goes together with B: ")
    same = measure.separates_diff((journeys, journeys))
    assert same.aside["on both sides"] == 800
    assert same.cells() == {"on both sides": 800}


@pytest.mark.parametrize("cut", [1, 4])
def test_every_cell_of_two_selections_lists_as_many_people_as_it_says(cut):
    rng = np.random.default_rng(cut)
    rows, plans = [], []
    for k in range(300):
        did = ["x", *(["export"] if rng.random() < 0.5 else []), "y"]
        rows += [(f"p{k}", what, (k + 5 * j) * HOUR) for j, what in enumerate(did)]
        plans += [("pro", "free", "team")[k % 3]] * len(did)
    held = snapshot(rows, columns={"plan": plans}, shards=cut)
    pair = (Journeys(held, who="plan <> 'pro'"), Journeys(held, who="plan <> 'free'"))
    ask = measure.AskSeparates()
    cells = measure.differ(pair, ask).cells()
    assert {"A", "B", "B export", "A export", "on both sides"} <= set(cells)
    exported = {p.encode() for p, what, _ in rows if what == "export"}
    plan = {f"p{k}".encode(): ("pro", "free", "team")[k % 3] for k in range(300)}
    for cell, count in cells.items():
        found = measure.people_behind_both(pair, ask, cell=cell, engine=LocalEngine(1))
        assert len(found) == count, cell
        side = {"A": "free", "B": "pro", "o": "team"}[cell[0]]
        assert {plan[one.id] for one in found} == {side}, cell
        assert not cell.endswith(" export") or all(one.id in exported for one in found)
    with pytest.raises(UnknownName, match="UNKNOWN_CELL"):
        measure.people_behind_both(pair, ask, cell="too young", engine=LocalEngine(1))


@pytest.mark.parametrize("cut", [1, 4])
def test_who_is_in_neither_of_two_selections_is_listed_for_each_of_them(cut):
    rows = []
    for k in range(90):
        begin = 12 * HOUR * k
        first = "goal" if k % 6 == 0 else "x"
        rows += [(f"p{k}", first, begin), (f"p{k}", "y", begin + HOUR), (f"p{k}", "y", 60 * DAY)]
    held = snapshot(
        rows, columns={"plan": [("pro", "free")[k // 3 % 2] for k in range(len(rows))]}, shards=cut
    )
    pair = (
        Journeys(held, who="plan = 'free'", period=Period(from_us=10 * DAY, to_us=61 * DAY)),
        Journeys(held, period=Period(from_us=30 * DAY, to_us=61 * DAY)),
    )
    ask = measure.AskSeparates(goal="goal")
    answer = measure.differ(pair, ask)
    began = {f"p{k}".encode(): 12 * HOUR * k for k in range(90)}
    free = {f"p{k}".encode() for k in range(90) if k % 2}
    assert all(answer.cells()[cell] == count for cell, count in answer.aside.items())
    found = {
        cell: {
            one.id
            for one in measure.people_behind_both(pair, ask, cell=cell, engine=LocalEngine(1))
        }
        for cell in answer.aside
    }
    assert {cell: len(ids) for cell, ids in found.items()} == dict(answer.aside)
    assert found["began before in A"] == {one for one in free if began[one] < 10 * DAY}
    assert found["began before in B"] == {one for one in began if began[one] < 30 * DAY}
    # Who reached the goal at once stands in both selections too, and is aside for that.
    assert found["on both sides"] == {one for one in free if began[one] >= 30 * DAY}
    goals = {f"p{k}".encode() for k in range(0, 90, 6)}
    assert found["at once in B"] == {one for one in goals - free if began[one] >= 30 * DAY}
    assert "at once in A" not in found
    with pytest.raises(UnknownName, match="UNKNOWN_CELL"):
        measure.people_behind_both(pair, ask, cell="at once", engine=LocalEngine(1))


def test_q_is_the_rate_of_false_ones_among_those_at_least_as_sure():
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert q_values(p).tolist() == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_one_stratum_gives_the_test_of_one_table():
    did, of = np.array([[20], [35]]), np.array([[100], [100]])
    z = scores(did[:, :, None], of[:, :, None])
    # 55 of 200 did: 35 are 7.5 more than expected, 7 after the correction.
    expected = 7.0 / np.sqrt(100 * 100 * 55 * 145 / (200**2 * 199))
    assert z[0] == pytest.approx(expected)
    assert p_values(z)[0] == pytest.approx(0.0268, abs=5e-4)
    found = apart(did, of)
    assert (found.a, found.b) == (0.2, 0.35)
    assert found.interval == pytest.approx((0.0261, 0.2681), abs=1e-4)


def test_a_share_is_weighted_to_the_lengths_of_time_that_the_other_group_had():
    did, of = np.array([[9, 10], [5, 80]]), np.array([[90, 20], [10, 90]])
    found = apart(did, of)
    assert found.a == pytest.approx(0.1 * 0.1 + 0.9 * 0.5)
    assert found.b == pytest.approx(0.85)


def test_what_cannot_be_asked_is_refused():
    journeys = Journeys(snapshot([("a", "x", 0)]))
    with pytest.raises(WrongUsage, match="NO_GOAL"):
        measure.separates(journeys)
    with pytest.raises(WrongUsage, match="BAD_SIZE"):
        measure.separates(journeys, goal="x", most=0)
    sessions = Journeys(journeys.snapshot, slicing=Slicing("session", gap_us=DAY))
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        measure.separates(sessions, goal="x")


def test_shards_that_are_folded_in_pieces_say_the_same(monkeypatch):
    held = people(3, planted="n3")
    ask = measure.AskSeparates(goal="goal")
    whole = to_json(ask.answer(Journeys(held), engine=LocalEngine(1)))
    monkeypatch.setattr("pathworth.journeys.engine.SMALL", 50)
    engine = LocalEngine(3)
    assert len(engine._pieces(Journeys(held))) > 4  # what the test is about
    assert to_json(ask.answer(Journeys(held), engine=engine)) == whole
