"""Intervals: published values, plain formulas, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.naive.transitions import bin_of

from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.intervals import bin_edges, jackknife, median, wilson


@pytest.mark.parametrize(("k", "n"), [(0, 10), (1, 10), (15, 30), (285, 600), (30, 30), (81, 263)])
def test_wilson_is_that_of_scipy(k, n):
    wanted = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_wilson_holds_the_value_that_newcombe_published():
    low, high = wilson(81, 263)  # Newcombe (1998), table I, method 3
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) is None


def test_the_jackknife_of_a_mean_is_that_of_students_t():
    rng = np.random.default_rng(2)
    x = rng.normal(5, 2, 40)
    totals = np.stack([x, np.ones(40)], axis=1)
    estimate, low, high = jackknife(totals, lambda t: t[0] / t[1])
    half = stats.t.ppf(0.975, 39) * x.std(ddof=1) / np.sqrt(40)
    assert (float(estimate), float(low), float(high)) == pytest.approx(
        (x.mean(), x.mean() - half, x.mean() + half)
    )


def test_the_log_scale_keeps_a_positive_ratio_positive_and_leaves_others_alone():
    rng = np.random.default_rng(3)
    x = rng.lognormal(0, 2, 64)
    totals = np.stack([x, np.ones(64)], axis=1)
    _, low, high = jackknife(totals, lambda t: t[0] / t[1], log=True)
    assert 0 < low < x.mean() < high
    assert high - x.mean() > x.mean() - low
    signed = np.stack([x - x.mean(), np.ones(64)], axis=1)
    plain, logged = (jackknife(signed, lambda t: t[0] / t[1], log=one) for one in (False, True))
    assert np.array(plain).tolist() == np.array(logged).tolist()


def test_a_number_that_hangs_on_one_group_has_no_interval():
    totals = np.zeros((64, 2))
    totals[3] = [5.0, 1.0]
    estimate, low, high = jackknife(totals, lambda t: t[0] / t[1], log=True)
    assert float(estimate) == 5.0
    assert np.isnan([low, high]).all()


def test_bins_tile_the_whole_numbers():
    edges = bin_edges()
    assert len(edges) == BINS + 1
    assert (np.diff(edges) > 0).all()
    for ms in [0, 1, 15, 16, 31, 32, 33, 1_000, 86_400_000, 10**12]:
        place = int(np.searchsorted(edges, ms, side="right")) - 1
        assert place == bin_of(ms)


@pytest.mark.parametrize("numbers", [[4], [1, 2], [0, 0, 0, 5], [3, 9, 30], list(range(20))])
def test_a_median_of_small_whole_numbers_is_exact(numbers):
    histogram = np.bincount([bin_of(n) for n in numbers], minlength=BINS)
    assert median(histogram, len(numbers))[0] == np.median(numbers)


def test_the_interval_of_a_median_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(8)
    hits = 0
    for _ in range(300):
        ms = rng.lognormal(10, 1.5, 120).astype(int)
        histogram = np.bincount([bin_of(int(n)) for n in ms], minlength=BINS)
        _, low, high = median(histogram, 120)
        hits += low <= np.exp(10) <= high
    assert 273 <= hits <= 298  # 91 to 99.3 %
