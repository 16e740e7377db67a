"""Traits of an account as texts, whether they are said plainly or by operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Raw

from pathworth.collect.arrivals.parts.said import (
    decoded_text,
    is_object,
    list_of,
    object_of,
    read_any,
)

_ONCE = frozenset({"$setOnce", "$set_once"})


class Trait(NamedTuple):
    """A trait as text, null where it is taken back; ``once`` where it is meant only if nothing else was said."""

    name: str
    value: str | None
    once: bool = False


def traits_told(raw: Raw) -> list[Trait]:
    """Return what is said of an account; any other operation than setting is told as ``add_seats``."""
    return list(_told(raw))


def _told(raw: Raw) -> Iterator[Trait]:
    for key, held in object_of(raw).items():
        if key == "$unset":
            named = object_of(held) or [decoded_text(one) for one in list_of(held)]
            yield from (Trait(stored(name), None) for name in named if name)
        elif key.startswith("$") and is_object(held):
            before = "" if key == "$set" or key in _ONCE else f"{key[1:]}_"
            for name, value in object_of(held).items():
                yield Trait(stored(before + name), _text(value), once=key in _ONCE)
        else:
            yield Trait(stored(key), _text(held))


def stored(text: str) -> str:
    """Return a text without the one character that no database keeps."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _text(raw: Raw) -> str | None:
    found = read_any(raw)
    if found is None:
        return None
    return stored(found if isinstance(found, str) else bytes(raw).decode())
