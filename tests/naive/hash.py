"""XXH64 one text at a time in plain Python integers."""

from __future__ import annotations

import struct

MASK = 2**64 - 1
P1, P2, P3 = 11400714785074694791, 14029467366897019727, 1609587929392839161
P4, P5 = 9650029242287828579, 2870177450012600261


def turn(word: int, bits: int) -> int:
    return ((word << bits) | (word >> (64 - bits))) & MASK


def one_round(lane: int, word: int) -> int:
    return turn((lane + word * P2) & MASK, 31) * P1 & MASK


def avalanche(word: int) -> int:
    word = (word ^ (word >> 33)) * P2 & MASK
    word = (word ^ (word >> 29)) * P3 & MASK
    return word ^ (word >> 32)


def xxh64(text: bytes, seed: int = 0) -> int:
    word = (seed + P5) & MASK
    rest = text
    if len(text) >= 32:
        lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        while len(rest) >= 32:
            for k, part in enumerate(struct.unpack("<4Q", rest[:32])):
                lanes[k] = one_round(lanes[k], part)
            rest = rest[32:]
        word = sum(turn(x, b) for x, b in zip(lanes, (1, 7, 12, 18), strict=True)) & MASK
        for lane in lanes:
            word = ((word ^ one_round(0, lane)) * P1 + P4) & MASK
    word = (word + len(text)) & MASK
    while len(rest) >= 8:
        word ^= one_round(0, struct.unpack("<Q", rest[:8])[0])
        word = (turn(word, 27) * P1 + P4) & MASK
        rest = rest[8:]
    if len(rest) >= 4:
        word ^= struct.unpack("<I", rest[:4])[0] * P1 & MASK
        word = (turn(word, 23) * P2 + P3) & MASK
        rest = rest[4:]
    for byte in rest:
        word = turn(word ^ (byte * P5 & MASK), 11) * P1 & MASK
    return avalanche(word)


def mix_row(columns: dict[str, str | None], seed: int) -> int:
    digest = seed
    for name in sorted(columns):
        text = columns[name]
        if text is not None:
            salt = xxh64(name.encode(), seed)
            word = one_round(digest ^ salt, xxh64(text.encode(), seed))
            digest = avalanche((word * P1 + P4) & MASK)
    return digest


def time_text(us: int, zoned: bool) -> str:
    return f"@{us}{'Z' if zoned else ''}"


def marks(text: bytes) -> int:
    """EMPTY 1, EDGE 2, SHORT 4, VALUE 8, DATED 16."""
    if not text:
        return 1 | 4 | 8
    found = 0
    if min(text[0], text[-1]) <= 32 or max(text[0], text[-1]) >= 128:
        found |= 2
    if len(text) <= 4:
        found |= 4
    digit = text[:1] in b"-0123456789"
    if digit and len(text) >= 10 and text[4:5] == b"-":
        found |= 16
    if digit and len(text) <= 30 and set(text) <= set(b"0123456789.eE+-"):
        minus = text[:1] == b"-" and len(text) == 2
        found |= 8 if set(text) & set(b".eE") or minus else 0
    if len(text) <= 5 and text[:1].lower() in (b"f", b"n", b"t"):
        found |= 8
    return found
