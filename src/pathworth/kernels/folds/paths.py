"""Kernels that walk from anchors through journeys, and count where the walks pass.

A walk is a row of codes: 0 up to S for states, S for an anchor that is no state, S + 1 for an end of the path that
is none, then ENDED, LATE and ARRIVED counted from S + 2, which fill the rest of the row once the walk stops.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.anchors import END, PLACE, UNIT
from pathworth.kernels.folds.marks import mark
from pathworth.kernels.folds.transitions import bin_of

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)
ENDED, LATE, ARRIVED = 0, 1, 2
TERMINALS = 3
_NEVER = 2**62


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
    time_us
        As in ``arrive``.
    how
        int64[7]: 1 for forward and -1 for backward; 1 where repeats of a state are one; the longest time from the
        anchor, itself included; the number of states S; the column of the anchor; 1 where the walk goes on to the
        right of it, -1 to the left; how many columns are walked, the anchor's included.
    out
        int32[m, columns], written in the columns walked: the anchor, and the walk outward.
    when
        int64[m, columns], written where a state stands: the time of its first event; no rows when not asked for.
    """
    way, fold, within_us, states = how[0], how[1] != 0, how[2], how[3]
    middle, side, columns, masked = how[4], how[5], how[6], keep.size > 0
    timed, limited = when.shape[0] > 0, within_us < _NEVER
    for k in range(np.uint64(anchors.shape[0])):
        unit, i, end = np.uint64(anchors[k, UNIT]), anchors[k, PLACE], anchors[k, END]
        first, last = offset[unit], offset[unit + np.uint64(1)]
        here = table[codes[np.uint64(i)]]
        then = time_us[np.uint64(i)] if timed or limited else np.int64(0)
        to = np.uint64(middle)
        out[k, to] = here if here >= 0 else np.int32(states)
        if timed:
            when[k, to] = then
        column = 1
        stop = ENDED
        i += way
        while column < columns and first <= i < last:
            at = np.uint64(i)
            state = table[codes[at]]
            arrived = i == end
            if (masked and keep[at] == 0) or (state < 0 and not arrived):
                i += way
                continue
            if limited and (time_us[at] - then) * way > within_us:
                stop = LATE
                break
            if fold and state == here and not arrived:
                if timed and way < 0 and column > 1:
                    when[k, to] = time_us[at]
                i += way
                continue
            to = np.uint64(middle + side * column)
            out[k, to] = state if state >= 0 else np.int32(states + 1)
            if timed:
                when[k, to] = time_us[at]
            here = state
            column += 1
            i += way
            if arrived:
                stop = ARRIVED
                break
        for c in range(column, columns):
            out[k, np.uint64(middle + side * c)] = np.int32(states + 2 + stop)


@kernel(types.void(read_only(_i32, 2), writable(_i64, 2)))
def count_columns(walks: NDArray[np.int32], out: NDArray[np.int64]) -> None:
    """Add how often each code stands in each column of walks.

    Parameters
    ----------
    walks
        int32[m, columns] as ``walk`` writes it.
    out
        int64[columns, codes], added to.
    """
    for k in range(np.uint64(walks.shape[0])):
        for c in range(np.uint64(walks.shape[1])):
            out[c, np.uint64(walks[k, c])] += 1


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
        int64[cells, 2], -1 before the first call of a part: the last unit and entity counted in a cell; no rows
        where every walk is of another unit and entity, so that walks say it all.
    out
        int64[parts, cells, 3], added to: walks, units and entities, walks alone where ``last`` has no rows; cell 0
        takes every walk.
    """
    columns, counted, one = np.uint64(walks.shape[1]), np.uint64(levels.shape[0]), np.uint64(1)
    alone = last.shape[0] == 0
    for k in range(np.uint64(anchors.shape[0])):
        unit = anchors[k, UNIT]
        entity = owner[np.uint64(unit)] if owner.size > 0 else unit
        mine = np.int64(part[np.uint64(unit)]) if part.size > 0 else np.int64(0)
        if alone:
            out[np.uint64(mine), 0, 0] += 1
        else:
            mark(mine, 0, unit, entity, last, out)
        for c in range(counted):
            code = np.uint64(walks[k, c])
            if code >= np.uint64(stop):
                break
            here = np.int64(label[c, code])
            if alone:
                out[np.uint64(mine), np.uint64(levels[c, 0] + here), 0] += 1
            else:
                mark(mine, levels[c, 0] + here, unit, entity, last, out)
            if c + one < columns:
                there = np.int64(label[c + one, np.uint64(walks[k, c + one])])
                move = levels[c, 1] + here * levels[c, 2] + there
                if alone:
                    out[np.uint64(mine), np.uint64(move), 0] += 1
                else:
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
