"""What a machine of a cluster is told of a shard that lies at an address: where it is, without this one reading it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from tests.store.made import drawn, put
from tests.store.test_awaited import home, let_go

from pathworth.journeys import Journeys
from pathworth.spark import Files
from pathworth.spark.sending import dumps, loads
from pathworth.spark.shipping import bare, one_shard
from pathworth.store import Workspace
from pathworth.store.shards import build


def test_a_shard_is_sent_and_opened_elsewhere_without_being_fetched_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SHARD_EVENTS", 400)
    here = Workspace.create(tmp_path / "here")
    put(here, drawn(1_500, 3))
    # Asked for once, a column is carried on by the shards that are written next.
    assert len(here.snapshot().shards[0].columns["note"])
    put(here, drawn(500, 4))
    here.compact("build")
    assert "note" in here.snapshot().on_use
    shutil.copytree(here.path, tmp_path / "there" / "shop")
    there = Workspace.open(tmp_path / "there" / "shop")
    copies = let_go(there)
    snapshot = Workspace.open(there.path).snapshot()
    journeys = Journeys(snapshot)
    files = Files(there.path, copies)
    sent = [dumps(one_shard(snapshot, place), files.found) for place in range(len(snapshot.shards))]
    selection = dumps(bare(journeys), files.found)
    assert [*home(there).glob("*.shard")] == []
    for place, data in enumerate(sent):
        alone = loads(data).of(loads(selection)).snapshot.shards[place]
        other = here.snapshot().shards[place]
        assert [*home(there).glob("*.shard")] == []
        for name in ("offset", "time_us", "name", "id_bytes"):
            assert getattr(alone, name).tolist() == getattr(other, name).tolist()
        for name in ("value", "plan", "note"):
            assert alone.columns[name].tolist() == other.columns[name].tolist()
            if name in other.traits:
                assert alone.traits[name].tolist() == other.traits[name].tolist()
