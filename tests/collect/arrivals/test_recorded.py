"""Every recorded request of every real client is read, and what was called is what comes out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.collect.arrivals.recorded import Recorded, names, requests_of

from pathworth import collect
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.protocols import PROTOCOLS, check_request
from pathworth.store import HandedIn

AT = "2026-11-21T20:28:00+00:00"


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000) * 1000


def told(request: Recorded, at: str = AT) -> Told:
    return PROTOCOLS[request.protocol](request.body, About(us(at), request.agent))


def lines(name: str, at: str = AT) -> list[dict[str, Any]]:
    return [json.loads(line) for one in requests_of(name) for line in told(one, at).lines]


def links(name: str, at: str = AT) -> set[tuple[str, str, str]]:
    found = [link for one in requests_of(name) for link in told(one, at).links]
    return {(*sorted((link.one, link.other)), link.rule) for link in found}


def who_did_what(name: str, at: str = AT) -> list[tuple[str, str]]:
    return [(line["event"], line["person"]) for line in lines(name, at)]


@pytest.mark.parametrize("name", names())
def test_every_recorded_request_is_read_and_nothing_is_torn(name):
    for request in requests_of(name):
        found = told(request)
        assert found.torn == []
        places = [*found.places, *found.of_accounts]
        assert check_request(request.protocol, request.body).events == len(places)
        assert sorted(places) == list(range(1, len(places) + 1))
        for line in found.lines:
            held = json.loads(line)
            assert held["event"]
            assert held["person"]


@pytest.mark.parametrize("name", names())
def test_what_was_read_is_what_the_plain_form_takes_and_no_key_or_address_is_in_it(name):
    for request in requests_of(name):
        found = told(request)
        body = f'{{"source": "{found.source}", "events": [{",".join(found.lines)}]}}'
        read = collect.read_batches([HandedIn(body.encode())], {})
        assert read.rejects.num_rows == 0
        assert read.events.num_rows == len(found.lines)
        for secret in ("WRITEKEY", "phc_KEY", "TOKEN", "APIKEY", "SECRET"):
            assert not any(f'"{secret}' in line for line in found.lines)
        assert not {"ip", "$ip", "context_ip"} & set(read.events.schema.names)


def test_retries_of_a_request_have_the_same_ids_and_times():
    seen = 0
    for name in names():
        ids: dict[str, Any] = {}
        if not name.startswith(("retry-", "no ")):
            continue
        for request in requests_of(name):
            for line in map(json.loads, told(request).lines):
                assert ids.setdefault(line["id"], line["time"]) == line["time"]
                seen += 1
        # A batch that was too large comes again in halves: all of it in the end.
        assert len(ids) < 9
    assert seen > 60


SEGMENT = [
    ("identify", "u1"),
    ("Signed Up", "u1"),
    ("Viewed Pricing", "anon1"),
    ("page", "u1"),
    ("screen", "u1"),
    ("group", "u1"),
    ("alias", "u1"),
]


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("segment-python", set()),
        ("segment-python-gzip", set()),
        ("segment-node", set()),
        ("rudder-python", {"screen"}),
        ("rudder-python-nogzip", {"screen"}),
        ("rudder-node", {"screen"}),
    ],
)
def test_servers_libraries_of_segment_and_rudderstack(name, without):
    calls = [call for one in requests_of(name) for call in one.json["batch"]]
    found = lines(name)
    assert who_did_what(name) == [one for one in SEGMENT if one[0] not in without]
    assert [line["id"] for line in found] == [call["messageId"] for call in calls]
    assert [line["time"] for line in found] == [
        call.get("timestamp") or call["originalTimestamp"] for call in calls
    ]
    assert links(name) == {("anon1", "u1", "alias")}
    by_name = {line["event"]: line for line in found}
    assert by_name["identify"]["properties"]["email"] == "a@b.c"
    assert by_name["Signed Up"]["properties"] == {"plan": "pro"}
    assert by_name["Viewed Pricing"]["properties"] == {"price": 9.5}
    assert (by_name["page"]["page_name"], by_name["page"]["page_category"]) == ("Home", "Docs")
    assert by_name["page"]["properties"]["url"] == "https://x.y/"
    assert by_name["group"]["account_id"] == "g1"
    assert by_name["group"]["properties"] == {"name": "Acme"}
    assert all("bot" not in line for line in found)


@pytest.mark.parametrize("name", ["segment-browser", "segment-browser-batch"])
def test_segments_browser_library_is_one_person_from_the_page_on(name):
    found = {line["event"]: line for line in lines(name)}
    assert set(found) == {"page", "identify", "Signed Up", "group", "alias"}
    assert {line["person"] for line in found.values()} == {"u1"}
    ((one, other, rule),) = links(name)
    assert (other, rule) == ("u1", "sent together")
    assert len(one) == 36
    assert found["Signed Up"]["context_page_path"] == "/lab/seg.html"
    assert found["Signed Up"]["context_library_name"] == "analytics.js"
    assert all(line["bot"] for line in found.values())
    assert not any("device_time" in line for line in found.values())


def test_rudderstacks_browser_library_has_traits_in_its_context():
    at = "2026-11-21T20:46:33+00:00"
    found = {line["event"]: line for line in lines("rudder-browser", at)}
    assert set(found) == {"page", "identify", "Signed Up", "group"}
    anonymous = found["page"]["person"]
    assert len(anonymous) == 36
    assert {found[name]["person"] for name in ("identify", "Signed Up", "group")} == {"u1"}
    assert links("rudder-browser", at) == {(anonymous, "u1", "sent together")}
    assert found["identify"]["properties"] == {"email": "a@b.c"}
    assert found["Signed Up"]["context_traits_email"] == "a@b.c"
    assert found["Signed Up"]["context_session_id"] == 1795293992207
    assert found["Signed Up"]["time"] == "2026-11-21T20:46:32.207Z"


def test_posthogs_python_and_node_libraries_say_the_same_though_their_aliases_are_turned_round():
    python, node = lines("posthog-python"), lines("posthog-node")
    assert who_did_what("posthog-python") == [
        ("Signed Up", "u1"),
        ("Viewed Pricing", "anon1"),
        ("identify", "u1"),
        ("group", "u1"),
        ("alias", "anon1"),
        ("$feature_flag_called", "u1"),
    ]
    assert who_did_what("posthog-node") == [
        ("identify", "u1"),
        ("Signed Up", "u1"),
        ("Viewed Pricing", "anon1"),
        ("alias", "u1"),
        ("$feature_flag_called", "u1"),
    ]
    for name, found in (("posthog-python", python), ("posthog-node", node)):
        assert links(name) == {("anon1", "u1", "alias")}
        sent = [event for one in requests_of(name) for event in one.json["batch"]]
        by_id = {event["uuid"]: event["timestamp"] for event in sent}
        assert all(by_id[line["id"]] == line["time"] for line in found)
    assert python[0]["context_traits_email"] == "a@b.c"
    assert python[2]["properties"]["plan"] == "pro"
    assert (python[3]["account_id"], python[3]["group_type"]) == ("g1", "company")
    assert python[3]["properties"] == {"name": "Acme"}
    assert node[0]["properties"]["email"] == "a@b.c"
    (request,) = requests_of("posthog-node")
    found = told(request)
    assert found.of_accounts == [4]
    (fact,) = found.facts
    assert (fact.account, fact.kind, fact.name, fact.value) == ("g1", "company", "name", "Acme")


def test_posthogs_browser_library_names_the_device_the_person_and_the_account():
    found = {line["event"]: line for line in lines("posthog-js")}
    assert set(found) == {"page", "identify", "Signed Up", "group", "$pageleave"}
    device = found["Signed Up"]["person"]
    assert len(device) == 36
    assert {found[n]["person"] for n in ("page", "identify", "group", "$pageleave")} == {"u1"}
    assert links("posthog-js") == {(device, "u1", "identify")}
    assert found["page"]["account_id"] == found["page"]["group_company"] == "g1"
    assert found["identify"]["properties"]["email"] == "a@b.c"
    assert found["identify"]["properties"]["$initial_host"] == "127.0.0.1:9600"
    assert found["page"]["properties"]["$current_url"].endswith("/lab/ph.html")
    assert all(line["bot"] for line in found.values())
    assert found["page"]["time"] == "2026-11-21T20:27:37.333Z"


def test_snowplows_python_tracker_says_the_same_plainly_and_as_base64():
    plain, based = lines("snowplow-python"), lines("snowplow-python-b64")
    for name, found in (("snowplow-python", plain), ("snowplow-python-b64", based)):
        assert who_did_what(name) == [("page", "u1"), ("add", "u1"), ("signed_up", "u1")]
        (request,) = requests_of(name)
        sent = request.json["data"]
        assert [line["id"] for line in found] == [event["eid"] for event in sent]
        assert [line["time"] for line in found] == [int(event["dtm"]) for event in sent]
        assert (found[0]["page_url"], found[0]["page_title"]) == ("https://x.y/", "Home")
        assert (found[1]["se_category"], found[1]["se_value"]) == ("shop", "2")
        assert found[2]["properties"] == {"plan": "pro"}
        assert links(name) == set()


def test_snowplows_browser_tracker_brings_its_entities():
    page, signed = lines("snowplow-browser")
    assert (page["event"], signed["event"], signed["person"]) == ("page", "signed_up", "u1")
    assert links("snowplow-browser") == {(page["person"], "u1", "sent together")}
    assert page["client_session_user_id"] == page["person"]
    assert len(page["web_page_id"]) == 36
    assert (page["client_session_session_index"], page["time"]) == (1, 1795292888010)


def test_amplitudes_python_library():
    assert who_did_what("amplitude-python") == [
        ("Signed Up", "user-1"),
        ("identify", "user-1"),
        ("X", "u1"),
    ]
    (request,) = requests_of("amplitude-python")
    found = lines("amplitude-python")
    assert [line["id"] for line in found] == [one["insert_id"] for one in request.json["events"]]
    assert [line["time"] for line in found] == [one["time"] for one in request.json["events"]]
    assert links("amplitude-python") == {("dev-00001", "user-1", "sent together")}
    assert (found[0]["properties"], found[1]["properties"]) == ({"plan": "pro"}, {"plan": "pro"})


def test_mixpanels_python_library_sends_forms_of_seconds():
    assert who_did_what("mixpanel-python") == [
        ("Signed Up", "u1"),
        ("identify", "u1"),
        ("Old Event", "u1"),
        ("A", "u2"),
        ("B", "u2"),
    ]
    found = lines("mixpanel-python")
    assert found[2]["time"] == 1_600_000_000_000
    assert found[1]["properties"] == {"$email": "a@b.c"}
    sent = json.loads(parse_qs(requests_of("mixpanel-python")[0].json)["data"][0])["properties"]
    assert found[0]["id"] == sent["$insert_id"]
    assert found[0]["time"] == round(sent["time"] * 1000)
    assert set(found[0]["properties"]) == {"mp_lib", "$lib_version", "plan"}
