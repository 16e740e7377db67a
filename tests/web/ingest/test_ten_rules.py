"""The ten rules that running the real clients taught: each loses or doubles events silently when it is broken."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from pathworth import run
from pathworth.base.errors import StoreTrouble
from pathworth.collect import PROTOCOLS, About
from pathworth.collect.arrivals.reading import about_of
from pathworth.store import HandedIn
from pathworth.web import build_app
from pathworth.web.ingest import ADDRESSES, CONFIGS, bodies, gate

pytestmark = pytest.mark.slow

HERE = "http://127.0.0.1:8710"
AT = "2026-01-01T10:00:00Z"
SEGMENT = {"type": "track", "event": "paid", "userId": "u1", "messageId": "m1", "timestamp": AT}
BODIES: dict[str, dict[str, Any]] = {
    "segment": {"batch": [SEGMENT]},
    "posthog": {"batch": [{"event": "paid", "distinct_id": "u1", "uuid": "m1", "timestamp": AT}]},
    "snowplow": {"data": [{"e": "pv", "uid": "u1", "eid": "m1", "dtm": "1767261600000"}]},
    "amplitude": {
        "events": [
            {"event_type": "paid", "user_id": "u1", "insert_id": "m1", "time": 1767261600000}
        ]
    },
    "mixpanel": {
        "event": "paid",
        "properties": {"distinct_id": "u1", "$insert_id": "m1", "time": 1767261600},
    },
    "cloudevents": {
        "specversion": "1.0",
        "id": "m1",
        "source": "s",
        "type": "paid",
        "subject": "u1",
    },
}


def body_of(address: Any) -> bytes:
    held = SEGMENT if address.call else BODIES[address.protocol]
    return json.dumps(held).encode()


@dataclass
class Kept:
    """What was handed on to be kept, and what happens instead."""

    calls: list[tuple[bytes, str, About, str]] = field(default_factory=list)
    trouble: Exception | None = None

    def __call__(self, _: Any, batches: Sequence[HandedIn]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.calls += [(one.body, one.protocol, about_of(one), one.key) for one in batches]


@pytest.fixture
def workspace(tmp_path):
    return run.init(tmp_path / "shop")


@pytest.fixture
def api(workspace) -> Iterator[TestClient]:
    with TestClient(build_app(workspace), base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def kept(monkeypatch) -> Kept:
    held = Kept()
    monkeypatch.setattr(run, "receive_all", held)
    return held


def events(workspace) -> int:
    run.number(workspace)
    return run.overview(workspace).events


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.path)
def test_rule_1_every_address_answers_with_and_without_a_slash_and_never_redirects(
    api, kept, address
):
    for path in (address.path, f"{address.path}/"):
        found = api.post(path, content=body_of(address))
        assert found.status_code == 200, found.text
    (first, protocol, *_), (second, *_) = kept.calls
    assert (first, protocol) == (second, address.protocol)
    (line,) = PROTOCOLS[protocol](first, About(0)).lines
    assert json.loads(line)["person"] == "u1"


COMPRESSED = {
    "gzip": gzip.compress,
    "two members of gzip": lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]),
    "zlib": zlib.compress,
    "zstd": lambda body: pa.compress(body, "zstd", asbytes=True),
    "nothing": lambda body: body,
}


@pytest.mark.parametrize("packed", COMPRESSED)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
@pytest.mark.parametrize("encoding", ["gzip", None])
def test_rule_2_the_first_bytes_say_whether_it_is_compressed_and_no_header_does(
    api, kept, packed, kind, encoding
):
    said = {"content-type": kind, "content-encoding": encoding}
    headers = {name: value for name, value in said.items() if value}
    body = json.dumps(BODIES["segment"]).encode()
    found = api.post("/v1/batch", content=COMPRESSED[packed](body), headers=headers)
    assert found.status_code == 200, found.text
    assert kept.calls[0][0] == body


def test_rule_2_bare_deflate_has_no_first_bytes_and_is_read_where_it_is_said(api, kept):
    body = json.dumps(BODIES["segment"]).encode()
    bare = zlib.compressobj(wbits=-15)
    packed = bare.compress(body) + bare.flush()
    headers = {"content-encoding": "deflate"}
    assert api.post("/v1/batch", content=packed, headers=headers).status_code == 200
    assert api.post("/v1/batch", content=body, headers=headers).status_code == 200
    assert [call[0] for call in kept.calls] == [body, body]


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, COMPRESSED["zstd"]])
def test_rule_2_what_would_unpack_to_too_much_is_never_unpacked(api, kept, pack):
    bomb = pack(b" " * (bodies.MOST + 1))
    assert len(bomb) < 200_000
    found = api.post("/v1/batch", content=bomb)
    assert (found.status_code, found.json()["code"]) == (413, "BODY_TOO_LARGE")
    fits = pack(json.dumps(BODIES["segment"]).encode().ljust(bodies.MOST))
    assert api.post("/v1/batch", content=fits).status_code == 200
    assert len(kept.calls) == 1


@pytest.mark.parametrize(
    "body", [gzip.compress(b"{}" * 99, mtime=0)[:-20], b"\x1f\x8b", b"x\x9cnothing"]
)
def test_rule_2_damaged_compression_is_malformed(api, kept, body):
    found = api.post("/e/", content=body)
    assert (found.status_code, found.json()["code"]) == (400, "BAD_COMPRESSION")
    assert kept.calls == []


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v1/batch", {"success": True}),
        ("/v1/t", {"success": True}),
        ("/batch/", {"status": 1}),
        ("/e/", {"status": 1}),
        ("/i/v1/analytics/events", {"results": {"m1": {"result": "ok"}}}),
        ("/com.snowplowanalytics.snowplow/tp2", {"success": True}),
        ("/track", {"status": 1, "error": None, "code": 200, "num_records_imported": 1}),
        ("/cloudevents", {"success": True}),
    ],
)
def test_rule_3_success_is_exactly_200_with_a_small_object(api, kept, path, answer):
    address = next(one for one in ADDRESSES if one.path == path.rstrip("/"))
    found = api.post(path, content=body_of(address))
    assert (found.status_code, found.json()) == (200, answer)
    assert found.headers["content-type"] == "application/json"
    assert len(found.content) < 200


def test_rule_3_a_form_of_mixpanels_gets_one_word_unless_it_asks_for_more(api, kept):
    data = base64.b64encode(json.dumps(BODIES["mixpanel"]).encode()).decode()
    whole = {"status": 1, "error": None, "code": 200, "num_records_imported": 1}
    for path, form, answer in (
        ("/track?ip=0&verbose=0", f"data={data}", 1),
        ("/track?ip=0&verbose=1", f"data={data}", whole),
        ("/track", urlencode({"data": data, "verbose": 1}), whole),
        ("/import", urlencode({"data": data}), 1),
    ):
        assert api.post(path, content=form).json() == answer
    for verbose, answer in ((0, 1), (1, whole)):
        asked = api.get("/track", params={"data": data, "verbose": verbose, "api_key": "KEY"})
        assert (asked.status_code, asked.json()) == (200, answer)
    assert len(kept.calls) == 6
    for body, *_ in kept.calls:
        assert "u1" in PROTOCOLS["mixpanel"](body, About(0)).lines[0]


def test_rule_3_amplitude_reads_a_code_of_200_and_counts(api, kept):
    body = json.dumps(BODIES["amplitude"]).encode()
    found = api.post("/2/httpapi", content=body).json()
    assert found.pop("server_upload_time") > 1_700_000_000_000
    assert found == {"code": 200, "events_ingested": 1, "payload_size_bytes": len(body)}


def test_rule_3_nothing_is_answered_with_success_that_is_not_kept(api, kept):
    kept.trouble = RuntimeError("the disk is gone")
    for address in ADDRESSES:
        assert api.post(address.path, content=body_of(address)).status_code == 503
    assert kept.calls == []


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.path)
@pytest.mark.parametrize("status", [400, 401, 413, 503])
def test_rule_4_every_error_has_a_code_a_message_and_a_detail(
    api, kept, workspace, monkeypatch, address, status
):
    body = body_of(address)
    if status == 400:
        body = b"{"
    elif status == 401:
        run.create_key(workspace, "app")
    elif status == 413:
        monkeypatch.setattr(bodies, "MOST", 20)
    else:
        kept.trouble = StoreTrouble("DISK_FULL", "The disk is full.", "Make room.")
    found = api.post(address.path, content=body)
    said = found.json()
    assert found.status_code == status
    assert {"code", "message", "detail"} <= set(said)
    assert all(isinstance(said[name], str) and said[name] for name in ("code", "message", "detail"))
    assert "error" not in said or said["status"] == 0
    assert (said.get("status") == 0) is (address.protocol == "mixpanel")


def test_rule_5_whoever_is_to_come_again_is_told_when(api, kept, monkeypatch):
    kept.trouble = StoreTrouble("DISK_FULL", "The disk is full.", "Make room.")
    full = api.post("/v1/batch", json=BODIES["segment"])
    assert (full.status_code, full.json()["code"], full.headers["retry-after"]) == (
        503,
        "DISK_FULL",
        "5",
    )
    kept.trouble = ValueError()
    unknown = api.post("/v1/batch", json=BODIES["segment"])
    assert (unknown.status_code, unknown.headers["retry-after"]) == (503, "5")
    assert "ValueError" not in unknown.text
    monkeypatch.setattr(gate, "_MOST_AT_ONCE", 0)
    held = api.app.router.routes[0].app.gate
    held.held = 1
    busy = api.post("/v1/batch", json=BODIES["segment"])
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (
        429,
        "TOO_BUSY",
        "5",
    )
    assert held.held == 1


def test_rule_5_nothing_more_is_taken_while_too_much_waits_to_be_numbered(api, kept, monkeypatch):
    held = api.app.router.routes[0].app.gate
    monkeypatch.setattr(held.backlog, "see", lambda: True)
    for _ in range(2):
        late = api.post("/v1/batch", json=BODIES["segment"])
        assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (
            429,
            "TOO_BUSY",
            "5",
        )
    assert kept.calls == []
    assert held.held == 0


def test_rule_6_too_big_is_413_and_malformed_400(api, kept, monkeypatch):
    many = {"batch": [SEGMENT] * 10_001}
    assert api.post("/v1/batch", json=many).status_code == 413
    monkeypatch.setattr(bodies, "MOST", 100)
    assert api.post("/v1/batch", content=b" " * 101).status_code == 413
    assert api.post("/v1/batch", content=b" " * 100).status_code == 400
    assert kept.calls == []


def test_rule_6_one_bad_event_does_not_fail_its_batch_and_is_shown(api, workspace):
    bad = {"type": "track", "event": "paid", "userId": None}
    late = {**SEGMENT, "messageId": "m2", "timestamp": "when it was"}
    found = api.post("/v1/batch", json={"batch": [SEGMENT, bad, late]})
    assert (found.status_code, found.json()) == (200, {"success": True})
    assert events(workspace) == 1
    reasons = {row["code"] for row in api.get("/api/collect/quarantine").json()}
    assert reasons == {"NO_ENTITY", "BAD_TIME"}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.path)
def test_rule_7_what_is_sent_again_counts_once(api, workspace, address):
    for _ in range(2):
        assert api.post(address.path, content=body_of(address)).status_code == 200
    assert events(workspace) == 1


def basic(name: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:".encode()).decode()


WHERE = [
    ("/v1/batch", {"authorization": basic("KEY")}, {}, {}),
    ("/v1/batch", {"authorization": "Bearer KEY"}, {}, {}),
    ("/v1/batch", {"x-write-key": "KEY"}, {}, {}),
    ("/v1/batch", {}, {"writeKey": "KEY"}, {}),
    ("/v1/batch", {"authorization": basic("other")}, {"writeKey": "KEY"}, {}),
    ("/beacon/v1/batch?writeKey=KEY", {}, {}, {}),
    ("/batch/", {}, {"api_key": "KEY"}, {}),
    ("/e/", {}, {"token": "KEY"}, {}),
    ("/e/", {}, {}, {"properties": {"token": "KEY"}}),
    ("/2/httpapi", {}, {"api_key": "KEY"}, {}),
    ("/com.snowplowanalytics.snowplow/tp2", {}, {}, {"aid": "KEY"}),
]


@pytest.mark.parametrize(("path", "headers", "envelope", "event"), WHERE)
def test_rule_8_a_key_is_taken_from_wherever_its_client_puts_it(
    api, kept, workspace, path, headers, envelope, event
):
    run.create_key(workspace, "app", key="KEY")
    plain = path.split("?")[0].rstrip("/")
    address = next(one for one in ADDRESSES if one.path == plain)
    held = BODIES[address.protocol]
    (name,) = held
    body = {**envelope, name: [{**held[name][0], **event}]}
    found = api.post(path, headers=headers, json=body)
    assert found.status_code == 200, found.text
    assert kept.calls[0][3] == "app"
    wrong = json.loads(json.dumps(body).replace("KEY", "key"))
    other = {
        key: value.replace(basic("KEY"), basic("key")).replace("KEY", "key")
        for key, value in headers.items()
    }
    refused = api.post(path.replace("KEY", "key"), headers=other, json=wrong)
    assert (refused.status_code, refused.json()["code"]) == (401, "KEY_NEEDED")


def test_rule_8_mixpanels_key_stands_in_its_events_or_before_the_colon(api, kept, workspace):
    run.create_key(workspace, "app", key="KEY")
    event = BODIES["mixpanel"]
    told = {**event, "properties": {**event["properties"], "token": "KEY"}}
    form = {"content-type": "application/x-www-form-urlencoded"}
    for path, body in (
        ("/track", told),
        ("/track", [told]),
        ("/engage", {"$token": "KEY", "$distinct_id": "u1"}),
    ):
        data = urlencode({"data": json.dumps(body), "verbose": 1})
        assert api.post(path, content=data, headers=form).status_code == 200
    secret = {"authorization": basic("KEY")}
    assert api.post("/import", json=[event], headers=secret).status_code == 200
    assert api.post("/import", json=[event]).status_code == 401


def test_rule_8_ids_may_be_numbers_and_null(api, workspace):
    numbers = {**SEGMENT, "userId": 17, "anonymousId": None}
    nulls = {**SEGMENT, "userId": None, "anonymousId": 5, "messageId": "m2"}
    assert api.post("/v1/batch", json={"batch": [numbers, nulls]}).status_code == 200
    assert events(workspace) == 2
    assert run.overview(workspace).entities == 2


ORIGIN = {"origin": "https://shop.example"}


def test_rule_9_a_browser_may_send_from_any_page_whatever_headers_it_asks_for(api, kept, workspace):
    run.create_key(workspace, "app", key="KEY")
    asked = {
        **ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "anonymousid,authorization,content-type,sentat,rsa-new",
    }
    for path in [one.path for one in ADDRESSES] + [
        path.replace("{key}", "KEY") for path in CONFIGS
    ]:
        found = api.options(path, headers=asked)
        assert (found.status_code, found.content) == (204, b"")
        said = found.headers
        assert said["access-control-allow-origin"] == "https://shop.example"
        assert said["access-control-allow-headers"] == asked["access-control-request-headers"]
        assert said["access-control-allow-credentials"] == "true"
        assert said["access-control-max-age"] == "86400"
        assert "POST" in said["access-control-allow-methods"]
    for key, status in (("KEY", 200), ("no", 401)):
        sent = api.post("/v1/t", headers={**ORIGIN, "authorization": basic(key)}, json=SEGMENT)
        assert sent.status_code == status
        assert sent.headers["access-control-allow-origin"] == "https://shop.example"
        assert sent.headers["vary"] == "Origin"


def test_rule_9_a_beacon_comes_without_a_preflight_and_with_cookies(api, kept, workspace):
    run.create_key(workspace, "app", key="KEY")
    body = gzip.compress(json.dumps({"api_key": "KEY", **BODIES["posthog"]}).encode())
    headers = {
        **ORIGIN,
        "sec-fetch-mode": "no-cors",
        "sec-fetch-site": "cross-site",
        "cookie": "a=b",
    }
    found = api.post(
        "/e/?beacon=1", content=body, headers={**headers, "content-type": "text/plain"}
    )
    assert (found.status_code, len(kept.calls)) == (200, 1)


def test_rule_9_no_page_from_elsewhere_reads_or_writes_anything_else(api, workspace):
    run.create_key(workspace, "app", key="KEY")
    headers = {**ORIGIN, "authorization": "Bearer KEY"}
    for path in ("/api/workspace", "/api/collect/waiting", "/"):
        found = api.get(path, headers=headers)
        assert (found.status_code, found.json()["error"]["code"]) == (403, "FOREIGN_ORIGIN")
        assert "access-control-allow-origin" not in found.headers


def test_rule_10_segments_browser_library_is_told_to_send_here(api):
    found = api.get("/v1/projects/KEY/settings", headers={"origin": "http://127.0.0.1:9600"})
    assert found.status_code == 200
    assert found.json()["integrations"]["Segment.io"] == {
        "apiKey": "KEY",
        "apiHost": "127.0.0.1:8710/v1",
        "protocol": "http",
    }
    assert found.headers["access-control-allow-origin"] == "http://127.0.0.1:9600"


def test_rule_10_rudderstacks_browser_library_finds_a_source_that_is_on(api):
    found = api.get("/sourceConfig/?p=npm&writeKey=KEY", headers={"authorization": basic("KEY")})
    source = found.json()["source"]
    assert (source["writeKey"], source["enabled"], source["destinations"]) == ("KEY", True, [])
    assert source["config"]["statsCollection"]["errors"] == {"enabled": False}


def test_rule_10_posthogs_library_finds_its_settings_and_no_flags(api):
    config = api.get("/array/phc_KEY/config").json()
    assert (config["hasFeatureFlags"], config["analytics"]) == (False, {"endpoint": "/e/"})
    script = api.get("/array/ph<b>/config.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["x-content-type-options"] == "nosniff"
    assert script.text.startswith("(window._POSTHOG_REMOTE_CONFIG=")
    assert "<" not in script.text
    packed = gzip.compress(b'{"token": "phc_KEY", "distinct_id": "u1"}')
    for path in ("/flags/?v=2", "/decide/?v=3"):
        flags = api.post(path, content=packed).json()
        assert (flags["flags"], flags["featureFlags"]) == ({}, {})
        assert flags["errorsWhileComputingFlags"] is False


def test_rule_10_settings_are_for_keys_of_this_workspace(api, workspace):
    run.create_key(workspace, "app", key="KEY")
    for path in ("/v1/projects/{}/settings", "/sourceConfig?writeKey={}", "/array/{}/config"):
        assert api.get(path.format("KEY")).status_code == 200
        refused = api.get(path.format("no"))
        assert (refused.status_code, refused.json()["code"]) == (401, "KEY_NEEDED")
    assert api.post("/flags", json={"api_key": "KEY"}).status_code == 200
    assert api.post("/flags", json={"api_key": "no"}).status_code == 401
    assert api.post("/flags", content=b"[").status_code == 400
