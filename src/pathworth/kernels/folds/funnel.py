"""Kernels that say how many steps of a funnel each entity took, and how soon: plainly ordered, or in any order.

``ordered`` gives what ``funnel_wide.furthest`` gives where nothing is left out, timed step by step or broken off: it
skips the work whose answer is known then.
"""

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
        writable(types.int64, 3),
    )
    for name in (types.uint16, types.uint32)
]


@kernel(
    types.uint64(
        types.uint64,
        types.int64,
        types.uint64,
        types.int64,
        writable(types.int64),
        writable(types.uint64),
        writable(types.int64),
    )
)
def _hold(
    hit: np.uint64,
    place: np.int64,
    taken: np.uint64,
    steps: int,
    held: NDArray[np.int64],
    mask: NDArray[np.uint64],
    parent: NDArray[np.int64],
) -> np.uint64:
    """Return the steps that hold an event, after a new one found its step and pushed the oldest in its way out.

    ``held[k]`` is the place of the event at step k and ``mask[k]`` what it can be. An event that is in the way of the
    new one may move on to another step it can be: ``parent[k]`` is the step whose event moves to k, -1 where the new
    event itself can stand. The chain of moves that ends at an empty step is looked for, else one that ends at the
    oldest event.
    """
    reached = hit
    front = hit
    for k in range(steps):
        parent[k] = -1
    at = -1
    empty = False
    while front != 0 and not empty:
        following = np.uint64(0)
        for k in range(steps):
            bit = np.uint64(1) << np.uint64(k)
            if front & bit == 0:
                continue
            if taken & bit == 0:
                at = k
                empty = True
                break
            if at < 0 or held[k] < held[at]:
                at = k
            fresh = mask[k] & ~reached
            for j in range(steps):
                if (fresh >> np.uint64(j)) & np.uint64(1) != 0:
                    parent[j] = k
            reached |= fresh
            following |= fresh
        front = following
    taken |= np.uint64(1) << np.uint64(at)
    while parent[at] >= 0:
        held[at] = held[parent[at]]
        mask[at] = mask[parent[at]]
        at = parent[at]
    held[at] = place
    mask[at] = hit
    return taken


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
        int64[n, steps, 2], written for the steps taken: the instant at which step k is first reached, and that at
        which the attempt of those that began last; no rows when it is not asked for.
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
                        took[e, k, 0] = now
                        took[e, k, 1] = start[k]
            if level == steps:
                break
        out[e] = level


_WINDOW = types.UniTuple(types.int64, 2)(
    read_only(types.int64),
    types.int64,
    types.uint64,
    types.int64,
    types.int64,
    writable(types.int64),
)


@kernel(_WINDOW)
def _inside(
    time_us: NDArray[np.int64],
    place: np.int64,
    taken: np.uint64,
    steps: int,
    within_us: int,
    held: NDArray[np.int64],
) -> tuple[np.int64, np.int64]:
    """Return how many steps hold an event of the window that ends with one, and the first of these events."""
    inside = np.int64(0)
    first = place
    for k in range(steps):
        here = (taken >> np.uint64(k)) & np.uint64(1) != 0
        if here and time_us[place] - time_us[held[k]] <= within_us:
            inside += 1
            first = min(first, held[k])
    return inside, first


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
    held = np.empty(64, np.int64)
    parent = np.empty(64, np.int64)
    mask = np.empty(64, np.uint64)
    for e in range(offset.size - 1):
        level = np.int64(0)
        taken = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + 1])):
            hit = hits[codes[i]]
            if hit == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            taken = _hold(hit, np.int64(i), taken, steps, held, mask, parent)
            inside, first = _inside(time_us, np.int64(i), taken, steps, within_us, held)
            if inside > level:
                level = inside
                if took.size > 0:
                    took[e, level - 1, 0] = time_us[i]
                    took[e, level - 1, 1] = time_us[first]
        out[e] = level


@kernel(
    types.int64(
        read_only(types.int64),
        types.int64,
        read_only(types.uint8),
        types.int64,
        writable(types.int64),
        writable(types.int64),
    )
)
def stretches(
    offset: NDArray[np.int64],
    e: np.int64,
    mark: NDArray[np.uint8],
    found: np.int64,
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> np.int64:
    """Return the number of stretches after those of one more entity: cut at every mark of 1, and at its first event."""
    for i in range(offset[e], offset[e + 1]):
        if i == offset[e] or mark[i] == 1:
            begin[found] = i
            owner[found] = e
            found += 1
    return found


@kernel(
    *(
        types.int64(
            read_only(types.int64),
            read_only(name),
            read_only(types.uint64),
            read_only(types.int64),
            read_only(types.uint8),
            types.int64,
            types.int64,
            writable(types.int64),
            writable(types.int64),
        )
        for name in (types.uint16, types.uint32)
    )
)
def any_attempts(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    steps: int,
    within_us: int,
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> int:
    """Return the number of stretches, after cutting every journey at the beginnings of its attempts.

    As ``funnel_wide.attempts``, with steps in any order. ``offset`` to ``within_us`` are those of ``ordered``.

    Parameters
    ----------
    begin
        int64[n_event + 1], written: place at which each stretch begins, and where the last one ends.
    owner
        int64[n_event], written: the entity of each stretch.
    """
    held = np.empty(64, np.int64)
    parent = np.empty(64, np.int64)
    mask = np.empty(64, np.uint64)
    mark = np.zeros(codes.size, np.uint8)
    found = np.int64(0)
    for e in range(offset.size - 1):
        wanted = np.int64(steps)
        while wanted > 0:
            level = np.int64(0)
            taken = np.uint64(0)
            for i in range(offset[e], offset[e + 1]):
                if mark[i] != 0:
                    taken = np.uint64(0)
                    continue
                hit = hits[codes[i]]
                if hit == 0 or (keep.size > 0 and keep[i] == 0):
                    continue
                taken = _hold(hit, np.int64(i), taken, steps, held, mask, parent)
                inside, first = _inside(time_us, np.int64(i), taken, steps, within_us, held)
                if inside == wanted:
                    mark[first : i + 1] = 2
                    mark[first] = 1
                    taken = np.uint64(0)
                else:
                    level = max(level, inside)
            wanted = level
        found = stretches(offset, np.int64(e), mark, found, begin, owner)
    begin[found] = codes.size
    return int(found)
