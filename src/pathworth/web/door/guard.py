"""Answers only to the hosts it was started for, and only to its own pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_MESSAGE = "This address is not one that this server answers to."
_HINT = (
    "Open it as http://127.0.0.1 or http://localhost on the machine that runs it, "
    "or start it with --allow-host and the name that people open."
)
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def _name(netloc: str) -> str | None:
    try:
        return urlsplit(f"//{netloc}").hostname
    except ValueError:
        return None


class OwnHosts:
    """ASGI middleware: refuses a foreign Host or Origin, so that no page elsewhere reads or writes here.

    Parameters
    ----------
    hosts
        Names beside loopback's that the server is known by.
    from_any_page
        Which (method, path) pages of any site may call, since their addresses ask for a key.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str] = (),
        from_any_page: Callable[[str, str], bool] = lambda _method, _path: False,
    ) -> None:
        self.app = app
        self.from_any_page = from_any_page
        self.hosts = LOOPBACK_NAMES | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes to this server's own names, from its own pages or from no page at all."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        own_host = _name(headers.get("host", "")) in self.hosts
        any_page = self.from_any_page(scope["method"], scope["path"])
        if own_host and (any_page or _own_page(headers, scope["method"])):
            await self.app(scope, receive, send)
            return
        code = "FOREIGN_ORIGIN" if own_host else "FOREIGN_HOST"
        error = {"code": code, "message": _MESSAGE, "hint": _HINT}
        # A client's library that finds no code of its own here would send its batch again and again.
        own = {"code": code, "message": _MESSAGE, "detail": _HINT, "status": 0} if any_page else {}
        body = {"error": error, **own}
        await JSONResponse(body, status_code=403)(scope, receive, send)


def _own_page(headers: Headers, method: str) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host", "")
    # A browser that says no origin says at least whether another site's page asks; a program says neither.
    asks = headers.get("sec-fetch-site", "none")
    navigates = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return asks in {"none", "same-origin"} or navigates
