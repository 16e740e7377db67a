"""How messages leave the workspace: mail server, webhook, and the address of its public pages."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from pathworth.act.contracts import Channels
from pathworth.base.errors import WrongUsage
from pathworth.store import Programs, Workspace

_KEY = "act.channels"
KEPT = "kept"
"""Stands for a secret that is kept and not shown; given back, it stays."""


def channels(workspace: Workspace) -> Channels:
    """Return how messages leave, secrets included."""
    kept = Programs(workspace).setting(_KEY)
    return Channels() if kept is None else msgspec.convert(kept, Channels)


def channels_of(given: object) -> Channels:
    """Return channels of plain mappings.

    Raises
    ------
    WrongUsage
        ``BAD_CHANNEL`` with the place.
    """
    try:
        return msgspec.convert(given, Channels)
    except msgspec.ValidationError as error:
        raise _bad(f"{error}.", "See /api/docs for what a channel takes.") from error


def shown_channels(workspace: Workspace) -> Channels:
    """Return how messages leave, secrets replaced by a word."""
    found = channels(workspace)
    email = replace(found.email, password=KEPT if found.email.password else None)
    webhook = replace(found.webhook, secret=KEPT if found.webhook.secret else "")
    return replace(found, email=email, webhook=webhook)


def keep_channels(workspace: Workspace, given: Channels) -> Channels:
    """Keep how messages leave; a secret given as ``kept`` stays as it is.

    Raises
    ------
    WrongUsage
        ``BAD_CHANNEL`` for a port, sender, address or secret that cannot be one.
    """
    before = channels(workspace)
    email, webhook = given.email, given.webhook
    if email.password == KEPT:
        email = replace(email, password=before.email.password)
    if webhook.secret == KEPT:
        webhook = replace(webhook, secret=before.webhook.secret)
    made = replace(given, email=email, webhook=webhook, address=given.address.rstrip("/"))
    _check(made)
    Programs(workspace).keep_setting(_KEY, msgspec.to_builtins(made))
    return shown_channels(workspace)


def webhook_key(secret: str) -> bytes:
    """Return the bytes of a Standard Webhooks secret; raises ``BAD_CHANNEL``."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not 24 <= len(key) <= 64:
        raise _bad(
            "The webhook's secret is not one of Standard Webhooks.",
            "Write whsec_ and 24 to 64 bytes in base64.",
        )
    return key


def _check(given: Channels) -> None:
    email = given.email
    if email.host and ("@" not in email.sender or any(c in email.sender for c in "\r\n<>, ")):
        raise _bad(f"{email.sender!r} is no sender.", "Write an address such as news@shop.example.")
    if not 0 < email.port < 65536:
        raise _bad(f"{email.port} is no port.", "Mail servers listen on 25, 465 or 587.")
    for url in (given.address, *([given.webhook.url] if given.webhook.url else [])):
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise _bad(f"{url!r} is no address.", "Write it with https://.")
    if given.webhook.url:
        _check_private(given.webhook.url)
        webhook_key(given.webhook.secret)


def _check_private(url: str) -> None:
    """Refuse the addresses that a cloud gives its machines secrets by."""
    try:
        host = ipaddress.ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return
    if host.is_link_local or host.is_multicast or host.is_unspecified:
        raise _bad(f"{url} is not an address that messages go to.", "Name the receiver's server.")


def _bad(message: str, hint: str) -> WrongUsage:
    return WrongUsage("BAD_CHANNEL", message, hint)
