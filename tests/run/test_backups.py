"""One command backs a workspace up, one puts it back, and the workspace remembers where its people lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.store.made import drawn, journeys, put
from typer.testing import CliRunner

from pathworth import run
from pathworth.base.errors import PathworthError, Refused, UnknownName, WrongUsage
from pathworth.cli.app import app as command


@pytest.fixture
def shop(tmp_path: Path) -> run.Workspace:
    made = run.init(tmp_path / "shop")
    put(made.store, drawn(120, 4))
    return made


def asked(*words: object) -> dict:
    done = CliRunner().invoke(command, [*map(str, words), "--json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)


def test_two_commands_bring_a_workspace_into_another_folder(shop, tmp_path):
    file = tmp_path / "shop.tar"
    made = asked("backup", file, "-w", tmp_path / "shop", "--keep", "30d")
    assert (made["path"], made["seq"], made["state"]) == (str(file), 120, "there")
    assert made["throw_away_at"][:10] > made["taken_at"][:10]
    checked = asked("restore", file, "--check")
    assert checked["seq"] == 120
    back = asked("restore", file, tmp_path / "back")
    held = shop.store.snapshot()
    assert (back["events"], back["entities"]) == (held.events, held.entities)
    assert (back["imports"], back["batches"], back["stopped"], back["unknown"]) == (1, 0, [], 0)
    assert journeys(run.open_workspace(tmp_path / "back").store.snapshot()) == journeys(held)


def test_people_are_told_the_same_in_words(shop, tmp_path):
    words = ["backup", str(tmp_path / "shop.tar"), "-w", str(tmp_path / "shop")]
    assert "up to number 120" in CliRunner().invoke(command, words).stdout
    words = ["restore", str(tmp_path / "shop.tar"), "--check"]
    assert "is whole" in CliRunner().invoke(command, words).stdout
    words = ["restore", str(tmp_path / "shop.tar"), str(tmp_path / "back")]
    assert "120 events of 38 people" in CliRunner().invoke(command, words).stdout.replace("\n", " ")
    listed = CliRunner().invoke(command, ["backups", "-w", str(tmp_path / "shop")]).stdout
    assert "there" in listed


def test_a_workspace_remembers_its_backups_and_so_does_one_that_was_put_back(shop, tmp_path):
    first = run.backup(shop, tmp_path / "1.tar", keep="30d")
    second = run.backup(shop, tmp_path / "2.tar")
    assert run.backups(shop) == (first, second)
    assert (second.throw_away_at, second.state) == (None, "there")
    (tmp_path / "1.tar").unlink()
    assert [one.state for one in run.backups(shop)] == ["not there", "there"]
    # The file may have been moved: what it holds must be found from the workspace that comes out of it.
    (tmp_path / "2.tar").rename(tmp_path / "moved.tar")
    run.restore(tmp_path / "moved.tar", tmp_path / "back")
    rows = run.backups(run.open_workspace(tmp_path / "back"))
    assert [Path(one.path).name for one in rows] == ["1.tar", "moved.tar"]
    assert rows[1].bytes == (tmp_path / "moved.tar").stat().st_size


def test_one_that_is_due_says_so_and_one_that_is_gone_can_be_forgotten(shop, tmp_path):
    run.backup(shop, tmp_path / "1.tar", keep="0d")
    assert run.backups(shop)[0].state == "due"
    with pytest.raises(Refused, match="BACKUP_THERE"):
        run.forget_backup(shop, tmp_path / "1.tar")
    with pytest.raises(UnknownName, match="UNKNOWN_BACKUP"):
        run.forget_backup(shop, tmp_path / "2.tar")
    (tmp_path / "1.tar").unlink()
    assert asked("backups", "-w", tmp_path / "shop", "--forget", tmp_path / "1.tar") == {
        "backups": []
    }


def test_a_restore_without_a_folder_is_refused_in_words(tmp_path):
    with pytest.raises(WrongUsage, match="RESTORE_WHERE"):
        asked("restore", tmp_path / "x.tar")
    with pytest.raises(WrongUsage, match="RESTORE_WHERE"):
        asked("restore", tmp_path / "x.tar", tmp_path / "back", "--check")
    with pytest.raises(PathworthError, match="NO_FILE"):
        asked("restore", tmp_path / "x.tar", tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_who_was_erased_after_a_backup_is_erased_from_it_when_it_is_put_back(
    tmp_path: Path,
) -> None:
    """Nobody is brought back: not what lay in files then, nor what waited to be numbered, nor what is said later."""
    shop = run.init(tmp_path / "shop")
    put(shop.store, drawn(120, 4))
    gone, late, early = "é-1", "only-late", "é-3"
    run.arrive(shop, batch(late, "a"))
    run.number(shop)
    run.arrive(shop, batch(gone, "b"))
    run.erase(shop, early, because="asked before the backup")
    file = tmp_path / "shop.tar"
    run.backup(shop, file)
    beside = file.with_name("shop.tar.erased")
    assert not beside.exists()
    run.erase(shop, gone, because="asked by ann@example.nl")
    run.erase(shop, late, because="asked")
    told = beside.read_text()
    assert not any(word in told for word in (f'"{gone}"', late, "ann@", 'salt":"'))
    back = asked("restore", file, tmp_path / "back")
    assert back["erased"] == 2
    opened = run.open_workspace(tmp_path / "back")
    run.number(opened)
    held = opened.store.whole_snapshot(at_once=True)
    ids = {shard.id_of(k) for shard in held.shards for k in range(shard.entities)}
    ids -= {one for one in ids if not any(held.lives(n, k) for n, k in where(held, one))}
    assert ids
    assert not {gone, late, early} & ids
    for who in (gone, late):
        (one,) = run.erasures(opened, person=who).erasures
        assert (one.state, one.searched is not None and one.searched.hits) == ("done", ())
        assert who.encode() not in b"".join(
            path.read_bytes()
            for path in (tmp_path / "back").rglob("*")
            if path.is_file() and len(who) > 4
        )
        run.arrive(opened, batch(who, "again"))
    run.number(opened)
    after = opened.store.whole_snapshot(at_once=True)
    assert after.events == held.events
    assert {row.code for row in run.quarantined(opened)} == {"ERASED_PERSON"}
    # Who puts it back without the list, as from another place, can name it, and is told otherwise.
    moved = file.rename(tmp_path / "moved.tar")
    assert asked("restore", moved, tmp_path / "third")["erased"] is None
    assert asked("restore", moved, tmp_path / "fourth", "--erased", beside)["erased"] == 2
    beside.write_text("{}")
    with pytest.raises(PathworthError, match="ERASED_LIST_DAMAGED"):
        run.restore(moved, tmp_path / "fifth", erased=beside)
    assert not (tmp_path / "fifth").exists()


def batch(who: str, id_: str) -> bytes:
    event = {"event": "e1", "person": who, "time": "2026-03-01T00:00:00Z", "id": id_}
    return json.dumps({"source": "app", "events": [event]}).encode()


def where(held, id_: str):
    from pathworth.store.texts import places_in

    for number, shard in enumerate(held.shards):
        yield from ((number, k) for k in places_in(shard, [id_]).tolist() if k >= 0)
