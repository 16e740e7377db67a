"""Kernels that count what entities did before a moment of their own: events, how often, and in which order."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)
AT_LEAST = (1, 2, 5, 10)
"""How often an event is done at least, for the columns of what ``tally_before`` counts."""


def _signatures(*rest: types.Type) -> list[types.Type]:
    """Return one signature per width of names."""
    return [
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            read_only(_i64),
            *rest,
        )
        for name in _NAMES
    ]


@kernel(*_signatures(read_only(_i32), writable(_i64, 2), writable(_i64, 3), writable(_i64, 3)))
def tally_before(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    cut_us: NDArray[np.int64],
    cell: NDArray[np.int32],
    scratch: NDArray[np.int64],
    often: NDArray[np.int64],
    order: NDArray[np.int64],
) -> None:
    """Add, cell by cell, how many entities did each event so often, and which of two events came first.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``table``.
    table
        int32[codes there are]: the state of each code, -1 for none.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    cut_us
        int64[n]: events from this instant of their entity on do not count.
    cell
        int32[n]: where each entity is counted, below 0 for nowhere.
    scratch
        int64[2, S]: room for the states of one entity and how often it was in each; the second row is 0.
    often
        int64[cells, S, 4], added to: entities with at least 1, 2, 5 and 10 events of a state.
    order
        int64[cells, S, S], added to: entities whose first event of one state comes before their first of the other.
    """
    for e in range(np.uint64(offset.size - 1)):
        mine = np.int64(cell[e])
        if mine < 0:
            continue
        met = np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if time_us[i] >= cut_us[e]:
                break
            state = np.int64(table[codes[i]])
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if scratch[1, state] == 0:
                for k in range(met):
                    order[mine, scratch[0, k], state] += 1
                scratch[0, met] = state
                met += 1
            scratch[1, state] += 1
        for k in range(met):
            state = scratch[0, k]
            times = scratch[1, state]
            scratch[1, state] = 0
            often[mine, state, 0] += 1
            often[mine, state, 1] += times >= 2
            often[mine, state, 2] += times >= 5
            often[mine, state, 3] += times >= 10


@kernel(*_signatures(_i64, _i64, _i64, writable(_u8)))
def held_before(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    cut_us: NDArray[np.int64],
    first: int,
    then: int,
    at_least: int,
    out: NDArray[np.uint8],
) -> None:
    """Mark the entities with so many events of a state, or with one before the first event of another.

    Parameters
    ----------
    offset, codes, table, time_us, keep, cut_us
        As in ``tally_before``.
    first, at_least
        The state and how often it is there at least.
    then
        The state that must be there too, and not before ``first``; below 0 for none.
    out
        uint8[n], written.
    """
    for e in range(np.uint64(offset.size - 1)):
        times = np.int64(0)
        after = np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if time_us[i] >= cut_us[e]:
                break
            if keep.size > 0 and keep[i] == 0:
                continue
            state = np.int64(table[codes[i]])
            if state == first:
                times += 1
            elif then >= 0 and state == then:
                if times == 0:
                    break
                after = np.int64(1)
        out[e] = 1 if times >= at_least and (then < 0 or after == 1) else 0
