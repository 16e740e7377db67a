"""Numbered events wait as blocks: what is packed comes back, and what waited before there were blocks stays."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from tests.store.handing_in import body_of, read

from pathworth import store as store_module
from pathworth.base.errors import StoreTrouble
from pathworth.store import HandedIn, Inbox, Workspace, text_digests
from pathworth.store.arrivals import blocks
from pathworth.store.arrivals.appending import Appending
from pathworth.store.records.database import FILE, Database

OLD = """insert into arrived (seq, batch, digest, content, source, message_id, entity, name, time_us,
    value, cost, currency, properties, drained, shadowed)
    values (?, 1, ?, ?, 'app', ?, ?, 'click', ?, ?, null, null, ?, ?, ?)"""


def test_a_block_comes_back_as_it_was_and_empty_columns_are_left_out() -> None:
    events = blocks.FIXED.empty_table()
    row = {
        "seq": 7,
        "digest": b"d" * 16,
        "content": -5,
        "source": "app",
        "message_id": None,
        "entity": "p1",
        "name": "order",
        "time_us": 5,
        "value": 3,
        "cost": None,
        "currency": None,
    }
    own = pa.table({"plan": ["Team"], "none": pa.array([None], pa.string())})
    events = pa.Table.from_pylist([row], schema=blocks.FIXED)
    for name in own.column_names:
        events = events.append_column(name, own[name])
    found = blocks.unpacked(blocks.packed(events))
    assert found.to_pylist() == [{**row, "plan": "Team"}]
    (one,) = blocks.events_of(found)
    assert (one.seq, one.message_id, one.value) == (7, (b"d" * 16).hex(), 3)
    assert one.properties == {"plan": "Team"}
    assert len(blocks.after(found, 7)) == 0
    assert len(blocks.after(found, 6)) == 1


def test_what_waited_row_by_row_waits_on_as_blocks(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    Workspace.create(folder)
    (folder / FILE).unlink()
    migrated(folder, "0007")
    with sqlite3.connect(folder / FILE) as old:
        old.execute("insert into settings values ('timezone', '\"UTC\"'), ('currency', '\"EUR\"')")
        for seq, drained, shadowed in ((3, 1, 0), (4, 0, 0), (5, 0, 0), (-1, 0, 1), (-2, 0, 1)):
            digest = text_digests(pa.array([f"m{seq}"]))[0].as_py()
            said = '{"plan": "Team"}' if seq == 5 else "{}"
            row = (seq, digest, seq, f"m{seq}", f"p{seq}", seq, 2_000_000, said, drained, shadowed)
            old.execute(OLD, row)
        old.execute(
            "insert into inbox values (1, '', 5, x'6120636c69636b2039', 0, 0, 0, 0, 0, null)"
        )
    old.close()
    inbox = Inbox(Workspace.open(folder))
    assert [(one.seq, one.entity, one.value) for one in inbox.waiting()] == [
        (4, "p4", 2_000_000),
        (5, "p5", 2_000_000),
    ]
    assert [dict(one.properties) for one in inbox.waiting()] == [{}, {"plan": "Team"}]
    assert inbox.count() == (2, 1)
    assert inbox.number(read) == 1
    assert [one.seq for one in inbox.waiting()] == [4, 5, 6]


def migrated(folder: Path, revision: str) -> None:
    config = Config()
    home = Path(store_module.__file__).parent / "migrations"
    config.set_main_option("script_location", str(home))
    engine = create_engine(f"sqlite:///{folder / FILE}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_batches_that_come_at_the_same_time_are_one_commit_and_each_gets_its_own_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    commits: list[int] = []
    held, first = threading.Event(), threading.Event()
    write = Appending._write

    def slow(self: Appending, mine: list) -> None:
        first.set()
        held.wait(10)
        commits.append(len(mine))
        write(self, mine)

    monkeypatch.setattr(Appending, "_write", slow)
    numbers: dict[int, int] = {}

    def hand_in(k: int) -> None:
        numbers[k] = Inbox(workspace).append(HandedIn(body_of(k)))

    threads = started(hand_in, 0)
    assert first.wait(10)
    threads += started(hand_in, *range(1, 9))
    while len(workspace.appending._queue) < 8:
        threading.Event().wait(0.01)
    held.set()
    for thread in threads:
        thread.join()
    assert commits == [1, 8]
    assert sorted(numbers.values()) == list(range(1, 10))
    assert Inbox(workspace).number(read) == 90
    for k, number in numbers.items():
        outcome = Inbox(workspace).outcome(number)
        assert outcome is not None
        assert outcome.accepted == 10, k


def started(work: Callable[[int], None], *numbers: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, args=(k,)) for k in numbers]
    for thread in threads:
        thread.start()
    return threads


def test_whoever_hands_in_hears_when_the_commit_of_all_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.create(tmp_path / "shop")

    def full(_: Database) -> None:
        raise StoreTrouble("DISK_FULL", "No room.", "Make room.")

    monkeypatch.setattr(Database, "session", full)
    for _ in range(2):
        with pytest.raises(StoreTrouble, match="DISK_FULL"):
            Inbox(workspace).append(HandedIn(body_of(0)))
    monkeypatch.undo()
    assert Inbox(workspace).append(HandedIn(body_of(0))) == 1
