"""Kernels that say how many steps of a funnel each entity took, and how soon: ordered, strict or in any order."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_SIGNATURES = [
    types.void(
        read_only(types.int64),
        read_only(name),
        read_only(types.uint64),
        read_only(types.int64),
        read_only(types.uint8),
        types.int64,
        types.int64,
        writable(types.uint8),
        writable(types.int64, 2),
    )
    for name in (types.uint16, types.uint32)
]


@kernel(
    types.int64(
        types.uint64,
        types.uint64,
        read_only(types.int64),
        read_only(types.uint64),
        writable(types.int64),
        types.int64,
    )
)
def _make_room(
    hit: np.uint64,
    taken: np.uint64,
    time: NDArray[np.int64],
    mask: NDArray[np.uint64],
    parent: NDArray[np.int64],
    steps: int,
) -> int:
    """Return the step to free for a new event: an empty one within reach, else that of the oldest event.

    ``parent[k]`` is written: the step whose event moves to k, -1 where the new event itself can stand.
    """
    reached = hit
    front = hit
    for k in range(steps):
        parent[k] = -1
    oldest = -1
    while front != 0:
        following = np.uint64(0)
        for k in range(steps):
            bit = np.uint64(1) << np.uint64(k)
            if front & bit == 0:
                continue
            if taken & bit == 0:
                return k
            if oldest < 0 or time[k] < time[oldest]:
                oldest = k
            fresh = mask[k] & ~reached
            for j in range(steps):
                if (fresh >> np.uint64(j)) & np.uint64(1) != 0:
                    parent[j] = k
            reached |= fresh
            following |= fresh
        front = following
    return oldest


@kernel(*_SIGNATURES)
def ordered(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    steps: int,
    within_us: int,
    out: NDArray[np.uint8],
    took: NDArray[np.int64],
) -> None:
    """Write how many steps each entity took in their order, other events allowed between.

    The best attempt counts. For each step only the latest possible start is kept: whatever an earlier
    start can still reach within the window, a later one can too.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``hits``.
    hits
        uint64[codes there are]: bit k is set when the event can be step k; an event serves one step.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    steps
        Number of steps, at most 64.
    within_us
        Longest time from the first step to any other, itself included.
    out
        uint8[n], written: steps taken.
    took
        int64[n, steps], written for the steps taken: microseconds from the first step to the moment at which
        step k is first reached, of the attempt that began last; no rows when it is not asked for.
    """
    start = np.empty(64, np.int64)
    masked = keep.size > 0
    for e in range(np.uint64(offset.size - 1)):
        level = 0
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            hit = hits[codes[i]]
            if masked:
                hit = hit if keep[i] != 0 else np.uint64(0)
            if hit == 0:
                continue
            now = time_us[i]
            # From the last step down, so that an event never follows itself.
            for k in range(min(level, steps - 1), -1, -1):
                if (hit >> np.uint64(k)) & np.uint64(1) == 0:
                    continue
                if k == 0:
                    start[0] = now
                elif now - start[k - 1] <= within_us:
                    start[k] = start[k - 1]
                else:
                    continue
                if k == level:
                    level = k + 1
                    if took.size > 0:
                        took[e, k] = now - start[k]
            if level == steps:
                break
        out[e] = level


@kernel(*_SIGNATURES)
def strict(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    steps: int,
    within_us: int,
    out: NDArray[np.uint8],
    took: NDArray[np.int64],
) -> None:
    """Write how many steps each entity took one straight after the other, no other kept event between.

    Parameters are those of ``ordered``.
    """
    start = np.empty(64, np.int64)
    for e in range(np.uint64(offset.size - 1)):
        level = 0
        alive = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if keep.size > 0 and keep[i] == 0:
                continue
            now = time_us[i]
            could = ((alive << np.uint64(1)) | np.uint64(1)) & hits[codes[i]]
            alive = np.uint64(0)
            if could == 0:
                continue
            for k in range(min(level, steps - 1), -1, -1):
                bit = np.uint64(1) << np.uint64(k)
                if could & bit == 0:
                    continue
                if k == 0:
                    start[0] = now
                elif now - start[k - 1] <= within_us:
                    start[k] = start[k - 1]
                else:
                    continue
                alive |= bit
                if k == level:
                    level = k + 1
                    if took.size > 0:
                        took[e, k] = now - start[k]
        out[e] = level


@kernel(*_SIGNATURES)
def any_order(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    steps: int,
    within_us: int,
    out: NDArray[np.uint8],
    took: NDArray[np.int64],
) -> None:
    """Write the most steps that each entity took within one window, in any order.

    Steps and events are matched so that the latest events are held: sets of events that can serve
    different steps are a transversal matroid (Edmonds and Fulkerson 1965), so the events of the window
    among them are as many as any other matching would serve. Parameters are those of ``ordered``.
    """
    time = np.empty(64, np.int64)
    mask = np.empty(64, np.uint64)
    parent = np.empty(64, np.int64)
    for e in range(offset.size - 1):
        level = 0
        taken = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + 1])):
            hit = hits[codes[i]]
            if hit == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            now = time_us[i]
            at = _make_room(hit, taken, time, mask, parent, steps)
            taken |= np.uint64(1) << np.uint64(at)
            while parent[at] >= 0:
                time[at] = time[parent[at]]
                mask[at] = mask[parent[at]]
                at = parent[at]
            time[at] = now
            mask[at] = hit
            inside = 0
            first = now
            for k in range(steps):
                held = (taken >> np.uint64(k)) & np.uint64(1) != 0
                if held and now - time[k] <= within_us:
                    inside += 1
                    first = min(first, time[k])
            if inside > level:
                level = inside
                if took.size > 0:
                    took[e, level - 1] = now - first
        out[e] = level
