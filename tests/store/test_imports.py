"""What goes in comes out: events in order, columns by kind, whatever the shards, zones and batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.store.made import Row, batch, drawn, journeys, put

from pathworth.base.errors import WrongUsage
from pathworth.store import (
    EventArrays,
    InputFile,
    Workspace,
    accept as accept_module,
    snapshot_from_arrays,
)
from pathworth.store.shards import build as build_module, columns as columns_module


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop", timezone="Europe/Amsterdam")


def expected(rows: list[Row]) -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for seq, row in enumerate(rows, 1):
        found.setdefault(str(row["entity"]), []).append((row["time_us"], seq, row["name"]))
    return {entity: sorted(events) for entity, events in found.items()}


def test_every_event_is_there_by_entity_time_and_number(workspace: Workspace) -> None:
    parts = [drawn(300, 1), drawn(200, 2)]
    result = put(workspace, *parts)
    assert (result.accepted, result.events, result.entities) == (500, 500, 40)
    found = journeys(workspace.snapshot())
    rows = [row for part in parts for row in part]
    assert {e: [event[:3] for event in held[:-1]] for e, held in found.items()} == expected(rows)
    for held in found.values():
        for _, seq, _, columns in held[:-1]:
            row = rows[seq - 1]
            assert columns["value"] == (row["value"] or 0)
            assert columns["plan"] == row["plan"]
            assert columns["Price (EUR)"] == float(row["Price (EUR)"])
            assert columns["paid"] == {"true": True, "false": False, None: None}[row["paid"]]
            assert "note" in columns


def test_traits_are_the_last_values_of_an_entity(workspace: Workspace) -> None:
    put(workspace, drawn(300, 3))
    for held in journeys(workspace.snapshot()).values():
        *events, traits = held
        for name, value in traits.items():
            said = [e[3][name] for e in events if e[3][name] is not None]
            assert value == (said[-1] if said else None)
    assert set(workspace.snapshot().traits) == {"plan", "Price (EUR)", "paid", "note"}


@pytest.mark.parametrize("shard_events", [3, 50, 200])
def test_shards_zones_and_batches_change_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shard_events: int
) -> None:
    plain = Workspace.create(tmp_path / "plain")
    put(plain, drawn(400, 4))
    put(plain, drawn(300, 5))
    monkeypatch.setattr(build_module, "SHARD_EVENTS", shard_events)
    monkeypatch.setattr("pathworth.store.lake.files.ROW_GROUP", 64)
    monkeypatch.setattr("pathworth.store.shards.coding.known.MOST", 30)
    monkeypatch.setattr("pathworth.store.shards.spool.OPEN", 2)
    monkeypatch.setattr(accept_module, "ZONED_FROM", 350)
    monkeypatch.setattr(accept_module, "_ZONED_CHUNK", 100)
    monkeypatch.setattr("pathworth.store.payload._CHUNK", 70)
    other = Workspace.create(tmp_path / "other")
    for seed, events in ((4, 400), (5, 300)):
        rows = drawn(events, seed)
        with other.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
            for first in range(0, events, 33):
                transaction.add(batch(rows[first : first + 33], first=first))
            assert transaction.commit().accepted == events
    assert len(other.snapshot().shards) > 1
    assert (tmp_path / "other" / "lake" / "zone=07").is_dir()
    assert journeys(other.snapshot()) == journeys(plain.snapshot())


def test_groups_of_a_shard_hold_the_entities_whose_hash_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathworth.store import group_of, hash64

    monkeypatch.setattr(build_module, "SHARD_EVENTS", 100)
    put(workspace, drawn(400, 6, entities=150))
    for shard in workspace.snapshot().shards:
        ids = [shard.id_of(e) for e in range(shard.entities)]
        hashes = hash64(ids)
        assert hashes.tolist() == sorted(hashes.tolist())
        for group in range(64):
            a, b = shard.group_start[group], shard.group_start[group + 1]
            assert (group_of(hashes[a:b]) == group).all()
        assert shard.group_start[64] == shard.entities


def test_arrays_laid_out_in_memory_are_the_same_journeys(workspace: Workspace) -> None:
    rows = drawn(250, 7)
    put(workspace, rows)
    held = workspace.snapshot()
    ids = sorted({str(row["entity"]) for row in rows})
    columns = {"value": np.array([row["value"] or 0 for row in rows])}
    infos = {}
    for name in ("plan", "note"):
        info = held.columns[name]
        code = {text: k for k, text in enumerate(info.values, 1)}
        columns[name] = np.array([code.get(row[name], 0) for row in rows])
        infos[name] = info
    made = snapshot_from_arrays(
        ids,
        EventArrays(
            entity=np.array([ids.index(str(row["entity"])) for row in rows]),
            name=np.array([held.names.index(str(row["name"])) for row in rows]),
            time_us=np.array([row["time_us"] for row in rows]),
            columns=columns,
        ),
        names=held.names,
        infos=infos,
        shards=4,
    )
    assert (made.events, made.entities, made.seq) == (held.events, held.entities, held.seq)
    assert (made.first_us, made.last_us) == (held.first_us, held.last_us)
    kept = ("value", "cost", "plan", "note")
    found, whole = journeys(made), journeys(held)
    for entity, (*events, traits) in whole.items():
        cut = [(t, s, n, {k: c[k] for k in kept}) for t, s, n, c in events]
        assert found[entity] == [*cut, {k: traits[k] for k in ("plan", "note")}]
    for shard in made.shards:
        assert not shard.name.flags.writeable
        assert not shard.columns["plan"].flags.writeable


def simple(entity: str, time_us: int, **more: str | None) -> Row:
    return {"entity": entity, "name": "visit", "time_us": time_us, **more}


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "2.5", "-3e2", None], "number"),
        (["007", "1", "2", None], "text"),
        (["12345678901234567", "1", "2", None], "text"),
        (["true", "FALSE", None, "true"], "flag"),
        (["2024-01-31", "2024-02-01 10:00:00", "2024-02-01T10:00:00Z", None], "time"),
        (["2024-01-31", "2024-02-30", None, "2024-01-01"], "text"),
        (["a", "1", "true", None], "text"),
        (["", "1", None, "2"], "text"),
    ],
)
def test_a_column_is_of_the_kind_that_all_its_texts_are(
    workspace: Workspace, texts: list[str | None], kind: str
) -> None:
    put(workspace, [simple("a", k, said=text) for k, text in enumerate(texts)])
    snapshot = workspace.snapshot()
    assert snapshot.columns["said"].kind == kind
    values = [event[3]["said"] for event in journeys(snapshot)["a"][:-1]]
    assert [value is None for value in values] == [text is None for text in texts]
    if kind == "text":
        assert values == texts


def test_times_without_a_zone_are_read_in_the_workspace_s(workspace: Workspace) -> None:
    put(
        workspace,
        [simple("a", 0, said="2024-07-01 12:00:00"), simple("a", 1, said="2024-07-01T10:00:00Z")],
    )
    shard = workspace.snapshot().shards[0]
    assert shard.columns["said"].tolist() == [1719828000000000, 1719828000000000]


def test_a_number_column_that_gets_a_word_becomes_text_with_its_first_spelling(
    workspace: Workspace,
) -> None:
    put(workspace, [simple("a", 0, size="1.50", plan="x")])
    assert workspace.snapshot().columns["size"].kind == "number"
    put(workspace, [simple("a", 1, size="large", plan="y")])
    snapshot = workspace.snapshot()
    assert snapshot.columns["size"].kind == "text"
    assert [e[3]["size"] for e in journeys(snapshot)["a"][:-1]] == ["1.50", "large"]


def test_codes_of_names_and_values_are_only_ever_appended(workspace: Workspace) -> None:
    put(workspace, [simple("a", 0, plan="pro"), {**simple("a", 1), "name": "buy"}])
    old = workspace.snapshot()
    put(workspace, [{**simple("b", 0, plan="basic"), "name": "a new one"}])
    new = workspace.snapshot()
    assert new.names[: len(old.names)] == old.names
    assert new.columns["plan"].values == (*old.columns["plan"].values, "basic")
    assert new.names[-1] == "a new one"


def test_the_most_often_filled_properties_are_promoted_and_all_are_in_the_lake(
    workspace: Workspace,
) -> None:
    rows = [simple("a", k, **{f"p{c:02d}": "x" for c in range(40) if k >= c}) for k in range(45)]
    put(workspace, rows)
    promoted = [name for name in workspace.snapshot().columns if name not in {"value", "cost"}]
    assert promoted == [f"p{c:02d}" for c in range(32)]
    lake = DeltaTable(workspace.path / "lake").to_pyarrow_table()
    assert lake["p_p39"].null_count == 39


def test_a_text_of_its_own_on_every_row_is_not_promoted(workspace: Workspace) -> None:
    put(workspace, [simple(f"e{k % 9}", k, note=f"n{k}", nr=f"{k}") for k in range(1200)])
    assert "note" not in list(workspace.snapshot().columns)
    assert workspace.snapshot().columns["nr"].kind == "number"


def test_numbers_and_times_too_many_for_a_dictionary_are_read_as_they_come(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_module, "DISTINCT", 100)
    monkeypatch.setattr("pathworth.store.payload._CHUNK", 100)
    rows = [
        simple(
            "a",
            k,
            number=f"{k}.5",
            day=f"2024-01-01T00:{k // 60:02d}:{k % 60:02d}Z",
            word=f"w{k // 2}",
        )
        for k in range(600)
    ]
    with workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        for first in range(0, 600, 100):
            transaction.add(batch(rows[first : first + 100], first=first))
        transaction.commit()
    columns = workspace.snapshot().columns
    shard = workspace.snapshot().shards[0]
    assert "word" not in list(columns)
    assert shard.columns["number"].tolist() == [k + 0.5 for k in range(600)]
    assert (np.diff(shard.columns["day"]) == 1_000_000).all()
    assert columns["day"].kind == "time"


def test_the_lake_holds_every_accepted_row_with_names_that_delta_allows(
    workspace: Workspace,
) -> None:
    rows = [
        {
            **simple("a", 5, plan="x"),
            "Plan": "y",
            "a b.c,(d)=é%": "z",
            "value": 7,
            "currency": "EUR",
        }
    ]
    put(workspace, rows)
    put(workspace, [simple("b", 6, other="q")])
    table = DeltaTable(workspace.path / "lake").to_pyarrow_table().sort_by("seq")
    first, second = table.to_pylist()
    assert (first["p_Plan"], first["p_%70lan"]) == ("y", "x")
    assert (first["seq"], second["seq"]) == (1, 2)
    assert (first["value"], first["currency"], first["source"]) == (7, "EUR", "files")
    assert (first["import_id"], second["import_id"]) == (1, 2)
    assert first["time"].isoformat() == "1970-01-01T00:00:00.000005+00:00"
    assert second["p_other"] == "q"
    assert {"plan", "Plan", "a b.c,(d)=é%", "other"} <= set(workspace.snapshot().columns)


def test_money_in_one_other_currency_is_that_currency_and_in_two_is_a_column(
    workspace: Workspace,
) -> None:
    put(workspace, [{**simple("a", 0), "value": 5, "currency": "USD"}])
    assert workspace.snapshot().currency == "USD"
    assert "currency" not in workspace.snapshot().columns
    put(workspace, [{**simple("a", 1), "value": 5, "currency": "EUR"}])
    assert workspace.snapshot().currency == "EUR"
    assert workspace.snapshot().columns["currency"].values == ("USD", "EUR")


def test_a_snapshot_that_is_open_stays_whole_while_newer_ones_come_and_old_ones_go(
    workspace: Workspace,
) -> None:
    put(workspace, drawn(100, 1))
    old = workspace.snapshot()
    before = journeys(old)
    for seed in (2, 3, 4):
        put(workspace, drawn(50, seed))
    assert journeys(old) == before
    assert workspace.snapshot().events == 250
    assert len(list((workspace.path / "snapshots").iterdir())) == 2
    assert not (workspace.path / "staging").exists()


def test_nothing_is_seen_before_the_commit_and_leaving_takes_everything_back(
    workspace: Workspace,
) -> None:
    put(workspace, drawn(50, 1))
    from tests.store.made import bytes_of

    before = bytes_of(workspace.path)
    with workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        transaction.add(batch(drawn(50, 2)))
        assert workspace.snapshot().events == 50
    assert bytes_of(workspace.path) == before
    with pytest.raises(WrongUsage, match="IMPORT_CLOSED"):
        transaction.commit()


def test_a_batch_without_a_fixed_column_is_refused(workspace: Workspace) -> None:
    with (
        workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction,
        pytest.raises(WrongUsage, match="time_us"),
    ):
        transaction.add(batch(drawn(5, 2)).drop_columns(["time_us"]))


def test_a_row_without_an_entity_is_refused_and_so_is_a_file_out_of_order(
    workspace: Workspace,
) -> None:
    nameless = [simple("a", 0), {"entity": None, "name": "visit", "time_us": 1}]
    files = [InputFile("a", "a", 1), InputFile("b", "b", 1)]
    with (
        workspace.begin_import(files=files) as transaction,
        pytest.raises(WrongUsage, match="entity"),
    ):
        transaction.add(batch(nameless))
    with workspace.begin_import(files=files) as transaction:
        transaction.add(batch([simple("a", 0)], file=1))
        with pytest.raises(WrongUsage, match="earlier file"):
            transaction.add(batch([simple("a", 1)], file=0))
    assert workspace.imports() == ()
    assert put(workspace, [simple("a", 0)]).accepted == 1


def test_an_import_of_nothing_but_rejects_is_remembered_and_changes_no_answer(
    workspace: Workspace,
) -> None:
    rejected = {"file": [0], "row": [1], "code": ["X"], "reason": ["why"], "raw": ["r"]}
    with workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        transaction.reject(pa.RecordBatch.from_pydict(rejected))
        result = transaction.commit()
    assert (result.accepted, result.rejected, result.events) == (0, 1, 0)
    assert workspace.rejects(result.import_id).num_rows == 1
    assert workspace.snapshot().events == 0
    assert put(workspace, drawn(20, 1)).import_id == 2


def test_ids_without_events_are_no_entities_of_arrays() -> None:
    events = EventArrays(entity=np.array([2, 0]), name=np.zeros(2, int), time_us=np.arange(2))
    made = snapshot_from_arrays(["a", "b", "c"], events, names=["visit"])
    assert set(journeys(made)) == {"a", "c"}


def test_progress_is_told_stage_by_stage_and_never_passes_the_whole(workspace: Workspace) -> None:
    told: list[tuple[str, float]] = []
    with workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        transaction.add(batch(drawn(50, 2)))
        transaction.commit(lambda stage, share: told.append((stage, share)))
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["looking for duplicates", "writing events", "building journeys"]
    for stage in stages:
        shares = [share for told_stage, share in told if told_stage == stage]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_which_properties_are_promoted_hangs_on_no_order_of_imports_and_an_undo_brings_the_old_ones_back(
    tmp_path: Path,
) -> None:
    tool = [simple("a", k, **{f"t{c:02d}": "x" for c in range(40)}) for k in range(3)]
    own = [simple("b", 10 + k, **{f"o{c:02d}": "y" for c in range(20)}) for k in range(9)]
    shown = {}
    for name, order in (("tool first", (tool, own)), ("own first", (own, tool))):
        made = Workspace.create(tmp_path / name.replace(" ", "-"))
        for rows in order:
            put(made, rows)
        shown[name] = [one for one in made.snapshot().columns if one[0] in "ot"]
        if name == "tool first":
            made.undo(2)
            before = [one for one in made.snapshot().columns if one[0] in "ot"]
            assert before == [f"t{c:02d}" for c in range(32)]
    assert sorted(shown["tool first"]) == sorted(shown["own first"])
    assert [one for one in shown["own first"] if one[0] == "o"] == [f"o{c:02d}" for c in range(20)]
    assert len(shown["own first"]) == 32


@pytest.mark.parametrize("wide", [False, True], ids=["narrow", "wide"])
def test_numbers_of_events_are_as_narrow_as_they_can_be_and_wide_ones_of_older_shards_are_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, wide: bool
) -> None:
    if wide:
        monkeypatch.setattr(build_module, "seq_type", lambda _: np.int64)
    put(workspace, drawn(300, 1))
    held = workspace.snapshot()
    assert {shard.seq.dtype for shard in held.shards} == {np.dtype("i8" if wide else "u4")}
    monkeypatch.undo()
    put(workspace, drawn(200, 2))
    rows = [*drawn(300, 1), *drawn(200, 2)]
    found = journeys(workspace.snapshot())
    assert {e: [event[:3] for event in held[:-1]] for e, held in found.items()} == expected(rows)
    workspace.undo(2)
    assert journeys(workspace.snapshot()) == journeys(held)


def test_ids_in_the_lake_take_their_sixteen_bytes_and_no_lengths(workspace: Workspace) -> None:
    put(workspace, drawn(3000, 1))
    (path,) = workspace.path.glob("lake/zone=*/*.parquet")
    group = pq.read_metadata(path).row_group(0)
    named = {group.column(k).path_in_schema: group.column(k) for k in range(group.num_columns)}
    assert "DELTA_LENGTH_BYTE_ARRAY" in named["digest"].encodings
    assert named["digest"].total_compressed_size < 17 * 3000
    assert {len(one) for one in pq.read_table(path)["digest"].to_pylist()} == {16}
