"""Writes fail in turn while batches come in over HTTP: what was answered with 200 is there once."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine.default import DefaultDialect

from pathworth import run
from pathworth.store import Inbox, check_store
from pathworth.store.lake import Lake
from pathworth.web import build_app

THREADS, BATCHES, EVENTS = 4, 12, 5
MOST_ROUNDS, MOST_TRIES = 25, 40
EACH = {
    "full disk for a batch": 7,
    "unheard commit of a batch": 9,
    "full disk": 29,
    "unheard commit": 31,
    "failed rename": 5,
    "torn file": 47,
    "full lake": 3,
    "unheard commit of the lake": 2,
}
"""Of each kind of write so many are made for one that fails."""


@dataclass
class Faults:
    """Fails writes in turn."""

    folder: Path
    made: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def strike(self, kind: str) -> bool:
        """Return whether this write fails."""
        with self.turn:
            self.made[kind] += 1
            fails = self.made[kind] % EACH[kind] == 0
            self.failed[kind] += fails
            return fails

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put the faults where the store meets the disk."""
        self._commits(patch)
        self._renames(patch)
        self._syncs(patch)
        self._lake(patch)

    def _commits(self, patch: pytest.MonkeyPatch) -> None:
        """A full disk before a commit, and a commit of which nobody hears that it was made."""
        real = DefaultDialect.do_commit

        def commit(dialect: DefaultDialect, connection: Any) -> None:
            # Requests are answered in threads of the server's own.
            of_batch = "AnyIO" in threading.current_thread().name
            if self.strike("full disk for a batch" if of_batch else "full disk"):
                raise sqlite3.OperationalError("database or disk is full")
            real(dialect, connection)
            if self.strike("unheard commit of a batch" if of_batch else "unheard commit"):
                raise sqlite3.OperationalError("disk I/O error")

        patch.setattr(DefaultDialect, "do_commit", commit)

    def _renames(self, patch: pytest.MonkeyPatch) -> None:
        for name in ("rename", "replace"):
            patch.setattr(Path, name, self._renamed(getattr(Path, name)))

    def _renamed(self, real: Callable[[Path, Any], Path]) -> Callable[[Path, Any], Path]:
        def renamed(path: Path, target: Any) -> Path:
            if path.is_relative_to(self.folder) and self.strike("failed rename"):
                raise OSError(errno.EIO, "Input/output error")
            return real(path, target)

        return renamed

    def _syncs(self, patch: pytest.MonkeyPatch) -> None:
        """A file of which only half reaches the disk, while nobody reads it yet."""
        real = os.fsync

        def fsync(handle: int) -> None:
            path = Path(os.readlink(f"/proc/self/fd/{handle}"))
            if path.is_relative_to(self.folder) and path.is_file() and self.strike("torn file"):
                if path.suffix == ".aside" or "staging" in path.parts:
                    os.truncate(path, path.stat().st_size // 2)
                raise OSError(errno.ENOSPC, "No space left on device")
            real(handle)

        patch.setattr(os, "fsync", fsync)

    def _lake(self, patch: pytest.MonkeyPatch) -> None:
        real = Lake.commit

        def commit(*args: Any, **named: Any) -> None:
            if self.strike("full lake"):
                raise OSError(errno.ENOSPC, "No space left on device")
            real(*args, **named)
            if self.strike("unheard commit of the lake"):
                raise OSError(errno.EIO, "Input/output error")

        patch.setattr(Lake, "commit", commit)


@dataclass
class Load:
    """Hands batches in from several threads, and numbers, drains and compacts beside them."""

    workspace: run.Workspace
    api: TestClient
    answers: Counter[int] = field(default_factory=Counter)
    safe: set[int] = field(default_factory=set)
    troubles: Counter[str] = field(default_factory=Counter)

    def bear(self, first: int) -> None:
        """Hand some batches in, from a number on, while everything else is done at least once."""
        with ThreadPoolExecutor(THREADS + 1) as pool:
            sent = pool.map(self._send, range(first, first + BATCHES))
            beside = pool.submit(self._keep_up)
            list(sent)
            beside.result()

    def _send(self, k: int) -> None:
        """Send a batch until it is answered with 200; some senders give up after the first try."""
        for _ in range(1 if k % 5 == 0 else MOST_TRIES):
            found = self.api.post("/v1/batch", content=body_of(k))
            self.answers[found.status_code] += 1
            if found.status_code == 200:
                self.safe.add(k)
                return
            assert (found.status_code, found.headers["retry-after"]) == (503, "5"), found.text

    def _keep_up(self) -> None:
        steps = (
            lambda: run.number(self.workspace),
            lambda: Inbox(self.workspace.store).drain(),
            self.workspace.store.compact,
        )
        for step in 3 * steps:
            try:
                step()
            except Exception as trouble:  # whatever fails is tried again, as jobs are
                self.troubles[type(trouble).__name__] += 1


def body_of(k: int) -> bytes:
    """Events of a person each; every other batch says nothing by which one that comes again is known."""
    said = [
        {"type": "track", "event": "seen", "userId": f"b{k}-{n}", "timestamp": 1_760_000_000 + k}
        | ({"messageId": f"{k}-{n}"} if k % 2 else {})
        for n in range(EVENTS)
    ]
    return json.dumps({"batch": said}).encode()


def counted(workspace: run.Workspace) -> Counter[str]:
    found: Counter[str] = Counter()
    for shard in workspace.store.snapshot().shards:
        for e in range(shard.entities):
            found[shard.id_of(e)] += int(shard.offset[e + 1] - shard.offset[e])
    return found


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    workspace = run.init(tmp_path / "shop")
    with TestClient(build_app(workspace), base_url="http://127.0.0.1:8710") as api:
        yield Load(workspace, api)


def test_what_was_answered_with_200_is_counted_once_whichever_write_failed(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, sent = load.workspace, 0
    faults = Faults(workspace.store.path)
    with monkeypatch.context() as patch:
        faults.install(patch)
        while sent < MOST_ROUNDS * BATCHES and (
            sent < 4 * BATCHES or (+faults.failed).keys() != EACH.keys()
        ):
            load.bear(sent)
            sent += BATCHES
    # Every kind of write failed, and senders heard of it; who came again was taken in at last.
    assert (+faults.failed).keys() == EACH.keys()
    assert load.answers[503] > 0
    assert {k for k in range(sent) if k % 5} <= load.safe
    opened = run.open_workspace(workspace.store.path)
    run.number(opened)
    run.rebuild(opened)
    found = counted(opened)
    assert set(found.values()) == {1}
    whole = {int(one.split("-")[0][1:]) for one in found}
    assert load.safe <= whole
    assert found.keys() == {f"b{k}-{n}" for k in whole for n in range(EVENTS)}
    assert Inbox(opened.store).count() == (0, 0)
    assert run.quarantined(opened) == ()
    assert {one.state for one in check_store(workspace.store.path)} == {"ok"}
