"""Requests that real clients sent, recorded on this machine; where they are not, their tests are skipped."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("PATHWORTH_RECORDED_CLIENTS", "/work/shared/clients"))
_BY_START = (
    ("/v1/", "segment"),
    ("/batch", "posthog"),
    ("/e/", "posthog"),
    ("/com.snowplowanalytics.snowplow/tp2", "snowplow"),
    ("/2/httpapi", "amplitude"),
    ("/track", "mixpanel"),
    ("/engage", "mixpanel"),
    ("/import", "mixpanel"),
)


@dataclass(frozen=True)
class Recorded:
    """A request: the protocol of its address, its body as bytes and as JSON, who sent it."""

    protocol: str
    body: bytes
    json: Any
    agent: str
    path: str
    headers: dict[str, str]


def names() -> list[str]:
    """Every recording by name; one that says what is missing where there is none."""
    return sorted(file.stem for file in FOLDER.glob("*.json")) or ["no recordings"]


def requests_of(name: str) -> list[Recorded]:
    """Return the requests of a recording that bring events."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        pytest.skip(f"no recorded requests of real clients in {FOLDER}")
    found = []
    for one in json.loads(file.read_text()):
        protocol = next((p for start, p in _BY_START if one["path"].startswith(start)), None)
        if one["method"] != "POST" or protocol is None:
            continue
        held = one["body"]
        body = held.encode() if isinstance(held, str) else json.dumps(held).encode()
        agent = next((v for k, v in one["headers"].items() if k.lower() == "user-agent"), "")
        found.append(Recorded(protocol, body, held, agent, one["path"], one["headers"]))
    return found
