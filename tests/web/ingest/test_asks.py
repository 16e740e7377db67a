"""The address at which the script of a page asks what to show: with a key, the same for everybody, not twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pathworth import act, run
from pathworth.web import build_app

ASK = act.PageAsk("pulse", "Pulse", "How easy was that?", enough=9, site="shop")
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
    assert found.headers["cache-control"] == "no-cache"
    again = client.get(
        "/v1/asks/SHOP", headers={**ELSEWHERE, "if-none-match": found.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert "secret author" not in json.dumps(found.json())


def test_another_site_is_told_nothing_and_a_stranger_is_refused(client: TestClient) -> None:
    assert client.get("/v1/asks/BLOG", headers=ELSEWHERE).json() == {"asks": []}
    refused = client.get("/v1/asks/NOBODY", headers=ELSEWHERE)
    assert (refused.status_code, refused.json()["code"]) == (401, "KEY_NEEDED")
    assert client.post("/v1/asks/SHOP", json={}).status_code == 405
