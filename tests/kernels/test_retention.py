"""The kernels of retention agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import CODES, worlds
from tests.naive import retention as naive

from pathworth.kernels.folds.retention import by_calendar, by_own_start, recurring

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


ALL = np.empty(0, np.uint8)
often = st.integers(1, 3)


def asked_of(base, **said):
    """Return the kernel's numbers: any cohort, cell 0 and first starts unless said."""
    at = {"width": 0, "nth": 1, "later": 0, "cohort": -1, "cell": 0} | said
    return np.array([base, SLICE, *at.values()], np.int64)


def folded(kernel, case, cells, part=ALL, **said):
    """Return the matrix of the parts together, and the marks."""
    world, roles, edges, base, table = case
    out = np.zeros((3, len(edges) - 1, cells), np.int64)
    mark = np.full(len(world.offset) - 1, 9, np.uint8)
    read = (world.offset, world.codes, roles, world.time_us, world.keep)
    kernel(*read, part, table, asked_of(base, **said), out, mark)
    return out, mark.tolist()


def everybody_of(case):
    world, roles, *_ = case
    return list(naive.journeys(world.offset, world.codes, roles, world.time_us, world.keep))


def parts_of(case):
    return (np.arange(len(case[0].offset) - 1) % 3).astype(np.uint8)


@given(cases(), often)
@settings(deadline=None, max_examples=60)
def test_calendar_periods_count_each_entity_once_in_each(case, nth):
    edges, everybody = case[2], everybody_of(case)
    periods = len(edges) - 1
    came, mark = folded(by_calendar, case, periods, nth=nth)
    last, _ = folded(by_calendar, case, periods, later=1, nth=nth)
    wanted_came, wanted_last = naive.by_calendar(everybody, edges, nth)
    assert filled(came[0]) == dict(wanted_came)
    assert filled(last[0]) == dict(wanted_last)
    began = [naive.began(events, edges, nth)[1] for events in everybody]
    assert mark == [0 if one is None else 2 for one in began]


@given(cases())
@settings(deadline=None, max_examples=60)
def test_recurring_cohorts_take_an_entity_in_every_period_in_which_it_begins(case):
    edges, everybody = case[2], everybody_of(case)
    came, _ = folded(recurring, case, len(edges) - 1)
    last, _ = folded(recurring, case, len(edges) - 1, later=1)
    wanted_came, wanted_last = naive.recurring(everybody, edges)
    assert filled(came[0]) == dict(wanted_came)
    assert filled(last[0]) == dict(wanted_last)


@given(cases(), st.sampled_from([1_000, 60_000_000, 3_600_000_000]), often)
@settings(deadline=None, max_examples=60)
def test_rolling_stretches_begin_with_each_entity(case, width_us, nth):
    came, _ = folded(by_own_start, case, 7, width=width_us, nth=nth)
    wanted = naive.by_own_start(everybody_of(case), case[2], width_us, 7, nth)
    assert filled(came[0]) == dict(wanted)


@given(cases(), st.sampled_from([by_calendar, by_own_start, recurring]), st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_marks_of_a_cell_are_as_many_as_it_counts_part_by_part(case, kernel, later):
    periods = len(case[2]) - 1
    said = {"width": 60_000_000, "later": int(later and kernel != by_own_start)}
    parts = parts_of(case)
    out, _ = folded(kernel, case, periods, parts, **said)
    if said["later"]:
        out = out[..., ::-1].cumsum(axis=-1)[..., ::-1]
    for cohort in range(periods):
        for k in range(periods - cohort):
            _, mark = folded(kernel, case, periods, parts, cohort=cohort, cell=k, **said)
            for part in range(3):
                mine = [one for one, p in zip(mark, parts, strict=True) if p == part]
                assert mine.count(2) == out[part, cohort, k]
                assert mine.count(1) + mine.count(2) == out[part, cohort, 0]
