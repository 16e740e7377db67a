"""The kernel of sessions agrees with its twin, compiled or not."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import CODES, GAPS, worlds
from tests.naive import sessions as naive
from tests.naive.transitions import bin_of, half_up

from pathworth.kernels.folds.sessions import ANY, BEGINS, ENDS, sessions_of
from pathworth.kernels.folds.transitions import BINS

NONE = np.empty(0, np.int64)
ALL = np.empty(0, np.uint8)


def folded(world, owner, starts, part, asked):
    entities = int(owner[-1]) + 1 if len(owner) else len(world.offset) - 1
    totals, bins = np.zeros((3, 4), np.int64), np.zeros((3, 3, BINS), np.int64)
    edges, mark = np.zeros((3, CODES, 2, 3), np.int64), np.zeros(entities, np.uint8)
    read = (world.codes, world.time_us, world.keep, starts, part, np.array(asked, np.int64))
    sessions_of(world.offset, owner, *read, totals, bins, edges, mark)
    return totals, bins, edges, mark


@given(worlds(), st.sampled_from(GAPS[1:]), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_long_pause_or_an_event_that_starts_one_begins_a_session(world, gap_us, started, joined):
    starts = (world.split == 0).astype(np.uint8) if started else ALL
    rows = len(world.offset) - 1
    owner = np.arange(rows) // 2 if joined else NONE
    everybody = naive.sessions_of(world.offset, owner, world.time_us, world.keep, starts, gap_us)
    part = (np.arange(len(everybody)) % 3).astype(np.uint8)
    totals, bins, edges, _ = folded(world, owner, starts, part, [gap_us, ANY, 0])
    for p in range(3):
        mine = everybody[p::3]
        every = [one for pieces in mine for one in pieces]
        ms = [half_up(int(world.time_us[one[-1]] - world.time_us[one[0]])) for one in every]
        assert totals[p].tolist() == [
            len(every),
            sum(map(bool, mine)),
            sum(map(len, every)),
            sum(ms),
        ]
        wanted = [
            Counter(bin_of(len(one)) for one in every),
            Counter(bin_of(one) for one in ms),
            Counter(bin_of(len(pieces)) for pieces in mine if pieces),
        ]
        for row, counted in zip(bins[p], wanted, strict=True):
            assert {int(b): int(row[b]) for b in np.flatnonzero(row)} == dict(counted)
        for code in range(CODES):
            for side, place in ((0, 0), (1, -1)):
                met = [[o for o in pieces if world.codes[o[place]] == code] for pieces in mine]
                assert edges[p, code, side, 0] == sum(map(len, met))
                assert edges[p, code, side, 1] == sum(map(bool, met))


@given(worlds(), st.sampled_from(GAPS[1:]), st.integers(0, CODES - 1))
@settings(deadline=None, max_examples=60)
def test_the_marks_are_as_many_as_the_entities_that_are_counted(world, gap_us, code):
    for side, sides in ((BEGINS, 0), (ENDS, 1)):
        *_, edges, mark = folded(world, NONE, ALL, ALL, [gap_us, side, code])
        assert mark.sum() == edges[0, code, sides, 1]
    totals, *_, mark = folded(world, NONE, ALL, ALL, [gap_us, ANY, 0])
    assert mark.sum() == totals[0, 1]
