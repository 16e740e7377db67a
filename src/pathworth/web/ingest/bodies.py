"""Reads a request's bytes, never more of them than may be held."""

from __future__ import annotations

from typing import Final

from starlette.types import Receive

from pathworth import collect

MOST: Final = 20 * 2**20
"""Bytes of a body, compressed or not, and of what it is decompressed to: PostHog's limit, the largest of them."""
_READ_PAST: Final = 5 * MOST
"""So much more is read and thrown away, since a client that is still sending does not hear that it is too much."""


class GoneError(Exception):
    """The client went away before it had sent all."""


async def read_body(receive: Receive) -> bytes:
    """Return the bytes of a request.

    Raises
    ------
    BadInput
        ``BODY_TOO_LARGE``.
    GoneError
        When the rest will not come.
    """
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= _READ_PAST:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part = message.get("body", b"")
        size += len(part)
        more = message.get("more_body", False)
        if size <= MOST:
            parts.append(part)
        else:
            parts.clear()
    if size > MOST:
        raise collect.too_large(MOST)
    return parts[0] if len(parts) == 1 else b"".join(parts)
