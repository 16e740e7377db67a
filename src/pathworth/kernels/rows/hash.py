"""XXH64 of many texts at once: the hash that decides an entity's group, shard and zone for ever.

Source: the xxHash specification, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md (XXH64).
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_P1 = np.uint64(0x9E3779B185EBCA87)
_P2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P3 = np.uint64(0x165667B19E3779F9)
_P4 = np.uint64(0x85EBCA77C2B2AE63)
_P5 = np.uint64(0x27D4EB2F165667C5)
_WORD = np.uint64(64)


@kernel(types.uint64(types.uint64, types.uint64))
def _turn(word: np.uint64, bits: np.uint64) -> np.uint64:
    return (word << bits) | (word >> (_WORD - bits))


@kernel(types.uint64(read_only(types.uint8), types.int64, types.int64))
def _read(data: NDArray[np.uint8], at: int, size: int) -> np.uint64:
    word = np.uint64(0)
    for k in range(size):
        word |= np.uint64(data[at + k]) << np.uint64(8 * k)
    return word


@kernel(types.uint64(types.uint64, types.uint64))
def _round(lane: np.uint64, word: np.uint64) -> np.uint64:
    return _turn(lane + word * _P2, np.uint64(31)) * _P1


@kernel(types.uint64(types.uint64))
def _avalanche(word: np.uint64) -> np.uint64:
    word = (word ^ (word >> np.uint64(33))) * _P2
    word = (word ^ (word >> np.uint64(29))) * _P3
    return word ^ (word >> np.uint64(32))


@kernel(types.uint64(read_only(types.uint8), types.int64, types.int64, types.uint64))
def _stripes(data: NDArray[np.uint8], at: int, end: int, seed: np.uint64) -> np.uint64:
    """Fold the whole 32-byte stripes of one text of at least 32 bytes."""
    one, two = seed + _P1 + _P2, seed + _P2
    three, four = seed, seed - _P1
    while at + 32 <= end:
        one = _round(one, _read(data, at, 8))
        two = _round(two, _read(data, at + 8, 8))
        three = _round(three, _read(data, at + 16, 8))
        four = _round(four, _read(data, at + 24, 8))
        at += 32
    word = _turn(one, np.uint64(1)) + _turn(two, np.uint64(7))
    word += _turn(three, np.uint64(12)) + _turn(four, np.uint64(18))
    word = (word ^ _round(np.uint64(0), one)) * _P1 + _P4
    word = (word ^ _round(np.uint64(0), two)) * _P1 + _P4
    word = (word ^ _round(np.uint64(0), three)) * _P1 + _P4
    return (word ^ _round(np.uint64(0), four)) * _P1 + _P4


@kernel(
    types.void(read_only(types.uint8), read_only(types.int64), types.uint64, writable(types.uint64))
)
def xxh64(
    data: NDArray[np.uint8], offset: NDArray[np.int64], seed: np.uint64, out: NDArray[np.uint64]
) -> None:
    """Hash the texts ``data[offset[i]:offset[i + 1]]``.

    Parameters
    ----------
    data
        uint8[n_byte]: the texts in UTF-8, one after the other.
    offset
        int64[n + 1]: where each text begins and ends.
    seed
        Seed of the hash; 0 for entities.
    out
        uint64[n]: the hashes.
    """
    for row in range(len(out)):
        at, end = offset[row], offset[row + 1]
        size = end - at
        word = seed + _P5
        if size >= 32:
            word = _stripes(data, at, end, seed)
            at += size - size % 32
        word += np.uint64(size)
        while at + 8 <= end:
            word ^= _round(np.uint64(0), _read(data, at, 8))
            word = _turn(word, np.uint64(27)) * _P1 + _P4
            at += 8
        if at + 4 <= end:
            word ^= _read(data, at, 4) * _P1
            word = _turn(word, np.uint64(23)) * _P2 + _P3
            at += 4
        while at < end:
            word ^= np.uint64(data[at]) * _P5
            word = _turn(word, np.uint64(11)) * _P1
            at += 1
        out[row] = _avalanche(word)


@kernel(
    types.void(
        read_only(types.uint64), read_only(types.int32), types.uint64, writable(types.uint64)
    )
)
def mix_column(
    hashes: NDArray[np.uint64],
    codes: NDArray[np.int32],
    salt: np.uint64,
    out: NDArray[np.uint64],
) -> None:
    """Mix one column into the running digest of every row, in the order in which columns are given.

    Parameters
    ----------
    hashes
        uint64[n_value]: hash of each distinct text of the column.
    codes
        int32[n]: place of each row's text in ``hashes``; a negative one is null and changes nothing, so a
        column that holds nothing and a column that is not there give the same digest.
    salt
        Hash of the column's name.
    out
        uint64[n]: the running digests, changed in place.
    """
    for row in range(len(out)):
        code = codes[row]
        if code >= 0:
            word = _round(out[row] ^ salt, hashes[code])
            out[row] = _avalanche(word * _P1 + _P4)
