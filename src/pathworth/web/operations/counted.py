"""Counts requests by the part of the app that they are for, and how long their answers took."""

from __future__ import annotations

import bisect
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pathworth.web.ingest import ADDRESSES, CONFIGS

LIMITS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the histogram's buckets, in seconds; the last one has no end."""
_PARTS: Final = frozenset(
    {"journeys", "measure", "atlas", "value", "act", "learn", "collect", "run", "workspace"}
)
_OWN: Final = frozenset({"livez", "readyz", "healthz", "metrics"})
_PROTOCOLS: Final = {
    "/api/collect/events": "plain",
    **{address.path: address.protocol for address in ADDRESSES},
}
_CONFIGS: Final = tuple(path.partition("{")[0] for path in CONFIGS)


@dataclass
class Counts:
    """What was asked since the process began; only ever written by the thread that answers.

    Parameters
    ----------
    requests
        By group and status.
    buckets, seconds
        By group: how many answers took how long, and all of them together.
    batches
        By protocol, and whether they were kept.
    """

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    buckets: dict[str, list[int]] = field(default_factory=dict)
    seconds: Counter[str] = field(default_factory=Counter)
    batches: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        path, group = scope["path"], group_of(scope["path"])
        self.requests[group, status] += 1
        held = self.buckets.setdefault(group, [0] * (len(LIMITS) + 1))
        held[bisect.bisect_left(LIMITS, seconds)] += 1
        self.seconds[group] += seconds  # type: ignore[assignment]  # a Counter of seconds
        protocol = _PROTOCOLS.get(path.rstrip("/")) if scope["method"] == "POST" else None
        if protocol is not None:
            self.batches[protocol, "kept" if status == 200 else "refused"] += 1


def group_of(path: str) -> str:
    """Return which part of the app a path is for: one of a few words, whatever the path holds."""
    bare = path.rstrip("/")
    if bare in _PROTOCOLS or path.startswith(_CONFIGS):
        return "ingest"
    first, _, rest = path.strip("/").partition("/")
    if first == "api":
        part = rest.partition("/")[0]
        return part if part in _PARTS else "other"
    return "operations" if first in _OWN else "pages"


class Counted:
    """ASGI middleware: notes every request with its status and how long its answer took."""

    def __init__(self, app: ASGIApp, *, counts: Counts) -> None:
        self.app, self.counts = app, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it once it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, told)
        finally:
            # 499: whoever asked went away before there was an answer.
            self.counts.note(scope, status or 499, time.perf_counter() - begun)
