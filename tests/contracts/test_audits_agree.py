"""Audits, the tracking plan and the live tail are the same on the command line, in Python and under the API."""

from __future__ import annotations

import json
import shutil

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain, said, told
from typer.testing import CliRunner

from pathworth import collect, run
from pathworth.cli.app import app as command
from pathworth.web import build_app


@pytest.fixture(scope="module")
def own(shop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("audits") / "shop"
    shutil.copytree(shop, folder)
    return folder


@pytest.fixture(scope="module")
def opened(own):
    return run.open_workspace(own)


@pytest.fixture
def api(opened):
    with TestClient(build_app(opened), base_url="http://127.0.0.1:8710") as client:
        yield client


def undated(report):
    return {key: one for key, one in report.items() if key != "made"}


def test_an_audit_is_the_same_wherever_it_is_made(own, opened, api):
    assert told(api, "/api/collect/audit") is None
    python = plain(run.audit(opened))
    assert python["sources"][0]["events"] > 10_000
    made = api.post("/api/collect/audit").json()
    assert undated(made) == undated(python) == undated(said(own, "audit"))
    kept = told(api, "/api/collect/audit")
    assert (
        kept == told(api, "/api/collect/audit", day=python["day"]) == plain(run.kept_audit(opened))
    )
    assert told(api, "/api/collect/audits") == plain(run.audits(opened)) == said(own, "audits")
    early = plain(run.audit(opened, until="2019-12-01"))
    assert undated(early) == undated(said(own, "audit", "--until", "2019-12-01"))
    text = api.get("/api/collect/audit", params={"format": "markdown"}).text
    assert text == collect.as_markdown(run.kept_audit(opened))
    printed = CliRunner().invoke(command, ["audit", "-w", str(own)])
    assert printed.stdout.startswith(f"# Data quality on {python['day']}")
    refused = api.get("/api/collect/audit", params={"day": "1999-01-01"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "UNKNOWN_AUDIT")


def test_the_tracking_plan_is_the_same_wherever_it_is_asked_for(own, opened, api):
    python = plain(run.tracking(opened))
    assert python["seen"] > 3
    assert told(api, "/api/collect/tracking") == python == said(own, "tracking")
    more = api.post("/api/collect/tracking", json={"name": "a/gift", "note": "soon"}).json()
    assert more["not_seen"] == python["not_seen"] + 1
    assert more["events"][0]["event"] == "a/gift"
    assert api.delete("/api/collect/tracking/a/gift").json() == python
    hand = said(own, "tracking", "--expect", "gift", "--note", "soon")
    assert hand["not_seen"] == more["not_seen"]
    assert said(own, "tracking", "--drop", "gift") == python
    shown = CliRunner().invoke(command, ["tracking", "-w", str(own)]).stdout
    assert f"{python['seen']} seen." in shown


def test_the_tail_is_the_same_wherever_it_is_asked_for(own, opened, api):
    event = {"event": "main", "person": "p1", "time": "2026-01-01T10:00:00Z", "id": "m1"}
    body = json.dumps({"source": "web", "events": [event, {"event": "x"}]})
    assert api.post("/api/collect/events?wait=1", content=body).json()["accepted"] == 1
    python = plain(run.tail(opened))
    assert [one["good"] for one in python["events"]] in ([True, False], [False, True])
    assert told(api, "/api/collect/tail", limit=20) == python == said(own, "tail")
    only = {"only": "good", "person": "p1", "source": "web"}
    words = [word for key, one in only.items() for word in (f"--{key}", one)]
    chosen = plain(run.tail(opened, **only))
    assert told(api, "/api/collect/tail", **only) == chosen == said(own, "tail", *words)
    assert len(chosen["events"]) == 1
    assert told(api, "/api/collect/tail", after=python["next"])["events"] == []
    shown = CliRunner().invoke(command, ["tail", "-w", str(own)]).stdout
    assert shown.startswith("Last events")
