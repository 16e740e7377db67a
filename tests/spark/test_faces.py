"""Python and the command line ask a cluster in the same words, with the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import SparkContext
from tests.store.made import put

from pathworth import measure, run
from pathworth.base.json import to_json, to_text
from pathworth.spark import SparkEngine, Trial
from pathworth.store import Workspace
from pathworth.store.shards import columns as columns_module

from .conftest import rows


@pytest.fixture(scope="module")
def shop(cluster: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Workspace.create(tmp_path_factory.mktemp("faces") / "shop")
    put(made, rows(3, 3_000))
    run.set_cluster(run.open_workspace(made.path), master=cluster.master, from_events=0)
    return made.path


def asked(shop: Path, *words: str, cluster: str) -> str:
    command = [sys.executable, "-m", "pathworth.cli", *words, "-w", str(shop), "--json"]
    there = {**os.environ, "PATHWORTH_CLUSTER": cluster}
    return subprocess.run(command, env=there, capture_output=True, text=True, check=True).stdout


def test_the_command_line_asks_a_cluster_where_the_environment_says_so(shop: Path) -> None:
    words = ("transitions", "--where", "size < 3")
    assert asked(shop, *words, cluster="1") == asked(shop, *words, cluster="")


def test_columns_on_demand_and_declared_entities(
    cluster: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    put(Workspace.create(tmp_path / "shop"), rows(3, 2_000))
    opened = run.open_workspace(tmp_path / "shop")
    run.set_cluster(opened, master=cluster.master)
    opened.entities.add("tier", by="plan")
    assert "size" not in list(opened.store.snapshot().columns)
    for words in ({"where": "size < 3"}, {"who": "plan = 'pro'"}, {"of": "tier"}):
        with run.asking_cluster(opened) as there:
            found = measure.transitions(there.journeys(**words), by="plan", engine=there.engine)
        again = run.open_workspace(tmp_path / "shop")
        here = measure.transitions(again.journeys(**words), by="plan", engine=again.engine)
        assert to_text(to_json(found)) == to_text(to_json(here)), words


def test_python_asks_a_cluster(shop: Path) -> None:
    opened, told = run.open_workspace(shop), []
    here = measure.transitions(opened.journeys(where="plan = 'pro'"), engine=opened.engine)
    with run.asking_cluster(opened, tell=lambda *words: told.append(words)) as there:
        assert isinstance(there.engine, SparkEngine)
        found = measure.transitions(there.journeys(where="plan = 'pro'"), engine=there.engine)
    assert to_text(to_json(found)) == to_text(to_json(here))
    # Small data is asked here.
    run.set_cluster(opened, from_events=10**9)
    assert to_text(to_json(here)) == to_text(
        to_json(measure.transitions(opened.journeys(where="plan = 'pro'"), engine=opened.engine))
    )
    run.set_cluster(opened, from_events=0)


def test_a_process_that_the_cluster_let_go_of_begins_anew(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHWORTH_CLUSTER", "1")
    opened = run.open_workspace(shop)
    assert isinstance(opened.engine, run.ClusterEngine)
    told: list[str] = []
    opened.engine.tell = lambda what, _: told.append(what)
    before = measure.retention(opened.journeys(), engine=opened.engine)
    SparkContext._active_spark_context.stop()
    after = measure.retention(opened.journeys(), engine=opened.engine)
    assert to_text(to_json(after)) == to_text(to_json(before))
    assert set(told) <= {"Asking the cluster", "Asking the cluster: waiting for a free core"}
    assert told
    SparkContext._active_spark_context.stop()


def test_the_cluster_builds_from_the_command_line(shop: Path) -> None:
    before = run.open_workspace(shop).store.snapshot()
    assert '{"shown":true}' in asked(shop, "cluster", "build", cluster="")
    after = run.open_workspace(shop).store.snapshot()
    assert after.home != before.home
    assert after.events == before.events
