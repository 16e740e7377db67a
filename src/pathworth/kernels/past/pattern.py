"""Kernels that look for a pattern of events in each entity's journey, in one pass, and count what they found."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.transitions import bin_of

COMPLETE = 1
"""A match ends with this event, and is counted."""
AT_END = 2
"""A match would end with this event if the journey did."""
_NEVER = 2**62


@kernel(types.int64(types.uint64, writable(types.int64)))
def _latest(states: np.uint64, start: NDArray[np.int64]) -> np.int64:
    """Return the latest start of some states, at least one."""
    best = np.int64(-(2**62))
    k = np.uint64(0)
    while states != 0:
        if states & np.uint64(1) != 0:
            best = max(best, start[k])
        states >>= np.uint64(1)
        k += np.uint64(1)
    return best


@kernel(
    *(
        types.void(
            read_only(types.int64),
            read_only(codes),
            read_only(types.uint64),
            read_only(types.int64),
            read_only(types.uint8),
            read_only(types.uint64),
            read_only(types.uint64),
            types.int64,
            writable(types.uint8),
            writable(types.int64),
        )
        for codes in (types.uint16, types.uint32)
    )
)
def find_matches(
    offset: NDArray[np.int64],
    codes: NDArray,
    enters: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    before: NDArray[np.uint64],
    ends: NDArray[np.uint64],
    within_us: int,
    marks: NDArray[np.uint8],
    took: NDArray[np.int64],
) -> None:
    """Write at which events of each entity a match of a pattern is complete.

    Matches are counted from left to right: each is the one that ends first of all that begin behind the last
    counted one. No other choice of matches that share no event has more of them (interval scheduling).

    A set of states is followed from event to event, and of each state only the latest start of all ways into it.
    That is exact: what can follow depends on the state, and what the window allows only on the start, so whatever
    a way that began earlier can still reach, one that began later can too. A way longer than the window can only
    become longer and is dropped.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``enters``.
    enters
        uint64[codes there are]: the states, at most 64, that an event can enter.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    before
        uint64[states]: the states of which one must have been entered by the kept event before.
    ends
        uint64[4]: states with which a match may begin anywhere, with the first kept event only, with which it may
        end anywhere, with the last kept event only.
    within_us
        Longest time from the first event of a match to its last one.
    marks
        uint8[n_event], written: 1 where a match is complete, 2 where one is if no kept event follows, else 0.
    took
        int64[n_event], written where marked: the shortest time of such a match; empty when it is not asked for.
    """
    start = np.empty(64, np.int64)
    fresh = np.empty(64, np.int64)
    states = before.size
    masked = keep.size > 0
    for e in range(np.uint64(offset.size - 1)):
        active = np.uint64(0)
        begins = ends[0] | ends[1]
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            marks[i] = 0
            if masked and keep[i] == 0:
                continue
            can = enters[codes[i]]
            opens = begins
            begins = ends[0]
            if active == 0 and can & opens == 0:
                continue
            now = time_us[i]
            entered = np.uint64(0)
            for k in range(states):
                bit = np.uint64(1) << np.uint64(k)
                if can & bit == 0:
                    continue
                if opens & bit != 0:
                    fresh[k] = now
                    entered |= bit
                elif before[k] & active != 0:
                    fresh[k] = _latest(before[k] & active, start)
                    if now - fresh[k] <= within_us:
                        entered |= bit
            active = entered
            done = entered & ends[2]
            if done != 0:
                marks[i] = COMPLETE
                active = np.uint64(0)
            elif entered & ends[3] != 0:
                marks[i] = AT_END
                done = entered & ends[3]
            if took.size > 0 and done != 0:
                took[i] = now - _latest(done, fresh)
            for k in range(states):
                start[k] = fresh[k]


@kernel(
    *(
        types.void(
            read_only(types.int64),
            read_only(codes),
            read_only(types.uint64),
            read_only(types.int64),
            read_only(types.uint8),
            read_only(types.uint64),
            read_only(types.uint64),
            types.int64,
            writable(types.int64, 2),
        )
        for codes in (types.uint16, types.uint32)
    )
)
def sum_matches(
    offset: NDArray[np.int64],
    codes: NDArray,
    enters: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    before: NDArray[np.uint64],
    ends: NDArray[np.uint64],
    within_us: int,
    out: NDArray[np.int64],
) -> None:
    """Write how often each whole journey matched, and what ``find_matches`` says of its first match.

    No array is passed to another function: numba would count references to it, which takes longer than the work.

    Parameters
    ----------
    offset, codes, enters, time_us, keep, before, ends, within_us
        As in ``find_matches``.
    out
        int64[3, n], written: matches, the place of the event that completes the first one, and the shortest time of a
        match that ends there; -1 and -1 without one.
    """
    start, fresh = np.empty(64, np.int64), np.empty(64, np.int64)
    one, states = np.uint64(1), np.uint64(before.size)
    starts, opens, last, at_end = ends[0], ends[0] | ends[1], ends[2], ends[3]
    for e in range(np.uint64(offset.size - 1)):
        active, begins = np.uint64(0), opens
        found, place, took = np.int64(0), np.int64(-1), np.int64(-1)
        pending, shortest = np.int64(-1), np.int64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + one])):
            if keep.size > 0 and keep[i] == 0:
                continue
            can, may, begins, pending = enters[codes[i]], begins, starts, np.int64(-1)
            if active == 0 and can & may == 0:
                continue
            now, entered = time_us[i], np.uint64(0)
            for k in range(states):
                bit, ways = one << k, before[k] & active
                if can & bit == 0 or (may & bit == 0 and ways == 0):
                    continue
                latest = now
                if may & bit == 0:
                    latest = np.int64(-_NEVER)
                    for j in range(states):
                        if (ways >> j) & one != 0:
                            latest = max(latest, start[j])
                    if now - latest > within_us:
                        continue
                fresh[k] = latest
                entered |= bit
            active = entered
            done = entered & last if entered & last != 0 else entered & at_end
            if done != 0:
                shortest = np.int64(_NEVER)
                for k in range(states):
                    if (done >> k) & one != 0:
                        shortest = min(shortest, now - fresh[k])
                if entered & last == 0:
                    pending = np.int64(i)
                else:
                    active = np.uint64(0)
                    place, took = (np.int64(i), shortest) if found == 0 else (place, took)
                    found += 1
            for k in range(states):
                start[k] = fresh[k]
        if pending >= 0:
            place, took = (pending, shortest) if found == 0 else (place, took)
            found += 1
        out[0, e], out[1, e], out[2, e] = found, place, took


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.int64),
        read_only(types.uint8),
        read_only(types.int64),
        read_only(types.uint8),
        writable(types.int64, 3),
        writable(types.int64, 2),
    )
)
def count_units(
    times: NDArray[np.int64],
    took_us: NDArray[np.int64],
    kept: NDArray[np.uint8],
    owner: NDArray[np.int64],
    part: NDArray[np.uint8],
    out: NDArray[np.int64],
    bins: NDArray[np.int64],
) -> None:
    """Count units and their entities: all of them, those with a match, and by the number of matches.

    Parameters
    ----------
    times, took_us
        int64[n]: matches of each unit, and the time of the first one.
    kept
        uint8[n]: 0 for a unit without an event, which is not counted.
    owner
        int64[n], rising: the entity of each unit; empty when units are entities.
    part
        uint8[n]: the part of each unit; empty when there is one part.
    out
        int64[parts, 2 + numbers, 3], added to: times, units and entities of every unit, of those with a match, whose
        times are matches, and of those with no match, one, and so on, the last of so many or more.
    bins
        int64[parts, BINS], added to: units with a match by bin of its ms.
    """
    most = np.int64(out.shape[1] - 3)
    last = np.full(out.shape[1], -1, np.int64)
    for k in range(np.uint64(times.size)):
        if kept[k] == 0:
            continue
        entity = owner[k] if owner.size > 0 else np.int64(k)
        mine = np.uint64(part[k]) if part.size > 0 else np.uint64(0)
        cell = np.uint64(2 + min(times[k], most))
        out[mine, 0, 0] += 1
        out[mine, 0, 1] += 1
        out[mine, 0, 2] += last[0] != entity
        out[mine, cell, 0] += 1
        out[mine, cell, 1] += 1
        out[mine, cell, 2] += last[cell] != entity
        last[0] = entity
        last[cell] = entity
        if times[k] > 0:
            out[mine, 1, 0] += times[k]
            out[mine, 1, 1] += 1
            out[mine, 1, 2] += last[1] != entity
            last[1] = entity
            ms = np.uint64(took_us[k] + 500) // np.uint64(1000)
            bins[mine, np.uint64(bin_of(ms))] += 1


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.uint8),
        read_only(types.uint8),
        read_only(types.int64),
        types.int64,
        writable(types.int64),
        writable(types.int64),
    )
)
def count_matches(
    offset: NDArray[np.int64],
    marks: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    until_us: int,
    times: NDArray[np.int64],
    first: NDArray[np.int64],
) -> None:
    """Write how often each entity matched up to an instant, and with which event first.

    Parameters
    ----------
    offset, keep, time_us
        As in ``find_matches``.
    marks
        uint8[n_event] as ``find_matches`` writes it; they do not depend on what comes later.
    until_us
        Events from this instant on do not count: the journey ends with the last kept one before it.
    times
        int64[n], written: matches.
    first
        int64[n], written: the place of the event that completes the first match, -1 without one.
    """
    one = np.uint64(1)
    for e in range(np.uint64(offset.size - 1)):
        begin, end = np.uint64(offset[e]), np.uint64(offset[e + one])
        while until_us < _NEVER and begin < end and time_us[end - one] >= until_us:
            end -= one
        while keep.size > 0 and begin < end and keep[end - one] == 0:
            end -= one
        found, place = np.int64(0), np.int64(-1)
        for i in range(begin, end):
            complete = marks[i] == COMPLETE
            place = np.int64(i) if complete and found == 0 else place
            found += complete
        if begin < end and marks[end - one] == AT_END:
            place = np.int64(end - one) if found == 0 else place
            found += 1
        times[e] = found
        first[e] = place


@kernel(types.void(read_only(types.int64), read_only(types.uint8), writable(types.uint8)))
def matched_by_then(
    offset: NDArray[np.int64], marks: NDArray[np.uint8], out: NDArray[np.uint8]
) -> None:
    """Write whether at each event its entity has matched, were the journey to end there: uint8[n_event]."""
    for e in range(offset.size - 1):
        complete = False
        for i in range(offset[e], offset[e + 1]):
            complete = complete or marks[i] == COMPLETE
            out[i] = complete or marks[i] == AT_END
