"""Each tool's API as its documentation has it: what it is asked, page by page, and what becomes of its answers."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from tests.collect.importers.test_product_analytics import amplitude
from tests.collect.pulling.conftest import NOW, SECRET, Pulling
from tests.collect.pulling.fakes import Asked

from pathworth import collect, run
from pathworth.store import Daily

BASIC = f"Basic {base64.b64encode(SECRET.encode()).decode()}"
JAN_9 = 1767916800


def charge(number: int) -> dict[str, Any]:
    return {
        "id": f"ch_{number}", "object": "charge", "customer": f"cus_{number}", "status": "succeeded",
        "amount": 1000, "amount_captured": 1000, "amount_refunded": 0, "captured": True,
        "currency": "eur", "created": JAN_9 + number, "refunds": {"object": "list", "data": []},
    }  # fmt: skip


def test_stripe_goes_on_behind_the_last_charge_and_asks_for_the_newest_next_time(
    pulling: Pulling,
) -> None:
    pages = [
        {"object": "list", "data": [charge(3), charge(2)], "has_more": True},
        {"object": "list", "data": [charge(1)], "has_more": False},
    ]
    pulling.api.script(*pages)
    pulling.add("money", "stripe-charges")
    assert pulling.run("money").result == "3 new, 0 there already, 0 refused, in 2 requests."
    first, second = pulling.api.asked
    assert (first.path, first.headers["authorization"]) == ("/v1/charges", f"Bearer {SECRET}")
    assert first.query["expand[]"] == "data.refunds"
    assert (first.query["created[gte]"], second.query["starting_after"]) == (
        str(1767830400 - 90 * 86_400),
        "ch_2",
    )
    assert pulling.told("stripe")[0] == ("cus_1", "Payment made", "2026-01-09 00:00:01")
    pulling.api.script({"object": "list", "data": [charge(3)], "has_more": False})
    assert pulling.run("money").result == "0 new, 1 there already, 0 refused, in 1 requests."
    assert pulling.api.asked[0].query["created[gte]"] == str(JAN_9 + 3 - 90 * 86_400)


@pytest.mark.parametrize(
    ("connector", "record", "expected"),
    [
        (
            "stripe-invoices",
            {
                "id": "in_1", "object": "invoice", "customer": "cus_7", "status": "paid", "currency": "eur",
                "amount_paid": 500, "amount_due": 500, "total": 500, "created": JAN_9,
                "status_transitions": {"finalized_at": JAN_9, "paid_at": JAN_9 + 60},
            },
            ("cus_7", "Invoice paid", "2026-01-09 00:01:00"),
        ),
        (
            "stripe-subscriptions",
            {
                "id": "sub_1", "object": "subscription", "customer": "cus_8", "status": "active",
                "created": JAN_9, "items": {"data": []},
            },
            ("cus_8", "Subscription started", "2026-01-09 00:00:00"),
        ),
    ],
)  # fmt: skip
def test_stripe_lists_of_other_objects_are_read_alike(
    pulling: Pulling, connector: str, record: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    pulling.api.script({"object": "list", "data": [record], "has_more": False})
    pulling.add("more", connector)
    pulling.run("more")
    assert expected in pulling.told("stripe")


def test_mixpanel_exports_day_after_day_and_the_last_days_again(pulling: Pulling) -> None:
    def say(asked: Asked) -> bytes:
        day = asked.query["from_date"]
        assert asked.query["to_date"] == day
        at = JAN_9 - 86_400 if day == "2026-01-08" else JAN_9
        rows = [
            {
                "event": "View",
                "properties": {
                    "time": at,
                    "distinct_id": "mp",
                    "$insert_id": day,
                    "mp_processing_time_ms": 1,
                },
            }
        ]
        return (
            b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            if day in {"2026-01-08", "2026-01-09"}
            else b""
        )

    pulling.api.asked.clear()
    pulling.api.say = say
    pulling.add("views", "mixpanel", project="77")
    assert pulling.run("views").since == "2026-01-10T00:00:00+00:00"
    assert [one.query["from_date"] for one in pulling.api.asked] == [
        f"2026-01-{day:02}" for day in (3, 4, 5, 6, 7, 8, 9)
    ]
    assert pulling.api.asked[0].headers["authorization"] == BASIC
    assert pulling.api.asked[0].query["project_id"] == "77"
    assert ("mp", "View", "2026-01-09 00:00:00") in pulling.told("mixpanel")
    pulling.api.asked.clear()
    pulling.run("views", NOW + timedelta(days=1))
    assert [one.query["from_date"] for one in pulling.api.asked][-1] == "2026-01-10"
    assert pulling.row("views").since == "2026-01-11T00:00:00+00:00"


def test_amplitude_sends_archives_and_404_where_there_is_nothing(pulling: Pulling) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        line = json.dumps(amplitude(0, uuid="u-1", user_id="amp", event_time="2026-01-09 10:00:00"))
        archive.writestr("1/1_2026-01-09_10#0.json.gz", gzip.compress(line.encode() + b"\n"))
    pulling.api.script(404, packed.getvalue())
    pulling.add("clicks", "amplitude")
    pulling.run("clicks")
    assert [(one.query["start"], one.query["end"]) for one in pulling.api.asked] == [
        ("20260108T00", "20260108T23"),
        ("20260109T00", "20260109T23"),
    ]
    assert [one[0] for one in pulling.told("amplitude")] == ["amp"]


def test_posthog_follows_the_link_to_the_next_page(pulling: Pulling) -> None:
    def event(number: int) -> dict[str, Any]:
        return {
            "id": f"0190-{number}", "distinct_id": "ph", "event": "signed up", "elements": [], "person": None,
            "timestamp": f"2026-01-09T10:00:0{number}.000000+00:00", "properties": {"plan": "Team"},
        }  # fmt: skip

    address = f"{pulling.api.address}/api/projects/3/events/?cursor=2"
    pulling.api.script(
        {"next": address, "results": [event(1)]},
        {"next": None, "results": [event(2)]},
        {"results": []},
    )
    pulling.add("product", "posthog", since="2026-01-10", project="3")
    pulling.run("product")
    assert pulling.api.asked[0].path == "/api/projects/3/events/"
    assert pulling.api.asked[0].query["after"] == "2026-01-08T00:00:00Z"
    assert pulling.api.asked[1].query == {"cursor": "2"}
    assert pulling.told("posthog") == [
        ("ph", "signed up", "2026-01-09 10:00:01"),
        ("ph", "signed up", "2026-01-09 10:00:02"),
    ]


def test_hubspot_gives_a_word_for_the_next_page(pulling: Pulling) -> None:
    def deal(number: int) -> dict[str, Any]:
        history = [
            {"value": "qualified", "timestamp": "2026-01-09T10:00:00Z", "sourceType": "CRM_UI"}
        ]
        return {
            "id": str(number), "createdAt": "2026-01-08T10:00:00Z", "updatedAt": "2026-01-09T10:00:00Z",
            "archived": False, "properties": {"dealname": "Books", "dealstage": "qualified"},
            "propertiesWithHistory": {"dealstage": history},
        }  # fmt: skip

    pulling.api.script(
        {"results": [deal(1)], "paging": {"next": {"after": "NTI1"}}}, {"results": [deal(2)]}
    )
    pulling.add("deals", "hubspot-deals")
    pulling.run("deals")
    assert pulling.api.asked[1].query["after"] == "NTI1"
    assert ("2", "Entered qualified", "2026-01-09 10:00:00") in pulling.told("hubspot")
    contact = {**deal(9), "properties": {"email": "ann@a.example", "lifecyclestage": "lead"}}
    stages = [{"value": "lead", "timestamp": "2026-01-09T11:00:00Z", "sourceType": "FORMS"}]
    pulling.api.script(
        {"results": [{**contact, "propertiesWithHistory": {"lifecyclestage": stages}}]}
    )
    pulling.add("people", "hubspot-contacts")
    pulling.run("people")
    assert [one for one in pulling.told("hubspot") if one[0] == "ann@a.example"] == [
        ("ann@a.example", "Contact created", "2026-01-08 10:00:00"),
        ("ann@a.example", "Became lead", "2026-01-09 11:00:00"),
    ]


def test_zendesk_goes_on_with_its_own_word_at_the_next_turn(pulling: Pulling) -> None:
    def ticket(number: int) -> dict[str, Any]:
        return {
            "id": number, "requester_id": 500, "created_at": f"2026-01-09T10:00:0{number}Z", "status": "open",
            "via": {"channel": "web"}, "subject": "Help", "updated_at": "2026-01-09T10:00:00Z",
        }  # fmt: skip

    pulling.api.script(
        {"tickets": [ticket(1)], "after_cursor": "AA", "end_of_stream": False},
        {"tickets": [ticket(2)], "after_cursor": "BB", "end_of_stream": True},
    )
    pulling.add("help", "zendesk-tickets", subdomain="shop")
    pulling.run("help")
    first, second = pulling.api.asked
    assert (first.query["start_time"], "cursor" in first.query) == ("1767830400", False)
    assert (second.query["cursor"], "start_time" in second.query) == ("AA", False)
    pulling.api.script({"tickets": [ticket(3)], "after_cursor": "CC", "end_of_stream": True})
    pulling.run("help")
    assert pulling.api.asked[0].query["cursor"] == "BB"
    assert [what for _, what, _ in pulling.told("zendesk")] == ["Ticket opened"] * 3
    assert {who for who, _, _ in pulling.told("zendesk")} == {"500"}


def test_intercom_is_asked_with_a_search(pulling: Pulling) -> None:
    conversation = {
        "type": "conversation", "id": "c1", "created_at": JAN_9, "updated_at": JAN_9 + 50, "state": "open",
        "source": {"type": "conversation", "subject": "", "body": "<p>Hi</p>", "author": {"type": "user", "id": "9"}},
        "contacts": {"contacts": [{"external_id": "bo", "id": "9"}]},
    }  # fmt: skip
    following = {"next": {"page": 2, "starting_after": "WzE="}}
    pulling.api.script(
        {"type": "conversation.list", "conversations": [conversation], "pages": following},
        {"type": "conversation.list", "conversations": [], "pages": {}},
    )
    pulling.add("chats", "intercom-conversations")
    pulling.run("chats")
    first, second = (one.body for one in pulling.api.asked)
    assert first["query"] == {"field": "updated_at", "operator": ">", "value": 1767830400 - 300}
    assert "starting_after" not in first["pagination"]
    assert second["pagination"]["starting_after"] == "WzE="
    assert pulling.told("intercom") == [("bo", "Conversation opened", "2026-01-09 00:00:00")]
    assert pulling.row("chats").since == "2026-01-09T00:00:50+00:00"


def test_typeform_goes_back_behind_the_last_response(pulling: Pulling) -> None:
    def item(number: int) -> dict[str, Any]:
        return {
            "landing_id": f"t{number}", "token": f"t{number}", "landed_at": "2026-01-09T10:00:00Z", "hidden": {},
            "submitted_at": f"2026-01-09T10:0{number}:00Z", "metadata": {"platform": "other"},
            "answers": [{"field": {"id": "q", "ref": "nps", "type": "number"}, "type": "number", "number": 9}],
        }  # fmt: skip

    pulling.api.script(
        {"total_items": 2, "items": [item(2)] * 1000}, {"total_items": 1, "items": [item(1)]}
    )
    pulling.add("forms", "typeform", form="F1")
    pulling.run("forms")
    first, second = pulling.api.asked
    assert (first.path, first.query["since"]) == ("/forms/F1/responses", "2026-01-08T00:00:00Z")
    assert second.query["before"] == "t2"
    assert ("t1", "Form answered", "2026-01-09 10:01:00") in pulling.told("typeform")


def test_surveymonkey_links_its_pages_and_its_answers_are_of_contacts(pulling: Pulling) -> None:
    def response(number: int, status: str) -> dict[str, Any]:
        return {
            "id": str(number), "survey_id": "1", "collector_id": "2", "response_status": status, "total_time": 9,
            "date_created": "2026-01-09T10:00:00+00:00", "date_modified": f"2026-01-09T10:0{number}:00+00:00",
            "metadata": {"contact": {"email": {"type": "string", "value": "cy@a.example"}}}, "custom_variables": {},
            "pages": [{"id": "p", "questions": [{"id": "q", "answers": [{"text": "Good", "simple_text": "Good"}]}]}],
        }  # fmt: skip

    link = f"{pulling.api.address}/v3/surveys/1/responses/bulk?page=2"
    pulling.api.script(
        {"data": [response(1, "completed")], "links": {"next": link}, "page": 1, "total": 2},
        {"data": [response(2, "partial")], "links": {}, "page": 2, "total": 2},
    )
    pulling.add("survey", "surveymonkey", survey="1")
    pulling.run("survey")
    assert pulling.api.asked[0].query["start_modified_at"] == "2026-01-08T00:00:00Z"
    assert pulling.told("surveymonkey") == [
        ("cy@a.example", "Survey answered", "2026-01-09 10:01:00"),
        ("cy@a.example", "Survey left unfinished", "2026-01-09 10:02:00"),
    ]


def test_clarity_builds_the_history_that_it_does_not_keep(pulling: Pulling) -> None:
    document = [
        {"metricName": "Traffic", "information": [{"totalSessionCount": "10", "OS": "Other"}]}
    ]
    pulling.api.asked.clear()
    pulling.api.say = lambda _: document
    pulling.add("clarity", "clarity", since="2026-01-01", dimension="OS")
    for days in (0, 0, 1, 3):
        pulling.run("clarity", NOW + timedelta(days=days))
    # Once a day, whatever was missed is gone, and nothing is asked twice on one day.
    assert [one.query for one in pulling.api.asked] == [{"numOfDays": "1", "dimension1": "OS"}] * 3
    held = Daily(pulling.workspace.store)
    days = [one.day for _, one in held.values(source="microsoft clarity")]
    assert days == ["2026-01-09", "2026-01-10", "2026-01-12"]
    (row,) = [one for one in run.daily(pulling.workspace) if one.source == "microsoft clarity"]
    assert (row.days, row.gaps, row.sum) == (3, 1, 30.0)


def test_a_search_console_gets_a_fresh_token_and_its_keys_get_their_names(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {"client_id": "c", "client_secret": "s", "refresh_token": "r"}
    monkeypatch.setenv("PULL_SECRET", json.dumps(held))
    row = {
        "keys": ["2026-01-08", "close books", "https://a.example/"],
        "clicks": 6,
        "impressions": 100,
        "ctr": 0.06,
    }

    def say(asked: Asked) -> Any:
        if asked.path == "/token":
            assert "refresh_token=r" in asked.body
            return {"access_token": "fresh", "expires_in": 3599, "token_type": "Bearer"}
        assert asked.headers["authorization"] == "Bearer fresh"
        day = asked.body["startDate"]
        assert asked.body["endDate"] == day
        return {
            "rows": [{**row, "position": 4.5}] if day == "2026-01-08" else [],
            "responseAggregationType": "byPage",
        }

    pulling.api.asked.clear()
    pulling.api.say = say
    pulling.add(
        "search",
        "google-search-console",
        site="https://a.example/",
        token=f"{pulling.api.address}/token",
    )
    pulling.run("search", NOW + timedelta(days=1))
    asked = pulling.api.asked[1]
    assert asked.path == "/webmasters/v3/sites/https://a.example//searchAnalytics/query"
    assert asked.body["dimensions"] == ["date", "query", "page"]
    numbers = run.daily_numbers(pulling.workspace, source="google search console")
    assert [(one.measure, one.day, one.value) for one in numbers] == [
        ("clicks", "2026-01-08", 6.0),
        ("ctr", "2026-01-08", 0.06),
        ("impressions", "2026-01-08", 100.0),
        ("position", "2026-01-08", 4.5),
    ]
    assert numbers[0].dimensions == {"page": "https://a.example/", "query": "close books"}


@pytest.mark.parametrize("name", collect.connectors())
def test_every_connector_has_a_format_that_is_known_and_asks_over_a_safe_line(name: str) -> None:
    one = collect.connectors()[name]
    assert one.secret
    if one.answer != "table":
        assert one.format in collect.formats()
        assert one.address.startswith("https://")
    settings = dict.fromkeys(one.settings, "x")
    assert collect.check_settings(one, settings).keys() >= one.settings.keys()
