"""Tickets and conversations: opened, answered, closed, rated, each when it happened."""

from __future__ import annotations

import json
from typing import Any

from tests.collect.importers.conftest import Tried


def ticket(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "external_id": None,
        "via": {"channel": "web"},
        "created_at": "2024-01-01T09:00:00Z",
        "updated_at": "2024-01-09T09:00:00Z",
        "subject": "Cannot pay",
        "description": "It says no.",
        "priority": "high",
        "status": "solved",
        "requester_id": 500 + number,
        "organization_id": 9,
        "tags": ["billing", "urgent"],
        "satisfaction_rating": {"score": "unoffered"},
        **more,
    }


def test_tickets_of_the_full_export_tell_when_they_were_solved_and_rated(tried: Tried) -> None:
    rows: list[Any] = [
        ticket(
            1,
            metric_set={"solved_at": "2024-01-02T09:00:00Z", "reopens": 1, "replies": 3},
            satisfaction_rating={
                "score": "good",
                "comment": "Thanks",
                "updated_at": "2024-01-03T09:00:00Z",
            },
        ),
        ticket(2, status="open", metric_set={"solved_at": None}),
        ticket(3, requester_id=None),
        '{"id": 4, "subj',
    ]
    path = tried.lines("tickets.json", rows)
    assert tried.format(path) == "zendesk-tickets"
    answer = tried.take(path)
    assert sorted(tried.refused(answer.import_)) == [(3, "NO_ENTITY"), (4, "NOT_JSON")]
    assert tried.told() == [
        ("501", "Ticket opened", "2024-01-01 09:00:00"),
        ("501", "Ticket solved", "2024-01-02 09:00:00"),
        ("501", "Ticket rated", "2024-01-03 09:00:00"),
        ("502", "Ticket opened", "2024-01-01 09:00:00"),
    ]
    opened, solved, rated, _ = tried.events()
    assert opened == {
        "entity": "501",
        "name": "Ticket opened",
        "time": "2024-01-01 09:00:00",
        "ticket": "1",
        "channel": "web",
        "organization_id": "9",
        "subject": "Cannot pay",
        "description": "It says no.",
    }
    assert json.loads(solved["tags"]) == ["billing", "urgent"]
    assert (rated["score"], rated["comment"]) == ("good", "Thanks")


def test_pages_of_tickets_follow_each_other(tried: Tried) -> None:
    pages = [
        {"tickets": [ticket(1), ticket(2)], "after_cursor": "x", "end_of_stream": False},
        {"tickets": [ticket(2), ticket(3)], "after_cursor": None, "end_of_stream": True},
    ]
    path = tried.lines("pages.jsonl", pages)
    assert tried.format(path) == "zendesk-tickets"
    answer = tried.take(path)
    # The cursor may bring a ticket twice.
    assert (answer.accepted, answer.duplicates) == (3, 1)


def test_ratings_are_told_once_whoever_tells_them(tried: Tried) -> None:
    def rating(number: int, score: str, **more: Any) -> dict[str, Any]:
        return {
            "id": 90 + number, "requester_id": 500 + number, "ticket_id": number, "score": score, "comment": "Ok",
            "created_at": "2024-01-03T08:00:00Z", "updated_at": "2024-01-03T09:00:00Z", **more,
        }  # fmt: skip

    rows = [rating(1, "good"), rating(2, "offered"), rating(3, "bad", requester_id=None)]
    path = tried.write("ratings.json", {"satisfaction_ratings": rows, "next_page": None})
    assert tried.format(path) == "zendesk-ratings"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY")]
    assert tried.told() == [
        ("501", "Ticket rated", "2024-01-03 09:00:00"),
        ("502", "Rating asked for", "2024-01-03 08:00:00"),
    ]
    told = {"score": "good", "updated_at": "2024-01-03T09:00:00Z"}
    answer = tried.take(tried.lines("tickets.json", [ticket(1, satisfaction_rating=told)]))
    assert (answer.accepted, answer.duplicates) == (1, 1)


def conversation(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "conversation",
        "id": id_,
        "created_at": 1704103200,
        "updated_at": 1704190000,
        "source": {
            "type": "conversation",
            "delivered_as": "customer_initiated",
            "subject": "",
            "body": "<p>Help</p>",
            "author": {"type": "user", "id": "c9", "email": "ann@a.example"},
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [{"type": "contact", "id": "c9", "external_id": "u-7"}],
        },
        "state": "closed",
        "statistics": {"first_admin_reply_at": 1704103800, "first_close_at": 1704110400},
        "conversation_rating": None,
        **more,
    }


def test_conversations_tell_what_was_said_and_how_they_ended(tried: Tried) -> None:
    def part(number: int, kind: str, author: str, at: int) -> dict[str, Any]:
        return {
            "type": "conversation_part", "id": f"p{number}", "part_type": kind, "body": f"<p>{number}</p>",
            "created_at": at, "author": {"type": author, "id": "x"},
        }  # fmt: skip

    parts = [
        part(1, "comment", "admin", 1704103800),
        part(2, "comment", "user", 1704104000),
        part(3, "note", "admin", 1704104100),
        part(4, "comment", "user", 1704104200),
    ]
    rows = [
        conversation(
            "1",
            conversation_parts={"type": "conversation_part.list", "conversation_parts": parts},
            conversation_rating={"rating": 4, "remark": "ok", "created_at": 1704120000},
        ),
        conversation(
            "2",
            contacts={"contacts": [{"type": "contact", "id": "c8", "external_id": None}]},
            statistics=None,
            state="open",
        ),
        conversation("3", created_at="never", contacts={"contacts": []}),
    ]
    path = tried.write(
        "conversations.json", {"type": "conversation.list", "conversations": rows, "pages": {}}
    )
    assert tried.format(path) == "intercom-conversations"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "BAD_TIME")]
    assert tried.told() == [
        ("ann@a.example", "Conversation answered", "2024-01-01 10:10:00"),
        ("ann@a.example", "Conversation closed", "2024-01-01 12:00:00"),
        ("c8", "Conversation opened", "2024-01-01 10:00:00"),
        ("u-7", "Conversation opened", "2024-01-01 10:00:00"),
        ("u-7", "Conversation answered", "2024-01-01 10:10:00"),
        ("u-7", "Conversation continued", "2024-01-01 10:13:20"),
        ("u-7", "Conversation continued", "2024-01-01 10:16:40"),
        ("u-7", "Conversation closed", "2024-01-01 12:00:00"),
        ("u-7", "Conversation rated", "2024-01-01 14:40:00"),
    ]
    rated = tried.events()[-1]
    assert (rated["rating"], rated["remark"], rated["conversation"]) == ("4", "ok", "1")
    said = [
        e["conversation_parts_conversation_parts_body"]
        for e in tried.events()
        if "continued" in e["name"]
    ]
    assert said == ["<p>2</p>", "<p>4</p>"]


TICKETS = (
    "Ticket ID,Requester email,Created at,Solved at,Subject,Tags,Handling minutes,Status\n"
    "7,a@shop.example,2024-01-01 09:00:00,2024-01-02 10:00:00,Invoice,billing,12,solved\n"
    "8,b@shop.example,2024-01-03 09:00:00,,Login,login,,open\n"
    "9,,2024-01-03 09:00:00,,Nobody's,login,,open\n"
)


def test_a_view_of_tickets_tells_tags_only_when_they_were_known(tried: Tried) -> None:
    path = tried.write("view.csv", TICKETS)
    assert tried.format(path) == "help-desk-csv"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY")]
    opened, solved, other = tried.events()
    assert (opened["name"], opened["time"]) == ("Ticket opened", "2024-01-01 09:00:00")
    assert opened["Subject"] == "Invoice"
    assert "Tags" not in opened
    assert (solved["name"], solved["time"]) == ("Ticket solved", "2024-01-02 10:00:00")
    assert (solved["Tags"], solved["Handling minutes"], solved["ticket"]) == ("billing", "12", "7")
    assert (other["entity"], other["name"]) == ("b@shop.example", "Ticket opened")


def test_a_format_can_be_told_whose_address_is_whose(tried: Tried) -> None:
    contacts = tried.write(
        "contacts.csv",
        "Record ID,First Name,Last Name,Email,Create Date,User ID\n"
        "1,Ann,Lee,a@shop.example,2024-01-01 08:00:00,u1\n",
    )
    tried.take(contacts, format="hubspot-contacts-csv", entity="User ID", anonymous="Email")
    tried.take(tried.write("view.csv", TICKETS))
    snapshot = tried.workspace.whole_snapshot(at_once=True)
    assert snapshot.ids_of("u1") == ("a@shop.example", "u1")
    assert snapshot.entities == 2
