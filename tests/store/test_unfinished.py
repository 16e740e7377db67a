"""An import that is cut short is gone on with from its last block, and ends as if it had never been cut."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pyarrow as pa
import pytest
from tests.store.crash_moments import Killed
from tests.store.held import told
from tests.store.made import Row, batch, bytes_of, drawn, journeys, put

from pathworth.base.errors import StoreTrouble
from pathworth.store import (
    ImportTransaction,
    InputFile,
    Workspace,
    accept as accept_module,
    payload as payload_module,
)
from pathworth.store.aside import unfinished as unfinished_module
from pathworth.store.aside.blocks import TOGETHER
from pathworth.store.aside.logbook import Cleared, Judged, Logbook, ShardDone, ZoneDone, read_lines
from pathworth.store.aside.shards import kept_shards
from pathworth.store.aside.unfinished import LOGBOOK, unfinished
from pathworth.store.checks import check_store
from pathworth.store.shards import build as build_module
from pathworth.store.shards.entries import ShardEntry

pytestmark = pytest.mark.slow

EVENTS = 700
FILES = (InputFile("/data/a.csv", "a" * 64, 1), InputFile("/data/b.csv", "b" * 64, 1))
REJECT = {"file": [0], "row": [7], "code": ["X"], "reason": ["why"], "raw": ["r"]}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept_module, "ZONED_FROM", 500)
    monkeypatch.setattr(payload_module, "_CHUNK", 100)
    monkeypatch.setattr(build_module, "SHARD_EVENTS", 200)
    monkeypatch.setattr("pathworth.store.aside.blocks.SPREAD_FROM", 80)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unfinished") / "before"
    put(Workspace.create(folder), drawn(200, 1))
    return folder


def rows() -> list[Row]:
    """Rows of two files: new ones, some that were imported before, that both have, and twice in one."""
    fresh = drawn(EVENTS - 140, 9)
    return [*fresh, *drawn(200, 1)[:60], *fresh[:60], *fresh[500:520]]


def bring_in(
    workspace: Workspace,
    *,
    reading: str = "r",
    see: Callable[[ImportTransaction], None] | None = None,
) -> tuple[int, int]:
    """Import the rows of both files, and return from which row on that went, and how many were accepted."""
    held = rows()
    cut = EVENTS // 2
    with workspace.begin_import(files=FILES, reading=reading) as transaction:
        if see is not None:
            see(transaction)
        begun = int(transaction.marks[-1]) if transaction.marks else 0
        for first in range(begun, EVENTS, 35):
            if first == 70:
                transaction.reject(pa.RecordBatch.from_pydict(REJECT))
            file = 0 if first < cut else 1
            part = batch(held[first : first + 35], file=file, first=first)
            transaction.add(part, lambda first=first: str(first + 35))
        return begun, transaction.commit().accepted


@pytest.fixture(scope="module")
def clean(before: Path) -> tuple:
    folder = before.parent / "clean"
    shutil.copytree(before, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accept_module, "ZONED_FROM", 500)
        patch.setattr(payload_module, "_CHUNK", 100)
        patch.setattr(build_module, "SHARD_EVENTS", 200)
        patch.setattr("pathworth.store.aside.blocks.SPREAD_FROM", 80)
        assert bring_in(Workspace.open(folder)) == (0, 580)
    return told(Workspace.open(folder))


def die(transaction: ImportTransaction, *, keep: bool) -> None:
    """A dead process keeps no lock and tidies nothing up."""
    transaction._payload.close()
    transaction._home.logbook.close()
    transaction._lock.give_back()


def cut_short(workspace: Workspace, owner: object, name: str, *, call: int, after: bool) -> bool:
    """Import, and let the process end at the nth call of a step; return whether it came to that."""
    real, calls = getattr(owner, name), count()

    def dies(*args: object, **named: object) -> object:
        number = next(calls)
        if number == call and not after:
            raise Killed
        found = real(*args, **named)
        if number == call:
            raise Killed
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImportTransaction, "_end", die)
        patch.setattr(owner, name, dies)
        try:
            bring_in(workspace)
        except Killed:
            return True
    return False


LINES = 1 + 7 + 1 + 64 + 1 + 4
"""Lines of a whole logbook: begun, a block each 105 rows, judged, a file of the lake each zone, cleared, shards."""


@pytest.mark.parametrize(
    "calls",
    [(0, 1, 8, 9), pytest.param(range(LINES), marks=pytest.mark.soak)],
    ids=["a few", "every"],
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_end_at_any_line_of_the_logbook_is_gone_on_with_from_the_line_before(
    tmp_path: Path, before: Path, clean: tuple, after: bool, calls: Sequence[int]
) -> None:
    for call in calls:
        folder = tmp_path / f"shop-{call}"
        shutil.copytree(before, folder)
        assert cut_short(Workspace.open(folder), Logbook, "note", call=call, after=after)
        opened = Workspace.open(folder)
        assert opened.snapshot().events == 200
        assert not (folder / "staging").exists()
        blocks = min(max(call - 1 + after, 0), 7)
        assert bring_in(opened)[0] == min(105 * blocks, EVENTS)
        assert told(opened) == clean
        assert not (folder / "unfinished").exists()
        shutil.rmtree(folder)


def test_the_last_line_of_the_logbook_comes_when_all_shards_are_there(
    tmp_path: Path, before: Path, clean: tuple
) -> None:
    for call, cut in ((LINES - 1, True), (LINES, False)):
        folder = tmp_path / f"shop-{call}"
        shutil.copytree(before, folder)
        assert cut_short(Workspace.open(folder), Logbook, "note", call=call, after=True) == cut
        if cut:
            assert bring_in(Workspace.open(folder))[0] == EVENTS
        assert told(Workspace.open(folder)) == clean


STEPS = [
    (payload_module, "write_block", 3),
    (payload_module, "sync_file", 2),
    ("pathworth.store.imports", "shadow", 0),
    (accept_module.ZoneFile, "close", 40),
    ("pathworth.store.imports", "judge", 0),
    ("pathworth.store.imports", "stage_snapshot", 0),
    ("pathworth.store.imports", "link_in", 0),
    ("pathworth.store.imports", "link_in", 1),
    ("pathworth.store.lake.table", "link_in", 12),
    (payload_module.Payload, "clear", 0),
    ("pathworth.store.commits", "write_whole", 0),
    ("pathworth.store.commits", "move_in", 0),
    ("pathworth.store.commits", "drop", 0),
    ("pathworth.store.commits", "_note", 0),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[1]}-{step[2]}")
def test_an_end_at_any_step_is_gone_on_with(
    tmp_path: Path, before: Path, clean: tuple, step: tuple, after: bool
) -> None:
    import importlib

    owner, name, call = step
    owner = importlib.import_module(owner) if isinstance(owner, str) else owner
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    assert cut_short(Workspace.open(folder), owner, name, call=call, after=after)
    opened = Workspace.open(folder)
    if opened.snapshot().events == 200:
        bring_in(opened)
    assert told(opened) == clean
    assert not (folder / "unfinished").exists()


def test_a_judgement_and_files_of_the_lake_are_not_made_twice(
    tmp_path: Path, before: Path, clean: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    assert cut_short(Workspace.open(folder), accept_module.ZoneFile, "close", call=40, after=False)
    done = read_lines(next((folder / "unfinished").iterdir()) / LOGBOOK)
    zones = sum(isinstance(line, ZoneDone) for line in done)
    # What other threads hold at that moment they may still close.
    assert 30 <= zones < 64
    rows_left = {path.name.split(".")[1] for path in folder.glob("unfinished/*/rows-*.?.arrow")}
    assert rows_left == {str(k) for k in range(zones // TOGETHER, 4)}
    opened = Workspace.open(folder)

    def never(*_args: object, **_named: object) -> None:
        raise AssertionError

    monkeypatch.setattr("pathworth.store.imports.judge", never)
    monkeypatch.setattr(payload_module, "write_block", never)
    made = []
    real = accept_module.ZoneFile.close
    monkeypatch.setattr(accept_module.ZoneFile, "close", lambda file: made.append(1) or real(file))
    bring_in(opened)
    assert len(made) == 64 - zones
    assert told(opened) == clean


@pytest.mark.parametrize("damage", [False, True], ids=["whole", "damaged"])
def test_shards_that_are_whole_are_not_built_twice_and_end_with_the_same_bytes(
    tmp_path: Path, before: Path, monkeypatch: pytest.MonkeyPatch, damage: bool
) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "shop"
    shutil.copytree(before, whole)
    bring_in(Workspace.open(whole))
    shutil.copytree(before, folder)
    assert cut_short(Workspace.open(folder), Logbook, "note", call=LINES - 2, after=True)
    opened = Workspace.open(folder)
    assert opened.snapshot().events == 200
    (home,) = (folder / "unfinished").iterdir()
    kept = [one.entry.file for one in read_lines(home / LOGBOOK) if isinstance(one, ShardDone)]
    assert kept == ["00000.shard", "00001.shard", "00002.shard"]
    if damage:
        (home / "snapshot" / kept[1]).write_bytes(b"short")
    inodes = {(home / "snapshot" / name).stat().st_ino for name in kept}
    made: list[int] = []
    real = build_module.write
    monkeypatch.setattr(
        build_module,
        "write",
        lambda spool, shard, **k: made.append(shard) or real(spool, shard, **k),
    )
    bring_in(opened)
    assert sorted(made) == ([1, 3] if damage else [3])
    assert len(inodes & {one.stat().st_ino for one in folder.glob("snapshots/*/*.shard")}) >= 2
    assert told(opened) == told(Workspace.open(whole))
    assert bytes_of(folder / "snapshots") == bytes_of(whole / "snapshots")
    assert not (folder / "unfinished").exists()


@pytest.mark.parametrize("other", ["plan", "room"])
def test_shards_of_another_plan_go_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    plan = build_module.Plan("2", [], [], shards=1, rows=0, timezone="UTC", currency="EUR")
    book, folder = Logbook(tmp_path / LOGBOOK), tmp_path / "snapshot"
    entry = ShardEntry("00000.shard", 5, {})
    kept = kept_shards(book, folder, plan=plan, files=[])
    folder.mkdir()
    (folder / entry.file).write_bytes(b"12345")
    kept.note(0, (entry, 7))
    assert kept_shards(book, folder, plan=plan, files=[]).shards == {0: (entry, 7)}
    if other == "room":
        monkeypatch.setenv("PATHWORTH_COLUMN_MIB", "1")
    else:
        plan = replace(plan, names=["a"])
    assert kept_shards(book, folder, plan=plan, files=[]).shards == {}
    book.close()
    assert not folder.exists()


def test_what_came_in_between_makes_only_the_comparison_worthless(
    tmp_path: Path, before: Path
) -> None:
    outcomes = []
    for name, kind in (("blocks", Judged), ("zones", ZoneDone), ("gone", Cleared), ("never", None)):
        folder = tmp_path / name
        shutil.copytree(before, folder)
        opened = Workspace.open(folder)
        if kind is not None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(ImportTransaction, "_end", die)
                real = Logbook.note

                def note(
                    book: Logbook, line: object, kind: type = kind, real: Callable = real
                ) -> None:
                    real(book, line)
                    if isinstance(line, kind):
                        raise Killed

                patch.setattr(Logbook, "note", note)
                with pytest.raises(Killed):
                    bring_in(opened)
        put(opened, drawn(90, 4))
        notices: list[str | None] = []
        begun = bring_in(opened, see=lambda t, to=notices: to.append(t.notice))[0]
        assert begun == (0 if kind in {None, Cleared} else EVENTS)
        assert ("something else was imported" in str(notices[0])) == (kind is Cleared)
        outcomes.append(told(Workspace.open(folder)))
    assert outcomes[0] == outcomes[1] == outcomes[2] == outcomes[3]


def test_another_way_of_reading_and_a_changed_file_begin_afresh_and_say_so(
    tmp_path: Path, before: Path, clean: tuple
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    opened = Workspace.open(folder)
    assert cut_short(opened, Logbook, "note", call=4, after=True)
    notices: list[str | None] = []
    assert bring_in(opened, reading="other", see=lambda t: notices.append(t.notice))[0] == 0
    assert "its columns are read in another way" in str(notices[0])
    assert told(opened)[0] == clean[0]
    assert not (folder / "unfinished").exists()
    assert cut_short(opened, Logbook, "note", call=4, after=True)
    changed = [InputFile("/data/a.csv", "c" * 64, 2)]
    with opened.begin_import(files=changed, reading="r") as transaction:
        assert transaction.notice is not None
        assert "a.csv has changed" in transaction.notice
        assert transaction.kept == 0
    assert not (folder / "unfinished").exists()


def test_files_that_nobody_comes_back_for_go_after_a_week(
    tmp_path: Path, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    opened = Workspace.open(folder)
    assert cut_short(opened, Logbook, "note", call=4, after=True)
    other = [InputFile("/data/c.csv", "c" * 64, 1)]
    with opened.begin_import(files=other, reading="r") as transaction:
        assert transaction.notice is None
        assert len(unfinished(folder / "unfinished")) == 2
    (left,) = unfinished(folder / "unfinished")
    assert left.files == ("/data/a.csv", "/data/b.csv")
    assert left.rows > 300
    (check,) = [check for check in check_store(folder) if check.name == "unfinished"]
    assert check.state == "look"
    assert "a.csv" in check.says
    monkeypatch.setattr(unfinished_module, "OLD_S", -1.0)
    with opened.begin_import(files=other, reading="r"):
        assert len(unfinished(folder / "unfinished")) == 1
    assert not (folder / "unfinished").exists()


def test_a_torn_line_and_a_damaged_block_are_read_again(
    tmp_path: Path, before: Path, clean: tuple
) -> None:
    for damage in ("line", "block", "stray"):
        folder = tmp_path / damage
        shutil.copytree(before, folder)
        opened = Workspace.open(folder)
        assert cut_short(opened, Logbook, "note", call=5, after=True)
        home = next((folder / "unfinished").iterdir())
        if damage == "line":
            book = home / LOGBOOK
            book.write_bytes(book.read_bytes()[:-20])
        elif damage == "block":
            (home / "rows-000001.2.arrow").write_bytes(b"short")
        else:
            (home / "rows-000099.1.arrow").write_bytes(b"never noted")
        begun = bring_in(opened)[0]
        assert begun == {"line": 420, "block": 105, "stray": 525}[damage]
        assert told(opened) == clean


def test_whoever_interrupts_an_import_can_go_on_and_an_error_leaves_nothing(
    tmp_path: Path, before: Path, clean: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    opened = Workspace.open(folder)
    whole = bytes_of(folder)
    for target in ("payload.write_block", "imports.judge", "accept.ZoneFile", "imports.link_in"):
        with monkeypatch.context() as patch:

            def full(*_args: object, **_named: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(f"pathworth.store.{target}", full)
            with pytest.raises(StoreTrouble, match="DISK_FULL"):
                bring_in(opened)
        assert bytes_of(folder) == whole, target

    def interrupt(transaction: ImportTransaction) -> None:
        real = transaction._payload.add

        def add(*given: object) -> None:
            if transaction._payload.rows > 600:
                raise KeyboardInterrupt
            real(*given)

        transaction._payload.add = add

    with pytest.raises(KeyboardInterrupt):
        bring_in(opened, see=interrupt)
    # Four blocks at most were still being written.
    assert bring_in(opened)[0] > 0
    assert told(opened) == clean


def test_what_is_read_again_is_found_by_the_bytes_of_its_files_wherever_they_lie(
    tmp_path: Path, before: Path
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    opened = Workspace.open(folder)
    assert cut_short(opened, Logbook, "note", call=4, after=True)
    moved = tuple(InputFile(f"/elsewhere{one.path}", one.sha256, 1) for one in FILES)
    with opened.begin_import(files=moved, reading="r") as transaction:
        assert transaction.kept > 300
    assert journeys(opened.snapshot())
