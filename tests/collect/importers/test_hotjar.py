"""Answers to Hotjar's surveys, as its API and its CSV have them; whose they are, and which rows say nothing."""

from __future__ import annotations

from typing import Any

from tests.collect.importers.conftest import Tried

HEAD = (
    "Number,User,Date Submitted,Country,Source URL,Device,Browser,OS,Hotjar User ID,User ID,"
    "How likely are you to recommend us?,What do you use?\n"
)


def response(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"response_{number}",
        "answers": [
            {"question_id": "q1", "answer": "9", "comment": None, "tags": [], "sentiment": None},
            {"question_id": "q2", "answer": "Fast, and friendly", "comment": None, "tags": []},
        ],
        "browser": "Chrome 125.0.0",
        "country": "BE",
        "created_time": "2026-01-09T10:00:00Z",
        "device": "desktop",
        "hotjar_user_id": "b0a9c1d2-0001",
        "is_complete": True,
        "os": "Windows",
        "recording_url": "https://insights.hotjar.com/r/1",
        "response_origin_url": "https://shop.example/cart",
        "user_attributes": [],
        "window_size": {"width": 1280, "height": 720},
        **more,
    }


def test_a_response_is_answered_or_left_unfinished_by_whom_the_site_knows(tried: Tried) -> None:
    known = [{"name": "user_id", "value": "u-7"}, {"name": "plan", "value": "pro"}]
    rows = [
        response(1),
        response(2, user_attributes=known, created_time="2026-01-10T08:00:00Z"),
        response(3, is_complete=False, answers=[], created_time="2026-01-11T08:00:00Z"),
        response(4, created_time=None),
        response(5, hotjar_user_id=None, created_time="2026-01-12T08:00:00Z"),
    ]
    path = tried.write("responses.json", {"results": rows, "next_cursor": None})
    assert tried.format(path) == "hotjar-responses"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(4, "NO_TIME")]
    assert tried.told() == [
        ("b0a9c1d2-0001", "Survey answered", "2026-01-09 10:00:00"),
        ("b0a9c1d2-0001", "Survey left unfinished", "2026-01-11 08:00:00"),
        ("response_5", "Survey answered", "2026-01-12 08:00:00"),
        ("u-7", "Survey answered", "2026-01-10 08:00:00"),
    ]
    first = tried.events()[0]
    assert (first["q1"], first["q2"]) == ("9", "Fast, and friendly")
    assert (first["page"], first["recording"]) == (
        "https://shop.example/cart",
        "https://insights.hotjar.com/r/1",
    )
    # The browser's id and the site's are of one person from now on.
    snapshot = tried.workspace.whole_snapshot(at_once=True)
    assert snapshot.ids_of("u-7") == ("b0a9c1d2-0001", "u-7")


def test_a_csv_tells_the_answers_by_their_questions(tried: Tried) -> None:
    text = HEAD + (
        "1,b0a9c1d2,2026-01-09 10:00:00,Belgium,https://shop.example/,desktop,Chrome,Windows,b0a9c1d2-0001,,9,Mail\n"
        ",,,,,,,,,,,Phone\n"
        "2,c3,2026-01-13 11:30:00,France,https://shop.example/b,mobile,Safari,iOS,c3-0002,u-8,3,\n"
        "3,d4,yesterday,France,https://shop.example/b,mobile,Safari,iOS,d4-0003,,5,\n"
    )
    path = tried.write("survey.csv", text)
    assert tried.format(path) == "hotjar-responses-csv"
    answer = tried.take(path)
    assert sorted(tried.refused(answer.import_)) == [(2, "NO_ENTITY"), (4, "BAD_TIME")]
    assert tried.told() == [
        ("b0a9c1d2-0001", "Survey answered", "2026-01-09 10:00:00"),
        ("u-8", "Survey answered", "2026-01-13 11:30:00"),
    ]
    first, _ = tried.events()
    assert (first["How likely are you to recommend us?"], first["What do you use?"]) == (
        "9",
        "Mail",
    )
    assert (first["page"], "Number" in first) == ("https://shop.example/", False)
    assert tried.workspace.whole_snapshot(at_once=True).ids_of("u-8") == ("c3-0002", "u-8")
