"""The kernel of sessions agrees with its twin, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.worlds import GAPS, worlds
from tests.naive import sessions as naive
from tests.naive.transitions import bin_of, half_up

from pathworth.kernels.folds.sessions import by_gap
from pathworth.kernels.folds.transitions import BINS


@given(worlds(), st.sampled_from(GAPS[1:]))
@settings(deadline=None, max_examples=60)
def test_a_pause_longer_than_the_gap_starts_a_new_session(world, gap_us):
    totals, bins = np.zeros(4, np.int64), np.zeros((2, BINS), np.int64)
    by_gap(world.offset, world.time_us, world.keep, gap_us, totals, bins)
    everybody = naive.by_gap(world.offset, world.time_us, world.keep, gap_us)
    every = [one for pieces in everybody for one in pieces]
    counts = [len(every), sum(map(bool, everybody)), sum(map(len, every))]
    assert totals.tolist() == [*counts, sum(half_up(one[-1] - one[0]) for one in every)]
    expected = np.zeros_like(bins)
    for times in every:
        expected[0, bin_of(len(times))] += 1
        expected[1, bin_of(half_up(times[-1] - times[0]))] += 1
    assert (bins == expected).all()
