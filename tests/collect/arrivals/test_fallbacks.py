"""What trackers send without a body, what old ones pack, and what is merged: as their makers document it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings, strategies as st

from pathworth.base.errors import BadInput
from pathworth.collect import LZ64, unpacked
from pathworth.collect.arrivals.contracts import About
from pathworth.collect.arrivals.protocols import PROTOCOLS, check_request

ABOUT = About(1_767_323_045_000_000)
PAGE = {"e": "pv", "eid": "m1", "duid": "d1", "aid": "shop", "p": "web", "dtm": "1767323044000"}
MOST = 100_000


def one(protocol: str, body: bytes) -> dict[str, Any]:
    found = PROTOCOLS[protocol](body, ABOUT)
    assert found.torn == []
    (line,) = found.lines
    held: dict[str, Any] = json.loads(line)
    return held


def test_snowplows_event_in_an_address_is_the_one_in_a_body():
    unstructured = {
        "schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
        "data": {"schema": "iglu:com.acme/signed_up/jsonschema/1-0-0", "data": {"plan": "é"}},
    }
    packed = base64.urlsafe_b64encode(json.dumps(unstructured).encode()).decode().rstrip("=")
    for event in (
        {**PAGE, "url": "https://shop.example/a?b=c&d=e", "page": "Prix"},
        {**PAGE, "e": "ue", "ue_px": packed},
    ):
        query, body = urlencode(event).encode(), json.dumps({"data": [event]}).encode()
        assert one("snowplow", query) == one("snowplow", body)
        assert check_request("snowplow", query) == check_request("snowplow", body)
    assert check_request("snowplow", query).keys == ("shop",)


@pytest.mark.parametrize("query", [b"", b"aid=shop", b"a=b&" * 300, "é=1".encode(), b"stm=1"])
def test_an_address_without_an_event_is_no_request(query):
    for read in (check_request, lambda name, body: PROTOCOLS[name](body, ABOUT)):
        with pytest.raises(BadInput, match="BAD_REQUEST_BODY"):
            read("snowplow", query)


MERGED = {
    "type": "merge",
    "timestamp": "2026-01-01T00:00:00Z",
    "mergeProperties": [
        {"type": "email", "value": "alex@example.com"},
        {"type": "mobile", "value": "+1-202-555-0146"},
    ],
}


def test_rudderstacks_merge_says_that_its_ids_are_the_person():
    body = json.dumps({**MERGED, "userId": "u1"}).encode()
    found = one("segment", body)
    assert (found["event"], found["person"]) == ("alias", "u1")
    assert found["merge_email"] == "alex@example.com"
    links = PROTOCOLS["segment"](body, ABOUT).links
    assert [(link.one, link.other, link.rule) for link in links] == [
        ("alex@example.com", "u1", "merge"),
        ("+1-202-555-0146", "u1", "merge"),
    ]


def test_a_device_that_merges_is_told_to_be_one_other_and_so_is_not_taken_for_shared():
    links = PROTOCOLS["segment"](json.dumps({**MERGED, "anonymousId": "d1"}).encode(), ABOUT).links
    assert {(link.one, link.other) for link in links} == {
        ("+1-202-555-0146", "alex@example.com"),
        ("d1", "alex@example.com"),
    }


@pytest.mark.parametrize("said", [[], [{"type": "email", "value": None}], None])
def test_a_merge_of_nothing_is_an_event_and_joins_nobody(said):
    body = json.dumps({**MERGED, "userId": "u1", "mergeProperties": said}).encode()
    assert one("segment", body)["event"] == "alias"
    assert PROTOCOLS["segment"](body, ABOUT).links == []


PACKED = [
    ('{"event":"x","distinct_id":"u1"}', "N4IgpgbmB2AuIC4QA8QBoQBMCWBnW20AxrAPraaIgCuAjCAL5A=="),
    ("a", "IZA="),
    ("é猫😀 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "JeamdLwbgAewBAhn8MU5cg=="),
    (
        "ab" * 2000,
        "IYI17SOrZ+6IcpqXrZj2u5/vQg4o0k8syi6q2m+uxh5p1l9tzj7r3n/voIHChokeLGSJ0qbJny5ihcqWqV6tZo3atunfr2GD"
        "xo6ZPmzli9au2b9u44fOnrl+7eeP3r75/+/QSA==",
    ),
]
"""Texts, and what version 1.5.0 of the library makes of them."""


@pytest.mark.parametrize(("text", "packed"), PACKED)
def test_what_the_library_packed_comes_out_alone_or_in_a_form(text, packed):
    form = urlencode({"data": packed, "compression": LZ64})
    unescaped = f"data={packed.replace('+', ' ')}&compression=lz64"
    for body in (packed, form, unescaped):
        assert unpacked(body.encode(), most=MOST, encoding=LZ64).decode() == text
    units = len(text.encode("utf-16-le")) // 2
    with pytest.raises(BadInput, match="BODY_TOO_LARGE"):
        unpacked(packed.encode(), most=units - 1, encoding=LZ64)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="ab€😀\0" + "é"), cut=st.integers(0, 40))
def test_whatever_text_is_packed_comes_out_and_what_is_cut_is_refused(text, cut):
    packed = squeezed(text)
    assert unpacked(packed, most=MOST, encoding=LZ64).decode() == text
    # Up to 24 bits behind the end fill up the base64.
    part = packed.rstrip(b"=")[: -5 - cut]
    if part:
        with pytest.raises(BadInput, match="BAD_COMPRESSION"):
            unpacked(part, most=MOST, encoding=LZ64)


def squeezed(text: str) -> bytes:
    """Pack a text: the longest known word each time, a sign that is new spelled out before its first use."""
    units = text.encode("utf-16-le", "surrogatepass")
    signs = [chr(units[k] | units[k + 1] << 8) for k in range(0, len(units), 2)]
    known: dict[str, int] = {}
    bits: list[str] = []
    width, room, at, previous = 2, 0, 0, ""

    def put(number: int, size: int) -> None:
        bits.append(f"{number:0{size}b}"[::-1])

    def grown() -> None:
        nonlocal width, room
        room -= 1
        if room == 0:
            room, width = 1 << width, width + 1

    while at < len(signs):
        word = signs[at]
        fresh = word not in known
        if fresh:
            known[word] = len(known) + 3
        if previous:
            # What was read last becomes a word with the sign that follows it.
            known[previous + word] = len(known) + 3
        if fresh:
            wide = ord(word) > 255
            put(int(wide), width)
            put(ord(word), 16 if wide else 8)
        else:
            while at + len(word) < len(signs) and word + signs[at + len(word)] in known:
                word += signs[at + len(word)]
            put(known[word], width)
        if not previous:
            width, room = 3, 4
        else:
            if fresh:
                grown()
            grown()
        previous, at = word, at + len(word)
    put(2, width)
    whole = "".join(bits)
    whole += "0" * (-len(whole) % 24)
    return base64.b64encode(int(whole, 2).to_bytes(len(whole) // 8, "big")) if whole else b""
