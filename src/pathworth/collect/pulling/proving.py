"""How the secret is shown to an API: in a header, or as a token that it gives for it."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from pathworth.base.errors import BadInput, Refused
from pathworth.collect.pulling.asking import Asker, Request
from pathworth.collect.pulling.contracts import Connector

_MOST = 1 << 20
_GRANTS = {
    "refresh": ("refresh_token", ("client_id", "client_secret", "refresh_token")),
    "client": ("client_credentials", ("client_id", "client_secret")),
}
"""How a token is asked for, and what has to be said (RFC 6749, sections 6 and 4.4)."""


def proved(
    connector: Connector, secret: str, *, token: str, wait: Callable[[float], None]
) -> dict[str, str]:
    """Return the headers that show the secret.

    Parameters
    ----------
    token
        Where tokens are given, for ``refresh`` and ``client``.

    Raises
    ------
    BadInput
        ``BAD_SECRET`` where it is not made as the connector needs it.
    """
    if connector.auth == "none":
        return {}
    if connector.auth in {"bearer", "header"} and not (secret.isascii() and secret.isprintable()):
        raise _bad("one line of plain letters, digits and signs")
    if connector.auth == "bearer":
        return {connector.header: f"Bearer {secret}"}
    if connector.auth == "header":
        return {connector.header: secret}
    if connector.auth in _GRANTS:
        fresh = _fresh(secret, token, wait, grant=connector.auth)
        return {connector.header: f"Bearer {fresh}"}
    if connector.auth == "basic" and ":" not in secret:
        raise _bad(f"two parts with a colon between: {connector.secret}")
    pair = f"{secret}:" if connector.auth == "basic-name" else secret
    return {connector.header: f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _fresh(secret: str, address: str, wait: Callable[[float], None], *, grant: str) -> str:
    """Return a token that is valid for a while, for what is valid until it is withdrawn."""
    kind, needed = _GRANTS[grant]
    try:
        held = json.loads(secret)
        said = {name: str(held[name]) for name in needed}
    except (ValueError, KeyError, TypeError) as error:
        raise _bad(f"a JSON object with {', '.join(needed)}") from error
    body = urlencode({**said, "grant_type": kind}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    into = io.BytesIO()
    Asker(address, wait=wait).ask(Request("POST", address, headers, body), into, most=_MOST)
    try:
        return str(json.loads(into.getvalue())["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            "PULL_KEY_REFUSED",
            f"{urlsplit(address).hostname} gave no token.",
            "Check that the secret is the right one and was not withdrawn.",
        ) from error


def _bad(needed: str) -> BadInput:
    return BadInput("BAD_SECRET", f"The secret is not {needed}.", "Put it there as it has to be.")
