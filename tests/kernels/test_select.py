"""The kernels of selection agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import worlds
from tests.naive import select as naive

from pathworth.kernels.select import (
    count_codes,
    first_of_bits,
    keep_shown,
    known_so_far,
    last_known,
    leave_out,
    look_up,
    look_up_bits,
    look_up_packed,
    look_up_steps,
    steps_of_bits,
)


@pytest.mark.parametrize("codes", [np.uint8, np.uint16, np.uint32])
def test_a_code_gets_the_entry_of_its_table(codes):
    places = np.array([3, 0, 2, 2], codes)
    mask, steps = np.empty(4, np.uint8), np.empty(4, np.int16)
    look_up(places, np.array([7, 8, 9, 10], np.uint8), mask)
    look_up_steps(places, np.array([-1, 8, 9, 10], np.int16), steps)
    bits = np.array([0b11, 0b11, 0b01, 0b10], np.uint64)
    look_up_bits(places, np.array([0b01, 0, 0b11, 0b10], np.uint64), bits)
    assert mask.tolist() == [10, 7, 9, 9]
    assert steps.tolist() == [10, -1, 9, 9]
    assert bits.tolist() == [0b10, 0b01, 0b01, 0b10]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2))),
    st.booleans(),
    st.sampled_from([np.uint8, np.uint16, np.uint32]),
)
@settings(deadline=None, max_examples=60)
def test_kept_codes_are_counted_one_by_one(rows, masked, codes):
    keep = np.array([kept for _, kept in rows] if masked else [], np.uint8)
    out = np.full(6, 10, np.int64)
    count_codes(np.array([code for code, _ in rows], codes), keep, out)
    counted = [code for code, kept in rows if kept or not masked]
    assert out.tolist() == [10 + counted.count(code) for code in range(6)]


@given(
    st.lists(st.booleans(), min_size=1, max_size=40).flatmap(
        lambda table: st.tuples(st.just(table), st.lists(st.integers(0, len(table) - 1)))
    ),
    st.sampled_from([np.uint8, np.uint16, np.uint32]),
)
@settings(deadline=None, max_examples=60)
def test_a_packed_table_says_what_the_table_says(asked, codes):
    table, places = asked
    packed = np.packbits(np.array(table, np.uint8), bitorder="little")
    out = np.full(len(places), 9, np.uint8)
    look_up_packed(np.array(places, codes), packed, out)
    assert out.tolist() == [table[code] for code in places]


@given(worlds())
@settings(deadline=None, max_examples=60)
def test_the_events_of_entities_that_are_not_chosen_are_left_out(world):
    chosen = (np.arange(len(world.offset) - 1) % 3 == 0).astype(np.uint8)
    out = np.full(len(world.codes), 7, np.uint8)
    leave_out(world.offset, chosen, out)
    whose = np.repeat(np.arange(len(chosen)), np.diff(world.offset))
    assert out.tolist() == [7 if chosen[e] else 0 for e in whose]


@given(
    st.lists(st.integers(0, 2**64 - 1), max_size=20),
    st.lists(st.integers(0, 15), min_size=64, max_size=64),
)
@settings(deadline=None, max_examples=60)
def test_the_lowest_term_gives_the_step_and_all_terms_give_all_steps(terms, step_of):
    bits, step = np.array(terms, np.uint64), np.array(step_of, np.int16)
    first, every = np.empty(len(bits), np.int16), np.empty(len(bits), np.uint16)
    first_of_bits(bits, step, first)
    steps_of_bits(bits, step, every)
    lowest = [naive.lowest_bit(one) for one in terms]
    assert first.tolist() == [-1 if k is None else step_of[k] for k in lowest]
    for one, found in zip(terms, every.tolist(), strict=True):
        wanted = {step_of[k] for k in range(64) if one >> k & 1}
        assert {k for k in range(16) if found >> k & 1} == wanted


@given(worlds(), st.sampled_from([0, 1_000, 1_700_000_000_500_000, 2**62]))
@settings(deadline=None, max_examples=60)
def test_the_latest_known_value_is_found_at_every_event_and_at_an_instant(world, until_us):
    known = (world.codes > 1).astype(np.uint8)
    at_end = np.empty(len(world.offset) - 1, np.int64)
    at_event = np.empty(len(world.codes), np.int64)
    last_known(world.offset, known, world.time_us, until_us, at_end)
    known_so_far(world.offset, known, at_event)
    assert at_end.tolist() == naive.last_known(world.offset, known, world.time_us, until_us)
    assert at_event.tolist() == naive.known_so_far(world.offset, known)


@given(worlds(), st.integers(0, 2**16), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_events_of_some_entities_are_taken_out_of_a_mask(world, seed, everything):
    rng = np.random.default_rng(seed)
    left_out = rng.integers(0, 2, len(world.offset) - 1).astype(np.uint8)
    mask = rng.integers(0, 2, int(world.offset[-1])).astype(np.uint8)
    if everything:
        mask[:] = 1
    out = np.zeros(len(mask), np.uint8)
    keep_shown(world.offset, left_out, mask[:0] if everything else mask, out)
    assert out.tolist() == naive.keep_shown(world.offset, left_out, mask)
