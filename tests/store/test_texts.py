"""Hashes and digests of texts, however the texts are held."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.naive import hash as naive

from pathworth.store import group_of, hash64, row_digests, text_digests
from pathworth.store.fingerprints import twin_words

TEXTS = ["", "a", "é", "user-12345678", "x" * 40, "a"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_texts_hash_the_same_however_an_array_holds_them(kind: pa.DataType) -> None:
    expected = [naive.xxh64(text.encode()) for text in TEXTS]
    array = pa.array(TEXTS, kind)
    assert hash64(TEXTS).tolist() == expected
    assert hash64(array).tolist() == expected
    assert hash64(array.dictionary_encode()).tolist() == expected
    assert hash64(array.slice(2, 3)).tolist() == expected[2:5]
    assert hash64(array.slice(6)).tolist() == []


def test_a_group_is_the_top_six_bits() -> None:
    hashes = np.array([0, 1 << 58, (1 << 64) - 1], dtype=np.uint64)
    assert group_of(hashes).tolist() == [0, 1, 63]


def test_a_row_s_digest_knows_columns_by_name_and_not_by_place_or_emptiness() -> None:
    a, b = pa.array(["1", "2", "1"]), pa.array(["x", None, "y"])
    found = row_digests({"a": a, "b": b}).to_pylist()
    assert len(set(found)) == 3
    assert row_digests({"b": b, "a": a}).to_pylist() == found
    assert row_digests({"a": a, "b": b, "c": pa.nulls(3, pa.string())}).to_pylist() == found
    assert (
        row_digests({"a": a.dictionary_encode(), "b": b.cast(pa.large_string())}).to_pylist()
        == found
    )
    assert row_digests({"a": b, "b": a}).to_pylist() != found
    assert row_digests({"a": a.slice(1), "b": b.slice(1)}).to_pylist() == found[1:]


def test_a_message_id_s_digest_is_two_hashes_of_its_text() -> None:
    found = text_digests(pa.array(["m1", "m2", "m1"])).to_pylist()
    assert found[0] == found[2] != found[1]
    assert {len(digest) for digest in found} == {16}


def test_numbers_among_identical_rows_make_ids_of_their_own_in_the_same_partition() -> None:
    rng = np.random.Generator(np.random.Philox(1))
    high, low = rng.integers(0, 2**63, (2, 50)).astype(np.uint64)
    seen = set()
    for number in range(20):
        mixed = twin_words(high, low, ordinal=np.full(50, number, np.int32))
        assert (group_of(mixed[0]) == group_of(high)).all()
        seen.update(zip(mixed[0].tolist(), mixed[1].tolist(), strict=True))
        if number == 0:
            assert (mixed[0] == high).all()
            assert (mixed[1] == low).all()
    assert len(seen) == 20 * 50
