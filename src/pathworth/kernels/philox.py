"""Philox4x32-10: a random stream without state, where the counter alone says which number comes out.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_u32 = read_only(types.uint32)


@kernel(types.void(types.uint64, _u32, _u32, _u32, types.uint32, writable(types.uint64, 2)))
def philox_pairs(
    key: int,
    first: NDArray[np.uint32],
    second: NDArray[np.uint32],
    third: NDArray[np.uint32],
    fourth: int,
    out: NDArray[np.uint64],
) -> None:
    """Write two 64-bit numbers per counter ``(first, second, third, fourth)``.

    ``out`` is uint64[2, n]: the four 32-bit words of the block, joined low word first.
    """
    for i in range(len(first)):
        c0, c1 = np.uint64(first[i]), np.uint64(second[i])
        c2, c3 = np.uint64(third[i]), np.uint64(fourth)
        k0, k1 = np.uint64(key) & _LOW, np.uint64(key) >> _HALF
        for _ in range(10):
            left, right = c0 * _M0, c2 * _M1
            c0 = (right >> _HALF) ^ c1 ^ k0
            c1 = right & _LOW
            c2 = (left >> _HALF) ^ c3 ^ k1
            c3 = left & _LOW
            k0 = (k0 + _W0) & _LOW
            k1 = (k1 + _W1) & _LOW
        out[0, i] = c0 | (c1 << _HALF)
        out[1, i] = c2 | (c3 << _HALF)
