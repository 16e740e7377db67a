"""Python, command line and API give the same bytes, on every question of the one table of words."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import pathworth as pw
from pathworth.base.json import to_json
from pathworth.cli.app import app as command
from pathworth.run import WORDS, open_workspace, picture, price
from pathworth.web import build_app

STEPS = ["catalog", "add_to_cart", "purchase"]


@pytest.fixture(scope="module")
def api(shop):
    with TestClient(build_app(open_workspace(shop)), base_url="http://127.0.0.1:8710") as client:
        yield client


@pytest.fixture(scope="module")
def opened(shop):
    return pw.open(shop)


def said(shop, *words):
    found = CliRunner().invoke(command, [*words, "-w", str(shop), "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def told(api, address, **query):
    found = api.get(address, params=query)
    assert found.status_code == 200, found.text
    return found.json()


def plain(answer):
    return json.loads(json.dumps(to_json(answer)))


def test_transitions(shop, api, opened):
    python = plain(pw.transitions(opened.journeys(where="platform = 'mobile'")))
    assert python["edges"]
    assert said(shop, "transitions", "--where", "platform = 'mobile'") == python
    assert told(api, "/api/measure/transitions", where="platform = 'mobile'") == python


def test_transitions_with_quantiles_and_entities(shop, api, opened):
    python = plain(pw.transitions(opened.journeys(), times="quantiles", entities=True))
    assert {"entities", "median_seconds"} <= set(python["edges"][0])
    assert said(shop, "transitions", "--times", "quantiles", "--entities") == python
    assert told(api, "/api/measure/transitions", times="quantiles", entities=1) == python


def test_funnel(shop, api, opened):
    python = plain(pw.funnel(opened.journeys(who="user_cohort = '2024-01'"), STEPS, within="7d"))
    assert [one["name"] for one in python["steps"]] == STEPS
    assert (
        said(shop, "funnel", *STEPS, "--within", "7d", "--who", "user_cohort = '2024-01'") == python
    )
    asked = {"step": STEPS, "within": "7d", "who": "user_cohort = '2024-01'"}
    assert told(api, "/api/measure/funnel", **asked) == python


def test_retention(shop, api, opened):
    python = plain(pw.retention(opened.journeys(), period="week", start="event = 'purchase'"))
    assert python["cohorts"]
    assert said(shop, "retention", "--period", "week", "--start", "event = 'purchase'") == python
    assert told(api, "/api/measure/retention", period="week", start="event = 'purchase'") == python


def test_sessions(shop, api, opened):
    python = plain(pw.sessions(opened.journeys(), gap="30m"))
    assert python["sessions"] == 3605
    assert said(shop, "sessions", "--gap", "30m") == python
    assert told(api, "/api/measure/sessions", gap="30m") == python


def test_the_map(shop, api, opened):
    python = plain(opened.map()[0])
    assert said(shop, "map", "show") == python
    assert told(api, "/api/atlas/map") == python


def test_price_and_picture(shop, api, opened):
    python = plain(price(opened))
    assert said(shop, "price") == python
    assert told(api, "/api/value/price") == python
    shown = told(api, "/api/value/picture")
    assert shown == plain(picture(opened))
    assert shown["price"] == python


def test_a_map_step_is_a_step_of_a_funnel(shop, api, opened):
    names = [step["name"] for step in told(api, "/api/atlas/map")["steps"][:2]]
    by_map = said(shop, "funnel", *names, "--map", "journey")
    assert by_map["steps"][0]["entities"] > 0
    assert told(api, "/api/measure/funnel", step=names, map="journey") == by_map


def test_every_word_has_its_address(api):
    served = set(api.get("/api/openapi.json").json()["paths"])
    assert {word.address for word in WORDS} <= served


def test_a_step_has_as_many_people_as_its_number(api):
    shown = told(api, "/api/value/picture")
    for step in shown["price"]["steps"]:
        page = told(api, "/api/journeys/people", step=step["id"], limit=1000)
        assert page["count"] == step["people"] == len(page["people"]), step["id"]


def test_an_arrow_has_as_many_people_as_its_number(api):
    shown = told(api, "/api/value/picture")
    for one in shown["price"]["arrows"]:
        page = told(api, "/api/journeys/people", step=one["from"], to_step=one["to"], limit=1)
        assert page["count"] == one["people"], one


def test_people_come_as_a_file(api):
    step = told(api, "/api/atlas/map")["steps"][0]["id"]
    count = told(api, "/api/journeys/people", step=step)["count"]
    text = api.get("/api/journeys/people", params={"step": step, "format": "csv"}).text
    assert text.splitlines()[0] == "id,events,first,last"
    assert len(text.splitlines()) == count + 1


def test_a_person_has_a_timeline(api):
    found = told(api, "/api/journeys/person/user_0000")
    assert found["total"] == len(found["events"])
    assert [e["time"] for e in found["events"]] == sorted(e["time"] for e in found["events"])
