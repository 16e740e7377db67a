"""JSON documents as batches of raw rows: an array, lists inside an object, one object after the other.

A document is read piece by piece. In memory lie the piece being read, one record, and the batch; a document
that holds none of the wanted lists is one record itself, so that pages of an API, one behind the other, lists
in a file and one object a line are read alike.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from pathworth.base.errors import BadInput
from pathworth.collect.readers import START, Place, RawRows, Torn
from pathworth.collect.readers.blocks import LONGEST, Source, mark_of
from pathworth.collect.readers.json_rows import JsonReader

PIECE = 4 << 20
BATCH = 8 << 20
NEAR = 64
"""An error so near to the end of what was read is no error yet, and a number may go on behind it."""

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"
_NUMBER = "+-.eE0123456789"


@dataclass(frozen=True)
class Record:
    """A record as JSON text with the key of its list; ``whole`` is false for a line that is not JSON."""

    key: str
    text: str
    whole: bool = True


class BrokenError(Exception):
    """The text is not JSON at this place."""

    def __init__(self, place: int) -> None:
        self.place = place


class Pieces:
    """Text that is read piece by piece, and the place in it."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.text, self.at, self.over = "", 0, False
        self._pieces = pieces

    def more(self) -> bool:
        """Read on; false at the end."""
        piece = next(self._pieces, None)
        if piece is None:
            self.over = True
            return False
        self.text, self.at = self.text[self.at :] + piece, 0
        return True

    def peek(self) -> str:
        """Return the next character that is not blank, nothing at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _BLANK:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, signs: str) -> str:
        """Return the next character, which is one of ``signs``, and pass it."""
        found = self.peek()
        if not found or found not in signs:
            raise BrokenError(self.at)
        self.at += 1
        return found

    def value(self, most: int = LONGEST) -> tuple[object, str]:
        """Return the next value and its text, and pass it; the value is null where it is over ``most`` long."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError as error:
                raise BrokenError(self.at) from error
            except json.JSONDecodeError as error:
                far = len(self.text) - error.pos > NEAR and not error.msg.startswith("Unterm")
                if far or len(self.text) - self.at > LONGEST:
                    raise BrokenError(error.pos) from error
                if len(self.text) - self.at > most:
                    return None, ""
                if not self.more():
                    raise BrokenError(error.pos) from error
                continue
            # A number may go on in the next piece: "1" as "1.5", "1." or "1e" as "1e5".
            number = not isinstance(found, str | list | dict)
            if number and self._ends_in_number(end) and self.more():
                continue
            text = self.text[self.at : end]
            self.at = end
            return found, text

    def _ends_in_number(self, at: int) -> bool:
        rest = self.text[at : at + NEAR]
        return len(rest) < NEAR and not rest.strip(_NUMBER)

    def line(self) -> str:
        """Return the rest of the line, and pass it."""
        while (end := self.text.find("\n", self.at)) < 0 and self.more():
            continue
        end = len(self.text) if end < 0 else end
        text = self.text[self.at : end]
        self.at = end
        return text


def records(
    pieces: Pieces, lists: Collection[str] | None, *, most: int | None = None
) -> Iterator[Record]:
    """Yield the records of documents that follow each other.

    Parameters
    ----------
    lists
        Keys of the lists that hold them; null takes every list there is.
    most
        Documents longer than this are taken apart as they are read.
    """
    before = False
    most = PIECE if most is None else most
    while sign := pieces.peek():
        if sign == ",":
            pieces.at += 1
        elif sign == "[":
            yield from _elements(pieces, "")
        else:
            yield from _root(pieces, lists, before=before, most=most)
        before = True


def _root(
    pieces: Pieces, lists: Collection[str] | None, *, before: bool, most: int
) -> Iterator[Record]:
    """Yield an object's records, or the object itself; a broken line among others is passed."""
    try:
        found, text = pieces.value(most)
    except BrokenError:
        line = pieces.line()
        if pieces.peek() != "{" and not (before and pieces.peek() == ""):
            raise
        yield Record("", line, whole=False)
        return
    if found is None and not text:
        yield from _members(pieces, lists)
    elif isinstance(found, dict) and any(
        _wanted(key, lists) and isinstance(found[key], list) for key in found
    ):
        if lists is None:
            yield Record("", text)
        yield from _members(Pieces(iter([text])), lists)
    else:
        yield Record("", text)


def _wanted(key: str, lists: Collection[str] | None) -> bool:
    return lists is None or key in lists


def _members(pieces: Pieces, lists: Collection[str] | None) -> Iterator[Record]:
    """Yield the records of an object's lists, which are never held as a whole; without any list the object."""
    parts: list[str] = []
    listed = False
    pieces.take("{")
    while pieces.peek() != "}":
        key, name = pieces.value()
        pieces.take(":")
        if pieces.peek() == "[" and _wanted(str(key), lists):
            listed = True
            yield from _elements(pieces, str(key))
        else:
            parts.append(f"{name}:{pieces.value()[1]}")
        if pieces.peek() != "}":
            pieces.take(",")
    pieces.take("}")
    if not listed:
        yield Record("", "{" + ",".join(parts) + "}")


def _elements(pieces: Pieces, key: str) -> Iterator[Record]:
    pieces.take("[")
    while pieces.peek() != "]":
        _, text = pieces.value()
        yield Record(key, text)
        if pieces.peek() != "]":
            pieces.take(",")
    pieces.take("]")


def pieces_of(path: Path, source: Source) -> Pieces:
    """Return an open file as text.

    Raises
    ------
    BadInput
        ``NOT_TEXT`` while it is read, where bytes are not UTF-8.
    """
    return Pieces(_texts(path, source))


def _texts(path: Path, source: Source) -> Iterator[str]:
    raw = source.read(PIECE)
    encoding, size = mark_of(raw)
    decoder = codecs.getincrementaldecoder(encoding or "utf-8")()
    raw = raw[size:]
    try:
        while raw:
            yield decoder.decode(raw)
            raw = source.read(PIECE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadInput(
            "NOT_TEXT", f"{path.name} holds bytes that are not UTF-8.", "Export it again as UTF-8."
        ) from error


def read_documents(
    path: Path, lists: Collection[str], *, after: Place = START
) -> Iterator[RawRows]:
    """Read the records of a file of JSON documents batch by batch, from a place on.

    Raises
    ------
    BadInput
        ``BROKEN_JSON`` where a document breaks off or is no JSON inside its list.
    """
    reader = JsonReader()
    reader.learn_again(after.known)
    with Source(path) as source:
        done = 0
        for batch in _batches(path, source, lists):
            first, done = done + 1, done + len(batch)
            if done <= after.rows:
                continue
            rows = np.arange(first, done + 1, dtype=np.int64)
            whole = np.array([record.whole for record in batch], dtype=np.bool_)
            texts = pa.array([r.text for r in batch if r.whole], pa.large_string())
            found = reader.read(texts, rows[whole], torn={}, position=source.position())
            torn = [
                Torn(row, "NOT_JSON", "The line is not whole JSON.", record.text)
                for row, record in enumerate(batch, first)
                if not record.whole
            ]
            place = Place(done, known=reader.known())
            yield replace(found, torn=(*found.torn, *torn), place=place)


def _batches(path: Path, source: Source, lists: Collection[str]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in records_of(path, source, lists=lists):
        batch.append(record)
        size += len(record.text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def records_of(path: Path, source: Source, *, lists: Collection[str]) -> Iterator[Record]:
    """Yield the records of an open file.

    Raises
    ------
    BadInput
        ``BROKEN_JSON``.
    """
    done = 0
    try:
        for record in records(pieces_of(path, source), lists):
            done += 1
            yield record
    except BrokenError as error:
        raise BadInput(
            "BROKEN_JSON",
            f"{path.name} is not whole JSON: it breaks behind record {done:,}.",
            "It was probably cut off while being copied or written; export it again.",
        ) from error
