"""A world becomes a snapshot that any fold can read."""

from __future__ import annotations

import numpy as np
import pytest
import xxhash

from pathworth.learn.company import as_snapshot, history, load_company
from pathworth.store import Snapshot

COMPANY = load_company()


def journeys(snapshot: Snapshot) -> dict[str, list[tuple]]:
    found = {}
    for shard in snapshot.shards:
        names = sorted(snapshot.columns)
        for entity in range(shard.entities):
            rows = slice(shard.offset[entity], shard.offset[entity + 1])
            columns = [shard.columns[name][rows].tolist() for name in names]
            events = [snapshot.names[code] for code in shard.name[rows]]
            found[shard.id_of(entity)] = list(
                zip(
                    events,
                    shard.time_us[rows].tolist(),
                    shard.seq[rows].tolist(),
                    *columns,
                    strict=True,
                )
            )
    return found


@pytest.mark.parametrize("rung", ["R0", "R3"])
def test_entities_lie_group_by_group_and_events_in_order_of_time(rung: str) -> None:
    snapshot = as_snapshot(history(COMPANY, people=600, seed=2, rung=rung))
    (shard,) = snapshot.shards
    for entity in range(shard.entities):
        group = xxhash.xxh64_intdigest(shard.id_of(entity).encode()) >> 58
        assert shard.group_start[group] <= entity < shard.group_start[group + 1]
        rows = slice(shard.offset[entity], shard.offset[entity + 1])
        keys = list(zip(shard.time_us[rows].tolist(), shard.seq[rows].tolist(), strict=True))
        assert keys == sorted(keys)
        assert len(keys) > 0
    assert shard.offset[-1] == len(shard.name) == snapshot.events == snapshot.seq


def test_any_number_of_shards_holds_the_same_journeys() -> None:
    world = history(COMPANY, people=600, seed=2)
    assert journeys(as_snapshot(world)) == journeys(as_snapshot(world, shards=3))


def test_what_was_sent_twice_is_there_once() -> None:
    world = history(COMPANY, people=2_000, seed=2)
    assert as_snapshot(world).events == len(np.unique(world.events.message))
    assert as_snapshot(world).events < len(world.events.message)


def test_a_trait_is_the_last_value_that_is_not_null() -> None:
    snapshot = as_snapshot(history(COMPANY, people=600, seed=2))
    (shard,) = snapshot.shards
    for name in snapshot.traits:
        for entity in range(0, shard.entities, 7):
            codes = shard.columns[name][shard.offset[entity] : shard.offset[entity + 1]]
            there = codes[codes > 0]
            assert shard.traits[name][entity] == (there[-1] if len(there) else 0)


def test_only_values_that_occur_are_in_the_dictionaries() -> None:
    snapshot = as_snapshot(history(COMPANY, people=600, seed=2, rung="R1"))
    (shard,) = snapshot.shards
    assert "persona" in snapshot.traits
    assert (shard.traits["persona"] > 0).all()
    for name, info in snapshot.columns.items():
        if info.kind == "text":
            assert set(np.unique(shard.columns[name])) - {0} == set(range(1, len(info.values) + 1))
