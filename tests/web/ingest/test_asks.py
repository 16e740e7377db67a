"""The address at which the script of a page asks what to show: with a key, the same for everybody, not twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.act.made import HOUR, NOON, Kept, Stream, agree, program, shop

from pathworth import act, run, store
from pathworth.web import build_app

ASK = act.PageAsk("pulse", "Pulse", "How easy was that?", enough=9, site="shop")
BROWSER = "6f1c1f7e-9d2b-4c59-8a54-0d5f1d1f2a3b"
ELSEWHERE = {"origin": "https://shop.example", "sec-fetch-site": "cross-site"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    made = run.init(tmp_path_factory.mktemp("asked") / "shop")
    for name in ("shop", "blog"):
        run.create_key(made, name, key=name.upper())
    act.save_ask(made.store, ASK, author="secret author")
    act.save_ask(made.store, replace(ASK, id="draft"))
    act.start_ask(made.store, "pulse")
    with TestClient(build_app(made), base_url="http://127.0.0.1:8710") as opened:
        yield opened


def test_a_page_of_the_site_is_told_what_runs_and_not_again_while_it_stays_so(
    client: TestClient,
) -> None:
    found = client.get("/v1/asks/SHOP", headers=ELSEWHERE)
    assert found.status_code == 200
    assert [one["id"] for one in found.json()["asks"]] == ["pulse"]
    assert found.headers["access-control-allow-origin"] == "https://shop.example"
    assert found.headers["cache-control"] == "private, no-cache"
    again = client.get(
        "/v1/asks/SHOP", headers={**ELSEWHERE, "if-none-match": found.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert "secret author" not in json.dumps(found.json())


def test_another_site_is_told_nothing_and_a_stranger_is_refused(client: TestClient) -> None:
    assert client.get("/v1/asks/BLOG", headers=ELSEWHERE).json()["asks"] == []
    refused = client.get("/v1/asks/NOBODY", headers=ELSEWHERE)
    assert (refused.status_code, refused.json()["code"]) == (401, "KEY_NEEDED")
    assert client.post("/v1/asks/SHOP", json={}).status_code == 405


def test_whoever_a_program_wrote_to_is_known_by_the_random_id_of_a_browser_alone(
    tmp_path: Path,
) -> None:
    stores, stream = shop(tmp_path / "w", program()), Stream()
    agree(stores, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(stores, stream.events)
    act.decide_due(stores, NOON + HOUR)
    assert act.deliver(stores, Kept(), now_us=NOON + HOUR) == 1
    made = run.open_workspace(tmp_path / "w")
    run.create_key(made, "shop", key="SHOP")
    act.save_ask(made.store, ASK)
    act.start_ask(made.store, "pulse")
    written_us = store.Ledger(made.store).rows()[0].decided_us
    with TestClient(build_app(made), base_url="http://127.0.0.1:8710") as client:

        def told(browser: str) -> dict:
            return client.get("/v1/asks/SHOP", params={"browser": browser}).json()

        assert told(BROWSER)["written_ms"] is None
        run.link(made, one=BROWSER, other="ann")
        ago_ms = told(BROWSER)["written_ms"]
        least_ms = (time.time_ns() // 1000 - written_us) // 1000 - 120_000
        assert least_ms < ago_ms < least_ms + 180_000
        assert ago_ms % 60_000 == 0
        # An id that somebody might guess tells nothing of anybody.
        assert told("ann") == told("") == client.get("/v1/asks/SHOP").json()
        assert told("ann")["written_ms"] is None
        store.Consents(made.store).rest(store.Rest("ann", None, "asked", NOON))
        assert told(BROWSER)["asks"] == []
        assert [one["id"] for one in told("ann")["asks"]] == ["pulse"]
