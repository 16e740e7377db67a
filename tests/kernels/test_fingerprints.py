"""The kernels behind duplicates and dictionaries against Python's own dictionaries."""

from __future__ import annotations

import numpy as np
import pytest
from tests.naive import fingerprints as naive

from pathworth.kernels.rows.fingerprints import (
    first_of_each,
    look_up,
    number_twins,
    order_ties,
)
from pathworth.kernels.rows.intern import intern, renumber, reslot


def drawn(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def words(rng: np.random.Generator, size: int, different: int) -> np.ndarray:
    return rng.integers(0, different, size).astype(np.uint64)


@pytest.mark.parametrize("seed", range(6))
def test_identical_rows_of_one_file_are_numbered_and_those_of_a_later_file_repeat_them(
    seed: int,
) -> None:
    rng = drawn(seed)
    high, low = words(rng, 200, 8), words(rng, 200, 3)
    file = np.sort(rng.integers(0, 3, 200)).astype(np.int32)
    order = np.lexsort((low, high))
    ordinal, verdict = np.zeros(200, np.int32), np.zeros(200, np.uint8)
    number_twins(order, high, low, file, ordinal, verdict)
    ids = list(zip(high.tolist(), low.tolist(), strict=True))
    assert (ordinal.tolist(), verdict.tolist()) == naive.number_twins(ids, file.tolist())


@pytest.mark.parametrize("seed", range(6))
def test_rows_of_equal_words_stand_by_the_second_word_and_as_they_came(seed: int) -> None:
    rng = drawn(seed)
    high, low = words(rng, 200, 40), words(rng, 200, 3)
    order = np.lexsort((rng.random(200), high)).astype(np.int64)
    assert order_ties(order, high, low)
    ids = zip(high.tolist(), low.tolist(), range(200), strict=True)
    assert order.tolist() == [row for _, _, row in sorted(ids)]
    assert not order_ties(np.arange(65), np.zeros(65, np.uint64), np.zeros(65, np.uint64))


@pytest.mark.parametrize("seed", range(6))
def test_the_first_of_an_id_is_new_and_a_retry_repeats_or_conflicts(seed: int) -> None:
    rng = drawn(seed)
    high, low, content = words(rng, 150, 10), words(rng, 150, 4), words(rng, 150, 2)
    verdict = np.zeros(150, np.uint8)
    first_of_each(np.lexsort((low, high)), high, low, content, verdict)
    ids = list(zip(high.tolist(), low.tolist(), strict=True))
    assert verdict.tolist() == naive.judge(ids, content.tolist(), {})


@pytest.mark.parametrize(("asked", "known"), [(0, 5), (5, 0), (40, 300), (300, 40), (3, 500)])
def test_a_hit_in_a_run_is_confirmed_on_the_whole_id(asked: int, known: int) -> None:
    rng = drawn(asked)
    ids = sorted({(int(a), int(b)) for a, b in rng.integers(0, [60, 4], (asked, 2))})
    held = sorted({(int(a), int(b)) for a, b in rng.integers(0, [60, 4], (known, 2))})
    said = words(rng, len(held), 2)
    content = words(rng, len(ids), 2)
    high, low = (np.array([i[k] for i in ids], dtype=np.uint64) for k in (0, 1))
    run_high, run_low = (np.array([i[k] for i in held], dtype=np.uint64) for k in (0, 1))
    verdict = np.zeros(len(ids), np.uint8)
    look_up(high, low, content, run_high, run_low, said, verdict)
    known_ids = dict(zip(held, said.tolist(), strict=True))
    assert verdict.tolist() == naive.judge(ids, content.tolist(), known_ids)


@pytest.mark.parametrize("slots", [256, 1024])
def test_texts_get_codes_as_first_seen_even_when_hashes_collide(slots: int) -> None:
    rng = drawn(slots)
    texts = [b"t" * int(k % 3) + b"%d" % k for k in rng.integers(0, 60, 300)]
    data = np.frombuffer(b"".join(texts), dtype=np.uint8)
    offset = np.cumsum([0] + [len(t) for t in texts], dtype=np.int64)
    hashes = np.array([len(t) for t in texts], dtype=np.uint64)
    table, distinct = np.full(slots, -1), np.zeros(1, np.int64)
    kept_hash, kept_offset = np.zeros(100, np.uint64), np.zeros(101, np.int64)
    kept = np.zeros(1000, np.uint8)
    codes = np.zeros(300, np.int32)
    for half in (slice(0, 150), slice(150, 300)):
        part = np.zeros(150, np.int32)
        begins = offset[half.start : half.stop + 1].copy()
        intern(data, begins, hashes[half], table, kept_hash, kept_offset, kept, distinct, part)
        codes[half] = part
        table = np.full(2 * slots, -1)
        reslot(kept_hash, int(distinct[0]), table)
    expected, known = naive.intern(texts, [])
    assert codes.tolist() == expected
    held = kept.tobytes()
    found = [held[kept_offset[c] : kept_offset[c + 1]] for c in range(int(distinct[0]))]
    assert found == known


@pytest.mark.parametrize("seed", range(4))
def test_codes_are_numbered_anew_as_they_are_first_seen_and_null_stays(seed: int) -> None:
    codes = drawn(seed).integers(-1, 12, 30 * seed).astype(np.int32)
    new, order, out = np.full(12, -1, np.int32), np.zeros(12, np.int32), np.empty_like(codes)
    distinct = renumber(codes, new, order, out)
    seen = list(dict.fromkeys(code for code in codes.tolist() if code >= 0))
    assert order[:distinct].tolist() == seen
    assert out.tolist() == [seen.index(code) if code >= 0 else -1 for code in codes.tolist()]
