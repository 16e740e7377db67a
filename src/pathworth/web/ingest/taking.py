"""Takes a request of events: read, checked, kept, and only then answered with 200."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from pathworth import collect, run
from pathworth.base.errors import BadInput, Refused
from pathworth.web.ingest import bodies
from pathworth.web.ingest.addresses import Address
from pathworth.web.ingest.answers import (
    ONE,
    PIXEL,
    Refusal,
    accepted,
    one_word,
    refused,
    send_answer,
    send_preflight,
    shared_with,
)
from pathworth.web.ingest.gate import Gate
from pathworth.web.ingest.keys import keys_of

_log = logging.getLogger("pathworth.ingest")
_STATUS: Final = {
    "BODY_TOO_LARGE": 413,
    "BATCH_TOO_LARGE": 413,
    "KEY_NEEDED": 401,
    "TOO_BUSY": 429,
}
_LZ64: Final = re.compile(rb"(?:^|&)compression=lz64(?:&|$)")
_LARGE: Final = 256 * 2**10
"""Larger bodies are decompressed and looked at beside the others, not before them."""
_TROUBLE: Final = Refusal(
    503, "NOT_KEPT", "The events could not be kept.", "Send them again a little later."
)


@dataclass(frozen=True)
class Taking:
    """ASGI endpoint of one path, which may be the address of several protocols."""

    addresses: tuple[Address, ...]
    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            await send_preflight(send, headers)
            return
        try:
            with self.gate.room_for(headers):
                body = await self._taken(scope, receive, headers)
            status = 200
        except bodies.GoneError:
            return
        except Exception as error:  # noqa: BLE001  # a client drops for good what an unknown error answers
            refusal = _why(error)
            status, body = refusal.status, refused(self.addresses[0].style, refusal)
        kind = b"image/gif" if body is PIXEL else b"application/json"
        await send_answer(send, status, body, shared_with(headers), kind=kind)

    async def _taken(self, scope: Scope, receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
        """Keep a request's events and return what its client reads as success."""
        raw = await bodies.read_body(receive)
        if scope["method"] == "GET":
            raw = scope["query_string"]
        packed = _Packed(raw, headers, scope["query_string"])
        slow, several = len(raw) > _LARGE or packed.by_words, self.addresses
        found = await run_in_threadpool(packed.opened, several) if slow else packed.opened(several)
        address, body, asked = found
        given = [*keys_of(headers, scope["query_string"]), *asked.keys]
        key = await self.gate.check(given, headers)
        if asked.events:
            await self.gate.keep_up()
            about = _about(headers)
            batch = run.batch_of(body, protocol=address.protocol, about=about, key=key)
            await self.gate.keeping.keep(batch)
        if address.style == "mixpanel" and one_word(raw, scope["query_string"]):
            return ONE
        if address.style == "pixel" and scope["method"] == "GET":
            return PIXEL
        return accepted(address.style, asked, size=len(raw))


@dataclass(frozen=True)
class _Packed:
    """A body as it came."""

    raw: bytes
    headers: Mapping[bytes, bytes]
    query: bytes

    def opened(self, addresses: tuple[Address, ...]) -> tuple[Address, bytes, collect.Asked]:
        """Return whose address it was sent to, it as it will be kept, and what can be known of it in a moment.

        Raises
        ------
        BadInput
            When it is too large, damaged, or no request of its kind.
        """
        first, *others = addresses
        said = self.headers.get(b"content-encoding", b"").decode("latin-1").lower()
        if first.protocol == "posthog" and self.by_words:
            said = collect.LZ64
        body = collect.unpacked(self.raw, most=bodies.MOST, encoding=said)
        for address in others:
            try:
                return address, body, collect.check_request(address.protocol, body)
            except BadInput as error:
                if error.code != "BAD_REQUEST_BODY":
                    raise
        if first.protocol == "cloudevents" and b"ce-specversion" in self.headers:
            body = collect.structured(_attributes(self.headers), body)
        if first.call:
            body = _with_type(body, first.call)
        with_ids = first.style == "results"
        return first, body, collect.check_request(first.protocol, body, with_ids=with_ids)

    @property
    def by_words(self) -> bool:
        """Return whether address or form say that it was packed as LZ-string, which its first bytes do not."""
        form = self.raw if self.raw.startswith(b"data=") else b""
        return bool(_LZ64.search(self.query) or _LZ64.search(form))


def _why(error: Exception) -> Refusal:
    if isinstance(error, Refused):
        other = 400 if isinstance(error, BadInput) else 503
        status = _STATUS.get(error.code, other)
        return Refusal(status, error.code, error.message, error.hint)
    _log.error("A request could not be kept.", exc_info=error)
    return _TROUBLE


def _about(headers: Mapping[bytes, bytes]) -> collect.About:
    refuses = headers.get(b"sec-gpc") == b"1" or headers.get(b"dnt") == b"1"
    agent = headers.get(b"user-agent", b"").decode("latin-1")
    return collect.About(time.time_ns() // 1000, agent, refuses)


def _attributes(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    return {
        name[3:].decode("latin-1"): unquote(value.decode("latin-1"))
        for name, value in headers.items()
        if name.startswith(b"ce-")
    }


def _with_type(body: bytes, call: str) -> bytes:
    """Return a single call with its kind before all else; where the body says it too, the last one counts."""
    inner = body.lstrip()
    if not inner.startswith(b"{"):
        return body
    rest = inner[1:].lstrip()
    comma = b"" if rest.startswith(b"}") else b","
    return b"".join((b'{"type":"', call.encode(), b'"', comma, rest))
