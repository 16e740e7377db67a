"""Work that takes long says how far it is, and ends when whoever asked goes away."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pathworth.journeys import Waiter, waiting

_QUESTIONS: Final = "/api/"


class Waited:
    """ASGI middleware: notes who waits for an answer of the API, and when they go away.

    Parameters
    ----------
    waiters
        Those who wait now, the longest first.
    """

    def __init__(self, app: ASGIApp, *, waiters: dict[int, Waiter]) -> None:
        self.app, self.waiters = app, waiters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and listen meanwhile whether somebody still waits."""
        if scope["type"] != "http" or not scope["path"].startswith(_QUESTIONS):
            await self.app(scope, receive, send)
            return
        one, came = Waiter(), asyncio.Queue[Message]()
        listening = asyncio.create_task(_listen(receive, came, one))
        self.waiters[id(one)] = one
        try:
            with waiting(one):
                await self.app(scope, came.get, send)
        finally:
            del self.waiters[id(one)]
            listening.cancel()


async def _listen(receive: Receive, came: asyncio.Queue[Message], one: Waiter) -> None:
    while not one.gone.is_set():
        message = await receive()
        if message["type"] == "http.disconnect":
            one.gone.set()
        await came.put(message)
