"""Tools that give a token for the name and the secret of a client: Snov.io and Hotjar."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.collect.importers.test_hotjar import response
from tests.collect.pulling.conftest import Pulling
from tests.collect.pulling.fakes import Asked

from pathworth.base.errors import PathworthError


def credentials(pulling: Pulling, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    """Let the fake give a token for a name and a secret, and the answers of its other paths one after the other."""
    monkeypatch.setenv("PULL_SECRET", json.dumps({"client_id": "c", "client_secret": "s"}))
    left = {path: list(those) for path, those in answers.items()}

    def say(asked: Asked) -> Any:
        if asked.path == "/token":
            assert "grant_type=client_credentials" in asked.body
            return {"access_token": "fresh", "expires_in": 3600, "token_type": "Bearer"}
        assert asked.headers["authorization"] == "Bearer fresh"
        return left[asked.path.rsplit("/", 1)[-1].replace("-", "_")].pop(0)

    pulling.api.asked.clear()
    pulling.api.say = say


def test_snov_is_asked_day_by_day_and_the_last_days_again(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def did(kind: str, at: str) -> dict[str, str]:
        own = {"sender_email": "me@shop.example", "email_subject": "Plans"}
        return {"event_time": at, "event_type": kind, "recipient_email": "ann@a.example", **own}

    days = [
        {"data": [did("sent", "2026-01-08 09:00:00")], "pagination": {"has_more": False}},
        {"data": [did("reply", "2026-01-09 09:00:00")], "pagination": {"has_more": False}},
    ]
    empty = {"data": [], "pagination": {"has_more": False}}
    credentials(pulling, monkeypatch, recipients_activity=[empty, empty, *days])
    token = f"{pulling.api.address}/token"
    pulling.add("mails", "snov-activity", campaign="77", token=token)
    assert "2 new" in str(pulling.run("mails").result)
    asked = [one for one in pulling.api.asked if one.path != "/token"]
    assert {one.path for one in asked} == {"/v2/campaigns/77/recipients-activity"}
    assert [(one.query["dateFrom"], one.query["dateTo"]) for one in asked] == [
        (f"2026-01-0{day}", f"2026-01-0{day}") for day in (6, 7, 8, 9)
    ]
    assert pulling.told("snov.io") == [
        ("ann@a.example", "Email sent", "2026-01-08 09:00:00"),
        ("ann@a.example", "Email replied", "2026-01-09 09:00:00"),
    ]
    monkeypatch.setenv("PULL_SECRET", "not an object")
    with pytest.raises(PathworthError, match="BAD_SECRET"):
        pulling.run("mails")


def test_hotjar_gives_its_responses_page_by_page(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [
        {"results": [response(1)], "next_cursor": "more"},
        {"results": [response(2, hotjar_user_id="other")], "next_cursor": None},
    ]
    credentials(pulling, monkeypatch, responses=pages)
    token = f"{pulling.api.address}/token"
    pulling.add("answers", "hotjar-responses", site="12", survey="survey_3", token=token)
    assert "2 new" in str(pulling.run("answers").result)
    first, second = [one for one in pulling.api.asked if one.path != "/token"]
    assert first.path == "/v1/sites/12/surveys/survey_3/responses"
    assert second.query["cursor"] == "more"
    assert [who for who, _, _ in pulling.told("hotjar")] == ["b0a9c1d2-0001", "other"]
