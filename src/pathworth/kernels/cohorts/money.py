"""Kernels that find where entities begin, and add what they pay by the time since then."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)
HIGH, LOW, PAYERS = 0, 1, 2
LIMB = 32


def _signatures(*rest: types.Type) -> list[types.Type]:
    """Return one signature per width of names."""
    return [types.void(read_only(_i64), read_only(name), read_only(_u8), *rest) for name in _NAMES]


@kernel(*_signatures(read_only(_u8), writable(_i64, 2)))
def first_places(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> None:
    """Write where the first event of each of two roles stands.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``roles``.
    roles
        uint8[codes there are]: 1 for an event of the first role, 2 for one of the second, 3 for both, 0 for neither.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    out
        int64[n, 2], written: the place of each first event, -1 where there is none.
    """
    for e in range(np.uint64(offset.size - 1)):
        out[e, 0] = -1
        out[e, 1] = -1
        missing = np.uint8(3)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            role = roles[codes[i]] & missing
            if role == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if role & np.uint8(1) != 0:
                out[e, 0] = np.int64(i)
            if role & np.uint8(2) != 0:
                out[e, 1] = np.int64(i)
            missing = missing & ~role
            if missing == 0:
                break


@kernel(
    *_signatures(
        read_only(_i64),
        read_only(_u8),
        read_only(_i64),
        read_only(_i64),
        read_only(_i32),
        _i64,
        writable(_i32),
        writable(_i64, 3),
        writable(_i64, 3),
    )
)
def paid_since(
    offset: NDArray[np.int64],
    codes: NDArray,
    roles: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    amount: NDArray[np.int64],
    begin: NDArray[np.int64],
    cohort: NDArray[np.int32],
    width_us: int,
    first_paid: NDArray[np.int32],
    out: NDArray[np.int64],
    best: NDArray[np.int64],
) -> None:
    """Add what the entities of each cohort pay in every stretch of a fixed length since they began.

    Parameters
    ----------
    offset, codes, keep
        As in ``first_places``.
    roles
        uint8[codes there are]: bit 2 is set for an event whose amount counts.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    amount
        int64[n_event]: micro-units; 0 pays nothing.
    begin
        int64[n]: the place of the event with which each entity begins; events before it do not count.
    cohort
        int32[n]: the cohort of each entity, below 0 for none.
    width_us
        Length of a stretch, an age.
    first_paid
        int32[n], written: the age in which each entity first paid, -1 for never.
    out
        int64[C, A, 3], added to: both 32-bit limbs of the money paid in each age, and entities that first pay in it.
    best
        int64[C, A, 2]: the largest sum of one entity up to each age, and its place; of equal ones the first.
        Begins as 0 and -1.
    """
    ages = out.shape[1]
    for e in range(np.uint64(offset.size - 1)):
        first_paid[e] = -1
        mine = np.int64(cohort[e])
        if mine < 0:
            continue
        start = time_us[begin[e]]
        now, held, total = np.int64(-1), np.int64(0), np.int64(0)
        for i in range(np.uint64(begin[e]), np.uint64(offset[e + np.uint64(1)])):
            if roles[codes[i]] & np.uint8(2) == 0 or amount[i] == 0:
                continue
            if keep.size > 0 and keep[i] == 0:
                continue
            age = np.int64(np.uint64(time_us[i] - start) // np.uint64(width_us))
            if age >= ages:
                break
            if now < 0:
                first_paid[e] = age
                out[mine, age, PAYERS] += 1
            # What was paid up to an age stands until the next age in which something is paid.
            elif age > now:
                out[mine, now, HIGH] += held >> LIMB
                out[mine, now, LOW] += held & 0xFFFFFFFF
                held = np.int64(0)
                for k in range(now, age):
                    if total > best[mine, k, 0]:
                        best[mine, k, 0] = total
                        best[mine, k, 1] = np.int64(e)
            now = age
            held += amount[i]
            total += amount[i]
        if now >= 0:
            out[mine, now, HIGH] += held >> LIMB
            out[mine, now, LOW] += held & 0xFFFFFFFF
            for k in range(now, ages):
                if total > best[mine, k, 0]:
                    best[mine, k, 0] = total
                    best[mine, k, 1] = np.int64(e)
