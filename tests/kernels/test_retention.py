"""The kernels of retention agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.worlds import CODES, worlds
from tests.naive import retention as naive

from pathworth.kernels.folds.retention import by_calendar, by_own_start

SLICE = 1_800_000_000
roles_of = st.lists(st.integers(0, 3), min_size=CODES, max_size=CODES).map(
    lambda r: np.array(r, np.uint8)
)


@st.composite
def cases(draw):
    """Return a world, roles, edges that are slices apart, and the table of slices."""
    world = draw(worlds())
    first = int(world.time_us.min(initial=0)) if len(world.time_us) else 0
    base = first - SLICE * draw(st.integers(0, 3))
    lengths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    edges = [base + SLICE * k for k in np.cumsum([draw(st.integers(0, 4)), *lengths]).tolist()]
    last = int(world.time_us.max(initial=first))
    begins = base + SLICE * np.arange((last - base) // SLICE + 1)
    table = (np.searchsorted(edges, begins, side="right") - 1).astype(np.int32)
    return world, draw(roles_of), edges, base, table


def filled(matrix):
    return {(int(a), int(b)): int(matrix[a, b]) for a, b in zip(*np.nonzero(matrix), strict=True)}


@given(cases())
@settings(deadline=None, max_examples=60)
def test_calendar_periods_count_each_entity_once_in_each(case):
    world, roles, edges, base, table = case
    periods = len(edges) - 1
    came, last = np.zeros((periods, periods), np.int64), np.zeros((periods, periods), np.int64)
    cohort = np.empty(len(world.offset) - 1, np.int32)
    by_calendar(
        world.offset,
        world.codes,
        roles,
        world.time_us,
        world.keep,
        table,
        base,
        SLICE,
        cohort,
        came,
        last,
    )
    everybody = list(naive.journeys(world.offset, world.codes, roles, world.time_us, world.keep))
    wanted_came, wanted_last = naive.by_calendar(everybody, edges)
    assert filled(came) == dict(wanted_came)
    assert filled(last) == dict(wanted_last)
    began = [naive.began(events, edges)[1] for events in everybody]
    assert cohort.tolist() == [-1 if one is None else one for one in began]


@given(cases(), st.sampled_from([1_000, 60_000_000, 3_600_000_000]))
@settings(deadline=None, max_examples=60)
def test_rolling_stretches_begin_with_each_entity(case, width_us):
    world, roles, edges, base, table = case
    came = np.zeros((len(edges) - 1, 7), np.int64)
    cohort = np.empty(len(world.offset) - 1, np.int32)
    by_own_start(
        world.offset,
        world.codes,
        roles,
        world.time_us,
        world.keep,
        table,
        base,
        SLICE,
        width_us,
        cohort,
        came,
    )
    everybody = list(naive.journeys(world.offset, world.codes, roles, world.time_us, world.keep))
    assert filled(came) == dict(naive.by_own_start(everybody, edges, width_us, 7))
