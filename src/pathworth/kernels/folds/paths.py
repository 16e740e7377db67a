"""Kernels that find anchors in journeys, walk from each to both sides, and count where the walks pass.

A walk is a row of codes: 0 up to S for states, S for an anchor that is no state, S + 1 for an end of the path that
is none, then ENDED, LATE and ARRIVED counted from S + 2, which fill the rest of the row once the walk stops.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.marks import mark
from pathworth.kernels.folds.transitions import bin_of

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)
ENDED, LATE, ARRIVED = 0, 1, 2
TERMINALS = 3
UNIT, PLACE, END = 0, 1, 2
"""Columns of a table of anchors: whose it is, at which event, and the event at which its path ends."""


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_u8),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def find(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    limit: int,
    out: NDArray[np.int64],
) -> int:
    """Return how many anchors there are, after writing where each stands.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of unit e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``hits``.
    hits
        uint8[codes there are]: 1 for an event that is an anchor.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    limit
        At most so many anchors of a unit, its first ones; 0 for all.
    out
        int64[n_event, 3], written from the front: unit, event, and -1, by rising event.
    """
    found = 0
    for e in range(offset.size - 1):
        mine = 0
        for i in range(offset[e], offset[e + 1]):
            if hits[codes[i]] == 0 or (keep.size > 0 and keep[i] == 0):
                continue
            out[found, UNIT] = e
            out[found, PLACE] = i
            out[found, END] = -1
            found += 1
            mine += 1
            if mine == limit:
                break
    return found


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_u8),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def find_ends(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    keep: NDArray[np.uint8],
    fold: int,
    out: NDArray[np.int64],
) -> int:
    """Return how many units have a state, after writing the last event of each, or the first of its last run.

    Parameters
    ----------
    offset, codes, keep
        As in ``find``.
    table
        int32[codes there are]: state of each code, -1 for none.
    fold
        1 for the first event of the last run: of the same state with no other state behind.
    out
        int64[n, 3], written from the front as ``find`` does.
    """
    found = 0
    for e in range(offset.size - 1):
        place = np.int64(-1)
        last = np.int32(-1)
        for i in range(offset[e + 1] - 1, offset[e] - 1, -1):
            state = table[codes[i]]
            if state < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            if place >= 0 and (fold == 0 or state != last):
                break
            place = np.int64(i)
            last = state
        if place >= 0:
            out[found, UNIT] = e
            out[found, PLACE] = place
            out[found, END] = -1
            found += 1
    return found


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_u8),
            read_only(_i64),
            read_only(_u8),
            _i64,
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def arrive(
    offset: NDArray[np.int64],
    codes: NDArray,
    hits: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    within_us: int,
    anchors: NDArray[np.int64],
) -> int:
    """Return how many anchors are followed by an end of the path in time, moving these to the front.

    Parameters
    ----------
    offset, codes, hits, keep
        As in ``find``; ``hits`` says what ends a path.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside a unit.
    within_us
        Longest time from the anchor to the end, itself included.
    anchors
        int64[m, 3] as ``find`` wrote it; the first rows are overwritten by those that stay, with the end of each.
    """
    left = 0
    unit = np.int64(-1)
    end = np.int64(0)
    for k in range(anchors.shape[0]):
        i = anchors[k, PLACE]
        if anchors[k, UNIT] != unit:
            unit = anchors[k, UNIT]
            end = offset[unit]
        last = offset[unit + 1]
        end = max(end, i + 1)
        while end < last and (hits[codes[end]] == 0 or (keep.size > 0 and keep[end] == 0)):
            end += 1
        if end == last or time_us[end] - time_us[i] > within_us:
            continue
        anchors[left, UNIT] = unit
        anchors[left, PLACE] = i
        anchors[left, END] = end
        left += 1
    return left


@kernel(
    *(
        types.void(
            read_only(name), read_only(_i32), read_only(_u8), read_only(_i64, 2), writable(_u8)
        )
        for name in _NAMES
    )
)
def begins(
    codes: NDArray,
    table: NDArray[np.int32],
    keep: NDArray[np.uint8],
    anchors: NDArray[np.int64],
    out: NDArray[np.uint8],
) -> None:
    """Write which anchors are the first of their run: of the same state with no other state between.

    Parameters
    ----------
    codes, keep
        As in ``find``.
    table
        int32[codes there are]: state of each code, -1 for none.
    anchors
        int64[m, 3] as ``find`` wrote it.
    out
        uint8[m], written.
    """
    for k in range(anchors.shape[0]):
        out[k] = 1
        if k == 0 or anchors[k, UNIT] != anchors[k - 1, UNIT]:
            continue
        state = table[codes[anchors[k, PLACE]]]
        out[k] = table[codes[anchors[k - 1, PLACE]]] != state
        for i in range(anchors[k - 1, PLACE] + 1, anchors[k, PLACE]):
            other = table[codes[i]]
            if other >= 0 and other != state and (keep.size == 0 or keep[i] != 0):
                out[k] = 1


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            read_only(_i64, 2),
            read_only(_i64),
            writable(_i32, 2),
            writable(_i64, 2),
        )
        for name in _NAMES
    )
)
def walk(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    anchors: NDArray[np.int64],
    how: NDArray[np.int64],
    out: NDArray[np.int32],
    when: NDArray[np.int64],
) -> None:
    """Write the states that follow, or precede, each anchor.

    Parameters
    ----------
    offset, codes, keep
        As in ``find``.
    table, anchors
        As in ``begins``.
    time_us, within_us
        As in ``arrive``.
    how
        int64[4]: 1 for forward and -1 for backward; 1 where repeats of a state are one; the longest time from the
        anchor, itself included; the number of states S.
    out
        int32[m, columns], written: column 0 is the anchor, the others the walk outward.
    when
        int64[m, columns], written where a state stands: the time of its first event; no rows when not asked for.
    """
    way, fold, within_us, states = how[0], how[1] != 0, how[2], how[3]
    columns = out.shape[1]
    timed = when.shape[0] > 0
    for k in range(anchors.shape[0]):
        first, last = offset[anchors[k, UNIT]], offset[anchors[k, UNIT] + 1]
        i = anchors[k, PLACE]
        here = table[codes[i]]
        then = time_us[i]
        out[k, 0] = here if here >= 0 else np.int32(states)
        if timed:
            when[k, 0] = then
        column = 1
        stop = ENDED
        i += way
        while column < columns and first <= i < last:
            state = table[codes[i]]
            arrived = i == anchors[k, END]
            if (keep.size > 0 and keep[i] == 0) or (state < 0 and not arrived):
                i += way
                continue
            if (time_us[i] - then) * way > within_us:
                stop = LATE
                break
            if fold and state == here and not arrived:
                if timed and way < 0 and column > 1:
                    when[k, column - 1] = time_us[i]
                i += way
                continue
            out[k, column] = state if state >= 0 else np.int32(states + 1)
            if timed:
                when[k, column] = time_us[i]
            here = state
            column += 1
            i += way
            if arrived:
                stop = ARRIVED
                break
        for c in range(column, columns):
            out[k, c] = np.int32(states + 2 + stop)


@kernel(
    types.void(
        read_only(_i64, 2),
        read_only(_i64),
        read_only(_u8),
        read_only(_i32, 2),
        read_only(_i32, 2),
        read_only(_i64, 2),
        _i64,
        writable(_i64, 2),
        writable(_i64, 3),
    )
)
def tally(
    anchors: NDArray[np.int64],
    owner: NDArray[np.int64],
    part: NDArray[np.uint8],
    walks: NDArray[np.int32],
    label: NDArray[np.int32],
    levels: NDArray[np.int64],
    stop: int,
    last: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    """Count the walks at each state of each level and on each move to the next level.

    Parameters
    ----------
    anchors, walks
        As in ``walk``.
    owner
        int64[units]: the entity of each unit; empty when units are entities.
    part
        uint8[units]: the part of each unit; empty when there is one part.
    label
        int32[columns, codes]: under which label each code of a walk stands at a level.
    levels
        int64[levels, 3]: cell of a level's first label; cell of its first move; labels of the next level.
    stop
        From this code on a walk has stopped: it counts nowhere, but the move to it does.
    last
        int64[cells, 2], -1 before the first call of a part: the last unit and entity counted in a cell.
    out
        int64[parts, cells, 3], added to: walks, units and entities; cell 0 takes every walk.
    """
    columns = walks.shape[1]
    for k in range(anchors.shape[0]):
        unit = anchors[k, UNIT]
        entity = owner[unit] if owner.size > 0 else unit
        mine = np.int64(part[unit]) if part.size > 0 else np.int64(0)
        mark(mine, 0, unit, entity, last, out)
        for c in range(levels.shape[0]):
            if walks[k, c] >= stop:
                break
            here = np.int64(label[c, walks[k, c]])
            mark(mine, levels[c, 0] + here, unit, entity, last, out)
            if c + 1 < columns:
                there = np.int64(label[c + 1, walks[k, c + 1]])
                move = levels[c, 1] + here * levels[c, 2] + there
                mark(mine, move, unit, entity, last, out)


@kernel(
    types.void(
        read_only(_i32, 2),
        read_only(_i64, 2),
        read_only(_i32, 2),
        read_only(_i64, 2),
        _i64,
        read_only(_i32),
        writable(_i64, 2),
    )
)
def spend(
    walks: NDArray[np.int32],
    when: NDArray[np.int64],
    label: NDArray[np.int32],
    levels: NDArray[np.int64],
    stop: int,
    slot: NDArray[np.int32],
    bins: NDArray[np.int64],
) -> None:
    """Count the times of moves by bin.

    Parameters
    ----------
    walks, when
        As in ``walk``.
    label, levels, stop
        As in ``tally``.
    slot
        int32[cells]: row of ``bins`` for each cell of a move, -1 for none.
    bins
        int64[slots, BINS], added to: moves by bin of their ms.
    """
    for k in range(walks.shape[0]):
        for c in range(walks.shape[1] - 1):
            if c == levels.shape[0] or walks[k, c + 1] >= stop:
                break
            cell = (
                levels[c, 1] + label[c, walks[k, c]] * levels[c, 2] + label[c + 1, walks[k, c + 1]]
            )
            if slot[cell] < 0:
                continue
            gap = np.uint64(abs(when[k, c + 1] - when[k, c]))
            bins[slot[cell], bin_of((gap + np.uint64(500)) // np.uint64(1000))] += 1
