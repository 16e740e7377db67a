"""What counts as the same event: in one file, in a replay, under another source, by a given id."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.store.made import Row, batch, drawn, put

from pathworth.store import InputFile, Workspace
from pathworth.store.shards.snapshots import read_manifest
from pathworth.store.texts import join_digests


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


def row(entity: str, time_us: int = 0, **more: str | int | None) -> Row:
    return {"entity": entity, "name": "visit", "time_us": time_us, **more}


def test_identical_rows_of_one_file_are_real_and_a_replay_is_not(workspace: Workspace) -> None:
    rows = [row("a"), row("a"), row("b"), row("a")]
    first = put(workspace, rows)
    assert (first.accepted, first.duplicates, first.events) == (4, 0, 4)
    again = put(workspace, rows)
    assert (again.accepted, again.duplicates, again.events) == (0, 4, 4)


def test_a_file_with_more_of_the_same_rows_adds_only_what_is_new(workspace: Workspace) -> None:
    put(workspace, [row("a"), row("a")])
    more = put(workspace, [row("a"), row("a"), row("a"), row("c")])
    assert (more.accepted, more.duplicates, more.events) == (2, 2, 4)
    again = put(workspace, [row("c"), row("a"), row("a"), row("a")])
    assert (again.accepted, again.duplicates) == (0, 4)


def test_the_same_rows_in_two_files_of_one_import_are_counted_once(workspace: Workspace) -> None:
    found = put(workspace, [row("a"), row("a"), row("b")], [row("a"), row("a"), row("a")])
    assert (found.accepted, found.duplicates) == (4, 2)


def test_the_same_row_from_another_source_is_another_event(workspace: Workspace) -> None:
    put(workspace, [row("a")])
    with workspace.begin_import(files=[InputFile("x", "x", 1)], source="crm") as transaction:
        transaction.add(batch([row("a")]))
        found = transaction.commit()
    assert (found.accepted, found.events) == (1, 2)
    columns = workspace.snapshot().columns
    assert set(columns["source"].values) == {"files", "crm"}


def test_by_given_ids_the_first_wins_and_a_retry_that_differs_is_conflicting(
    workspace: Workspace,
) -> None:
    rows = [
        row("a", 1, id="m1", plan="free"),
        row("a", 1, id="m1", plan="free"),
        row("a", 1, id="m1", plan="pro"),
        row("b", 2, id="m2", plan="free"),
    ]
    first = put(workspace, rows, ids="id")
    assert (first.accepted, first.duplicates, first.conflicting) == (2, 2, 1)
    later = [row("a", 9, id="m1", plan="free"), rows[3], row("c", 3, id="m3", plan="pro")]
    second = put(workspace, later, ids="id")
    assert (second.accepted, second.duplicates, second.conflicting) == (1, 2, 1)
    assert workspace.snapshot().events == 3


def test_an_import_with_nothing_new_makes_no_snapshot_and_is_remembered(
    workspace: Workspace,
) -> None:
    put(workspace, drawn(40, 1))
    before = workspace.snapshot().id
    put(workspace, drawn(40, 1))
    assert workspace.snapshot().id == before
    assert [r.result.duplicates for r in workspace.imports()] == [0, 40]


def test_ids_that_agree_on_64_bits_only_are_two_events(workspace: Workspace) -> None:
    high, low = np.array([5, 5, 5], np.uint64), np.array([1, 2, 1], np.uint64)
    rows = batch([row("a", 1), row("b", 2), row("a", 1)])
    for accepted in (3, 0):
        with workspace.begin_import(files=[InputFile("x", "x", 1)]) as transaction:
            place = rows.schema.get_field_index("digest")
            transaction.add(rows.set_column(place, "digest", join_digests(high, low)))
            assert transaction.commit().accepted == accepted


def test_few_runs_remain_after_many_imports_and_every_row_is_still_known(
    workspace: Workspace,
) -> None:
    parts = [drawn(30, seed) for seed in range(12)]
    for rows in parts:
        assert put(workspace, rows).accepted == 30
    name = (workspace.path / "current").read_text()
    assert len(read_manifest(workspace.path / "snapshots" / name).fingerprints) <= 4
    everything = put(workspace, *parts)
    assert (everything.accepted, everything.duplicates) == (0, 360)


def test_a_file_seen_before_is_told_by_its_bytes_and_counted_without_reading(
    workspace: Workspace,
) -> None:
    put(workspace, [row("a"), row("b")])
    known = workspace.imports()[0].files[0]
    seen = workspace.seen_file(known.sha256)
    assert seen == known
    assert workspace.seen_file(known.sha256, source="crm") is None
    assert workspace.seen_file("other") is None
    with workspace.begin_import(
        files=[InputFile("copy.csv", known.sha256, known.bytes)]
    ) as transaction:
        transaction.skip_file(0, known.rows)
        found = transaction.commit()
    assert (found.accepted, found.duplicates, found.events) == (0, 2, 2)


def test_a_file_with_a_rejected_row_is_read_again(workspace: Workspace) -> None:
    rejected = pa.RecordBatch.from_pydict(
        {"file": [0], "row": [3], "code": ["BAD_TIME"], "reason": ["no time"], "raw": ["x,y"]}
    )
    with workspace.begin_import(files=[InputFile("a.csv", "abc", 9)]) as transaction:
        transaction.add(batch([row("a")]))
        transaction.reject(rejected)
        found = transaction.commit()
    assert (found.accepted, found.rejected) == (1, 1)
    assert workspace.seen_file("abc") is None
    kept = workspace.rejects(found.import_id).to_pylist()
    assert kept == [
        {"path": "a.csv", "row": 3, "code": "BAD_TIME", "reason": "no time", "raw": "x,y"}
    ]
    assert workspace.imports()[0].files[0].rejected == 1
