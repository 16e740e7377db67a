"""Gives every distinct text a code, in the order in which texts are first seen, exact by bytes."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable


@kernel(types.void(read_only(types.uint64), types.int64, writable(types.int64)))
def reslot(kept_hash: NDArray[np.uint64], distinct: int, slots: NDArray[np.int64]) -> None:
    """Fill a larger hash table with the codes that are known already.

    Parameters
    ----------
    kept_hash
        uint64[at least distinct]: hash of the text of each code.
    distinct
        How many codes there are.
    slots
        int64[a power of two]: the empty table, all -1.
    """
    mask = np.uint64(len(slots) - 1)
    for code in range(distinct):
        at = np.int64(kept_hash[code] & mask)
        while slots[at] >= 0:
            at = np.int64(np.uint64(at + 1) & mask)
        slots[at] = code


@kernel(
    types.boolean(
        read_only(types.uint8), types.int64, types.int64, read_only(types.uint8), types.int64
    )
)
def _equal(
    data: NDArray[np.uint8], first: int, last: int, kept: NDArray[np.uint8], at: int
) -> bool:
    k = 0
    while first + k < last and data[first + k] == kept[at + k]:
        k += 1
    return first + k == last


@kernel(
    types.void(
        read_only(types.uint8),
        read_only(types.int64),
        read_only(types.uint64),
        writable(types.int64),
        writable(types.uint64),
        writable(types.int64),
        writable(types.uint8),
        writable(types.int64),
        writable(types.int32),
    )
)
def intern(
    data: NDArray[np.uint8],
    offset: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    slots: NDArray[np.int64],
    kept_hash: NDArray[np.uint64],
    kept_offset: NDArray[np.int64],
    kept: NDArray[np.uint8],
    distinct: NDArray[np.int64],
    codes: NDArray[np.int32],
) -> None:
    """Look up the code of each text, giving the next code to a text not seen before.

    Parameters
    ----------
    data, offset
        uint8[n_byte] and int64[n + 1]: the texts in UTF-8.
    hashes
        uint64[n]: their hashes.
    slots
        int64[a power of two, at least twice the codes there may be]: hash table of codes, -1 where empty.
    kept_hash, kept_offset, kept
        uint64[room], int64[room + 1] and uint8[room for the bytes]: the texts by code.
    distinct
        int64[1]: how many codes there are.
    codes
        int32[n]: the code of each text.
    """
    mask = np.uint64(len(slots) - 1)
    for text in range(len(codes)):
        first, last = offset[text], offset[text + 1]
        at = np.int64(hashes[text] & mask)
        while True:
            code = slots[at]
            if code < 0:
                code = distinct[0]
                begin = kept_offset[code]
                for k in range(last - first):
                    kept[begin + k] = data[first + k]
                kept_offset[code + 1] = begin + last - first
                kept_hash[code] = hashes[text]
                slots[at] = code
                distinct[0] = code + 1
                break
            size = kept_offset[code + 1] - kept_offset[code]
            if (
                kept_hash[code] == hashes[text]
                and size == last - first
                and _equal(data, first, last, kept, kept_offset[code])
            ):
                break
            at = np.int64(np.uint64(at + 1) & mask)
        codes[text] = code


@kernel(
    types.int64(
        read_only(types.int32), writable(types.int32), writable(types.int32), writable(types.int32)
    )
)
def renumber(
    codes: NDArray[np.int32],
    new: NDArray[np.int32],
    order: NDArray[np.int32],
    out: NDArray[np.int32],
) -> int:
    """Give codes new numbers in the order in which they are first seen, and return how many there are.

    Parameters
    ----------
    codes
        int32[n]: a negative one is null and stays.
    new
        int32[distinct]: the new number of each code; all -1 before.
    order
        int32[distinct]: the codes by their new numbers.
    out
        int32[n]: the new numbers.
    """
    seen = np.int32(0)
    for row in range(len(codes)):
        code = codes[row]
        if code < 0:
            out[row] = code
            continue
        if new[code] < 0:
            new[code] = seen
            order[seen] = code
            seen += np.int32(1)
        out[row] = new[code]
    return int(seen)
