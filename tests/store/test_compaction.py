"""Shards are written anew beside the readers: wholly or not at all, whatever ends them."""

from __future__ import annotations

import itertools
import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.forked import Forks
from tests.store.crash_moments import Killed, end_at, look_at
from tests.store.handing_in import read
from tests.store.made import Row, drawn, journeys, put
from tests.store.test_tail import newer

from pathworth.base.errors import StoreTrouble
from pathworth.store import HandedIn, Inbox, Workspace, check_store
from pathworth.store.tail import compact as compact_module
from pathworth.store.tail.live import Live

pytestmark = pytest.mark.slow

IDS = itertools.count()


def hand_in(workspace: Workspace, rows: list[Row]) -> None:
    """Rows of the store's tests as events that arrive, none of them twice."""
    inbox = Inbox(workspace)
    for first in range(0, len(rows), 20):
        part = rows[first : first + 20]
        lines = [
            f"{row['entity']} {str(row['name']).replace(' ', '-')} {row['time_us']} m{next(IDS)}"
            for row in part
        ]
        inbox.append(HandedIn("\n".join(lines).encode()))
    inbox.number(read)


def told(workspace: Workspace) -> tuple:
    """Everything that an answer can depend on."""
    snapshot = workspace.snapshot()
    return (
        journeys(snapshot),
        list(snapshot.columns),
        sorted(snapshot.names),
        snapshot.seq,
        (snapshot.events, snapshot.entities, snapshot.first_us, snapshot.last_us),
    )


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 150)
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(300, 1))
    hand_in(workspace, newer(100, 2))
    Inbox(workspace).drain()
    hand_in(workspace, newer(80, 3)[:60])
    return workspace


@pytest.mark.parametrize("how", ["merge", "build"])
def test_new_shards_say_what_shards_and_tail_said_and_the_tail_begins_anew(
    shop: Workspace, how: str
) -> None:
    before = told(shop)
    assert shop.snapshot().replaced is not None
    held = shop.in_shards
    assert shop.compact(how)  # type: ignore[arg-type]
    assert told(shop) == before
    assert shop.snapshot().replaced is None
    assert shop.in_shards == held + 160
    assert told(Workspace.open(shop.path)) == before
    assert all(check.state == "ok" for check in check_store(shop.path))
    assert not (shop.path / "compacting").exists()
    assert not shop.compact()
    hand_in(shop, newer(200, 4)[180:])
    put(shop, drawn(50, 9))
    assert shop.snapshot().events == 300 + 160 + 20 + 50
    assert shop.undo(1).removed == 300


def test_what_merged_shards_hold_is_what_shards_built_of_everything_hold(shop: Workspace) -> None:
    other = shop.path.with_name("other")
    shutil.copytree(shop.path, other)
    assert shop.compact("merge")
    built = Workspace.open(other)
    assert built.compact("build")
    assert told(shop) == told(built)
    assert shop.snapshot().currency == built.snapshot().currency
    for one in (shop, built):
        hand_in(one, newer(40, 8))
    assert told(shop) == told(built)


def test_events_that_come_while_shards_are_written_are_their_tail(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Workspace.open(shop.path)
    steps: list[Callable[[], object]] = [
        lambda: hand_in(other, newer(30, 5)[10:]),
        lambda: Inbox(other).drain(),
        lambda: hand_in(other, newer(30, 6)[:10]),
    ]
    spread = compact_module._spread

    def slowly(*given: object, room: object) -> object:
        for made in spread(*given, room=room):  # type: ignore[arg-type]
            if steps:
                steps.pop(0)()
            yield made

    monkeypatch.setattr(compact_module, "_spread", slowly)
    assert shop.compact()
    assert not steps
    assert shop.snapshot().events == shop.in_shards + 30 == 300 + 160 + 30
    assert told(shop) == told(other) == told(Workspace.open(shop.path))
    assert all(check.state == "ok" for check in check_store(shop.path))


@pytest.mark.parametrize("change", ["import", "undo"])
def test_an_import_or_an_undo_in_between_wins(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    other = Workspace.open(shop.path)
    written = compact_module._written

    def overtaken(*given: object) -> object:
        if not done:
            done.append(put(other, drawn(30, 7)) if change == "import" else other.undo(1))
        return written(*given)  # type: ignore[arg-type]

    done: list[object] = []
    monkeypatch.setattr(compact_module, "_written", overtaken)
    assert not shop.compact()
    assert done
    assert told(shop) == told(Workspace.open(shop.path))
    assert shop.snapshot().events == (300 + 160 + 30 if change == "import" else 160)
    assert not (shop.path / "compacting").exists()


def test_one_compaction_at_a_time_and_none_while_an_import_is_written(shop: Workspace) -> None:
    with compact_module.compacting(Workspace.open(shop.path)._places):  # noqa: SIM117
        with pytest.raises(StoreTrouble, match="WORKSPACE_BUSY"):
            shop.compact()
    assert shop.compact()


def test_a_reader_keeps_its_snapshot_whatever_becomes_of_the_files(shop: Workspace) -> None:
    held = shop.snapshot()
    before = journeys(held)
    shop.compact()
    put(shop, drawn(40, 8))
    put(shop, drawn(40, 9))
    assert journeys(held) == before


MOMENTS = [
    "compact.merge",
    "compact._written",
    "compact.sync_tree",
    "compact.swap",
    "compact.move_in",
    "compact.write_whole",
    "compact.clear",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_end_before_or_after_every_step_leaves_the_old_shards_or_the_new_ones(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    before = told(shop)
    with monkeypatch.context() as patch:
        patch.setattr(compact_module.shutil, "rmtree", lambda *_, **__: None)
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            Workspace.open(shop.path).compact()
    opened = Workspace.open(shop.path)
    assert told(opened) == before
    assert told(shop) == before
    assert not (shop.path / "compacting").exists()
    assert opened.in_shards in {300, 460}
    put(opened, drawn(30, 7))
    assert opened.snapshot().events == 490
    assert all(check.state == "ok" for check in check_store(shop.path))


@pytest.mark.parametrize("moment", MOMENTS)
def test_readers_see_the_same_at_every_moment(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before = told(shop)
    reader = Workspace(shop.path)
    looks = []

    def look() -> None:
        assert told(reader) == told(Workspace(shop.path)) == before
        looks.append(moment)

    look_at(monkeypatch, moment, look=look)
    assert Workspace.open(shop.path).compact()
    assert looks


@pytest.mark.parametrize("kills", [5, pytest.param(24, marks=pytest.mark.soak)])
def test_killed_at_random_moments_the_shards_are_the_old_or_the_new_ones(
    shop: Workspace, tmp_path: Path, writing: Forks, kills: int
) -> None:
    wanted = told(shop)
    rng, ends, in_shards = random.Random(4), [], set()
    for k in range(kills + 1):
        folder = tmp_path / f"copy-{k}"
        shutil.copytree(shop.path, folder)
        writing.begin(folder, "people")
        assert writing.line() == "begun"
        begun = time.monotonic()
        if k == 0:
            assert writing.end() == ([], 0)
            whole = time.monotonic() - begun
        else:
            time.sleep(rng.uniform(0, whole))
            ends.append(writing.kill()[1])
        opened = Workspace.open(folder)
        assert told(opened) == wanted
        in_shards.add(opened.in_shards)
        opened.compact()
        assert (told(opened), opened.in_shards) == (wanted, 460)
        assert not (folder / "compacting").exists()
        shutil.rmtree(folder)
    assert ends.count(True) >= kills // 4
    assert 460 in in_shards <= {300, 460}


def test_several_readers_ask_while_events_come_and_shards_are_written(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathworth.store.tail.live.REFRESH_S", 0.01)
    rows = newer(200, 11)
    failures: list[BaseException] = []
    over = threading.Event()

    def ask(reader: Workspace) -> None:
        try:
            last = 0
            while not over.is_set():
                snapshot = reader.snapshot()
                assert snapshot.seq >= last
                assert snapshot.events == snapshot.seq
                live = sum(int(snapshot.live(place).sum()) for place in range(len(snapshot.shards)))
                assert live == snapshot.entities
                last = snapshot.seq
        except BaseException as trouble:
            failures.append(trouble)

    readers = [Workspace(shop.path) for _ in range(2)]
    threads = [threading.Thread(target=ask, args=(reader,)) for reader in [*readers, readers[0]]]
    for thread in threads:
        thread.start()
    for k in range(0, 200, 20):
        hand_in(
            shop, [{**row, "time_us": int(str(row["time_us"])) + k} for row in rows[k : k + 20]]
        )
        Inbox(shop).drain() if k % 40 else shop.compact()
    over.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert told(readers[0]) == told(shop)


def test_a_tail_is_due_when_it_has_grown_or_cannot_go_on(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.snapshot()
    assert not shop.compaction_due
    monkeypatch.setattr("pathworth.store.tail.live.COMPACT_LEAST", 10)
    assert shop.compaction_due
    shop.compact()
    shop.snapshot()
    assert not shop.compaction_due
    assert isinstance(shop._live, Live)
