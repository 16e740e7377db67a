"""An import killed at any moment, or out of disk, leaves the workspace as before or as after."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.forked import Forks, forks
from tests.store.crash_moments import Killed, end_at
from tests.store.made import Row, bytes_of, drawn, journeys, put

from pathworth.base.errors import PathworthError, StoreTrouble
from pathworth.store import ImportTransaction, Workspace, accept as accept_module

EVENTS = 800
KILLS = [12, pytest.param(50, marks=pytest.mark.soak)]
"""So many in every run, and so many where there is patience."""


@pytest.fixture(scope="module")
def importer() -> Iterator[Forks]:
    """Imports the same rows into any folder, and can be killed while it does."""
    with forks("tests.store.crashing") as program:
        yield program


def begin(importer: Forks, folder: Path) -> None:
    """Start an import, and wait until it has begun."""
    importer.begin(folder, 9, EVENTS)
    assert importer.line() == "begun"


def told(workspace: Workspace) -> tuple:
    """Every answer that must not depend on how often the import was killed."""
    snapshot = workspace.snapshot()
    return (
        journeys(snapshot),
        snapshot.seq,
        snapshot.names,
        dict(snapshot.columns),
        [record.result for record in workspace.imports() if record.result.accepted],
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crashes") / "before"
    put(Workspace.create(folder), drawn(200, 1))
    return folder


@pytest.fixture(scope="module")
def clean(before: Path) -> Workspace:
    folder = before.parent / "clean"
    shutil.copytree(before, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accept_module, "ZONED_FROM", 500)
        put(Workspace.open(folder), drawn(EVENTS, 9))
    return Workspace.open(folder)


@pytest.mark.parametrize("kills", KILLS)
def test_an_import_killed_at_random_moments_and_run_again_is_one_clean_import(
    tmp_path: Path, before: Path, clean: Workspace, importer: Forks, kills: int
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    whole = 0.0
    for _ in range(2):
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        begin(importer, folder)
        begun = time.monotonic()
        assert importer.end() == ([], 0)
        whole = time.monotonic() - begun
    rng = random.Random(20)
    ends = []
    for _ in range(kills):
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        begin(importer, folder)
        time.sleep(rng.uniform(0, whole))
        ends.append(importer.kill()[1])
        opened = Workspace.open(folder)
        kept = before if opened.snapshot().events == 200 else clean.path
        assert journeys(opened.snapshot()) == journeys(Workspace.open(kept).snapshot())
        assert bytes_of(folder / "snapshots") == bytes_of(kept / "snapshots")
        assert sorted(bytes_of(folder / "lake")) == sorted(bytes_of(kept / "lake"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(accept_module, "ZONED_FROM", 500)
            put(opened, drawn(EVENTS, 9))
        assert told(opened)[:4] == told(clean)[:4]
        assert sum(record.result.accepted for record in opened.imports()) == 200 + EVENTS
        assert not (folder / "staging").exists()
    assert ends.count(True) >= kills // 4


MOMENTS = [
    "commits.write_whole",
    "commits.sync_tree",
    "commits.move_in",
    "commits._note",
    "commits.clear",
    "Lake.commit",
    "imports.stage_zones",
    "imports.stage_snapshot",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_end_before_or_after_every_step_of_the_commit_is_carried_on_or_taken_back(
    tmp_path: Path,
    before: Path,
    clean: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    after: bool,
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    monkeypatch.setattr(accept_module, "ZONED_FROM", 500)
    with monkeypatch.context() as patch:
        patch.setattr(ImportTransaction, "_end", end_of_process)
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            put(Workspace.open(folder), drawn(EVENTS, 9))
    opened = Workspace.open(folder)
    assert opened.snapshot().events in {200, 200 + EVENTS}
    put(opened, drawn(EVENTS, 9))
    assert told(opened) == told(clean)
    assert not (folder / "staging").exists()
    here, there = bytes_of(folder / "snapshots"), bytes_of(clean.path / "snapshots")
    assert here == there
    assert sorted(bytes_of(folder / "lake")) == sorted(bytes_of(clean.path / "lake"))


def end_of_process(transaction: ImportTransaction, *, keep: bool) -> None:
    """A dead process keeps no lock and tidies nothing up."""
    transaction._lock.give_back()


def test_an_error_in_any_step_before_the_moment_leaves_every_byte_as_it_was(
    tmp_path: Path, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    bytes_before = bytes_of(folder)
    for target in (
        "pathworth.store.imports.judge",
        "pathworth.store.imports.stage_snapshot",
        "pathworth.store.commits.sync_tree",
        "pathworth.store.lake.table.DeltaTable.create_write_transaction",
    ):
        with monkeypatch.context() as patch:

            def full(*_args: object, **_named: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(target, full)
            with pytest.raises(StoreTrouble, match="DISK_FULL"):
                put(Workspace.open(folder), drawn(300, 4))
        assert bytes_of(folder) == bytes_before, target


def test_a_disk_that_is_really_full_changes_no_byte_and_no_answer_and_says_what_to_do(
    small_disk: Callable[[str], Path],
) -> None:
    disk = small_disk("3m")
    folder = disk / "shop"
    workspace = Workspace.create(folder)
    put(workspace, drawn(200, 1))
    bytes_before, answers = bytes_of(folder), told(workspace)
    filler = disk / "filler"
    rows = drawn(1500, 9)
    refused = 0
    for room in range(0, 1_600_000, 100_000):
        free = shutil.disk_usage(disk).free
        filler.write_bytes(b"x" * max(free - room, 0))
        code = attempt(workspace, rows)
        filler.unlink()
        if code is None:
            break
        assert code == "DISK_FULL"
        refused += 1
        assert bytes_of(folder) == bytes_before
        assert told(Workspace.open(folder)) == answers
    assert refused > 3
    assert workspace.snapshot().events == 1700


def attempt(workspace: Workspace, rows: list[Row]) -> str | None:
    """Import rows and return the code of the error, null when there was none."""
    try:
        put(workspace, rows)
    except PathworthError as trouble:
        return trouble.code
    return None
