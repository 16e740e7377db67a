"""Kernels that say in which periods entities were active: new, back again, returned after a gap, or gone."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
NEW, RETURNING, RESURRECTING, DORMANT = 0, 1, 2, 3


def _signatures(*rest: types.Type) -> list[types.Type]:
    """Return one signature per width of names."""
    return [
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_i64),
            read_only(_u8),
            read_only(_i32),
            _i64,
            _i64,
            *rest,
        )
        for name in (types.uint16, types.uint32)
    ]


@kernel(*_signatures(read_only(_u8), writable(_i64, 3)))
def life(
    offset: NDArray[np.int64],
    codes: NDArray,
    active: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    base_us: int,
    slice_us: int,
    part: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> None:
    """Add how many entities were new, returning, resurrecting or dormant in each period.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``active``.
    active
        uint8[codes there are]: 1 for an event that counts as being active.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    period_of
        int32[slices]: the period of each slice of time; -1 long before the first one.
    base_us, slice_us
        Where the first slice begins and how long each is; all events lie in a slice.
    part
        uint8[n]: the part of each entity; empty when there is one part.
    out
        int64[parts, P, 4], added to. Whoever was active only before period 0 is not counted as dormant.
    """
    periods = out.shape[1]
    for e in range(np.uint64(offset.size - 1)):
        mine = part[e] if part.size > 0 else np.uint8(0)
        seen = np.int64(-2)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if active[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            slot = np.uint64(time_us[i] - base_us) // np.uint64(slice_us)
            period = np.int64(period_of[slot])
            if period >= periods:
                break
            if seen == -2:
                if period >= 0:
                    out[mine, period, NEW] += 1
            elif period > seen:
                if seen >= 0 and period == seen + 1:
                    out[mine, period, RETURNING] += 1
                else:
                    out[mine, period, RESURRECTING] += 1
                    if seen >= 0:
                        out[mine, seen + 1, DORMANT] += 1
            seen = period
        if seen >= 0 and seen + 1 < periods:
            out[mine, seen + 1, DORMANT] += 1


@kernel(*_signatures(_i64, _i64, writable(_u8)))
def lives(
    offset: NDArray[np.int64],
    codes: NDArray,
    active: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    period_of: NDArray[np.int32],
    base_us: int,
    slice_us: int,
    wanted: int,
    kind: int,
    out: NDArray[np.uint8],
) -> None:
    """Mark the entities that ``life`` counts in one period and kind.

    Parameters
    ----------
    offset, codes, active, time_us, keep, period_of, base_us, slice_us
        As in ``life``.
    wanted, kind
        The period from 0, and NEW, RETURNING, RESURRECTING or DORMANT.
    out
        uint8[n], written.
    """
    for e in range(np.uint64(offset.size - 1)):
        before = np.int64(-2)
        here = False
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if active[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            slot = np.uint64(time_us[i] - base_us) // np.uint64(slice_us)
            period = np.int64(period_of[slot])
            if period >= wanted:
                here = period == wanted
                break
            before = period
        back = before >= 0 and before == wanted - 1
        was = NEW if before == -2 else (RETURNING if back else RESURRECTING)
        gone = kind == DORMANT and not here and back
        out[e] = 1 if (here and was == kind) or gone else 0
