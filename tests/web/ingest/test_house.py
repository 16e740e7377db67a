"""Who may hand in what: with keys, without any, from this machine and from pages elsewhere."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pathworth import run
from pathworth.base.errors import StoreTrouble
from pathworth.collect.arrivals.reading import about_of
from pathworth.run.serving.key_ring import FRESH_S, KeyRing
from pathworth.store import HandedIn, Inbox
from pathworth.web import build_app
from pathworth.web.ingest import bodies
from pathworth.web.ingest.keeping import Keeping

HERE = "http://127.0.0.1:8710"
EVENT = {"type": "track", "event": "paid", "userId": "u1", "messageId": "m1"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def alone(what: Coroutine[Any, Any, Any]) -> Any:
    """Run something in a loop of its own; in its own thread, since a browser's test may have left a loop here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


@pytest.fixture
def workspace(tmp_path):
    return run.init(tmp_path / "shop")


def sent(workspace, *, binding=None, **headers: str) -> int:
    base = HERE if binding is None else f"http://{binding.hosts[0]}"
    with TestClient(build_app(workspace, binding), base_url=base) as client:
        return client.post("/v1/batch", json={"batch": [EVENT]}, headers=headers).status_code


def names(workspace) -> set[str]:
    run.rebuild(workspace)
    return {str(one.value) for one in run.choices(workspace).events}


def test_on_this_machine_any_key_or_none_opens_until_one_is_made(workspace):
    assert sent(workspace) == 200
    assert sent(workspace, authorization="Bearer anything") == 200
    run.create_key(workspace, "app", key="KEY")
    assert sent(workspace) == 401
    assert sent(workspace, authorization="Bearer anything") == 401
    assert sent(workspace, authorization="Bearer KEY") == 200


def test_a_login_closes_the_house_for_programs_too(workspace):
    run.add_login(workspace, "ann", role="admin", password="three random words")
    assert sent(workspace) == 401


def test_beyond_this_machine_a_key_is_always_needed(workspace):
    binding = run.Binding("0.0.0.0", ("journeys.example.com",))
    assert sent(workspace, binding=binding) == 401
    run.create_key(workspace, "app", key="KEY")
    assert sent(workspace, binding=binding, authorization="Bearer KEY") == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:9600", 200),
        ("https://evil.example", 401),
        ("http://127.0.0.1.evil.example", 401),
        ("null", 401),
    ],
)
def test_an_open_house_takes_nothing_of_a_page_from_elsewhere(workspace, origin, status):
    assert sent(workspace, origin=origin) == status


def test_a_browser_that_names_no_origin_is_from_elsewhere_when_another_site_asks(workspace):
    assert sent(workspace, **{"sec-fetch-site": "cross-site"}) == 401


def test_a_foreign_host_is_refused_whatever_key_it_brings(workspace):
    run.create_key(workspace, "app", key="KEY")
    with TestClient(build_app(workspace), base_url="http://evil.example") as client:
        said = client.post("/track", json=[], headers={"authorization": "Bearer KEY"})
        assert (said.status_code, said.json()["error"]["code"]) == (403, "FOREIGN_HOST")
        assert (said.json()["code"], said.json()["status"]) == ("FOREIGN_HOST", 0)
        assert {"message", "detail"} <= set(said.json())
        assert "detail" not in client.get("/api/workspace").json()


def test_a_key_is_remembered_for_a_moment_and_forgotten_after_it(workspace):
    clock = Clock()
    ring = KeyRing(workspace, open_house=True, clock=clock)
    assert ring.stands_open()
    assert ring.name_of(["KEY"]) is None
    run.create_key(workspace, "app", key="KEY")
    assert ring.name_of(["KEY"]) is None
    clock.now += FRESH_S
    assert not ring.stands_open()
    assert ring.remembered(["KEY"]) is None
    assert ring.name_of(["other", "KEY"]) == "app"
    assert ring.remembered(["KEY"]) == "app"
    run.remove_key(workspace, "app")
    assert ring.name_of(["KEY"]) == "app"
    clock.now += FRESH_S
    assert ring.remembered(["KEY"]) is None
    assert ring.name_of(["KEY"]) is None
    assert not ring.name_of(["x" * 5_000])


def test_what_needs_no_key_is_known_without_asking_while_it_is_fresh(workspace):
    clock = Clock()
    ring = KeyRing(workspace, open_house=True, clock=clock)
    assert not ring.known_open(["KEY"])
    assert (ring.name_of(["KEY"]), ring.stands_open()) == (None, True)
    assert ring.known_open(["KEY"])
    assert ring.known_open([])
    assert not ring.known_open(["KEY", "other"])
    clock.now += FRESH_S
    assert not ring.known_open(["KEY"])
    run.create_key(workspace, "app", key="KEY")
    assert (ring.name_of(["KEY"]), ring.stands_open()) == ("app", False)
    assert not ring.known_open([])


def test_batches_that_come_while_others_are_written_are_written_together(workspace, monkeypatch):
    written, receive_all = [], run.receive_all

    def slowly(held, batches):
        written.append([one.body for one in batches])
        time.sleep(0.05)
        if b"bad" in written[-1]:
            raise StoreTrouble("DISK_FULL", "No room.", "Make some.")
        return receive_all(held, batches)

    monkeypatch.setattr(run, "receive_all", slowly)
    keeping = Keeping(workspace)

    async def keep(*bodies_):
        kept = [keeping.keep(HandedIn(body)) for body in bodies_]
        return await asyncio.gather(*kept, return_exceptions=True)

    async def all_of_them():
        first = asyncio.create_task(keep(b"a"))
        await asyncio.sleep(0.01)
        gone = asyncio.create_task(keep(b"gone"))
        await asyncio.sleep(0.01)
        gone.cancel()
        assert await keep(b"b", b"c") == [None, None]
        assert await first == [None]
        assert [type(one) for one in await keep(b"bad")] == [StoreTrouble]

    alone(all_of_them())
    # Another loop, which knows nothing of the first.
    assert alone(keep(b"d")) == [None]
    assert written == [[b"a"], [b"gone", b"b", b"c"], [b"bad"], [b"d"]]
    assert Inbox(workspace.store).count()[1] == 5


def test_what_refuses_to_be_followed_and_which_program_sends_is_handed_on(workspace, monkeypatch):
    seen = []
    monkeypatch.setattr(run, "receive_all", lambda _, kept: seen.extend(map(about_of, kept)))
    sent(workspace, **{"sec-gpc": "1", "user-agent": "Some/1"})
    sent(workspace, dnt="1")
    sent(workspace, dnt="0", **{"sec-gpc": "0"})
    assert [about.refuses for about in seen] == [True, True, False]
    assert seen[0].agent == "Some/1"
    assert seen[0].received_us > 1_700_000_000_000_000


def test_a_batch_without_events_is_content_and_keeps_nothing(workspace, monkeypatch):
    monkeypatch.setattr(run, "receive_all", lambda *_: pytest.fail("kept"))
    with TestClient(build_app(workspace), base_url=HERE) as client:
        assert client.post("/v1/batch", json={"batch": []}).json() == {"success": True}


def test_a_single_call_has_the_kind_of_its_address_unless_it_says_another(workspace):
    with TestClient(build_app(workspace), base_url=HERE) as client:
        calls = {
            "/v1/page": {"userId": "u", "name": "Home"},
            "/v1/i": {"userId": "u", "traits": {"a": 1}},
            "/v1/group": {"userId": "u", "groupId": "g"},
            "/v1/track": {"type": "screen", "userId": "u"},
        }
        for path, call in calls.items():
            assert client.post(path, content=f" {json.dumps(call)}").status_code == 200
        assert client.post("/v1/t", content=b"{}").status_code == 200
        assert client.post("/v1/t", content=b"5").status_code == 400
    assert names(workspace) == {"page", "identify", "group", "screen"}


def test_a_cloudevent_in_headers_is_taken(workspace):
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-source": "/shop",
        "ce-type": "order%20paid",
        "ce-subject": "u1",
        "content-type": "application/json",
    }
    with TestClient(build_app(workspace), base_url=HERE) as client:
        assert client.post("/cloudevents", json={"plan": "pro"}, headers=headers).status_code == 200
        assert client.post("/cloudevents", content=b"{", headers=headers).status_code == 400
    assert names(workspace) == {"order paid"}


def test_a_client_that_goes_away_leaves_nothing_behind(workspace, monkeypatch):
    monkeypatch.setattr(run, "receive_all", lambda *_: pytest.fail("kept"))
    app = build_app(workspace)
    messages = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )
    said = []

    async def receive():
        return next(messages)

    async def send(message):
        said.append(message)

    headers = [(b"host", b"127.0.0.1:8710"), (b"content-length", b"900")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/batch",
        "query_string": b"",
        "headers": headers,
    }
    scope |= {
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
        "server": ("127.0.0.1", 8710),
    }
    alone(app(scope, receive, send))
    assert said == []
    assert app.router.routes[0].app.gate.held == 0


def test_a_body_that_is_too_long_is_read_past_before_it_is_refused(workspace, monkeypatch):
    monkeypatch.setattr(bodies, "MOST", 1_000)
    read = []

    def parts():
        for _ in range(3):
            read.append(1)
            yield b" " * 500

    with TestClient(build_app(workspace), base_url=HERE) as client:
        found = client.post("/v1/batch", content=parts())
    assert (found.status_code, len(read)) == (413, 3)
