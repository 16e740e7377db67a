"""The kernels of moments agree with their twins, compiled or not."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import worlds
from tests.naive import moments as naive, money as naive_money

from pathworth.kernels.cohorts.moments import NEVER, draw, first_times, stratify

ROLES = np.array([1, 2, 3, 0, 2], np.uint8)

times = st.one_of(st.none(), st.integers(-5, 30))
people = st.lists(st.tuples(times, times, st.integers(0, 2**64 - 1)), max_size=12)


@given(
    people,
    st.lists(st.integers(1, 20), max_size=4),
    st.integers(-5, 5),
    st.one_of(st.none(), st.integers(1, 15)),
    st.sets(st.integers(0, 20), max_size=3),
)
@settings(deadline=None, max_examples=150)
def test_groups_moments_and_strata_are_those_of_the_twin(given_people, taken, since, within, at):
    # A goal comes no earlier than the first event.
    rows = [
        (start, None if start is None or goal is None else max(start, goal), hashed)
        for start, goal, hashed in given_people
    ]
    start, goal = (
        np.array([NEVER if row[k] is None else row[k] for row in rows], np.int64) for k in (0, 1)
    )
    hashes = np.array([row[2] for row in rows], np.uint64)
    cut, group = np.empty(len(rows), np.int64), np.empty(len(rows), np.int32)
    bounds = np.array([since, 25, NEVER if within is None else within], np.int64)
    draw(start, goal, hashes, np.array(sorted(taken), np.int64), bounds, cut, group)
    wanted = [
        naive.drawn(
            first,
            reached,
            hashed=hashed,
            taken=sorted(taken),
            since=since,
            end=25,
            within=within,
        )
        for first, reached, hashed in rows
    ]
    assert group.tolist() == [one for one, _ in wanted]
    for e, (_, moment) in enumerate(wanted):
        assert moment is None or cut[e] == moment
    edges = np.array(sorted(at), np.int64)
    cell, counts = np.empty(len(rows), np.int32), np.zeros((2, len(edges) + 1), np.int64)
    stratify(start, cut, group, edges, cell, counts)
    strata = [
        (one, naive.stratum(moment - rows[e][0], sorted(at)))
        for e, (one, moment) in enumerate(wanted)
        if one >= 0
    ]
    assert cell[group >= 0].tolist() == [one * (len(edges) + 1) + place for one, place in strata]
    assert cell[group < 0].tolist() == group[group < 0].tolist()
    assert {(int(a), int(b)): int(counts[a, b]) for a, b in np.argwhere(counts)} == Counter(strata)


@given(worlds())
@settings(deadline=None, max_examples=80)
def test_the_first_events_of_two_roles_happen_when_the_twin_says(world):
    out = np.empty((2, len(world.offset) - 1), np.int64)
    first_times(world.offset, world.codes, ROLES, world.time_us, world.keep, out)
    for e, (a, b) in enumerate(zip(world.offset[:-1], world.offset[1:], strict=True)):
        kept = [not world.keep.size or bool(world.keep[i]) for i in range(a, b)]
        events = list(zip(ROLES[world.codes[a:b]], kept, strict=True))
        for role in (0, 1):
            place = naive_money.first_of(events, 1 << role)
            assert out[role, e] == (world.time_us[a + place] if place >= 0 else NEVER)
