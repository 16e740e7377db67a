"""How cells that name events are written and read: a state, a move between two, the part of a breakdown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

ALL, OTHER = "(all)", "(other)"
ENDED, BEGAN, LATE, ARRIVED, CUT = "(ended)", "(began)", "(late)", "(arrived)", "(cut)"
BACK, AGAIN = "(back)", "(again)"
GOES_ON = "(goes on)"
NOT_BEGUN, OUTSIDE = "(not yet begun)", "(outside the window)"
_WORD = r'(?:"(?:[^"\\]|\\.)*"|[^">|]+?)'
_ROW = re.compile(rf"({_WORD}(?: > {_WORD})*)(?: \| ({_WORD}))?", re.DOTALL)
_CELL = re.compile(rf"(?:(-?\d+) )?({_WORD})(?: > ({_WORD}))?(?: \| ({_WORD}))?", re.DOTALL)


@dataclass(frozen=True)
class CellWords:
    """A cell as it was written, its names quoted where they were; null where there is none."""

    level: int | None
    at: str
    to: str | None
    part: str | None


def quoted(name: str) -> str:
    """Return a name of people's own, in quotes where it could be read as something else."""
    plain = bool(name) and name == name.strip() and not re.search(r'[">|]|^\(|^None$|^-?\d', name)
    return name if plain else json.dumps(name, ensure_ascii=False)


def move(source: str, target: str) -> str:
    """Return how a move from one state to another is written."""
    return f"{quoted(source)} > {quoted(target)}"


def of_part(value: str | None, *, joins: int | None) -> str:
    """Return how the part of a breakdown is written."""
    if joins is not None:
        return OTHER
    return "None" if value is None else quoted(value)


def read_cell(text: str) -> CellWords | None:
    """Return a cell from its text; null when it is none."""
    found = _CELL.fullmatch(text)
    if found is None:
        return None
    level, at, to, part = found.groups()
    return CellWords(None if level is None else int(level), at, to, part)


def read_row(text: str) -> tuple[tuple[str, ...], str | None] | None:
    """Return the words of a whole journey and of the part of a breakdown; null when the text is none."""
    found = _ROW.fullmatch(text)
    if found is None:
        return None
    words = re.findall(rf"(?:^| > )({_WORD})(?= > |$)", found[1], re.DOTALL)
    return tuple(words), found[2]
