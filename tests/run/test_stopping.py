"""A server that is told to stop answers what it took, lets go of its jobs, and the next one begins at once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.store.made import drawn, put

from pathworth import run, store
from pathworth.store.lake import Lake

ROOT = Path(__file__).parents[2]
SENDERS, PER_BATCH, PATIENCE_S = 6, 20, 120.0
JOBS_THAT_LAST = {"number", "tell", "decide", "deliver"}
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Server:
    """A real server of a workspace."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.port, self.log = free_port(), log
        words = ["serve", "-w", str(folder), "--port", str(self.port)]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pathworth.cli", *words],
                stdout=subprocess.DEVNULL,
                stderr=out,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            )

    def ready(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("it was never ready")

    def get(self, path: str) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Sender(threading.Thread):
    """Sends batch after batch over one connection until the server is gone, and remembers what it was told."""

    def __init__(self, number: int, port: int) -> None:
        super().__init__(daemon=True)
        self.number, self.port = number, port
        self.safe: list[str] = []
        self.torn: list[str] = []

    def run(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            self._send(line)

    def _send(self, line: http.client.HTTPConnection) -> None:
        for turn in range(100_000):
            ids = [f"{self.number}-{turn}-{k}" for k in range(PER_BATCH)]
            batch = [
                {"type": "track", "event": "Seen", "userId": f"p{self.number}", "messageId": one}
                for one in ids
            ]
            sent = False
            try:
                line.request("POST", "/v1/batch", json.dumps({"batch": batch}))
                sent = True
                with line.getresponse() as answer:
                    head = answer.status
                    answer.read()
            except (OSError, http.client.HTTPException) as trouble:
                # Gone between two requests is as it should be; an answer that breaks off is not.
                if sent and isinstance(trouble, http.client.IncompleteRead):
                    self.torn.append(str(trouble))
                return
            if head != 200:
                self.torn.append(str(head))
                return
            self.safe += ids


def test_a_server_stopped_under_load_loses_nothing_and_leaves_no_lease(tmp_path):
    folder = tmp_path / "shop"
    put(run.init(folder).store, drawn(100, 4))
    first = Server(folder, tmp_path / "first.log")
    second = None
    try:
        first.ready()
        senders = [Sender(k, first.port) for k in range(SENDERS)]
        for one in senders:
            one.start()
        until = time.monotonic() + PATIENCE_S
        while sum(len(one.safe) for one in senders) < 2000:
            assert time.monotonic() < until
            time.sleep(0.02)
        first.stop()
        for one in senders:
            one.join(PATIENCE_S)
        # Told to stop, it stops by itself: not killed, and with nothing said on its way.
        assert first.process.returncode in {0, -signal.SIGTERM}
        assert "Traceback" not in first.log.read_text()
        assert [said for one in senders for said in one.torn] == []
        held = [one.name for one in store.Jobs(store.Workspace.open(folder)).all() if one.holder]
        assert held == []

        second = Server(folder, tmp_path / "second.log")
        second.ready()
        began = time.time()
        waits = JOBS_THAT_LAST
        while waits and time.time() < began + PATIENCE_S:
            taken = store.Jobs(store.Workspace.open(folder)).all()
            waits = JOBS_THAT_LAST - {one.name for one in taken if one.holder}
            time.sleep(0.1)
        assert waits == set()
        second.stop()
        opened = run.open_workspace(folder)
        run.number(opened)
        safe = {name for one in senders for name in one.safe}
        opened.store.drain()
        files = Lake(folder / "lake").files()
        rows = [pq.read_table(folder / "lake" / one.path, columns=["message_id"]) for one in files]
        kept = [name for held in rows for name in held["message_id"].to_pylist() if name]
        assert len(kept) == len(set(kept))
        assert safe <= set(kept)
    finally:
        first.end()
        if second is not None:
            second.end()
