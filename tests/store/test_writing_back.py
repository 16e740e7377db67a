"""SQLite's log is written back beside those who write, and begins anew however long they go on."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from pathworth.store import HandedIn, Inbox, Workspace, held_open
from pathworth.store.records import database
from pathworth.store.records.embedded import connecting, writing_back

MIB = 1 << 20


def log_of(folder: Path) -> int:
    return (folder / "workspace.db-wal").stat().st_size


def test_the_log_stays_small_while_batches_come_without_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_back, "EVERY_S", 0.05)
    shop = Workspace.create(tmp_path / "shop")
    inbox, sizes = Inbox(shop), []
    with held_open(shop):
        for _ in range(60):
            for _ in range(4):
                inbox.append(HandedIn(b"x" * (MIB // 2)))
            time.sleep(0.01)
            sizes.append(log_of(shop.path))
    # What was handed in is 120 MiB; a log that never begins anew would hold it all.
    assert max(sizes) < 60 * MIB
    assert inbox.count()[1] == 240


def test_a_reader_that_stays_keeps_nobody_from_writing_and_sees_what_it_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_back, "EVERY_S", 0.05)
    shop = Workspace.create(tmp_path / "shop")
    inbox = Inbox(shop)
    inbox.append(HandedIn(b"first"))
    with held_open(shop), closing(sqlite3.connect(shop.path / "workspace.db")) as reader:
        reader.isolation_level = None
        reader.execute("begin")
        asked = "select count(*) from inbox"
        assert reader.execute(asked).fetchone() == (1,)
        for _ in range(20):
            inbox.append(HandedIn(b"x" * MIB))
        time.sleep(0.2)
        assert reader.execute(asked).fetchone() == (1,)
        reader.execute("commit")
        assert reader.execute(asked).fetchone() == (21,)


def test_nothing_goes_on_once_the_database_is_let_go(tmp_path: Path) -> None:
    shop = Workspace.create(tmp_path / "shop")
    with held_open(shop):
        assert "log of SQLite" in [one.name for one in threading.enumerate()]
    assert "log of SQLite" not in [one.name for one in threading.enumerate()]
    assert not (shop.path / "workspace.db-wal").exists()


def test_connections_are_kept_while_the_database_is_held_open_and_go_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Workspace.create(tmp_path / "shop")
    inbox, opened = Inbox(shop), list[Path]()

    def connect(path: Path) -> sqlite3.Connection:
        opened.append(path)
        return connecting.connect(path)

    monkeypatch.setattr(database, "connect", connect)
    with held_open(shop):
        before = len(opened)
        for k in range(5):
            other = threading.Thread(target=inbox.append, args=(HandedIn(b"%d" % k),))
            other.start()
            other.join()
        assert len(opened) == before + 1
    assert inbox.count()[1] == 5
    assert not (shop.path / "workspace.db-wal").exists()


def test_a_connection_that_only_reads_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "full.db"
    connecting.connect(file).close()

    def for_reading() -> sqlite3.Connection:
        asked = f"{file.as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(asked, uri=True, factory=connecting.OnlyReads)

    made = iter([for_reading(), connecting.connect(file)])
    engine = connecting.keeping(made.__next__)
    for table in ("table if not exists a (b)", "table if not exists c (d)"):
        with suppress(OperationalError), engine.begin() as connection:
            connection.execute(text(f"create {table}"))
    engine.dispose()
    with closing(connecting.connect(file)) as held:
        assert held.execute("select name from sqlite_master").fetchall() == [("c",)]
