"""Every recorded request of every real client is taken at the address that it was sent to, and counts once."""

from __future__ import annotations

import gzip
import json

from fastapi.testclient import TestClient
from tests.collect.arrivals.recorded import names, requests_of

from pathworth import run
from pathworth.collect import PROTOCOLS, About
from pathworth.web import build_app

_LEFT_OUT = {"host", "content-length", "connection", "origin"}


def test_every_recorded_request_is_answered_with_200_and_every_event_counts_once(tmp_path):
    opened = run.init(tmp_path / "shop")
    ids, said = set(), 0
    with TestClient(build_app(opened), base_url="http://127.0.0.1:8710") as client:
        for name in names():
            for request in requests_of(name):
                headers = {k: v for k, v in request.headers.items() if k.lower() not in _LEFT_OUT}
                packed = "Content-Encoding" in headers or "text/plain" in headers.values()
                body = gzip.compress(request.body) if packed else request.body
                found = client.post(request.path, content=body, headers=headers)
                assert (found.status_code, type(found.json())) == (200, dict), (name, found.text)
                for line in PROTOCOLS[request.protocol](request.body, About(0)).lines:
                    held = json.loads(line)
                    ids.add((request.protocol, held.get("id", line)))
                    said += 1
    run.number(opened)
    assert {row.code for row in run.quarantined(opened)} <= {"NO_ENTITY"}
    assert run.overview(opened).events == len(ids)
    # Most of what was recorded are retries.
    assert said > len(ids) + 50
