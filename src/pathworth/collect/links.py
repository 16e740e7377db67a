"""Links between ids from a CSV file: matches that somebody found elsewhere, each with how sure it is."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pathworth.base.errors import BadInput, WrongUsage
from pathworth.base.instants import to_instant_us
from pathworth.store import BY_HAND, SaidLink

OFFLINE = "offline match"
_COLUMNS = {
    "one": ("one", "id1", "anonymous_id", "from"),
    "other": ("other", "id2", "id", "to"),
    "time": ("time", "at", "timestamp"),
    "rule": ("rule",),
    "sure": ("sure", "probability", "confidence"),
}


@dataclass(frozen=True)
class LinksIn:
    """The text of a file of links.

    Parameters
    ----------
    text, name
        What it holds, and what it is called.
    rule
        How they were found, where no column says it.
    author
        Who says so.
    zone
        Of times without one.
    """

    text: str
    name: str
    rule: str
    author: str
    zone: str


def text_of_links(file: Path) -> str:
    """Return the text of a file of links.

    Raises
    ------
    BadInput
        ``NO_FILE``.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("NO_FILE", f"{file} cannot be read as text.", "Name a CSV file.") from error


def links_in(file: LinksIn) -> Iterator[SaidLink]:
    """Yield what a file says.

    Raises
    ------
    BadInput
        ``NO_LINKS_FILE``, ``BAD_LINK`` with its line.
    """
    rows = csv.DictReader(io.StringIO(file.text, newline=""))
    header = [name for name in rows.fieldnames or () if name]
    first = next(rows, None)
    if first is None or len(header) < 2:
        raise BadInput(
            "NO_LINKS_FILE",
            f"{file.name} has no rows with two columns of ids.",
            "Write a header and one link a line: one,other,sure",
        )
    places, now = _places(header), time.time_ns() // 1000
    while first is not None:
        yield _told(first, places, file=file, line=rows.line_num, now=now)
        first = next(rows, None)


def _places(header: list[str]) -> dict[str, str]:
    """Return which column of a file is what; the first two are ids where none is called so."""
    small = {name.strip().lower(): name for name in header}
    found = {
        role: small[word]
        for role, words in _COLUMNS.items()
        for word in reversed(words)
        if word in small
    }
    if not {"one", "other"} <= found.keys() or found["one"] == found["other"]:
        found |= {"one": header[0], "other": header[1]}
    return found


def _told(
    row: Mapping[str, str], places: Mapping[str, str], *, file: LinksIn, line: int, now: int
) -> SaidLink:
    said = {role: (row.get(name) or "").strip() for role, name in places.items()}
    try:
        sure = float(said.get("sure") or 1.0)
        at_us = to_instant_us(said["time"], file.zone) if said.get("time") else now
    except (ValueError, WrongUsage) as error:
        raise _bad(line, "a number or a time in it cannot be read") from error
    if not 0 <= sure <= 1 or not said["one"] or not said["other"]:
        raise _bad(line, "two ids are needed, and how sure it is from 0 to 1")
    rule = said.get("rule") or file.rule
    # What a person said by hand only a person takes back.
    rule = OFFLINE if rule == BY_HAND else rule
    return SaidLink(said["one"], said["other"], at_us, rule, sure, file.name, author=file.author)


def _bad(line: int, why: str) -> BadInput:
    return BadInput("BAD_LINK", f"Line {line} is no link: {why}.", "Mend it, and import the file.")
