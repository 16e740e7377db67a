"""Philox4x32-10 and 4x64-10 in plain Python integers, one block at a time."""

from __future__ import annotations

CONSTANTS = {
    32: (0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85),
    64: (0xD2E7470EE14C6C93, 0xCA5A826395121157, 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B),
}


def philox(counter: tuple[int, ...], key: tuple[int, int], width: int = 32) -> tuple[int, ...]:
    """Return the four words of one block."""
    m0, m1, w0, w1 = CONSTANTS[width]
    mask = 2**width - 1
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        left, right = c0 * m0, c2 * m1
        c0, c1, c2, c3 = (
            (right >> width) ^ c1 ^ k0,
            right & mask,
            (left >> width) ^ c3 ^ k1,
            left & mask,
        )
        k0, k1 = (k0 + w0) & mask, (k1 + w1) & mask
    return c0, c1, c2, c3


def pair(seed: int, counter: tuple[int, int, int, int]) -> tuple[float, float]:
    """Return the two numbers in [0, 1) that a counter gives."""
    a, b, c, d = philox(counter, (seed & 0xFFFFFFFF, seed >> 32))
    return ((a | b << 32) >> 11) * 2.0**-53, ((c | d << 32) >> 11) * 2.0**-53
