"""What stands in the way of a pull: it is said in words, loses nothing, doubles nothing, and shows no secret."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.collect.pulling.conftest import NOW, SECRET, Pulling
from tests.collect.pulling.fakes import fake_api
from tests.collect.pulling.test_tools import charge
from tests.contracts.faces import plain, said

from pathworth import collect, run
from pathworth.base.errors import PathworthError
from pathworth.collect.pulling import asking, pulling as turns
from pathworth.run.intake.pulls import Pulling as Job
from pathworth.web import build_app


def page(*numbers: int, more: bool) -> dict[str, Any]:
    return {"object": "list", "data": [charge(k) for k in numbers], "has_more": more}


def code(pulling: Pulling, name: str) -> str:
    with pytest.raises(PathworthError) as caught:
        pulling.run(name)
    assert caught.value.hint
    row = pulling.row(name)
    assert (row.code, row.result) == (caught.value.code, None)
    assert SECRET not in json.dumps(plain(row)) + str(caught.value)
    return caught.value.code


def refused(pulling: Pulling, name: str, connector: str, **said: Any) -> str:
    with pytest.raises(PathworthError) as caught:
        run.add_pull(pulling.workspace, name, connector=connector, **said)
    assert caught.value.hint
    return caught.value.code


def test_a_turn_that_breaks_off_goes_on_behind_what_was_imported(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PORTION", 1)
    monkeypatch.setattr(asking, "TRIES", 2)
    pulling.api.script(page(9, 8, more=True), 500, 502)
    pulling.add("money", "stripe-charges")
    assert code(pulling, "money") == "PULL_NO_ANSWER"
    assert pulling.waited == [1.0, 2.0]
    assert [who for who, _, _ in pulling.told("stripe")] == ["cus_8", "cus_9"]
    # Whoever goes on begins at the page that did not come, and knows what was the newest before.
    pulling.api.script(page(7, more=False))
    assert pulling.run("money").result == "1 new, 0 there already, 0 refused, in 1 requests."
    assert pulling.api.asked[0].query["starting_after"] == "ch_8"
    assert pulling.row("money").since == "2026-01-09T00:00:09+00:00"
    assert [who for who, _, _ in pulling.told("stripe")] == ["cus_7", "cus_8", "cus_9"]
    assert not list((pulling.workspace.store.path / "pulls").iterdir())


def test_an_api_that_wants_to_be_left_alone_is(pulling: Pulling) -> None:
    busy = (429, {"Retry-After": "3"})
    pulling.api.script(busy, (503, {}), page(20, more=False))
    pulling.add("slow", "stripe-charges")
    assert "1 new" in str(pulling.run("slow").result)
    assert pulling.waited == [3.0, 2.0]
    pulling.api.script((429, {"Retry-After": "7200"}))
    before = pulling.row("slow").since
    row = pulling.run("slow")
    assert (row.code, "left alone for 7200 s" in str(row.result)) == (None, True)
    due = run.pulls(pulling.workspace)[0]
    assert due.next > row.ended
    assert pulling.row("slow").since == before


def test_a_refused_secret_and_a_wrong_request_are_told_apart(pulling: Pulling) -> None:
    pulling.add("shut", "stripe-charges")
    for status, expected in (
        (401, "PULL_KEY_REFUSED"),
        (403, "PULL_KEY_REFUSED"),
        (400, "PULL_REFUSED"),
        (302, "PULL_REFUSED"),
    ):
        pulling.api.script(status)
        assert code(pulling, "shut") == expected
    pulling.api.script(b"<html>")
    assert code(pulling, "shut") == "PULL_NOT_JSON"
    assert pulling.waited == []


def test_a_link_that_leads_elsewhere_is_not_followed_with_the_secret(pulling: Pulling) -> None:
    with fake_api() as other:
        pulling.api.script({"data": [], "links": {"next": f"{other.address}/v3/more"}})
        pulling.add("survey", "surveymonkey", survey="1")
        assert code(pulling, "survey") == "PULL_ELSEWHERE"
        assert other.asked == []


def test_a_secret_is_read_where_it_is_and_never_taken(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    assert refused(pulling, "a", "stripe-charges", secret=SECRET) == "BAD_SECRET_PLACE"
    pulling.add("money", "stripe-charges")
    monkeypatch.delenv("PULL_SECRET")
    assert code(pulling, "money") == "NO_SECRET"
    held = tmp_path / "key"
    held.write_text(f"{SECRET}\n")
    settings = {"address": pulling.api.address}
    run.add_pull(
        pulling.workspace,
        "filed",
        connector="stripe-charges",
        secret=f"file:{held}",
        settings=settings,
    )
    pulling.api.script(page(more=False))
    assert pulling.run("filed").result == "Nothing new."
    assert pulling.api.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    database = (pulling.workspace.store.path / "workspace.db").read_bytes()
    assert SECRET.encode() not in database
    run.add_pull(
        pulling.workspace,
        "pair",
        connector="zendesk-tickets",
        secret=f"file:{held}",
        settings={**settings, "subdomain": "x"},
    )
    held.write_text("without-a-colon")
    assert code(pulling, "pair") == "BAD_SECRET"


def test_what_cannot_be_pulled_is_refused_before_it_is_kept(pulling: Pulling) -> None:
    place = {"secret": "env:X"}
    assert refused(pulling, "A b", "stripe-charges", **place) == "BAD_PULL_NAME"
    assert refused(pulling, "a", "stripe-charge", **place) == "UNKNOWN_CONNECTOR"
    assert refused(pulling, "a", "zendesk-tickets", **place) == "NO_SETTING"
    assert (
        refused(pulling, "a", "stripe-charges", settings={"projct": "1"}, **place)
        == "UNKNOWN_SETTING"
    )
    assert refused(pulling, "a", "stripe-charges", every="10s", **place) == "PULL_TOO_OFTEN"
    assert refused(pulling, "a", "stripe-charges", since="soon", **place) == "BAD_DAY"
    for address in ("http://api.stripe.example", "ftp://127.0.0.1", "https://"):
        assert (
            refused(pulling, "a", "stripe-charges", settings={"address": address}, **place)
            == "PULL_NOT_SAFE"
        )
    # What is put into an address leads nowhere else.
    found = collect.check_settings(
        collect.connector_named("zendesk-tickets"), {"subdomain": "evil.example/x"}
    )
    assert found["subdomain"] == "evil.example/x"
    pulling.add("twice", "stripe-charges")
    assert refused(pulling, "twice", "stripe-charges", **place) == "PULL_KNOWN"
    assert [one.name for one in run.pulls(pulling.workspace)] == ["twice"]


def test_the_job_pulls_what_is_due_and_one_that_fails_stops_no_other(pulling: Pulling) -> None:
    job = Job()
    assert not job.ready(pulling.workspace)
    pulling.add("bad", "stripe-charges")
    pulling.add("good", "stripe-charges")
    pulling.api.say = lambda asked: 401 if len(pulling.api.asked) == 1 else page(30, more=False)
    pulling.api.asked.clear()
    assert Job().ready(pulling.workspace)
    assert job.work(pulling.workspace) == "Pulled: good. Could not: bad."
    assert not Job().ready(pulling.workspace)
    run.ask_pull(pulling.workspace, "bad")
    assert Job().ready(pulling.workspace)


def test_every_face_says_the_same_of_what_is_pulled(pulling: Pulling) -> None:
    shop = pulling.workspace.store.path
    words = ("pull", "add", "money", "stripe-charges", "--secret", "env:PULL_SECRET")
    more = ("--set", f"address={pulling.api.address}", "--every", "2h", "--since", "2026-01-08")
    (row,) = said(shop, *words, *more)["pulls"]
    assert (row["every_seconds"], row["secret"], row["result"]) == (7200.0, "in a variable", None)
    pulling.api.script(page(41, more=False))
    done = said(shop, "pull", "run", "money")
    assert done["result"].startswith("1 new")
    with TestClient(build_app(pulling.workspace), base_url="http://127.0.0.1:8710") as api:
        assert api.get("/api/collect/pulls").json() == said(shop, "pull", "list")["pulls"] == [done]
        listed = api.get("/api/collect/connectors").json()
        assert {"connectors": listed} == json.loads(_connectors())
        (asked,) = api.post("/api/collect/pulls/money/run").json()
        assert asked["next"] < done["next"]
        assert api.delete("/api/collect/pulls/money").json() == []
        gone = api.post("/api/collect/pulls/money/run")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "UNKNOWN_PULL")


def _connectors() -> str:
    from typer.testing import CliRunner

    from pathworth.cli.app import app

    return CliRunner().invoke(app, ["pull", "connectors", "--json"]).stdout


def test_windows_are_whole_days_and_what_is_too_young_waits(pulling: Pulling) -> None:
    pulling.api.asked.clear()
    pulling.api.say = lambda _: 404
    pulling.add("late", "amplitude", since="2026-01-09")
    pulling.run("late", NOW.replace(hour=2))
    assert pulling.api.asked == []
    pulling.run("late", NOW.replace(hour=3))
    assert [one.query["start"] for one in pulling.api.asked] == ["20260109T00"]
    pulling.run("late", NOW + timedelta(hours=1))
    assert len(pulling.api.asked) == 1
