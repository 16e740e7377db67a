"""Whatever is sent: a reader refuses the whole or tells it, and a bad event takes no good one with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About
from pathworth.collect.arrivals.protocols import PROTOCOLS, check_request
from pathworth.collect.arrivals.reading import read_batches
from pathworth.store import HandedIn

ABOUT = About(1_767_323_045_000_000, agent="x")
WORDS = """
batch events data event type userId anonymousId previousId groupId messageId timestamp sentAt name properties
traits context page library distinct_id uuid $set $set_once $groups $group_type $group_key $group_set alias
$anon_distinct_id token e uid duid eid dtm stm ue_pr ue_px co cx se_ac event_type user_id device_id time insert_id
event_properties user_properties groups revenue price $distinct_id $append $transactions $amount $distinct_ids
specversion id source subject data_base64 schema currency value account_id mergeProperties identification
group_type group_value group_properties $group_id $unset $delete $groupidentify group merge
"""
KEYS = st.sampled_from([*WORDS.split(), "", "é", '"'])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=8)
    | st.sampled_from(
        ["1.0", "track", "identify", "$identify", "ue", "pv", "se", "2026-01-01", "{}", "e30="]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
GOOD: dict[str, dict[str, Any]] = {
    "segment": {"type": "track", "event": "x", "userId": "good"},
    "posthog": {"event": "x", "distinct_id": "good"},
    "snowplow": {"e": "pv", "uid": "good"},
    "amplitude": {"event_type": "x", "user_id": "good"},
    "mixpanel": {"event": "x", "properties": {"distinct_id": "good"}},
    "cloudevents": {"specversion": "1.0", "id": "1", "source": "s", "type": "x", "subject": "good"},
}


def wrapped(protocol: str, events: list[Any]) -> bytes:
    envelope = {"segment": "batch", "posthog": "batch", "snowplow": "data", "amplitude": "events"}
    key = envelope.get(protocol)
    return json.dumps(events if key is None else {key: events}).encode()


def refused(protocol: str, body: bytes) -> bool:
    """Return whether a body is no request at all; nothing else may be raised."""
    try:
        check_request(protocol, body)
    except BadInput as error:
        return error.code == "BAD_REQUEST_BODY"
    return False


def told(protocol: str, body: bytes) -> None:
    if refused(protocol, body):
        with pytest.raises(BadInput):
            PROTOCOLS[protocol](body, ABOUT)
        return
    found = PROTOCOLS[protocol](body, ABOUT)
    known = len(found.lines) + len(found.torn) + len(found.of_accounts)
    assert known == check_request(protocol, body).events
    for line in found.lines:
        held = json.loads(line)
        assert isinstance(held["event"], str)
        assert isinstance(held["person"], str)
        assert "\n" not in line


@pytest.mark.parametrize("protocol", PROTOCOLS)
@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=80) | st.text(max_size=40).map(str.encode))
def test_random_bytes_are_refused_or_told(protocol, body):
    told(protocol, body)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@settings(max_examples=200, deadline=None)
@given(held=JSON, events=st.lists(JSON, max_size=3))
def test_random_json_is_refused_or_told(protocol, held, events):
    told(protocol, json.dumps(held).encode())
    told(protocol, wrapped(protocol, events))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@settings(max_examples=150, deadline=None)
@given(bad=JSON, place=st.integers(0, 2))
def test_a_bad_event_among_good_ones_leaves_the_good_ones(protocol, bad, place):
    events: list[Any] = [GOOD[protocol], GOOD[protocol]]
    events.insert(place, bad)
    found = PROTOCOLS[protocol](wrapped(protocol, events), ABOUT)
    people = {
        p: json.loads(line)["person"] for p, line in zip(found.places, found.lines, strict=True)
    }
    good = [p for p in (1, 2, 3) if p != place + 1]
    assert [people.get(p) for p in good] == ["good", "good"]


@pytest.mark.parametrize("protocol", [*PROTOCOLS, "plain"])
@settings(max_examples=60, deadline=None)
@example(events=[{}])
@example(events=[{"": None}])
@given(events=st.lists(JSON, max_size=3))
def test_whatever_events_say_they_become_rows_or_are_refused_with_a_reason(protocol, events):
    body = json.dumps({"events": events}).encode()
    batch = HandedIn(body if protocol == "plain" else wrapped(protocol, events), protocol)
    for one in read_batches([batch], {}).rejects.to_pylist():
        assert one["code"]
        assert " " in one["reason"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_depth_and_cut_bodies_are_refused_or_told(protocol):
    whole = wrapped(protocol, [GOOD[protocol]] * 2)
    for end in range(len(whole)):
        told(protocol, whole[:end])
    deep = b"[" * 100_000 + b"]" * 100_000
    told(protocol, deep)
    told(
        protocol,
        wrapped(protocol, [GOOD[protocol]]).replace(
            b'"x"', b'"x", "context": ' + deep[:2000] + b"1" + deep[-2000:]
        ),
    )
