"""Responses to forms, by the reference of each question, and by their words in CSV."""

from __future__ import annotations

from typing import Any

from tests.collect.importers.conftest import Tried


def answer(ref: str, kind: str, **value: Any) -> dict[str, Any]:
    return {"field": {"id": f"f_{ref}", "ref": ref, "type": kind}, "type": kind, **value}


def item(token: str, **more: Any) -> dict[str, Any]:
    return {
        "landing_id": token,
        "token": token,
        "response_id": token,
        "landed_at": "2024-01-01T10:00:00Z",
        "submitted_at": "2024-01-01T10:05:00Z",
        "metadata": {"platform": "mobile", "user_agent": "x", "network_id": "n"},
        "hidden": {"user_id": "u-7"},
        "calculated": {"score": 3},
        "answers": [
            answer("nps", "number", number=9),
            answer("why", "text", text="Fast, and friendly"),
            answer("uses", "choices", choices={"labels": ["Mail", "Phone"]}),
            answer("best", "choice", choice={"label": "Mail"}),
            answer("agree", "boolean", boolean=False),
        ],
        **more,
    }


def test_a_response_is_opened_and_answered(tried: Tried) -> None:
    rows = [
        item("t1"),
        item("t2", hidden={}, submitted_at="0001-01-01T00:00:00Z", answers=None),
        item("t3", landed_at="x", submitted_at="y"),
    ]
    path = tried.write("responses.json", {"total_items": 3, "page_count": 1, "items": rows})
    assert tried.format(path) == "typeform"
    answered = tried.take(path)
    assert tried.refused(answered.import_) == [(3, "BAD_TIME"), (3, "BAD_TIME")]
    assert tried.told() == [
        ("t2", "Form opened", "2024-01-01 10:00:00"),
        ("u-7", "Form opened", "2024-01-01 10:00:00"),
        ("u-7", "Form answered", "2024-01-01 10:05:00"),
    ]
    _, opened, last = tried.events()
    assert "nps" not in opened
    assert last == {
        "entity": "u-7",
        "name": "Form answered",
        "time": "2024-01-01 10:05:00",
        "token": "t1",
        "platform": "mobile",
        "score": "3",
        "nps": "9",
        "why": "Fast, and friendly",
        "uses": '["Mail","Phone"]',
        "best": "Mail",
        "agree": "false",
    }


def test_a_csv_tells_the_same_events_as_the_api(tried: Tried) -> None:
    text = (
        '#,"How likely, really?",email,Start Date (UTC),Submit Date (UTC),Network ID\n'
        "t1,9,ann@a.example,2024-01-01 10:00:00,2024-01-01 10:05:00,n\n"
        "t2,,,2024-01-01 11:00:00,,n\n"
        "t3,1,cy@a.example,2024-01-01 11:00:00,later,n\n"
    )
    path = tried.write("responses.csv", text)
    assert tried.format(path) == "typeform-csv"
    answered = tried.take(path)
    assert tried.refused(answered.import_) == [(3, "BAD_TIME")]
    assert tried.events()[:2] == [
        {
            "entity": "ann@a.example",
            "name": "Form opened",
            "time": "2024-01-01 10:00:00",
            "token": "t1",
        },
        {
            "entity": "ann@a.example",
            "name": "Form answered",
            "time": "2024-01-01 10:05:00",
            "token": "t1",
            "How likely, really?": "9",
        },
    ]
    assert [e["entity"] for e in tried.events()[2:]] == ["cy@a.example", "t2"]
    assert (
        tried.take(
            tried.write("one.json", [item("t1", hidden={"user_id": "ann@a.example"})])
        ).accepted
        == 0
    )
