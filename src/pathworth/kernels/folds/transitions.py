"""Kernels that count moves between consecutive kept events, with their times, people and quantile bins.

Places are uint64: numba tests every signed place for being negative, which would double the time.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8 = types.int64, types.int32, types.uint8
_NAMES = (types.uint16, types.uint32)

BINS = 816
"""Bins of a time: 16 equal parts of each power of two of whole ms, for every int64 of microseconds."""


def _signatures(*rest: types.Type, result: types.Type = types.void) -> list[types.Type]:
    """Return one signature per width of names; offset, codes, lookup, time and keep come first."""
    return [
        result(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            *rest,
        )
        for name in _NAMES
    ]


@kernel(types.int64(types.uint64))
def bin_of(ms: np.uint64) -> np.int64:
    """Return the bin of a time: itself below 16 ms, above 16 equal parts of each power of two."""
    if ms < np.uint64(16):
        return np.int64(ms)
    # The top 12 + 4 bits of a float64 are its power of two and which sixteenth of it.
    return (np.float64(ms).view(np.int64) >> np.int64(48)) - np.int64(16_416)


@kernel(*_signatures(_i64, writable(types.uint32), writable(_i64)))
def moves(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    states: int,
    count: NDArray[np.uint32],
    whole_ms: NDArray[np.int64],
) -> None:
    """Add the moves of whole entities, fewer than 2**32 of them, to a dense matrix.

    Counts of 32 bits keep the matrix of some fifty states in the nearest 32 KiB of memory.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``lookup``.
    lookup
        int32[codes there are]: state of each code, -1 for an event that is left out.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    states
        Number of states S; state S is the start of a journey as a source and its end as a target.
    count, whole_ms
        uint32 and int64[(S + 1)**2 + 1], added to: moves and their whole ms by ``source * (S + 1) + target``; ms mean
        nothing in the start's row, and the very last cell takes what is left out.
    """
    width = np.uint64(states + 1)
    start = np.uint64(states) * width
    dump, one = width * width, np.uint32(1)
    masked, named, same = keep.size > 0, True, True
    for code in range(lookup.size):
        named = named and lookup[code] >= 0
        same = same and lookup[code] == code
    for e in range(np.uint64(offset.size - 1)):
        first, last = np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])
        if first == last:
            continue
        plain = named
        if masked:
            # Mostly whole entities are kept or left out: by a trait, or because a newer journey is in their place.
            kept = np.uint64(0)
            for i in range(first, last):
                kept += np.uint64(keep[i] != 0)
            if kept == np.uint64(0):
                continue
            plain = named and kept == last - first
        row, then = start, time_us[first]
        # Half the time when nothing can be left out, and less again when codes are states.
        if plain:
            for i in range(first, last):
                state = np.uint64(codes[i]) if same else np.uint64(lookup[codes[i]])
                now = time_us[i]
                cell = row + state
                count[cell] += one
                gap = (np.uint64(now - then) + np.uint64(500)) // np.uint64(1000)
                whole_ms[cell] += np.int64(gap)
                row = state * width
                then = now
            count[row + np.uint64(states)] += one
            continue
        for i in range(first, last):
            code = lookup[codes[i]]
            stays = code >= 0
            if masked:
                stays = stays & (keep[i] != 0)
            state = np.uint64(code if code >= 0 else 0)
            now = time_us[i]
            cell = row + state if stays else dump
            count[cell] += one
            gap = (np.uint64(now - then) + np.uint64(500)) // np.uint64(1000)
            whole_ms[cell] += np.int64(gap)
            row = state * width if stays else row
            then = now if stays else then
        if row != start:
            count[row + np.uint64(states)] += one


@kernel(
    *(
        one
        for values in (types.uint8, types.uint16, types.uint32)
        for one in _signatures(
            read_only(values), read_only(_u8), _i64, writable(_i64, 2), writable(_i64)
        )
    )
)
def moves_by_part(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    values: NDArray,
    part_of: NDArray[np.uint8],
    states: int,
    out: NDArray[np.int64],
    movers: NDArray[np.int64],
) -> None:
    """Add the moves of whole entities to dense matrices by a property, without the people behind them.

    Parameters
    ----------
    offset, codes, lookup, time_us, keep, states
        As in ``moves``.
    values, part_of
        uint8, uint16 or uint32[n_event], places in uint8[values there are]: the matrix, of at most 64, that takes the
        move which begins at an event.
    out
        int64[matrices * (S + 1)**2 + 1, 2], added to: moves and whole ms as in ``moves``, matrix by matrix; a journey
        begins in the first one.
    movers
        int64[matrices + 1], added to: as in ``moves_in_detail``.
    """
    one, width = np.uint64(1), np.uint64(states + 1)
    area, start = width * width, np.uint64(states) * width
    dump, masked = np.uint64(out.shape[0] - 1), keep.size > 0
    plain = not masked
    for code in range(lookup.size):
        plain = plain and lookup[code] >= 0
    for e in range(np.uint64(offset.size - 1)):
        first, last = np.uint64(offset[e]), np.uint64(offset[e + one])
        if first == last:
            continue
        row, then, moved, fresh = start, time_us[first], np.uint64(0), np.uint64(0)
        # As in ``moves``, it takes less when nothing can be left out.
        for i in range(first, last if plain else first):
            state, part, now = np.uint64(lookup[codes[i]]), part_of[values[i]], time_us[i]
            cell = row + state
            gap = (np.uint64(now - then) + np.uint64(500)) // np.uint64(1000)
            out[cell, 0] += 1
            out[cell, 1] += np.int64(gap)
            row, then = np.uint64(part) * area + state * width, now
            moved |= fresh
            fresh = one << np.uint64(part)
        for i in range(first if not plain else last, last):
            code, part, now = lookup[codes[i]], part_of[values[i]], time_us[i]
            stays = code >= 0
            if masked:
                stays = stays & (keep[i] != 0)
            state = np.uint64(code if code >= 0 else 0)
            cell = row + state if stays else dump
            gap = (np.uint64(now - then) + np.uint64(500)) // np.uint64(1000)
            out[cell, 0] += 1
            out[cell, 1] += np.int64(gap)
            row = np.uint64(part) * area + state * width if stays else row
            then = now if stays else then
            moved |= fresh if stays else np.uint64(0)
            fresh = one << np.uint64(part) if stays else fresh
        if row != start:
            out[row + np.uint64(states), 0] += 1
        movers[movers.size - 1] += moved != 0
        # As many steps for everybody: nobody can foresee which matrix a person is in.
        for matrix in range(np.uint64(movers.size - 1)):
            movers[matrix] += np.int64((moved >> matrix) & one)


@kernel(
    *_signatures(
        read_only(_u8),
        read_only(_i32),
        _i64,
        writable(_i64, 2),
        writable(_i64),
        writable(_i32, 2),
        writable(_i64),
    )
)
def moves_in_detail(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    split: NDArray[np.uint8],
    slot: NDArray[np.int32],
    states: int,
    out: NDArray[np.int64],
    last: NDArray[np.int64],
    bins: NDArray[np.int32],
    movers: NDArray[np.int64],
) -> None:
    """Add moves to dense matrices with the entities behind them, by a property and with bins of times.

    Parameters
    ----------
    offset, codes, lookup, time_us, keep, states
        As in ``moves``.
    split
        uint8[n_event]: the matrix that takes the move which begins at an event; empty for one matrix.
    slot
        int32[(S + 1)**2]: row of ``bins`` for each cell, -1 for none; empty when no bins are asked for.
    out
        int64[matrices * (S + 1)**2, 3], added to: moves, whole ms, entities.
    last
        int64[matrices * (S + 1)**2]: -1 before the call; the last entity that was counted in a cell.
    bins
        int32[slots, BINS], added to: moves by bin of their ms; a call sees fewer than 2**31 moves.
    movers
        int64[matrices + 1], added to: entities with a move from one state to another in each matrix, then in any; of at
        most 64 matrices.
    """
    width = np.uint64(states + 1)
    area = width * width
    for e in range(offset.size - 1):
        before = np.uint64(states)
        then = np.int64(0)
        block = np.uint64(0)
        moved = np.uint64(0)  # a bit for each matrix
        for i in range(np.uint64(offset[e]), np.uint64(offset[e + 1])):
            code = lookup[codes[i]]
            if code < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            now = time_us[i]
            if before == np.uint64(states):
                then = now
            else:
                moved |= np.uint64(1) << block
            cell = before * width + np.uint64(code)
            place = block * area + cell
            gap = (np.uint64(now - then) + np.uint64(500)) // np.uint64(1000)
            out[place, 0] += 1
            out[place, 1] += np.int64(gap)
            out[place, 2] += last[place] != e
            last[place] = e
            if slot.size > 0 and slot[cell] >= 0:
                bins[slot[cell], bin_of(gap)] += 1
            before = np.uint64(code)
            then = now
            if split.size > 0:
                block = np.uint64(split[i])
        if before != np.uint64(states):
            place = block * area + before * width + np.uint64(states)
            out[place, 0] += 1
            out[place, 2] += 1
        movers[movers.size - 1] += moved != np.uint64(0)
        for part in range(movers.size - 1):
            movers[part] += np.int64((moved >> np.uint64(part)) & np.uint64(1))


@kernel(*_signatures(_i64, writable(_i64), writable(_i64, 2), result=types.int64))
def moves_of_many(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    states: int,
    keys: NDArray[np.int64],
    out: NDArray[np.int64],
) -> int:
    """Count moves among many states in a hash table; return its entries, -1 when it is too small.

    Parameters
    ----------
    offset, codes, lookup, time_us, keep, states
        As in ``moves``.
    keys
        int64[size], all -1 before the call, size a power of two: ``source * (S + 1) + target`` of each entry.
    out
        int64[size, 4], zero before the call: moves, whole ms, entities, and the last entity plus one.
    """
    width = states + 1
    mask = np.uint64(keys.size - 1)
    used = 0
    for e in range(offset.size - 1):
        before = np.int64(states)
        then = np.int64(0)
        for i in range(offset[e], offset[e + 1] + 1):
            ends = i == offset[e + 1]
            code = np.int64(states)
            now = then
            if not ends:
                code = np.int64(lookup[codes[i]])
                if code < 0 or (keep.size > 0 and keep[i] == 0):
                    continue
                now = time_us[i]
            elif before == states:
                continue
            if before == states:
                then = now
            key = before * width + code
            at = (np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20) & mask
            while keys[at] != key and keys[at] >= 0:
                at = (at + np.uint64(1)) & mask
            if keys[at] < 0:
                keys[at] = key
                used += 1
                if 4 * used > 3 * keys.size:
                    return -1
            out[at, 0] += 1
            out[at, 1] += np.int64((np.uint64(now - then) + np.uint64(500)) // np.uint64(1000))
            out[at, 2] += out[at, 3] != e + 1
            out[at, 3] = e + 1
            before = code
            then = now
    return used


@kernel(
    *(
        types.void(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_u8),
            read_only(_u8),
            read_only(_i64),
            writable(_u8),
        )
        for name in _NAMES
    )
)
def took(
    offset: NDArray[np.int64],
    codes: NDArray,
    lookup: NDArray[np.int32],
    keep: NDArray[np.uint8],
    split: NDArray[np.uint8],
    cell: NDArray[np.int64],
    out: NDArray[np.uint8],
) -> None:
    """Write which entities made one move.

    Parameters
    ----------
    offset, codes, lookup, keep
        As in ``moves``.
    split
        As in ``moves_in_detail``.
    cell
        int64[3]: source, target, and the matrix of the move, which counts only when there is a split.
    out
        uint8[n], written: 1 for an entity that went from the source straight to the target.
    """
    for e in range(offset.size - 1):
        before = np.int64(-1)
        block = np.int64(0)
        out[e] = 0
        for i in range(offset[e], offset[e + 1]):
            code = np.int64(lookup[codes[i]])
            if code < 0 or (keep.size > 0 and keep[i] == 0):
                continue
            fits = split.size == 0 or block == cell[2]
            if before == cell[0] and code == cell[1] and fits:
                out[e] = 1
                break
            before = code
            if split.size > 0:
                block = np.int64(split[i])
