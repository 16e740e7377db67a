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
