"""Kernels that turn codes into masks and steps, and find the latest known value of a property."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_CODES = (types.uint8, types.uint16, types.uint32)


def _over_codes(entry: types.Type) -> list[types.Type]:
    """Return one signature per width of codes, for a table of entries read into an array of them."""
    return [types.void(read_only(codes), read_only(entry), writable(entry)) for codes in _CODES]


@kernel(*_over_codes(types.uint8))
def look_up(codes: NDArray, table: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Write ``table[code]`` of every code.

    Parameters
    ----------
    codes
        uint8, uint16 or uint32[n]: places in the table.
    table
        uint8[codes there are].
    out
        uint8[n], written.
    """
    for i in range(codes.size):
        out[i] = table[codes[i]]


@kernel(*_over_codes(types.uint8))
def look_up_packed(codes: NDArray, packed: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Write one bit of every code, 0 or 1: a table of 100,000 codes fits into the nearest memory this way.

    Parameters
    ----------
    codes
        uint8, uint16 or uint32[n].
    packed
        uint8[(codes there are + 7) // 8]: bit ``code % 8`` of byte ``code // 8``.
    out
        uint8[n], written.
    """
    for i in range(np.uint64(codes.size)):
        code = np.uint32(codes[i])
        out[i] = (packed[code >> np.uint32(3)] >> (code & np.uint32(7))) & np.uint8(1)


@kernel(
    *(
        types.void(read_only(codes), read_only(types.uint8), writable(types.int64))
        for codes in _CODES
    )
)
def count_codes(codes: NDArray, keep: NDArray[np.uint8], out: NDArray[np.int64]) -> None:
    """Add how often each code stands in an array.

    Parameters
    ----------
    codes
        uint8, uint16 or uint32[n]: places in ``out``.
    keep
        uint8[n]: 0 for a code that is left out; empty when all stay.
    out
        int64[codes there are], added to.
    """
    if keep.size > 0:
        for i in range(codes.size):
            out[codes[i]] += keep[i] != 0
        return
    for i in range(codes.size):
        out[codes[i]] += 1


@kernel(types.void(read_only(types.int64), read_only(types.uint8), writable(types.uint8)))
def leave_out(
    offset: NDArray[np.int64], entities: NDArray[np.uint8], out: NDArray[np.uint8]
) -> None:
    """Write 0 for every event of an entity that is not chosen.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    entities
        uint8[n]: 1 for an entity that is chosen.
    out
        uint8[n_event], written for the others.
    """
    for e in range(np.uint64(offset.size - 1)):
        if entities[e] == 0:
            for i in range(np.uint64(offset[e]), np.uint64(offset[e + np.uint64(1)])):
                out[i] = 0


@kernel(*_over_codes(types.int16))
def look_up_steps(codes: NDArray, table: NDArray[np.int16], out: NDArray[np.int16]) -> None:
    """Write the step of every code: ``out[i] = table[codes[i]]``, int16[n]."""
    for i in range(codes.size):
        out[i] = table[codes[i]]


@kernel(*_over_codes(types.uint64))
def look_up_bits(codes: NDArray, table: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    """Keep the bits that the table allows: ``out[i] &= table[codes[i]]``, uint64[n]."""
    for i in range(codes.size):
        out[i] &= table[codes[i]]


@kernel(types.void(read_only(types.uint64), read_only(types.int16), writable(types.int16)))
def first_of_bits(
    bits: NDArray[np.uint64], step: NDArray[np.int16], out: NDArray[np.int16]
) -> None:
    """Write the step of the lowest bit that is set, -1 where none is.

    Parameters
    ----------
    bits
        uint64[n]: which of 64 terms hold.
    step
        int16[64]: the step of each term.
    out
        int16[n], written.
    """
    for i in range(bits.size):
        left = bits[i]
        out[i] = -1
        for term in range(64):
            if left == 0:
                break
            if left & np.uint64(1):
                out[i] = step[term]
                break
            left >>= np.uint64(1)


@kernel(types.void(read_only(types.uint64), read_only(types.int16), writable(types.uint16)))
def steps_of_bits(
    bits: NDArray[np.uint64], step: NDArray[np.int16], out: NDArray[np.uint16]
) -> None:
    """Write every step of which a term holds, one bit a step; terms as in ``first_of_bits``, at most 16 steps."""
    for i in range(bits.size):
        left = bits[i]
        found = 0
        for term in range(64):
            if left == 0:
                break
            if left & np.uint64(1):
                found |= 1 << step[term]
            left >>= np.uint64(1)
        out[i] = found


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.uint8),
        read_only(types.int64),
        types.int64,
        writable(types.int64),
    )
)
def last_known(
    offset: NDArray[np.int64],
    known: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    until_us: int,
    out: NDArray[np.int64],
) -> None:
    """Write where each entity's last known value before an instant stands, -1 where there is none.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    known
        uint8[n_event]: 1 where the value is not null.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    until_us
        Values from this instant on do not count.
    out
        int64[n], written.
    """
    for e in range(offset.size - 1):
        out[e] = -1
        for i in range(offset[e + 1] - 1, offset[e] - 1, -1):
            if known[i] != 0 and time_us[i] < until_us:
                out[e] = i
                break


@kernel(types.void(read_only(types.int64), read_only(types.uint8), writable(types.int64)))
def known_so_far(
    offset: NDArray[np.int64], known: NDArray[np.uint8], out: NDArray[np.int64]
) -> None:
    """Write where the latest known value up to each event of its entity stands, -1 before the first.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    known
        uint8[n_event]: 1 where the value is not null.
    out
        int64[n_event], written.
    """
    for e in range(offset.size - 1):
        last = -1
        for i in range(offset[e], offset[e + 1]):
            if known[i] != 0:
                last = i
            out[i] = last


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.uint8),
        read_only(types.uint8),
        writable(types.uint8),
    )
)
def keep_shown(
    offset: NDArray[np.int64],
    left_out: NDArray[np.uint8],
    chosen: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    """Write a mask without the events of some entities.

    Only what is kept is written: where nearly everybody is left out, a fresh mask takes hardly any memory.

    Parameters
    ----------
    offset
        int64[n_entity + 1]: where the events of each entity begin and end.
    left_out
        uint8[n_entity]: 1 for those whose events go.
    chosen
        uint8[n_event]: the mask with them; empty where every event is chosen.
    out
        uint8[n_event], zeros: the mask, written.
    """
    everything = chosen.size == 0
    for entity in range(left_out.size):
        if left_out[entity] == 0:
            for event in range(offset[entity], offset[entity + 1]):
                out[event] = 1 if everything else chosen[event]
