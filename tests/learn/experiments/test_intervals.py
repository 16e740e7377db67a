"""Intervals of differences and planned sizes agree with published numbers, and hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from pathworth.learn.experiments.contracts import Count
from pathworth.learn.experiments.intervals import ALPHA, always_valid, newcombe
from pathworth.learn.experiments.ratio import sample_ratio
from pathworth.learn.experiments.size import units_needed


@pytest.mark.parametrize(
    ("treated", "held_out", "low", "high"),
    [
        # Newcombe (1998), table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0000),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ],
)
def test_the_planned_interval_is_newcombes(
    treated: tuple[int, int], held_out: tuple[int, int], low: float, high: float
) -> None:
    assert newcombe(Count(*treated), Count(*held_out)) == pytest.approx((low, high), abs=5e-5)


def test_without_units_there_is_no_interval() -> None:
    assert newcombe(Count(0, 0), Count(3, 10)) is None
    assert always_valid(Count(3, 9), Count(3, 100), planned=200) is None


@pytest.mark.parametrize(
    ("rate", "smallest", "each"),
    [
        # R: power.prop.test(power = .8, p1 =, p2 =) gives 57.7, 387.3, 72.4 and 434.4, rounded up.
        (0.50, 0.25, 58),
        (0.50, 0.10, 388),
        (0.65, 0.20, 73),
        (0.05, 0.05, 435),
    ],
)
def test_the_planned_size_is_the_classical_one(rate: float, smallest: float, each: int) -> None:
    assert units_needed(rate, smallest) == (each, each)


def test_an_effect_downwards_needs_as_many_as_the_same_upwards_from_there() -> None:
    assert units_needed(0.30, -0.10) == units_needed(0.20, 0.10)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_planned_units_find_the_smallest_effect_in_four_of_five_cases(share: float) -> None:
    random = np.random.default_rng(7)
    treated, held_out = units_needed(0.30, 0.08, treated_share=share)
    assert treated / (treated + held_out) == pytest.approx(share, abs=0.01)
    found = 0
    for _ in range(1500):
        one = Count(int(random.binomial(treated, 0.38)), treated)
        two = Count(int(random.binomial(held_out, 0.30)), held_out)
        interval = newcombe(one, two)
        assert interval is not None
        found += interval[0] > 0
    assert 0.76 <= found / 1500 <= 0.84


@pytest.mark.parametrize(
    ("rate", "effect", "share", "units"),
    [
        (0.01, 0.0, 0.5, 4000),
        (0.05, 0.0, 0.9, 2000),
        (0.02, 0.01, 0.9, 3000),
        (0.45, 0.142, 0.5, 530),
        (0.30, -0.10, 0.5, 600),
    ],
)
def test_the_always_valid_interval_holds_the_truth_at_every_look(
    rate: float, effect: float, share: float, units: int
) -> None:
    random = np.random.default_rng(11)
    runs, missed = 600, 0
    for _ in range(runs):
        treated = random.random(2 * units) < share
        did = random.random(2 * units) < np.where(treated, rate + effect, rate)
        of, yes, gone = np.cumsum(treated), np.cumsum(did & treated), np.cumsum(did & ~treated)
        for look in range(20, 2 * units, units // 50):
            one = Count(int(yes[look]), int(of[look]))
            two = Count(int(gone[look]), int(look + 1 - of[look]))
            interval = always_valid(one, two, planned=units)
            if interval is not None and not interval[0] <= effect <= interval[1]:
                missed += 1
                break
    assert missed / runs <= ALPHA


def test_looking_every_week_at_the_planned_interval_would_not_hold() -> None:
    """The always-valid interval is there for a reason: the other one fails under the same looks."""
    random = np.random.default_rng(12)
    missed = 0
    for _ in range(300):
        did = random.random((2, 1000)) < 0.3
        sums = np.cumsum(did, axis=1)
        for look in range(20, 1000, 20):
            interval = newcombe(
                Count(int(sums[0, look]), look + 1), Count(int(sums[1, look]), look + 1)
            )
            if interval is not None and not interval[0] <= 0 <= interval[1]:
                missed += 1
                break
    assert missed / 300 > 0.15


def test_uneven_arms_are_not_believed_and_the_sentence_says_what_was_drawn() -> None:
    assert sample_ratio(510, 490, treated_share=0.5).believable
    found = sample_ratio(600, 400, treated_share=0.5)
    assert not found.believable
    assert found.p < 0.001
    assert "600 were treated and 400 held out" in found.sentence
    assert sample_ratio(905, 95, treated_share=0.9).believable
    assert sample_ratio(0, 0, treated_share=0.5).believable


def test_sound_arms_are_hardly_ever_disbelieved() -> None:
    random = np.random.default_rng(3)
    drawn = random.binomial(800, 0.5, 1000)
    wrong = sum(not sample_ratio(int(k), 800 - int(k), treated_share=0.5).believable for k in drawn)
    assert wrong <= 5
