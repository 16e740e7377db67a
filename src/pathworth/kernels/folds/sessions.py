"""The kernel that cuts journeys into sessions by their pauses."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.transitions import bin_of

_i64 = types.int64


@kernel(types.void(_i64, _i64, writable(_i64), writable(_i64, 2)))
def _close(
    events: np.int64, length_us: np.int64, totals: NDArray[np.int64], bins: NDArray[np.int64]
) -> None:
    """Count one finished session."""
    totals[0] += 1
    totals[2] += events
    ms = (np.uint64(length_us) + np.uint64(500)) // np.uint64(1000)
    totals[3] += np.int64(ms)
    bins[0, bin_of(np.uint64(events))] += 1
    bins[1, bin_of(ms)] += 1


@kernel(
    types.void(
        read_only(_i64),
        read_only(_i64),
        read_only(types.uint8),
        _i64,
        writable(_i64),
        writable(_i64, 2),
    )
)
def by_gap(
    offset: NDArray[np.int64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    gap_us: int,
    totals: NDArray[np.int64],
    bins: NDArray[np.int64],
) -> None:
    """Add the sessions of whole entities; a pause longer than the gap starts a new one.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    gap_us
        Longest pause inside a session.
    totals
        int64[4], added to: sessions, entities with one, events, whole ms of all sessions.
    bins
        int64[2, BINS], added to: sessions by bin of their number of events, and by bin of their ms.
    """
    for e in range(np.uint64(offset.size - 1)):
        events = np.int64(0)
        start = np.int64(0)
        then = np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if keep.size > 0 and keep[i] == 0:
                continue
            now = time_us[i]
            if events > 0 and now - then > gap_us:
                _close(events, then - start, totals, bins)
                events = np.int64(0)
            if events == 0:
                start = now
            events += np.int64(1)
            then = now
        if events > 0:
            _close(events, then - start, totals, bins)
            totals[1] += 1
