"""Journeys leave as event logs that hold everything, and come back from them the same."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from deltalake import DeltaTable

from pathworth import collect, run
from pathworth.base.errors import PathworthError

ROWS = [
    {"who": "ann", "what": "view", "when": "2026-01-01T10:00:00Z", "page": "a <b> & \"c\"", "account_id": "acme"},
    {"who": "ann", "what": "paid", "when": "2026-01-02T10:00:00.250Z", "amount": 19.5, "currency": "EUR", "n": 3.25},
    {"who": "bo", "what": "view", "when": "2026-01-01T10:00:00Z", "page": "b", "account_id": "acme", "ok": True},
    {"who": "bo", "what": "refund", "when": "2026-01-03T10:00:00Z", "amount": -5, "currency": "EUR", "n": 4},
    {"who": "cy", "what": "view", "when": "2026-01-01T10:00:00Z", "page": "left out", "account_id": "other"},
]  # fmt: skip
SAID = collect.FileMapping(
    entity="who", event="what", time="when", value="amount", currency="currency"
)


@pytest.fixture
def shop(tmp_path: Path) -> run.Workspace:
    opened = run.init(tmp_path / "shop")
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    collect.import_files(opened.store, [path], mapping=SAID)
    run.exclude(opened.store, "us", who=None, ids=("cy",), author="ann")
    return opened


def events(workspace: run.Workspace) -> list[dict]:
    rows = DeltaTable(workspace.store.path / "lake").to_pyarrow_table().to_pylist()
    keep = {"entity", "name", "time", "value", "currency", "p_page", "p_account_id", "p_n", "p_ok"}
    found = [{k: v for k, v in row.items() if k in keep and v is not None} for row in rows]
    return sorted(found, key=lambda row: (row["entity"], row["time"]))


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.jsonocel", "log.json.gz"])
def test_a_log_brings_back_the_events_of_all_who_count(
    shop: run.Workspace, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    done = run.export_log(shop, path)
    assert (done.entities, done.events, done.left_out) == (2, 4, ())
    other = run.init(tmp_path / "other")
    answer = collect.import_files(other.store, [path])
    assert (answer.accepted, answer.rejected) == (4, 0)
    before = [row for row in events(shop) if row["entity"] != "cy"]
    assert events(other) == before
    assert {(row["name"], row.get("value")) for row in before} == {
        ("view", None), ("paid", 19_500_000), ("refund", -5_000_000),
    }  # fmt: skip
    assert list(tmp_path.glob(".*")) == []


def test_declared_entities_are_objects_that_events_touch(
    shop: run.Workspace, tmp_path: Path
) -> None:
    shop.entities.add("account", by="account_id", author="ann")
    run.export_log(shop, tmp_path / "log.jsonocel")
    log = json.loads((tmp_path / "log.jsonocel").read_text())
    assert [kind["name"] for kind in log["objectTypes"]] == ["person", "account"]
    assert sorted((one["id"], one["type"]) for one in log["objects"]) == [
        ("account:acme", "account"), ("ann", "person"), ("bo", "person"),
    ]  # fmt: skip
    touched = {
        one["id"]: [other["objectId"] for other in one["relationships"]] for one in log["events"]
    }
    assert sorted(map(tuple, touched.values())) == [
        ("ann",),
        ("ann", "account:acme"),
        ("bo",),
        ("bo", "account:acme"),
    ]
    known = {
        kind["name"]: {a["name"]: a["type"] for a in kind["attributes"]}
        for kind in log["eventTypes"]
    }
    for event in log["events"]:
        assert {a["name"] for a in event["attributes"]} <= set(known[event["type"]])
    other = run.init(tmp_path / "other")
    mapping = collect.FileMapping(entity="account")
    answer = collect.import_files(other.store, [tmp_path / "log.jsonocel"], mapping=mapping)
    # What touches no account itself is nobody's here: no relation of people and accounts is in the data.
    assert (answer.accepted, answer.rejected) == (2, 2)


def test_xes_has_a_trace_for_each_person_with_typed_attributes(
    shop: run.Workspace, tmp_path: Path
) -> None:
    run.export_log(shop, tmp_path / "log.xes.gz")
    root = Xml.fromstring(gzip.decompress((tmp_path / "log.xes.gz").read_bytes()))
    space = "{http://www.xes-standard.org/}"
    traces = root.findall(f"{space}trace")
    assert sorted(trace[0].get("value") for trace in traces) == ["ann", "bo"]
    ann = next(trace for trace in traces if trace[0].get("value") == "ann")
    paid = [
        (one.tag.removeprefix(space), one.get("key"), one.get("value"))
        for one in ann.findall(f"{space}event")[1]
    ]
    assert paid == [
        ("string", "concept:name", "paid"),
        ("date", "time:timestamp", "2026-01-02T10:00:00.250000Z"),
        ("float", "n", "3.25"),
        ("float", "pathworth:value", "19.5"),
        ("string", "pathworth:currency", "EUR"),
    ]


@pytest.mark.parametrize(
    ("name", "form", "code"),
    [
        ("log.csv", None, "UNKNOWN_LOG_FORMAT"),
        ("log.xes", "cjml", "UNKNOWN_LOG_FORMAT"),
        ("there.xes", None, "FILE_EXISTS"),
        ("nowhere/log.xes", None, "NO_FOLDER"),
    ],
)
def test_a_log_that_cannot_be_written_leaves_nothing(
    shop: run.Workspace, tmp_path: Path, name: str, form: str | None, code: str
) -> None:
    (tmp_path / "there.xes").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(PathworthError) as caught:
        run.export_log(shop, tmp_path / name, form=form)
    assert caught.value.code == code
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "there.xes").read_text() == "mine"
