"""A kernel that orders rows by a hash, a byte at a time, which takes a sixth of what comparing them takes."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_u64 = types.uint64
BITS = 32
"""Bits that a key may have; the others of its 64 hold the place."""
_BYTES = BITS // 8


@kernel(types.void(read_only(_u64), writable(_u64, 2)))
def order_by_key(keys: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    """Write the places of keys by rising key, equal ones as they stand.

    Parameters
    ----------
    keys
        uint64[n], each below 2**32; n is at most 2**32.
    out
        uint64[2, n], written: the first row is the result, the second one room to work in.
    """
    ends = np.zeros((_BYTES, 256), np.uint64)
    one, low, size = np.uint64(1), np.uint64(255), np.uint64(keys.size)
    for k in range(size):
        key = keys[k]
        out[0, k] = (key << np.uint64(BITS)) | k
        for byte in range(_BYTES):
            ends[byte, (key >> np.uint64(8 * byte)) & low] += one
    for byte in range(_BYTES):
        total = np.uint64(0)
        for value in range(256):
            mine = ends[byte, value]
            ends[byte, value] = total
            total += mine
    for byte in range(_BYTES):
        source, target, end = out[byte % 2], out[1 - byte % 2], ends[byte]
        shift = np.uint64(BITS + 8 * byte)
        for k in range(size):
            held = source[k]
            value = (held >> shift) & low
            target[end[value]] = held
            end[value] += one
    for k in range(size):
        out[0, k] = out[0, k] & np.uint64(2**BITS - 1)
