"""Experiments, the plan and today are reached by their addresses, and refuse in the one shape of errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pathworth import atlas, run, store
from pathworth.atlas import MapDocument, MapStep
from pathworth.base.instants import to_iso
from pathworth.collect import import_files
from pathworth.web import build_app

HOUR = 3_600_000_000
BEGIN = 1_767_225_600_000_000
SAID = {
    "id": "kit",
    "hypothesis": "Whoever gets the kit buys more often",
    "program": "kit",
    "map": "way",
    "step": "buys",
    "trigger": "asks",
    "horizon": "2d",
    "smallest": 0.2,
}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    opened = run.init(tmp_path / "shop")
    rows = ["user_id,event,timestamp"]
    for k in range(200):
        rows.append(f"p{k},asked,{to_iso(BEGIN + k * HOUR)}")
        rows += [f"p{k},bought,{to_iso(BEGIN + (k + 2) * HOUR)}"] if k % 3 == 0 else []
    rows.append(f"zz,seen,{to_iso(BEGIN + 500 * HOUR)}")
    (tmp_path / "events.csv").write_text("\n".join(rows))
    import_files(opened.store, [tmp_path / "events.csv"])
    steps = (
        MapStep("asks", "Asks", "event = 'asked'"),
        MapStep("buys", "Buys", "event = 'bought'"),
    )
    opened.store.save_map("way", atlas.dump_map(MapDocument("way", steps)), author="test")
    store.Programs(opened.store).save("kit", "id: kit", author="test")
    return TestClient(build_app(opened), base_url="http://127.0.0.1")


def test_an_experiment_goes_its_way_from_draft_to_end(client: TestClient) -> None:
    assert client.get("/api/learn/experiments").json() == []
    assert client.get("/api/learn/programs").json() == ["kit"]
    written = client.put("/api/learn/experiment", json=SAID).json()
    assert (written["state"], written["step_name"]) == ("draft", "Buys")
    refused = client.post("/api/learn/experiment/kit/begin")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "EXPERIMENT_NOT_LOCKED")
    assert client.post("/api/learn/experiment/kit/lock").json()["state"] == "locked"
    changed = client.put("/api/learn/experiment", json={**SAID, "horizon": "5d"})
    assert (changed.status_code, changed.json()["error"]["code"]) == (409, "EXPERIMENT_LOCKED")
    assert client.post("/api/learn/experiment/kit/begin").json()["reading"] is not None
    empty = client.post("/api/learn/experiment/kit/end", json={"why": " "})
    assert empty.json()["error"]["code"] == "REASON_MISSING"
    ended = client.post("/api/learn/experiment/kit/end", json={"why": "Enough."}).json()
    assert (ended["state"], ended["ended_why"]) == ("ended", "Enough.")
    assert [one["state"] for one in client.get("/api/learn/experiments").json()] == ["ended"]
    assert client.get("/api/learn/experiment/none").status_code == 404


def test_a_draft_can_be_dropped(client: TestClient) -> None:
    client.put("/api/learn/experiment", json=SAID)
    assert client.delete("/api/learn/experiment/kit").json() == []


def test_the_plan_refuses_what_is_not_there(client: TestClient) -> None:
    assert client.get("/api/run/plan").json() == []
    refused = client.post("/api/run/plan", json={"row": "none", "map": "way"})
    assert refused.status_code in {404, 409}
    assert "error" in refused.json()
    unknown = client.put("/api/run/plan/7", json={"state": "now"})
    assert unknown.json()["error"]["code"] == "UNKNOWN_OPPORTUNITY"


def test_today_answers_in_lines_with_a_verb_and_a_place(client: TestClient) -> None:
    found = client.get("/api/run/today", params={"since": "2020-01-01T00:00:00Z"}).json()
    assert 1 <= len(found["lines"]) <= 7
    assert all(line["verb"] and line["link"].startswith("/") for line in found["lines"])
    again = client.get("/api/run/today", params={"since": found["now"], "row": found["rows"]})
    assert again.json()["quiet"] == "Nothing changed and nothing waits."
