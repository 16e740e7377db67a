"""The kernels of funnels agree with twins that try every attempt, compiled or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import CODES, GAPS, worlds
from tests.naive import funnel as naive

from pathworth.kernels.folds.cuts import ordered_attempts
from pathworth.kernels.folds.funnel import any_attempts, any_order, ordered
from pathworth.kernels.folds.funnel_wide import attempts, furthest
from pathworth.kernels.folds.marks import count_levels

FOREVER = 2**62
windows = st.sampled_from([*GAPS[1:], FOREVER])
PAIRS = [(ordered, naive.ordered), (any_order, naive.any_order)]
NO_TIMES = np.empty((0, 0, 0), np.int64)
NONE = np.empty(0, np.uint8)


def levels(kernel, world, hits, *, steps, within_us):
    out = np.empty(len(world.offset) - 1, np.uint8)
    read = (world.offset, world.codes, hits, world.time_us, world.keep)
    kernel(*read, steps, within_us, out, NO_TIMES)
    return out.tolist()


def times(kernel, world, hits, *, steps, within_us):
    """Return of each entity when every step it took was first reached, and when that attempt began."""
    out = np.empty(len(world.offset) - 1, np.uint8)
    took = np.full((len(out), steps, 2), -1, np.int64)
    read = (world.offset, world.codes, hits, world.time_us, world.keep)
    kernel(*read, steps, within_us, out, took)
    assert (took[np.arange(steps) >= out[:, None]] == -1).all()
    return [list(map(tuple, row[:level])) for row, level in zip(took.tolist(), out, strict=True)]


def everybody(world, hits):
    return list(naive.journeys(world.offset, world.codes, hits, world.time_us, world.keep))


asked = st.integers(1, 4).flatmap(
    lambda k: st.tuples(
        st.just(k), st.lists(st.integers(0, 2**k - 1), min_size=CODES, max_size=CODES)
    )
)


@pytest.mark.parametrize(("kernel", "twin"), PAIRS)
def test_the_best_attempt_of_each_entity_counts(kernel, twin):
    @given(worlds(), asked, windows)
    @settings(deadline=None, max_examples=60)
    def agrees(world, asked, within_us):
        steps, row = asked
        hits = np.array(row, np.uint64)
        people = everybody(world, hits)
        wanted = [twin(events, steps, within_us) for events in people]
        assert levels(kernel, world, hits, steps=steps, within_us=within_us) == wanted
        soonest = [naive.soonest(twin, events, steps, within_us) for events in people]
        assert times(kernel, world, hits, steps=steps, within_us=within_us) == soonest

    agrees()


@dataclass(frozen=True)
class Wide:
    """A funnel with everything, as the wide kernels read it, and as the twin does."""

    ask: naive.Ask
    bits: np.ndarray

    @property
    def steps(self):
        return len(self.ask.must)

    @property
    def tables(self):
        """Return what each code hits, breaks off and spoils."""
        breaks = np.full(len(self.bits), 2**64 - 1 if self.ask.strict else 0, np.uint64)
        spoils = np.zeros(len(self.bits), np.uint64)
        for first, last, bit in self.ask.exclude:
            holds = (self.bits >> np.uint64(bit)) & np.uint64(1) != 0
            breaks[holds] |= np.uint64(sum(1 << k for k in range(first, last)))
            spoils[holds] |= np.uint64(sum(1 << k for k in range(first + 1, last)))
        return self.bits & np.uint64(2**self.steps - 1), breaks, spoils

    def asked(self, also=None):
        """Return the arguments after the mask, with one more step that must be taken."""
        must = [needed or k == also for k, needed in enumerate(self.ask.must)]
        before = np.zeros(self.steps, np.uint64)
        for k in range(self.steps):
            for j in range(k - 1, -1, -1):
                before[k] |= np.uint64(1 << j)
                if must[j]:
                    break
        limits = np.array([self.ask.within_us, self.ask.step_within_us], np.int64)
        return before, limits, np.uint64(sum(1 << k for k, needed in enumerate(must) if needed))

    def furthest(self, world, offset=None, also=None):
        """Return the furthest step of each entity, and when each was first reached."""
        offset = world.offset if offset is None else offset
        out = np.empty(len(offset) - 1, np.uint8)
        took = np.full((len(out), self.steps, 2), -1, np.int64)
        read = (offset, world.codes, *self.tables, world.time_us, world.keep)
        furthest(*read, *self.asked(also), out, took)
        return out.tolist(), took.tolist()

    def attempts(self, world):
        """Return where stretches begin, the end included, and whose they are."""
        begin, owner = np.empty((2, len(world.codes) + 1), np.int64)
        read = (world.offset, world.codes, *self.tables, world.time_us, world.keep)
        found = attempts(*read, *self.asked(), begin, owner)
        return begin[: found + 1], owner[:found]


@st.composite
def wides(draw):
    steps = draw(st.integers(1, 4))
    must = (True, *draw(st.lists(st.booleans(), min_size=steps - 1, max_size=steps - 1)))
    musts = [k for k in range(steps) if must[k]]
    pairs = [(i, j) for i in musts for j in musts if i < j]
    strict = draw(st.booleans())
    exclude = ()
    if pairs and not strict:
        chosen = draw(st.lists(st.sampled_from(pairs), max_size=2))
        exclude = tuple((*pair, steps + k) for k, pair in enumerate(chosen))
    # An event holds few steps, so that long attempts are not everywhere.
    bit = st.integers(0, steps + len(exclude) - 1).map(lambda k: 1 << k)
    bits = draw(
        st.lists(
            st.one_of(bit, st.tuples(bit, bit).map(lambda two: two[0] | two[1]), st.just(0)),
            min_size=CODES,
            max_size=CODES,
        )
    )
    ask = naive.Ask(must, draw(windows), draw(windows), strict, exclude)
    return Wide(ask, np.array(bits, np.uint64))


@given(worlds(), wides())
@settings(deadline=None, max_examples=400)
def test_the_best_attempt_counts_whatever_may_be_left_out_timed_or_broken_off(world, wide):
    found, took = wide.furthest(world)
    also = {k: wide.furthest(world, also=k)[0] for k in range(wide.steps) if not wide.ask.must[k]}
    for e, events in enumerate(everybody(world, wide.bits)):
        counted = naive.reached(events, wide.ask)
        musts = [k for k in counted if wide.ask.must[k]]
        assert found[e] == max((k + 1 for k in musts), default=0)
        for k, far in also.items():
            # A step that may be left out counts where the funnel that needs it comes as far.
            assert (k in counted) == (far[e] > k and far[e] >= found[e])
        first = naive.first_reached(events, wide.ask)
        assert {k: tuple(one) for k, one in enumerate(took[e]) if one[0] != -1} == first


@given(worlds(), wides())
@settings(deadline=None, max_examples=200)
def test_attempts_do_not_overlap_and_as_many_as_can_are_complete(world, wide):
    begin, owner = wide.attempts(world)
    assert begin[-1] == len(world.codes)
    level, _ = wide.furthest(world, begin)
    whole, _ = wide.furthest(world)
    last = wide.ask.musts[-1]
    for e, events in enumerate(everybody(world, wide.bits)):
        mine = np.flatnonzero(owner == e)
        kept = [i for i in range(*world.offset[e : e + 2]) if not len(world.keep) or world.keep[i]]
        spans = naive.spans_of(wide.ask)
        wanted = [kept[k] for k in naive.cuts(events, spans, wide.ask.musts)]
        assert [int(begin[k]) for k in mine if level[k] > 0] == wanted
        assert max((level[k] for k in mine), default=0) == whole[e]
        complete = [(a, b) for step, a, b in spans(events) if step == last]
        assert sum(level[k] == last + 1 for k in mine) == naive.most_apart(complete)


@given(worlds(), asked, windows)
@settings(deadline=None, max_examples=100)
def test_attempts_in_any_order_are_cut_the_same_way(world, asked, within_us):
    steps, row = asked
    hits = np.array(row, np.uint64)
    begin, owner = np.empty((2, len(world.codes) + 1), np.int64)
    read = (world.offset, world.codes, hits, world.time_us, world.keep)
    found = any_attempts(*read, steps, within_us, begin, owner)
    out = np.empty(found, np.uint8)
    any_order(begin[: found + 1].copy(), *read[1:], steps, within_us, out, NO_TIMES)
    for e, events in enumerate(everybody(world, hits)):
        kept = [i for i in range(*world.offset[e : e + 2]) if not len(world.keep) or world.keep[i]]
        spans = naive.spans_in_any_order(steps, within_us)
        wanted = naive.cuts(events, spans, range(1, steps + 1))
        mine = np.flatnonzero(owner[:found] == e)
        assert [int(begin[k]) for k in mine if out[k] > 0] == [kept[k] for k in wanted]
        best = naive.any_order(events, steps, within_us)
        assert max((out[k] for k in mine), default=0) == best


@given(worlds(most_events=20), asked, windows)
@settings(deadline=None, max_examples=200)
def test_the_quick_kernel_gives_what_the_wide_one_gives(world, asked, within_us):
    steps, row = asked
    wide = Wide(naive.Ask((True,) * steps, within_us, FOREVER), np.array(row, np.uint64))
    far, took = wide.furthest(world)
    assert levels(ordered, world, wide.bits, steps=steps, within_us=within_us) == far
    quick = times(ordered, world, wide.bits, steps=steps, within_us=within_us)
    assert [[tuple(one) for one in row[:n]] for row, n in zip(took, far, strict=True)] == quick


def crowded():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 70, 300).astype(np.uint16)
    codes[:64] = np.arange(64)
    time_us = np.concatenate([np.arange(150), np.arange(150)]).astype(np.int64)
    hits = np.array([1 << min(k, 63) | 1 << (k * 7 % 64) for k in range(70)], np.uint64)
    return np.array([0, 150, 300], np.int64), codes, hits, time_us


@pytest.mark.parametrize(("kernel", "twin"), PAIRS)
def test_sixty_four_steps_fit_with_events_that_match_several(kernel, twin):
    offset, codes, hits, time_us = crowded()
    out = np.empty(2, np.uint8)
    kernel(offset, codes, hits, time_us, NONE, 64, 100, out, NO_TIMES)
    people = naive.journeys(offset, codes, hits, time_us, NONE)
    assert out.tolist() == [twin(events, 64, 100) for events in people]
    assert out[0] == 64


def test_sixty_four_steps_fit_in_the_wide_kernel():
    offset, codes, hits, time_us = crowded()
    none = np.zeros(len(hits), np.uint64)
    before = np.array([0, *(1 << k for k in range(63))], np.uint64)
    limits = np.array([100, FOREVER], np.int64)
    every = np.uint64(2**64 - 1)
    found, quick = np.empty(2, np.uint8), np.empty(2, np.uint8)
    furthest(offset, codes, hits, none, none, time_us, NONE, before, limits, every, found, NO_TIMES)
    ordered(offset, codes, hits, time_us, NONE, 64, 100, quick, NO_TIMES)
    assert found.tolist() == quick.tolist()
    assert found[0] == 64


def test_a_step_exactly_at_the_end_of_the_window_counts():
    offset, codes = np.array([0, 2]), np.array([0, 1], np.uint16)
    hits = np.array([1, 2], np.uint64)
    for kernel, _ in PAIRS:
        for late, level in ((7_000_000, 2), (7_000_001, 1)):
            out = np.empty(1, np.uint8)
            kernel(offset, codes, hits, np.array([0, late]), NONE, 2, 7_000_000, out, NO_TIMES)
            assert out[0] == level


@given(worlds(most_events=20), asked, windows)
@settings(deadline=None, max_examples=200)
def test_quick_attempts_are_those_of_the_wide_kernel_with_what_each_of_them_takes(
    world, asked, within_us
):
    steps, row = asked
    hits = np.array(row, np.uint64)
    wide = Wide(naive.Ask((True,) * steps, within_us, FOREVER), hits)
    cuts, whose = wide.attempts(world)
    begin, owner = np.empty((2, len(world.codes) + 1), np.int64)
    level = np.empty(len(world.codes), np.uint8)
    read = (world.offset, world.codes, hits, world.time_us, world.keep)
    found = ordered_attempts(*read, steps, within_us, begin, owner, level)
    assert begin[: found + 1].tolist() == cuts.tolist()
    assert owner[:found].tolist() == whose.tolist()
    assert level[:found].tolist() == wide.furthest(world, cuts)[0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=30), st.booleans())
@settings(deadline=None)
def test_owners_count_once_at_the_highest_level_of_their_units(units, parted):
    units = sorted(units, key=lambda one: one[1])
    level, owner = np.array([u[0] for u in units], np.uint8), np.array([u[1] for u in units])
    part = (owner % 2).astype(np.uint8) if parted else np.empty(0, np.uint8)
    out, alone = np.zeros((2, 2, 2, 4), np.int64)
    count_levels(level, owner.astype(np.int64), part, out)
    count_levels(level, np.empty(0, np.int64), part, alone)
    wanted = np.zeros_like(out)
    for here, whose in units:
        wanted[0, whose % 2 if parted else 0, here] += 1
    for whose in {one[1] for one in units}:
        best = max(here for here, other in units if other == whose)
        wanted[1, whose % 2 if parted else 0, best] += 1
    assert (out == wanted).all()
    assert (alone == wanted[0]).all()
