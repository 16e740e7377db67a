"""The doctor finds each fault, made for real, and says what to do; nothing else is blamed for it."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from importlib import metadata

import pytest
from tests.store.made import bytes_of, drawn, put
from typer.testing import CliRunner

from pathworth import run, store
from pathworth.base.errors import StoreTrouble
from pathworth.cli.app import app as command

DAY_US = 86_400_000_000
NAMES = [
    "versions",
    "disk",
    "database",
    "lake",
    "snapshot",
    "columns",
    "entities",
    "ids",
    "unfinished",
    "caches",
    "clock",
    "jobs",
    "deliveries",
    "logins",
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("doctor") / "shop"
    workspace = store.Workspace.create(folder)
    put(workspace, drawn(200, 1))
    put(workspace, drawn(100, 2))
    return folder


@pytest.fixture
def shop(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "shop")
    return tmp_path / "shop"


def found(folder, name):
    report = run.doctor(folder)
    others = {one.name for one in report.checks if one.state != "ok"} - {name}
    return next(one for one in report.checks if one.name == name), others


def only_file(folder, pattern):
    return sorted(folder.glob(pattern))[-1]


def broken(folder, name, word, also=()):
    one, others = found(folder, name)
    assert one.state == "broken", one
    assert word in one.says
    assert one.remedy
    assert others <= set(also)


def test_a_sound_workspace_is_found_sound_and_not_a_byte_is_changed(shop):
    before = bytes_of(shop)
    report = run.doctor(shop)
    assert [one.name for one in report.checks] == list(NAMES)
    assert {one.name: one.state for one in report.checks} == dict.fromkeys(NAMES, "ok")
    assert report.state == "ok"
    assert bytes_of(shop) == before


def test_a_workspace_without_a_single_event_is_sound(tmp_path):
    run.init(tmp_path / "new")
    assert run.doctor(tmp_path / "new").state == "ok"


def test_a_folder_without_a_workspace_is_said_to_be_one(tmp_path):
    report = run.doctor(tmp_path)
    assert report.state == "broken"
    assert "no workspace" in next(one for one in report.checks if one.name == "workspace").says


def test_a_damaged_page_of_the_database(shop):
    held = bytearray((shop / "workspace.db").read_bytes())
    held[4096:8192] = os.urandom(4096)
    (shop / "workspace.db").write_bytes(held)
    one, _ = found(shop, "database")
    assert one.state == "broken"
    assert "backup" in one.remedy


def test_a_database_of_a_newer_program(shop):
    with sqlite3.connect(shop / "workspace.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    broken(shop, "database", "9999")


def test_a_torn_file_of_the_lake(shop):
    file = only_file(shop, "lake/zone=*/*.parquet")
    file.write_bytes(file.read_bytes()[:-10])
    broken(shop, "lake", "bytes", also={"snapshot", "ids"})


def test_a_missing_file_of_the_lake(shop):
    only_file(shop, "lake/zone=*/*.parquet").unlink()
    broken(shop, "lake", "missing", also={"snapshot", "ids"})


def test_a_missing_shard(shop):
    current = (shop / "current").read_text()
    (shop / "snapshots" / current / "00000.shard").unlink()
    broken(shop, "snapshot", "00000.shard is missing")


def test_a_torn_shard(shop):
    current = (shop / "current").read_text()
    shard = shop / "snapshots" / current / "00000.shard"
    shard.write_bytes(shard.read_bytes()[:-1])
    broken(shop, "snapshot", "its manifest says")


def test_a_shard_of_the_right_size_that_holds_nonsense(shop):
    current = (shop / "current").read_text()
    folder = shop / "snapshots" / current
    manifest = json.loads((folder / "manifest.json").read_text())
    block = manifest["shards"][0]["blocks"]["time_us"]
    shard = folder / "00000.shard"
    held = bytearray(shard.read_bytes())
    size = 8 * block["count"]
    held[block["at"] : block["at"] + size] = held[block["at"] : block["at"] + size][::-1]
    shard.write_bytes(held)
    broken(shop, "snapshot", "out of order")


def test_a_torn_manifest(shop):
    current = (shop / "current").read_text()
    manifest = shop / "snapshots" / current / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:100])
    one, _ = found(shop, "snapshot")
    assert one.state == "broken"


def test_a_snapshot_that_lacks_the_last_import(shop):
    before = sorted(p.name for p in (shop / "snapshots").iterdir())[0]
    (shop / "current").write_text(before)
    broken(shop, "snapshot", "the lake", also={"ids"})


def test_ids_that_were_lost(shop):
    for column in ("high", "low", "content"):
        for file in shop.glob(f"fingerprints/*/{column}"):
            file.write_bytes(file.read_bytes()[: -8 * 50])
    broken(shop, "ids", "twice")


def test_a_torn_run_of_ids(shop):
    file = only_file(shop, "fingerprints/*/low")
    file.write_bytes(file.read_bytes()[:-8])
    broken(shop, "ids", "torn")


def test_an_import_that_was_cut_short_is_seen_and_left_as_it_is(shop):
    staging = shop / "staging" / "00000003" / "rows"
    staging.mkdir(parents=True)
    one, others = found(shop, "unfinished")
    assert (one.state, others) == ("look", set())
    assert "00000003" in one.says
    assert staging.exists()
    assert run.doctor(shop).state == "look"


def test_an_import_that_is_being_written_is_no_fault(shop):
    (shop / "staging" / "00000003").mkdir(parents=True)
    script = (
        "import sys, time; from pathlib import Path; from pathworth.store.files import WriterLock;"
        "WriterLock(Path(sys.argv[1]) / 'writer.lock').take(); print('taken', flush=True);"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(shop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        one, _ = found(shop, "unfinished")
        writer.kill()
    assert one.state == "ok"
    assert "being written" in one.says


def test_a_disk_with_hardly_any_room_left(whole, tmp_path):
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only the superuser can make a small disk")
    small = tmp_path / "small"
    small.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no small disk can be made here")
    try:
        shutil.copytree(whole, small / "shop")
        broken(small / "shop", "disk", "free")
        # Full to the last byte: it is still found out, and nothing else is blamed.
        with (small / "filler").open("wb") as out:
            try:
                while True:
                    out.write(b"0" * 65_536)
                    out.flush()
            except OSError:
                pass
        broken(small / "shop", "disk", "free")
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)


def test_a_clock_that_was_set_back(shop):
    with sqlite3.connect(shop / "workspace.db") as connection:
        connection.execute("update imports set committed_at = '2999-01-01T00:00:00Z'")
    connection.close()
    broken(shop, "clock", "still to come")


def test_events_of_the_day_after_tomorrow(shop):
    ahead = time.time_ns() // 1000 + 3 * DAY_US
    put(store.Workspace.open(shop), [{"entity": "a", "name": "x", "time_us": ahead}])
    one, others = found(shop, "clock")
    assert (one.state, others) == ("look", set())


def test_a_time_zone_that_this_machine_does_not_know(shop):
    with sqlite3.connect(shop / "workspace.db") as connection:
        connection.execute("""update settings set value = '"Mars/North"' where key = 'timezone'""")
    connection.close()
    broken(shop, "clock", "Mars/North")


def test_a_cache_that_cannot_be_written(shop, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PATHWORTH_CACHE", str(tmp_path / "file" / "cache"))
    one, others = found(shop, "caches")
    assert (one.state, others) == ("look", set())


def test_a_job_that_failed_and_one_that_nobody_runs(shop):
    table = store.Jobs(store.Workspace.open(shop))
    table.register("check", period="every night", next_us=1)
    one, _ = found(shop, "jobs")
    assert (one.state, "check" in one.says) == ("look", True)
    epoch = table.take("check", holder="me", now_us=5, until_us=10)
    table.end("check", epoch=epoch, ended_us=6, next_us=9**18, result=None, error="No room.")
    broken(shop, "jobs", "No room.")


def test_being_reached_from_elsewhere_without_an_admin(shop):
    held = store.Logins(store.Workspace.open(shop))
    held.note_binding(run.Binding("0.0.0.0", ("journeys.example.com",)).to_text())
    broken(shop, "logins", "journeys.example.com")
    held.add("ann", role="admin", password="hash", now_us=1)
    assert found(shop, "logins")[0].state == "ok"


def test_a_library_that_is_too_old(shop, monkeypatch):
    doctor = importlib.import_module("pathworth.run.serving.doctor")
    real = doctor.metadata.version
    monkeypatch.setattr(
        doctor.metadata, "version", lambda name: "0.9.1" if name == "fastapi" else real(name)
    )
    broken(shop, "versions", "fastapi")


def test_the_nightly_check_is_the_same_look(shop):
    opened = run.open_workspace(shop)
    assert "all well" in run.check_stored(opened)
    only_file(shop, "lake/zone=*/*.parquet").unlink()
    with pytest.raises(StoreTrouble) as raised:
        run.check_stored(opened)
    assert raised.value.code == "WORKSPACE_DAMAGED"


@pytest.mark.parametrize("harm", [False, True])
def test_the_command_leaves_with_1_when_something_is_broken(shop, harm):
    if harm:
        only_file(shop, "lake/zone=*/*.parquet").unlink()
    plain = CliRunner().invoke(command, ["doctor", "-w", str(shop)])
    told = CliRunner().invoke(command, ["doctor", "-w", str(shop), "--json"])
    assert plain.exit_code == told.exit_code == int(harm)
    report = json.loads(told.stdout)
    assert report["state"] == ("broken" if harm else "ok")
    assert [one["name"] for one in report["checks"]] == list(NAMES)


def test_the_command_says_which_it_is():
    found = CliRunner().invoke(command, ["--version"])
    assert (found.exit_code, found.stdout) == (0, f"pathworth {metadata.version('pathworth')}\n")
