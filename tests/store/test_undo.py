"""An import taken back leaves the workspace as if it had never been, and others keep what they hold too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.store.crash_moments import Killed, end_at
from tests.store.made import Row, batch, bytes_of, drawn, journeys, put

from pathworth.base.errors import BadInput, StoreTrouble, UnknownName
from pathworth.store import ImportRecord, InputFile, Workspace, accept as accept_module


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


def told(workspace: Workspace) -> tuple:
    """Everything that the workspace says, numbers of events and imports apart."""
    snapshot = workspace.snapshot()
    held = {
        entity: [(time, name, said) for time, _, name, said in rows[:-1]] + rows[-1:]
        for entity, rows in journeys(snapshot).items()
    }
    return held, set(snapshot.columns), snapshot.events, snapshot.first_us, snapshot.last_us


def shards(workspace: Workspace) -> dict[str, bytes]:
    """The bytes of the current snapshot, its own name and those of its runs apart."""
    name = (workspace.path / "current").read_text()
    held = bytes_of(workspace.path / "snapshots" / name)
    held.pop("manifest.json")
    return held


def row(entity: str, time_us: int = 0, **more: str | int | None) -> Row:
    return {"entity": entity, "name": "visit", "time_us": time_us, **more}


def changed(rows: list[Row]) -> list[Row]:
    """Rows with names and properties that nobody had before, and a number column that becomes text."""
    return [
        {**one, "name": f"new {k % 3}", "Price (EUR)": "dear", "extra": "x"}
        for k, one in enumerate(rows)
    ]


@pytest.mark.parametrize("zoned_from", [10, 1_000_000])
@pytest.mark.parametrize("imports_before", [1, 2])
def test_undoing_the_last_import_gives_the_same_bytes_as_if_it_had_never_been(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, zoned_from: int, imports_before: int
) -> None:
    monkeypatch.setattr(accept_module, "ZONED_FROM", zoned_from)
    for seed in range(imports_before):
        put(workspace, drawn(150, seed))
    before, bytes_before, lake = told(workspace), shards(workspace), lake_rows(workspace)
    last = put(workspace, changed(drawn(120, 7)))
    assert told(workspace) != before
    undone = workspace.undo(last.import_id, author="ann")
    assert (undone.removed, undone.restored, undone.events) == (120, 0, 150 * imports_before)
    assert told(workspace) == before
    assert shards(workspace) == bytes_before
    assert lake_rows(workspace) == lake
    assert workspace.snapshot().seq == 150 * imports_before
    assert not (workspace.path / "staging").exists()
    files = sorted((workspace.path / "lake").rglob("*.parquet"))
    assert not [file for file in files if f"{last.import_id:08d}" in file.name]


def lake_rows(workspace: Workspace) -> list[dict]:
    table = DeltaTable(workspace.path / "lake").to_pyarrow_table().sort_by("seq")
    return [{k: v for k, v in held.items() if v is not None} for held in table.to_pylist()]


def test_imports_say_which_was_undone_when_and_by_whom(workspace: Workspace) -> None:
    put(workspace, drawn(30, 1))
    put(workspace, drawn(30, 2))
    workspace.undo(2, author="ann")
    first, second = workspace.imports()
    assert (first.undone_at, first.undone_by) == (None, None)
    assert second.undone_at is not None
    assert second.undone_at.endswith("Z")
    assert second.undone_by == "ann"
    assert isinstance(second, ImportRecord)
    with pytest.raises(BadInput, match="ALREADY_UNDONE"):
        workspace.undo(2)
    with pytest.raises(UnknownName, match="UNKNOWN_IMPORT"):
        workspace.undo(9)


def test_the_file_of_an_undone_import_can_be_imported_again(workspace: Workspace) -> None:
    put(workspace, drawn(40, 1))
    put(workspace, drawn(30, 2))
    before = told(workspace)
    known = workspace.imports()[1].files[0].sha256
    assert workspace.seen_file(known) is not None
    workspace.undo(2)
    assert workspace.seen_file(known) is None
    again = put(workspace, drawn(30, 2))
    assert (again.accepted, again.duplicates) == (30, 0)
    assert told(workspace) == before
    assert workspace.seen_file(known) is not None


def test_a_file_that_was_skipped_is_read_again_once_its_import_is_undone(
    workspace: Workspace,
) -> None:
    rows = drawn(30, 2)
    put(workspace, rows)
    seen = workspace.imports()[0].files[0]
    with workspace.begin_import(files=[InputFile("b", seen.sha256, 9)]) as transaction:
        transaction.skip_file(0, 30)
        transaction.commit()
    workspace.undo(1)
    assert workspace.seen_file(seen.sha256) is None
    assert put(workspace, rows).accepted == 30


def test_undoing_the_only_import_leaves_an_empty_workspace(workspace: Workspace) -> None:
    put(workspace, drawn(30, 1))
    undone = workspace.undo(1)
    assert (undone.events, undone.entities) == (0, 0)
    snapshot = workspace.snapshot()
    assert (snapshot.events, snapshot.names, snapshot.seq) == (0, (), 0)
    again = put(workspace, drawn(30, 1))
    assert (again.accepted, again.events) == (30, 30)


def test_numbers_of_events_are_never_given_twice(workspace: Workspace) -> None:
    put(workspace, drawn(30, 1))
    put(workspace, drawn(20, 2))
    workspace.undo(2)
    put(workspace, drawn(10, 3))
    seqs = sorted(event[0] for event in numbered(workspace))
    assert seqs == [*range(1, 31), *range(51, 61)]


def numbered(workspace: Workspace) -> list[tuple[int, str]]:
    found = []
    for rows in journeys(workspace.snapshot()).values():
        found += [(seq, name) for _, seq, name, _ in rows[:-1]]
    return found


def test_a_row_that_another_import_holds_comes_in_when_that_is_undone_and_stands_in_its_place(
    tmp_path: Path,
) -> None:
    shared = [row("a", 5, k="1"), row("a", 5, k="2")]
    own = [row("a", 5, k="0"), shared[0], row("a", 5, k="3"), shared[1], row("b", 5, k="9")]
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, shared)
    second = put(workspace, own)
    assert (second.accepted, second.duplicates) == (3, 2)
    assert workspace.imports()[1].shadowed == 2
    assert workspace.undo_preview(1) == workspace.undo_preview(1)
    assert (workspace.undo_preview(1).removed, workspace.undo_preview(1).restored) == (2, 2)
    undone = workspace.undo(1)
    assert (undone.removed, undone.restored, undone.events) == (2, 2, 5)
    never = Workspace.create(tmp_path / "never")
    put(never, own)
    assert told(workspace) == told(never)
    order = [event[3]["k"] for event in journeys(workspace.snapshot())["a"][:-1]]
    assert order == [0, 1, 3, 2]
    again = put(workspace, own)
    assert (again.accepted, again.duplicates) == (0, 5)
    workspace.undo(2)
    assert workspace.snapshot().events == 5, "the third import holds them too"
    workspace.undo(again.import_id)
    assert workspace.snapshot().events == 0


def test_of_several_imports_that_hold_an_event_the_oldest_that_stands_has_it(
    workspace: Workspace,
) -> None:
    for size in (3, 4, 5):
        put(workspace, [row("a", k, n=str(k)) for k in range(size)])
    assert [record.shadowed for record in workspace.imports()] == [0, 3, 4]
    assert workspace.undo(1).restored == 3
    assert held_by(workspace) == {2: 4, 3: 1}
    assert workspace.undo(2).restored == 4
    assert held_by(workspace) == {3: 5}
    assert not list((workspace.path / "shadowed").glob("*")), (
        "nothing is left that another one holds"
    )


def held_by(workspace: Workspace) -> dict[int, int]:
    owners = DeltaTable(workspace.path / "lake").to_pyarrow_table()["import_id"].to_pylist()
    return {owner: owners.count(owner) for owner in sorted(set(owners))}


def test_an_import_in_the_middle_goes_and_the_others_say_what_they_said(tmp_path: Path) -> None:
    parts = [drawn(80, 1), changed(drawn(60, 2)), drawn(70, 3), drawn(40, 4)]
    workspace, never = Workspace.create(tmp_path / "shop"), Workspace.create(tmp_path / "never")
    for rows in parts:
        put(workspace, rows)
    for rows in (parts[0], parts[2], parts[3]):
        put(never, rows)
    workspace.undo(2)
    assert told(workspace) == told(never)
    workspace.undo(4)
    never.undo(3)
    assert told(workspace) == told(never)
    assert put(workspace, parts[1]).accepted == 60


def test_rows_with_ids_of_their_own_can_be_undone_and_come_again(workspace: Workspace) -> None:
    rows = [row("a", k, id=f"m{k}") for k in range(5)]
    put(workspace, rows, ids="id")
    put(workspace, [*rows[2:], row("b", 9, id="m9")], ids="id")
    assert workspace.undo(1).restored == 3
    assert workspace.snapshot().events == 4
    assert put(workspace, rows, ids="id").accepted == 2


def test_identical_rows_of_a_file_come_back_as_often_as_they_stood_there(
    workspace: Workspace,
) -> None:
    put(workspace, [row("a"), row("a")])
    put(workspace, [row("a"), row("a"), row("a")])
    assert workspace.snapshot().events == 3
    assert workspace.undo(1).restored == 2
    assert workspace.snapshot().events == 3


def test_an_import_of_repeats_only_is_undone_and_no_answer_changes(workspace: Workspace) -> None:
    put(workspace, drawn(20, 1))
    before = workspace.snapshot().id
    put(workspace, drawn(20, 1))
    assert workspace.imports()[1].shadowed == 20
    assert workspace.undo(2).removed == 0
    assert workspace.snapshot().id == before
    assert workspace.undo(1).events == 0


def test_a_new_property_that_only_shadowed_rows_have_gets_its_column_when_they_come_in(
    workspace: Workspace,
) -> None:
    put(workspace, [row("a", 1, id="m1")], ids="id")
    put(workspace, [row("a", 1, id="m1", Plan="pro")], ids="id")
    put(workspace, [row("b", 1, id="m2", plan="free")], ids="id")
    assert workspace.undo(1).restored == 1
    snapshot = workspace.snapshot()
    assert {"Plan", "plan"} <= set(snapshot.columns)
    assert journeys(snapshot)["a"][0][3]["Plan"] == "pro"


def test_two_writers_never_undo_and_import_at_once(workspace: Workspace) -> None:
    put(workspace, drawn(20, 1))
    other = Workspace.open(workspace.path)
    with other.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        transaction.add(batch(drawn(20, 2)))
        with pytest.raises(StoreTrouble, match="WORKSPACE_BUSY"):
            workspace.undo(1)
    assert workspace.snapshot().events == 20


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undo") / "before"
    made = Workspace.create(folder)
    put(made, drawn(60, 1))
    put(made, drawn(50, 2))
    put(made, [*drawn(50, 2)[:30], *drawn(40, 3), *drawn(60, 1)[:10]])
    return folder


@pytest.fixture(scope="module")
def clean(before: Path) -> Workspace:
    folder = before.parent / "clean"
    shutil.copytree(before, folder)
    Workspace.open(folder).undo(2)
    return Workspace.open(folder)


MOMENTS = [
    "journal.write_whole",
    "journal.sync_tree",
    "journal.move_in",
    "commits.move_in",
    "journal.drop_shadows",
    "journal.note_undo",
    "journal.clear",
    "Lake.replace",
    "Lake.delete",
    "steps.choose",
    "steps.stage_lake",
    "steps.stage_snapshot",
    "steps.commit_undo",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_end_before_or_after_every_step_of_an_undo_is_carried_on_or_taken_back(
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
            Workspace.open(folder).undo(2)
    opened = Workspace.open(folder)
    assert not (folder / "staging").exists()
    there = [record.undone_at is not None for record in opened.imports()]
    assert there in ([False, False, False], [False, True, False])
    assert opened.snapshot().events == (130 if there[1] else 150)
    if not there[1]:
        opened.undo(2)
    assert told(opened) == told(clean)
    assert shards(opened) == shards(clean)
    assert bytes_of(folder / "fingerprints") == bytes_of(clean.path / "fingerprints")
    assert sorted(bytes_of(folder / "lake")) == sorted(bytes_of(clean.path / "lake"))
    assert sorted(bytes_of(folder / "shadowed")) == sorted(bytes_of(clean.path / "shadowed"))
    assert put(opened, drawn(50, 2)).accepted == 20


def test_an_error_before_the_moment_of_an_undo_leaves_every_byte_as_it_was(
    tmp_path: Path, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(before, folder)
    bytes_before = bytes_of(folder)
    for target in (
        "pathworth.store.undo.steps.choose",
        "pathworth.store.undo.steps.stage_lake",
        "pathworth.store.undo.steps.stage_snapshot",
        "pathworth.store.undo.journal.sync_tree",
        "pathworth.store.lake.table.os.link",
    ):
        with monkeypatch.context() as patch:

            def full(*_args: object, **_named: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(target, full)
            with pytest.raises(StoreTrouble, match="DISK_FULL"):
                Workspace.open(folder).undo(2)
        assert bytes_of(folder) == bytes_before, target
