"""What runs on a site, told to the script on its pages, but for who is left alone; not again while it stays so."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from pathworth import run
from pathworth.base.errors import Refused
from pathworth.base.json import to_json, to_text
from pathworth.web.ingest.answers import (
    Refusal,
    refused,
    send_answer,
    send_preflight,
    shared_with,
)
from pathworth.web.ingest.gate import Gate

FRESH_S: Final = 2.0
"""So long an answer stands: pages of a whole site ask for it, and what ends it is counted."""


@dataclass(frozen=True)
class PageAsks:
    """ASGI endpoint of the questions and messages that run on a site.

    Parameters
    ----------
    gate
        Whose keys open it; the key's name is the site's.
    """

    gate: Gate
    _held: dict[str, tuple[float, Sequence[run.ServedAsk]]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer whoever has a key of this workspace, with nothing where that is what they have already."""
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            await send_preflight(send, headers)
            return
        try:
            site = await self.gate.check([scope["path_params"]["key"]], headers)
        except Refused as error:
            refusal = Refusal(401, error.code, error.message, error.hint)
            await send_answer(send, 401, refused("success", refusal), shared_with(headers))
            return
        browser = Request(scope).query_params.get("browser", "")
        body = await run_in_threadpool(self._body, site, browser)
        tag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        own = [(b"etag", tag), (b"cache-control", b"private, no-cache"), *shared_with(headers)]
        same = headers.get(b"if-none-match") == tag
        await send_answer(send, 304 if same else 200, b"" if same else body, own)

    def _body(self, site: str, browser: str) -> bytes:
        """Return what runs, the same for everybody, and since when whoever sits at a browser was left alone."""
        asks = self._running(site)
        quiet = run.quiet_at(self.gate.keeping.workspace, browser) if asks else run.Quiet()
        said = {"asks": () if quiet.rests else asks, "written_ms": quiet.written_ms}
        return to_text(to_json(said)).encode()

    def _running(self, site: str) -> Sequence[run.ServedAsk]:
        until, found = self._held.get(site, (0.0, ()))
        if time.monotonic() >= until:
            found = run.served_asks(self.gate.keeping.workspace, site)
            self._held[site] = (time.monotonic() + FRESH_S, found)
        return found
