"""Kernels that say when entities began and in which periods they came back."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)


def _signatures(*rest: types.Type) -> list[types.Type]:
    """Return one signature per width of names."""
    return [
        types.void(
            read_only(_i64), read_only(name), read_only(_u8), read_only(_i64), read_only(_u8), *rest
        )
        for name in _NAMES
    ]


@kernel(
    *_signatures(read_only(_i32), _i64, _i64, writable(_i32), writable(_i64, 2), writable(_i64, 2))
)
def by_calendar(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    base_us: int,
    slice_us: int,
    cohort: NDArray[np.int32],
    came: NDArray[np.int64],
    last: NDArray[np.int64],
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
    period_of
        int32[slices]: the calendar period of each slice of time, -1 before the first one asked about,
        ``came.shape[0]`` and above after the last.
    base_us, slice_us
        Where the first slice begins and how long each is; all events lie in a slice.
    cohort
        int32[n], written: the period in which each entity began, -1 for none.
    came
        int64[P, P], added to: entities by period of beginning and periods since, once for each.
    last
        int64[P, P], added to: the same for the last period that they came in only.
    """
    periods = came.shape[0]
    for e in range(np.uint64(offset.size - 1)):
        began = np.int64(-1)
        seen = np.int64(-1)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]]
            if keep.size > 0 and keep[i] == 0:
                role = np.uint8(0)
            if role == 0:
                continue
            slot = np.uint64(time_us[i] - base_us) // np.uint64(slice_us)
            period = np.int64(period_of[slot])
            if began < 0:
                if role & np.uint8(1) == 0:
                    continue
                if period < 0:
                    break
                began = period if period < periods else np.int64(-1)
                seen = period
            if period >= periods:
                break
            if role & np.uint8(2) != 0 and period > seen:
                came[np.uint64(began), np.uint64(period - began)] += 1
                seen = period
        cohort[e] = began
        if began >= 0:
            came[began, 0] += 1
            last[began, seen - began] += 1


@kernel(*_signatures(read_only(_i32), _i64, _i64, _i64, writable(_i32), writable(_i64, 2)))
def by_own_start(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    base_us: int,
    slice_us: int,
    width_us: int,
    cohort: NDArray[np.int32],
    came: NDArray[np.int64],
) -> None:
    """Add who came back in which stretch of a fixed length since their own first event.

    Parameters
    ----------
    offset, codes, roles, time_us, keep, period_of, base_us, slice_us, cohort
        As in ``by_calendar``.
    width_us
        Length of a stretch: cell k takes returns from k up to k + 1 lengths after the start.
    came
        int64[P, K], added to: entities by period of beginning and stretches since.
    """
    periods, stretches = came.shape
    for e in range(np.uint64(offset.size - 1)):
        began = np.int64(-1)
        start = np.int64(0)
        seen = np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]]
            if role == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            now = time_us[i]
            if began < 0:
                if role & np.uint8(1) == 0:
                    continue
                slot = np.uint64(now - base_us) // np.uint64(slice_us)
                began = np.int64(period_of[slot])
                if began < 0 or began >= periods:
                    began = np.int64(-1)
                    break
                start = now
            stretch = np.int64(np.uint64(now - start) // np.uint64(width_us))
            if role & np.uint8(2) != 0 and stretch > seen and stretch < stretches:
                came[np.uint64(began), np.uint64(stretch)] += 1
                seen = stretch
        cohort[e] = began
        if began >= 0:
            came[began, 0] += 1
