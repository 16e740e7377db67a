"""What clients say of accounts themselves is kept of the account, whether or not they name a person."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from pathworth.collect.arrivals.contracts import About, Fact, Told
from pathworth.collect.arrivals.protocols import PROTOCOLS, check_request

AT_US = 1_767_225_600_000_000
AT = "2026-01-01T00:00:00Z"
ABOUT = About(AT_US + 60_000_000)
ACME = [("name", "Acme"), ("seats", "7"), ("paying", "true")]
TRAITS = {"name": "Acme", "seats": 7, "paying": True}


def tell(protocol: str, held: Any) -> Told:
    body = held if isinstance(held, bytes) else json.dumps(held).encode()
    found = PROTOCOLS[protocol](body, ABOUT)
    known = len(found.lines) + len(found.torn) + len(found.of_accounts)
    assert known == check_request(protocol, body).events
    return found


def pairs(told: Told) -> list[tuple[str, str | None]]:
    return [(one.name, one.value) for one in told.facts]


def posthog(distinct_id: str) -> dict[str, Any]:
    said = {"$group_type": "company", "$group_key": "g1", "$group_set": TRAITS}
    event = {"event": "$groupidentify", "distinct_id": distinct_id, "timestamp": AT}
    return {**event, "properties": said}


def amplitude(**said: Any) -> dict[str, Any]:
    event = {"event_type": "$groupidentify", "groups": {"company": "g1"}, "time": AT_US // 1000}
    return {"events": [{**event, "group_properties": {"$set": TRAITS}, **said}]}


NOBODY = [
    ("posthog", posthog("$company_g1")),
    ("posthog", posthog("")),
    ("amplitude", amplitude()),
    ("mixpanel", {"$group_key": "company", "$group_id": "g1", "$set": TRAITS, "$time": AT_US}),
    ("segment", {"type": "group", "groupId": "g1", "traits": TRAITS, "timestamp": AT}),
]


@pytest.mark.parametrize(("protocol", "held"), NOBODY)
def test_what_names_no_person_is_no_event_and_no_mistake(protocol, held):
    found = tell(protocol, held)
    assert (found.lines, found.torn, found.of_accounts) == ([], [], [1])
    assert pairs(found) == ACME
    assert {one.account for one in found.facts} == {"g1"}
    assert {one.kind for one in found.facts} == {"" if protocol == "segment" else "company"}


@pytest.mark.parametrize(
    ("protocol", "held"),
    [
        ("posthog", posthog("u1")),
        ("amplitude", amplitude(user_id="u1")),
        (
            "segment",
            {"type": "group", "userId": "u1", "groupId": "g1", "traits": TRAITS, "timestamp": AT},
        ),
    ],
)
def test_whoever_tells_it_has_the_event_and_the_account_the_facts(protocol, held):
    found = tell(protocol, held)
    (line,) = map(json.loads, found.lines)
    assert (line["event"], line["person"], line["account_id"]) == ("group", "u1", "g1")
    assert line["properties"] == TRAITS
    assert (found.of_accounts, pairs(found)) == ([], ACME)
    assert {one.at_us for one in found.facts} == {AT_US}


def test_traits_are_set_once_taken_back_and_counted_up_as_mixpanel_says_it():
    said = {
        "$set": {"plan": "pro"},
        "$set_once": {"since": "2020"},
        "$unset": ["old"],
        "$union": {"tags": ["a"]},
        "$token": "KEY",
    }
    found = tell("mixpanel", {"$group_key": "org", "$group_id": 5, **said})
    once = {"at_us": ABOUT.received_us, "once": True}
    assert found.facts == [
        Fact("5", "org", "plan", "pro", ABOUT.received_us),
        Fact("5", "org", "since", "2020", **once),
        Fact("5", "org", "old", None, ABOUT.received_us),
        Fact("5", "org", "union_tags", '["a"]', ABOUT.received_us),
    ]


def test_nothing_is_said_of_tomorrow_and_nothing_holds_what_no_database_keeps():
    said = {"type": "group", "groupId": "g\0", "traits": {"a\0": "b\0"}}
    (fact,) = tell("segment", {**said, "timestamp": "2999-01-01T00:00:00Z"}).facts
    assert fact == Fact("g\ufffd", "", "a\ufffd", "b\ufffd", ABOUT.received_us)


def test_a_group_without_an_id_or_one_that_is_to_be_deleted_is_set_aside():
    for held in ({"$group_id": "", "$set": {}}, {"$group_id": "g", "$delete": ""}):
        assert tell("mixpanel", held).facts == []
        assert len(tell("mixpanel", held).torn) == 1


def form(identification: Any) -> bytes:
    return urlencode({"api_key": "KEY", "identification": json.dumps(identification)}).encode()


def test_amplitudes_groups_come_as_a_form_of_one_or_several():
    one = {"group_type": "company", "group_value": "g1", "group_properties": TRAITS}
    for held in (one, [one]):
        found = tell("amplitude", form(held))
        assert (found.lines, found.torn, pairs(found)) == ([], [], ACME)
        assert check_request("amplitude", form(held)).keys == ("KEY",)
    several = tell("amplitude", {"api_key": "KEY", "identification": [one, one]})
    assert several.of_accounts == [1, 2]


def test_amplitudes_people_come_as_a_form_too():
    said = {"user_id": "u1", "device_id": "d1", "user_properties": {"$set": {"plan": "pro"}}}
    found = tell("amplitude", form([said, {**said, "country": "NL"}]))
    lines = [json.loads(line) for line in found.lines]
    assert [(one["event"], one["person"]) for one in lines] == [("identify", "u1")] * 2
    assert lines[0]["properties"] == {"plan": "pro"}
    assert lines[1]["context_country"] == "NL"
    assert [(one.one, one.other) for one in found.links] == [("d1", "u1")]
