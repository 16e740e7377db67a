"""Shards and lake in storage of S3, Google and Azure: each machine fetches what it folds once; servers on loopback."""

from __future__ import annotations

import base64
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from deltalake import DeltaTable

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from tests.measure.asks import EXAMPLES
from tests.store.made import put

from pathworth.base.errors import StoreTrouble
from pathworth.base.json import to_json, to_text
from pathworth.journeys import Journeys, LocalEngine
from pathworth.spark import Files, Jobs, SparkBuilder, SparkEngine, Trial, free_port, session
from pathworth.store import CACHE_VARIABLE, Cluster, Copies, Shared, Workspace, check_store, find
from pathworth.store.shards import build, columns
from pathworth.store.shared import away, places

from .conftest import rows

BIN = Path(sys.prefix) / "storage" / "bin"
if not (BIN / "moto_server").exists():
    pytest.skip("no server of object storage is installed: make spark", allow_module_level=True)

AZURE_KEY = base64.b64encode(b"something").decode()
KEYS = {
    "AWS_ACCESS_KEY_ID": "somebody",
    "AWS_SECRET_ACCESS_KEY": "something",
    "AZURE_STORAGE_KEY": AZURE_KEY,
}


@dataclass
class Storage:
    """A server, and what it wrote of each request."""

    address: str
    log: Path
    get: str

    def fetched(self) -> Counter[str]:
        """Return how often each shard was fetched."""
        said = unquote(self.log.read_text())
        asked = rf"GET {self.get}"
        return Counter(re.findall(asked, said))


@dataclass(frozen=True)
class Kind:
    """How a server is begun, a place in it, how a shard is fetched, and what makes a bucket where Arrow does not."""

    command: tuple[str, ...]
    address: str
    get: str
    bucket: tuple[str, str, bytes] | None = None


KINDS = {
    "s3": Kind(
        ("moto_server", "-H", "127.0.0.1", "-p", "{port}"),
        "s3://pathworth/shop?endpoint_override=127.0.0.1%3A{port}&scheme=http&region=us-east-1",
        r"/pathworth/(\S+\.shard) ",
        ("PUT", "/pathworth", b""),
    ),
    "gs": Kind(
        ("gcp-storage-emulator", "start", "--host=127.0.0.1", "--port={port}", "--in-memory"),
        "gs://anonymous@pathworth/shop?endpoint_override=127.0.0.1%3A{port}&scheme=http",
        r"/storage/v1/b/pathworth/o/(\S+\.shard)\?alt=media ",
        ("POST", "/storage/v1/b?project=any", b'{"name": "pathworth"}'),
    ),
    "abfs": Kind(
        (
            "../node_modules/.bin/azurite-blob",
            "--blobPort={port}",
            "--inMemoryPersistence",
            "--skipApiVersionCheck",
            "--disableTelemetry",
        ),
        "abfs://pathworth@account.dfs.core.windows.net/shop?enable_tls=false"
        "&blob_storage_authority=127.0.0.1:{port}&dfs_storage_authority=127.0.0.1:{port}",
        r"/account/pathworth/(\S+\.shard) ",
    ),
}


@pytest.fixture(params=KINDS)
def storage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storage]:
    kind = KINDS[request.param]
    monkeypatch.setenv("AZURITE_ACCOUNTS", f"account:{AZURE_KEY}")
    for key, value in KEYS.items():
        monkeypatch.setenv(key, value)
    port, log = free_port(), tmp_path / "storage.log"
    name, *words = (word.format(port=port) for word in kind.command)
    command = [str(BIN / name), *words]
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said)
    address = kind.address.format(port=port)
    try:
        for _ in range(300):
            with suppress(OSError):
                make_bucket(kind, address, port)
                break
            time.sleep(0.1)
        yield Storage(address, log, kind.get)
    finally:
        server.kill()
        server.wait()


def make_bucket(kind: Kind, address: str, port: int) -> None:
    if kind.bucket is None:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        places._opened(address)[0].create_dir("pathworth")
        return
    method, path, body = kind.bucket
    json = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, json, method=method)
    urllib.request.urlopen(asked)


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
        files, jobs = Files(there.path, Copies(there.path, Shared(storage.address))), Jobs(context)
        assert here.compact("build")
        assert there.compact("build", builder=SparkBuilder(context, files, jobs))
        mine, theirs = Journeys(here.snapshot()), Journeys(there.snapshot())
        engine, shards = SparkEngine(context, files, jobs), theirs.snapshot.shards
        for word in ("transitions", "funnel", "transitions"):
            ask = EXAMPLES[word][0]
            found = ask.answer(mine, engine=LocalEngine(1)), ask.answer(theirs, engine=engine)
            assert to_text(to_json(found[1])) == to_text(to_json(found[0]))
    copies = files.copies
    assert copies is not None
    assert {*copies.shared.names()} == copies.good()
    fetched = storage.fetched()
    assert len(fetched) == len(shards)
    # A worker each, which keeps what it fetched; of what was built none lies here but one that was looked at.
    assert max(fetched.values()) <= 3
    assert sum(fetched.values()) <= 2 * len(shards) + 1
    home = there.path / "snapshots" / there.snapshot().home
    assert len([*home.glob("*.shard")]) == 1
    assert all(len(shard.name) == shard.events for shard in shards)
    assert bytes_of(there) == bytes_of(here)
    held = {*copies.shared.names()}
    put(there, rows(6, 500))
    assert there.compact("build")
    now = copies.good()
    assert copies.sweep() == len(held - now) > 0
    assert {*copies.shared.names()} == now
    copies.clear()
    assert copies.shared.names() == {}


def test_the_lake_lies_there_as_a_table_and_answers_without_a_file_of_it_here(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(away, "RESTS_S", -1.0)
    monkeypatch.setattr(columns, "PROMOTED", 0)
    here = Workspace.create(tmp_path / "here")
    for seed in (5, 6, 7):
        put(here, rows(seed, 300))
    here.undo(2)
    there = Workspace.open(shutil.copytree(here.path, tmp_path / "there"))
    there.clusters.save(Cluster("local[1]", shared=storage.address, keep_gib=0))
    published = there.lake_away.publish()
    assert published is not None
    assert published.left == published.sent == 2
    assert (
        read_there(published.address) == DeltaTable(here.path / "lake").to_pyarrow_table().num_rows
    )
    assert not any(there.path.glob("lake/zone=*/*"))
    assert {one.state for one in check_store(there.path)} == {"ok"}
    assert not any(there.path.glob("lake/zone=*/*"))
    for one in (here, there):
        assert one.compact("build")
    assert bytes_of(there) == bytes_of(here)
    again = there.lake_away.publish()
    assert again is not None
    assert (again.sent, again.gone, again.left) == (0, 0, 2)
    copies = there.copies()
    assert copies is not None
    assert {*copies.shared.names()} == copies.good()
    with there.lake_away.all_back():
        copies.clear()
    assert copies.shared.names() == {}
    assert {one.state for one in check_store(there.path)} == {"ok"}


def read_there(address: str) -> int:
    """How many rows the table at an address has: by its own reader from S3, elsewhere as Arrow fetches it."""
    said = urlsplit(address)
    if said.scheme == "s3":
        where = dict(parse_qsl(said.query))
        options = {
            "AWS_ENDPOINT_URL": f"http://{where['endpoint_override']}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": where["region"],
        }
        table = DeltaTable(f"s3://{said.netloc}{said.path}", storage_options=options)
        return int(table.to_pyarrow_table().num_rows)
    shared = Shared(address)
    with tempfile.TemporaryDirectory() as folder:
        for name in shared.names():
            place = Path(folder) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"".join(shared.chunks(name)))
        return int(DeltaTable(folder).to_pyarrow_table().num_rows)


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
    own = {"manifest.json", "away.json"}
    return {one.name: one.read_bytes() for one in home.iterdir() if one.name not in own}
