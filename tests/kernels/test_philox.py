"""The stream of random numbers is Philox4x32-10, block by block."""

from __future__ import annotations

import numpy as np
import pytest
from tests.naive.philox import pair, philox

from pathworth.kernels.philox import philox_pairs

# Known answers published with Random123 (kat_vectors, "philox4x32 10").
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip


def words(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


def run(key: int, counters: list[tuple[int, ...]]) -> np.ndarray:
    columns = np.array(counters, dtype=np.uint32).T.copy()
    out = np.empty((2, len(counters)), dtype=np.uint64)
    for place, fourth in enumerate(columns[3]):
        block = np.empty((2, 1), dtype=np.uint64)
        one = [columns[row][place : place + 1].copy() for row in range(3)]
        philox_pairs(np.uint64(key), *one, np.uint32(fourth), block)
        out[:, place] = block[:, 0]
    return out


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_published_known_answers_come_out(counter: str, key: str, answer: str) -> None:
    low, high = words(key)
    a, b, c, d = words(answer)
    assert philox(words(counter), (low, high)) == (a, b, c, d)
    got = run(low | high << 32, [words(counter)])
    assert got[:, 0].tolist() == [a | b << 32, c | d << 32]


def test_the_naive_twin_at_64_bits_is_the_generator_that_numpy_ships() -> None:
    key = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
    bits = np.random.Philox(counter=41, key=key[0] | key[1] << 64)
    assert tuple(int(word) for word in bits.random_raw(4)) == philox((42, 0, 0, 0), key, width=64)


def test_the_kernel_equals_its_naive_twin_at_random_counters() -> None:
    rng = np.random.default_rng(11)
    counters = [tuple(int(word) for word in row) for row in rng.integers(0, 2**32, (50, 4))]
    seed = int(rng.integers(0, 2**63))
    got = (run(seed, counters) >> np.uint64(11)) * 2.0**-53
    assert [tuple(column) for column in got.T] == [pair(seed, counter) for counter in counters]
