"""A build in steps that run apart writes the same files, byte for byte, as the one that runs here."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest

from pathworth.store import Workspace
from pathworth.store.accept import plan_for, stage_snapshot
from pathworth.store.commits import Places
from pathworth.store.lake import Lake
from pathworth.store.shards import apart, build as build_module, columns as columns_module
from pathworth.store.shards.coding import Plan
from pathworth.store.shards.shape import Shape

from .made import put


def lake_of(folder: Path) -> Places:
    made, rng = Workspace.create(folder), random.Random(4)
    for _ in range(3):
        rows = [
            {
                "entity": f"p{rng.randrange(200)}",
                "name": rng.choice(("look", "cart", "pay")),
                "time_us": rng.randrange(10**12),
                "plan": rng.choice((None, "pro", "free")),
                "size": str(rng.randrange(7)),
                "ticket": f"t{rng.random()}",
                "when": f"2024-01-{rng.randrange(1, 28):02d}",
                "many": str(rng.randrange(10**9)),
            }
            for _ in range(1_500)
        ]
        put(made, rows)
    return Places(folder)


def plan(places: Places) -> Plan:
    lake = Lake(places.lake)
    return plan_for(
        lake,
        lake.files(),
        columns=lake.properties(),
        shape=Shape(),
        snapshot_id="7",
        settings=("Europe/Amsterdam", "EUR"),
    )


@pytest.mark.parametrize("distinct", [10**6, 40])
def test_the_same_files_and_the_same_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, distinct: int
) -> None:
    monkeypatch.setattr(columns_module, "DISTINCT", distinct)
    monkeypatch.setattr(build_module, "SHARD_EVENTS", 900)
    monkeypatch.setattr(apart, "STRETCH_EVENTS", 700)
    places = lake_of(tmp_path / "shop")
    lake, here, there = Lake(places.lake), tmp_path / "here", tmp_path / "there"
    first = stage_snapshot(
        lake,
        lake.files(),
        plan=plan(places),
        folder=here,
        scratch=tmp_path / "rows",
        progress=lambda _: None,
    )
    there.mkdir()
    mine = plan(places)
    assert mine.shards > 1
    parts = apart.stretches(places.lake, lake.files(), plan=mine)
    looks = [again(apart.look(one)) for one in parts]
    coding = apart.coding_of(mine, looks)
    spread = [again(apart.spread(one, again(coding))) for one in parts]
    # They come in no order.
    spread.reverse()
    made = [
        apart.write_shard(
            k, [one[k] for one in spread if k in one], coding=again(coding), folder=there
        )
        for k in range(mine.shards)
    ]
    assert apart.finish(coding, made, folder=there) == first
    assert {one.name: one.read_bytes() for one in there.iterdir()} == {
        one.name: one.read_bytes() for one in here.iterdir()
    }


def again(value):
    """Return a value as another process would have it."""
    return pickle.loads(pickle.dumps(value))
