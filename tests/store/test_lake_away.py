"""The lake lies at a cluster's address as the same Delta table, whole at every moment, and its files may leave here."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.forked import forks
from tests.store.erased_world import WHO, WORDS, build, found_in, told
from tests.store.made import drawn, put

from pathworth import run
from pathworth.base.errors import StoreTrouble
from pathworth.store import (
    EVENTS,
    Cluster,
    Erasures,
    Keeping,
    Shared,
    Workspace,
    check_store,
    put_back,
    said_under,
    take_backup,
)
from pathworth.store.lake import LOG, MARKER, Lake, mark
from pathworth.store.shards import columns as columns_module
from pathworth.store.shared import away, footer, places, present

NOW = 1_767_960_000_000_000


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "shop")
    for seed in (1, 2, 3):
        put(made, drawn(60, seed))
    return at_address(made, tmp_path / "all")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files leave that were read just now."""
    monkeypatch.setattr(away, "RESTS_S", -1.0)


def at_address(made: Workspace, address: Path, *, keep: float | None = None) -> Workspace:
    made.clusters.save(Cluster("local[2]", shared=str(address), keep_gib=keep))
    return made


def lake_there(made: Workspace) -> Path:
    copies = made.copies()
    assert copies is not None
    return Path(copies.shared.address) / "lake"


def rows_of(folder: Path) -> list[dict]:
    """What a reader of Delta tables finds in a folder, by number."""
    table = DeltaTable(folder).to_pyarrow_table()
    return sorted(table.to_pylist(), key=lambda row: row["seq"])


def files_in(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.glob("zone=*/*")}


def log_in(folder: Path) -> set[str]:
    return {one.name for one in (folder / LOG).iterdir() if one.is_file()}


def entries_in(folder: Path) -> set[tuple[str, bytes]]:
    return {(one.name, one.read_bytes()) for one in (folder / LOG).glob("*.json")}


def same(made: Workspace) -> None:
    """The table there is the one here, to the last file and entry."""
    there, here = lake_there(made), made.path / "lake"
    assert rows_of(there) == rows_of(here)
    assert DeltaTable(there).version() == DeltaTable(here).version()
    assert files_in(there) == set(Lake(here).sizes())
    assert log_in(there) == log_in(here)


def test_the_table_there_is_the_same_after_imports_an_undo_an_erasure_and_keeping(
    tmp_path: Path,
) -> None:
    shop = at_address(build(tmp_path / "shop", person=True), tmp_path / "all")
    done = shop.lake_away.publish()
    assert done is not None
    assert (done.sent, done.gone, done.left) == (len(files_in(shop.path / "lake")), 0, 0)
    same(shop)
    assert list(found_in(lake_there(shop)))
    put(shop, drawn(40, 7))
    shop.lake_away.publish()
    same(shop)
    shop.undo(shop.imports()[-1].result.import_id)
    assert rows_of(lake_there(shop)) != rows_of(shop.path / "lake")
    shop.lake_away.publish()
    same(shop)
    Erasures(shop).ask(WHO, because="by mail", by="ann")
    assert Erasures(shop).run().people == 1
    same(shop)
    assert list(found_in(lake_there(shop), WORDS)) == []
    Keeping(shop).save({EVENTS: "8d"})
    Keeping(shop).run()
    same(shop)
    assert rows_of(lake_there(shop)) == []
    again = shop.lake_away.publish()
    assert again is not None
    assert (again.sent, again.gone) == (0, 0)


def test_every_name_there_is_good_and_a_sweep_leaves_it(shop: Workspace) -> None:
    shop.lake_away.publish()
    copies = shop.copies()
    assert copies is not None
    for file in shop.path.glob("lake/zone=*/*"):
        assert copies.put(file).startswith(f"shared:{file.relative_to(shop.path)}@")
    assert copies.good() == {*copies.shared.names()}
    assert copies.sweep() == copies.sweep(everything=True) == 0
    shop.undo(2)
    # Who reads the table there finds all of it until the next version lies there ...
    assert copies.sweep() == 0
    assert len(rows_of(lake_there(shop))) == 180
    # ... but nobody's rows wait for that where somebody was erased.
    assert copies.sweep(everything=True) == 1


class Ended(BaseException):
    """The process was killed."""


def ends_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Let a process be killed when it has changed so many things at the address."""
    left = [steps]

    def counted(real):
        def step(*args, **named):
            if not left[0]:
                raise Ended
            left[0] -= 1
            return real(*args, **named)

        return step

    for name in ("write", "drop"):
        monkeypatch.setattr(Shared, name, counted(getattr(Shared, name)))


def whole(folder: Path) -> int:
    """How many rows the table in a folder has, each of whose files must be there."""
    sizes = Lake(folder).sizes()
    assert {path: (folder / path).stat().st_size for path in sizes} == sizes
    return len(rows_of(folder))


def moments(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Publish from what is there now, killed after every step in turn, and yield what is there then."""
    address = lake_there(shop).parents[1]
    before = shutil.copytree(address, address.with_name("before"))
    for steps in range(100):
        shutil.rmtree(address)
        shutil.copytree(before, address)
        with monkeypatch.context() as killing:
            ends_after(killing, steps)
            try:
                shop.lake_away.publish()
            except Ended:
                yield lake_there(shop)
                continue
        assert steps > 3
        same(shop)
        return
    raise AssertionError("it never ends")


def test_a_version_there_is_whole_whenever_publishing_is_killed(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.lake_away.publish()
    put(shop, drawn(40, 4))
    shop.undo(2)
    found = [whole(there) for there in moments(shop, monkeypatch)]
    assert set(found) <= {180, 220, 160}
    assert (found[0], found[-1]) == (180, 160)


def test_a_version_between_whose_file_is_gone_is_seen_by_nobody(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.lake_away.publish()
    put(shop, drawn(40, 4))
    shop.undo(4)
    put(shop, drawn(10, 5))
    found = [whole(there) for there in moments(shop, monkeypatch)]
    assert set(found) == {180, 190}
    assert found == sorted(found)


def test_the_first_time_nobody_sees_a_version_that_lacks_a_file(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.undo(3)
    lake_there(shop).mkdir(parents=True)
    found = []
    for there in moments(shop, monkeypatch):
        if DeltaTable.is_deltatable(str(there)):
            found.append(whole(there))
    assert set(found) == {120}


def test_a_file_that_goes_while_it_is_sent_means_the_next_version(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = Shared.write, []

    def meanwhile(self: Shared, file: Path, name: str) -> None:
        asked.append(name)
        if len(asked) == 2:
            shop.undo(2)
            shop.undo(3)
        real(self, file, name)

    monkeypatch.setattr(Shared, "write", meanwhile)
    assert shop.lake_away.publish() is not None
    same(shop)
    assert len(rows_of(lake_there(shop))) == 60


def test_a_log_whose_old_entries_went_is_read_there_all_the_same(shop: Workspace) -> None:
    shop.lake_away.publish()
    put(shop, drawn(30, 8))
    table = DeltaTable(shop.path / "lake")
    table.create_checkpoint()
    # The library does so itself after a month.
    for number in range(table.version()):
        (shop.path / "lake" / LOG / f"{number:020d}.json").unlink()
    put(shop, drawn(20, 9))
    shop.lake_away.publish()
    same(shop)


def test_a_folder_set_back_to_an_earlier_day_is_what_lies_there(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake_there(shop)
    earlier = shutil.copytree(shop.path, tmp_path / "earlier")
    for seed in (4, 5):
        put(shop, drawn(60, seed))
    shop.lake_away.publish()
    for one in shop.path.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    shutil.copytree(earlier, shop.path, dirs_exist_ok=True)
    again = at_address(Workspace.open(shop.path), tmp_path / "all")
    # The numbers, so the names, are those of other events there.
    put(again, drawn(60, 6))
    name = "zone=new/import-00000004.parquet"
    with (lake_there(again) / name).open("r+b") as file:
        file.truncate((again.path / "lake" / name).stat().st_size)
    logs = [entries_in(lake) for lake in (lake_there(again), again.path / "lake")]
    for there in moments(again, monkeypatch):
        # Nobody reads something of both.
        assert any(entries_in(there) <= log for log in logs)
    same(again)
    assert len(rows_of(lake_there(again))) == 240


def test_nothing_leaves_that_was_read_within_the_hour(shop: Workspace) -> None:
    lake = at_address(shop, lake_there(shop).parents[1], keep=0).path / "lake"
    every = files_in(lake)
    one, two, three = (lake / path for path in sorted(every))

    def old(*files: Path) -> None:
        for file in files:
            os.utime(file, (time.time() - 7_200, time.time() - 7_200))

    def left() -> int:
        done = shop.lake_away.publish()
        assert done is not None
        return done.left

    old(one, two)
    # Who reads one may have asked before anything could leave.
    assert left() == 0
    old(lake / MARKER)
    present(two)
    assert left() == 1
    assert files_in(lake) == every - {one.relative_to(lake).as_posix()}
    old(two, three)
    # Something stays: so many bytes.
    at_address(shop, lake_there(shop).parents[1], keep=three.stat().st_size / 2**30)
    assert left() == 1
    assert len(files_in(lake)) == 1
    assert present(one).exists()
    # What came back is read just now.
    at_address(shop, lake_there(shop).parents[1], keep=0)
    assert left() == 1
    assert files_in(lake) == {one.relative_to(lake).as_posix()}


def test_no_file_leaves_that_is_not_whole_there(shop: Workspace, at_once: None) -> None:
    at_address(shop, lake_there(shop).parents[1], keep=0)
    real = Shared.sizes

    def lacking(self: Shared) -> dict[str, int]:
        found = real(self)
        return {path: size + path.endswith("2.parquet") for path, size in found.items()}

    with pytest.MonkeyPatch.context() as other:
        other.setattr(Shared, "sizes", lacking)
        shop.lake_away.publish()
    assert files_in(shop.path / "lake") == {"zone=new/import-00000002.parquet"}


def test_a_file_that_broke_here_does_not_take_the_place_of_a_whole_one(shop: Workspace) -> None:
    shop.lake_away.publish()
    before = rows_of(lake_there(shop))
    file = shop.path / "lake" / "zone=new" / "import-00000002.parquet"
    file.write_bytes(file.read_bytes()[:100])
    copies = shop.copies()
    assert copies is not None
    copies.put(file)
    shop.lake_away.publish()
    assert rows_of(lake_there(shop)) == before
    (lake_there(shop) / "zone=new" / file.name).unlink()
    with pytest.raises(StoreTrouble, match="LAKE_DAMAGED"):
        shop.lake_away.publish()


@pytest.fixture
def both(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> tuple[Workspace, Workspace]:
    """Two workspaces with the same events, of which one keeps no file of its lake."""
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    build(tmp_path / "here", person=True)
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    here, there = (Workspace.open(tmp_path / name) for name in ("here", "there"))
    emptied(at_address(there, tmp_path / "all", keep=0))
    return here, there


def emptied(made: Workspace) -> Workspace:
    done = made.lake_away.publish()
    assert done is not None
    assert files_in(made.path / "lake") == set()
    return made


def checked(made: Workspace) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in check_store(made.path)]


def quiet(_what: str, _share: float) -> None:
    pass


def test_answers_are_the_same_where_no_file_of_the_lake_is_here(
    both: tuple[Workspace, Workspace],
) -> None:
    here, there = both

    def alike() -> None:
        emptied(there)
        assert checked(there) == checked(here)
        assert files_in(there.path / "lake") == set()
        assert told(there) == told(here)
        for name in ("note", "plan"):
            made = [one.snapshot(having=[name]).columns.get(name) for one in both]
            found = [None if one is None else [*one.values] for one in made]
            assert found[0] == found[1]
        assert said_under(there, [WHO, "p1"]) == said_under(here, [WHO, "p1"])

    alike()
    for one in both:
        assert one.compact("build")
    alike()
    for one in both:
        put(one, drawn(50, 9))
    alike()
    previews = [one.undo_preview(1) for one in both]
    assert previews[0] == previews[1]
    undone = [one.undo(1) for one in both]
    assert undone[0] == undone[1]
    alike()
    for one in both:
        Erasures(one).ask(WHO, because="by mail", by="ann")
        assert Erasures(one).run().people == 1
    hits = [Erasures(one).all()[0].searched for one in both]
    assert hits[0] is not None
    assert hits[1] is not None
    assert (hits[0].hits, hits[0].words) == (hits[1].hits, hits[1].words)
    alike()
    for one in both:
        Keeping(one).save({EVENTS: "8d"})
    assert Keeping(there).preview() == Keeping(here).preview()
    for one in both:
        Keeping(one).run()
    alike()
    assert there.snapshot().events == 0


def test_a_backup_is_whole_where_no_file_of_the_lake_is_here(
    both: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    here, there = both
    take_backup(there, tmp_path / "backup", until_us=None, now_us=NOW, tell=quiet)
    put_back(tmp_path / "backup", tmp_path / "back", now_us=NOW, tell=quiet)
    shutil.rmtree(tmp_path / "all")
    back = Workspace.open(tmp_path / "back")
    assert not (back.path / "lake" / MARKER).exists()
    assert rows_of(back.path / "lake") == rows_of(here.path / "lake")
    assert told(back) == told(here)
    assert {one.state for one in check_store(back.path)} == {"ok"}


def test_a_part_of_a_file_is_read_without_the_rest(both: tuple[Workspace, Workspace]) -> None:
    here, there = both
    for path in Lake(here.path / "lake").sizes():
        assert footer(there.path / "lake" / path).equals(footer(here.path / "lake" / path))
    assert files_in(there.path / "lake") == set()
    Keeping(there).save({EVENTS: "90000d"})
    assert Keeping(there).preview() == ()
    assert files_in(there.path / "lake") == set()


def test_what_is_away_and_nowhere_is_broken_and_what_cannot_be_asked_is_looked_at(
    both: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, there = both

    def lake() -> tuple[str, str]:
        (one,) = (one for one in check_store(there.path) if one.name == "lake")
        return one.state, one.says

    state, says = lake()
    assert state == "ok"
    assert f"of them in {lake_there(there)} alone" in says
    with monkeypatch.context() as broken:
        broken.setattr(places, "_files", no_network)
        assert lake()[0] == "look"
    file = there.path / "lake" / "zone=new" / "import-00000002.parquet"
    (tmp_path / "all").rename(tmp_path / "gone")
    with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
        present(file)
    assert lake()[0] == "broken"
    (tmp_path / "gone").rename(tmp_path / "all")
    (lake_there(there) / "zone=new" / file.name).write_bytes(b"PAR1")
    assert lake()[0] == "broken"
    with pytest.raises(StoreTrouble, match="LAKE_DAMAGED"):
        present(file)
    assert files_in(there.path / "lake") == set()
    assert not any(there.path.glob("lake/_fetching/*.part"))


def no_network(*_: object) -> None:
    raise OSError("no network")


def test_several_who_ask_for_a_file_at_once_fetch_it_once(
    both: tuple[Workspace, Workspace],
) -> None:
    here, there = both
    name = "lake/zone=new/import-00000001.parquet"
    with forks("tests.store.fetching") as one, forks("tests.store.fetching") as other:
        for child in (one, other):
            child.begin(there.path / name)
        said = [child.end() for child in (one, other)]
    assert [ended for _, ended in said] == [0, 0]
    words = [word for spoken, _ in said for word in spoken]
    assert words.count("fetches") == 1
    assert {*words} - {"fetches", "ready"} == {
        hashlib.sha256((here.path / name).read_bytes()).hexdigest()
    }


def test_what_a_killed_one_was_fetching_is_removed_and_fetched_again(
    both: tuple[Workspace, Workspace],
) -> None:
    _, there = both
    file = there.path / "lake" / "zone=new" / "import-00000001.parquet"
    with forks("tests.store.fetching") as child:
        child.begin(file)
        while child.line() != "fetches":
            pass
        part = next(there.path.glob("lake/_fetching/*.part"))
        # Whoever opens the workspace leaves alone what is being fetched.
        Workspace.open(there.path)
        assert part.exists()
        child.kill()
    assert part.exists()
    Workspace.open(there.path)
    assert not part.parent.exists()
    assert present(file).exists()


def test_a_file_that_leaves_the_table_while_it_is_fetched_does_not_come_back(
    both: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = both
    real, file = Shared.chunks, there.path / "lake" / "zone=new" / "import-00000002.parquet"
    first_file = file.with_name("import-00000001.parquet")
    begun: list[str] = []

    def meanwhile(self: Shared, name: str) -> Iterator[bytes]:
        first = not begun
        begun.append(name)
        yield from real(self, name)
        if first:
            # The undo, which reads it, would wait for who fetches it.
            first_file.parent.mkdir(exist_ok=True)
            shutil.copy(here.path / "lake" / "zone=new" / first_file.name, first_file)
            undoing = threading.Thread(target=there.undo, args=(1,))
            undoing.start()
            undoing.join()

    monkeypatch.setattr(Shared, "chunks", meanwhile)
    with pytest.raises(FileNotFoundError):
        present(first_file)
    assert not first_file.exists()
    emptied(there)
    with pytest.raises(FileNotFoundError):
        present(first_file)
    assert present(file).exists()


def test_all_comes_back_before_anything_at_the_address_goes(
    both: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = both
    real, begun, held = Shared.chunks, list[str](), there.clusters.read()

    def fails(self: Shared, name: str) -> Iterator[bytes]:
        begun.append(name)
        if len(begun) == 2:
            raise StoreTrouble("SHARED_UNREACHABLE", "It does not answer.", "Look at the network.")
        yield from real(self, name)

    opened, address = run.open_workspace(there.path), lake_there(there)
    before = rows_of(address)
    for ending in (
        lambda: run.forget_cluster(opened),
        lambda: run.set_cluster(opened, shared="elsewhere"),
        lambda: run.set_cluster(opened, keep_gib=run.ALL_STAY),
    ):
        begun.clear()
        with monkeypatch.context() as broken:
            broken.setattr(Shared, "chunks", fails)
            with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
                ending()
        assert there.clusters.read() == held
        assert rows_of(address) == before
        emptied(there)
        assert told(there) == told(here)
        emptied(there)
    run.forget_cluster(opened)
    assert there.copies() is None
    assert not (there.path / "lake" / MARKER).exists()
    assert not any(one.is_file() for one in address.parents[1].rglob("*"))
    assert rows_of(there.path / "lake") == rows_of(here.path / "lake")
    assert told(there) == told(here)
    assert checked(there) == checked(here)


def test_another_address_gets_all_of_the_lake(
    both: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    here, there = both
    before = lake_there(there)
    run.set_cluster(run.open_workspace(there.path), shared=str(tmp_path / "other"))
    assert files_in(before) == set()
    assert files_in(there.path / "lake") == files_in(here.path / "lake")
    emptied(there)
    assert rows_of(lake_there(there)) == rows_of(here.path / "lake")
    assert told(there) == told(here)


def test_a_folder_that_was_copied_while_files_were_away_gets_all_of_them(
    both: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    here, there = both
    other = Workspace.open(shutil.copytree(there.path, tmp_path / "copy"))
    emptied(other)
    assert lake_there(other) != lake_there(there)
    shutil.rmtree(lake_there(there))
    assert told(other) == told(here)


def test_without_a_marker_a_file_that_is_missing_is_missing(shop: Workspace) -> None:
    file = shop.path / "lake" / "zone=new" / "import-00000001.parquet"
    file.unlink()
    assert present(file) == file
    with pytest.raises(FileNotFoundError):
        footer(file)
    shop.clusters.forget()
    assert shop.lake_away.publish() is None
    mark(shop.path / "lake", str(shop.path.with_name("nowhere")))
    with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
        present(file)
