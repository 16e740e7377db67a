"""The kernel that cuts journeys into sessions: how many, how long, how busy, and what they begin and end with."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.transitions import bin_of

_i64, _u8 = types.int64, types.uint8
SESSION, ENTITY, EVENT, TIME = range(4)
OF_EVENTS, OF_TIME, OF_ENTITY = range(3)
GAP, SIDE, NAME = range(3)
ANY, BEGINS, ENDS = range(3)


@kernel(types.void(types.uint64, _i64, _i64, writable(_i64, 2), writable(_i64, 3)))
def _close(
    part: np.uint64,
    events: np.int64,
    length_us: np.int64,
    totals: NDArray[np.int64],
    bins: NDArray[np.int64],
) -> None:
    """Count one finished session."""
    totals[part, SESSION] += 1
    totals[part, EVENT] += events
    ms = (np.uint64(length_us) + np.uint64(500)) // np.uint64(1000)
    totals[part, TIME] += np.int64(ms)
    bins[part, OF_EVENTS, bin_of(np.uint64(events))] += 1
    bins[part, OF_TIME, bin_of(ms)] += 1


@kernel(types.void(types.uint64, types.uint64, types.uint64, _i64, writable(_i64, 4)))
def _meet(
    part: np.uint64, name: np.uint64, side: np.uint64, entity: np.int64, edges: NDArray[np.int64]
) -> None:
    """Count a session at the event that it begins (side 0) or ends (1) with."""
    edges[part, name, side, 0] += 1
    if edges[part, name, side, 2] != entity + 1:
        edges[part, name, side, 1] += 1
        edges[part, name, side, 2] = entity + 1


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
    gap_us, side, name = asked[GAP], asked[SIDE], asked[NAME]
    masked, started = keep.size > 0, starts.size > 0
    named, marked = edges.shape[1] > 0, mark.size > 0
    p, of, held = np.uint64(0), np.int64(-1), np.int64(0)
    for row in range(np.uint64(offset.size - 1)):
        entity = owner[row] if owner.size > 0 else np.int64(row)
        if entity != of:
            if held > 0:
                totals[p, ENTITY] += 1
                bins[p, OF_ENTITY, bin_of(np.uint64(held))] += 1
            of, held = entity, np.int64(0)
            p = np.uint64(part[entity]) if part.size > 0 else np.uint64(0)
        events, start, then, before = np.int64(0), np.int64(0), np.int64(0), np.uint64(0)
        for i in range(np.uint64(offset[row]), np.uint64(offset[row + np.uint64(1)])):
            if masked and keep[i] == 0:
                continue
            now = time_us[i]
            if events > 0 and (now - then > gap_us or (started and starts[i] != 0)):
                _close(p, events, then - start, totals, bins)
                held += 1
                if named:
                    _meet(p, before, np.uint64(1), entity, edges)
                if marked and side == ENDS and before == np.uint64(name):
                    mark[entity] = 1
                events = np.int64(0)
            before = np.uint64(codes[i])
            if events == 0:
                start = now
                if named:
                    _meet(p, before, np.uint64(0), entity, edges)
                if marked and (side == ANY or (side == BEGINS and before == np.uint64(name))):
                    mark[entity] = 1
            events += np.int64(1)
            then = now
        if events > 0:
            _close(p, events, then - start, totals, bins)
            held += 1
            if named:
                _meet(p, before, np.uint64(1), entity, edges)
            if marked and side == ENDS and before == np.uint64(name):
                mark[entity] = 1
    if held > 0:
        totals[p, ENTITY] += 1
        bins[p, OF_ENTITY, bin_of(np.uint64(held))] += 1
