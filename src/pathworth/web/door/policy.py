"""What browsers may do with every answer, written into its headers."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class WithPolicy:
    """ASGI middleware: nothing of this server is framed, guessed or told of elsewhere.

    Parameters
    ----------
    policy
        The content security policy.
    """

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer with these headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *self.headers]}
            await send(message)

        await self.app(scope, receive, send_with)
