"""Pulls over the API: added, run, paused, resumed and removed by whom may, and no secret ever comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.collect.pulling.conftest import SECRET, Pulling
from tests.collect.pulling.test_troubles import code, page
from tests.contracts.faces import said

from pathworth import run
from pathworth.run.intake.pulls import Pulling as Job
from pathworth.web import build_app

HERE = "http://127.0.0.1:8710"
PULLS = "/api/collect/pulls"


def asked(pulling: Pulling, **more: Any) -> dict[str, Any]:
    body = {"name": "money", "connector": "stripe-charges", "secret": f" {SECRET}\n"}
    return {**body, "settings": {"address": pulling.api.address}, "since": "2026-01-08", **more}


def kept(pulling: Pulling) -> list[str]:
    folder = pulling.workspace.store.path / "pull-secrets"
    return sorted(one.read_text() for one in folder.iterdir()) if folder.exists() else []


def test_a_pull_is_added_run_paused_resumed_and_removed_and_its_secret_never_comes_back(
    pulling: Pulling,
) -> None:
    shop, answers = pulling.workspace.store.path, []
    pulling.api.script(page(50, more=False), page(51, more=False), page(52, more=False))
    with TestClient(build_app(pulling.workspace), base_url=HERE) as api:

        def ask(path: str = "", method: str = "POST", body: Any = None) -> dict[str, Any]:
            found = api.request(method, PULLS + path, json=body)
            answers.append(found.text)
            assert found.status_code == 200, found.text
            rows = found.json()
            assert rows == said(shop, "pull", "list")["pulls"]
            return rows[0] if rows else {}

        made = ask(body=asked(pulling, every="2h"))
        assert (made["secret"], made["every_seconds"], made["paused"]) == ("kept here", 7200, False)
        assert kept(pulling) == [SECRET]
        (file,) = (shop / "pull-secrets").iterdir()
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert Job().work(pulling.workspace) == "Pulled: money."
        assert pulling.api.asked[0].headers["authorization"] == f"Bearer {SECRET}"
        # Paused: not due, not even by a request; by hand it runs once, and stays paused behind that.
        held = ask("/money/pause")
        assert (held["paused"], held["next"], held["since"][:10]) == (True, None, "2026-01-09")
        assert not Job().ready(pulling.workspace)
        refused = api.post(f"{PULLS}/money/run")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "PULL_PAUSED")
        assert said(shop, "pull", "run", "money")["paused"]
        on = ask("/money/resume")
        assert (on["paused"], Job().ready(pulling.workspace)) == (False, True)
        assert ask("/money/resume") == on
        ask("/money/run")
        assert Job().work(pulling.workspace) == "Pulled: money."
        assert len(pulling.api.asked) == 3
        for verb in ("pause", "resume"):
            assert api.post(f"{PULLS}/gone/{verb}").status_code == 404
        assert ask("/money", "DELETE") == {}
    assert kept(pulling) == []
    database = (shop / "workspace.db").read_bytes()
    assert SECRET.encode() not in database
    assert SECRET not in "".join(answers)


def test_what_is_paused_while_it_runs_stays_paused(pulling: Pulling) -> None:
    def pause(_: Any) -> Any:
        run.pause_pull(pulling.workspace, "slow")
        return page(60, more=False)

    pulling.add("slow", "stripe-charges")
    pulling.api.say = pause
    assert pulling.run("slow").paused
    assert not Job().ready(pulling.workspace)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"secret": ""}, "BAD_SECRET"),
        # Over the API nobody has this machine's files and variables read and sent somewhere.
        ({"secret": "file:/etc/hostname"}, "BAD_SECRET"),
        ({"secret": "env:PULL_SECRET"}, "BAD_SECRET"),
        ({"secret": "x" * 20_000}, "BAD_SECRET"),
        ({"settings": {"address": f"https://ann:{SECRET}@api.example"}}, "PULL_NOT_SAFE"),
        ({"settings": {"address": "https://[::1"}}, "PULL_NOT_SAFE"),
        ({"settings": {"address": "https://api.example:port"}}, "PULL_NOT_SAFE"),
        ({"settings": {"projct": SECRET}}, "UNKNOWN_SETTING"),
        ({"every": "9000d"}, "PULL_TOO_SELDOM"),
        ({"every": f"{'9' * 400}d"}, "BAD_DURATION"),
        ({"since": "0001-01-01T00:00:00+23:00"}, "BAD_DAY"),
        ({"name": "twice"}, "PULL_KNOWN"),
        ({"secret": {"x": SECRET}}, "BAD_CALL"),
    ],
)
def test_what_cannot_be_pulled_is_refused_and_leaves_no_secret(
    pulling: Pulling, wrong: dict[str, Any], expected: str
) -> None:
    pulling.add("twice", "stripe-charges")
    api = TestClient(build_app(pulling.workspace), base_url=HERE)
    found = api.post(PULLS, json=asked(pulling, **wrong))
    assert (found.status_code in {404, 409, 422}, found.json()["error"]["code"]) == (True, expected)
    assert SECRET not in found.text
    assert kept(pulling) == []
    assert [one.name for one in run.pulls(pulling.workspace)] == ["twice"]


def test_a_secret_that_no_header_can_hold_is_refused_in_words(pulling: Pulling) -> None:
    settings = {"address": pulling.api.address}
    run.add_pull(
        pulling.workspace,
        "split",
        connector="stripe-charges",
        secret=run.HandedIn("one\r\ntwo"),
        settings=settings,
    )
    assert "one" not in repr(run.HandedIn("one"))
    pulling.api.asked.clear()
    assert code(pulling, "split") == "BAD_SECRET"
    assert pulling.api.asked == []
    for file in (pulling.workspace.store.path / "pull-secrets").iterdir():
        file.unlink()
    assert code(pulling, "split") == "NO_SECRET"


def test_only_an_admin_adds_and_removes_and_an_editor_runs_and_pauses(
    pulling: Pulling, tmp_path: Any
) -> None:
    shop = run.init(tmp_path / "roles")
    for role in ("admin", "editor", "viewer"):
        run.add_login(shop, f"the {role}", role=role, password="three random words")
    app, names = build_app(shop), {}
    for role in ("admin", "editor", "viewer"):
        api = TestClient(app, base_url=HERE)
        api.post("/api/run/login", json={"name": f"the {role}", "password": "three random words"})
        names[role] = api
    body = json.loads(json.dumps(asked(pulling)))
    assert names["editor"].post(PULLS, json=body).status_code == 403
    (made,) = names["admin"].post(PULLS, json=body).json()
    assert made["author"] == "the admin"
    assert names["editor"].delete(f"{PULLS}/money").status_code == 403
    for verb, paused in (("run", False), ("pause", True), ("resume", False)):
        assert names["viewer"].post(f"{PULLS}/money/{verb}").status_code == 403
        (row,) = names["editor"].post(f"{PULLS}/money/{verb}").json()
        assert row["paused"] is paused
    assert names["viewer"].get(PULLS).json() == [row]
    assert names["admin"].delete(f"{PULLS}/money").json() == []
