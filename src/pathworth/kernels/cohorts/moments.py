"""Kernels that give everybody a moment up to which what they did counts, and a stratum of alike times until then."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u64, _u8 = types.int64, types.int32, types.uint64, types.uint8
_NAMES = (types.uint16, types.uint32)
NEVER = np.iinfo(np.int64).max
A, B = 0, 1
NOBODY, BEFORE, AT_ONCE, YOUNG = -1, -2, -3, -4


@kernel(
    *[
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_i64),
            read_only(_u8),
            writable(_i64, 2),
        )
        for name in _NAMES
    ]
)
def first_times(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> None:
    """Write when the first event of each of two roles happened.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``roles``.
    roles
        uint8[codes there are]: 1 for an event of the first role, 2 for one of the second, 3 for both, 0 for neither.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    out
        int64[2, n], written: the time of each first event, NEVER where there is none.
    """
    for e in range(np.uint64(offset.size - 1)):
        out[0, e] = NEVER
        out[1, e] = NEVER
        missing = np.uint8(3)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]] & missing
            if role == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if role & np.uint8(1) != 0:
                out[0, e] = time_us[i]
            if role & np.uint8(2) != 0:
                out[1, e] = time_us[i]
            missing = missing & ~role
            if missing == 0:
                break


@kernel(
    types.void(
        read_only(_i64),
        read_only(_i64),
        read_only(_u64),
        read_only(_i64),
        read_only(_i64),
        writable(_i64),
        writable(_i32),
    )
)
def draw(
    start_us: NDArray[np.int64],
    goal_us: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    taken_us: NDArray[np.int64],
    bounds_us: NDArray[np.int64],
    cut_us: NDArray[np.int64],
    group: NDArray[np.int32],
) -> None:
    """Write the group and the moment of every entity: the goal, or a drawn time after its start where it reaches none.

    Parameters
    ----------
    start_us, goal_us
        int64[n]: the first event, and the first one that is the goal; NEVER where there is none.
    hashes
        uint64[n]: what decides which time an entity draws.
    taken_us
        int64[m]: the times that those who reach the goal take to it; nothing is drawn where nobody does.
    bounds_us
        int64[3]: who starts before the first stands aside, so does whose drawn moment lies after the second, and no
        moment is later than the third after the start.
    cut_us
        int64[n], written: the moments; mean nothing for who stands aside.
    group
        int32[n], written: A, B, or below 0 for who stands aside.
    """
    from_us, end_us, within_us = bounds_us[0], bounds_us[1], bounds_us[2]
    times = np.uint64(taken_us.size)
    for e in range(np.uint64(start_us.size)):
        start, goal = start_us[e], goal_us[e]
        cut_us[e] = start
        if start == NEVER:
            group[e] = NOBODY
        elif start < from_us:
            group[e] = BEFORE
        elif goal == start:
            group[e] = AT_ONCE
        elif goal < NEVER:
            group[e] = B
            cut_us[e] = start + min(goal - start, within_us)
        elif times > 0:
            wait = taken_us[hashes[e] % times]
            group[e] = A if start + wait <= end_us else YOUNG
            cut_us[e] = start + min(wait, within_us)
        else:
            group[e] = A


@kernel(
    types.void(
        read_only(_i64),
        read_only(_i64),
        read_only(_i32),
        read_only(_i64),
        writable(_i32),
        writable(_i64, 2),
    )
)
def stratify(
    start_us: NDArray[np.int64],
    cut_us: NDArray[np.int64],
    group: NDArray[np.int32],
    edges_us: NDArray[np.int64],
    cell: NDArray[np.int32],
    counts: NDArray[np.int64],
) -> None:
    """Write the stratum of every entity by the time from its start to its moment.

    Parameters
    ----------
    start_us, cut_us, group
        As in ``draw``.
    edges_us
        int64[strata - 1], rising: where a stratum ends and the next one begins.
    cell
        int32[n], written: group * strata + stratum; the group itself where it is below 0.
    counts
        int64[2, strata], added to: entities by group and stratum.
    """
    strata = np.int64(edges_us.size + 1)
    for e in range(np.uint64(start_us.size)):
        mine = np.int64(group[e])
        cell[e] = mine
        if mine >= 0:
            length, place = cut_us[e] - start_us[e], np.int64(0)
            for k in range(edges_us.size):
                place += length >= edges_us[k]
            cell[e] = mine * strata + place
            counts[np.uint64(mine), np.uint64(place)] += 1
