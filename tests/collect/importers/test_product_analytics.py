"""Exports of tools that record what people do in a product: every event once, by the tool's own ids."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.collect.importers.conftest import Tried

from pathworth.base.errors import BadInput
from pathworth.collect import import_files, sniff
from pathworth.collect.importers import rows_of

NOON = 1709294400


def test_mixpanel_lines_become_events(tried: Tried) -> None:
    def line(name: str, second: int, **more: Any) -> dict[str, Any]:
        inner = {
            "time": NOON + second, "distinct_id": "u1", "$insert_id": f"i{second}", "$city": "Ghent",
            "mp_processing_time_ms": 1709294401000, **more,
        }  # fmt: skip
        return {"event": name, "properties": inner}

    rows: list[Any] = [
        line("Signed up", 0, plan="free"),
        line("Paid", 60, amount=19.5),
        line("Paid", 60, amount=19.5),
        line("Opened", 70, distinct_id=""),
        line("Late", 80, time="never"),
        '{"event": "Torn", "prop',
    ]
    path = tried.lines("export.jsonl", rows)
    assert tried.format(path) == "mixpanel"
    answer = tried.take(path, value="properties.amount")
    assert sorted(tried.refused(answer.import_)) == [
        (4, "NO_ENTITY"),
        (5, "BAD_TIME"),
        (6, "NOT_JSON"),
    ]
    assert answer.reasons[-1].first == (
        "export.jsonl, row 4: properties.distinct_id is empty, so nobody knows whose event it is."
    )
    assert tried.events() == [
        {
            "entity": "u1",
            "name": "Signed up",
            "time": "2024-03-01 12:00:00",
            "$city": "Ghent",
            "plan": "free",
        },
        {
            "entity": "u1",
            "name": "Paid",
            "time": "2024-03-01 12:01:00",
            "value": 19.5,
            "$city": "Ghent",
        },
    ]


def test_mixpanel_times_in_milliseconds_are_seen(tried: Tried) -> None:
    inner = {"time": NOON * 1000 + 5, "distinct_id": "u1", "$insert_id": "a"}
    tried.take(tried.lines("export.jsonl", [{"event": "x", "properties": inner}]))
    assert tried.told() == [("u1", "x", "2024-03-01 12:00:00")]


def posthog(name: str, number: int, **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"0190-{number}",
        "event": name,
        "distinct_id": "u1",
        "person_id": "p-1",
        "properties": {
            "$browser": "Firefox",
            "$current_url": "https://a.example/",
            "token": "phc_x",
            "n": number,
        },
        "person_properties": {"plan": "now pro"},
        "timestamp": f"2024-03-01T12:0{number}:00.000000+00:00",
        "created_at": "2024-03-01T13:00:00.000000+00:00",
        **more,
    }


def test_posthog_lines_and_parquet_with_json_in_texts_are_the_same_events(tried: Tried) -> None:
    rows = [posthog("$pageview", 1), posthog("paid", 2, distinct_id="u2")]
    path = tried.lines("events.jsonl", [*rows, posthog("lost", 3, distinct_id=None)])
    assert tried.format(path) == "posthog"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY")]
    events = tried.events()
    assert events == [
        {
            "entity": f"u{n}",
            "name": name,
            "time": f"2024-03-01 12:0{n}:00",
            "distinct_id": f"u{n}",
            "person_id": "p-1",
            "$browser": "Firefox",
            "$current_url": "https://a.example/",
            "n": str(n),
        }
        for n, name in ((1, "$pageview"), (2, "paid"))
    ]
    texts = [
        {
            **row,
            "properties": json.dumps(row["properties"]),
            "person_properties": json.dumps(row["person_properties"]),
            "timestamp": datetime.fromisoformat(row["timestamp"]),
        }
        for row in rows
    ]
    table = pa.Table.from_pylist(texts)
    assert table.schema.field("timestamp").type.tz == "UTC"
    pq.write_table(table, tried.folder / "events.parquet")
    answer = tried.take(tried.folder / "events.parquet")
    assert (answer.accepted, answer.duplicates) == (0, 2)
    assert tried.events() == events


def test_posthog_parquet_alone_holds_its_properties(tried: Tried) -> None:
    row = posthog("$pageview", 1, timestamp=datetime(2024, 3, 1, 12, tzinfo=UTC))
    broken = {**row, "uuid": "0190-2", "properties": '{"torn', "distinct_id": "u2"}
    row["properties"] = json.dumps(row["properties"])
    table = pa.Table.from_pylist([row, broken])
    pq.write_table(table, tried.folder / "events.parquet")
    tried.take(tried.folder / "events.parquet", entity="person_id")
    first, second = tried.events()
    assert (first["entity"], first["$browser"], first["distinct_id"]) == ("p-1", "Firefox", "u1")
    assert "$browser" not in second


def amplitude(number: int, **more: Any) -> dict[str, Any]:
    return {
        "event_type": "view",
        "event_time": f"2024-03-01 12:00:{number:02d}.250000",
        "user_id": "u1",
        "device_id": "d1",
        "amplitude_id": 77,
        "session_id": 1709294400000,
        "uuid": f"uuid-{number}",
        "$insert_id": f"ins-{number}",
        "event_properties": {"page": f"p{number}"},
        "user_properties": {"plan": "free"},
        "groups": {},
        "server_upload_time": "2024-03-01 12:00:30.000000",
        "country": "Belgium",
        **more,
    }


def archive(files: dict[str, list[dict[str, Any]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, rows in files.items():
            zipped.writestr(
                name, gzip.compress("".join(f"{json.dumps(r)}\n" for r in rows).encode())
            )
    return out.getvalue()


HOURS = {
    "99/99_2024-03-01_0#0.json.gz": [amplitude(1), amplitude(2, user_id=None)],
    "99/99_2024-03-01_1#0.json.gz": [amplitude(3, event_time="soon"), amplitude(4), amplitude(5)],
}


def test_an_amplitude_archive_is_read_file_by_file(tried: Tried) -> None:
    path = tried.write("export.zip", archive(HOURS))
    assert tried.format(path) == "amplitude"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "BAD_TIME")]
    assert [(e["entity"], e["page"]) for e in tried.events()] == [
        ("d1", "p2"), ("u1", "p1"), ("u1", "p4"), ("u1", "p5"),
    ]  # fmt: skip
    assert tried.events()[1] == {
        "entity": "u1",
        "name": "view",
        "time": "2024-03-01 12:00:01",
        "user_id": "u1",
        "device_id": "d1",
        "session_id": "1709294400000",
        "page": "p1",
        "plan": "free",
        "country": "Belgium",
    }
    more = {**HOURS, "99/99_2024-03-01_2#0.json.gz": [amplitude(6)]}
    answer = tried.take(tried.write("later.zip", archive(more)))
    assert (answer.accepted, answer.duplicates) == (1, 4)


def test_an_archive_goes_on_behind_any_place(tried: Tried) -> None:
    path = tried.write("export.zip", archive(HOURS))
    file = sniff([path]).files[0]
    batches = list(rows_of(path, file.shape, mapping=file.mapping))
    assert [batch.row.tolist() for batch in batches] == [[1, 2], [3, 4, 5]]
    for k, batch in enumerate(batches):
        rest = list(rows_of(path, file.shape, mapping=file.mapping, after=batch.place))
        assert [one.row.tolist() for one in rest] == [one.row.tolist() for one in batches[k + 1 :]]


def test_a_damaged_archive_changes_nothing(tried: Tried) -> None:
    whole = bytearray(archive(HOURS))
    whole[60:90] = bytes(30)
    path = tried.write("export-amplitude.zip", bytes(whole))
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [path])
    assert caught.value.code == "BROKEN_COMPRESSION"
    assert tried.workspace.imports() == ()


HEAD = "id,anonymous_id,user_id,received_at,sent_at,original_timestamp,timestamp"
TIMES = "2024-03-01 12:00:09,2024-03-01 12:00:08,2024-03-01 12:00:07,2024-03-01 12:00:00 UTC"


def test_tables_of_a_warehouse_are_the_calls_that_filled_them(tried: Tried) -> None:
    tables = {
        "order_completed.csv": (
            "segment-tracks",
            f"{HEAD},event,event_text,total,context_page_url\n"
            f"m1,a1,u1,{TIMES},order_completed,Order Completed,25.5,https://a.example\n"
            f"m2,a2,,{TIMES},order_completed,Order Completed,5,\n"
            f"m3,,,{TIMES},order_completed,Order Completed,5,\n",
        ),
        "pages.csv": ("segment-pages", f"{HEAD},url,path,title\nm4,a1,,{TIMES},https://a.example/p,/p,P\n"),
        "identifies.csv": ("segment-identifies", f"{HEAD},plan\nm5,a1,u1,{TIMES},pro\n"),
        "groups.csv": ("segment-groups", f"{HEAD},group_id\nm6,a1,u1,{TIMES},acme\n"),
        "screens.csv": ("segment-screens", f"{HEAD},name\nm7,a1,u1,{TIMES},Home\n"),
    }  # fmt: skip
    for name, (form, text) in tables.items():
        path = tried.write(name, text)
        assert tried.format(path) == form
        tried.take(path, **({"value": "total"} if form == "segment-tracks" else {}))
    assert sorted(tried.told()) == [
        ("a1", "page", "2024-03-01 12:00:00"),
        ("a2", "Order Completed", "2024-03-01 12:00:00"),
        ("u1", "Order Completed", "2024-03-01 12:00:00"),
        ("u1", "group", "2024-03-01 12:00:00"),
        ("u1", "identify", "2024-03-01 12:00:00"),
        ("u1", "screen", "2024-03-01 12:00:00"),
    ]
    order = next(e for e in tried.events() if e.get("value") == 25.5)
    assert (order["user_id"], order["anonymous_id"]) == ("u1", "a1")
    assert order["context_page_url"] == "https://a.example"
    every = f"{HEAD},event,event_text\nm1,a1,u1,{TIMES},order_completed,Order Completed\n"
    assert tried.take(tried.write("tracks.csv", every)).accepted == 0
