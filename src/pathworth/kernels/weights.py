"""Kernels that say what moves weigh: the money that they bring, and the one entity that carries most of a sum."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_u8),
            read_only(_u8),
            read_only(_i64),
            read_only(_i32),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def money_of_moves(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    keep: NDArray[np.uint8],
    split: NDArray[np.uint8],
    micro: NDArray[np.int64],
    slot: NDArray[np.int32],
    states: int,
    out: NDArray[np.int64],
) -> None:
    """Add the money of the event that each move enters.

    Parameters
    ----------
    offset, codes, lookup, keep, split, states
        As in ``transitions.moves_in_detail``.
    micro
        int64[n_event]: money of each event in micro-units.
    slot
        int32[matrices * (S + 1)**2]: row of ``out`` for each cell, -1 for a cell that nobody asks about.
    out
        int64[slots, 3], added to: the upper limb and the lower 32 bits of every sum, and the moves in it.
    """
    width = np.uint64(states + 1)
    area = width * width
    for e in range(offset.size - 1):
        before = np.uint64(states)
        block = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + 1])):
            code = lookup[codes[i]]
            if code < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            row = slot[block * area + before * width + np.uint64(code)]
            if before != np.uint64(states) and row >= 0:
                out[row, 0] += micro[i] >> np.int64(32)
                out[row, 1] += micro[i] & np.int64(0xFFFFFFFF)
                out[row, 2] += 1
            before = np.uint64(code)
            if split.size > 0:
                block = np.uint64(split[i])


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            read_only(_u8),
            read_only(_i64),
            read_only(_i32),
            _i64,
            writable(_i64),
            writable(_i64),
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def heaviest(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    split: NDArray[np.uint8],
    weight: NDArray[np.int64],
    slot: NDArray[np.int32],
    states: int,
    own: NDArray[np.int64],
    touched: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    """Find the entity whose own moves take the most time, or weigh most, cell by cell.

    Few moves are asked about: the others read neither times nor branch, and left-out ones take the last slot.

    Parameters
    ----------
    offset, codes, lookup, time_us, keep, split, states
        As in ``transitions.moves_in_detail``.
    weight
        int64[n_event], not below 0: what a move that enters an event weighs; empty for its whole ms.
    slot
        int32[matrices * (S + 1)**2 + 1]: row of ``out`` for each cell, -1 for a cell that nobody asks about, for
        every cell of the start's row, and at the very end.
    own, touched
        int64[slots] each: room for one entity; ``own`` is 0 before and after the call.
    out
        int64[slots, 2]: the largest sum of one entity, and its place, the first of equal ones; -1 and
        -1 before the first call.
    """
    width = np.uint64(states + 1)
    area = width * width
    start = np.uint64(states) * width
    dump = np.uint64(slot.size - 1)
    for e in range(np.uint64(offset.size - 1)):
        before = np.uint64(offset[e])
        row = start
        seen = 0
        for i in range(before, np.uint64(offset[e + np.uint64(1)])):
            code = lookup[codes[i]]
            stays = code >= 0
            if keep.size > 0:
                stays = stays & (keep[i] != 0)
            state = np.uint64(code if code >= 0 else 0)
            place = slot[row + state if stays else dump]
            if place >= 0:
                ms = (np.uint64(time_us[i] - time_us[before]) + np.uint64(500)) // np.uint64(1000)
                weighs = weight[i] if weight.size > 0 else np.int64(ms)
                if own[place] == 0 and weighs > 0:
                    touched[seen] = place
                    seen += 1
                own[place] += weighs
            block = np.uint64(split[i]) * area if split.size > 0 else np.uint64(0)
            row = block + state * width if stays else row
            before = np.uint64(i) if stays else before
        for k in range(seen):
            place = touched[k]
            if own[place] > out[place, 0]:
                out[place, 0] = own[place]
                out[place, 1] = e
            own[place] = 0
