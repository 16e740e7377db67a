"""CSV files whose header stands in two rows: questions above, their options below."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pathworth.collect.readers import Shape
from pathworth.collect.readers.blocks import Source, mark_of
from pathworth.collect.readers.shape import SAMPLE, header_names


def with_heads(path: Path, shape: Shape) -> Shape:
    """Return how to read a CSV file whose first two rows are its header."""
    with Source(path) as source:
        raw = source.read(SAMPLE)
    text = raw[mark_of(raw)[1] :].decode(shape.encoding, "ignore")
    lines = text.splitlines(keepends=True)
    rows = csv.reader(lines, delimiter=shape.delimiter, quotechar=shape.quote)
    above, below = (*islice((row for row in rows if row), 2), [], [])[:2]
    return replace(shape, header=header_names(joined(above, below)), heads=2)


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
