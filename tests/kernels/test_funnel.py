"""The kernels of funnels agree with twins that try every attempt, compiled or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.worlds import CODES, GAPS, worlds
from tests.naive import funnel as naive

from pathworth.kernels.folds.funnel import any_order, ordered, strict

windows = st.sampled_from([*GAPS[1:], 2**62])
PAIRS = [(ordered, naive.ordered), (strict, naive.strict), (any_order, naive.any_order)]


NO_TIMES = np.empty((0, 0), np.int64)


def levels(kernel, world, hits, *, steps, within_us):
    out = np.empty(len(world.offset) - 1, np.uint8)
    read = (world.offset, world.codes, hits, world.time_us, world.keep)
    kernel(*read, steps, within_us, out, NO_TIMES)
    return out.tolist()


def times(kernel, world, hits, *, steps, within_us):
    """Return of each entity the time to every step it took."""
    out = np.empty(len(world.offset) - 1, np.uint8)
    took = np.full((len(out), steps), -1, np.int64)
    read = (world.offset, world.codes, hits, world.time_us, world.keep)
    kernel(*read, steps, within_us, out, took)
    assert (took[np.arange(steps) >= out[:, None]] == -1).all()
    return [row[:level].tolist() for row, level in zip(took, out, strict=True)]


@pytest.mark.parametrize(("kernel", "twin"), PAIRS)
def test_the_best_attempt_of_each_entity_counts(kernel, twin):
    @given(
        worlds(),
        st.integers(1, 4).flatmap(
            lambda k: st.tuples(
                st.just(k), st.lists(st.integers(0, 2**k - 1), min_size=CODES, max_size=CODES)
            )
        ),
        windows,
    )
    @settings(deadline=None, max_examples=60)
    def agrees(world, asked, within_us):
        steps, row = asked
        hits = np.array(row, np.uint64)
        everybody = list(naive.journeys(world.offset, world.codes, hits, world.time_us, world.keep))
        wanted = [twin(events, steps, within_us) for events in everybody]
        assert levels(kernel, world, hits, steps=steps, within_us=within_us) == wanted
        soonest = [naive.soonest(twin, events, steps, within_us) for events in everybody]
        assert times(kernel, world, hits, steps=steps, within_us=within_us) == soonest

    agrees()


@pytest.mark.parametrize(("kernel", "twin"), PAIRS)
def test_sixty_four_steps_fit_with_events_that_match_several(kernel, twin):
    rng = np.random.default_rng(5)
    offset = np.array([0, 150, 300], np.int64)
    codes = rng.integers(0, 70, 300).astype(np.uint16)
    codes[:64] = np.arange(64)
    time_us = np.concatenate([np.arange(150), np.arange(150)]).astype(np.int64)
    hits = np.array([1 << min(k, 63) | 1 << (k * 7 % 64) for k in range(70)], np.uint64)
    out = np.empty(2, np.uint8)
    none = np.empty(0, np.uint8)
    kernel(offset, codes, hits, time_us, none, 64, 100, out, NO_TIMES)
    everybody = naive.journeys(offset, codes, hits, time_us, none)
    assert out.tolist() == [twin(events, 64, 100) for events in everybody]
    assert out[0] == 64


def test_a_step_exactly_at_the_end_of_the_window_counts():
    offset, codes = np.array([0, 2]), np.array([0, 1], np.uint16)
    hits, none = np.array([1, 2], np.uint64), np.empty(0, np.uint8)
    for kernel, _ in PAIRS:
        for late, level in ((7_000_000, 2), (7_000_001, 1)):
            out = np.empty(1, np.uint8)
            kernel(offset, codes, hits, np.array([0, late]), none, 2, 7_000_000, out, NO_TIMES)
            assert out[0] == level
