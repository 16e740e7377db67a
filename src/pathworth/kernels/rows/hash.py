"""XXH64 of many texts at once: the hash that decides an entity's group, shard and zone, and what rows are the same.

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
_1, _4, _8, _16, _32 = (np.uint64(k) for k in (1, 4, 8, 16, 32))
_TEN, _HUNDRED = np.uint64(10), np.uint64(100)
_DIGITS = 32
EMPTY, EDGE, SHORT, VALUE, DATED = 1, 2, 4, 8, 16
"""What ``mark_texts`` says of a text; every mark but the first is a "may be"."""


@kernel(types.uint64(types.uint64, types.uint64))
def _turn(word: np.uint64, bits: np.uint64) -> np.uint64:
    return (word << bits) | (word >> (_WORD - bits))


# Unsigned places: a signed one might count from the end, and is looked at byte by byte.
@kernel(types.uint64(read_only(types.uint8), types.uint64))
def _four(data: NDArray[np.uint8], at: np.uint64) -> np.uint64:
    word = np.uint64(data[at]) | (np.uint64(data[at + _1]) << _8)
    word |= np.uint64(data[at + np.uint64(2)]) << _16
    return word | (np.uint64(data[at + np.uint64(3)]) << np.uint64(24))


@kernel(types.uint64(read_only(types.uint8), types.uint64))
def _eight(data: NDArray[np.uint8], at: np.uint64) -> np.uint64:
    return _four(data, at) | (_four(data, at + _4) << _32)


@kernel(types.uint64(types.uint64, types.uint64))
def _round(lane: np.uint64, word: np.uint64) -> np.uint64:
    return _turn(lane + word * _P2, np.uint64(31)) * _P1


@kernel(types.uint64(types.uint64))
def _avalanche(word: np.uint64) -> np.uint64:
    word = (word ^ (word >> np.uint64(33))) * _P2
    word = (word ^ (word >> np.uint64(29))) * _P3
    return word ^ (word >> _32)


@kernel(types.uint64(read_only(types.uint8), types.uint64, types.uint64, types.uint64))
def _stripes(data: NDArray[np.uint8], at: np.uint64, end: np.uint64, seed: np.uint64) -> np.uint64:
    """Fold the whole 32-byte stripes of one text of at least 32 bytes."""
    one, two = seed + _P1 + _P2, seed + _P2
    three, four = seed, seed - _P1
    while at + _32 <= end:
        one = _round(one, _eight(data, at))
        two = _round(two, _eight(data, at + _8))
        three = _round(three, _eight(data, at + _16))
        four = _round(four, _eight(data, at + np.uint64(24)))
        at += _32
    word = _turn(one, _1) + _turn(two, np.uint64(7))
    word += _turn(three, np.uint64(12)) + _turn(four, np.uint64(18))
    word = (word ^ _round(np.uint64(0), one)) * _P1 + _P4
    word = (word ^ _round(np.uint64(0), two)) * _P1 + _P4
    word = (word ^ _round(np.uint64(0), three)) * _P1 + _P4
    return (word ^ _round(np.uint64(0), four)) * _P1 + _P4


@kernel(types.uint64(read_only(types.uint8), types.uint64, types.uint64, types.uint64))
def _hash(data: NDArray[np.uint8], at: np.uint64, end: np.uint64, seed: np.uint64) -> np.uint64:
    size = end - at
    word = seed + _P5
    if size >= _32:
        word = _stripes(data, at, end, seed)
        at += size - size % _32
    word += size
    while at + _8 <= end:
        word ^= _round(np.uint64(0), _eight(data, at))
        word = _turn(word, np.uint64(27)) * _P1 + _P4
        at += _8
    if at + _4 <= end:
        word ^= _four(data, at) * _P1
        word = _turn(word, np.uint64(23)) * _P2 + _P3
        at += _4
    while at < end:
        word ^= np.uint64(data[at]) * _P5
        word = _turn(word, np.uint64(11)) * _P1
        at += _1
    return _avalanche(word)


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
        out[row] = _hash(data, np.uint64(offset[row]), np.uint64(offset[row + 1]), seed)


@kernel(types.uint64(types.uint64, types.uint64, types.uint64))
def _mixed(digest: np.uint64, salt: np.uint64, hashed: np.uint64) -> np.uint64:
    return _avalanche(_round(digest ^ salt, hashed) * _P1 + _P4)


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
            out[row] = _mixed(out[row], salt, hashes[code])


@kernel(
    types.void(
        read_only(types.uint8),
        read_only(types.int64),
        read_only(types.uint8),
        types.uint64,
        types.uint64,
        writable(types.uint64),
    )
)
def mix_texts(
    data: NDArray[np.uint8],
    offset: NDArray[np.int64],
    held: NDArray[np.uint8],
    seed: np.uint64,
    salt: np.uint64,
    out: NDArray[np.uint64],
) -> None:
    """Mix a column of texts into the running digest of every row, as ``mix_column`` does by their codes.

    Parameters
    ----------
    data, offset
        uint8[n_byte] and int64[n + 1]: the texts in UTF-8.
    held
        uint8[n]: 0 where a row holds nothing.
    seed
        Seed of the texts' hashes.
    salt
        Hash of the column's name.
    out
        uint64[n]: the running digests, changed in place.
    """
    for row in range(len(out)):
        if held[row]:
            found = _hash(data, np.uint64(offset[row]), np.uint64(offset[row + 1]), seed)
            out[row] = _mixed(out[row], salt, found)


@kernel(types.uint64(types.int64, types.uint8, writable(types.uint8)))
def _write_time(us: np.int64, zoned: np.uint8, out: NDArray[np.uint8]) -> np.uint64:
    """Write ``@`` and a whole number, and ``Z`` behind it when zoned, to the end of ``out``; return where."""
    at = np.uint64(_DIGITS)
    if zoned:
        at -= _1
        out[at] = 90
    left = np.uint64(us) if us >= 0 else ~np.uint64(us) + _1
    while left >= _HUNDRED:
        pair = left % _HUNDRED
        left //= _HUNDRED
        at -= np.uint64(2)
        out[at] = np.uint8(np.uint64(48) + pair // _TEN)
        out[at + _1] = np.uint8(np.uint64(48) + pair % _TEN)
    if left >= _TEN:
        at -= _1
        out[at] = np.uint8(np.uint64(48) + left % _TEN)
        left //= _TEN
    at -= _1
    out[at] = np.uint8(np.uint64(48) + left)
    if us < 0:
        at -= _1
        out[at] = 45
    at -= _1
    out[at] = 64
    return at


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.uint8),
        types.uint8,
        read_only(types.uint64),
        read_only(types.uint64),
        writable(types.uint64),
        writable(types.uint64),
    )
)
def mix_times(
    us: NDArray[np.int64],
    held: NDArray[np.uint8],
    zoned: np.uint8,
    seeds: NDArray[np.uint64],
    salts: NDArray[np.uint64],
    high: NDArray[np.uint64],
    low: NDArray[np.uint64],
) -> None:
    """Mix a column of times into both words of every row's digest, as the texts ``@us`` or ``@usZ`` would be.

    Parameters
    ----------
    us
        int64[n]: microseconds since 1970.
    held
        uint8[n]: 0 where a row holds nothing.
    zoned
        1 when the times name their zone.
    seeds, salts
        uint64[2]: seed of the hashes and hash of the column's name, of the high and the low word.
    high, low
        uint64[n]: the running digests, changed in place.
    """
    text = np.empty(_DIGITS, dtype=np.uint8)
    end = np.uint64(_DIGITS)
    for row in range(len(us)):
        if held[row]:
            at = _write_time(us[row], zoned, text)
            high[row] = _mixed(high[row], salts[0], _hash(text, at, end, seeds[0]))
            low[row] = _mixed(low[row], salts[1], _hash(text, at, end, seeds[1]))


@kernel(types.boolean(read_only(types.uint8), types.uint64, types.uint64))
def _may_be_number(data: NDArray[np.uint8], at: np.uint64, end: np.uint64) -> bool:
    """Return whether a text is digits, signs, points and exponents, and no plain whole number."""
    plain = True
    for k in range(at, end):
        byte = data[k]
        if byte < 48 or byte > 57:
            if byte in (46, 69, 101):
                plain = False
            elif byte not in (43, 45):
                return False
    return not plain or (data[at] == 45 and end - at == np.uint64(2))


@kernel(types.void(read_only(types.uint8), read_only(types.int64), writable(types.uint8)))
def mark_texts(data: NDArray[np.uint8], offset: NDArray[np.int64], out: NDArray[np.uint8]) -> None:
    """Mark the texts that are worth a second look, so that the others are looked at once.

    Parameters
    ----------
    data, offset
        uint8[n_byte] and int64[n + 1]: the texts in UTF-8.
    out
        uint8[n]: EMPTY; EDGE where there may be blanks around; SHORT up to four bytes; VALUE where it may
        show a number with a fraction or exponent, a truth value or nothing; DATED where it may show a time.
    """
    for row in range(len(out)):
        at, end = np.uint64(offset[row]), np.uint64(offset[row + 1])
        size = end - at
        if size == np.uint64(0):
            out[row] = EMPTY | SHORT | VALUE
            continue
        first, last = data[at], data[end - _1]
        found = 0
        if first <= 32 or last <= 32 or first >= 128 or last >= 128:
            found |= EDGE
        if size <= _4:
            found |= SHORT
        if (first >= 48 and first <= 57) or first == 45:
            if size >= np.uint64(10) and data[at + _4] == 45:
                found |= DATED
            if size <= np.uint64(30) and _may_be_number(data, at, end):
                found |= VALUE
        elif size <= np.uint64(5):
            letter = first | 32
            if letter in (102, 110, 116):
                found |= VALUE
        out[row] = found
