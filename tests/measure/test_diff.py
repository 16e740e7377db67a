"""A against B: the published interval, whose people are shared, and how often the truth is held."""

from __future__ import annotations

import numpy as np
import pytest
from tests.journeys.build import snapshot

from pathworth import measure
from pathworth.base.period import Period
from pathworth.journeys import Journeys
from pathworth.measure import AskRetention, AskSessions, AskTransitions
from pathworth.measure.diff.wording import EVENTS, POINTS, SECONDS, said

DAY = 86_400_000_000
MINUTE = 60_000_000


def world(seed, *, people=600, shares=(0.3, 0.5)):
    """Return half of the people in each of two kinds, who buy with the share of their kind."""
    rng = np.random.default_rng(seed)
    rows, kinds = [], []
    for k in range(people):
        kind = k % 2
        events = [("look", 0)] + ([("buy", 5 * MINUTE)] if rng.random() < shares[kind] else [])
        events += [("look", 40 * DAY)] if rng.random() < shares[kind] else []
        start = int(rng.integers(0, 20)) * DAY
        rows += [(f"p{k}", name, start + at) for name, at in events]
        kinds += ["ab"[kind]] * len(events)
    # One more person, of no kind, says until when the data go.
    rows, kinds = [*rows, ("z", "end", 120 * DAY)], [*kinds, None]
    return snapshot(rows, columns={"kind": kinds}, shards=2)


def pair(snap):
    return Journeys(snap, who="kind = 'a'"), Journeys(snap, who="kind = 'b'")


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        # Newcombe (1998), table II, method 10, examples a to h.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_holds_the_values_that_were_published(a, b, low, high):
    """The paper subtracts the second share from the first, we the first from the second."""
    found = measure.newcombe(b, a)
    assert found == pytest.approx((low, high), abs=0.00006)


def test_nobody_has_no_difference():
    assert measure.newcombe((0, 0), (1, 2)) is None


def test_a_funnel_of_different_people_has_newcombes_interval_and_says_what_it_means():
    answer = measure.funnel_diff(pair(world(1)), ["look", "buy"])
    assert (answer.method, answer.shared) == ("newcombe", 0)
    of_a, of_b = answer.a.steps[1].entities, answer.b.steps[1].entities
    found = answer.steps[1].from_first
    assert found.interval == measure.newcombe((of_a, 300), (of_b, 300))
    assert found.difference == pytest.approx((of_b - of_a) / 300)
    assert found.words.startswith("B is likely ")
    assert found.words.endswith(" points higher.")


def test_a_funnel_of_the_same_people_twice_differs_by_nothing_for_certain():
    """Newcombe's interval would be wide: it does not know that both sides are the same people."""
    snap = world(2)
    answer = measure.funnel_diff(
        (Journeys(snap), Journeys(snap, where="time >= '1970-01-01'")), ["look", "buy"]
    )
    assert (answer.method, answer.shared) == ("jackknife", 600)
    assert answer.steps[1].from_first.interval == (0.0, 0.0)
    assert answer.steps[1].from_first.words == "A and B are the same here."


def test_people_on_both_sides_are_counted():
    snap = world(3)
    a, _ = pair(snap)
    assert measure.funnel_diff((a, Journeys(snap)), ["look", "buy"]).shared == 300
    assert measure.differ((a, Journeys(snap)), AskRetention()).shared == 300
    assert measure.differ((a, Journeys(snap)), AskSessions()).shared == 300
    assert measure.differ((a, Journeys(snap)), AskTransitions()).shared == 300


@pytest.mark.parametrize("people", [600, 1_600])
def test_a_truth_is_held_about_as_often_as_the_interval_says(people):
    """Sides of 300 people are folded each by each, sides of 800 by their 64 groups."""
    held = {"funnel": 0, "both": 0, "retention": 0, "sessions": 0}
    runs = 40
    for seed in range(runs):
        snap = world(100 + seed, people=people)
        a, b = pair(snap)
        funnel = measure.funnel_diff((a, b), ["look", "buy"]).steps[1].from_first.interval
        both = (
            measure.funnel_diff((a, Journeys(snap)), ["look", "buy"]).steps[1].from_first.interval
        )
        weeks = {"period": "week", "mode": "rolling", "return_": "event = 'look'"}
        cell = measure.differ((a, b), AskRetention(**weeks)).periods[4].share.interval
        sessions = measure.differ((a, b), AskSessions()).per_entity.interval
        held["funnel"] += funnel[0] <= 0.2 <= funnel[1]
        held["both"] += both[0] <= 0.1 <= both[1]
        held["retention"] += cell[0] <= 0.2 <= cell[1]
        held["sessions"] += sessions[0] <= 0.2 <= sessions[1]
    # 95 % of 40 is 38; under 34 or always would happen less than once in 50 times at most.
    assert min(held.values()) >= 34, held


def test_retention_is_compared_over_the_cohorts_whose_cell_is_over():
    snap = world(5)
    a, b = pair(snap)
    answer = measure.differ((a, b), AskRetention(period="month"))
    for cell in answer.periods:
        for side, size in ((answer.a, cell.size_a), (answer.b, cell.size_b)):
            known = [
                c
                for c in side.cohorts
                if cell.k < len(c.retained) and c.retained[cell.k] is not None
            ]
            assert sum(c.size for c in known) == size
    first = answer.periods[0]
    came = [c for c in answer.a.cohorts if len(c.retained) > 1 and c.retained[1] is not None]
    assert first.share.a == sum(c.retained[1] for c in came) / first.size_a


def test_sessions_of_two_sides_are_those_of_each():
    a, b = pair(world(6))
    answer = measure.differ((a, b), AskSessions(gap="1h"))
    assert answer.a == measure.sessions(a, gap="1h")
    assert answer.per_entity.b == answer.b.sessions / answer.b.entities
    assert answer.seconds.a > 0


def test_too_few_people_are_not_compared():
    snap = world(7, people=40)
    found = measure.funnel_diff(pair(snap), ["look", "buy"]).steps[1].from_first
    assert (found.interval, found.why) == (None, "too few")
    assert found.words == "Too few on one side to compare them."
    assert measure.differ(pair(snap), AskSessions()).events.why == "too few"
    assert (
        measure.differ(pair(snap), AskRetention(mode="rolling")).periods[0].share.why == "too few"
    )
    for edge in measure.differ(pair(snap), AskTransitions()).edges:
        assert (edge.share.why, edge.share.q) == ("too few", None)


def test_an_empty_side_says_so_and_does_not_break():
    snap = world(8)
    none = Journeys(snap, who="kind = 'c'")
    later = Journeys(snap, period=Period(from_us=900 * DAY))
    for other in (none, later):
        answer = measure.funnel_diff((Journeys(snap), other), ["look", "buy"])
        assert answer.steps[1].from_first.why == "too few"
        assert measure.differ((Journeys(snap), other), AskSessions()).per_entity.b is None
        cells = measure.differ((Journeys(snap), other), AskRetention()).periods
        assert all(cell.share.why == "too few" for cell in cells)


@pytest.mark.parametrize(
    ("interval", "kind", "words"),
    [
        ((-0.05, -0.02), POINTS, "B is likely 2 to 5 points lower."),
        ((0.114, 0.232), POINTS, "B is likely 11 to 23 points higher."),
        ((0.0009, 0.004), POINTS, "B is likely 0.09 to 0.4 points higher."),
        (
            (-0.03, 0.02),
            POINTS,
            "Cannot tell them apart: B lies likely between 3 points lower and 2 points higher.",
        ),
        ((0.0, 0.0), POINTS, "A and B are the same here."),
        ((120, 600), SECONDS, "B is likely 2 to 10 minutes longer."),
        ((-2.0, -1.0), EVENTS, "B is likely 1 to 2 events fewer."),
    ],
)
def test_a_difference_is_said_in_words(interval, kind, words):
    assert said(0.5, 0.4, interval=interval, kind=kind).words == words
