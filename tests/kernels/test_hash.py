"""The hash kernel against the published package and against its naive twin."""

from __future__ import annotations

import random

import numpy as np
import pytest
import xxhash
from tests.naive import hash as naive

from pathworth.kernels.rows.hash import mark_texts, mix_column, mix_texts, mix_times, xxh64


def texts(seed: int) -> list[bytes]:
    rng = random.Random(seed)
    return [b"", *(rng.randbytes(n) for n in [*range(1, 100), 255, 256, 1000])]


def joined(parts: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    data = np.frombuffer(b"".join(parts), dtype=np.uint8)
    return data, np.concatenate([[0], np.cumsum([len(p) for p in parts])]).astype(np.int64)


def hashed(parts: list[bytes], seed: int) -> np.ndarray:
    data, offset = joined(parts)
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


def test_texts_mixed_as_they_stand_give_the_digest_of_their_codes() -> None:
    values = [b"x", b"", b"a longer text of more than thirty-two bytes", b"x"]
    held = np.array([1, 1, 1, 0], dtype=np.uint8)
    data, offset = joined(values)
    out = np.full(4, 7, dtype=np.uint64)
    with np.errstate(over="ignore"):
        mix_texts(data, offset, held, np.uint64(7), np.uint64(naive.xxh64(b"a", 7)), out)
    rows = [
        {"a": text.decode() if there else None} for text, there in zip(values, held, strict=True)
    ]
    assert out.tolist() == [naive.mix_row(row, 7) for row in rows]


@pytest.mark.parametrize("zoned", [False, True])
def test_times_are_mixed_as_their_texts_would_be(zoned: bool) -> None:
    times = [0, 7, -1, 10, 99, 100, -100, 12345, 1_700_000_000_000_001, 2**63 - 1, -(2**63), 5]
    held = np.array([1] * 11 + [0], dtype=np.uint8)
    seeds = np.array([7, 8], dtype=np.uint64)
    salts = np.array([naive.xxh64(b"t", seed) for seed in (7, 8)], dtype=np.uint64)
    found = [np.full(12, seed, dtype=np.uint64) for seed in (7, 8)]
    with np.errstate(over="ignore"):
        mix_times(np.array(times), held, np.uint8(zoned), seeds, salts, *found)
    for seed, words in zip((7, 8), found, strict=True):
        rows = [{"t": naive.time_text(us, zoned)} for us in times[:-1]] + [{"t": None}]
        assert words.tolist() == [naive.mix_row(row, seed) for row in rows]


def test_texts_worth_a_second_look_are_marked_and_no_others() -> None:
    rng = random.Random(5)
    plain = [
        "",
        " ",
        "-",
        "-0",
        "0",
        "-1",
        "1e5",
        "nan",
        "True",
        "FALSE",
        "fright",
        "2024-01-01",
        "é",
        "aé",
    ]
    made = ["".join(rng.choices("0123456789.eE+-x", k=rng.randrange(1, 34))) for _ in range(500)]
    made += ["".join(rng.choices("tTfFnNaA ", k=rng.randrange(1, 7))) for _ in range(200)]
    parts = [text.encode() for text in plain + made]
    out = np.zeros(len(parts), dtype=np.uint8)
    mark_texts(*joined(parts), out)
    assert out.tolist() == [naive.marks(part) for part in parts]
