"""When a step is reached: the twin with fractions, published curves, and how often the truth is held."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.journeys.build import snapshot
from tests.naive import survival as naive

from pathworth import measure
from pathworth.base.json import to_json
from pathworth.base.period import Period
from pathworth.journeys import Journeys
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.funnels.survival import incidence
from pathworth.measure.intervals import bin_edges

END = 1_700_000_000_000_000
EDGES = bin_edges()
WHAT = ("reached", "over", "censored")
HOUR = 3_600_000_000


@given(st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 9)), max_size=30))
@settings(deadline=None, max_examples=150)
def test_the_curve_is_that_of_the_twin(units):
    counts = np.zeros((3, BINS), np.int64)
    for what, place in units:
        counts[WHAT.index(what), place] += 1
    wanted = naive.incidence(units, 10)
    assert incidence(counts)[:10].tolist() == pytest.approx([float(one) for one in wanted])


def spread(times):
    """Return for each time the ms of an event and of a censoring then: curves know the order of times only.

    Each gets a bin of its own, the censored right after the events of the same time, as the estimator has it.
    """
    return {
        time: (int(EDGES[20 + 2 * k]), int(EDGES[21 + 2 * k]))
        for k, time in enumerate(sorted(set(times)))
    }


def survival(subjects):
    """Ask the funnel of subjects (time, whether it happened): all begin, some finish, the data end for the rest."""
    ms = spread(time for time, _ in subjects)
    rows = [("z", "the end", END)]
    for k, (time, happened) in enumerate(subjects):
        begins = END - ms[time][0 if happened else 1] * 1_000
        rows.append((f"p{k}", "begin", begins))
        if happened:
            rows.append((f"p{k}", "finish", END))
    steps = measure.funnel(Journeys(snapshot(rows)), ["begin", "finish"], times="survival").steps
    found = steps[1].survival
    assert found.reached + found.censored == steps[0].entities == len(subjects)
    return found, ms


def at(found, ms, time):
    """Return the point of a curve at a time of the subjects."""
    end = ms[max(one for one in ms if one <= time)][1] / 1_000
    return [one for one in found.curve if one.seconds < end][-1]


def read(file, time, happened, *, keep=lambda row: True):
    with file.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if keep(row)]
    return [(float(row[time]), happened(row)) for row in rows]


def test_telco_churn_as_lifelines_has_it(shared):
    rows = read(shared / "data/telco_churn/customers.csv", "tenure", lambda r: r["Churn"] == "Yes")
    found, ms = survival(rows)
    assert found.reached == 1_869
    wanted = {1: 0.945961, 6: 0.884826, 12: 0.8432, 24: 0.788736, 36: 0.748545, 48: 0.70884}
    for time, stays in {**wanted, 60: 0.664404, 72: 0.59279}.items():
        assert 1 - at(found, ms, time).share == pytest.approx(stays, abs=1e-6), time
    assert found.median_seconds is None


def test_the_middle_of_a_curve_is_published_too(shared):
    monthly = read(
        shared / "data/telco_churn/customers.csv",
        "tenure",
        lambda r: r["Churn"] == "Yes",
        keep=lambda r: r["Contract"] == "Month-to-month",
    )
    found, ms = survival(monthly)
    assert 1 - at(found, ms, 12).share == pytest.approx(0.703097, abs=1e-6)
    low, high = EDGES[np.searchsorted(EDGES, ms[35][0]) + np.array([0, 1])] / 1_000
    assert low <= found.median_seconds <= high


def test_waltons_as_lifelines_has_it(shared):
    for group, middle, stays in (
        ("control", 58, [0.992248, 0.984435, 0.984435, 0.953183, 0.765076, 0.378595, 0.01822]),
        ("miR-137", 26, [0.882353, 0.647059, 0.235294, 0.117647, 0.058824, 0.058824, 0]),
    ):
        file = shared / "data/lifelines_small/waltons_dataset.csv"
        mine = lambda r, g=group: r["group"] == g  # noqa: E731
        found, ms = survival(read(file, "T", lambda r: r["E"] == "1", keep=mine))
        for time, share in zip(range(10, 80, 10), stays, strict=True):
            assert 1 - at(found, ms, time).share == pytest.approx(share, abs=1e-6)
        place = np.searchsorted(EDGES, ms[middle][0])
        assert EDGES[place] / 1_000 <= found.median_seconds <= EDGES[place + 1] / 1_000


def test_intervals_are_those_of_log_log_as_published(shared):
    file = shared / "data/lifelines_small/g3.csv"
    other = read(file, "time", lambda r: r["event"] == "True", keep=lambda r: r["group"] != "RIT")
    found, ms = survival(other)
    assert [one.interval for one in found.curve] == [None] * len(found.curve)
    assert found.why == "too few"
    counts = np.zeros((3, BINS), np.int64)
    for time, happened in other:
        counts[0 if happened else 2, np.searchsorted(EDGES, ms[time][0 if happened else 1])] += 1
    curve = measure.funnels.survival.greenwood(counts)
    places = [np.searchsorted(EDGES, ms[time][0]) for time in (9, 19, 32, 34)]
    assert (1 - curve.share[places]).tolist() == pytest.approx([0.833, 0.667, 0.5, 0.333], abs=5e-4)
    assert (1 - curve.high[places]).tolist() == pytest.approx(
        [0.2731, 0.1946, 0.1109, 0.0461], abs=5e-4
    )
    assert (1 - curve.low[places]).tolist() == pytest.approx([0.975, 0.904, 0.804, 0.676], abs=5e-4)


def test_who_never_comes_counts_and_the_finishers_alone_say_less():
    """Everybody needs 10 hours on average, but half began too late to be seen: the mean of finishers is too short."""
    rng = np.random.default_rng(3)
    rows = [("z", "the end", 20 * HOUR)]
    for k in range(4_000):
        begins, takes = int(rng.integers(0, 20 * HOUR)), int(rng.exponential(10 * HOUR))
        rows.append((f"p{k}", "a", begins))
        if begins + takes <= 20 * HOUR:
            rows.append((f"p{k}", "b", begins + takes))
    world = Journeys(snapshot(rows))
    true = 10 * 3_600 * np.log(2)
    found = measure.funnel(world, ["a", "b"], times="survival").steps[1].survival
    finishers = measure.funnel(world, ["a", "b"], times="quantiles").steps[1].median_seconds
    low, high = found.median_interval
    assert low < true < high
    assert found.median_seconds == pytest.approx(true, rel=0.1)
    assert finishers < 0.7 * true
    assert found.three_quarters_seconds is not None
    assert found.over is None


def test_the_clock_begins_with_the_first_first_step_and_ends_with_the_period():
    rows = [("p", "a", 0), ("p", "a", 5 * HOUR), ("p", "b", 9 * HOUR), ("q", "a", HOUR)]
    world = snapshot([*rows, ("z", "end", 20 * HOUR)])
    asked = {"within": "6h", "times": "survival"}
    second = measure.funnel(Journeys(world), ["a", "b"], **asked).steps[1].survival
    assert [one.seconds for one in second.curve] == [pytest.approx(9 * 3_600, rel=1 / 16)]
    assert (second.reached, second.censored) == (1, 1)
    cut = Journeys(world, period=Period(to_us=8 * HOUR))
    early = measure.funnel(cut, ["a", "b"], **asked).steps[1].survival
    assert (early.reached, early.censored, early.curve) == (0, 2, ())
    assert "over" not in to_json(early)


def test_an_attempt_is_over_when_the_next_begins_or_its_window_ends():
    rows = [("p", "a", k * HOUR) for k in range(3)] + [("p", "b", 10 * HOUR)]
    rows += [("q", "a", 0), ("r", "a", 11 * HOUR), ("z", "end", 12 * HOUR)]
    world = Journeys(snapshot(rows))
    asked = {"count": "occurrences", "times": "survival"}
    found = measure.funnel(world, ["a", "b"], **asked).steps
    assert [one.entities for one in found] == [5, 1]
    # Two of p were begun anew, its third came through; q and r may still come.
    survival = found[1].survival
    assert (survival.reached, survival.over, survival.censored) == (1, 2, 2)
    short = measure.funnel(world, ["a", "b"], within="5h", **asked).steps[1].survival
    assert (short.reached, short.over, short.censored) == (0, 4, 1)


def test_a_session_is_over_after_its_pause():
    rows = [("p", "a", 0), ("p", "b", HOUR // 4), ("p", "a", 5 * HOUR), ("q", "a", 20 * HOUR)]
    world = snapshot([*rows, ("z", "end", 20 * HOUR + HOUR // 4)])
    sessions = measure.funnel(
        Journeys(world, slicing=measure_slicing("session")), ["a", "b"], times="survival"
    ).steps
    assert [one.entities for one in sessions] == [3, 1]
    found = sessions[1].survival
    assert (found.reached, found.over, found.censored) == (1, 1, 1)


def measure_slicing(of, holding=None):
    from pathworth.journeys import read_slicing

    return read_slicing(of, holding)


@pytest.mark.parametrize("people", [150, 900])
def test_a_curve_of_attempts_holds_the_truth_about_as_often_as_it_says(people):
    """Persons differ, so their attempts are alike: each person has a pace, and begins four times."""
    runs, held = 40, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        rows = [("z", "end", 400 * HOUR)]
        for k in range(people):
            luck = rng.random()
            for n in range(4):
                begins = (10 + 90 * n) * HOUR + k * 1_000
                rows.append((f"p{k}", "a", begins))
                if rng.random() < luck:
                    rows.append((f"p{k}", "b", begins + HOUR))
        step = measure.funnel(
            Journeys(snapshot(rows)), ["a", "b"], count="occurrences", times="survival"
        ).steps[1]
        low, high = step.survival.curve[-1].interval
        held += low <= 0.5 <= high
    # 95 % of 40 is 38; under 34 would happen less than once in 50 times.
    assert held >= 34
