"""The hash kernel against the published package and against its naive twin."""

from __future__ import annotations

import random

import numpy as np
import pytest
import xxhash
from tests.naive import hash as naive

from pathworth.kernels.rows.hash import mix_column, xxh64


def texts(seed: int) -> list[bytes]:
    rng = random.Random(seed)
    return [b"", *(rng.randbytes(n) for n in [*range(1, 100), 255, 256, 1000])]


def hashed(parts: list[bytes], seed: int) -> np.ndarray:
    data = np.frombuffer(b"".join(parts), dtype=np.uint8)
    offset = np.concatenate([[0], np.cumsum([len(p) for p in parts])]).astype(np.int64)
    out = np.zeros(len(parts), dtype=np.uint64)
    with np.errstate(over="ignore"):
        xxh64(data, offset, np.uint64(seed), out)
    return out


@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1])
def test_every_length_hashes_as_the_published_package_and_the_naive_twin_do(seed: int) -> None:
    parts = texts(seed % 1000)
    found = hashed(parts, seed).tolist()
    assert found == [xxhash.xxh64_intdigest(p, seed=seed) for p in parts]
    assert found == [naive.xxh64(p, seed) for p in parts]


def test_no_texts_give_no_hashes() -> None:
    assert len(hashed([], 0)) == 0


def test_a_null_changes_no_digest_and_a_value_does_as_the_naive_twin_says() -> None:
    rows = [{"a": "x", "b": None}, {"a": "x", "b": "y"}, {"a": None, "b": "x"}, {"a": None}]
    out = np.full(4, 7, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for name, codes in (("a", [0, 0, -1, -1]), ("b", [-1, 1, 0, -1])):
            salt = np.uint64(naive.xxh64(name.encode(), 7))
            values = np.array([naive.xxh64(t, 7) for t in (b"x", b"y")], dtype=np.uint64)
            mix_column(values, np.array(codes, dtype=np.int32), salt, out)
    assert out.tolist() == [naive.mix_row(row, 7) for row in rows]
    assert out[0] != out[2]
