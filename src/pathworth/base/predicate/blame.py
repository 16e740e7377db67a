"""How a mistake in a predicate is told: why, at which character, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pathworth.base.errors import PathworthError, UnknownName, WrongUsage

_AT = re.compile(r"\(character (\d+)\b")
_EXAMPLE = "Write for example: event = 'purchase' and channel in ('ads', 'mail')."


def bad(text: str, at: int, *, why: str, hint: str = "", code: str = "BAD_PREDICATE") -> WrongUsage:
    """Build the error for what stands at a character of a predicate; of a long one its surroundings are shown."""
    shown = text if len(text) <= 120 else f"...{text[max(at - 50, 0) : at + 50]}..."
    return WrongUsage(code, f"{why} (character {at + 1} of {shown!r}).", hint or _EXAMPLE)


def unknown(what: str, name: str, *, known: Iterable[str], at: int, kind: str = "") -> UnknownName:
    """Build the error for a name at a character that is not there, with the nearest known names.

    Parameters
    ----------
    what
        The word of the code: ``step`` gives ``UNKNOWN_STEP``.
    name, known
        The name, and every name that would have been right.
    at
        The character at which it stands.
    kind
        The kind of thing in words; ``what`` unless given.
    """
    near = UnknownName.near(what, name, known)
    message = f"There is no {kind or what} named {name!r} (character {at + 1})."
    return UnknownName(near.code, message, near.hint)


def character_of(error: PathworthError) -> int | None:
    """Return the character, from 0, at which an error says a predicate goes wrong; null where it says none."""
    found = _AT.search(error.message)
    return int(found[1]) - 1 if found else None
