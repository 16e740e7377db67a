"""Kernels that find the events at which walks begin, and those at which they must arrive."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)
UNIT, PLACE, END = 0, 1, 2
"""Columns of a table of anchors: whose it is, at which event, and the event at which its path ends."""


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_u8),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def find(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    limit: int,
    out: NDArray[np.int64],
) -> int:
    """Return how many anchors there are, after writing where each stands.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of unit e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``hits``.
    hits
        uint8[codes there are]: 1 for an event that is an anchor.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    limit
        At most so many anchors of a unit, its first ones; 0 for all.
    out
        int64[n_event, 3], written from the front: unit, event, and -1, by rising event.
    """
    found = np.uint64(0)
    for e in range(np.uint64(offset.size - 1)):
        mine = 0
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if hits[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            out[found, UNIT] = np.int64(e)
            out[found, PLACE] = np.int64(i)
            out[found, END] = -1
            found += np.uint64(1)
            mine += 1
            if mine == limit:
                break
    return int(found)


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_u8),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def find_ends(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    keep: NDArray[np.uint8],
    fold: int,
    out: NDArray[np.int64],
) -> int:
    """Return how many units have a state, after writing the last event of each, or the first of its last run.

    Parameters
    ----------
    offset, codes, keep
        As in ``find``.
    table
        int32[codes there are]: state of each code, -1 for none.
    fold
        1 for the first event of the last run: of the same state with no other state behind.
    out
        int64[n, 3], written from the front as ``find`` does.
    """
    found = 0
    for e in range(offset.size - 1):
        place = np.int64(-1)
        last = np.int32(-1)
        for i in range(offset[e + 1] - 1, offset[e] - 1, -1):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if place >= 0 and (fold == 0 or state != last):
                break
            place = np.int64(i)
            last = state
        if place >= 0:
            out[found, UNIT] = e
            out[found, PLACE] = place
            out[found, END] = -1
            found += 1
    return found


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_i64),
            read_only(_u8),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def arrive(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    within_us: int,
    anchors: NDArray[np.int64],
) -> int:
    """Return how many anchors are followed by an end of the path in time, moving these to the front.

    Parameters
    ----------
    offset, codes, hits, keep
        As in ``find``; ``hits`` says what ends a path.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside a unit.
    within_us
        Longest time from the anchor to the end, itself included.
    anchors
        int64[m, 3] as ``find`` wrote it; the first rows are overwritten by those that stay, with the end of each.
    """
    left = 0
    unit = np.int64(-1)
    end = np.int64(0)
    for k in range(anchors.shape[0]):
        i = anchors[k, PLACE]
        if anchors[k, UNIT] != unit:
            unit = anchors[k, UNIT]
            end = offset[unit]
        last = offset[unit + 1]
        end = max(end, i + 1)
        while end < last and (hits[codes[end]] == 0 or (keep.size > 0 and keep[end] == 0)):
            end += 1
        if end == last or time_us[end] - time_us[i] > within_us:
            continue
        anchors[left, UNIT] = unit
        anchors[left, PLACE] = i
        anchors[left, END] = end
        left += 1
    return left


@kernel(
    *(
        types.void(
            read_only(name), read_only(_i32), read_only(_u8), read_only(_i64, 2), writable(_u8)
        )
        for name in _NAMES
    )
)
def begins(
    codes: NDArray,
    table: NDArray[np.int32],
    keep: NDArray[np.uint8],
    anchors: NDArray[np.int64],
    out: NDArray[np.uint8],
) -> None:
    """Write which anchors are the first of their run: of the same state with no other state between.

    Parameters
    ----------
    codes, keep
        As in ``find``.
    table
        int32[codes there are]: state of each code, -1 for none.
    anchors
        int64[m, 3] as ``find`` wrote it.
    out
        uint8[m], written.
    """
    for k in range(anchors.shape[0]):
        out[k] = 1
        if k == 0 or anchors[k, UNIT] != anchors[k - 1, UNIT]:
            continue
        state = table[codes[anchors[k, PLACE]]]
        out[k] = table[codes[anchors[k - 1, PLACE]]] != state
        for i in range(anchors[k - 1, PLACE] + 1, anchors[k, PLACE]):
            other = table[codes[i]]
            if other >= 0 and other != state and (keep.size == 0 or keep[i] != 0):
                out[k] = 1
