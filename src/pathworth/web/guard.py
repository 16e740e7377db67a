"""Answers only to the hosts it was started for, and only to its own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def _name(netloc: str) -> str | None:
    try:
        return urlsplit(f"//{netloc}").hostname
    except ValueError:
        return None


class LoopbackOnly:
    """ASGI middleware: refuses a foreign Host or Origin, so that no page elsewhere reads the answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from this machine's own names."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        own_host = _name(headers.get("host", "")) in LOOPBACK_NAMES
        own_origin = origin is None or _is_same(origin, headers.get("host", ""))
        if own_host and own_origin:
            await self.app(scope, receive, send)
            return
        code = "FOREIGN_ORIGIN" if own_host else "FOREIGN_HOST"
        body = {
            "error": {
                "code": code,
                "message": "This address is not one that this server answers to.",
                "hint": "Open it as http://127.0.0.1 or http://localhost on the machine that runs it.",
            }
        }
        await JSONResponse(body, status_code=403)(scope, receive, send)


def _is_same(origin: str, host: str) -> bool:
    return urlsplit(origin).netloc == host
