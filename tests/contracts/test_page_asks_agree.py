"""Questions and messages on pages are the same for Python, the command line and the API."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain, said, told

from pathworth import run
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
