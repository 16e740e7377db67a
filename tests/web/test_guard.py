from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pathworth.web.door import OwnHosts


@pytest.fixture
def client():
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("ok"), methods=["GET", "POST"])])
    app.add_middleware(OwnHosts, hosts=["Journeys.example.com"])
    return TestClient(app, base_url="http://127.0.0.1:8710")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8710", "localhost:8710", "[::1]:8710", "localhost", "journeys.example.com:443"],
)
def test_own_names_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "192.168.0.4:8710",
        "",
        "journeys.example.com.evil.example",
    ],
)
def test_a_foreign_host_is_refused(client, host):
    found = client.get("/", headers={"host": host})
    assert found.status_code == 403
    assert found.json()["error"]["code"] == "FOREIGN_HOST"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8710"]
)
def test_a_page_from_elsewhere_neither_reads_nor_writes(client, origin, method):
    found = client.request(method, "/", headers={"origin": origin})
    assert found.status_code == 403
    assert found.json()["error"]["code"] == "FOREIGN_ORIGIN"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_browser_that_names_no_origin_is_refused_when_another_site_asks(client, method):
    asks = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert client.request(method, "/", headers=asks).status_code == 403


def test_a_link_from_a_mail_opens_the_page_but_writes_nothing(client):
    opened = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=opened).status_code == 200
    assert client.post("/", headers=opened).status_code == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_own_page_is_answered(client, method):
    own = {"origin": "http://127.0.0.1:8710", "sec-fetch-site": "same-origin"}
    assert client.request(method, "/", headers=own).status_code == 200
