"""Addresses that two services share, events in an address, forms, and facts about accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from pathworth import run
from pathworth.web import build_app

HERE = "http://127.0.0.1:8710"
AMPLITUDE = {"event_type": "paid", "user_id": "u1", "insert_id": "m1", "time": 1767261600000}
POSTHOG = {"event": "paid", "distinct_id": "u1", "uuid": "m1", "timestamp": "2026-01-01T10:00:00Z"}
PAGE = {"e": "pv", "uid": "u1", "eid": "m1", "dtm": "1767261600000", "aid": "KEY"}
ACME = {"group_type": "company", "group_value": "acme", "group_properties": {"plan": "pro"}}


@pytest.fixture
def workspace(tmp_path):
    return run.init(tmp_path / "shop")


@pytest.fixture
def api(workspace) -> Iterator[TestClient]:
    run.create_key(workspace, "app", key="KEY")
    with TestClient(build_app(workspace), base_url=HERE, follow_redirects=False) as client:
        yield client


def counted(workspace) -> dict[str, int]:
    run.number(workspace)
    run.rebuild(workspace)
    assert run.quarantined(workspace) == ()
    found = run.head(workspace, run.Subject("person", "u1"))
    return {one.name: one.moments for one in found.kinds}


def test_posthog_and_amplitude_share_an_address_and_each_hears_its_own_answer(api, workspace):
    amplitude = api.post("/batch", json={"api_key": "KEY", "events": [AMPLITUDE]})
    assert (amplitude.json()["code"], amplitude.json()["events_ingested"]) == (200, 1)
    for body in ({"api_key": "KEY", "batch": [POSTHOG]}, {"api_key": "KEY", **POSTHOG}):
        assert api.post("/batch/", json=body).json() == {"status": 1}
    many = api.post("/batch", json={"api_key": "KEY", "events": [AMPLITUDE] * 10_001})
    assert (many.status_code, many.json()["code"]) == (413, "BATCH_TOO_LARGE")
    assert counted(workspace) == {"paid": 2}


def test_an_event_in_an_address_is_answered_with_a_picture(api, workspace):
    for _ in range(2):
        found = api.get("/i", params=PAGE)
        assert (found.status_code, found.headers["content-type"]) == (200, "image/gif")
        assert found.content.startswith(b"GIF89a")
    assert api.post("/i", content=urlencode(PAGE)).json() == {"success": True}
    assert counted(workspace) == {"page": 1}


def test_a_picture_is_never_the_answer_to_what_is_not_kept(api):
    for params, status in (({"aid": "KEY"}, 400), ({**PAGE, "aid": "no"}, 401)):
        found = api.get("/i", params=params)
        assert (found.status_code, found.headers["content-type"]) == (status, "application/json")


@pytest.mark.parametrize("place", ["address", "form"])
def test_an_old_browsers_library_of_posthog_packs_its_events(api, workspace, place):
    packed = "N4IgpgbmB2AuIC4QA8QBoQBMCWBnW20AxrAPraaIgCuAjCAL5A=="
    query = {"token": "KEY"} | ({"compression": "lz64"} if place == "address" else {})
    body = packed if place == "address" else urlencode({"data": packed, "compression": "lz64"})
    found = api.post("/e/", params=query, content=body)
    assert (found.status_code, found.json()) == (200, {"status": 1})
    assert counted(workspace) == {"x": 1}
    damaged = api.post("/e/", params={**query, "compression": "lz64"}, content="N4Ig!")
    assert (damaged.status_code, damaged.json()["code"]) == (400, "BAD_COMPRESSION")


def form(identification: Any) -> str:
    return urlencode({"api_key": "KEY", "identification": json.dumps(identification)})


def test_amplitudes_forms_say_things_of_people_and_of_accounts(api, workspace):
    said = {"user_id": "u1", "user_properties": {"plan": "pro"}}
    for path, body in (("/identify", [said]), ("/groupidentify", ACME)):
        found = api.post(path, content=form(body)).json()
        assert (found["code"], found["events_ingested"]) == (200, 1)
        refused = api.post(path, content=form(body).replace("KEY", "no"))
        assert (refused.status_code, refused.json()["code"]) == (401, "KEY_NEEDED")
    assert counted(workspace) == {"identify": 1}
    (fact,) = api.get("/api/journeys/head", params={"kind": "account", "id": "acme"}).json()[
        "facts"
    ]
    assert (fact["kind"], fact["name"], fact["value"]) == ("company", "plan", "pro")


def test_rudderstacks_merge_joins_its_people(api, workspace):
    track = {"type": "track", "event": "paid", "userId": "alex@example.com", "messageId": "m1"}
    merge = {"userId": "u1", "mergeProperties": [{"type": "email", "value": "alex@example.com"}]}
    headers = {"authorization": "Bearer KEY"}
    for path, body in (("/v1/track", track), ("/v1/merge", merge)):
        assert api.post(path, json=body, headers=headers).json() == {"success": True}
    assert counted(workspace) == {"paid": 1, "alias": 1}
