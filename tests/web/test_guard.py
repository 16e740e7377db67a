from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pathworth.web.guard import LoopbackOnly


@pytest.fixture
def client():
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("ok"))])
    app.add_middleware(LoopbackOnly)
    return TestClient(app, base_url="http://127.0.0.1:8710")


@pytest.mark.parametrize("host", ["127.0.0.1:8710", "localhost:8710", "[::1]:8710", "localhost"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.4:8710", ""])
def test_a_foreign_host_is_refused(client, host):
    found = client.get("/", headers={"host": host})
    assert found.status_code == 403
    assert found.json()["error"]["code"] == "FOREIGN_HOST"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8710"]
)
def test_a_page_from_elsewhere_is_refused(client, origin):
    found = client.get("/", headers={"origin": origin})
    assert found.status_code == 403
    assert found.json()["error"]["code"] == "FOREIGN_ORIGIN"


def test_the_own_page_is_answered(client):
    assert client.get("/", headers={"origin": "http://127.0.0.1:8710"}).status_code == 200
