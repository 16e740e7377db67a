"""What runs on a site, told to the script on its pages: the same for everybody, and not again while it stays so."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Final

from starlette.concurrency import run_in_threadpool
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
    _held: dict[str, tuple[float, bytes]] = field(default_factory=dict)

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
        body = await run_in_threadpool(self._body, site)
        tag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        own = [(b"etag", tag), (b"cache-control", b"no-cache"), *shared_with(headers)]
        same = headers.get(b"if-none-match") == tag
        await send_answer(send, 304 if same else 200, b"" if same else body, own)

    def _body(self, site: str) -> bytes:
        until, body = self._held.get(site, (0.0, b""))
        if time.monotonic() >= until:
            found = run.served_asks(self.gate.keeping.workspace, site)
            body = to_text(to_json({"asks": found})).encode()
            self._held[site] = (time.monotonic() + FRESH_S, body)
        return body
