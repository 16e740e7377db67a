"""Which role each address needs: one table, and the door that holds every request against it."""

from __future__ import annotations

import functools
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pathworth import run
from pathworth.base.seeing import at_least, masked
from pathworth.store import digest_key
from pathworth.web.ingest.addresses import RULED

COOKIE: Final = "pathworth_session"
READS: Final = frozenset({"GET", "HEAD"})
Needs = Literal["nobody", "client", "viewer", "editor", "sender", "admin"]
"""What an address needs: a role; or nobody; or a client's key, which the address itself asks for."""


@dataclass(frozen=True)
class Rule:
    """What addresses that begin so need: to read and to write; null where there is nothing of the kind.

    A star stands for a name in the address, however long. ``key`` is the scope of keys that may come here
    without a login.
    """

    path: str
    read: Needs | None
    write: Needs | None = None
    key: str | None = None

    def covers(self, path: str) -> bool:
        """Return whether a path begins so."""
        return _pattern(self.path).fullmatch(path) is not None


RULES: tuple[Rule, ...] = (
    Rule("/api/workspace", "viewer"),
    Rule("/api/columns", "viewer"),
    Rule("/api/openapi.json", "viewer"),
    Rule("/api/journeys", "viewer", "editor"),
    Rule("/api/measure", "viewer", "editor"),
    # Ids from elsewhere are too many for an address, and nothing is written.
    Rule("/api/measure/reconcile", None, "viewer"),
    Rule("/api/atlas", "viewer", "editor"),
    Rule("/api/value", "viewer", "editor"),
    Rule("/api/act", "viewer", "editor"),
    Rule("/api/learn", "viewer", "editor"),
    Rule("/api/collect", "viewer", "editor"),
    Rule("/api/collect/events", None, "editor", key="ingest"),
    Rule("/api/collect/exclusions", "viewer", "admin"),
    Rule("/api/collect/imports/*/undo", "viewer", "admin"),
    # Whoever adds a pull lets this machine call out with a secret; to run, pause and resume it takes none.
    Rule("/api/collect/pulls", "viewer", "admin"),
    Rule("/api/collect/pulls/*/run", None, "editor"),
    Rule("/api/collect/pulls/*/pause", None, "editor"),
    Rule("/api/collect/pulls/*/resume", None, "editor"),
    Rule("/api/act/programs/test", None, "sender"),
    Rule("/api/act/programs/*/start", None, "sender"),
    Rule("/api/act/programs/*/stop", None, "sender"),
    Rule("/api/act/asks/*/start", None, "sender"),
    Rule("/api/act/asks/*/stop", None, "sender"),
    Rule("/api/act/decisions/*/settle", None, "sender"),
    Rule("/api/act/settings", "viewer", "admin"),
    Rule("/api/learn/experiment/*/begin", None, "sender"),
    Rule("/api/learn/experiment/*/end", None, "sender"),
    # What is known of somebody leaves with a file, and who is erased never comes back.
    Rule("/api/privacy", "admin", "admin"),
    Rule("/api/run", "viewer", "editor"),
    Rule("/api/run/me", "nobody"),
    Rule("/api/run/login", None, "nobody"),
    Rule("/api/run/logout", None, "viewer"),
    Rule("/api/run/password", None, "viewer"),
    Rule("/api/run/logins", "admin", "admin"),
    Rule("/api/run/keys", "admin", "admin"),
    Rule("/api/run/jobs/erase", None, "admin"),
    Rule("/api/run/jobs/keep", None, "admin"),
    Rule("/api/run/jobs/decide", None, "sender"),
    Rule("/api/run/jobs/deliver", None, "sender"),
    # Addresses in messages: whoever got one may answer it; what is signed in them says who that is.
    Rule("/unsubscribe", "nobody", "nobody"),
    Rule("/why", "nobody", "nobody"),
    Rule("/metrics", "viewer", key="metrics"),
    # Clients of other tools carry their key wherever these put it; pages of any site may send.
    *(Rule(path, "client" if read else None, "client") for path, read in RULED),
    # Our own script for other sites' pages, which holds nothing of anybody's.
    Rule("/pathworth.js", "nobody"),
    Rule("/livez", "nobody"),
    Rule("/readyz", "nobody"),
    Rule("/healthz", "nobody"),
)
"""The longest path that a request's begins with decides; ``/api`` itself has no rule, so nothing falls through."""
PAGES: Final = Rule("/", "nobody")
"""What is not under ``/api`` is the app itself, which holds no data."""


@functools.lru_cache(maxsize=4096)
def rule_of(path: str) -> Rule | None:
    """Return the rule of a path; null when it has none."""
    held = [rule for rule in RULES if rule.covers(path)]
    if held:
        return max(held, key=lambda rule: len(rule.path))
    return None if path == "/api" or path.startswith("/api/") else PAGES


def needed(method: str, path: str) -> Needs | None:
    """Return the role that a request needs; null when nothing of the kind is there."""
    rule = rule_of(path)
    if rule is None:
        return None
    return rule.read if method in READS else rule.write


@dataclass(frozen=True)
class Sees:
    """What whoever asks sees: personal columns as they are, numbers of how many people at least, ids by which key."""

    plainly: bool
    fewest: int
    key: bytes = b""


class Door:
    """ASGI middleware: nothing is reached without the role that its address needs.

    Parameters
    ----------
    open_house
        Whether everybody is an admin while no login exists: on loopback only.
    """

    def __init__(self, app: ASGIApp, *, open_house: bool) -> None:
        self.app = app
        self.open_house = open_house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in; the request's state says who it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        role = needed(scope["method"], scope["path"])
        if role is None:
            await _refuse(404, "HTTP_404")(scope, receive, send)
            return
        if role == "client":
            await self.app(scope, receive, send)
            return
        me, by_key, sees = await run_in_threadpool(self._who, request)
        scope.setdefault("state", {})["me"] = me
        if role == "nobody" or by_key or run.rank(me.role) >= run.rank(role):
            with ExitStack() as seen:
                if not sees.plainly:
                    seen.enter_context(masked(sees.key))
                    scope = await run_in_threadpool(_opened, request, scope)
                # A program that hands in, and whoever answers their own message, see no answer about others.
                if sees.fewest and not by_key and role != "nobody":
                    seen.enter_context(at_least(sees.fewest))
                await self.app(scope, receive, send)
            return
        status, code = (401, "LOGIN_NEEDED") if me.role is None else (403, "ROLE_TOO_LOW")
        await _refuse(status, code, role)(scope, receive, send)

    def _who(self, request: HTTPConnection) -> tuple[run.Me, bool, Sees]:
        """Return who asks, whether a key opens this address, and what they see."""
        workspace = request.app.state.workspace
        me = run.who(workspace, request.cookies.get(COOKIE))
        if not me.needed and self.open_house:
            return (
                run.Me(needed=False, name=None, role="admin"),
                False,
                Sees(plainly=True, fewest=0),
            )
        if not me.needed:
            me = run.Me(needed=True, name=None, role=None)
        plain = run.sees_private(workspace, me.role)
        key = b"" if plain else digest_key(workspace.store)
        sees = Sees(plain, run.fewest_for(workspace, me.role), key)
        rule = rule_of(request.scope["path"])
        given = key_of(request)
        if rule is None or rule.key is None or given is None:
            return me, False, sees
        return me, run.key_scope(workspace, given) == rule.key, sees


def _opened(request: HTTPConnection, scope: Scope) -> Scope:
    """Return a request in which ids stand where a low role has handles of them."""
    held = request.app.state.workspace.store
    said = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = [(name, run.opened(held, text)) for name, text in said]
    path = run.opened(held, scope["path"])
    if asked == said and path == scope["path"]:
        return scope
    return {**scope, "query_string": urlencode(asked).encode(), "path": path}


def key_of(request: HTTPConnection) -> str | None:
    """Return the key that a program sends along; null when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.headers.get("x-write-key")


def me_of(request: Request) -> run.Me:
    """Return who asks: for a route that keeps an author or speaks of oneself."""
    me: run.Me = request.state.me
    return me


@functools.cache
def _pattern(path: str) -> re.Pattern[str]:
    # Names may hold slashes: what a star leaves out would fall to a rule that asks for less.
    return re.compile(re.escape(path).replace(r"\*", ".+") + "(/.*)?", re.DOTALL)


_WORDS = {
    "HTTP_404": ("There is no such address.", "See /api/docs for every address."),
    "LOGIN_NEEDED": ("Nobody is logged in here.", "Log in, then try again."),
    "ROLE_TOO_LOW": (
        "Your role may not do this; it takes {role}.",
        "Ask an admin to do it or to give you the role.",
    ),
}


def _refuse(status: int, code: str, role: str = "") -> JSONResponse:
    message, hint = _WORDS[code]
    body = {"error": {"code": code, "message": message.format(role=role), "hint": hint}}
    return JSONResponse(body, status_code=status)
