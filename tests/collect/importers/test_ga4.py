"""Rows of the BigQuery export become events, the same from JSON lines and from nested Parquet."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.collect.importers.conftest import Tried

NOON = 1_709_294_400_000_000
VALUE = pa.struct(
    [
        ("string_value", pa.string()),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)
PAIRS = pa.list_(pa.struct([("key", pa.string()), ("value", VALUE)]))
MONEY = pa.struct(
    [
        ("purchase_revenue", pa.float64()),
        ("refund_value", pa.float64()),
        ("transaction_id", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        ("event_date", pa.string()),
        ("event_timestamp", pa.int64()),
        ("event_name", pa.string()),
        ("event_params", PAIRS),
        ("user_id", pa.string()),
        ("user_pseudo_id", pa.string()),
        ("user_properties", PAIRS),
        ("device", pa.struct([("category", pa.string())])),
        ("ecommerce", MONEY),
        ("batch_event_index", pa.int64()),
    ]
)


def pair(key: str, **value: Any) -> dict[str, Any]:
    return {"key": key, "value": value}


def row(name: str, minute: int, **more: Any) -> dict[str, Any]:
    params = [
        pair("ga_session_id", int_value=1709290000),
        pair("page_location", string_value="https://shop.example/p?a=1"),
        *more.pop("params", []),
    ]
    return {
        "event_date": "20240301",
        "event_timestamp": NOON + minute * 60_000_000,
        "event_name": name,
        "event_params": params,
        "user_id": None,
        "user_pseudo_id": "111.222",
        "user_properties": [],
        "device": {"category": "mobile"},
        "ecommerce": None,
        "batch_event_index": 1,
        **more,
    }


ROWS = [
    row("page_view", 0),
    row("view_item", 0, batch_event_index=2, params=[pair("value", double_value=12.5)]),
    row(
        "purchase",
        5,
        user_id="u-7",
        user_properties=[pair("tier", string_value="gold")],
        params=[pair("currency", string_value="EUR")],
        ecommerce={"purchase_revenue": 25.9, "transaction_id": "T1"},
    ),
    row("refund", 9, user_id="u-7", params=[pair("currency", string_value="EUR")], ecommerce={"refund_value": 5.0}),
]  # fmt: skip


def as_json_export(one: dict[str, Any]) -> dict[str, Any]:
    """Write a row as BigQuery does: whole numbers as texts, nothing for null."""

    def said(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: said(v) for k, v in value.items() if v is not None}
        if isinstance(value, list):
            return [said(v) for v in value]
        return str(value) if isinstance(value, int) else value

    found: dict[str, Any] = said(one)
    return found


def test_json_lines_become_events_with_their_parameters_and_money(tried: Tried) -> None:
    path = tried.lines("events.jsonl", map(as_json_export, ROWS))
    assert tried.format(path) == "ga4-bigquery"
    assert tried.take(path).accepted == 4
    events = tried.events()
    assert [(e["entity"], e["name"], e["time"]) for e in events] == [
        ("111.222", "page_view", "2024-03-01 12:00:00"),
        ("111.222", "view_item", "2024-03-01 12:00:00"),
        ("u-7", "purchase", "2024-03-01 12:05:00"),
        ("u-7", "refund", "2024-03-01 12:09:00"),
    ]
    assert events[0] == {
        "entity": "111.222",
        "name": "page_view",
        "time": "2024-03-01 12:00:00",
        "user_pseudo_id": "111.222",
        "category": "mobile",
        "ga_session_id": "1709290000",
        "page_location": "https://shop.example/p?a=1",
    }
    assert "value" not in events[1]
    assert {k: events[2][k] for k in ("value", "currency", "tier", "transaction_id", "user_id")} == {
        "value": 25.9, "currency": "EUR", "tier": "gold", "transaction_id": "T1", "user_id": "u-7",
    }  # fmt: skip
    assert (events[3]["value"], events[3]["currency"]) == (-5.0, "EUR")


def test_parquet_gives_the_same_events(tried: Tried) -> None:
    tried.take(tried.lines("events.jsonl", map(as_json_export, ROWS)))
    before = tried.events()
    path = tried.folder / "events.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), path)
    answer = tried.take(path)
    assert (answer.accepted, answer.duplicates) == (0, 4)
    assert tried.events() == before


def test_parquet_alone_holds_what_json_held(tried: Tried) -> None:
    path = tried.folder / "events.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), path)
    assert tried.take(path).accepted == 4
    events = tried.events()
    assert (events[2]["value"], events[2]["currency"], events[2]["tier"]) == (25.9, "EUR", "gold")
    assert events[0]["ga_session_id"] == "1709290000"


def test_lists_that_parquet_hides_in_two_more_names_are_found(tried: Tried) -> None:
    hidden = pa.struct([("list", pa.list_(pa.struct([("element", PAIRS.value_type)])))])
    table = pa.Table.from_pylist(ROWS, SCHEMA)
    column = [{"list": [{"element": p} for p in one["event_params"]]} for one in ROWS]
    place = table.schema.get_field_index("event_params")
    table = table.set_column(place, "event_params", pa.array(column, hidden))
    path = tried.folder / "events.parquet"
    pq.write_table(table, path)
    assert tried.format(path) == "ga4-bigquery"
    assert tried.take(path).accepted == 4
    assert tried.events()[0]["ga_session_id"] == "1709290000"


def test_a_row_without_anybody_is_refused(tried: Tried) -> None:
    rows = [
        *ROWS,
        row("page_view", 20, user_pseudo_id=None),
        row("scroll", 21, event_timestamp=None),
    ]
    answer = tried.take(tried.lines("events.jsonl", map(as_json_export, rows)))
    assert answer.accepted == 4
    assert sorted(tried.refused(answer.import_)) == [(5, "NO_ENTITY"), (6, "NO_TIME")]
