"""Questions and messages on pages are the same for Python, the command line and the API."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain, said, told
from tests.surveys import answers_of
from typer.testing import CliRunner

from pathworth import act, run
from pathworth.cli.app import app as command
from pathworth.web import build_app

TEXT = {"name": "Pulse", "text": "How easy was that?", "answers": "choices", "choices": ["1", "2"]}


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page-asks") / "shop"
    run.init(folder)
    return folder


def test_an_ask_is_saved_started_and_stopped_through_every_face(empty, tmp_path):
    opened = run.open_workspace(empty)
    with TestClient(build_app(opened), base_url="http://127.0.0.1:8710") as api:
        saved = api.put("/api/act/asks/pulse", json={"ask": TEXT}).json()
        assert (saved["state"], saved["revision"]) == ("draft", 1)
        (finding,) = api.post("/api/act/asks/check", json={"ask": {"id": "a", **TEXT}}).json()
        assert finding["code"] == "NO_END"
        assert said(empty, "ask", "start", "pulse")["state"] == "running"
        file = tmp_path / "ask.yaml"
        file.write_text("id: pulse\nname: Pulse\ntext: How hard was that?\nuntil: 2999-01-01\n")
        assert said(empty, "ask", "save", str(file))["revision"] == 2
        python = plain(run.ask_views(opened))
        assert python[0]["ask"]["until"] == "2999-01-01"
        assert told(api, "/api/act/asks") == said(empty, "ask", "list")["asks"] == python
        assert told(api, "/api/act/asks/pulse") == said(empty, "ask", "show", "pulse") == python[0]
        stopped = api.post("/api/act/asks/pulse/stop", json={"why": "seen enough"}).json()
        assert (stopped["state"], stopped["why"]) == ("stopped", "seen enough")
        wrong = api.put("/api/act/asks/pulse", json={"ask": {**TEXT, "answers": "stars"}})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "BAD_ASK")


def test_answers_are_corrected_for_who_does_not_answer_alike_through_every_face(tmp_path):
    folder = tmp_path / "shop"
    opened = run.init(folder)
    act.save_ask(opened.store, act.PageAsk("pulse", "Pulse", "How easy was that?"))
    with TestClient(build_app(opened), base_url="http://127.0.0.1:8710") as api:
        assert api.post("/api/collect/events", json={"events": answers_of(400)}).status_code == 200
        run.number(opened)
        run.rebuild(opened)
        python = plain(run.ask_view(opened, "pulse"))
        assert told(api, "/api/act/asks/pulse") == said(folder, "ask", "show", "pulse") == python
    assert told_in_words(folder).count("if mood itself decides who answers") == 1
    results, weighted = python["results"], python["weighted"]
    # Everybody would have said 7 in the mean; three times as many of those who say 9 answer.
    assert (results["seen"], results["done"], results["mean"]) == (400, 240, 8.0)
    assert (weighted["asked"], weighted["answered"]) == (400, 240)
    assert weighted["mean"]["raw"]["value"] == 8.0
    low, high = weighted["mean"]["weighted"]["interval"]
    assert low < 7.0 < high < 7.5
    assert weighted["mean"]["weighted"]["value"] == pytest.approx(7.0, abs=0.1)
    assert plain(run.ask_views(opened))[0]["weighted"] is None


def told_in_words(folder):
    done = CliRunner().invoke(command, ["ask", "show", "pulse", "--workspace", str(folder)])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())
