"""The layout kernels against Python's own sort."""

from __future__ import annotations

import numpy as np
import pytest
from tests.naive import layout as naive

from pathworth.kernels.rows.layout import (
    count_events,
    last_filled,
    place_events,
    rank_ids,
    sort_within,
)


def drawn(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def as_text(ids: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    offset = np.cumsum([0] + [len(i) for i in ids], dtype=np.int64)
    return np.frombuffer(b"".join(ids), dtype=np.uint8), offset


@pytest.mark.parametrize("seed", range(5))
def test_ids_are_numbered_by_hash_then_bytes_even_when_hashes_collide(seed: int) -> None:
    rng = drawn(seed)
    ids = [b"x" * int(k % 4) + b"%d" % (k // 4) for k in rng.integers(0, 40, 200)]
    hashes = np.array([hash_ % 5 for hash_ in (sum(i) for i in ids)], dtype=np.uint64)
    data, offset = as_text(ids)
    order = np.argsort(hashes, kind="stable")
    rank = np.empty(len(ids), dtype=np.int32)
    found = rank_ids(hashes, data, offset, order, rank)
    assert rank.tolist() == naive.rank_ids(hashes.tolist(), ids)
    assert found == len(set(ids))
    assert sorted(order.tolist()) == list(range(len(ids)))


@pytest.mark.parametrize(("events", "entities"), [(0, 3), (1, 1), (300, 1), (300, 40), (77, 5)])
def test_events_are_laid_out_by_entity_time_and_number(events: int, entities: int) -> None:
    rng = drawn(events)
    rank = rng.integers(0, entities, events).astype(np.int32)
    time_us = rng.integers(0, max(events // 2, 1), events)
    seq = rng.permutation(events)
    counts = np.zeros(entities, dtype=np.int64)
    count_events(rank, counts)
    assert counts.tolist() == [rank.tolist().count(one) for one in range(entities)]
    offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    order = np.empty(events, dtype=np.int64)
    place_events(rank, offset[:-1].copy(), order)
    sort_within(offset, time_us, seq, order, np.empty_like(order))
    assert order.tolist() == naive.journeys(rank.tolist(), time_us.tolist(), seq.tolist())


def test_the_last_filled_event_of_an_entity_is_found_and_none_is_minus_one() -> None:
    rng = drawn(9)
    offset = np.cumsum([0, *rng.integers(0, 6, 50)]).astype(np.int64)
    filled = (rng.random(offset[-1]) < 0.3).astype(np.uint8)
    out = np.empty(50, dtype=np.int64)
    last_filled(offset, filled, out)
    assert out.tolist() == naive.last_filled(offset.tolist(), filled.tolist())
    assert -1 in out.tolist()
