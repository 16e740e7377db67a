"""The kernels that cut journeys into units agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import GAPS, worlds
from tests.naive import cuts as naive

from pathworth.kernels.folds.cuts import cut, hold

NONE = np.empty(0, np.uint8)


@given(worlds(), st.sampled_from(GAPS[1:]), st.booleans(), st.integers(0, 2**31))
@settings(deadline=None, max_examples=60)
def test_sessions_begin_where_the_twin_says(world, gap_us, marked, seed):
    events = len(world.time_us)
    starts = NONE
    if marked:
        starts = np.random.default_rng(seed).integers(0, 2, events).astype(np.uint8)
    begin, owner = np.empty((2, events + 1), np.int64)
    found = cut(world.offset, world.time_us, world.keep, starts, gap_us, begin, owner)
    got = list(zip(owner[:found].tolist(), begin[:found].tolist(), strict=True))
    assert got == naive.cut(world.offset, world.time_us, world.keep, starts, gap_us)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
@given(world=worlds(), seed=st.integers(0, 2**31))
@settings(deadline=None, max_examples=40)
def test_every_key_of_an_entity_is_a_unit(dtype, world, seed):
    events = len(world.time_us)
    key = np.random.default_rng(seed).integers(0, 4, events).astype(dtype)
    order, owner, begin = (np.empty(events + 1, np.int64) for _ in range(3))
    units = hold(world.offset, key, world.keep, order, begin, owner)
    got = [(int(owner[u]), order[begin[u] : begin[u + 1]].tolist()) for u in range(units)]
    assert got == naive.hold(world.offset, key, world.keep)
