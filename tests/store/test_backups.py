"""A backup holds a workspace as it stood at one event; whatever happens, there is a whole one or none."""

from __future__ import annotations

import io
import shutil
import tarfile
import threading
from pathlib import Path

import pytest
from tests.forked import forks
from tests.store.backing_up import STEPS
from tests.store.handing_in import body_of, read
from tests.store.made import bytes_of, drawn, journeys, put

from pathworth.base.errors import BadInput, StoreTrouble
from pathworth.store import (
    HandedIn,
    Inbox,
    Workspace,
    backup_notes,
    put_back,
    take_backup,
    unpack_backup,
)
from pathworth.store.backups import freezing
from pathworth.store.commits import Places
from pathworth.store.files import WriterLock
from pathworth.store.shards import columns as columns_module

pytestmark = pytest.mark.slow

NOW = 1_767_960_000_000_000


def quiet(_what: str, _share: float) -> None:
    pass


def take(workspace: Workspace, file: Path, **given):
    return take_backup(workspace, file, **{"until_us": None, "now_us": NOW, "tell": quiet} | given)


def back(file: Path, place: Path) -> Workspace:
    put_back(file, place, now_us=NOW, tell=quiet)
    return Workspace.open(place)


def hand_in(workspace: Workspace, *batches: int) -> None:
    inbox = Inbox(workspace)
    for k in batches:
        inbox.append(HandedIn(body_of(k)))
    inbox.number(read)


def told(workspace: Workspace) -> tuple:
    """Everything that people can see of a workspace's events and imports."""
    held = workspace.snapshot()
    imports = [(one.result, one.source, one.author, one.undone_at) for one in workspace.imports()]
    return journeys(held), held.seq, held.names, dict(held.columns), imports


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> Path:
    """A workspace with all that one can hold: two imports, one undone, a tail, columns on use, an entity, rejects."""
    folder = tmp_path_factory.mktemp("rich") / "shop"
    workspace = Workspace.create(folder, timezone="Europe/Amsterdam")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns_module, "PROMOTED", 2)
        put(workspace, drawn(300, 1))
        gone = put(workspace, drawn(100, 2))
        workspace.undo(gone.import_id)
    workspace.snapshot(having=["note", "plan"])
    workspace.entities.add("plan", by="plan")
    hand_in(workspace, 0, 1)
    Inbox(workspace).append(HandedIn(b"only two"))
    Inbox(workspace).number(read)
    Inbox(workspace).drain()
    hand_in(workspace, 2)
    Inbox(workspace).append(HandedIn(body_of(3)))
    workspace.save_map("journey", "name: journey", author="ann")
    return folder


@pytest.fixture
def shop(rich, tmp_path) -> Path:
    shutil.copytree(rich, tmp_path / "shop")
    return tmp_path / "shop"


def test_what_is_put_back_is_what_was_there(shop, tmp_path):
    workspace = Workspace.open(shop)
    note = take(workspace, tmp_path / "shop.tar", until_us=NOW + 1_000_000)
    restored = back(tmp_path / "shop.tar", tmp_path / "back")
    assert told(restored) == told(workspace)
    assert restored.timezone == "Europe/Amsterdam"
    assert restored.maps() == workspace.maps()
    assert Inbox(restored).quarantined() == Inbox(workspace).quarantined()
    assert Inbox(restored).waiting() == Inbox(workspace).waiting()
    assert Inbox(restored).count() == Inbox(workspace).count()
    assert note.bytes == (tmp_path / "shop.tar").stat().st_size
    assert note.seq == workspace.snapshot().seq
    # What waited goes on where it stood, in the one as in the other, and an event that comes again is known.
    for one in (workspace, restored):
        hand_in(one, 0, 1, 2, 4)
        Inbox(one).drain()
    assert told(restored) == told(workspace)


def test_declared_entities_and_columns_that_were_made_on_use_need_not_be_made_again(shop, tmp_path):
    workspace = Workspace.open(shop)
    assert workspace.entities.lacking() == ()
    take(workspace, tmp_path / "shop.tar")
    back(tmp_path / "shop.tar", tmp_path / "back")
    for folder in ("columns", "entities", "fingerprints", "lake"):
        assert bytes_of(tmp_path / "back" / folder) == bytes_of(shop / folder), folder
        assert bytes_of(shop / folder), folder


def test_what_only_passes_through_stays_out(shop, tmp_path):
    # What is staged is carried on or taken back before.
    for name in freezing._PASSING - {freezing.ASIDE, "staging"}:
        (shop / name).mkdir(exist_ok=True)
        (shop / name / "of-nobody").write_text("x")
    (shop / "lake" / "zone=new" / "import-00000099.parquet").write_text("never committed")
    workspace = Workspace(shop)
    take(workspace, tmp_path / "shop.tar")
    held = {one.path for one in unpack_backup(tmp_path / "shop.tar", None, tell=quiet).files}
    assert not any("of-nobody" in path or "00000099" in path for path in held)
    assert not any(path.endswith((".lock", "-wal", "-shm")) for path in held)
    there = {"workspace.db", "current", "lake", "snapshots", "fingerprints", "entities", "columns"}
    assert there <= {path.split("/")[0] for path in held}


def test_no_file_that_has_a_second_name_is_ever_changed_in_place(shop):
    workspace = Workspace.open(shop)
    with workspace.writing.alone():
        freezing.freeze(Places(shop))
    aside = freezing.aside_of(Places(shop))
    before = bytes_of(aside)
    assert len(before) > 20
    workspace.snapshot(having=["Price (EUR)", "since"])
    put(workspace, drawn(1200, 5))
    Inbox(workspace).number(read)
    Inbox(workspace).drain()
    hand_in(workspace, 6)
    workspace.compact("build")
    workspace.undo(1)
    workspace.entities.renew()
    assert bytes_of(aside) == before


def test_events_are_handed_in_while_the_names_are_being_taken(shop, tmp_path, monkeypatch):
    workspace, taken = Workspace.open(shop), []
    real = freezing.freeze

    def freeze(places: Places) -> None:
        lock = WriterLock(places.lock)
        assert not lock.take_within(0)
        taken.append(Inbox(workspace).append(HandedIn(body_of(7))))
        real(places)
        taken.append(Inbox(workspace).append(HandedIn(body_of(8))))

    monkeypatch.setattr("pathworth.store.backups.taking.freeze", freeze)
    batches = Inbox(workspace).count()[1]
    take(workspace, tmp_path / "shop.tar")
    assert len(taken) == 2
    # What comes after the backup's moment is not in it.
    assert Inbox(back(tmp_path / "shop.tar", tmp_path / "back")).count()[1] == batches


def test_a_backup_under_load_holds_what_was_acknowledged_before_it_once_and_answers_alike(tmp_path):
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(200, 3))
    over = threading.Event()

    def number() -> None:
        mine, turns = Inbox(Workspace.open(tmp_path / "shop")), 0
        while not over.is_set():
            mine.number(read)
            turns += 1
            if turns % 4 == 0:
                mine.drain()

    def append() -> None:
        mine = Inbox(workspace)
        for k in range(100, 160):
            mine.append(HandedIn(body_of(k)))
            safe.append(k)

    safe: list[int] = []
    threads = [threading.Thread(target=number), threading.Thread(target=append)]
    for one in threads:
        one.start()
    files, before = [], []
    for k in range(4):
        while len(safe) < 10 * (k + 1):
            over.wait(0.005)
        before.append(list(safe))
        files.append(tmp_path / f"{k}.tar")
        seq = take(workspace, files[-1]).seq
        assert seq >= 200
    threads[1].join()
    over.set()
    threads[0].join()
    for k, file in enumerate(files):
        restored = back(file, tmp_path / f"back-{k}")
        seq = unpack_backup(file, None, tell=quiet).seq
        assert restored.snapshot().seq == seq
        # A workspace that was stopped at that number.
        batches = (seq - 200) // 10
        stopped = Workspace.create(tmp_path / f"stopped-{k}")
        put(stopped, drawn(200, 3))
        hand_in(stopped, *range(100, 100 + batches))
        assert journeys(restored.snapshot()) == journeys(stopped.snapshot())
        # What was safe before and is not numbered yet is numbered now; nothing comes twice.
        Inbox(restored).number(read)
        held = [row for rows in journeys(restored.snapshot()).values() for row in rows[:-1]]
        times = sorted(row[0] for row in held if row[2] == "click")
        assert len(times) == len(set(times))
        assert {moment // 100 for moment in times} >= set(before[k])


@pytest.fixture(scope="module")
def backing_up():
    with forks("tests.store.backing_up") as held:
        yield held


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS["take"])
def test_a_process_that_ends_while_it_backs_up_leaves_a_whole_backup_or_none(
    shop, tmp_path, backing_up, step, when
):
    file = tmp_path / "shop.tar"
    before = told(Workspace.open(shop))
    assert backing_up.run("take", shop, file, step, when) == ([], 9)
    workspace = Workspace.open(shop)
    assert told(workspace) == before
    assert not freezing.aside_of(Places(shop)).exists()
    notes = backup_notes(workspace)
    if file.exists():
        assert step == "sync_file"
        assert told(back(file, tmp_path / "back")) == before
        assert notes[0].bytes == file.stat().st_size
        file.unlink()
    elif (step, when) != ("remember", "before"):
        # Part of it may lie there: whoever is erased must be told of it.
        assert [one.path for one in notes] == [str(file)]
    assert take(workspace, file).bytes
    assert told(back(file, tmp_path / "again")) == before
    assert sorted(one.name for one in tmp_path.glob(".*")) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS["put"])
def test_a_process_that_ends_while_it_restores_leaves_a_whole_workspace_or_none(
    shop, tmp_path, backing_up, step, when
):
    workspace = Workspace.open(shop)
    take(workspace, tmp_path / "shop.tar")
    place = tmp_path / "back"
    assert backing_up.run("put", place, tmp_path / "shop.tar", step, when) == ([], 9)
    if place.exists():
        assert step == "sync_file"
        assert told(Workspace.open(place)) == told(workspace)
    else:
        assert told(back(tmp_path / "shop.tar", place)) == told(workspace)
    assert sorted(one.name for one in tmp_path.glob(".*")) == []


@pytest.fixture(scope="module")
def packed(rich, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    shutil.copytree(rich, folder / "shop")
    take(Workspace.open(folder / "shop"), folder / "shop.tar")
    return folder / "shop.tar"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.97, 1.0])
def test_a_backup_that_was_cut_short_is_refused_and_nothing_is_left(packed, tmp_path, share):
    with tarfile.open(packed) as tar:
        last = tar.getmembers()[-1]
    # Behind its last byte there is only padding.
    end = last.offset_data + last.size
    (tmp_path / "cut.tar").write_bytes(packed.read_bytes()[: int((end - 1) * share)])
    refused(tmp_path / "cut.tar", tmp_path / "back")


@pytest.mark.parametrize("part", range(24))
def test_a_backup_with_one_byte_changed_is_refused_wherever_that_is(packed, tmp_path, part):
    data = bytearray(packed.read_bytes())
    with tarfile.open(packed) as tar:
        members = tar.getmembers()
    # In the middle of a file, or in the size that stands before it.
    member = members[part * (len(members) - 1) // 23]
    at = member.offset_data + member.size // 2 if part % 2 else member.offset_data - 512 + 130
    data[at] ^= 0x01
    (tmp_path / "bad.tar").write_bytes(data)
    refused(tmp_path / "bad.tar", tmp_path / "back")


def refused(file: Path, place: Path) -> None:
    with pytest.raises(BadInput, match="BACKUP_DAMAGED"):
        unpack_backup(file, None, tell=quiet)
    with pytest.raises(BadInput, match="BACKUP_DAMAGED"):
        put_back(file, place, now_us=NOW, tell=quiet)
    assert not place.exists()
    assert [one.name for one in place.parent.glob(".*")] == []


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a/../../outside", "twice"])
def test_no_file_is_written_outside_of_the_folder_or_twice(packed, tmp_path, name):
    shutil.copy(packed, tmp_path / "bad.tar")
    with tarfile.open(tmp_path / "bad.tar", "a") as tar:
        for _ in range(2):
            tar.addfile(head(name, 3), io.BytesIO(b"bad"))
    refused(tmp_path / "bad.tar", tmp_path / "deep" / "back")
    assert not list(tmp_path.rglob("outside"))


def test_a_link_in_a_backup_is_refused(packed, tmp_path):
    shutil.copy(packed, tmp_path / "bad.tar")
    with tarfile.open(tmp_path / "bad.tar", "a") as tar:
        link = head("current2", 0)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    refused(tmp_path / "bad.tar", tmp_path / "back")


def head(name: str, size: int) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size = size
    return made


def test_a_folder_that_holds_something_is_refused(packed, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("mine")
    with pytest.raises(BadInput, match="FOLDER_NOT_EMPTY"):
        put_back(packed, tmp_path / "full", now_us=NOW, tell=quiet)
    Workspace.create(tmp_path / "other")
    with pytest.raises(BadInput, match="WORKSPACE_EXISTS"):
        put_back(packed, tmp_path / "other", now_us=NOW, tell=quiet)
    assert (tmp_path / "full" / "letter").read_text() == "mine"


def test_a_backup_that_is_there_already_is_not_written_over(shop, tmp_path):
    (tmp_path / "shop.tar").write_text("mine")
    with pytest.raises(BadInput, match="BACKUP_EXISTS"):
        take(Workspace.open(shop), tmp_path / "shop.tar")
    with pytest.raises(BadInput, match="NO_FOLDER"):
        take(Workspace.open(shop), tmp_path / "nowhere" / "shop.tar")
    assert (tmp_path / "shop.tar").read_text() == "mine"
    assert backup_notes(Workspace.open(shop)) == ()


def test_a_newer_programs_backup_is_refused(shop, tmp_path, monkeypatch):
    monkeypatch.setattr("pathworth.store.backups.taking.HEAD", "9000")
    take(Workspace.open(shop), tmp_path / "shop.tar")
    with pytest.raises(BadInput, match="BACKUP_TOO_NEW"):
        put_back(tmp_path / "shop.tar", tmp_path / "back", now_us=NOW, tell=quiet)
    assert not (tmp_path / "back").exists()


def test_one_backup_is_taken_at_a_time(shop, tmp_path):
    lock = WriterLock(freezing.lock_of(Places(shop)))
    lock.take()
    with pytest.raises(StoreTrouble, match="WORKSPACE_BUSY"):
        take(Workspace.open(shop), tmp_path / "shop.tar")
    lock.give_back()
    assert take(Workspace.open(shop), tmp_path / "shop.tar").bytes


def test_a_full_disk_leaves_no_part_of_a_backup_and_no_part_of_a_workspace(
    shop, small_disk, tmp_path
):
    workspace, disk = Workspace.open(shop), small_disk("300k")
    with pytest.raises(StoreTrouble, match="DISK_FULL"):
        take(workspace, disk / "shop.tar")
    assert list(disk.iterdir()) == []
    assert backup_notes(workspace) == ()
    assert not freezing.aside_of(Places(shop)).exists()
    take(workspace, tmp_path / "shop.tar")
    with pytest.raises(StoreTrouble, match="DISK_FULL"):
        put_back(tmp_path / "shop.tar", disk / "back", now_us=NOW, tell=quiet)
    assert list(disk.iterdir()) == []
