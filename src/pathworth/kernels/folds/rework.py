"""Kernels that count how often units come back to a state that they had left, and loops from a to b and back to a."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
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
            read_only(_i32, 2),
            read_only(_i32, 2),
            _i64,
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
    loop: NDArray[np.int32],
    labels: int,
    out: NDArray[np.int64],
    bins: NDArray[np.int64],
) -> None:
    """Count visits, returns and repeats of each state, and loops; a visit is consecutive events of one state.

    A loop is a visit of a, one of b, and one of a again, straight after each other. Everything stands in one function,
    because numba counts references to each array that is passed to another one, which takes longer than the counting.

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
        int32[S, 2]: under which label each state is counted, and the row of ``loop`` for loops that begin with it.
    loop
        int32[rows, S]: the place of the loop through each state.
    labels
        How many labels there are.
    out
        int64[parts, labels * KINDS + 1 + places, 3], 0 before the call: times, units and entities of ``KINDS * label``
        plus VISIT, RETURN or AGAIN; then of every unit with a state; then of loops by place.
    bins
        int64[labels + places, BINS], added to: returns by bin of the ms since the unit was last there, and loops by
        bin of the ms from leaving a to being back.
    """
    one, back = np.uint64(1), np.uint64(RETURN)
    every, owned = np.uint64(labels * KINDS), owner.size > 0
    # The last unit in each state, and when it was there.
    seen = np.full((label.shape[0], 2), -1, np.int64)
    last, whose = np.full(out.shape[1], -1, np.int64), np.full(out.shape[1], -1, np.int64)
    for e in range(np.uint64(offset.size - 1)):
        unit = np.int64(e)
        entity = owner[e] if owned else unit
        mine = np.uint64(part[e]) if part.size > 0 else np.uint64(0)
        two, before = np.int32(-1), np.int32(-1)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + one])):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            here, now, again = np.uint64(state), time_us[i], state == before
            first = np.uint64(label[here, 0]) * np.uint64(KINDS)
            cell = first + np.uint64(AGAIN if again else VISIT)
            out[mine, cell, 0] += 1
            out[mine, cell, 1] += last[cell] != unit
            last[cell] = unit
            if owned:
                out[mine, cell, 2] += whose[cell] != entity
                whose[cell] = entity
            if seen[here, 0] == unit and not again:
                ms = (np.uint64(now - seen[here, 1]) + np.uint64(500)) // np.uint64(1000)
                took = np.uint64(bin_of(ms))
                bins[np.uint64(label[here, 0]), took] += 1
                place = np.uint64(0)
                for k in range(2 if state == two else 1):
                    cell = first + back if k == 0 else every + one + place
                    out[mine, cell, 0] += 1
                    out[mine, cell, 1] += last[cell] != unit
                    last[cell] = unit
                    if owned:
                        out[mine, cell, 2] += whose[cell] != entity
                        whose[cell] = entity
                    if k == 0 and state == two:
                        place = np.uint64(loop[np.uint64(label[here, 1]), np.uint64(before)])
                        bins[np.uint64(labels) + place, took] += 1
            seen[here, 0] = unit
            seen[here, 1] = now
            if not again:
                two, before = before, state
        if before >= 0:
            out[mine, every, 0] += 1
            out[mine, every, 1] += 1
            out[mine, every, 2] += whose[every] != entity
            whose[every] = entity
    if not owned:
        out[:, :, 2] = out[:, :, 1]


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
