"""What a client reads out of an answer: that its events are safe, or why not and whether to come again."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Send

from pathworth.collect import Asked
from pathworth.web.ingest.addresses import Style

RETRY_S: Final = 5
"""After so many seconds a client may come again."""
ONE: Final = b"1"
"""What Mixpanel's library for Node takes for success unless it asked for more words."""
_VERBOSE: Final = re.compile(rb"(?:^|&)verbose=1(?:&|$)")
PIXEL: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""A picture of one pixel that nobody sees: a tracker that asks for one sends its event again when none comes."""
_PLAIN: Final[dict[Style, bytes]] = {
    "success": b'{"success":true}',
    "pixel": b'{"success":true}',
    "status": b'{"status":1}',
}
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Refusal:
    """Why a request is not taken: the status, a stable code, what happened, and what to do."""

    status: int
    code: str
    message: str
    detail: str


def accepted(style: Style, asked: Asked, *, size: int) -> bytes:
    """Return the body that says that all events are safe."""
    if style in _PLAIN:
        return _PLAIN[style]
    said: dict[str, Any]
    if style == "results":
        said = {"results": {id_: {"result": "ok"} for id_ in asked.ids if id_}}
    elif style == "amplitude":
        now_ms = time.time_ns() // 1_000_000
        said = {"code": 200, "events_ingested": asked.events, "payload_size_bytes": size}
        said["server_upload_time"] = now_ms
    else:
        # Mixpanel's library for Python raises in its caller on the one word of old.
        said = {"status": 1, "error": None, "code": 200, "num_records_imported": asked.events}
    return json.dumps(said).encode()


def one_word(body: bytes, query: bytes) -> bool:
    """Return whether a form of Mixpanel's wants one word for an answer; other libraries fail on that word."""
    form = body.lstrip()[:1] not in {b"{", b"["}
    return form and not (_VERBOSE.search(query) or _VERBOSE.search(body))


def refused(style: Style, refusal: Refusal) -> bytes:
    """Return the body of an error, in the one shape that every client understands.

    RudderStack's Python library sends a batch again and again when an answer of 400 lacks ``code`` or ``message``,
    PostHog's reads ``detail``, and Mixpanel's looks at ``status`` alone, whatever the HTTP status.
    """
    said: dict[str, Any] = {
        "code": refusal.code,
        "message": refusal.message,
        "detail": f"{refusal.message} {refusal.detail}",
    }
    if style == "mixpanel":
        said |= {"status": 0, "error": refusal.message}
    return json.dumps(said).encode()


async def send_answer(
    send: Send, status: int, body: bytes, headers: Headers, *, kind: bytes = b"application/json"
) -> None:
    """Send an answer."""
    head = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    if status in {429, 503}:
        head.append((b"retry-after", str(RETRY_S).encode()))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def shared_with(headers: Mapping[bytes, bytes]) -> Headers:
    """Return the headers by which a browser lets another site's page read an answer.

    What a page may send is what it asks to send: a fixed list shuts out RudderStack's library, which has headers of
    its own. The answers hold nothing of anybody's.
    """
    origin = headers.get(b"origin")
    if origin is None:
        return []
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"Retry-After"),
        (b"vary", b"Origin"),
    ]


async def send_preflight(send: Send, headers: Mapping[bytes, bytes]) -> None:
    """Answer a browser that asks whether it may send."""
    asked = headers.get(b"access-control-request-headers")
    head = [
        *shared_with(headers),
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-max-age", b"86400"),
    ]
    if asked is not None:
        head.append((b"access-control-allow-headers", asked))
    if b"access-control-request-private-network" in headers:
        head.append((b"access-control-allow-private-network", b"true"))
    await send({"type": "http.response.start", "status": 204, "headers": head})
    await send({"type": "http.response.body", "body": b""})
