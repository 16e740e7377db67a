"""Declaring entities, and asking of them, gives the same on the command line, in Python and under the API."""

from __future__ import annotations

import shutil
import time

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain, said, told
from tests.contracts.test_asks_agree import ASKED, addressed
from typer.testing import CliRunner

import pathworth as pw
from pathworth import measure, run
from pathworth.cli.app import app as command
from pathworth.run import Selection, open_workspace
from pathworth.web import build_app

OF_PARTS = {"by", "cost"}
"""Parameters of the examples that are about parts of people."""
NAME, BY = "device", "platform"


@pytest.fixture
def own(shop, tmp_path):
    folder = tmp_path / "shop"
    shutil.copytree(shop, folder)
    return folder


@pytest.fixture
def api(own):
    with TestClient(build_app(open_workspace(own)), base_url="http://127.0.0.1:8710") as client:
        yield client


def built(api):
    """Wait for the end of what is built in the background."""
    for _ in range(1_000):
        (now,) = told(api, "/api/collect/building")
        if now["state"] != "running":
            return now
        time.sleep(0.01)
    raise AssertionError(now)


def test_what_one_face_declares_every_face_may_ask(own, api):
    opened = pw.open(own)
    cost = plain(opened.entities.cost(NAME, by=BY))
    assert cost["entities"] > 1
    assert said(own, "entity", "cost", NAME, "--by", BY) == cost
    assert told(api, "/api/collect/entities/cost", name=NAME, by=BY) == cost
    refused = api.get("/api/measure/transitions", params={"of": BY})
    assert refused.json()["error"]["code"] == "ENTITY_NOT_BUILT"
    begun = api.post("/api/collect/entities", json={"name": NAME, "by": BY})
    assert begun.status_code == 200, begun.text
    made = built(api)["made"]
    rows = plain(opened.entities.list())
    assert rows == [made] == told(api, "/api/collect/entities")
    assert said(own, "entity", "list") == {"entities": rows}
    assert said(own, "entity", "add", NAME, "--by", BY, "--yes") == rows[0]
    chosen = opened.journeys(of=NAME)
    for word, asked in (("transitions", pw.transitions), ("retention", pw.retention)):
        python = plain(asked(chosen))
        assert python["as_of"]["snapshot"] == rows[0]["snapshot"]
        assert said(own, word, "--of", NAME) == python
        assert told(api, f"/api/measure/{word}", of=NAME) == python
    python = plain(pw.funnel(chosen, ["catalog", "purchase"]))
    assert python["steps"][0]["entities"] <= cost["entities"]
    assert said(own, "funnel", "catalog", "purchase", "--of", NAME) == python
    assert told(api, "/api/measure/funnel", step=["catalog", "purchase"], of=NAME) == python
    page = told(api, "/api/measure/funnel/people", step="catalog", cell="reached 1", of=NAME)
    assert page["count"] == python["steps"][0]["entities"]
    shown = CliRunner().invoke(command, ["transitions", "--of", NAME, "-w", str(own)]).stdout
    assert shown.startswith(f"{rows[0]['entities']} devices, ")
    assert api.delete(f"/api/collect/entities/{NAME}").json() == []
    assert said(own, "entity", "list") == {"entities": []}
    gone = api.delete(f"/api/collect/entities/{NAME}")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "UNKNOWN_ENTITY")


@pytest.fixture(scope="module")
def declared(shop, tmp_path_factory):
    """A workspace whose devices have journeys, and what serves it."""
    folder = tmp_path_factory.mktemp("declared") / "shop"
    shutil.copytree(shop, folder)
    opened = pw.open(folder)
    opened.entities.add(NAME, by=BY)
    with TestClient(build_app(opened), base_url="http://127.0.0.1:8710") as client:
        yield opened, client


@pytest.mark.parametrize("ask", measure.ASKS, ids=lambda ask: ask.word)
def test_every_question_is_asked_of_an_entity_and_opens_as_many_as_it_says(declared, ask):
    opened, client = declared
    asked = {name: said for name, said in ASKED[ask.word].items() if name not in OF_PARTS}
    question = run.question(opened, ask, values=asked)
    answer = run.answer_of(opened, question, selection=Selection(of=NAME))
    given = addressed(ask, asked)
    assert told(client, f"/api/measure/{ask.word}", of=NAME, **given) == plain(answer)
    (row,) = opened.entities.list()
    assert answer.as_of.snapshot == row.snapshot
    cells = answer.cells()
    if not cells:
        assert ask.word == "separates"
        return
    cell, count = max(cells.items(), key=lambda one: one[1])
    page = told(client, f"/api/measure/{ask.word}/people", of=NAME, cell=cell, **given)
    assert page["count"] == len(page["people"]) <= row.entities
    assert page.get("units", page["count"]) == count


def test_a_refused_declaration_leaves_alike(own, api):
    found = CliRunner().invoke(command, ["entity", "add", "Bad", "--by", BY, "-w", str(own)])
    assert found.exit_code != 0
    posted = api.post("/api/collect/entities", json={"name": "Bad", "by": BY})
    assert posted.json()["error"]["code"] == "BAD_ENTITY_NAME"
    posted = api.post("/api/collect/entities", json={"name": NAME, "by": "plattform"})
    assert posted.json()["error"]["hint"] == "Did you mean platform?"
