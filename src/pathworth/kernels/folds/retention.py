"""Kernels that say when entities began and in which periods they came back."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
BASE, SLICE, WIDTH, NTH, LATER, COHORT, CELL = range(7)
"""Places in ``asked``."""

_SIGNATURES = [
    types.void(
        read_only(_i64),
        read_only(name),
        read_only(_u8),
        read_only(_i64),
        read_only(_u8),
        read_only(_u8),
        read_only(_i32),
        read_only(_i64),
        writable(_i64, 3),
        writable(_u8),
    )
    for name in (types.uint16, types.uint32)
]


@kernel(*_SIGNATURES)
def by_calendar(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    part: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    asked: NDArray[np.int64],
    out: NDArray[np.int64],
    mark: NDArray[np.uint8],
) -> None:
    """Add who came back in which calendar period after the one they began in.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``roles``.
    roles
        uint8[codes there are]: 1 for an event that begins, 2 for one that returns, 3 for both, 0 for neither.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    part
        uint8[n]: the part of each entity; empty when there is one part.
    period_of
        int32[slices]: the calendar period of each slice of time, -1 before the first one asked about, P and
        above after the last.
    asked
        int64[7]: where the first slice begins and how long each is (all events lie in a slice), the length of a
        stretch, which event that begins is meant (1 for the first), 1 when a cell counts returns in its period
        or later; and the cohort and cell to mark, -1 for any cohort.
    out
        int64[parts, P, P], added to: entities by period of beginning and periods since, once for each that they
        came in; with later only once, for the last one. All count in cell 0.
    mark
        uint8[n], written unless empty: 1 for who belongs to the cohort, 2 for who is counted in the cell too.
    """
    periods = out.shape[1]
    nth, later = asked[NTH], asked[LATER] != 0
    for e in range(np.uint64(offset.size - 1)):
        mine = part[e] if part.size > 0 else np.uint8(0)
        began, seen, starts = np.int64(-1), np.int64(-1), np.int64(0)
        hit = asked[CELL] == 0
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]]
            if keep.size > 0 and keep[i] == 0:
                role = np.uint8(0)
            if role == 0:
                continue
            slot = np.uint64(time_us[i] - asked[BASE]) // np.uint64(asked[SLICE])
            period = np.int64(period_of[slot])
            if began < 0:
                starts += np.int64(role & np.uint8(1))
                if role & np.uint8(1) == 0 or starts < nth:
                    continue
                if period < 0 or period >= periods:
                    break
                began, seen = period, period
            if period >= periods:
                break
            if role & np.uint8(2) != 0 and period > seen:
                seen = period
                hit |= period - began == asked[CELL]
                if not later:
                    out[mine, np.uint64(began), np.uint64(period - began)] += 1
        if began >= 0 and later:
            hit = seen - began >= asked[CELL]
            out[mine, began, seen - began] += 1
        elif began >= 0:
            out[mine, began, 0] += 1
        if mark.size > 0:
            meant = began >= 0 and (asked[COHORT] < 0 or began == asked[COHORT])
            mark[e] = 0 if not meant else (2 if hit else 1)


@kernel(*_SIGNATURES)
def by_own_start(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    part: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    asked: NDArray[np.int64],
    out: NDArray[np.int64],
    mark: NDArray[np.uint8],
) -> None:
    """Add who came back in which stretch of a fixed length since the event they began with.

    Parameters
    ----------
    offset, codes, roles, time_us, keep, part, period_of, asked, mark
        As in ``by_calendar``; cell k takes returns from k up to k + 1 lengths after the start.
    out
        int64[parts, P, K], added to: entities by period of beginning and stretches since.
    """
    periods, stretches = out.shape[1:]
    nth, width_us = asked[NTH], np.uint64(asked[WIDTH])
    for e in range(np.uint64(offset.size - 1)):
        mine = part[e] if part.size > 0 else np.uint8(0)
        began, start, seen, starts = np.int64(-1), np.int64(0), np.int64(0), np.int64(0)
        hit = asked[CELL] == 0
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]]
            if role == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            now = time_us[i]
            if began < 0:
                starts += np.int64(role & np.uint8(1))
                if role & np.uint8(1) == 0 or starts < nth:
                    continue
                slot = np.uint64(now - asked[BASE]) // np.uint64(asked[SLICE])
                began = np.int64(period_of[slot])
                if began < 0 or began >= periods:
                    began = np.int64(-1)
                    break
                start = now
            stretch = np.int64(np.uint64(now - start) // width_us)
            if role & np.uint8(2) != 0 and stretch > seen and stretch < stretches:
                out[mine, np.uint64(began), np.uint64(stretch)] += 1
                hit |= stretch == asked[CELL]
                seen = stretch
        if began >= 0:
            out[mine, began, 0] += 1
        if mark.size > 0:
            meant = began >= 0 and (asked[COHORT] < 0 or began == asked[COHORT])
            mark[e] = 0 if not meant else (2 if hit else 1)


@kernel(*_SIGNATURES)
def recurring(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    part: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    asked: NDArray[np.int64],
    out: NDArray[np.int64],
    mark: NDArray[np.uint8],
) -> None:
    """Add who came back in which calendar period after each one in which they have an event that begins.

    Parameters
    ----------
    offset, codes, roles, time_us, keep, part, period_of, asked, out, mark
        As in ``by_calendar``, but an entity belongs to the cohort of every period in which it begins.
    """
    periods = out.shape[1]
    at, role_in = np.empty(periods, np.int64), np.empty(periods, np.uint8)
    later = asked[LATER] != 0
    for e in range(np.uint64(offset.size - 1)):
        mine = part[e] if part.size > 0 else np.uint8(0)
        seen = np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]]
            if role == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            slot = np.uint64(time_us[i] - asked[BASE]) // np.uint64(asked[SLICE])
            period = np.int64(period_of[slot])
            if period < 0:
                continue
            if period >= periods:
                break
            if seen == 0 or at[seen - 1] != period:
                at[seen], role_in[seen] = period, np.uint8(0)
                seen += 1
            role_in[seen - 1] |= role
        found = np.uint8(0)
        for a in range(seen):
            if role_in[a] & np.uint8(1) == 0:
                continue
            last, hit = at[a], asked[CELL] == 0
            for b in range(a + 1, seen):
                if role_in[b] & np.uint8(2) != 0:
                    last = at[b]
                    hit |= last - at[a] == asked[CELL]
                    if not later:
                        out[mine, at[a], last - at[a]] += 1
            if later:
                hit = last - at[a] >= asked[CELL]
            out[mine, at[a], last - at[a] if later else 0] += 1
            if asked[COHORT] < 0 or at[a] == asked[COHORT]:
                found = max(found, np.uint8(2 if hit else 1))
        if mark.size > 0:
            mark[e] = found
