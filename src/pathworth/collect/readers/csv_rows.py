"""CSV files as batches of raw rows: all cells as text, a torn row beside them, the rest untouched.

Blocks are cut where a line ends outside quotes and are parsed by pyarrow. Where a quote was opened and
never closed it would swallow everything up to the next one, so a block in which that shows is read again
line by line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from numpy.typing import NDArray

from pathworth.collect.readers.blocks import BLOCK, read_blocks
from pathworth.collect.readers.rows import START, Place, RawRows, Torn
from pathworth.collect.readers.shape import Shape

TRUSTED = BLOCK // 4
TOGETHER = 50


@dataclass(frozen=True)
class Parsed:
    """Rows of a block by their place in it: whole ones as a table of bytes, torn ones as text."""

    place: NDArray[np.int64]
    table: pa.Table
    torn: list[tuple[int, int, str]]
    count: int


def read_csv(path: Path, shape: Shape, *, after: Place = START) -> Iterator[RawRows]:
    """Read a CSV file batch by batch, from a place on."""
    done, header = after.rows, after.read == 0
    ends = partial(cut, shape=shape)
    for block in read_blocks(path, shape.encoding, cut=ends, after=(after.read, after.rest)):
        data = block.data
        if header:
            for _ in range(shape.heads):
                data = without_header(data, shape)
            header = False
        if not data.strip():
            continue
        parsed = parse(data, shape)
        torn = [_torn(done + p, cells, text, shape) for p, cells, text in parsed.torn]
        keep, columns, broken = _texts(parsed, done, shape)
        rows = done + parsed.place[keep]
        done += parsed.count
        place = Place(done, block.read, block.rest)
        yield RawRows(rows, columns, tuple(torn + broken), block.position, place)


def without_header(data: bytes, shape: Shape) -> bytes:
    """Return the block behind its first line, which may hold quoted line ends."""
    data = data.lstrip(b"\r\n")
    end = data.find(b"\n") + 1
    while 0 < end < len(data) and _quotes(data[:end], shape).size % 2:
        end = data.find(b"\n", end) + 1
    return data[end:] if end else b""


def cut(data: bytes, *, shape: Shape) -> int:
    """Return behind which byte the last line outside quotes ends; if far off, the last line."""
    last = end = data.rfind(b"\n") + 1
    quotes = _quotes(data, shape)
    inside = int(np.searchsorted(quotes, end))
    while inside % 2 and end:
        end = data.rfind(b"\n", 0, int(quotes[inside - 1])) + 1
        inside = int(np.searchsorted(quotes, end))
    return end if last - end <= TRUSTED and end else last


def _quotes(data: bytes, shape: Shape) -> NDArray[np.int64]:
    buffer = np.frombuffer(data, dtype=np.uint8)
    places = np.flatnonzero(buffer == ord(shape.quote))
    if shape.escape and len(places):
        places = places[buffer[np.maximum(places - 1, 0)] != ord(shape.escape)]
    return places


def parse(data: bytes, shape: Shape) -> Parsed:
    """Parse a block of whole records."""
    torn: list[tuple[int, int, str]] = []
    table = _table(data, shape, torn)
    if table is None or any("\n" in text for _, _, text in torn):
        return _by_line(data, shape)
    if _quotes(data, shape).size % 2:
        return _by_line(data, shape)
    count = table.num_rows + len(torn)
    place = np.arange(1, count + 1, dtype=np.int64)
    return Parsed(np.delete(place, [p - 1 for p, _, _ in torn]), table, torn, count)


def _table(data: bytes, shape: Shape, torn: list[tuple[int, int, str]]) -> pa.Table | None:
    """Return rows with as many cells as the header, others go to ``torn``; null if none can be read."""

    def refuse(row: Any) -> str:
        torn.append((row.number, row.actual_columns, row.text))
        return "skip"

    names = list(shape.header)
    read = pcsv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1)
    parse_options = pcsv.ParseOptions(
        delimiter=shape.delimiter,
        quote_char=shape.quote,
        escape_char=shape.escape or False,
        newlines_in_values=True,
        invalid_row_handler=refuse,
    )
    convert = pcsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.binary()), strings_can_be_null=True, null_values=[""]
    )
    try:
        return pcsv.read_csv(
            pa.BufferReader(data),
            read_options=read,
            parse_options=parse_options,
            convert_options=convert,
        )
    except pa.ArrowInvalid:
        return None


def _by_line(data: bytes, shape: Shape) -> Parsed:
    """Parse a block in which a quote is not closed, each line that is whole for itself."""
    lines = [line for line in data.split(b"\n") if line.strip(b"\r")]
    odd = [bool(_quotes(line, shape).size % 2) for line in lines]
    whole: list[bytes] = []
    place: list[int] = []
    torn: list[tuple[int, int, str]] = []
    k = 0
    while k < len(lines):
        rows, size = _joined(lines, odd, k, shape) if odd[k] else (lines[k], 1)
        if rows is None:
            torn.append((k + 1, 0, lines[k].decode("utf-8", "replace").strip("\r")))
        else:
            whole.append(rows)
            place.append(k + 1)
        k += size
    bad: list[tuple[int, int, str]] = []
    table = _table(b"\n".join(whole) + b"\n", shape, bad) if whole else None
    if table is None:
        table = pa.table({name: pa.array([], pa.binary()) for name in shape.header})
    good = np.delete(np.array(place, dtype=np.int64), [p - 1 for p, _, _ in bad])
    torn += [(place[p - 1], cells, text) for p, cells, text in bad]
    return Parsed(good[: table.num_rows], table, sorted(torn), len(lines))


def _joined(
    lines: list[bytes], odd: list[bool], first: int, shape: Shape
) -> tuple[bytes | None, int]:
    """Return the record that an odd line begins, null if it is torn, and how many lines it has."""
    for last in range(first + 1, min(first + TOGETHER, len(lines))):
        if odd[last]:
            record = b"\n".join(lines[first : last + 1])
            if _cells(record, shape, quoting=csv.QUOTE_MINIMAL) == len(shape.header):
                return record, last + 1 - first
            break
    return None, 1


def _cells(record: bytes, shape: Shape, *, quoting: Any) -> int:
    rows = list(
        csv.reader(
            record.decode("utf-8", "replace").split("\n"),
            delimiter=shape.delimiter,
            quotechar=shape.quote,
            quoting=quoting,
        )
    )
    return len(rows[0]) if len(rows) == 1 else 0


def _torn(row: int, cells: int, text: str, shape: Shape) -> Torn:
    if cells:
        reason = f"The row has {cells} cells, the header has {len(shape.header)}."
    else:
        reason = "A quote is opened and not closed in this row."
    return Torn(row, "TORN_ROW", reason, text)


def _texts(
    parsed: Parsed, done: int, shape: Shape
) -> tuple[NDArray[np.bool_], dict[str, pa.Array], list[Torn]]:
    """Return the cells as text and which rows they are of; rows with bytes that are not UTF-8 are torn."""
    keep = np.ones(parsed.table.num_rows, dtype=np.bool_)
    torn: list[Torn] = []
    table = parsed.table
    try:
        table = table.cast(pa.schema([(name, pa.string()) for name in shape.header]))
    except pa.ArrowInvalid:
        for at, row in enumerate(table.to_pylist()):
            cells = [cell or b"" for cell in row.values()]
            text = shape.delimiter.join(cell.decode("utf-8", "replace") for cell in cells)
            if text.encode() != shape.delimiter.encode().join(cells):
                keep[at] = False
                reason = "The row holds bytes that are not UTF-8."
                torn.append(Torn(done + int(parsed.place[at]), "NOT_TEXT", reason, text))
        table = table.filter(pa.array(keep)).cast(
            pa.schema([(name, pa.string()) for name in shape.header])
        )
    columns = {name: table[name].combine_chunks() for name in shape.header}
    return keep, columns, torn
