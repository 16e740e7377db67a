"""How the cell of a number is written where it names events: ``cart -> purchase | mobile``, quoted where it must be."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_NAME = r'"(?:[^"\\]|\\.)*"|[^"|]+?'
_CELL = re.compile(rf"({_NAME})(?: -> ({_NAME}))?(?: \| ({_NAME}))?")
_BREAKS = ('"', "|", "->")


@dataclass(frozen=True)
class Written:
    """A cell in its pieces: what it names, what it goes to, and which part of a split it lies in."""

    name: str
    to: str | None = None
    part: str | None = None

    def __str__(self) -> str:
        """Write the cell."""
        text = quoted(self.name)
        if self.to is not None:
            text += f" -> {quoted(self.to)}"
        return text if self.part is None else f"{text} | {quoted(self.part)}"


def read_cell(text: str) -> Written | None:
    """Return the pieces of a cell; null when it is not written like one."""
    found = _CELL.fullmatch(text)
    if found is None:
        return None
    name, to, part = (None if one is None else _plain(one) for one in found.groups())
    return None if name is None else Written(name, to, part)


def quoted(name: str) -> str:
    """Return a name so that it can stand in a cell: in JSON's quotes where it holds a sign of cells."""
    plain = name and name == name.strip() and not any(one in name for one in _BREAKS)
    return name if plain else json.dumps(name, ensure_ascii=False)


def _plain(word: str) -> str | None:
    """Return what was quoted; null when the quotes cannot be read."""
    if not word.startswith('"'):
        return word
    try:
        return str(json.loads(word))
    except json.JSONDecodeError:
        return None
