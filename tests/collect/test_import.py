"""Files become events once, bad rows stay beside them with their reason, bad files change nothing."""

# ruff: noqa: DTZ001 - files hold times without a zone, and so do these tests.
from __future__ import annotations

import bz2
import csv
import gzip
import json
import random
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.json as pjson
import pyarrow.parquet as pq
import pytest
from tests.collect.conftest import Write

from pathworth.base.errors import BadInput
from pathworth.collect import (
    FileMapping,
    ImportAnswer,
    Mapping,
    Progress,
    import_files,
    read_mapping,
    sniff,
)
from pathworth.store import Workspace

HEADER = "user_id,event,timestamp,amount,plan\n"


def rows(count: int, start: int = 0) -> str:
    return "".join(
        f"u{k % 7},{('view', 'cart', 'purchase')[k % 3]},2024-03-{k % 28 + 1:02d} 10:{k % 60:02d}:00,"
        f"{k * 1.5 if k % 3 == 2 else ''},{('free', 'pro')[k % 2]}\n"
        for k in range(start, start + count)
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix != ".lock"
    }


def refusal(workspace: Workspace, path: Path, mapping: FileMapping | None = None) -> BadInput:
    before = tree(workspace.path)
    with pytest.raises(BadInput) as caught:
        import_files(workspace, [path], mapping=mapping)
    assert caught.value.message
    assert caught.value.hint
    assert tree(workspace.path) == before
    return caught.value


def test_the_same_rows_from_csv_parquet_and_jsonl_are_the_same_events(
    workspace: Workspace, write: Write
) -> None:
    text = (
        "user_id,event,timestamp,when_paid,amount,count,ok,day,code,note\n"
        "u1,view,2024-03-01 10:00:00,2024-03-01T09:00:00Z,1.50,3,true,2024-03-01,007,\"a, b\"\n"
        "u2,buy,2024-03-01 10:00:00.5,,1e3,,false,,1e5x,\n"
        "u2,buy,2024-03-02 00:00:00,2024-03-01T09:00:00Z,-0.0,10,,2024-03-02,NA,é\n"
    )  # fmt: skip
    path = write("a.csv", text)
    assert import_files(workspace, [path]).accepted == 3
    kinds = {
        "when_paid": pa.timestamp("ms", "UTC"),
        "timestamp": pa.timestamp("us"),
        "code": pa.string(),
    }
    convert = pcsv.ConvertOptions(column_types=kinds, strings_can_be_null=True, null_values=[""])
    table = pcsv.read_csv(path, convert_options=convert)
    assert pa.types.is_floating(table["amount"].type)
    assert pa.types.is_date(table["day"].type)
    pq.write_table(table, path.with_name("typed.parquet"))
    answer = import_files(workspace, [path.with_name("typed.parquet")])
    assert (answer.accepted, answer.duplicates, answer.events) == (0, 3, 3)
    lines = [
        json.dumps({k: v for k, v in row.items() if v}) for row in csv.DictReader(text.splitlines())
    ]
    answer = import_files(workspace, [write("a.jsonl", "\n".join(lines))])
    assert (answer.accepted, answer.duplicates, answer.events) == (0, 3, 3)


def test_a_file_typed_by_another_reader_gives_the_same_digests(
    shared: Path, workspace: Workspace, tmp_path: Path
) -> None:
    for name in (
        "rete_ecom/events.csv",
        "pm4py_running_receipt/receipt.csv",
        "rees46_sample/events.csv",
    ):
        path = shared / "data" / name
        first = import_files(workspace, [path])
        typed = tmp_path / "typed.parquet"
        pq.write_table(pcsv.read_csv(path), typed)
        again = import_files(workspace, [typed])
        assert (again.accepted, again.duplicates) == (0, first.accepted), name


def test_identical_rows_inside_a_file_are_events_and_the_file_again_is_not(
    workspace: Workspace, write: Write
) -> None:
    text = HEADER + rows(10) + rows(10) + rows(1)
    assert import_files(workspace, [write("a.csv", text)]).accepted == 21
    longer = import_files(workspace, [write("b.csv", text + rows(1, start=50))])
    assert (longer.accepted, longer.duplicates, longer.events) == (1, 21, 22)


def test_message_ids_decide_what_a_repeat_is(workspace: Workspace, write: Write) -> None:
    lines = [
        {"userId": f"u{k}", "event": "a", "timestamp": "2024-01-01", "messageId": f"m{k % 5}", "n": k}
        for k in range(8)
    ]  # fmt: skip
    path = write("a.jsonl", "\n".join(map(json.dumps, lines)))
    answer = import_files(workspace, [path], mapping=FileMapping(id="messageId"))
    assert (answer.accepted, answer.duplicates, answer.conflicting) == (5, 3, 3)


def test_rows_without_their_message_id_go_by_what_they_hold(
    workspace: Workspace, write: Write
) -> None:
    row = {"userId": "u", "event": "a", "timestamp": "2024-01-01T10:00:00Z"}
    lines = [
        {**row, "messageId": "m1"},
        row,
        row,
        {**row, "messageId": ""},
        {**row, "messageId": "m1"},
    ]
    text = "\n".join(map(json.dumps, lines)) + "\n"
    first = import_files(workspace, [write("a.jsonl", text)], mapping=FileMapping(id="messageId"))
    assert (first.accepted, first.duplicates) == (4, 1)
    again = import_files(
        workspace, [write("b.jsonl", "\n" + text)], mapping=FileMapping(id="messageId")
    )
    assert (again.accepted, again.duplicates) == (0, 5)


def test_bad_rows_are_kept_with_their_reason_and_the_rest_goes_on(
    workspace: Workspace, write: Write
) -> None:
    bad = [
        ",view,2024-03-01 10:00:00,,free",
        "u1,,2024-03-01 10:00:00,,free",
        "u1,view,,,free",
        "u1,view,2024-02-30 10:00:00,,free",
        "u1,view,2024-03-01 10:00:00,lots,free",
        "u1,view,2024-03-01 10:00:00",
        "u1,view,2024-03-01 10:00:00,,free,more",
        'u1,"view,2024-03-01 10:00:00,,free',
    ]
    text = HEADER + "".join(rows(1, k) + line + "\n" for k, line in enumerate(bad)) + rows(4, 8)
    answer = import_files(workspace, [write("a.csv", text)], mapping=FileMapping(value="amount"))
    assert (answer.accepted, answer.rejected) == (12, 8)
    kept = workspace.rejects(1).to_pylist()
    assert [row["row"] for row in kept] == [2, 4, 6, 8, 10, 12, 14, 16]
    codes = [
        "NO_ENTITY",
        "NO_EVENT",
        "NO_TIME",
        "BAD_TIME",
        "BAD_MONEY",
        "TORN_ROW",
        "TORN_ROW",
        "TORN_ROW",
    ]
    assert [row["code"] for row in kept] == codes
    assert "2024-02-30" in kept[3]["reason"]
    assert json.loads(kept[4]["raw"])["amount"] == "lots"
    assert kept[7]["raw"] == bad[7]
    assert sum(reason.rows for reason in answer.reasons) == 8


def test_forty_in_a_hundred_bad_rows_are_refused_one_by_one(
    workspace: Workspace, write: Write
) -> None:
    lines = rows(100).splitlines()
    broken = [line.replace("2024-", "soon-") if k % 5 < 2 else line for k, line in enumerate(lines)]
    answer = import_files(workspace, [write("a.csv", HEADER + "\n".join(broken))])
    assert (answer.accepted, answer.rejected, answer.events) == (60, 40, 60)


def test_a_file_mostly_bad_is_refused_as_a_whole(workspace: Workspace, write: Write) -> None:
    lines = rows(100).splitlines()
    broken = [line.replace("u", ",") if k % 5 < 3 else line for k, line in enumerate(lines)]
    error = refusal(workspace, write("a.csv", HEADER + "\n".join(broken)))
    assert error.code == "MOSTLY_REJECTED"
    assert "TORN_ROW" in error.message
    wrong = FileMapping(time_format="%d/%m/%Y")
    assert refusal(workspace, write("b.csv", HEADER + rows(9)), wrong).code == "MOSTLY_REJECTED"


def test_bad_files_are_refused_with_a_code_and_change_nothing(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pcsv.read_csv(write("good.csv", HEADER + rows(5000))), whole)
    half = whole.read_bytes()[: whole.stat().st_size // 2]
    damaged = bytearray(whole.read_bytes())
    damaged[50:2000] = b"\0" * 1950
    cases = {
        "NO_FILE": tmp_path / "absent.csv",
        "IS_FOLDER": tmp_path,
        "EMPTY_FILE": write("empty.csv", ""),
        "BROKEN_PARQUET": write("half.parquet", half),
        "NOT_TEXT": write("second_half.parquet", whole.read_bytes()[2000:]),
        "JSON_ARRAY": write("array.json", '[{"user_id": 1}]'),
        "NO_HEADER": write("headless.csv", "1,2024-01-01,3\n2,2024-01-02,4\n"),
        "BROKEN_COMPRESSION": write(
            "half.csv.gz", gzip.compress((HEADER + rows(9999)).encode())[:5000]
        ),
    }
    for code, path in cases.items():
        assert refusal(workspace, path).code == code
    assert refusal(workspace, write("damaged.parquet", bytes(damaged))).code == "BROKEN_PARQUET"
    assert refusal(workspace, write("header.csv", HEADER)).code == "EMPTY_FILE"
    assert refusal(workspace, write("blank.csv", "\n\n \n")).code == "EMPTY_FILE"


def test_a_missing_column_is_named_with_the_nearest_one(workspace: Workspace, write: Write) -> None:
    error = refusal(workspace, write("a.csv", HEADER + rows(9)), FileMapping(entity="userid"))
    assert error.code == "MISSING_COLUMN"
    assert "user_id" in error.hint
    error = refusal(workspace, write("b.csv", HEADER + rows(9)), FileMapping(time_format="soon"))
    assert error.code == "UNKNOWN_TIME_FORMAT"
    text = HEADER + rows(9).replace("2024-03-", "day ")
    error = refusal(workspace, write("c.csv", text), FileMapping(time="timestamp"))
    assert error.code == "UNKNOWN_TIME_FORMAT"
    assert "--time-format" in error.hint


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_delimiters_and_encodings_change_nothing(
    workspace: Workspace, write: Write, delimiter: str, encoding: str
) -> None:
    text = HEADER + rows(30) + 'u9,"café, ""noir""\nou crème",2024-03-01 10:00:00,,pro\n'
    plain = import_files(workspace, [write("plain.csv", text)])
    parsed = list(csv.reader(text.splitlines(keepends=True)))
    path = write(f"other-{encoding}.csv", "")
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(parsed)
    again = import_files(workspace, [path])
    assert (again.accepted, again.duplicates) == (0, plain.accepted) == (0, 31)
    assert 'café, "noir"\nou crème' in workspace.snapshot().names


def test_compressed_files_are_read_as_what_is_in_them(workspace: Workspace, write: Write) -> None:
    text = (HEADER + rows(50)).encode()
    zstd = pa.Codec("zstd").compress(text, asbytes=True)
    assert import_files(workspace, [write("a.csv", text)]).accepted == 50
    for name, body in (
        ("a.csv.gz", gzip.compress(text)),
        ("a.csv.bz2", bz2.compress(text)),
        ("a.csv.zst", zstd),
    ):
        assert import_files(workspace, [write(name, body)]).duplicates == 50


def test_bytes_that_are_no_text_refuse_their_row_only(workspace: Workspace, write: Write) -> None:
    body = (
        (HEADER + rows(20_000)).encode()
        + b"u1,vi\xffew,2024-03-01 10:00:00,,pro\n"
        + rows(5).encode()
    )
    body = body.replace(b"u1,view", "u1,vuë".encode(), 1)
    answer = import_files(workspace, [write("a.csv", body)], mapping=FileMapping(value="amount"))
    assert answer.accepted + answer.rejected == 20_006
    line = json.dumps({"user_id": "u", "event": "e", "timestamp": "2024-01-01"})
    body = (
        f"{line}\n".encode() * 9 + b'{"user_id": "\xff"}\n' + b"not json\n[1]\n\n" + line.encode()
    )
    answer = import_files(workspace, [write("a.jsonl", body)])
    assert (answer.accepted, answer.rejected) in {(10, 3), (11, 2)}


def test_nested_json_becomes_columns_with_the_shortest_clear_name(
    workspace: Workspace, write: Write
) -> None:
    lines = [
        {
            "type": "track", "event": "Buy", "userId": "u1", "messageId": f"m{k}",
            "timestamp": "2024-01-01T00:00:00Z",
            "properties": {"section": "x", "name": "n", "amount": 5 + k, "items": [1, {"a": 2}]},
            "context": {
                "page": {"section": "top", "url": "/"}, "campaign": {"source": "ads"},
                "deep": {"a": {"b": 1}},
            },
        }
        for k in range(3)
    ]  # fmt: skip
    path = write("segment.jsonl", "\n".join(map(json.dumps, lines)))
    answer = import_files(workspace, [path], dry_run=True)
    assert answer.guess is not None
    found = answer.guess.files[0].mapping
    assert (found.entity, found.event, found.time, found.id) == (
        "userId",
        "event",
        "timestamp",
        "messageId",
    )
    assert found.value == "properties.amount"
    assert dict(answer.sample[0].properties) == {
        "type": "track", "properties_section": "x", "properties_name": "n", "items": '[1,{"a":2}]',
        "context_page_section": "top", "url": "/", "context_campaign_source": "ads", "a": '{"b":1}',
    }  # fmt: skip
    assert answer.sample[0].value == 5


def test_segment_calls_without_an_event_or_user_take_their_type_and_anonymous_id(
    workspace: Workspace, write: Write
) -> None:
    base = {"timestamp": "2024-01-01T00:00:00Z"}
    lines = [
        {**base, "type": "track", "event": "Buy", "userId": "u1", "anonymousId": "a1", "messageId": "1"},
        {**base, "type": "page", "anonymousId": "a1", "messageId": "2"},
        {**base, "type": "identify", "userId": "u1", "anonymousId": "a1", "messageId": "3"},
    ]  # fmt: skip
    path = write("segment.jsonl", "\n".join(map(json.dumps, lines)))
    answer = import_files(workspace, [path], dry_run=True)
    assert [(row.event, row.entity) for row in answer.sample] == [
        ("Buy", "u1"),
        ("page", "a1"),
        ("identify", "u1"),
    ]


def test_a_dry_run_says_everything_and_writes_nothing(workspace: Workspace, write: Write) -> None:
    text = HEADER + rows(40) + ",view,2024-03-01 10:00:00,,free\n"
    before = tree(workspace.path)
    mapping = FileMapping(value="amount", currency="USD")
    answer = import_files(workspace, [write("a.csv", text)], mapping=mapping, dry_run=True)
    assert tree(workspace.path) == before
    assert answer.counts() == {
        "import": None, "accepted": 40, "rejected": 1, "duplicates": 0, "entities": 7, "events": 40,
        "from": "2024-03-01T09:00:00Z", "to": "2024-03-28T09:27:00Z",
    }  # fmt: skip
    assert [(row.entity, row.event, row.value, row.currency) for row in answer.sample[:3]] == [
        ("u0", "view", None, None), ("u1", "cart", None, None), ("u2", "purchase", 3.0, "USD"),
    ]  # fmt: skip
    assert dict(answer.sample[0].properties) == {"plan": "free"}
    assert answer.reasons[0].code == "NO_ENTITY"
    limited = import_files(workspace, [write("a.csv", text)], dry_run=True, limit=10)
    assert limited.accepted >= 10


def test_several_files_with_their_own_columns_are_one_import(
    workspace: Workspace, write: Write
) -> None:
    first = write("web.csv", HEADER + rows(30))
    second = write(
        "shop.csv",
        "kunde;datum;betrag\n" + "".join(f"u{k};0{k + 1}.03.2024;{k},50\n" for k in range(7)),
    )
    mapping = read_mapping({"files": [
        {"file": "web.csv", "entity": "user_id", "event": "event", "time": "timestamp"},
        {"file": "shop*", "entity": "kunde", "event": "=order", "time": "datum", "time_format": "%d.%m.%Y",
         "value": "betrag", "currency": "EUR"},
    ]})  # fmt: skip
    seen: list[Progress] = []
    answer = import_files(workspace, [first, second], mapping=mapping, progress=seen.append)
    assert (answer.accepted, answer.entities, answer.imports) == (37, 7, (1,))
    size = first.stat().st_size + second.stat().st_size
    reading = [p for p in seen if p.stage == "reading"]
    assert [p.done for p in reading] == sorted(p.done for p in reading)
    assert reading[-1].done == size == reading[-1].total
    value = sum(int(shard.columns["value"].sum()) for shard in workspace.snapshot().shards)
    assert value == 1_000_000 * (
        sum(k + 0.5 for k in range(7)) + sum(k * 1.5 for k in range(2, 30, 3))
    )


def test_files_of_different_sources_are_an_import_each_and_all_or_none_are_readable(
    workspace: Workspace, write: Write
) -> None:
    web = write("web.csv", HEADER + rows(30))
    crm = write("crm.csv", HEADER + rows(30))
    entries = [{"file": "web.csv", "source": "web"}, {"file": "crm.csv", "source": "crm"}]
    mapping = read_mapping({"files": entries, "declare": {"persona": "plan"}})
    answer = import_files(workspace, [web, crm], mapping=mapping)
    assert (answer.accepted, answer.duplicates, answer.imports) == (60, 0, (1, 2))
    assert workspace.declarations().persona == "plan"
    bad = write("crm.csv", HEADER + "x\n" * 9 + rows(3))
    before = tree(workspace.path)
    with pytest.raises(BadInput):
        import_files(workspace, [write("web.csv", HEADER + rows(31)), bad], mapping=mapping)
    assert tree(workspace.path) == before


def test_blocks_are_cut_anywhere_without_a_difference(
    workspace: Workspace, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick = random.Random(7)
    names = ["a", "b,c", "d\ne", 'f""g', ""]
    text = HEADER + "".join(
        f'u{k % 9},"{pick.choice(names)}x",2024-03-01 10:00:{k % 60:02d},,{k}\n' for k in range(150)
    )
    lines = "\n".join(
        json.dumps(
            {"user_id": f"u{k % 9}", "event": "e", "timestamp": "2024-01-01",
             "p": {f"k{k % 50}": k, "z": k % 3 and {"y": k}}}
        )
        for k in range(150)
    )  # fmt: skip
    files = [write("a.csv", text), write("a.jsonl", lines)]
    whole = [dry(workspace, path) for path in files]
    assert [answer.accepted for answer in whole] == [150, 150]
    for path in files:
        import_files(workspace, [path])
    for size in (1013, 5000):
        monkeypatch.setattr("pathworth.collect.readers.blocks.BLOCK", size)
        monkeypatch.setattr("pathworth.collect.readers.csv_rows.TRUSTED", size // 4)
        for path in files:
            changed = path.with_name(f"{size}-{path.name}")
            changed.write_bytes(path.read_bytes() + b"\n")
            answer = import_files(workspace, [changed])
            assert (answer.accepted, answer.duplicates, answer.rejected) == (0, 150, 0), (
                size,
                path,
            )


def dry(workspace: Workspace, path: Path) -> ImportAnswer:
    return import_files(workspace, [path], dry_run=True)


def test_typed_parquet_of_every_kind_is_read(workspace: Workspace, tmp_path: Path) -> None:
    time = datetime(2024, 3, 1, 12)
    table = pa.table({
        "user_id": pa.array([b"u1", b"u2", b"u1"]),
        "event": pa.array(["a", "b", "a"]).dictionary_encode(),
        "timestamp": pa.array([time, time, None], pa.timestamp("ns", "UTC")),
        "amount": pa.array(["1.25", None, "3"]).cast(pa.decimal128(10, 2)),
        "context": pa.array([{"a": {"b": 1}}, None, {"a": {"b": 2}}]),
        "tags": pa.array([["x"], [], None]),
        "flag": pa.array([True, None, False]),
        "bytes": pa.array([b"\xff", None, b"ok"]),
        "big": pa.array([2**63, 1, None], pa.uint64()),
        "day": pa.array([time.date(), None, None]),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    answer = import_files(workspace, [tmp_path / "a.parquet"], dry_run=True)
    assert (answer.accepted, answer.rejected) == (2, 1)
    assert answer.sample[0].value == 1.25
    assert dict(answer.sample[0].properties) == {
        "b": "1", "tags": '["x"]', "flag": "true", "bytes": "ff", "big": str(2**63), "day": "2024-03-01",
    }  # fmt: skip


def test_day_and_month_in_doubt_are_asked_about(write: Write) -> None:
    text = "user_id,event,date\n" + "".join(f"u{k},a,0{k % 9 + 1}/05/2024\n" for k in range(40))
    file = sniff([write("a.csv", text)]).files[0]
    doubts = [role for role in file.roles if not role.sure]
    assert [role.name for role in doubts] == ["time_format"]
    assert "%d/%m/%Y" in doubts[0].because
    assert "%m/%d/%Y" in doubts[0].because
    clear = text.replace("05/2024", "25/2024")
    assert sniff([write("b.csv", clear)]).files[0].mapping.time_format == "%m/%d/%Y"


@pytest.mark.parametrize(("unit", "factor"), [("s", 1), ("ms", 1000), ("us", 10**6), ("ns", 10**9)])
def test_epochs_are_recognised_by_their_size(write: Write, unit: str, factor: int) -> None:
    at = [1_700_000_000 + 60 * k for k in range(30)]
    text = "user_id,event,ts\n" + "".join(f"u{k},a,{t * factor}\n" for k, t in enumerate(at))
    file = sniff([write("a.csv", text)]).files[0]
    assert (file.sure, file.mapping.time_format) == (True, unit)


def test_a_mapping_without_an_entry_for_a_file_is_refused(
    workspace: Workspace, write: Write
) -> None:
    path = write("other.csv", HEADER + rows(9))
    with pytest.raises(BadInput) as caught:
        import_files(workspace, [path], mapping=Mapping((FileMapping("web.csv"),)))
    assert caught.value.code == "NOT_IN_MAPPING"


def test_pyarrow_and_duckdb_read_the_same_plain_json(workspace: Workspace, write: Write) -> None:
    lines = [
        {"user_id": f"u{k % 4}", "event": "e", "timestamp": f"2024-01-01T00:00:{k % 60:02d}.250Z",
         "n": k, "x": k / 8, "ok": k % 2 == 0}
        for k in range(200)
    ]  # fmt: skip
    path = write("a.jsonl", "\n".join(map(json.dumps, lines)))
    import_files(workspace, [path])
    pq.write_table(pjson.read_json(path), path.with_suffix(".parquet"))
    answer = import_files(workspace, [path.with_suffix(".parquet")])
    assert (answer.accepted, answer.duplicates) == (0, 200)
