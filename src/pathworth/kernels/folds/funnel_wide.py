"""Kernels of the funnel with everything that a step can be: left out, timed from the last one, broken off between.

How the best attempt is found. An attempt is a row of events, one after the other, each taking a step of its own;
between two steps that are taken only steps that may be left out are passed over. For every step only one attempt
is kept, the newest that ends there: of those that its last event completes, the one that began last. That is
enough, because the newest attempt can do all that an older one at the same step still can:

1. Windows look at the first event and at the last one. The newest attempt ends latest by choice, and it begins no
   earlier than an older one. For suppose it did. Both go through the last step before that must be taken, r, and
   from there over steps that may be left out. If the newest went through a later event of r than the older, its
   beginning is no earlier, by the same claim for r, which stands further to the front; the first step begins with
   its own event. If it went through an earlier one, then at its first event after the older's r (there is one: its
   last) it could have gone on from that r instead: r may be followed by any of these steps, it lies no longer ago
   than where the attempt came from, and began later; and of all that can be gone on from, the one that began last
   is taken. Nothing broke off the one and not the other, see 2.
2. What breaks attempts off between step i and step j ends all attempts at steps i to j - 1, but one that takes step
   i by this very event. As i and j must be taken, no attempt comes past them, and the steps from which one step
   can be gone on from are broken off all together or not at all. Whoever is broken off at a step, all older
   attempts at that step are, too.

So whatever attempt there is, the kept ones reach the same step by the same event, and began no earlier. A step that
follows its predecessor straight is the same, with every kept event breaking off what it does not carry on.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.cuts import longest

_i64, _u64, _u8 = types.int64, types.uint64, types.uint8
_NAMES = (types.uint16, types.uint32)


@kernel(
    _u64(
        _u64,
        _u64,
        _i64,
        read_only(_i64),
        read_only(_u64),
        read_only(_i64),
        writable(_i64),
        writable(_i64),
    )
)
def steps_taken(
    hit: np.uint64,
    alive: np.uint64,
    place: np.int64,
    time_us: NDArray[np.int64],
    before: NDArray[np.uint64],
    windows: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> np.uint64:
    """Return the steps that one event takes, after writing where their attempts begin and end.

    Parameters
    ----------
    hit
        Steps that the event can be.
    alive
        Steps at which an attempt ends that can be carried on.
    place
        Of the event in ``time_us``.
    time_us, before, windows
        As in ``furthest``.
    first, last
        int64[steps], written: place of the first and the last event of the attempt at each step.
    """
    taken = np.uint64(0)
    # From the last step down, so that an event never follows itself.
    for step in range(before.size - 1, 0, -1):
        k = np.uint64(step)
        if (hit >> k) & np.uint64(1) == 0 or before[k] & alive == 0:
            continue
        found = np.int64(-1)
        for j in range(step):
            if ((before[k] & alive) >> np.uint64(j)) & np.uint64(1) == 0 or first[j] <= found:
                continue
            soon = time_us[place] - time_us[last[j]] <= windows[1]
            if soon and time_us[place] - time_us[first[j]] <= windows[0]:
                found = first[j]
        if found >= 0:
            first[k] = found
            last[k] = place
            taken |= np.uint64(1) << k
    if hit & np.uint64(1) != 0:
        first[0] = place
        last[0] = place
        taken |= np.uint64(1)
    return taken


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_u64),
            read_only(_u64),
            read_only(_u64),
            read_only(_i64),
            read_only(_u8),
            read_only(_u64),
            read_only(_i64),
            _u64,
            writable(_u8),
            writable(_i64, 3),
        )
        for name in _NAMES
    )
)
def furthest(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    breaks: NDArray[np.uint64],
    spoils: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    before: NDArray[np.uint64],
    windows: NDArray[np.int64],
    must: np.uint64,
    out: NDArray[np.uint8],
    took: NDArray[np.int64],
) -> None:
    """Write the furthest step that must be taken which each entity reached, from 1.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``hits``, ``breaks`` and ``spoils``.
    hits
        uint64[codes there are]: bit k is set when the event can be step k; an event serves one step.
    breaks
        uint64[codes there are]: bit k is set when the event ends attempts that took step k before it and not the next.
    spoils
        uint64[codes there are]: bit k is set when an attempt that takes step k by this event cannot be carried on.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    before
        uint64[steps], at most 64: the steps from which step k can be taken next.
    windows
        int64[2]: longest time from the first step to any other, and from one step to the next, themselves included.
    must
        Bits of the steps that must be taken; the first is one of them.
    out
        uint8[n], written: place from 1 of the furthest step of ``must`` that was reached, 0 for none.
    took
        int64[n, steps, 2], written for the steps reached: the instant at which step k is first reached, and that at
        which the attempt of those that began last; no rows when it is not asked for.
    """
    first = np.empty(64, np.int64)
    last = np.empty(64, np.int64)
    for e in range(np.uint64(offset.size - 1)):
        reached = np.uint64(0)
        alive = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            code = codes[i]
            hit = hits[code]
            # Where no attempt is under way, only the first step can be taken, and nothing broken off.
            if alive == 0:
                hit &= np.uint64(1)
            if (hit == 0 and (alive == 0 or breaks[code] == 0)) or (keep.size > 0 and keep[i] == 0):
                continue
            place = np.int64(i)
            taken = steps_taken(hit, alive, place, time_us, before, windows, first, last)
            if taken & ~reached != 0:
                for k in range(before.size if took.size > 0 else 0):
                    if ((taken & ~reached) >> np.uint64(k)) & np.uint64(1) != 0:
                        took[e, k, 0] = time_us[i]
                        took[e, k, 1] = time_us[first[k]]
                reached |= taken
            alive = (alive & ~breaks[code]) | (taken & ~spoils[code])
        out[e] = 0
        for k in range(before.size):
            if ((reached & must) >> np.uint64(k)) & np.uint64(1) != 0:
                out[e] = k + 1


@kernel(
    _i64(
        read_only(_i64),
        _u64,
        writable(_i64),
        writable(_u8),
        _u64,
        _i64,
        writable(_i64),
        writable(_i64),
    )
)
def _stretches(
    offset: NDArray[np.int64],
    e: np.uint64,
    near: NDArray[np.int64],
    mark: NDArray[np.uint8],
    events: np.uint64,
    found: np.int64,
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> np.int64:
    """Return the number of stretches after those of one more entity: cut at every mark of 1, and at its first event.

    ``near`` are the places of so many of its events, and ``mark`` what ``attempts`` says of each.
    """
    place = offset[e]
    if place < offset[e + np.uint64(1)]:
        begin[found] = place
        owner[found] = np.int64(e)
        found += 1
    for k in range(events):
        if mark[k] == 1 and near[k] > place:
            begin[found] = near[k]
            owner[found] = np.int64(e)
            found += 1
    return found


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_u64),
            read_only(_u64),
            read_only(_u64),
            read_only(_i64),
            read_only(_u8),
            read_only(_u64),
            read_only(_i64),
            _u64,
            writable(_i64),
            writable(_i64),
        )
        for name in _NAMES
    )
)
def attempts(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint64],
    breaks: NDArray[np.uint64],
    spoils: NDArray[np.uint64],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    before: NDArray[np.uint64],
    windows: NDArray[np.int64],
    must: np.uint64,
    begin: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> int:
    """Return the number of stretches, after cutting every journey at the beginnings of its attempts.

    Attempts lie one after the other. As many as can are complete: the one that is complete first is taken, of
    those by the same event the one that began last, and the next is looked for after it (of intervals, the most that
    do not overlap are found by the one that ends first). Then, in what is left between them, come the attempts that
    lack one step of those that must be taken, and so on. What comes before the first attempt is a stretch, too.

    Parameters
    ----------
    offset, codes, hits, breaks, spoils, time_us, keep, before, windows, must
        As in ``furthest``.
    begin
        int64[n_event + 1], written: place at which each stretch begins, and where the last one ends.
    owner
        int64[n_event], written: the entity of each stretch.
    """
    first = np.empty(64, np.int64)
    last = np.empty(64, np.int64)
    room = longest(offset)
    near, mark = np.empty(room, np.int64), np.empty(room, np.uint8)
    found = np.int64(0)
    for e in range(np.uint64(offset.size - 1)):
        # Only events that can be a step or break something off are gone over, as often as attempts are looked for.
        n = np.uint64(0)
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
            near[n] = np.int64(i)
            mark[n] = 0
            code = codes[i]
            n += np.uint64((hits[code] | breaks[code] != 0) & (keep.size == 0 or keep[i] != 0))
        reached = must
        wanted = before.size
        while True:
            wanted -= 1
            while wanted >= 0 and ((reached & must) >> np.uint64(wanted)) & np.uint64(1) == 0:
                wanted -= 1
            if wanted < 0:
                break
            reached = np.uint64(0)
            alive = np.uint64(0)
            for k in range(n):
                if mark[k] != 0:
                    alive = np.uint64(0)
                    continue
                place = near[k]
                code = codes[np.uint64(place)]
                hit = hits[code]
                if alive == 0:
                    hit &= np.uint64(1)
                if hit == 0 and (alive == 0 or breaks[code] == 0):
                    continue
                taken = steps_taken(hit, alive, place, time_us, before, windows, first, last)
                if (taken >> np.uint64(wanted)) & np.uint64(1) != 0:
                    begins = np.uint64(k)
                    while near[begins] != first[wanted]:
                        mark[begins] = 2
                        begins -= np.uint64(1)
                    mark[begins] = 1
                    alive = np.uint64(0)
                    continue
                reached |= taken
                alive = (alive & ~breaks[code]) | (taken & ~spoils[code])
        found = _stretches(offset, np.uint64(e), near, mark, n, found, begin, owner)
    begin[found] = codes.size
    return int(found)
