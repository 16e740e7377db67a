"""Finds the key that a request carries, wherever its client puts it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

_IN_ADDRESS: Final = ("writeKey", "api_key", "token")
_OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def keys_of(headers: Mapping[bytes, bytes], query: bytes) -> list[str]:
    """Return the keys that headers and address carry, the likeliest first."""
    scheme, _, rest = headers.get(b"authorization", b"").partition(b" ")
    found = []
    if scheme.lower() == b"basic":
        found.append(_name_in(rest))
    elif scheme.lower() == b"bearer":
        found.append(rest.strip().decode("latin-1"))
    found.append(headers.get(b"x-write-key", b"").decode("latin-1"))
    if query:
        try:
            fields = parse_qs(query.decode("latin-1"), max_num_fields=64)
        except ValueError:
            fields = {}
        found += [value for name in _IN_ADDRESS for value in fields.get(name, ())]
    return [key for key in found if key]


def from_elsewhere(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a page of another machine sends this."""
    origin = headers.get(b"origin")
    if origin is None:
        return headers.get(b"sec-fetch-site", b"none") == b"cross-site"
    try:
        return urlsplit(origin.decode("latin-1")).hostname not in _OWN_MACHINE
    except ValueError:
        return True


def _name_in(basic: bytes) -> str:
    """Return the name before the colon, which is where write keys stand."""
    try:
        return base64.b64decode(basic.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
