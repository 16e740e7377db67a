"""The kernels of what an entity did before agree with twins that try everything, compiled or not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings, strategies as st
from tests.kernels.worlds import CODES, GAPS, worlds
from tests.naive import past as naive, select as naive_select
from tests.naive.transitions import bin_of as naive_bin_of

from pathworth.base.predicate import parse_pattern
from pathworth.base.predicate.machine import _size
from pathworth.base.predicate.pattern import read_tree
from pathworth.kernels.folds.transitions import BINS
from pathworth.kernels.past.deeds import often_by_then, often_enough
from pathworth.kernels.past.pattern import (
    count_matches,
    count_units,
    find_matches,
    matched_by_then,
    sum_matches,
)

FOREVER = 2**62
NO_TIMES = np.empty(0, np.int64)
NAMES = "abcd"
windows = st.sampled_from([0, *GAPS[1:], FOREVER])


@st.composite
def patterns(draw):
    """A pattern over four names, anchors at its ends only."""
    part = st.recursive(
        st.sampled_from(["a", "b", ".", "[a c]", "[^a]", "[^b d]"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{1,3}"])).map(
                lambda t: f"({t[0]}){t[1]}"
            ),
            st.tuples(inner, st.sampled_from(["->", "->>"]), inner).map(" ".join),
            st.tuples(inner, inner).map(lambda t: f"({t[0]} | {t[1]})"),
        ),
        max_leaves=4,
    )
    inner = draw(part)
    assume(_size(read_tree(inner, inner, places=range(len(inner) + 1))) < 60)
    begin = draw(st.sampled_from(["", "start -> ", "start ->> ", "(start | d) -> "]))
    close = draw(st.sampled_from(["", " -> end", " -> (end | d)"]))
    return f"{begin}({inner}){close}"


def marked(pattern, world, hits, *, within_us, keep=None):
    marks, took = np.full(len(world.codes), 9, np.uint8), np.full(len(world.codes), -1, np.int64)
    enters = np.array([pattern.enters(int(one)) for one in hits], np.uint64)
    ends = (pattern.first, pattern.first_at_start, pattern.last, pattern.last_at_end)
    find_matches(
        world.offset,
        world.codes,
        enters,
        world.time_us,
        world.keep if keep is None else keep,
        np.array(pattern.before, np.uint64),
        np.array(ends, np.uint64),
        within_us,
        marks,
        took,
    )
    return marks, took


def summed(pattern, world, hits, *, within_us):
    out = np.full((3, len(world.offset) - 1), -7, np.int64)
    enters = np.array([pattern.enters(int(one)) for one in hits], np.uint64)
    ends = (pattern.first, pattern.first_at_start, pattern.last, pattern.last_at_end)
    machine = np.array(pattern.before, np.uint64), np.array(ends, np.uint64)
    read = (world.offset, world.codes, enters, world.time_us, world.keep)
    sum_matches(*read, *machine, within_us, out)
    return out


def kept_events(world, hits, pattern):
    """Return of each entity the places, names and times of its kept events."""
    said = [
        {one.name for k, one in enumerate(pattern.names) if int(bits) >> k & 1} for bits in hits
    ]
    for a, b in pairwise(world.offset.tolist()):
        places = [i for i in range(a, b) if len(world.keep) == 0 or world.keep[i]]
        yield (
            places,
            [said[world.codes[i]] for i in places],
            [int(world.time_us[i]) for i in places],
        )


@given(worlds(), patterns(), st.lists(st.integers(0, 15), min_size=CODES, max_size=CODES), windows)
@settings(deadline=None, max_examples=400)
def test_a_pattern_is_found_where_trying_every_way_finds_it(world, text, row, within_us):
    pattern = parse_pattern(text)
    hits = np.array(row, np.uint64)
    marks, took = marked(pattern, world, hits, within_us=within_us)
    times, first = (np.empty(len(world.offset) - 1, np.int64) for _ in range(2))
    count_matches(world.offset, marks, world.keep, world.time_us, FOREVER, times, first)
    wanted_took = {}
    for e, (places, names, at) in enumerate(kept_events(world, hits, pattern)):
        found = naive.matches(pattern.tree, names, at, within_us)
        assert times[e] == len(found)
        assert times[e] == naive.most_matches(pattern.tree, names, at, within_us)
        assert first[e] == (places[found[0][0]] if found else -1)
        # Behind the last event one more: what is complete without the journey's end.
        going_on = naive.matches(
            pattern.tree, [*names, set()], [*at, max(at, default=0)], within_us
        )
        inside = {places[i]: shortest for i, shortest in going_on if i < len(places)}
        assert [i for i in places if marks[i] == 1] == list(inside)
        wanted_took |= {places[i]: shortest for i, shortest in found} | inside
    assert {i: int(took[i]) for i in wanted_took} == wanted_took
    whole = summed(pattern, world, hits, within_us=within_us)
    assert whole[0].tolist() == times.tolist()
    assert whole[1].tolist() == first.tolist()
    assert whole[2].tolist() == [wanted_took[i] if i >= 0 else -1 for i in first.tolist()]
    assert set(np.unique(marks)) <= {0, 1, 2}


@given(worlds(), patterns(), st.lists(st.integers(0, 15), min_size=CODES, max_size=CODES), windows)
@settings(deadline=None, max_examples=100)
def test_every_event_says_whether_its_entity_has_matched_were_the_journey_to_end_there(
    world, text, row, within_us
):
    pattern = parse_pattern(text)
    hits = np.array(row, np.uint64)
    none = np.empty(0, np.uint8)
    everything = replace(world, keep=none)
    marks, _ = marked(pattern, everything, hits, within_us=within_us)
    out = np.full(len(world.codes), 9, np.uint8)
    matched_by_then(world.offset, marks, out)
    times, first = (np.empty(len(world.offset) - 1, np.int64) for _ in range(2))
    for places, names, at in kept_events(everything, hits, pattern):
        for k, place in enumerate(places):
            until = naive.matches(pattern.tree, names[: k + 1], at[: k + 1], within_us)
            assert out[place] == bool(until)
    for until_us in (int(world.time_us[len(world.time_us) // 2]), 0) if len(world.codes) else ():
        count_matches(world.offset, marks, none, world.time_us, until_us, times, first)
        for e, (_, names, at) in enumerate(kept_events(everything, hits, pattern)):
            k = sum(1 for one in at if one < until_us)
            assert times[e] == len(naive.matches(pattern.tree, names[:k], at[:k], within_us))


def test_sixty_four_states_fit():
    pattern = parse_pattern(" -> ".join(["a"] * 64))
    assert pattern.states == 64
    offset, codes = np.array([0, 64, 127]), np.zeros(127, np.uint16)
    time_us = np.concatenate([np.arange(64), np.arange(63)])
    marks = np.empty(127, np.uint8)
    enters = np.array([pattern.enters(1)], np.uint64)
    ends = (pattern.first, pattern.first_at_start, pattern.last, pattern.last_at_end)
    machine = (np.array(pattern.before, np.uint64), np.array(ends, np.uint64))
    none = np.empty(0, np.uint8)
    find_matches(offset, codes, enters, time_us, none, *machine, 63, marks, NO_TIMES)
    assert np.flatnonzero(marks).tolist() == [63]
    find_matches(offset, codes, enters, time_us, none, *machine, 62, marks, NO_TIMES)
    assert np.flatnonzero(marks).tolist() == []


def test_a_later_start_is_taken_where_the_first_one_is_outside_the_window():
    pattern = parse_pattern("a ->> b ->> c")
    offset, codes = np.array([0, 5]), np.array([0, 0, 1, 1, 2], np.uint32)
    time_us, none = np.array([0, 5, 6, 7, 15]), np.empty(0, np.uint8)
    enters = np.array([pattern.enters(1 << k) for k in range(3)], np.uint64)
    ends = (pattern.first, pattern.first_at_start, pattern.last, pattern.last_at_end)
    machine = (np.array(pattern.before, np.uint64), np.array(ends, np.uint64))
    for within_us, complete in ((10, [4]), (9, [])):
        marks, took = np.empty(5, np.uint8), np.empty(5, np.int64)
        find_matches(offset, codes, enters, time_us, none, *machine, within_us, marks, took)
        assert np.flatnonzero(marks).tolist() == complete
        assert took[complete].tolist() == [10] * len(complete)


@given(
    worlds(),
    st.sampled_from([-FOREVER, 0, 1_700_000_000_000_000]),
    st.sampled_from([0, 1_000, 1_700_000_000_500_000, FOREVER]),
    st.integers(1, 3),
)
@settings(deadline=None, max_examples=60)
def test_events_that_hold_are_counted_between_two_instants(world, from_us, until_us, at_least):
    holds = (world.codes > 1).astype(np.uint8)
    out = np.full(len(world.offset) - 1, 9, np.uint8)
    often_enough(world.offset, holds, world.time_us, from_us, until_us, at_least, out)
    counts = naive_select.held_between(world.offset, holds, world.time_us, (from_us, until_us))
    assert out.tolist() == [n >= at_least for n in counts]


@given(worlds(), st.sampled_from([1, *GAPS[1:], FOREVER]), st.integers(1, 3))
@settings(deadline=None, max_examples=100)
def test_events_that_hold_are_counted_back_from_every_event(world, within_us, at_least):
    holds = (world.codes > 1).astype(np.uint8)
    out = np.full(len(world.codes), 9, np.uint8)
    often_by_then(world.offset, holds, world.time_us, at_least, within_us, out)
    counts = naive.held_by_then(world.offset, holds, world.time_us, within_us)
    assert out.tolist() == [n >= at_least for n in counts]


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 10**7), st.booleans(), st.integers(0, 4)),
        max_size=30,
    ),
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_units_and_their_entities_are_counted_by_their_matches(units, parted):
    """Numbers of matches from three on stand together."""
    units = sorted(units, key=lambda one: one[3])
    times, took, kept, owner = (
        np.array([one[k] for one in units], dtype)
        for k, dtype in enumerate((np.int64, np.int64, np.uint8, np.int64))
    )
    part = (owner % 2).astype(np.uint8) if parted else np.empty(0, np.uint8)
    out, bins = np.zeros((2, 6, 3), np.int64), np.zeros((2, BINS), np.int64)
    count_units(times, took, kept, owner, part, out, bins)
    there = [(n, us, whose) for n, us, holds, whose in units if holds]
    for p in range(2):
        mine = [one for one in there if (one[2] % 2 if parted else 0) == p]
        matching = [one for one in mine if one[0] > 0]
        often = [[one for one in mine if min(one[0], 3) == n] for n in range(4)]
        rows = [(len(some), len(some), len({one[2] for one in some})) for some in (mine, *often)]
        found = sum(one[0] for one in matching), len(matching), len({one[2] for one in matching})
        assert out[p].tolist() == [list(one) for one in (rows[0], found, *rows[1:])]
        waits = Counter(naive_bin_of((us + 500) // 1_000) for _, us, _ in matching)
        assert {int(k): int(bins[p, k]) for k in np.flatnonzero(bins[p])} == waits
