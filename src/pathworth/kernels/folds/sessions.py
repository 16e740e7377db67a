"""The kernel that cuts journeys into sessions: how many, how long, how busy, and what they begin and end with."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.cuts import longest
from pathworth.kernels.folds.transitions import bin_of

_i64, _u8 = types.int64, types.uint8
SESSION, ENTITY, EVENT, TIME = range(4)
OF_EVENTS, OF_TIME, OF_ENTITY = range(3)
GAP, SIDE, NAME = range(3)
ANY, BEGINS, ENDS = range(3)


@kernel(types.void(types.uint64, _i64, writable(_i64, 2), writable(_i64, 3)))
def _leave(
    part: np.uint64, held: np.int64, totals: NDArray[np.int64], bins: NDArray[np.int64]
) -> None:
    """Count an entity with so many sessions, unless there are none."""
    if held > 0:
        totals[part, ENTITY] += 1
        bins[part, OF_ENTITY, bin_of(np.uint64(held))] += 1


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(_i64),
            read_only(name),
            read_only(_i64),
            read_only(_u8),
            read_only(_u8),
            read_only(_u8),
            read_only(_i64),
            writable(_i64, 2),
            writable(_i64, 3),
            writable(_i64, 4),
            writable(_u8),
        )
        for name in (types.uint16, types.uint32)
    )
)
def sessions_of(
    offset: NDArray[np.int64],
    owner: NDArray[np.int64],
    codes: NDArray,
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    starts: NDArray[np.uint8],
    part: NDArray[np.uint8],
    asked: NDArray[np.int64],
    totals: NDArray[np.int64],
    bins: NDArray[np.int64],
    edges: NDArray[np.int64],
    mark: NDArray[np.uint8],
) -> None:
    """Add the sessions of whole entities; a pause longer than the gap, or an event that starts one, begins anew.

    Parameters
    ----------
    offset
        int64[rows + 1]: the events of row r are ``offset[r]`` up to ``offset[r + 1]``; a session lies in one row.
    owner
        int64[rows]: the entity of each row, rising; empty when row r is entity r.
    codes
        uint16 or uint32[n_event]: name of each event.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside a row.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    starts
        uint8[n_event]: 1 for an event that starts a session; empty when none does by itself.
    part
        uint8[n]: the part of each entity; empty when there is one part.
    asked
        int64[3]: longest pause inside a session; whom to mark: ANY with a session, or whose session BEGINS or
        ENDS with an event, and that event's code.
    totals
        int64[parts, 4], added to: sessions, entities with one, events, whole ms of all sessions.
    bins
        int64[parts, 3, BINS], added to: sessions by bin of their events and of their ms, entities by sessions.
    edges
        int64[parts, names, 2, 3], zero before the call, or of no names: sessions that begin, and that end, with an
        event, the entities behind them, and the last of these plus one.
    mark
        uint8[n], zero before the call or empty: 1 for who is meant.
    """
    # Each row is gone over three times while it is near: none of the loops branches where sessions begin, which
    # nobody can foresee.
    gap_us, side, name = asked[GAP], asked[SIDE], np.uint64(asked[NAME])
    masked, started, marked = keep.size > 0, starts.size > 0, mark.size > 0
    plain, names = not masked and not started, np.uint64(edges.shape[1])
    whole, one = np.uint64(0), np.uint64(1)
    p, of, held, room = whole, np.int64(-1), np.int64(0), longest(offset)
    kept, first = np.empty(room if masked else 0, np.uint64), np.empty(room + 1, np.uint64)
    met = edges.reshape(-1, 3)
    for row in range(np.uint64(offset.size - 1)):
        entity = owner[row] if owner.size > 0 else np.int64(row)
        if entity != of:
            _leave(p, held, totals, bins)
            of, held = entity, np.int64(0)
            p = np.uint64(part[entity]) if part.size > 0 else whole
        begin, events = np.uint64(offset[row]), np.uint64(offset[row + one] - offset[row])
        if masked:
            stay = whole
            for place in range(begin, begin + events):
                kept[stay] = place
                stay += np.uint64(keep[place] != 0)
            events = stay
        if events == 0:
            continue
        first[whole], found, then = whole, one, time_us[kept[whole] if masked else begin]
        for k in range(one, events if plain else one):
            now = time_us[begin + k]
            first[found] = k
            found += np.uint64(now - then > gap_us)
            then = now
        for k in range(one, one if plain else events):
            i = kept[k] if masked else begin + k
            now = time_us[i]
            first[found] = k
            found += np.uint64((now - then > gap_us) | (started and starts[i] != 0))
            then = now
        first[found] = events
        length = whole
        for k in range(found):
            at, end = first[k], first[k + one]
            bins[p, np.uint64(OF_EVENTS), np.uint64(bin_of(end - at))] += 1
            i = kept[at] if masked else begin + at
            j = kept[end - one] if masked else begin + end - one
            ms = (np.uint64(time_us[j] - time_us[i]) + np.uint64(500)) // np.uint64(1000)
            bins[p, np.uint64(OF_TIME), np.uint64(bin_of(ms))] += 1
            length += ms
        held += np.int64(found)
        totals[p, SESSION] += np.int64(found)
        totals[p, EVENT] += np.int64(events)
        totals[p, TIME] += np.int64(length)
        for last in range(2 if names > 0 or marked else 0):
            for k in range(found):
                at = first[k] if last == 0 else first[k + one] - one
                code = np.uint64(codes[kept[at] if masked else begin + at])
                if marked and (side == ANY or (side == BEGINS + last and code == name)):
                    mark[entity] = 1
                if names > 0:
                    cell = (p * names + code) * np.uint64(2) + np.uint64(last)
                    met[cell, 0] += 1
                    met[cell, 1] += met[cell, 2] != entity + 1
                    met[cell, 2] = entity + 1
    _leave(p, held, totals, bins)
