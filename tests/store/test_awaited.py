"""Shards that lie at an address: nothing is fetched before it is read, and whatever is done, the same comes out."""

from __future__ import annotations

import errno
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.store.made import drawn, journeys, put

from pathworth.base.errors import StoreTrouble
from pathworth.base.json import to_json, to_text
from pathworth.journeys import Journeys, LocalEngine
from pathworth.measure import AskFunnel, AskRetention, AskTransitions
from pathworth.store import (
    Awaited,
    Cluster,
    Copies,
    Erasures,
    Workspace,
    check_store,
    note_away,
    put_back,
    take_backup,
)
from pathworth.store.commits import Places
from pathworth.store.shards import build
from pathworth.store.shared import awaited, places
from pathworth.store.tail.compact import compacting


@dataclass(frozen=True)
class Both:
    """The same workspace twice: with all of its shards, and with shards that lie at an address alone."""

    here: Workspace
    far: Workspace
    copies: Copies

    @property
    def files(self) -> set[str]:
        """The shards that lie in the folder of the one, by name."""
        return {one.name for one in home(self.far).glob("*.shard")}


def home(shop: Workspace) -> Path:
    return shop.path / "snapshots" / shop.snapshot().home


def let_go(shop: Workspace) -> Copies:
    """Leave the shards of a workspace at its address alone, as a build on a cluster does."""
    shop.clusters.save(Cluster("local[2]", shared=str(shop.path.parent / "address")))
    copies = shop.copies()
    assert copies is not None
    built, folder = copies.building(), home(shop)
    found = {
        one.name: copies.shared.put(one, f"{built}/{one.name}") for one in folder.glob("*.shard")
    }
    for name in found:
        (folder / name).unlink()
    note_away(folder, found)
    return copies


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    monkeypatch.setattr(build, "SHARD_EVENTS", 400)
    made = Workspace.create(tmp_path / "here")
    put(made, drawn(1_500, 3), drawn(500, 4))
    shutil.copytree(made.path, tmp_path / "there" / "shop")
    there = Workspace.open(tmp_path / "there" / "shop")
    copies = let_go(there)
    # Opened before, it has the files in memory.
    return Both(made, Workspace.open(there.path), copies)


def answers(shop: Workspace) -> list[str]:
    held = Journeys(shop.snapshot())
    asked = (
        AskTransitions(entities=True, by="plan", money="value", times="quantiles"),
        AskFunnel(steps=("event 0", "event 1")),
        AskRetention(period="day", by="plan"),
    )
    return [to_text(to_json(one.answer(held, engine=LocalEngine(1)))) for one in asked]


def test_what_a_snapshot_holds_is_known_before_any_shard_is_fetched(both: Both) -> None:
    held, other = both.far.snapshot(), both.here.snapshot()
    assert len(held.shards) > 2
    assert all(isinstance(one, Awaited) for one in held.shards)
    assert (held.events, held.entities) == (other.events, other.entities)
    assert list(held.columns) == list(other.columns)
    assert [one.entities for one in held.shards] == [one.entities for one in other.shards]
    assert "00000.shard" in repr(held.shards[0])
    assert both.files == set()


def test_a_shard_comes_when_something_of_it_is_read_and_then_stays(both: Both) -> None:
    held, other = both.far.snapshot(), both.here.snapshot()
    assert held.shards[1].columns["value"].tolist() == other.shards[1].columns["value"].tolist()
    assert both.files == {"00001.shard"}
    assert journeys(held) == journeys(other)
    assert len(both.files) == len(held.shards)
    again = Workspace.open(both.far.path).snapshot()
    assert not any(isinstance(one, Awaited) for one in again.shards)


def test_questions_have_the_same_answers(both: Both) -> None:
    assert answers(both.far) == answers(both.here)


def test_threads_that_need_the_same_shard_fetch_it_once(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched, real = [], awaited.fetch

    def fetch(found: str, place: Path) -> None:
        fetched.append(found)
        real(found, place)

    monkeypatch.setattr(awaited, "fetch", fetch)
    shard = both.far.snapshot().shards[0]
    with ThreadPoolExecutor(4) as pool:
        seen = list(
            pool.map(lambda name: len(getattr(shard, name)), ["name", "seq", "time_us"] * 4)
        )
    assert set(seen) == {shard.events}
    assert len(fetched) == 1


def test_who_has_a_snapshot_open_reads_it_when_its_folder_is_gone(both: Both) -> None:
    held = both.far.snapshot()
    shutil.rmtree(home(both.far))
    assert journeys(held) == journeys(both.here.snapshot())


def test_new_events_join_journeys_that_lie_there(both: Both) -> None:
    for shop in (both.here, both.far):
        put(shop, drawn(60, 9))
    assert journeys(both.far.snapshot()) == journeys(both.here.snapshot())
    assert answers(both.far) == answers(both.here)


@pytest.mark.parametrize("how", ["merge", "build"])
def test_shards_are_written_anew_from_what_lies_there(both: Both, how: str) -> None:
    for shop in (both.here, both.far):
        put(shop, drawn(60, 9))
        shop.compact(how)  # type: ignore[arg-type]
    assert journeys(both.far.snapshot()) == journeys(both.here.snapshot())
    # The new ones lie here; what was there is nobody's any more once the one before it went.
    assert not any(isinstance(one, Awaited) for one in both.far.snapshot().shards)


def test_an_undo_leaves_the_same(both: Both) -> None:
    for shop in (both.here, both.far):
        shop.undo(1)
    assert journeys(both.far.snapshot()) == journeys(both.here.snapshot())


def test_a_column_made_on_demand_holds_the_same(both: Both) -> None:
    held, other = both.far.snapshot(), both.here.snapshot()
    assert "note" in held.on_use
    for one, two in zip(held.shards, other.shards, strict=True):
        assert one.columns["note"].tolist() == two.columns["note"].tolist()


def test_nobody_who_was_erased_is_left_there(both: Both) -> None:
    def holding() -> list[str]:
        files = (one for one in Path(both.copies.shared.address).rglob("*") if one.is_file())
        return [one.name for one in files if "é-9".encode() in one.read_bytes()]

    assert holding()
    for shop in (both.here, both.far):
        Erasures(shop).ask("é-9", because="by mail", by="ann")
        assert Erasures(shop).run().people == 1
    assert holding() == []
    (erased,) = Erasures(both.far).all()
    assert any("cluster" in one.place for one in erased.places)
    assert journeys(both.far.snapshot()) == journeys(both.here.snapshot())


def test_what_lies_there_is_nobody_elses_to_remove(both: Both) -> None:
    names = set(both.copies.shared.names())
    assert len(names) == len(both.far.snapshot().shards)
    assert both.copies.good() == names
    assert both.copies.sweep(everything=True) == 0
    shard = next(iter(both.far.snapshot().shards))
    assert len(shard.name)
    # A file that is here and there is not sent again under another name.
    put_again = both.copies.put(home(both.far) / "00000.shard")
    assert both.copies.shared.names().keys() == names
    assert put_again.startswith("shared:built/")


def test_shards_of_nobody_go(both: Both) -> None:
    both.far.compact("build")
    put(both.far, drawn(60, 9))
    both.far.compact("build")
    assert both.copies.sweep(everything=True) > 0
    assert dict(both.copies.shared.names()) == {}
    assert answers(both.far)


def test_a_backup_is_whole_by_itself(both: Both, tmp_path: Path) -> None:
    def quiet(_what: str, _share: float) -> None:
        return

    file = tmp_path / "backup.zip"
    take_backup(both.far, file, until_us=None, now_us=1, tell=quiet)
    both.copies.clear()
    put_back(file, tmp_path / "again", now_us=2, tell=quiet)
    again = Workspace.open(tmp_path / "again")
    assert not list(again.path.rglob("away.json"))
    assert journeys(again.snapshot()) == journeys(both.here.snapshot())


def test_what_is_being_built_stays_until_it_is_done(both: Both) -> None:
    built = both.copies.building()
    both.copies.shared.put(home(both.here) / "00000.shard", f"{built}/00000.shard")
    with compacting(Places(both.far.path)):
        assert both.copies.sweep() == 0
    assert both.copies.sweep() == 1
    assert both.copies.good() == set(both.copies.shared.names())


def test_all_of_it_comes_back_before_it_is_removed(both: Both) -> None:
    both.copies.clear()
    assert dict(both.copies.shared.names()) == {}
    assert len(both.files) == len(both.here.snapshot().shards)
    assert journeys(Workspace.open(both.far.path).snapshot()) == journeys(both.here.snapshot())


def test_where_one_does_not_come_back_nothing_is_removed(both: Both) -> None:
    lost = sorted(both.copies.shared.names())[1]
    both.copies.shared.drop(lost)
    before = set(both.copies.shared.names())
    with pytest.raises(StoreTrouble):
        both.copies.clear()
    assert set(both.copies.shared.names()) == before


def test_a_disk_that_is_full_is_told_as_that(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: str, place: Path) -> None:
        place.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(awaited, "fetch", full)
    with pytest.raises(StoreTrouble, match="DISK_FULL"):
        len(both.far.snapshot().shards[0].name)
    assert not [*home(both.far).glob("*.part"), *home(both.far).glob(".*.part")]


def test_a_check_that_cannot_ask_there_says_so(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody:
        def get_file_info(self, _: object) -> None:
            raise OSError("nobody answers")

    monkeypatch.setattr(places, "_opened", lambda address: (Nobody(), address))
    said = next(one for one in check_store(both.far.path) if one.name == "snapshot")
    assert said.state == "look"
    assert "does not answer" in said.says


def test_a_check_looks_at_what_lies_there_without_fetching_it(both: Both) -> None:
    def snapshot() -> tuple[str, str]:
        said = next(one for one in check_store(both.far.path) if one.name == "snapshot")
        return said.state, said.says

    assert snapshot()[0] == "ok"
    assert both.files == set()
    name = sorted(both.copies.shared.names())[0]
    file = Path(both.copies.shared.address) / name
    file.write_bytes(file.read_bytes()[:-1])
    assert snapshot() == (
        "broken",
        f"00000.shard holds {file.stat().st_size} bytes at its address, its manifest says "
        f"{file.stat().st_size + 1}.",
    )
    with pytest.raises(StoreTrouble, match="SNAPSHOT_DAMAGED"):
        len(both.far.snapshot().shards[0].name)
    file.unlink()
    assert snapshot() == ("broken", "00000.shard is missing at its address.")
    with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
        len(Workspace.open(both.far.path).snapshot().shards[0].name)
    # A shard that cannot be had is made anew: all of it lies in the lake.
    assert both.far.compact("build")
    assert journeys(both.far.snapshot()) == journeys(both.here.snapshot())
