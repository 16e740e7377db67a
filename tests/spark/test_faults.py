"""What a cluster cannot do is said clearly, and what nobody waits for is ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import SparkContext

from pathworth import run
from pathworth.base.errors import (
    BadInput,
    NotSupported,
    PathworthError,
    Refused,
    StoreTrouble,
    UnknownName,
)
from pathworth.journeys import Waiter, waiting
from pathworth.spark import Jobs, clear_errors, free_port, session, trial
from pathworth.spark.session import conf_of
from pathworth.store import Cluster, Workspace


def test_no_java_and_an_old_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotSupported, match="NO_JAVA"), session(Cluster("local[1]")):
        pass
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    with pytest.raises(NotSupported, match="OLD_JAVA"), session(Cluster("local[1]")):
        pass


def test_a_master_that_is_not_there_is_told_at_once() -> None:
    begun = time.monotonic()
    master = f"spark://127.0.0.1:{free_port()}"
    with pytest.raises(StoreTrouble, match="NO_CLUSTER"), session(Cluster(master)):
        pass
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ModuleNotFoundError: No module named 'pathworth'", "NOT_ON_THE_CLUSTER"),
        ("[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.9", "CLUSTER_PYTHON"),
        ('java.io.IOException: Cannot run program "python9": error=2', "CLUSTER_PYTHON"),
        (
            "java.io.InvalidClassException: org.apache.spark.rpc.RpcEndpointVerifier; "
            "local class incompatible: stream classdesc serialVersionUID = 1",
            "CLUSTER_VERSION",
        ),
        ("All masters are unresponsive! Giving up.", "NO_CLUSTER"),
        ("something else\nValueError: it is full", "CLUSTER_FAILED"),
    ],
)
def test_what_spark_says_becomes_what_to_do(said: str, code: str) -> None:
    from pyspark.errors import PySparkRuntimeError

    with pytest.raises(PathworthError) as caught, clear_errors():
        raise PySparkRuntimeError(said)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_cluster_is_said_and_forgotten(tmp_path: Path) -> None:
    opened = run.init(tmp_path / "shop")
    with pytest.raises(UnknownName, match="NO_CLUSTER_SET"):
        run.check_cluster(opened)
    run.set_cluster(opened, master="local[2]", shared=str(tmp_path / "shared"))
    run.set_cluster(opened, from_events=10)
    assert run.cluster_of(opened) == Cluster("local[2]", str(tmp_path / "shared"), from_events=10)
    run.forget_cluster(opened)
    with pytest.raises(UnknownName, match="NO_CLUSTER_SET"):
        run.cluster_of(opened)


def test_a_question_that_nobody_waits_for_is_ended(context: SparkContext, tmp_path: Path) -> None:
    told: list[float] = []

    def stop(_: str, share: float) -> None:
        told.append(share)

    jobs = Jobs(context, stop)

    def work() -> None:
        context.parallelize(range(2), 2).map(lambda _: time.sleep(1.2)).count()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run(work, tasks=2)
    assert told
    assert 0 <= min(told) <= max(told) <= 1
    assert context.statusTracker().getActiveJobsIds() == []


def test_tasks_that_nobody_waits_for_any_more_are_taken_back(context: SparkContext) -> None:
    one, jobs = Waiter(), Jobs(context)
    seen: list[str | None] = []

    def work() -> None:
        threading.Timer(2.0, lambda: (seen.append(one.what), one.gone.set())).start()
        context.parallelize(range(4), 2).map(lambda _: time.sleep(20)).count()

    begun = time.monotonic()
    with waiting(one):
        for asked in (work, lambda: None):
            with pytest.raises(Refused, match="NOBODY_WAITS"):
                jobs.run(asked, tasks=2)
    assert time.monotonic() - begun < 15
    assert seen == ["Asking the cluster"]
    assert (one.what, one.turn) == ("Asking the cluster", 1)
    assert context.statusTracker().getActiveJobsIds() == []
    # Whoever waits still gets an answer.
    with waiting(Waiter()):
        assert jobs.run(context.parallelize([1, 2]).sum, tasks=2) == 3


def test_a_cluster_without_a_free_core_is_told(context: SparkContext, stored: Workspace) -> None:
    # This process's application holds every core, as the first of several does unless it is told otherwise.
    assert context.parallelize([1, 2]).sum() == 3
    run.set_cluster(run.open_workspace(stored.path), master=context.master, from_events=0, wait_s=4)
    command = [sys.executable, "-m", "pathworth.cli", "transitions", "-w", str(stored.path)]
    there = {**os.environ, "PATHWORTH_CLUSTER": "1"}
    begun = time.monotonic()
    said = subprocess.run(command, env=there, capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert "CLUSTER_BUSY" in said.stderr
    assert "no free core for 4 seconds" in said.stderr
    assert time.monotonic() - begun < 60


def test_a_cluster_for_trying_out_goes_with_its_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pathworth.cli", "cluster", "try", str(tmp_path / "cluster")]
    tried = subprocess.Popen([*command, "--workers", "1"], stdout=subprocess.PIPE, text=True)
    assert tried.stdout is not None
    master = tried.stdout.readline().split()[0]
    host, port = master.removeprefix("spark://").split(":")
    with socket.create_connection((host, int(port))):
        pass
    tried.terminate()
    tried.communicate(timeout=30)
    with pytest.raises(ConnectionRefusedError), socket.create_connection((host, int(port))):
        pass


def test_a_cluster_of_another_version_is_told(tmp_path: Path) -> None:
    home = Path(sys.prefix) / "other-spark" / "deps"
    if not home.exists():
        pytest.skip("another version of Spark is not there: make spark")
    run.init(tmp_path / "shop")
    with trial(tmp_path / "cluster", workers=1, home=home) as other:
        command = [sys.executable, "-m", "pathworth.cli", "cluster", "check", other.master]
        said = subprocess.run(
            [*command, "-w", str(tmp_path / "shop")], capture_output=True, text=True, check=False
        )
    assert said.returncode != 0
    assert said.stderr.startswith("CLUSTER_VERSION")


def test_what_logs_in_somewhere_is_kept_nowhere(tmp_path: Path) -> None:
    opened = run.init(tmp_path / "shop")
    name = "spark.executorEnv.AWS_SECRET_ACCESS_KEY"
    with pytest.raises(BadInput, match="SECRET_IN_SETTINGS"):
        run.set_cluster(opened, master="local[1]", conf={name: "hush"})
    with pytest.raises(BadInput, match="SECRET_IN_SETTINGS"):
        run.set_cluster(opened, master="local[1]", shared="s3://somebody:hush@bucket/shop")
    held = run.set_cluster(opened, master="local[1]", conf={name: "env:PW_HUSH"})
    assert held.conf == {name: "env:PW_HUSH"}


def test_a_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Cluster("local[1]", conf={"spark.executorEnv.TOKEN": "env:PW_HUSH"})
    monkeypatch.delenv("PW_HUSH", raising=False)
    with pytest.raises(UnknownName, match="NO_SUCH_VARIABLE"):
        conf_of(asked)
    monkeypatch.setenv("PW_HUSH", "hush")
    assert conf_of(asked).get("spark.executorEnv.TOKEN") == "hush"


def test_one_cluster_a_process(context: SparkContext) -> None:
    with session(Cluster(context.master)) as same:
        assert same is context
    with pytest.raises(NotSupported, match="ONE_CLUSTER"), session(Cluster("local[1]")):
        pass
    assert context.parallelize([1, 2]).sum() == 3
