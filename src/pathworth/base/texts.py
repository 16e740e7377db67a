"""Texts that no database keeps: half a character, which JSON can spell, and the one with the number nought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pathworth.base.errors import BadInput


def bad_text() -> BadInput:
    """Return the error of a text that cannot be kept."""
    return BadInput(
        "BAD_TEXT",
        "A text holds a sign that cannot be kept.",
        "Write it again without what was pasted.",
    )


def check_texts(said: object) -> None:
    """Look at every text of a value as JSON has it, the keys of objects too, however deep.

    Raises
    ------
    BadInput
        ``BAD_TEXT``.
    """
    rest = [said]
    while rest:
        one = rest.pop()
        if isinstance(one, str):
            if "\0" in one or not _is_whole(one):
                raise bad_text()
        elif isinstance(one, Mapping):
            rest += [*one.keys(), *one.values()]
        elif isinstance(one, Sequence) and not isinstance(one, bytes):
            rest += one


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
