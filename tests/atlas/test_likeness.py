"""How different surroundings are, against brute force and against chance."""

from __future__ import annotations

import numpy as np
import pytest
from tests.naive import discover as naive

from pathworth.atlas.likeness import adjusted_rand, divergence, outside, shared_bits


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_rand_equals_the_count_of_pairs(seed):
    rng = np.random.default_rng(seed)
    left, right = rng.integers(0, 4, 30), rng.integers(0, 3, 30)
    weight = rng.integers(1, 5, 30)
    wanted = naive.adjusted_rand(np.repeat(left, weight), np.repeat(right, weight))
    assert adjusted_rand(left, right, weight=weight) == pytest.approx(wanted, abs=1e-12)


def test_adjusted_rand_of_the_same_grouping_by_other_labels_is_one():
    left = np.array([0, 0, 1, 1, 2])
    assert adjusted_rand(left, (left + 1) % 3, weight=np.arange(1, 6)) == pytest.approx(1.0)
    assert adjusted_rand(np.zeros(4, int), np.zeros(4, int), weight=np.ones(4)) == 1.0


def test_draws_from_one_distribution_do_not_differ():
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(12))
    rows = [
        np.array([rng.multinomial(200, shares), rng.multinomial(900, shares)]) for _ in range(200)
    ]
    differing = sum(divergence(one) > 0 for one in rows)
    assert differing <= 20  # two spreads above the mean of a skewed law: about one in twenty


def test_the_divergence_of_large_counts_is_the_textbook_figure():
    rows = np.array([[900_000, 100_000], [100_000, 900_000]])
    wanted = 1.0 + 0.9 * np.log2(0.9) + 0.1 * np.log2(0.1)
    assert divergence(rows) == pytest.approx(wanted, abs=1e-4)
    assert shared_bits(rows) == pytest.approx(wanted, abs=1e-9)
    assert divergence(np.array([[5, 5], [0, 0]])) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_what_is_met_outside_a_pair_equals_following_the_chain(seed):
    then = np.random.default_rng(seed).integers(1, 50, size=(4, 5))
    shares = then / then.sum(axis=1, keepdims=True)
    steps = [{to: float(share) for to, share in enumerate(row)} for row in shares]
    found = outside(then, pair=(1, 3))
    for row, start in enumerate((1, 3)):
        wanted = naive.met_outside(steps, {1, 3}, start)
        for to in (0, 2, 4):
            assert found[row, to] == pytest.approx(wanted[to] * then[start].sum(), rel=1e-9)
        assert found[row, [1, 3]].tolist() == [0.0, 0.0]


def test_a_pair_that_never_leaves_itself_meets_nothing():
    then = np.array([[0, 5, 0], [5, 0, 0]])
    assert outside(then, pair=(0, 1)).sum() == 0.0
