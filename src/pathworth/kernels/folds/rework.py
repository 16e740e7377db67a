"""Kernels that count how often units come back to a state that they had left, and loops from a to b and back to a."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.marks import mark
from pathworth.kernels.folds.transitions import bin_of

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)
VISIT, RETURN, AGAIN = 0, 1, 2
KINDS = 3
"""Cells of a state: visits, visits after another one with another state between, and events straight after its own."""


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            read_only(_i64),
            read_only(_u8),
            read_only(_i32),
            writable(_i64, 2),
            writable(_i64, 2),
            writable(_i64, 3),
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def returns(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    owner: NDArray[np.int64],
    part: NDArray[np.uint8],
    label: NDArray[np.int32],
    seen: NDArray[np.int64],
    last: NDArray[np.int64],
    out: NDArray[np.int64],
    bins: NDArray[np.int64],
) -> None:
    """Count visits, returns and repeats of each state; a visit is consecutive events of one state.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of unit e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``table``.
    table
        int32[codes there are]: state of each code, -1 for none.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside a unit.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    owner
        int64[n]: the entity of each unit; empty when units are entities.
    part
        uint8[n]: the part of each unit; empty when there is one part.
    label
        int32[S]: under which label each state is counted.
    seen
        int64[S, 2], -1 before the call: the last unit that visited a state, and when it was last there.
    last
        int64[labels * KINDS + 1, 2], -1 before the call: the last unit and entity counted in a cell.
    out
        int64[parts, labels * KINDS + 1, 3], added to: times, units and entities of ``KINDS * label`` plus VISIT, RETURN
        or AGAIN; the last cell counts every unit with a state.
    bins
        int64[labels, BINS], added to: returns by bin of the ms since the unit was last there; no rows when not asked.
    """
    every = np.int64(out.shape[1] - 1)
    for e in range(np.uint64(offset.size - 1)):
        unit = np.int64(e)
        entity = owner[e] if owner.size > 0 else unit
        mine = np.int64(part[e]) if part.size > 0 else np.int64(0)
        before = np.int32(-1)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if before < 0:
                mark(mine, every, unit, entity, last, out)
            again = state == before
            here, now = np.uint64(state), time_us[i]
            first = np.int64(label[here]) * KINDS
            mark(mine, first + (AGAIN if again else VISIT), unit, entity, last, out)
            if seen[here, 0] == unit and not again:
                mark(mine, first + RETURN, unit, entity, last, out)
                if bins.shape[0] > 0:
                    gap = np.uint64(now - seen[here, 1])
                    ms = (gap + np.uint64(500)) // np.uint64(1000)
                    bins[np.uint64(label[here]), np.uint64(bin_of(ms))] += 1
            seen[here, 0] = unit
            seen[here, 1] = now
            before = state


@kernel(
    *(
        types.int64(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_u8),
            writable(_i64),
            writable(_i64, 2),
            writable(_i64),
        )
        for name in _NAMES
    )
)
def glance(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    keep: NDArray[np.uint8],
    seen: NDArray[np.int64],
    times: NDArray[np.int64],
    made: NDArray[np.int64],
) -> int:
    """Return how many loops there are, after counting how often each state is visited, returned to and repeated.

    Parameters
    ----------
    offset, codes, table, keep
        As in ``returns``.
    seen
        int64[S], -1 before the call: the last unit that visited a state.
    times
        int64[S, KINDS], added to: what ``returns`` counts, without whose.
    made
        int64[n_event], written from the front: ``a * S + b`` of what ``loops`` finds.
    """
    found, size = np.uint64(0), np.uint64(times.shape[0])
    for e in range(np.uint64(offset.size - 1)):
        unit = np.int64(e)
        two, one = np.int32(-1), np.int32(-1)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            here = np.uint64(state)
            if state == one:
                times[here, AGAIN] += 1
                continue
            times[here, VISIT] += 1
            times[here, RETURN] += seen[here] == unit
            seen[here] = unit
            if state == two:
                made[found] = np.int64(here * size + np.uint64(one))
                found += np.uint64(1)
            two, one = one, state
    return int(found)


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_u8),
            read_only(_i32),
            _i64,
            writable(_i64),
            writable(_u8),
        )
        for name in _NAMES
    )
)
def counted_at(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    keep: NDArray[np.uint8],
    label: NDArray[np.int32],
    wanted: int,
    seen: NDArray[np.int64],
    out: NDArray[np.uint8],
) -> None:
    """Write which units ``returns`` counts in one cell.

    Parameters
    ----------
    offset, codes, table, keep, label
        As in ``returns``.
    wanted
        The cell: ``KINDS * label`` plus VISIT, RETURN or AGAIN.
    seen
        int64[S], -1 before the call: the last unit that visited a state.
    out
        uint8[n], written.
    """
    for e in range(offset.size - 1):
        before = np.int32(-1)
        out[e] = 0
        for i in range(offset[e], offset[e + 1]):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if label[state] == wanted // KINDS:
                kind = AGAIN if state == before else VISIT
                back = kind == VISIT and seen[state] == e
                if wanted % KINDS == kind or (back and wanted % KINDS == RETURN):
                    out[e] = 1
            seen[state] = e
            before = state


@kernel(
    *(
        types.int64(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            writable(_i64, 2),
            writable(_i64),
        )
        for name in _NAMES
    )
)
def loops(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    out: NDArray[np.int64],
    took_ms: NDArray[np.int64],
) -> int:
    """Return how many loops there are: visits of a, of b, and of a again, one straight after the other.

    Parameters
    ----------
    offset, codes, table, time_us, keep
        As in ``returns``.
    out
        int64[n_event, 3], written from the front: unit, a and b.
    took_ms
        int64[n_event], written from the front: whole ms from leaving a to being back.
    """
    found = np.uint64(0)
    for e in range(np.uint64(offset.size - 1)):
        two, one = np.int32(-1), np.int32(-1)
        left_two, left_one = np.int64(0), np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if state != one:
                if state == two:
                    out[found, 0] = np.int64(e)
                    out[found, 1] = state
                    out[found, 2] = one
                    gap = np.uint64(time_us[i] - left_two)
                    took_ms[found] = np.int64((gap + np.uint64(500)) // np.uint64(1000))
                    found += np.uint64(1)
                two, left_two = one, left_one
                one = state
            left_one = time_us[i]
    return int(found)
