"""JSON objects as columns of texts that grow row by row: what a file of the same lines would be read as.

Files are read block by block with DuckDB, which takes milliseconds however few lines there are; what arrives comes in
small numbers and in any shape, and is laid out here. A key is a column wherever it stands up to three levels deep;
deeper objects, arrays, and objects with very many or with odd keys stay JSON text.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa

from pathworth.collect.readers.json_rows import DEPTH, WIDE, odd

DECODER = msgspec.json.Decoder(dict[str, Any])
_odd = functools.lru_cache(maxsize=4096)(odd)
_SMALLEST, _LARGEST = 1e-6, 1e21
"""Between these a file's numbers are written out, beyond them with an exponent."""


class Columns:
    """Columns of texts; a row that lacks a key has null there."""

    def __init__(self) -> None:
        self.rows = 0
        self.cells: dict[str, list[str | None]] = {}

    def add(self, event: Mapping[str, Any]) -> None:
        """Add a row.

        Parameters
        ----------
        event
            A JSON object as ``DECODER`` gives it.
        """
        self._put("", event, 1)
        self.rows += 1

    def arrays(self) -> dict[str, pa.Array]:
        """Return the columns as Arrow texts, all as long."""
        for cells in self.cells.values():
            cells.extend([None] * (self.rows - len(cells)))
        return {name: pa.array(cells, pa.string()) for name, cells in self.cells.items()}

    def _put(self, outer: str, held: Mapping[str, Any], depth: int) -> None:
        every, rows = self.cells, self.rows
        for key, value in held.items():
            kind = type(value)
            if value is None:
                continue
            if kind is dict and _spread(value, depth):
                self._put(f"{outer}{key}.", value, depth + 1)
                continue
            name, text = outer + key, value if kind is str else _text(value)
            cells = every.get(name)
            # This runs for every value that comes in: a column that lacks no row is the usual one.
            if cells is not None and len(cells) == rows:
                cells.append(text)
            else:
                self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        cells = self.cells.get(name)
        if cells is None:
            cells = self.cells[name] = []
        missing = self.rows - len(cells)
        if missing < 0:
            # The same name twice in one row: as ``a.b`` and as ``b`` inside of ``a``.
            self._write(f"{name}_", text)
            return
        if missing:
            cells.extend([None] * missing)
        cells.append(text)


def _spread(held: Mapping[str, Any], depth: int) -> bool:
    """Return whether the keys of an object are columns."""
    return depth < DEPTH and len(held) <= WIDE and not any(map(_odd, held))


def _text(value: Any) -> str:
    """Return a value as a file of the line would have it."""
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return repr(value)
    if kind is float:
        return _decimal(value)
    return msgspec.json.encode(value).decode()


def _decimal(value: float) -> str:
    text = repr(value)
    if "e" not in text:
        return text
    if _SMALLEST <= abs(value) < _LARGEST:
        written = f"{Decimal(text):f}"
        return written if "." in written else f"{written}.0"
    digits, exponent = text.split("e")
    return f"{digits}e{int(exponent)}"
