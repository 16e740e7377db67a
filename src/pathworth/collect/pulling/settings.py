"""What a person says of a pull: the settings of its connector, where it is, and from when on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from pathworth.base.errors import BadInput, UnknownName
from pathworth.collect.pulling.contracts import Connector
from pathworth.collect.pulling.standing import Standing, instant

SAID = ("entity", "source", "currency", "timezone", "value", "cost")
"""What may be said of any format, as with a file."""
OF_TABLES = ("event", "time", "time_format", "id", "format")
"""And of rows of a database, whose columns no format knows."""
ADDRESS = "address"
TOKEN = "token"  # noqa: S105 - the name of a setting with an address
_HOLE = re.compile(r"\{(\w+)\}")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def check_settings(connector: Connector, said: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a pull, with what is taken where nothing is said.

    Raises
    ------
    UnknownName
        ``UNKNOWN_SETTING``.
    BadInput
        ``NO_SETTING``, ``PULL_NOT_SAFE``.
    """
    known = [*connector.settings, *may_be_said(connector)]
    for name in said:
        if name not in known:
            raise UnknownName.near("setting", name, known)
    whole = {**connector.defaults, **said}
    lacking = [name for name in connector.settings if not whole.get(name)]
    if lacking:
        said_of = "; ".join(f"{name} is {connector.settings[name]}" for name in lacking)
        raise BadInput(
            "NO_SETTING",
            f"{connector.title} needs to know more: {said_of}.",
            f"Say it: --set {lacking[0]}=...",
        )
    if connector.answer == "table":
        return whole
    check_safe(address_of(connector, whole))
    if TOKEN in whole:
        check_safe(whole[TOKEN])
    return whole


def may_be_said(connector: Connector) -> tuple[str, ...]:
    """Return the settings of a connector that go without saying."""
    tables = connector.answer == "table"
    token = (TOKEN,) if connector.token else ()
    return (*connector.defaults, *(OF_TABLES if tables else (ADDRESS, *token)), *SAID)


def address_of(connector: Connector, said: Mapping[str, str]) -> str:
    """Return where an API is: its own address, or the one that a person says."""
    return filled(said.get(ADDRESS) or connector.address, said, safe=True).rstrip("/")


def check_safe(address: str) -> None:
    """Refuse an address on which a secret would travel in clear; raises ``PULL_NOT_SAFE``."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise BadInput(
            "PULL_NOT_SAFE",
            "That cannot be read as an address.",
            "Write it so: https://api.example.",
        ) from error
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if "@" in parts.netloc:
        raise BadInput(
            "PULL_NOT_SAFE",
            f"The address of {parts.hostname} holds a name or a password, which everybody would see here.",
            "Give the address without it, and the secret by itself.",
        )
    if not (parts.hostname and (parts.scheme == "https" or local)):
        raise BadInput(
            "PULL_NOT_SAFE",
            f"{parts.scheme or 'no scheme'}://{parts.hostname or ''} is not asked: a secret would travel in clear.",
            "Give an address that begins with https://.",
        )


def filled(text: str, said: Mapping[str, str], *, safe: bool = False) -> str:
    """Return a text with settings in the place of ``{name}``, in addresses with nothing that could lead elsewhere."""
    return _HOLE.sub(lambda hole: _word(said.get(hole[1], ""), safe=safe), text)


def filled_all(body: Any, said: Mapping[str, str]) -> Any:
    """Return what is sent as JSON, each text in it filled."""
    if isinstance(body, dict):
        return {key: filled_all(value, said) for key, value in body.items()}
    if isinstance(body, list):
        return [filled_all(one, said) for one in body]
    return filled(body, said) if isinstance(body, str) else body


def first_cursor(connector: Connector, since: str | None, *, now_us: int) -> str:
    """Return where a pull begins: at a day that a person says, else where the API lets it.

    Raises
    ------
    BadInput
        ``BAD_DAY``.
    """
    if since is not None:
        try:
            start = datetime.fromisoformat(since)
            begun = instant(start.replace(tzinfo=start.tzinfo or UTC))
        except (ValueError, OverflowError) as error:
            raise BadInput(
                "BAD_DAY", f"{since!r} is no day.", "Write it so: --since 2026-01-01."
            ) from error
        return Standing(since=begun).text()
    if connector.since is None:
        return Standing().text()
    days = 1 if connector.since.newest else 30
    midnight = now_us // 86_400_000_000 - days
    return Standing(since=instant(datetime.fromtimestamp(midnight * 86_400, UTC))).text()


def _word(text: str, *, safe: bool) -> str:
    return quote(text, safe="") if safe else text
