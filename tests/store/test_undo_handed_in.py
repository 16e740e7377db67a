"""An event that an import holds and that was handed in too comes back as the latter when the import is undone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.store.crash_moments import Killed, end_at
from tests.store.handing_in import read
from tests.store.made import Row, bytes_of, journeys, put

from pathworth.store import HandedIn, Inbox, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


def file_rows(count: int = 3) -> list[Row]:
    return [{"entity": "a", "name": "click", "time_us": k, "id": f"m{k}"} for k in range(count)]


def hand_in(workspace: Workspace, *lines: str) -> int:
    """Hand events of the files' source in and return how many are new."""
    inbox = Inbox(workspace)
    inbox.append(HandedIn("\n".join(["source files", *lines]).encode()))
    return inbox.number(read)


def events_of(workspace: Workspace) -> list[tuple[str, str, int]]:
    return sorted(
        (entity, name, time)
        for entity, rows in journeys(workspace.snapshot()).items()
        for time, _, name, _ in rows[:-1]
    )


def owners(workspace: Workspace) -> list[int]:
    table = DeltaTable(workspace.path / "lake").to_pyarrow_table()
    return sorted(table["import_id"].to_pylist())


def test_what_waits_aside_counts_nowhere_and_nobody_hears_of_it(workspace: Workspace) -> None:
    put(workspace, file_rows(), ids="id")
    inbox = Inbox(workspace)
    assert list(inbox.unheard("act")) == []
    assert hand_in(workspace, "a click 1 m1", "b click 7 m9", "a click 1 m1") == 1
    found = inbox.outcome(1)
    assert found is not None
    assert (found.accepted, found.duplicates, found.conflicting) == (1, 2, 0)
    ((heard,),) = inbox.unheard("act")
    assert found.seq == heard.seq
    assert inbox.count() == (1, 0)
    assert inbox.waiting() == (heard,)
    assert inbox.waiting("a") == ()
    inbox.heard("act", heard.seq)
    done = inbox.drain()
    assert done is not None
    assert (done.accepted, workspace.imports()[-1].shadowed) == (1, 1)
    assert list(inbox.unheard("act")) == []
    assert workspace.snapshot().events == 4


@pytest.mark.parametrize("drained", [False, True])
def test_undo_of_the_import_brings_back_what_was_handed_in_as_it_was_said_there(
    workspace: Workspace, drained: bool
) -> None:
    first = put(workspace, file_rows(), ids="id")
    assert hand_in(workspace, "a click 1 m1", "a click 500 m2") == 0
    if drained:
        assert hand_in(workspace, "b click 7 m9") == 1
        Inbox(workspace).drain()
    seen = workspace.undo_preview(first.import_id)
    assert (seen.removed, seen.restored) == (3, 2)
    assert not (workspace.path / "scratch" / "undo-1").exists()
    undone = workspace.undo(first.import_id, author="ann")
    others = [("b", "click", 7)] if drained else []
    assert (undone.removed, undone.restored, undone.events) == (3, 2, 2 + len(others))
    assert events_of(workspace) == [("a", "click", 1), ("a", "click", 500), *others]
    assert owners(workspace) == [2] * (2 + len(others))
    assert Inbox(workspace).count() == (0, 0)
    again = put(workspace, file_rows(), ids="id")
    assert (again.accepted, again.duplicates, again.conflicting) == (1, 2, 1)
    assert workspace.undo(2).restored == 2
    assert len(events_of(workspace)) == 3


def test_what_was_handed_in_again_and_again_comes_back_once(workspace: Workspace) -> None:
    put(workspace, file_rows(), ids="id")
    for turn in range(3):
        assert hand_in(workspace, "a click 1 m1", "a click 1 m1") == 0
        assert hand_in(workspace, f"b click 7 n{turn}") == 1
        Inbox(workspace).drain()
        assert hand_in(workspace, "a click 1 m1") == 0
    assert workspace.undo(1).restored == 1
    assert events_of(workspace) == [("a", "click", 1)] + [("b", "click", 7)] * 3


def test_a_retry_of_what_was_handed_in_makes_no_import_of_its_own(workspace: Workspace) -> None:
    assert hand_in(workspace, "a click 1 m1") == 1
    Inbox(workspace).drain()
    before = workspace.imports()
    assert hand_in(workspace, "a click 1 m1") == 0
    assert Inbox(workspace).drain() is None
    put(workspace, file_rows(1), ids="id")
    assert workspace.imports()[: len(before)] == before
    assert len(workspace.imports()) == 2
    assert workspace.undo(1).restored == 1, "the retry holds it too"


def test_events_aside_leave_no_gap_and_numbers_that_they_get_are_never_given_again(
    workspace: Workspace,
) -> None:
    put(workspace, file_rows(), ids="id")
    hand_in(workspace, "a click 1 m1", "a click 2 m2")
    hand_in(workspace, "b click 7 m9")
    workspace.undo(1)
    hand_in(workspace, "b click 8 m10")
    put(workspace, [{"entity": "c", "name": "click", "time_us": 9, "id": "m11"}], ids="id")
    found = [
        (seq, time)
        for rows in journeys(workspace.snapshot()).values()
        for time, seq, *_ in rows[:-1]
    ]
    assert sorted(found) == [(4, 7), (5, 1), (6, 2), (7, 8), (8, 9)]
    workspace.undo(2)
    put(workspace, [{"entity": "c", "name": "click", "time_us": 10, "id": "m12"}], ids="id")
    assert workspace.snapshot().seq == 9


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed") / "before"
    made = Workspace.create(folder)
    put(made, file_rows(5), ids="id")
    put(made, [{"entity": "b", "name": "click", "time_us": 7, "id": "m9"}], ids="id")
    Inbox(made).append(HandedIn(b"source files\na click 1 m1\na click 2 m2\nc click 5 n1"))
    return folder


@pytest.fixture(scope="module")
def clean(before: Path) -> Workspace:
    folder = before.parent / "clean"
    shutil.copytree(before, folder)
    number_and_undo(folder)
    return Workspace.open(folder)


def number_and_undo(folder: Path) -> None:
    Inbox(Workspace.open(folder)).number(read)
    Workspace.open(folder).undo(1)


MOMENTS = [
    "numbering._write",
    "numbering.add_quarantine",
    "numbering._tell",
    "drain.ShadowWriter",
    "drain.stage_lake",
    "commits.write_whole",
    "commits.move_in",
    "commits.mark_drained",
    "commits._note",
    "commits.clear",
    "Lake.commit",
    "Lake.replace",
    "Lake.delete",
    "steps.choose",
    "steps.stage_lake",
    "steps.stage_snapshot",
    "steps.commit_undo",
    "journal.write_whole",
    "journal.move_in",
    "journal.drop_shadows",
    "journal.note_undo",
    "journal.clear",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_end_before_or_after_every_step_brings_each_event_back_once(
    tmp_path: Path,
    before: Path,
    clean: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    after: bool,
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    with monkeypatch.context() as patch:
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            number_and_undo(folder)
    opened = Workspace.open(folder)
    Inbox(opened).number(read)
    if not any(one.undone_at for one in opened.imports()):
        opened.undo(1)
    Inbox(opened).drain()
    assert journeys(opened.snapshot()) == journeys(clean.snapshot())
    assert owners(opened) == owners(clean) == [2, 3, 3, 3]
    assert Inbox(opened).count() == (0, 0)
    assert not (folder / "staging").exists()
    assert sorted(bytes_of(folder / "shadowed")) == sorted(bytes_of(clean.path / "shadowed")) == []
    assert hand_in(opened, "a click 1 m1", "a click 2 m2", "c click 5 n1", "a click 3 m3") == 1
