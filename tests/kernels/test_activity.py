"""The kernels of activity agree with a twin that looks at sets of periods, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.naive import activity as naive

from pathworth.kernels.folds.activity import life, lives

NONE = np.empty(0, np.uint8)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), max_size=6), max_size=5
    ),
    st.booleans(),
    st.booleans(),
)
@settings(deadline=None, max_examples=80)
def test_every_entity_is_counted_where_the_twin_says(people, masked, split):
    """Slices 0 and 1 are long ago, then one period per slice; slices 8 and 9 lie after the last period."""
    period_of = np.array([-1, -1, 0, 1, 2, 3, 4, 5, 6, 7], np.int32)
    periods = 6
    people = [sorted(events, key=lambda one: one[0]) for events in people]
    flat = [one for events in people for one in events]
    offset = np.cumsum([0, *map(len, people)]).astype(np.int64)
    time_us = np.array([slot * 10 + 3 for slot, _, _ in flat], np.int64)
    codes = np.array([active for _, active, _ in flat], np.uint16)
    keep = np.array([kept for _, _, kept in flat] if masked else [], np.uint8)
    part = np.array([e % 2 for e in range(len(people))], np.uint8) if split else NONE
    active = np.array([0, 1], np.uint8)
    read = (offset, codes, active, time_us, keep, period_of, 0, 10)
    out = np.zeros((2 if split else 1, periods, 4), np.int64)
    life(*read, part, out)
    seen = [
        [
            int(period_of[slot])
            for slot, is_active, kept in events
            if is_active and (kept or not masked)
        ]
        for events in people
    ]
    cells = naive.lives(seen, periods)
    expected = np.zeros_like(out)
    for e, mine in enumerate(cells):
        for period, kind in mine:
            expected[part[e] if split else 0, period, kind] += 1
    assert (out == expected).all()
    for period in range(1, periods):
        for kind in range(4):
            mask = np.empty(len(people), np.uint8)
            lives(*read, period, kind, mask)
            assert mask.tolist() == [int((period, kind) in mine) for mine in cells]
