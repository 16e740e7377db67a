"""A first look at a file: what it is, which columns it has, and what the first of them holds."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from pathworth.collect.importers.columns import text_of
from pathworth.collect.importers.contracts import Kind, Look
from pathworth.collect.importers.files.archives import broken
from pathworth.collect.importers.files.documents import BrokenError, Pieces, records
from pathworth.collect.importers.files.heads import below
from pathworth.collect.readers import Shape, shape_of
from pathworth.collect.readers.blocks import Source, mark_of
from pathworth.collect.readers.parquet_rows import flat_columns, open_parquet
from pathworth.collect.readers.shape import check_path

SAMPLE = 1 << 20
ROWS = 200
DEPTH = 3
_MAGIC: dict[bytes, Kind] = {
    b"PAR1": "parquet",
    b"PK\x03\x04": "zip",
    b"SQLite format 3\0": "sqlite",
}
_OUTERMOST = re.compile(r"<(?:\w+:)?([A-Za-z]\w*)")
_Table = dict[str, str | None]


def look_at(path: Path) -> Look:
    """Look at a file.

    Raises
    ------
    BadInput
        As ``shape_of`` does, where no format could be told either.
    """
    kind, text = _start(path)
    if kind == "parquet":
        return Look(path, kind, Shape("parquet"), {"": _parquet(path)})
    if kind == "zip":
        return Look(path, kind, Shape("zip"), {}, _members(path))
    if kind == "csv":
        shape = shape_of(path)
        return Look(path, kind, shape, {"": _csv(text, shape)})
    if kind == "sqlite":
        return Look(path, kind, Shape(kind), {}, _tables(path))
    if kind == "xml":
        return Look(path, kind, Shape(kind), {}, tuple(_OUTERMOST.findall(text)[:1]))
    tables = _documents(text)
    shape = shape_of(path) if kind == "jsonl" else Shape(kind)
    return Look(path, kind, shape, tables, tuple(name for name in tables if name))


def look_below(look: Look) -> Look:
    """Return the look at a CSV file whose header stands below lines that are none; the same where there are no such."""
    with Source(look.path) as source:
        raw = source.read(SAMPLE)
    text = raw[mark_of(raw)[1] :].decode(look.shape.encoding, "ignore")
    shape = below(text, look.shape)
    if shape is look.shape:
        return look
    return replace(look, shape=shape, tables={"": _csv(text, shape)})


def _start(path: Path) -> tuple[Kind, str]:
    """Return what a file is, and the text that it begins with."""
    check_path(path)
    with path.open("rb") as file:
        start = file.read(16)
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind, ""
    with Source(path) as source:
        raw = source.read(SAMPLE)
    encoding, size = mark_of(raw)
    text = raw[size:].decode(encoding or "utf-8", "replace")
    first = text.lstrip()[:1]
    if first in ("{", "["):
        return "jsonl" if first == "{" and _is_lines(text) else "json", text
    return "xml" if first == "<" else "csv", text


def _documents(text: str) -> dict[str, _Table]:
    """Return the columns of the records, and of the lists of records, with which a JSON text begins."""
    tables: dict[str, list[Any]] = {"": []}
    try:
        for record in records(Pieces(iter([text])), None, most=0):
            if record.whole:
                tables.setdefault(record.key, []).append(json.loads(record.text))
            if sum(map(len, tables.values())) >= ROWS:
                break
    except (BrokenError, RecursionError):
        pass  # the text ends inside a record
    return {key: _filled(rows) for key, rows in tables.items()}


def _is_lines(text: str) -> bool:
    """Return whether the first line is a whole object, and another one begins behind it, if anything does."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return rest.strip() == "" or rest.lstrip().startswith("{")


def _csv(text: str, shape: Shape) -> _Table:
    lines = (line for line in text.splitlines()[:50] if line)
    rows = csv.reader(lines, delimiter=shape.delimiter, quotechar=shape.quote)
    for _ in range(shape.heads):
        next(rows, None)
    found: _Table = dict.fromkeys(shape.header)
    for row in rows:
        for name, cell in zip(shape.header, row, strict=False):
            found[name] = found[name] or cell or None
    return found


def _parquet(path: Path) -> _Table:
    with open_parquet(path) as file:
        try:
            batch = next(file.iter_batches(batch_size=ROWS, use_threads=False), None)
        except (pa.ArrowException, OSError):
            batch = None  # whoever reads it says how it is broken
        if batch is None:
            return dict.fromkeys(file.schema_arrow.names)
        return {name: _value(column) for name, column in flat_columns(batch).items()}


def _value(column: pa.Array) -> str | None:
    if pa.types.is_nested(column.type):
        return None
    held = text_of(column.drop_null().slice(0, 1))
    return held[0].as_py() if len(held) else None


def _tables(path: Path) -> tuple[str, ...]:
    """Return the names of a database's tables; none where it cannot be read."""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as found:
            rows = found.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error:
        return ()
    return tuple(str(name) for (name,) in rows)


def _members(path: Path) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(info.filename for info in archive.infolist() if not info.is_dir())
    except zipfile.BadZipFile as error:
        raise broken(path) from error


def _filled(rows: Iterable[Any]) -> _Table:
    """Return the columns of objects, nested ones as ``outer.inner``, with the first text that each holds."""
    found: _Table = {}
    for row in rows:
        if isinstance(row, Mapping):
            _see(row, "", found)
    return found


def _see(row: Mapping[str, Any], outer: str, found: _Table) -> None:
    for key, value in row.items():
        name = f"{outer}{key}"
        if isinstance(value, Mapping):
            found.setdefault(name, None)
            if name.count(".") < DEPTH - 1:
                _see(value, f"{name}.", found)
        elif found.get(name) is None:
            found[name] = None if value in (None, "") else str(value)
