"""JSONL files as batches of raw rows: one JSON object per line, nested objects as columns ``outer.inner``.

Lines are read by DuckDB's JSON functions in memory, as texts. pyarrow's JSON reader was measured too: it
is no faster, fails a whole block over one bad line or over a key that holds a number here and a text
there, and turns texts that look like times into times, so that what was received is lost. With DuckDB
every line stands for itself, long whole numbers keep all their digits, and which keys exist is asked of
every block, not of a sample.

A key is a column wherever it stands up to three levels deep; deeper objects, arrays, and objects with
over 200 different keys (maps, not records) or with quotes or stars in a key stay JSON text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.collect.numbers import flags
from pathworth.collect.readers.blocks import read_blocks
from pathworth.collect.readers.rows import START, Place, RawRows, Torn
from pathworth.collect.readers.shape import Shape, peeks

DEPTH = 3
WIDE = 200


def read_jsonl(path: Path, shape: Shape, *, after: Place = START) -> Iterator[RawRows]:
    """Read a JSONL file batch by batch, from a place on."""
    reader, done = JsonReader(), after.rows
    reader.learn_again(after.known)
    blocks = read_blocks(path, shape.encoding, cut=last_line, after=(after.read, after.rest))
    for block in blocks:
        lines, torn = line_texts(block.data)
        rows = np.arange(done + 1, done + 1 + len(lines), dtype=np.int64)
        done += len(lines)
        found = reader.read(lines, rows, torn=torn, position=block.position)
        yield replace(found, place=Place(done, block.read, block.rest, reader.known()))


def peek_columns(path: Path, shape: Shape) -> list[str]:
    """Return columns seen at places spread over a file, so that two keys of one name are both known early."""
    reader, found = JsonReader(), dict[str, None]()
    for part in peeks(path):
        lines, torn = line_texts(part[: last_line(part)])
        if shape.encoding == "utf-8" and len(lines) and not torn:
            rows = np.arange(len(lines), dtype=np.int64)
            found.update(dict.fromkeys(reader.read(lines, rows, torn={}, position=0).columns))
    return list(found)


def last_line(data: bytes) -> int:
    """Return behind which byte the last whole line ends."""
    return data.rfind(b"\n") + 1


def line_texts(data: bytes) -> tuple[pa.Array, dict[int, str]]:
    """Return the lines of a block as texts without copying, and by place those that are not UTF-8."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(buffer == ord("\n")) + 1
    if len(ends) == 0 or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    offset = np.zeros(len(ends) + 1, dtype=np.int64)
    offset[1:] = ends
    lines = pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offset), pa.py_buffer(data))
    try:
        lines.validate(full=True)
    except pa.ArrowInvalid:
        raw = [data[a:b] for a, b in pairwise(offset)]
        texts = [text.decode("utf-8", "replace") for text in raw]
        bad = {k: t for k, t in enumerate(texts) if t.encode() != raw[k]}
        return pa.array(texts, pa.large_string()), bad
    return lines, {}


@dataclass
class JsonReader:
    """Reads blocks of lines and remembers which keys hold objects.

    ``outer`` are the pointers of objects whose keys are columns, ``inner`` those of columns; a pointer in
    both holds an object in some rows and something else in others. ``keep`` are objects kept as text.
    """

    outer: dict[str, None] = field(default_factory=lambda: {"": None})
    inner: dict[str, None] = field(default_factory=dict)
    keep: set[str] = field(default_factory=set)
    database: duckdb.DuckDBPyConnection = field(
        default_factory=lambda: duckdb.connect(config={"threads": 1})
    )

    def known(self) -> str:
        """Return what was learned of keys, as text."""
        learned = (list(self.outer), list(self.inner), sorted(self.keep))
        return msgspec.json.encode(learned).decode()

    def learn_again(self, known: str) -> None:
        """Take over what another reader of the file had learned; nothing when it is empty."""
        if known:
            outer, inner, keep = msgspec.json.decode(
                known, type=tuple[list[str], list[str], list[str]]
            )
            self.outer, self.inner = dict.fromkeys(outer), dict.fromkeys(inner)
            self.keep = set(keep)

    def read(
        self, lines: pa.Array, rows: NDArray[np.int64], *, torn: dict[int, str], position: int
    ) -> RawRows:
        """Read a block of lines; ``torn`` holds by place those already known not to be text."""
        refused: list[Torn] = []
        try:
            columns = {} if torn else self._columns(lines)
        except (duckdb.Error, _OtherThanObjectsError):
            torn = torn or {-1: ""}
        if torn:
            good, refused = self._objects(lines, rows, torn)
            lines, rows = lines.filter(pa.array(good)), rows[good]
            columns = self._columns(lines)
        return RawRows(rows, columns, tuple(refused), position)

    def _columns(self, lines: pa.Array) -> dict[str, pa.Array]:
        """Return the columns of lines that are all JSON objects."""
        if len(lines) == 0:
            return {}
        self._learn(lines)
        columns = self._extract(lines)
        while self._surprised(lines, columns):
            self._learn(lines)
            columns = self._extract(lines)
        return columns

    def _ask(self, lines: pa.Array, what: str, *, distinct: bool = False) -> pa.Table:
        self.database.register("lines", pa.table({"line": lines}))
        choose = "DISTINCT " if distinct else ""
        return self.database.sql(f"SELECT {choose}{what} FROM lines").to_arrow_table()

    def _objects(
        self, lines: pa.Array, rows: NDArray[np.int64], torn: dict[int, str]
    ) -> tuple[NDArray[np.bool_], list[Torn]]:
        """Return which lines are JSON objects, and the others with their reason; blank ones vanish."""
        what = "CASE WHEN json_valid(line) THEN json_type(line) ELSE '' END AS k"
        kind = self._ask(lines, what)["k"].combine_chunks()
        good = flags(pa.compute.equal(kind, "OBJECT"))
        good[[place for place in torn if place >= 0]] = False
        refused = []
        for place in np.flatnonzero(~good).tolist():
            text = lines[place].as_py().strip()
            if text:
                code, reason = _reason(torn.get(place), kind[place].as_py())
                refused.append(Torn(int(rows[place]), code, reason, text))
        return good, refused

    def _learn(self, lines: pa.Array) -> None:
        """Learn the keys of every known object in these lines, and which of them are objects."""
        asked: set[str] = set()
        while todo := [p for p in self.outer if p not in asked]:
            asked.update(todo)
            paths = _list(todo)
            found = self._ask(lines, f"json_keys(line, {paths}) AS k", distinct=True)
            keys = _keys(todo, found["k"].to_pylist())
            if _hollow(todo, found["k"].to_pylist()):
                types = self._ask(lines, f"json_type(line, {paths}) AS t", distinct=True)
                self._see_others(todo, types["t"].to_pylist())
            new = [
                pointer
                for outer, names in keys.items()
                if not self._kept_whole(outer, names)
                for name in names
                if (pointer := f"{outer}/{_escape(name)}") not in self.inner
                and pointer not in self.outer
            ]
            self._classify(lines, new)

    def _kept_whole(self, outer: str, names: list[str]) -> bool:
        """Return whether an object stays JSON text: it is a map, or has a key that no path can name."""
        if outer and (len(names) > WIDE or any(odd(name) for name in names)):
            self.keep.add(outer)
            del self.outer[outer]
            self.inner[outer] = None
            self.inner = {p: None for p in self.inner if not p.startswith(f"{outer}/")}
            return True
        return False

    def _see_others(self, outer: list[str], types: list[list[str | None]]) -> None:
        """Keep a column for what stands in place of an object: a text, a number, an array."""
        for place, pointer in enumerate(outer):
            if {t[place] for t in types} - {"OBJECT", "NULL", None}:
                if not pointer:
                    raise _OtherThanObjectsError
                self.inner[pointer] = None

    def _classify(self, lines: pa.Array, new: list[str]) -> None:
        """Put new keys where they belong: among the objects, the columns, or both."""
        if not new:
            return
        types = self._ask(lines, f"json_type(line, {_list(new)}) AS t", distinct=True)["t"]
        for place, pointer in enumerate(new):
            kinds = {row[place] for row in types.to_pylist()}
            deep = pointer.count("/") >= DEPTH or odd(_unescape(pointer[1:]))
            if "OBJECT" in kinds and not deep:
                self.outer[pointer] = None
            if deep or kinds - {"OBJECT", None}:
                self.inner[pointer] = None

    def _extract(self, lines: pa.Array) -> dict[str, pa.Array]:
        """Return every column as texts, those that hold nothing left out."""
        plain = [p for p in self.inner if p not in self.outer]
        both = [p for p in self.inner if p in self.outer]
        parts = [f"j[{k + 1}] AS c{k}" for k in range(len(plain))]
        parts += [
            f"CASE WHEN json_type(line, {_text(p)}) <> 'OBJECT' THEN "
            f"json_extract_string(line, {_text(p)}) END AS c{len(plain) + k}"
            for k, p in enumerate(both)
        ]
        if not parts:
            return {}
        self.database.register("lines", pa.table({"line": lines}))
        source = f"SELECT line, json_extract_string(line, {_list(plain)}) AS j FROM lines"
        if not plain:
            source = "SELECT line FROM lines"
        table = self.database.sql(f"SELECT {', '.join(parts)} FROM ({source})").to_arrow_table()
        columns: dict[str, pa.Array] = {}
        for pointer, column in zip([*plain, *both], table.columns, strict=True):
            if column.null_count < len(column):
                columns[_free(_name(pointer), columns)] = _one(column)
        return columns

    def _surprised(self, lines: pa.Array, columns: dict[str, pa.Array]) -> bool:
        """Return whether a column turned out to hold objects, which are then known from here on."""
        found = False
        for pointer in [p for p in self.inner if p not in self.outer and p not in self.keep]:
            column = columns.get(_name(pointer))
            deep = pointer.count("/") >= DEPTH or odd(_unescape(pointer[1:]))
            if deep or column is None or not _may_hold_objects(column):
                continue
            kinds = self._ask(lines, f"json_type(line, {_text(pointer)}) AS t", distinct=True)
            if "OBJECT" in kinds["t"].to_pylist():
                self.outer[pointer] = None
                found = True
        return found


class _OtherThanObjectsError(Exception):
    """Some lines are JSON, but no objects."""


def _hollow(outer: list[str], rows: list[list[list[str] | None]]) -> bool:
    """Return whether somewhere an object is expected and no key is found, though its own key is there."""
    for row in rows:
        keys = dict(zip(outer, row, strict=True))
        for pointer, names in keys.items():
            above, _, name = pointer.rpartition("/")
            there = pointer == "" or above not in keys or _unescape(name) in (keys[above] or ())
            if there and not names:
                return True
    return False


def _reason(torn: str | None, kind: str | None) -> tuple[str, str]:
    if torn is not None:
        return "NOT_TEXT", "The line holds bytes that are not UTF-8."
    if kind:
        return "NOT_JSON", f"The line holds JSON, but no object: {kind.lower()}."
    return "NOT_JSON", "The line is not whole JSON."


def _keys(outer: list[str], rows: list[list[list[str] | None]]) -> dict[str, list[str]]:
    """Return the different keys of each object in order of appearance."""
    found: dict[str, dict[str, None]] = {pointer: {} for pointer in outer}
    for row in sorted(rows, key=str):
        for pointer, names in zip(outer, row, strict=True):
            found[pointer].update(dict.fromkeys(names or ()))
    return {pointer: list(names) for pointer, names in found.items()}


def _may_hold_objects(column: pa.Array) -> bool:
    return bool(flags(pa.compute.starts_with(column, "{")).any())


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.cast(pa.string()) if not pa.types.is_string(whole.type) else whole


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _name(pointer: str) -> str:
    return ".".join(_unescape(part) for part in pointer[1:].split("/"))


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _free(name: str, taken: dict[str, pa.Array]) -> str:
    while name in taken:
        name += "_"
    return name


def _text(pointer: str) -> str:
    """Return a pointer as DuckDB reads it: as a path, since a pointer's numbers would also look into arrays."""
    parts = [_unescape(part) for part in pointer[1:].split("/")] if pointer else []
    if not any(odd(part) for part in parts):
        pointer = "".join(["$", *(f'."{part}"' for part in parts)])
    return "'" + pointer.replace("'", "''") + "'"


def odd(key: str) -> bool:
    """Return whether a key is none that a path can name."""
    return key == "" or any(mark in key for mark in '"\\*')


def _list(pointers: list[str]) -> str:
    return "[" + ", ".join(_text(pointer) for pointer in pointers) + "]"
