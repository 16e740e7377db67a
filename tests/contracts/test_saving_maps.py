"""Maps are kept through the API: with new steps, with a persona, by whom, and never over another's change."""

from __future__ import annotations

import shutil

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain, said, told

from pathworth import run
from pathworth.run import open_workspace
from pathworth.web import build_app


@pytest.fixture
def api(shop, tmp_path):
    folder = tmp_path / "shop"
    shutil.copytree(shop, folder)
    with TestClient(build_app(open_workspace(folder)), base_url="http://127.0.0.1:8710") as client:
        yield client


def revision(api):
    return api.get("/api/workspace").json()["maps"][0]["revision"]


def test_the_steps_of_a_funnel_become_steps_of_the_map_and_take_their_events(api):
    asked = {"step": ["search", "add_to_cart", "big := event = 'purchase' and platform = 'mobile'"]}
    draft = api.get("/api/atlas/map/draft", params=asked).json()
    assert revision(api) == draft["onto"] == 1
    assert len(draft["added"]) + len(draft["kept"]) == 3
    kept = api.put("/api/atlas/map", json=draft["document"], params={"author": "Ada", "onto": 1})
    assert kept.status_code == 200, kept.text
    assert (kept.json()["revision"], kept.json()["author"]) == (2, "Ada")
    document = api.get("/api/atlas/map").json()
    assert document == draft["document"]
    shown = api.get("/api/value/picture").json()
    people = {one["id"]: one["people"] for one in shown["price"]["steps"]}
    assert people["search"] > 0
    assert people["big"] > 0


def test_the_same_steps_again_are_on_the_map_already(api):
    asked = {"step": ["search", "add_to_cart"]}
    draft = api.get("/api/atlas/map/draft", params=asked).json()
    api.put("/api/atlas/map", json=draft["document"])
    again = api.get("/api/atlas/map/draft", params=asked).json()
    assert (again["added"], len(again["kept"])) == ([], 2)
    assert again["document"] == draft["document"]


def test_nothing_is_kept_over_a_change_of_somebody_else(api):
    document = api.get("/api/atlas/map").json()
    mine = {**document, "persona": "platform"}
    theirs = {**document, "persona": "acquisition_channel"}
    assert api.put("/api/atlas/map", json=theirs, params={"onto": 1}).status_code == 200
    refused = api.put("/api/atlas/map", json=mine, params={"onto": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "MAP_CHANGED")
    assert api.get("/api/atlas/map").json()["persona"] == "acquisition_channel"


def test_a_map_that_breaks_a_rule_is_refused_and_nothing_changes(api):
    document = api.get("/api/atlas/map").json()
    wrong = {**document, "persona": "platfrom"}
    refused = api.put("/api/atlas/map", json=wrong)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "MAP_HAS_ERRORS")
    assert "platform" in refused.json()["error"]["hint"]
    steps = [{**document["steps"][0], "rule": "event ="}]
    refused = api.put("/api/atlas/map", json={**document, "steps": steps})
    assert refused.json()["error"]["code"] == "MAP_HAS_ERRORS"
    assert api.put("/api/atlas/map", json={"steps": 3}).json()["error"]["code"] == "BAD_CALL"
    assert revision(api) == 1


def test_a_persona_of_the_choices_gives_a_price_that_is_split_by_it(api):
    choices = api.get("/api/atlas/personas").json()
    assert [one["property"] for one in choices][:2] == ["acquisition_channel", "user_cohort"]
    assert all(one["known"] >= 0.5 and 2 <= len(one["values"]) <= 20 for one in choices)
    before = api.get("/api/value/price").json()
    assert "persona" in before["do_next_why"]
    document = {**api.get("/api/atlas/map").json(), "persona": "acquisition_channel"}
    assert api.put("/api/atlas/map", json=document).json()["revision"] == 2
    after = api.get("/api/value/price").json()
    assert after["revision"] == 2
    assert after["do_next"] or "persona" not in (after["do_next_why"] or "")


def test_signs_are_declared_on_a_step_and_counted_alike_by_every_face(api, tmp_path):
    document = api.get("/api/atlas/map").json()
    first = document["steps"][0]
    signs = [
        {"name": "Comes on a phone", "rule": f"({first['rule']}) and platform = 'mobile'"},
        {"name": "Reads on", "rule": "event = 'read on'"},
    ]
    steps = [{**first, "signs": signs}, *document["steps"][1:]]
    kept = api.put("/api/atlas/map", json={**document, "steps": steps}).json()
    assert kept["document"]["steps"][0]["signs"] == signs
    (found, never) = told(api, "/api/atlas/signs")
    assert 0 < found["people"] < found["of"]
    assert (never["people"], never["events"]) == (0, 0)
    asked = {"step": first["id"], "sign": "Comes on a phone", "limit": 1}
    assert told(api, "/api/journeys/people", **asked)["count"] == found["people"]
    folder = tmp_path / "shop"
    python = plain(run.signs(open_workspace(folder)))
    assert said(folder, "map", "signs")["signs"] == python == [found, never]
    by = {one["event"]: one["state"] for one in told(api, "/api/collect/tracking")["events"]}
    assert by["read on"] == "not seen"
