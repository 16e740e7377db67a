"""Kernels that spell out whole journeys as rows of states, and count equal rows exactly.

Rows are found by a hash and told apart by what they hold, so that two rows with one hash stay two.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _u8, _u64 = types.int64, types.int32, types.uint8, types.uint64
GOES_ON = -1
"""Last state of a row that was cut at its longest length."""


@kernel(
    *(
        _i64(
            read_only(_i64),
            read_only(name),
            read_only(_i32),
            read_only(_i64),
            read_only(_u8),
            _i64,
            _i64,
            writable(_i64),
            writable(state),
            writable(_i64),
        )
        for name in (types.uint16, types.uint32)
        for state in (_u8, types.uint16, _i32)
    )
)
def spell(
    offset: NDArray[np.int64],
    codes: NDArray,
    table: NDArray[np.int32],
    time_us: NDArray[np.int64],
    keep: NDArray[np.uint8],
    fold: int,
    length: int,
    start: NDArray[np.int64],
    states: NDArray,
    took_us: NDArray[np.int64],
) -> int:
    """Return the number of states written, after writing the row of every unit.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of unit e are ``offset[e]`` up to ``offset[e + 1]``.
    codes
        uint16 or uint32[n_event]: places in ``table``.
    table
        int32[codes there are]: state of each code, -1 for none.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside a unit.
    keep
        uint8[n_event]: 0 for an event that is left out; empty when all stay.
    fold
        1 where a state straight after itself is one.
    length
        States that are told apart; a longer row ends with GOES_ON.
    start
        int64[n + 1], written: where the row of each unit begins; a unit without a state has an empty one.
    states
        uint8, uint16 or int32[n_event + n], written from the front; the largest value of a type without sign, which no
        state may have, stands for GOES_ON.
    took_us
        int64[n], written: time from the first event with a state to the last; empty when nobody asks.
    """
    used = np.uint64(0)
    for e in range(np.uint64(offset.size - 1)):
        start[e] = np.int64(used)
        end = used + np.uint64(length)
        first, last = np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])
        before = np.int32(-1)
        for i in range(first, last):
            state = table[codes[i]]
            there = state >= 0
            if keep.size > 0:
                there = there & (keep[i] != 0)
            # Written in any case and passed only if it stays, which no processor has to guess.
            states[used] = state
            used += np.uint64(there & ((state != before) | (fold == 0)))
            before = state if there else before
            if used > end:
                states[end] = np.int32(GOES_ON)
                break
        if took_us.size > 0:
            took_us[e] = 0
            if before >= 0:
                begin, finish = first, last - np.uint64(1)
                while table[codes[begin]] < 0 or (keep.size > 0 and keep[begin] == 0):
                    begin += np.uint64(1)
                while table[codes[finish]] < 0 or (keep.size > 0 and keep[finish] == 0):
                    finish -= np.uint64(1)
                took_us[e] = time_us[finish] - time_us[begin]
    start[offset.size - 1] = np.int64(used)
    return int(used)


@kernel(_i64(read_only(_i64), read_only(_u8), _i64, _i64))
def compare(start: NDArray[np.int64], states: NDArray[np.uint8], a: int, b: int) -> int:
    """Return -1, 0 or 1: how row a stands to row b, byte by byte, a shorter row first."""
    i, j = start[a], start[b]
    while i < start[a + 1] and j < start[b + 1]:
        if states[i] != states[j]:
            return -1 if states[i] < states[j] else 1
        i += 1
        j += 1
    left, right = start[a + 1] - i, start[b + 1] - j
    return -1 if left < right else (1 if left > right else 0)


@kernel(
    _i64(
        read_only(_i64),
        read_only(_u8),
        read_only(_u64),
        read_only(_i64),
        read_only(_i64),
        writable(_i64),
        writable(_i64),
    )
)
def gather(
    start: NDArray[np.int64],
    states: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    order: NDArray[np.int64],
    weight: NDArray[np.int64],
    row: NDArray[np.int64],
    count: NDArray[np.int64],
) -> int:
    """Return how many different rows there are, after writing one of each with the weight of all equal ones.

    Parameters
    ----------
    start, states
        int64[n + 1] and uint8: where each row begins and ends, and the bytes of the states that ``spell`` wrote.
    hashes
        uint64[n]: a hash of each row.
    order
        int64[m]: rows by rising hash; rows that are not in it are left out, and so are empty ones.
    weight
        int64[n]: what each row counts.
    row, count
        int64[m], written from the front by rising hash, rows of one hash by ``compare``.
    """
    found = np.int64(0)
    first = np.int64(0)
    before = np.uint64(0)
    for k in range(np.uint64(order.size)):
        mine = order[k]
        here = np.uint64(mine)
        if start[here] == start[here + np.uint64(1)]:
            continue
        value = hashes[here]
        if value != before:
            first = found
        before = value
        at = first
        side = 1
        while at < found:
            side = compare(start, states, mine, row[at])
            if side <= 0:
                break
            at += 1
        if at < found and side == 0:
            count[at] += weight[mine]
            continue
        for j in range(found, at, -1):
            row[j] = row[j - 1]
            count[j] = count[j - 1]
        row[at] = mine
        count[at] = weight[mine]
        found += 1
    return int(found)


@kernel(
    _i64(
        read_only(_i64),
        read_only(_u8),
        read_only(_u64),
        read_only(_i64),
        writable(_i64),
        writable(_u8),
        writable(_u64),
    )
)
def take(
    start: NDArray[np.int64],
    states: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    places: NDArray[np.int64],
    to_start: NDArray[np.int64],
    to_states: NDArray[np.uint8],
    to_hashes: NDArray[np.uint64],
) -> int:
    """Return the number of bytes written, after copying some rows.

    Parameters
    ----------
    start, states, hashes
        Rows with their hashes.
    places
        int64[m]: which rows, none twice, in the order in which they are written.
    to_start, to_states, to_hashes
        int64[m + 1], uint8 as long as ``states``, written from the front, and uint64[m], written: the same of them.
    """
    used = np.uint64(0)
    for k in range(np.uint64(places.size)):
        place = np.uint64(places[k])
        to_start[k] = np.int64(used)
        to_hashes[k] = hashes[place]
        for i in range(np.uint64(start[place]), np.uint64(start[place + np.uint64(1)])):
            to_states[used] = states[i]
            used += np.uint64(1)
    to_start[places.size] = np.int64(used)
    return int(used)


@kernel(
    types.void(
        read_only(_i64),
        read_only(_u8),
        read_only(_u64),
        read_only(_i64),
        read_only(_u8),
        read_only(_u64),
        writable(_i32),
    )
)
def recognise(
    start: NDArray[np.int64],
    states: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    known_start: NDArray[np.int64],
    known: NDArray[np.uint8],
    known_hashes: NDArray[np.uint64],
    out: NDArray[np.int32],
) -> None:
    """Write which of some known rows each row equals.

    Parameters
    ----------
    start, states, hashes
        Rows with their hashes.
    known_start, known, known_hashes
        The known rows in the same form, by rising hash.
    out
        int32[n], written: place of the equal known row; how many are known where none is.
    """
    some = known_hashes.size
    for e in range(out.size):
        out[e] = some
        low, high = 0, some
        while low < high:
            middle = (low + high) // 2
            if known_hashes[middle] < hashes[e]:
                low = middle + 1
            else:
                high = middle
        size = start[e + 1] - start[e]
        while low < some and known_hashes[low] == hashes[e]:
            same = known_start[low + 1] - known_start[low] == size
            for i in range(size):
                if not same or known[known_start[low] + i] != states[start[e] + i]:
                    same = False
                    break
            if same:
                out[e] = low
                break
            low += 1
