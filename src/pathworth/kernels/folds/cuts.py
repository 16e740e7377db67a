"""Kernels that cut journeys into units: sessions by pause or event, one unit per key, or attempts at a funnel."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64 = types.int64


@kernel(types.int64(read_only(types.int64)))
def longest(offset: NDArray[np.int64]) -> np.int64:
    """Return the events of the row that has most of them."""
    most = np.int64(0)
    for row in range(np.uint64(offset.size - 1)):
        most = max(most, offset[row + np.uint64(1)] - offset[row])
    return most


@kernel(
    types.int64(
        read_only(_i64),
        read_only(_i64),
        read_only(types.uint8),
        read_only(types.uint8),
        _i64,
        writable(_i64),
        writable(_i64),
    )
)
def cut(
    offset: NDArray[np.int64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    starts: NDArray[np.uint8],
    gap_us: int,
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> int:
    """Return the number of sessions, after writing where each begins and whose it is.

    A session begins at an entity's first kept event, after a pause longer than the gap, and at every kept
    event that starts one.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    starts
        uint8[n_event]: 1 for an event that starts a session; empty when none does by itself.
    gap_us
        Longest pause inside a session.
    begin, owner
        int64[at least the number of events], written: first event and entity of each session.
    """
    found = np.int64(0)
    for e in range(np.uint64(offset.size - 1)):
        then = np.int64(0)
        inside = False
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if keep.size > 0 and keep[i] == 0:
                continue
            now = time_us[i]
            if not inside or now - then > gap_us or (starts.size > 0 and starts[i] != 0):
                begin[found] = np.int64(i)
                owner[found] = np.int64(e)
                found += 1
                inside = True
            then = now
    return int(found)


_HOLD = [
    types.int64(
        read_only(_i64),
        read_only(code),
        read_only(types.uint8),
        writable(_i64),
        writable(_i64),
        writable(_i64),
    )
    for code in (types.uint8, types.uint16, types.uint32)
]


@kernel(*_HOLD)
def hold(
    offset: NDArray[np.int64],
    key: NDArray,
    keep: NDArray[np.uint8],
    order: NDArray[np.int64],
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> int:
    """Return the number of units, one for every entity and key, after writing their events one after the other.

    Events that are left out or have no key are in no unit. Units of an entity stand by rising key, the events
    of a unit in their own order.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    key
        unsigned[n_event]: code of the key, 0 for none.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    order
        int64[n_event], written from the front: places of the events, unit by unit.
    begin
        int64[n_event + 1], written: place in ``order`` at which each unit begins, and where the last ends.
    owner
        int64[n_event], written: entity of each unit.
    """
    units = np.int64(0)
    used = np.int64(0)
    for e in range(np.uint64(offset.size - 1)):
        first = used
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            if key[i] != 0 and (keep.size == 0 or keep[i] != 0):
                order[used] = np.int64(i)
                used += 1
        if used == first:
            continue
        mine = order[first:used].copy()
        sorted_by_key = np.argsort(key[mine], kind="mergesort")
        for k in range(mine.size):
            order[first + k] = mine[sorted_by_key[k]]
            if k == 0 or key[order[first + k]] != key[order[first + k - 1]]:
                begin[units] = first + k
                owner[units] = np.int64(e)
                units += 1
    begin[units] = used
    return int(units)


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
            writable(types.uint8),
        )
        for name in (types.uint16, types.uint32)
    )
)
def ordered_attempts(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    steps: int,
    within_us: int,
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
    level: NDArray[np.uint8],
) -> int:
    """Return the number of stretches, after cutting every journey at the beginnings of its attempts.

    As ``funnel_wide.attempts``, with what ``funnel.ordered`` would say of each stretch: it holds one attempt, and none
    that takes more steps, because those were looked for before. ``offset`` to ``within_us`` are as in that kernel.

    Parameters
    ----------
    begin
        int64[n_event + 1], written: place at which each stretch begins, and where the last one ends.
    owner
        int64[n_event], written: the entity of each stretch.
    level
        uint8[n_event], written: steps taken in each stretch.
    """
    one, room = np.uint64(1), longest(offset)
    near, can, mark = np.empty(room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint8)
    start = np.empty(64, np.uint64)
    found = np.uint64(0)
    for e in range(np.uint64(offset.size - 1)):
        first, last = np.uint64(offset[e]), np.uint64(offset[e + one])
        if first == last:
            continue
        # Only events that can be a step are gone over, as often as attempts are looked for.
        n, ever = np.uint64(0), np.uint64(0)
        for i in range(first, last):
            hit = hits[codes[i]]
            if keep.size > 0:
                hit = hit if keep[i] != 0 else np.uint64(0)
            near[n] = np.int64(i)
            can[n] = hit
            mark[n] = 0
            ever |= hit
            n += np.uint64(hit != 0)
        wanted = np.int64(-1)
        while wanted < steps - 1 and (ever >> np.uint64(wanted + 1)) & one != 0:
            wanted += 1
        while wanted >= 0:
            reached, alive = np.int64(0), np.int64(0)
            for k in range(n):
                if mark[k] != 0:
                    alive = np.int64(0)
                    continue
                now = time_us[np.uint64(near[k])]
                for step in range(min(alive, wanted), -1, -1):
                    if (can[k] >> np.uint64(step)) & one == 0:
                        continue
                    begins = start[np.uint64(step - 1)] if step > 0 else k
                    if now - time_us[np.uint64(near[begins])] > within_us:
                        continue
                    start[np.uint64(step)] = begins
                    alive = max(alive, np.int64(step + 1))
                    if step == wanted:
                        mark[begins : k + one] = 1
                        mark[begins] = np.uint8(wanted + 2)
                        alive = np.int64(0)
                        break
                reached = max(reached, alive)
            wanted = reached - 1
        begin[found] = np.int64(first)
        owner[found] = np.int64(e)
        level[found] = 0
        for k in range(n if ever & one != 0 else np.uint64(0)):
            if mark[k] > 1:
                found += np.uint64(np.uint64(near[k]) > first)
                begin[found] = near[k]
                owner[found] = np.int64(e)
                level[found] = mark[k] - 1
        found += one
    begin[found] = codes.size
    return int(found)
