"""CSV files whose header is not their first line: it takes two rows, or stands below lines that are no table."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pathworth.collect.readers import Shape
from pathworth.collect.readers.blocks import Source, mark_of
from pathworth.collect.readers.shape import SAMPLE, header_names

MOST = 12
"""So many lines above a header are looked through."""


def with_heads(path: Path, shape: Shape) -> Shape:
    """Return how to read a CSV file whose first two rows are its header."""
    with Source(path) as source:
        raw = source.read(SAMPLE)
    text = raw[mark_of(raw)[1] :].decode(shape.encoding, "ignore")
    lines = text.splitlines(keepends=True)
    rows = csv.reader(lines, delimiter=shape.delimiter, quotechar=shape.quote)
    above, below = (*islice((row for row in rows if row), 2), [], [])[:2]
    return replace(shape, header=header_names(joined(above, below)), heads=2)


def below(text: str, shape: Shape) -> Shape:
    """Return how to read a CSV text whose header stands below some lines that are no part of the table.

    Those are lines with fewer cells than the table has; the same shape where the first line is the header.
    """
    lines = [line for line in text.splitlines(keepends=True)[:200] if line.strip()]
    found = [_sized(lines, delimiter, shape.quote) for delimiter in (shape.delimiter, *",;\t")]
    delimiter, width, rows = max(found, key=lambda one: one[1])
    first = next((k for k, row in enumerate(rows[:MOST]) if len(row) == width), 0)
    if first == 0:
        return shape
    return replace(shape, delimiter=delimiter, header=header_names(rows[first]), heads=first + 1)


def _sized(lines: list[str], delimiter: str, quote: str) -> tuple[str, int, list[list[str]]]:
    """Return a delimiter with the greatest number of cells that several rows then have, and the rows."""
    rows = list(csv.reader(lines, delimiter=delimiter, quotechar=quote))
    widths = Counter(map(len, rows))
    return delimiter, max((one for one in widths if widths[one] > 1), default=0), rows


def joined(above: list[str], below: list[str]) -> list[str]:
    """Return one name a column.

    A question of one column goes by its own text, whatever the option row says (its words for "answer" depend on
    the language); where a question spans several, the option stands behind it.
    """
    width = max(len(above), len(below))
    top, options = ([*row, *[""] * (width - len(row))] for row in (above, below))
    names: list[str] = []
    question = ""
    for k in range(width):
        own = _clean(top[k])
        question = own or (question if options[k].strip() else "")
        alone = bool(own) and not (
            k + 1 < width and not top[k + 1].strip() and options[k + 1].strip()
        )
        option = "" if alone else _clean(options[k])
        names.append(f"{question}: {option}" if question and option else question or option)
    return names


def _clean(text: str) -> str:
    """Return a heading on one line and without full stops, which would make it look like nested fields."""
    return " ".join(text.replace(".", " ").split())
