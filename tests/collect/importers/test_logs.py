"""Event logs of process mining: XES by trace, OCEL by the object whose journey is wanted."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.collect.importers.conftest import Tried

from pathworth.base.errors import BadInput
from pathworth.collect import FileMapping, import_files, sniff
from pathworth.collect.importers import rows_of
from pathworth.collect.importers.files import tables

XES = """<?xml version="1.0" encoding="utf-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="none"/></global>
  <string key="concept:name" value="a log"/>
  <trace>
    <string key="concept:name" value="case-1"/>
    <string key="customer" value="Ann &amp; Co"/>
    <event>
      <string key="concept:name" value="register"/>
      <date key="time:timestamp" value="2024-01-01T10:00:00.000+01:00"/>
      <int key="cost" value="50"/>
      <string key="lifecycle:transition" value="complete"><string key="inner" value="x"/></string>
    </event>
    <event>
      <string key="concept:name" value="register"/>
      <date key="time:timestamp" value="2024-01-01T10:00:00.000+01:00"/>
      <int key="cost" value="50"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
  </trace>
  <trace>
    <string key="concept:name" value="case-2"/>
    <event>
      <date key="time:timestamp" value="2024-01-02T10:00:00Z"/>
      <string key="concept:name" value="decide"/>
    </event>
    <event><string key="concept:name" value="pay"/><date key="time:timestamp" value="soon"/></event>
  </trace>
</log>
"""
REGISTER = {
    "entity": "case-1",
    "name": "register",
    "time": "2024-01-01 09:00:00",
    "case:concept:name": "case-1",
    "case:customer": "Ann & Co",
    "cost": "50",
    "lifecycle:transition": "complete",
}


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_a_trace_is_a_journey(tried: Tried, name: str) -> None:
    data = XES.encode()
    path = tried.write(name, gzip.compress(data) if name.endswith("gz") else data)
    assert tried.format(path) == "xes"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(4, "BAD_TIME")]
    # Two rows that say the same are two events of a log.
    decide = {
        "entity": "case-2",
        "name": "decide",
        "time": "2024-01-02 10:00:00",
        "case:concept:name": "case-2",
    }
    # `cost` is a word of the store, so the property has an underscore behind it.
    register = {**{k: v for k, v in REGISTER.items() if k != "cost"}, "cost_": "50"}
    assert tried.events() == [register, register, decide]


def test_another_attribute_of_the_trace_says_whose_it_is(tried: Tried) -> None:
    both = XES.replace('"case-2"/>', '"case-2"/><string key="customer" value="B"/>')
    tried.take(tried.write("log.xes", both), entity="case:customer")
    assert [entity for entity, _, _ in tried.told()] == ["Ann & Co", "Ann & Co", "B"]


def test_a_log_goes_on_behind_any_place_and_a_torn_one_changes_nothing(
    tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROWS", 1)
    path = tried.write("log.xes", XES)
    file = sniff([path]).files[0]
    batches = list(rows_of(path, file.shape, mapping=file.mapping))
    assert [batch.row.tolist() for batch in batches] == [[1], [2], [3], [4]]
    rest = rows_of(path, file.shape, mapping=file.mapping, after=batches[1].place)
    assert [batch.row.tolist() for batch in rest] == [[3], [4]]
    torn = tried.write(
        "torn.xes",
        XES[: XES.index('<trace>\n    <string key="concept:name" value="case-2"/>') + 60],
    )
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [torn])
    assert caught.value.code == "BROKEN_XML"


def test_entities_that_blow_up_are_refused(tried: Tried) -> None:
    grow = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 20}">' for k in range(1, 8))
    kind = f'<!DOCTYPE log [<!ENTITY e0 "{"x" * 50}">{grow}]>'
    path = tried.write(
        "bomb.xes", XES.replace("<log ", f"{kind}<log ", 1).replace("Ann &amp; Co", "&e7;")
    )
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [path])
    assert caught.value.code == "BROKEN_XML"


def related(*ids: str) -> list[dict[str, str]]:
    return [{"objectId": id_, "qualifier": "of"} for id_ in ids]


def event(id_: str, kind: str, minute: int, *ids: str, **attributes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": kind,
        "time": f"2024-01-01T10:{minute:02d}:00Z",
        "attributes": [{"name": name, "value": value} for name, value in attributes.items()],
        "relationships": related(*ids),
    }


OCEL = {
    "objectTypes": [{"name": name, "attributes": []} for name in ("Customer", "order", "item")],
    "eventTypes": [{"name": "place order", "attributes": []}, {"name": "pay", "attributes": []}],
    "objects": [
        {"id": "c1", "type": "Customer", "attributes": []},
        {"id": "c2", "type": "Customer", "attributes": []},
        {"id": "o2", "type": "order", "attributes": [], "relationships": related("c2")},
        {"id": "o3", "type": "order", "attributes": [], "relationships": related("c2")},
        {"id": "o1", "type": "order", "attributes": [], "relationships": related("c1", "i1", "i2")},
        {"id": "i1", "type": "item", "attributes": []},
        {"id": "i2", "type": "item", "attributes": []},
    ],
    "events": [
        event("e1", "place order", 0, "c1", "o1", "i1", "i2", channel="web", total=12.5),
        event("e2", "pay", 5, "o1"),
        event("e3", "meet", 9, "c1", "c2"),
        event("e4", "call", 10, "c2"),
        event("e5", "rest", 11),
        event("e6", "pay", 12, "o2"),
    ],
}  # fmt: skip


def test_an_event_is_of_the_people_it_touches_or_of_whose_its_order_is(tried: Tried) -> None:
    path = tried.write("log.jsonocel", OCEL)
    assert tried.format(path) == "ocel"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(6, "NO_ENTITY")]
    assert tried.told() == [
        ("c1", "place order", "2024-01-01 10:00:00"),
        ("c1", "pay", "2024-01-01 10:05:00"),
        ("c1", "meet", "2024-01-01 10:09:00"),
        ("c2", "meet", "2024-01-01 10:09:00"),
        ("c2", "call", "2024-01-01 10:10:00"),
        ("c2", "pay", "2024-01-01 10:12:00"),
    ]
    placed = tried.events()[0]
    assert placed == {
        "entity": "c1",
        "name": "place order",
        "time": "2024-01-01 10:00:00",
        "order": "o1",
        "item": '["i1", "i2"]',
        "channel": "web",
        "total": "12.5",
    }


def test_the_same_log_is_the_journeys_of_its_orders(tried: Tried) -> None:
    answer = tried.take(tried.write("log.json", OCEL), entity="order")
    assert tried.told() == [
        ("o1", "place order", "2024-01-01 10:00:00"),
        ("o1", "pay", "2024-01-01 10:05:00"),
        ("o2", "pay", "2024-01-01 10:12:00"),
    ]
    # Those who meet have three orders, so the meeting is of none.
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY"), (4, "NO_ENTITY"), (5, "NO_ENTITY")]


def as_sqlite(path: Path) -> Path:
    with sqlite3.connect(path) as base:
        base.executescript(
            """
            CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
            """
        )
        for one in OCEL["objects"]:
            base.execute("INSERT INTO object VALUES (?, ?)", (one["id"], one["type"]))
            for other in one.get("relationships", ()):
                base.execute(
                    "INSERT INTO object_object VALUES (?, ?, 'of')", (one["id"], other["objectId"])
                )
        for kind in {one["type"] for one in OCEL["events"]}:
            mapped = kind.title().replace(" ", "")
            base.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, mapped))
            base.execute(
                f'CREATE TABLE "event_{mapped}" (ocel_id TEXT, ocel_time TEXT, channel TEXT, total REAL)'
            )
        for one in OCEL["events"]:
            said = {a["name"]: a["value"] for a in one["attributes"]}
            mapped = one["type"].title().replace(" ", "")
            time = one["time"].replace("T", " ").removesuffix("Z")
            base.execute("INSERT INTO event VALUES (?, ?)", (one["id"], one["type"]))
            base.execute(
                f'INSERT INTO "event_{mapped}" VALUES (?, ?, ?, ?)',
                (one["id"], time, said.get("channel"), said.get("total")),
            )
            for other in one["relationships"]:
                base.execute(
                    "INSERT INTO event_object VALUES (?, ?, 'of')", (one["id"], other["objectId"])
                )
    base.close()
    return path


def test_sqlite_and_json_hold_the_same_events(tried: Tried) -> None:
    path = as_sqlite(tried.folder / "log.sqlite")
    assert tried.format(path) == "ocel"
    answer = import_files(tried.workspace, [path])
    assert (answer.accepted, answer.rejected) == (6, 1)
    from_sqlite = tried.events()
    again = import_files(tried.workspace, [tried.write("log.json", OCEL)])
    assert (again.accepted, again.duplicates, again.conflicting) == (0, 6, 0)
    assert tried.events() == from_sqlite


def test_a_database_that_is_no_log_is_refused(tried: Tried) -> None:
    path = tried.folder / "other.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE event (id TEXT)")
    base.close()
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [path], mapping=FileMapping(format="ocel"))
    assert caught.value.code in {"NOT_THIS_FORMAT", "BROKEN_SQLITE"}
    with pytest.raises(BadInput) as caught:
        import_files(tried.workspace, [path])
    assert caught.value.code == "NOT_TEXT"
