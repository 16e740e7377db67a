"""Addresses in a message that work without login: signed with a key of the workspace, for one row of the ledger."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from pathworth.base.errors import UnknownName
from pathworth.store import Programs, Workspace

_KEY = "act.link_key"


def token(workspace: Workspace, decision: int) -> str:
    """Return the signed name of a row of the ledger."""
    return f"{decision}.{_signature(workspace, decision)}"


def decision_of(workspace: Workspace, given: str) -> int:
    """Return the row that a signed name stands for.

    Raises
    ------
    UnknownName
        ``UNKNOWN_LINK`` when it was not signed here.
    """
    number, _, signature = given.partition(".")
    if number.isascii() and number.isdigit() and len(number) < 16:
        expected = _signature(workspace, int(number))
        if hmac.compare_digest(signature.encode(), expected.encode()):
            return int(number)
    raise UnknownName(
        "UNKNOWN_LINK",
        "This link is not one of ours, or not whole.",
        "Copy it from the message again.",
    )


def _signature(workspace: Workspace, decision: int) -> str:
    kept = Programs(workspace)
    key = kept.setting(_KEY) or kept.first_setting(_KEY, secrets.token_hex(32))
    digest = hmac.new(bytes.fromhex(key), f"link/{decision}".encode(), sha256).digest()
    return urlsafe_b64encode(digest[:18]).decode()
