"""What one event of each protocol means: who, when, for how much, and what is said around it."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from pathworth.base.errors import BadInput, UnknownName
from pathworth.collect.arrivals.cloudevents import structured
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.protocols import PROTOCOLS, check_request

RECEIVED_MS = 1_767_323_045_000
RECEIVED = "2026-01-02T03:04:05+00:00"
ABOUT = About(RECEIVED_MS * 1000)


def tell(protocol: str, held: Any, about: About = ABOUT) -> Told:
    body = held if isinstance(held, bytes) else json.dumps(held).encode()
    return PROTOCOLS[protocol](body, about)


def one(protocol: str, held: Any, about: About = ABOUT) -> dict[str, Any]:
    found = tell(protocol, held, about)
    assert found.torn == []
    (line,) = found.lines
    read: dict[str, Any] = json.loads(line)
    return read


def track(**said: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Paid", "userId": "u1", **said}


# Time.


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ({"timestamp": "2026-01-01T00:00:00Z", "originalTimestamp": "x"}, "2026-01-01T00:00:00Z"),
        ({"timestamp": None, "originalTimestamp": "2026-01-01T00:00:00Z"}, "2026-01-01T00:00:00Z"),
        ({"timestamp": " ", "sentAt": "2026-01-01T00:00:00.5Z"}, "2026-01-01T00:00:00.5Z"),
        ({}, RECEIVED_MS),
        ({"timestamp": "2026-01-01T00:00:00"}, "2026-01-01T00:00:00Z"),
        ({"timestamp": "2026-01-01T02:00:00+02:00"}, "2026-01-01T02:00:00+02:00"),
        ({"timestamp": "2026-01-01"}, "2026-01-01"),
        ({"timestamp": 1_767_225_600}, 1_767_225_600_000),
        ({"timestamp": 1_767_225_600_123}, 1_767_225_600_123),
        ({"timestamp": "1767225600.5"}, 1_767_225_600_500),
        ({"timestamp": "yesterday"}, "yesterday"),
    ],
)
def test_the_time_is_the_first_that_is_said_and_without_a_zone_it_is_utc(said, time):
    assert one("segment", track(**said))["time"] == time


def test_a_batch_says_when_it_was_sent_for_all_its_events():
    sent = {
        "batch": [{"type": "track", "event": "x", "userId": 1}],
        "sentAt": "2026-01-01T00:00:00Z",
    }
    assert one("segment", sent)["time"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("library", "sent", "time"),
    [
        ("analytics.js", "2026-01-02T02:04:05Z", RECEIVED_MS - 1000),
        ("analytics.js", "2026-01-02T03:00:00Z", "2026-01-02T02:04:04Z"),
        ("RudderLabs JavaScript SDK", "2026-01-02T02:04:05Z", RECEIVED_MS - 1000),
        ("analytics-node", "2026-01-02T02:04:05Z", "2026-01-02T02:04:04Z"),
        ("analytics-python", "2026-01-02T02:04:05Z", "2026-01-02T02:04:04Z"),
    ],
)
def test_only_a_devices_clock_is_set_right_and_only_beyond_five_minutes(library, sent, time):
    said = track(
        timestamp="2026-01-02T02:04:04Z", sentAt=sent, context={"library": {"name": library}}
    )
    found = one("segment", said)
    assert found["time"] == time
    assert found.get("device_time") == (None if isinstance(time, str) else "2026-01-02T02:04:04Z")


# Who.


@pytest.mark.parametrize(
    ("said", "person"),
    [
        ({"userId": 17}, "17"),
        ({"userId": 17.0}, "17"),
        ({"userId": None, "anonymousId": "a"}, "a"),
        ({"userId": "", "anonymousId": 5}, "5"),
        ({"userId": 12345678901234567890123}, "12345678901234567890123"),
        ({"userId": "  u  "}, "u"),
    ],
)
def test_a_person_is_the_known_id_else_the_anonymous_one_also_as_a_number(said, person):
    assert one("segment", {"type": "track", "event": "x", **said})["person"] == person


def test_two_ids_sent_together_are_said_to_be_one_once():
    both = {"type": "track", "event": "x", "userId": "u", "anonymousId": "a", "timestamp": RECEIVED}
    (link,) = tell("segment", {"batch": [both, both]}).links
    assert (link.one, link.other, link.rule, link.sure) == ("a", "u", "sent together", 1.0)
    assert link.at_us == RECEIVED_MS * 1000


def test_nobody_is_a_reason_and_not_a_person():
    found = tell("segment", {"batch": [{"type": "track", "event": "x", "userId": None}, track()]})
    assert (found.places, found.torn[0].row, found.torn[0].code) == ([2], 1, "NO_ENTITY")
    assert json.loads(found.torn[0].raw)["event"] == "x"


# Segment and RudderStack.


def test_an_identify_has_traits_from_either_place_and_its_own_win():
    own = {"type": "identify", "userId": "u", "traits": {"a": 1}, "context": {"traits": {"a": 2}}}
    assert one("segment", own)["properties"] == {"a": 1}
    assert one("segment", {**own, "traits": None})["properties"] == {"a": 2}
    assert "context_traits_a" not in one("segment", own)


def test_an_account_is_the_group_of_the_call_else_of_the_context_else_a_property():
    assert one("segment", {"type": "group", "userId": "u", "groupId": 7})["account_id"] == "7"
    assert one("segment", track(context={"groupId": "g"}))["account_id"] == "g"
    assert one("segment", track(properties={"account_id": "p"}))["account_id"] == "p"


def test_a_call_written_by_hand_needs_no_type():
    assert one("segment", {"event": "Paid", "userId": "u"})["event"] == "Paid"


def test_what_stands_around_an_event_has_the_names_of_the_warehouses_tables():
    around = {
        "page": {"url": "https://x.y/?a", "path": "/"},
        "campaign": {"source": "news", "name": "may"},
        "userAgent": "Mozilla/5.0",
        "ip": "1.2.3.4",
        "device": {"advertisingId": None, "type": "ios"},
        "deep": {"a": {"b": {"c": 1}}},
    }
    found = one("segment", track(context=around, properties={"url": "https://own"}))
    said = {key: value for key, value in found.items() if key.startswith("context_")}
    assert said == {
        "context_page_url": "https://x.y/?a",
        "context_page_path": "/",
        "context_campaign_source": "news",
        "context_campaign_name": "may",
        "context_user_agent": "Mozilla/5.0",
        "context_device_type": "ios",
        "context_deep_a_b": {"c": 1},
    }
    assert found["properties"] == {"url": "https://own"}


@pytest.mark.parametrize(
    ("event", "properties", "money"),
    [
        ("Paid", {"revenue": 20.5, "currency": "eur"}, (20.5, "EUR")),
        ("Paid", {"revenue": "20.50"}, (20.5, None)),
        ("Paid", {"revenue": 1, "total": 2, "currency": "EUR"}, (1, "EUR")),
        ("Paid", {"total": 2, "value": 3, "currency": "USD"}, (2, "USD")),
        ("Paid", {"value": 3, "currency": "USD"}, (3, "USD")),
        ("Slider moved", {"value": 3}, (None, None)),
        ("Slider moved", {"total": 3, "currency": "pixels"}, (None, None)),
        ("Paid", {"revenue": "much", "currency": "EUR"}, (None, None)),
        ("Paid", {"revenue": {"net": 1}, "total": 4, "currency": "EUR"}, (4, "EUR")),
        ("Paid", {"revenue": True}, (None, None)),
        ("Paid", {"revenue": 1e300}, (None, None)),
        ("Product Viewed", {"value": 30, "currency": "EUR"}, (None, None)),
        ("Checkout Started", {"revenue": 30, "currency": "EUR"}, (None, None)),
        ("Order Completed", {"total": 30, "currency": "EUR"}, (30, "EUR")),
        ("Order Refunded", {"total": 30, "currency": "EUR"}, (-30, "EUR")),
    ],
)
def test_money_is_what_an_event_brings_and_never_costs_the_event(event, properties, money):
    found = one("segment", {**track(properties=properties), "event": event})
    assert (found.get("value"), found.get("currency")) == money
    assert found["properties"] == properties


def test_a_robot_is_marked_by_the_agent_of_the_request_or_of_the_event():
    google = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    assert one("segment", track(), About(0, agent=google))["bot"] is True
    assert one("segment", track(context={"userAgent": google}))["bot"] is True
    for agent in ("analytics-python/2.4.0", "Mozilla/5.0 (X11; Linux) Chrome/156", "Cubot Phone/1"):
        assert "bot" not in one("segment", track(), About(0, agent=agent))


def test_who_refuses_to_be_followed_is_marked():
    assert one("segment", track(), About(0, refuses=True))["refuses_tracking"] is True
    assert "refuses_tracking" not in one("segment", track())


def test_properties_are_passed_on_as_they_are_written():
    raw = b'{"type":"track","event":"x","userId":"u",\n'
    raw += b'"properties":{"big":12345678901234567890123, "a": 1.0,\r\n "z":"\\u00e9"}}'
    (line,) = tell("segment", raw).lines
    assert '"big":12345678901234567890123, "a": 1.0,' in line
    assert "\n" not in line
    assert "\r" not in line


# Others.


def posthog(**said: Any) -> dict[str, Any]:
    return {"event": "Paid", "distinct_id": "u1", **said}


def test_posthog_comes_as_a_batch_one_event_an_array_or_a_form():
    event = posthog(properties={"token": "k", "a": 1})
    text = json.dumps(event).encode()
    for body in (
        json.dumps({"api_key": "k", "batch": [event]}).encode(),
        text,
        b"[" + text + b"]",
        urlencode({"data": text}).encode(),
        urlencode({"data": base64.b64encode(text)}).encode(),
    ):
        assert one("posthog", body)["properties"] == {"a": 1}


def test_posthogs_account_is_that_of_the_kind_that_is_one():
    found = one("posthog", posthog(properties={"$groups": {"team": "t", "company": "c"}}))
    assert (found["account_id"], found["group_team"], found["group_company"]) == ("c", "t", "c")
    assert one("posthog", posthog(properties={"$groups": {"team": "t"}}))["account_id"] == "t"


def test_posthogs_traits_take_no_propertys_name():
    found = one("posthog", posthog(properties={"plan": "Free", "$set": {"plan": "Pro"}}))
    assert found["properties"] == {"plan": "Free"}
    assert found["context_traits_plan"] == "Pro"
    told = posthog(event="$identify", properties={"a": 1}, **{"$set": {"plan": "Pro"}})
    assert one("posthog", told)["properties"] == {"a": 1, "plan": "Pro"}


def test_posthogs_money_and_ids():
    found = one(
        "posthog", posthog(properties={"$revenue": 5, "currency": "EUR", "$insert_id": "i"})
    )
    assert (found["value"], found["currency"], found["id"]) == (5, "EUR", "i")
    said = posthog(uuid="w", properties={"revenue": 7, "$insert_id": "i"})
    assert (one("posthog", said)["value"], one("posthog", said)["id"]) == (7, "w")


def test_posthogs_session_is_a_property_wherever_it_stands():
    for said in ({"session_id": "s"}, {"properties": {"$session_id": "s"}}):
        assert one("posthog", posthog(**said))["properties"] == {"$session_id": "s"}


@pytest.mark.parametrize("turned", [False, True])
def test_posthogs_alias_names_one_person_whichever_way_round(turned):
    old, new = ("u1", "a1") if turned else ("a1", "u1")
    said = {"event": "$create_alias", "distinct_id": old, "properties": {"alias": new}}
    (link,) = tell("posthog", said).links
    assert ({link.one, link.other}, link.rule) == ({"a1", "u1"}, "alias")


def snowplow(*events: dict[str, str]) -> dict[str, Any]:
    return {"schema": "iglu:x", "data": list(events)}


def test_a_snowplow_event_is_known_by_the_person_else_by_the_device():
    both = {"e": "pv", "uid": "u", "duid": "d", "dtm": "1767225600000"}
    (link,) = tell("snowplow", snowplow(both)).links
    assert {link.one, link.other} == {"u", "d"}
    assert one("snowplow", snowplow({"e": "pv", "duid": "d"}))["person"] == "d"
    assert one("snowplow", snowplow({"e": "pv", "tnuid": "n"}))["person"] == "n"


def test_a_snowplow_transaction_brings_money_and_an_unknown_kind_is_torn():
    sold = {"e": "tr", "uid": "u", "tr_id": "o", "tr_tt": "20.5", "tr_cu": "eur"}
    found = tell(
        "snowplow", snowplow(sold, {"e": "zz", "uid": "u"}, {"e": "ue", "uid": "u", "ue_px": "%"})
    )
    (line,) = map(json.loads, found.lines)
    assert (line["event"], line["value"], line["currency"]) == ("transaction", 20.5, "EUR")
    assert [torn.row for torn in found.torn] == [2, 3]


def test_a_snowplow_event_described_by_itself_has_the_name_of_its_schema_and_its_money():
    inner = {
        "schema": "iglu:com.acme/bought/jsonschema/1-0-0",
        "data": {"revenue": 3, "currency": "EUR"},
    }
    described = json.dumps({"schema": "iglu:x", "data": inner}).encode()
    based = base64.urlsafe_b64encode(described).decode().rstrip("=")
    found = one("snowplow", snowplow({"e": "ue", "uid": "u", "ue_px": based}))
    assert (found["event"], found["value"], found["properties"]) == ("bought", 3, inner["data"])


def amplitude(**said: Any) -> dict[str, Any]:
    return {"api_key": "k", "events": [{"event_type": "Paid", "user_id": "u", **said}]}


@pytest.mark.parametrize(
    ("said", "money"),
    [
        ({"revenue": 5, "price": 2}, (5, None)),
        ({"price": 2, "quantity": 3, "currency": "EUR"}, (6, "EUR")),
        ({"price": 2}, (2, None)),
        ({"event_properties": {"$price": 4, "$quantity": 2, "$currency": "USD"}}, (8, "USD")),
        ({"event_properties": {"revenue": 9, "currency": "EUR"}}, (9, "EUR")),
        ({"quantity": 3}, (None, None)),
    ],
)
def test_amplitudes_money_is_revenue_else_price_times_quantity(said, money):
    found = one("amplitude", amplitude(**said))
    assert (found.get("value"), found.get("currency")) == money


def test_amplitudes_traits_groups_and_surroundings():
    said = {
        "event_type": "$identify",
        "user_properties": {
            "$set": {"plan": "pro"},
            "$setOnce": {"plan": "free", "a": 1},
            "$add": {"n": 2},
        },
    }
    assert one("amplitude", amplitude(**said))["properties"] == {"plan": "pro", "a": 1, "add_n": 2}
    found = one("amplitude", amplitude(groups={"org": ["o1", "o2"]}, platform="iOS", ip="1.2.3.4"))
    assert (found["account_id"], found["group_org"], found["context_platform"]) == (
        "o1",
        "o1",
        "iOS",
    )
    assert not any("1.2.3.4" in str(value) for value in found.values())


def test_mixpanel_comes_as_a_form_of_json_or_base64_or_as_json_or_as_lines():
    event = {
        "event": "Paid",
        "properties": {"token": "k", "distinct_id": "u", "time": 1_767_225_600},
    }
    text = json.dumps(event).encode()
    spread = json.dumps(event, indent=1).encode()
    for body in (
        urlencode({"data": text, "verbose": 1}).encode(),
        urlencode({"data": base64.b64encode(text)}).encode(),
        b"data=" + base64.b64encode(text),
        b"[" + text + b"]",
        text,
        spread,
    ):
        found = one("mixpanel", body)
        assert (found["person"], found["time"]) == ("u", 1_767_225_600_000)
    assert len(tell("mixpanel", text + b"\n" + text + b"\n").lines) == 2


def test_a_mixpanel_charge_is_money_and_a_merge_says_who_is_one():
    paid = {
        "$distinct_id": "u",
        "$append": {"$transactions": {"$amount": 20, "$time": "2026-01-01T00:00:00"}},
    }
    found = one("mixpanel", paid)
    assert (found["event"], found["value"], found["time"]) == ("charge", 20, "2026-01-01T00:00:00Z")
    merge = {"event": "$merge", "properties": {"distinct_id": "a", "$distinct_ids": ["a", "b"]}}
    (link,) = tell("mixpanel", merge).links
    assert ({link.one, link.other}, link.rule) == ({"a", "b"}, "alias")
    known = {"event": "x", "properties": {"distinct_id": "u", "$user_id": "u", "$device_id": "d"}}
    assert tell("mixpanel", known).links[0].rule == "sent together"
    assert (
        one("mixpanel", {"event": "x", "properties": {"distinct_id": "u", "$amount": 3}})["value"]
        == 3
    )


def cloud(**said: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.paid", **said}


def test_a_cloudevent_is_its_type_and_known_by_source_and_id():
    said = cloud(subject="p1", time="2026-01-01T00:00:00Z", data={"value": 3, "currency": "EUR"})
    found = one("cloudevents", said)
    assert (found["event"], found["person"], found["id"]) == ("order.paid", "p1", "/shop 1")
    assert (found["value"], found["currency"], found["context_source"]) == (3, "EUR", "/shop")
    assert len(tell("cloudevents", [said, said]).lines) == 2


@pytest.mark.parametrize(
    ("said", "person"),
    [
        ({"subject": "o17", "data": {"userId": 5}}, "5"),
        ({"subject": "o17", "userid": "u"}, "u"),
        ({"subject": "o17", "data": [1]}, "o17"),
        ({"data_base64": base64.b64encode(b'{"person": "p"}').decode()}, "p"),
    ],
)
def test_a_cloudevents_person_is_who_its_data_names_else_an_attribute_else_its_subject(
    said, person
):
    assert one("cloudevents", cloud(**said))["person"] == person


def test_a_cloudevent_in_headers_is_the_same_event():
    attributes = {key: str(value) for key, value in cloud(subject="p1").items()}
    assert one("cloudevents", structured(attributes, b'{"a": 1}')) == one(
        "cloudevents", cloud(subject="p1", data={"a": 1})
    )
    assert one("cloudevents", structured(attributes, b" "))["person"] == "p1"
    with pytest.raises(BadInput, match="no request of its kind"):
        structured(attributes, b"{")


# What cannot be read.

NO_REQUESTS = {
    "segment": [
        b"",
        b"[1]",
        b"{",
        b'{"batch": 5}',
        b"5",
        b"\xff\xfe",
        gzip.compress(b"{}", mtime=0),
    ],
    "posthog": [b"", b"5", b"data=%", b"data=!!", b"x=1", b'{"batch": {}}', b"\xff"],
    "snowplow": [b"", b"{}", b"[]", b'{"data": 1}'],
    "amplitude": [b"", b"{}", b"[]", b'{"events": 1}'],
    "mixpanel": [b"", b"5", b"data=x%", b"{", b"[", b"\xc3\xa9"],
    "cloudevents": [b"", b"5", b"{", b"[{]"],
}


@pytest.mark.parametrize(
    ("protocol", "body"), [(p, b) for p, held in NO_REQUESTS.items() for b in held]
)
def test_what_is_no_request_of_its_kind_is_refused_before_and_after_it_is_kept(protocol, body):
    for call in (lambda: tell(protocol, body), lambda: check_request(protocol, body)):
        with pytest.raises(BadInput) as error:
            call()
        assert error.value.code == "BAD_REQUEST_BODY"


def test_a_batch_of_too_many_is_refused():
    body = b'{"batch": [' + b",".join([b"1"] * 10_001) + b"]}"
    with pytest.raises(BadInput) as error:
        check_request("segment", body)
    assert error.value.code == "BATCH_TOO_LARGE"
    with pytest.raises(UnknownName, match="protocol"):
        check_request("sigment", body)


def test_half_a_character_and_no_number_cost_neither_the_batch_nor_the_event():
    body = b'{"batch": [{"type": "track", "event": "x", "userId": "u", "properties": {"a": NaN, "b": "\\ud83d"}}]}'
    assert one("segment", body)["properties"] == {"a": None, "b": "?"}
    assert check_request("segment", body).events == 1


def test_bytes_that_are_no_text_cost_their_event_only():
    good = json.dumps(track()).encode()
    bad = good.replace(b"Paid", b"P\xffid").replace(b"}", b', "properties": {}}')
    worse = good[:-1] + b', "properties": {"a": "\xff"}}'
    found = tell("segment", b'{"batch": [' + b",".join([good, bad, worse, good]) + b"]}")
    assert found.places == [1, 4]
    assert [(torn.row, torn.code) for torn in found.torn] == [(2, "NOT_TEXT"), (3, "NOT_TEXT")]
