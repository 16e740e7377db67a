"""Shards and lake in S3: every machine fetches what it folds, once; a real server of the protocol on loopback."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from tests.measure.asks import EXAMPLES
from tests.store.made import put

from pathworth.base.errors import StoreTrouble
from pathworth.base.json import to_json, to_text
from pathworth.journeys import Journeys, LocalEngine
from pathworth.spark import Files, Jobs, SparkBuilder, SparkEngine, Trial, free_port, session
from pathworth.store import CACHE_VARIABLE, Cluster, Shared, Workspace, find
from pathworth.store.shards import build

from .conftest import rows

MOTO = Path(sys.prefix) / "storage" / "bin" / "moto_server"
if not MOTO.exists():
    pytest.skip("no server of S3's protocol is installed: make spark", allow_module_level=True)

KEYS = {"AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "something"}


@dataclass
class Storage:
    """A server, and what it wrote of each request."""

    address: str
    log: Path

    def fetched(self) -> Counter[str]:
        """Return how often each shard was fetched."""
        said = self.log.read_text()
        return Counter(re.findall(r"GET /pathworth/(\S+\.shard\.[0-9a-f]+) ", said))


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    for key, value in KEYS.items():
        monkeypatch.setenv(key, value)
    port, log = free_port(), tmp_path / "storage.log"
    command = [str(MOTO), "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        root = f"http://127.0.0.1:{port}"
        for _ in range(300):
            with suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(f"{root}/pathworth", method="PUT"))
                break
            time.sleep(0.1)
        where = f"endpoint_override=127.0.0.1%3A{port}&scheme=http&region=us-east-1"
        yield Storage(f"s3://pathworth/shop?{where}", log)
    finally:
        server.kill()
        server.wait()


def test_the_same_answers_and_the_same_shards(
    cluster: Trial, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SHARD_EVENTS", 2_500)
    here = Workspace.create(tmp_path / "here")
    put(here, rows(5, 6_000))
    shutil.copytree(here.path, tmp_path / "there")
    there = Workspace.open(tmp_path / "there")
    conf = {f"spark.executorEnv.{key}": value for key, value in KEYS.items()}
    with session(Cluster(cluster.master, conf=conf)) as context:
        files, jobs = Files(there.path, Shared(storage.address)), Jobs(context)
        assert here.compact("build")
        assert there.compact("build", builder=SparkBuilder(context, files, jobs))
        assert bytes_of(there) == bytes_of(here)
        engine, journeys = SparkEngine(context, files, jobs), Journeys(there.snapshot())
        for word in ("transitions", "funnel", "transitions"):
            ask = EXAMPLES[word][0]
            found = [ask.answer(journeys, engine=one) for one in (LocalEngine(1), engine)]
            assert to_text(to_json(found[1])) == to_text(to_json(found[0]))
    fetched = {name: n for name, n in storage.fetched().items() if "/building/" not in name}
    assert len(fetched) == len(journeys.snapshot.shards)
    # A worker each; what it fetched it keeps.
    assert max(fetched.values()) <= 2


def test_storage_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    file = tmp_path / "file"
    file.write_bytes(b"something")
    where = f"endpoint_override=127.0.0.1%3A{free_port()}&scheme=http&region=us-east-1"
    shared = Shared(f"s3://somebody:something@pathworth/shop?{where}")
    with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
        shared.put(file, "file")
    with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
        find(f"shared:file@{shared.address}")


def bytes_of(workspace: Workspace) -> dict[str, bytes]:
    home = workspace.path / "snapshots" / workspace.snapshot().home
    return {one.name: one.read_bytes() for one in home.iterdir() if one.name != "manifest.json"}
