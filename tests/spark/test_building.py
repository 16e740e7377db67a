"""Shards that a cluster builds are the files that one process builds; a build cut short leaves nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import SparkContext
from tests.store.made import put

from pathworth import run
from pathworth.spark import Files, Jobs, SparkBuilder, Trial
from pathworth.store import Cluster, Copies, Shared, Workspace
from pathworth.store.shards import build
from pathworth.store.shared import away

from .conftest import rows

CUT_SHORT = """
import sys
from pathworth import run
opened = run.open_workspace(sys.argv[1])
run.set_cluster(opened, master=sys.argv[2])
print("begins", flush=True)
run.build_on_cluster(opened, tell=lambda what, share: print(what, share, flush=True))
"""


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SHARD_EVENTS", 2_500)


def shop(folder: Path) -> Workspace:
    made = Workspace.create(folder)
    for seed in (1, 2, 3):
        put(made, rows(seed, 3_000))
    return made


def shards(workspace: Workspace) -> dict[str, bytes]:
    """Return the files of the current shards."""
    home = workspace.path / "snapshots" / workspace.snapshot().home
    own = {"manifest.json", "away.json"}
    return {one.name: one.read_bytes() for one in home.iterdir() if one.name not in own}


@pytest.mark.parametrize("apart", [False, True])
def test_a_cluster_builds_the_same_files(
    context: SparkContext, tmp_path: Path, *, apart: bool
) -> None:
    here = shop(tmp_path / "here")
    shutil.copytree(here.path, tmp_path / "there")
    there = Workspace.open(tmp_path / "there")
    assert here.compact("build")
    files = Files(
        there.path, Copies(there.path, Shared(str(tmp_path / "shared"))) if apart else None
    )
    assert there.compact("build", builder=SparkBuilder(context, files, Jobs(context)))
    built = there.snapshot().shards
    assert len(built) == 4
    if apart:
        # They stay where they were written until somebody here reads one.
        assert len([*(tmp_path / "shared" / "built").glob("*/*")]) == 4
        assert not any(name.endswith(".shard") for name in shards(there))
        assert [len(one.name) for one in built] == [one.events for one in built]
        assert list((tmp_path / "shared" / "lake").rglob("*.parquet*"))
    assert shards(there) == shards(here)


def test_a_cluster_builds_from_the_lake_at_the_address_where_no_file_of_it_is_here(
    context: SparkContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(away, "RESTS_S", -1.0)
    here = shop(tmp_path / "here")
    there = Workspace.open(shutil.copytree(here.path, tmp_path / "there"))
    assert here.compact("build")
    there.clusters.save(Cluster("local[2]", shared=str(tmp_path / "shared"), keep_gib=0))
    there.lake_away.publish()
    copies = there.copies()
    assert copies is not None
    lake = {name for name in copies.shared.names() if name.startswith("lake/")}
    assert there.compact(
        "build", builder=SparkBuilder(context, Files(there.path, copies), Jobs(context))
    )
    assert all(len(one.name) == one.events for one in there.snapshot().shards)
    assert shards(there) == shards(here)
    assert not any(there.path.glob("lake/zone=*/*"))
    assert {name for name in copies.shared.names() if name.startswith("lake/")} == lake


def test_shards_that_nobody_shows_do_not_stay_at_the_address(
    cluster: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shop(tmp_path / "shop")
    opened = run.open_workspace(made.path)
    run.set_cluster(opened, master=cluster.master, shared=str(tmp_path / "shared"))
    # An import came in between.
    monkeypatch.setattr("pathworth.store.tail.compact.swap", lambda *_, **__: False)
    assert not run.build_on_cluster(opened)
    copies = made.copies()
    assert copies is not None
    assert not [name for name in copies.shared.names() if name.startswith("built/")]


def test_a_driver_that_is_killed_leaves_the_shards_before(cluster: Trial, tmp_path: Path) -> None:
    made = shop(tmp_path / "shop")
    before, events = made.snapshot().id, made.snapshot().events
    driver = subprocess.Popen(
        [sys.executable, "-c", CUT_SHORT, str(made.path), cluster.master],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert driver.stdout is not None
    assert driver.stdout.readline() == "begins\n"
    deadline = time.monotonic() + 60
    while not (made.path / "compacting").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (made.path / "compacting").exists()
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    again = Workspace.open(made.path)
    assert not (made.path / "compacting").exists()
    assert (again.snapshot().id, again.snapshot().events) == (before, events)
    assert again.compact("build")
    assert again.snapshot().events == events
