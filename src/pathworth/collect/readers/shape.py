"""What kind of file this is: Parquet, JSONL or CSV, its encoding, its delimiter and its header."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pathworth.base.errors import BadInput
from pathworth.collect.readers.blocks import LONGEST, Source, compression_of, mark_of

FileKind = Literal["csv", "jsonl", "parquet", "json", "zip", "sqlite", "xml"]
SAMPLE = 1 << 20
PEEKS = 8
PEEK = 1 << 16
csv.field_size_limit(LONGEST)
DELIMITERS = (",", ";", "\t", "|", "~", "^", "\x01")


@dataclass(frozen=True)
class Shape:
    """How to read a file.

    Parameters
    ----------
    kind
        ``csv``, ``jsonl`` or ``parquet``; the others are read by importers alone.
    encoding
        ``utf-8``, ``cp1252``, ``latin-1`` or one of UTF-16.
    delimiter, quote, escape
        Of a CSV file; ``escape`` is empty where a quote is written twice instead.
    header, heads
        Column names of a CSV file as they will be used, and how many of its rows they take.
    """

    kind: FileKind
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    header: tuple[str, ...] = ()
    heads: int = 1


def shape_of(path: Path) -> Shape:
    """Look at a file and say how to read it.

    Raises
    ------
    BadInput
        ``NO_FILE``, ``IS_FOLDER``, ``UNREADABLE``, ``EMPTY_FILE``, ``NOT_TEXT``, ``JSON_ARRAY`` or
        ``NO_HEADER``.
    """
    check_path(path)
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return Shape("parquet")
    with Source(path) as source:
        sample = source.read(SAMPLE)
    encoding = _encoding(path, sample)
    text = sample[mark_of(sample)[1] :].decode(encoding, "ignore")
    if not text.strip():
        raise _empty(path)
    if text.lstrip().startswith("{"):
        return Shape("jsonl", encoding)
    if text.lstrip().startswith("["):
        raise BadInput(
            "JSON_ARRAY",
            f"{path.name} is one JSON array, not one object per line.",
            f"Turn it into lines with: jq -c '.[]' {path.name} > {path.stem}.jsonl",
        )
    return _csv(path, text, encoding, whole=len(sample) < SAMPLE)


def check_path(path: Path) -> None:
    """Refuse what is not a file with something in it."""
    if not path.exists():
        raise BadInput("NO_FILE", f"There is no file {path}.", "Check the path and the spelling.")
    if path.is_dir():
        raise BadInput("IS_FOLDER", f"{path} is a folder.", f"Name its files, for example {path}/*")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise BadInput(
            "UNREADABLE", f"{path} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
    if size == 0:
        raise _empty(path)


def _empty(path: Path) -> BadInput:
    return BadInput("EMPTY_FILE", f"{path.name} holds nothing.", "Export it again.")


def _encoding(path: Path, sample: bytes) -> str:
    """Return the encoding: by mark, UTF-8 where start and peeks are, else a Western 8-bit one."""
    marked = mark_of(sample)[0]
    if marked:
        return marked
    parts = [sample, *peeks(path)]
    if b"\0" in sample[:SAMPLE]:
        raise BadInput(
            "NOT_TEXT",
            f"{path.name} is neither text nor Parquet.",
            "Export it as CSV, JSONL or Parquet (plain, .gz, .bz2 or .zst).",
        )
    if all(_is_utf8(part) for part in parts):
        return "utf-8"
    high = {byte for part in parts for byte in part if 0x80 <= byte <= 0x9F}
    return "cp1252" if high and not high & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "latin-1"


def peeks(path: Path) -> list[bytes]:
    """Return lines from places spread over a plain file; a compressed one cannot be entered in its middle."""
    size = path.stat().st_size
    if compression_of(path) or size <= SAMPLE:
        return []
    found = []
    with path.open("rb") as file:
        for k in range(1, PEEKS + 1):
            file.seek(size * k // (PEEKS + 1))
            file.readline(PEEK)
            found.append(file.read(PEEK))
    return found


def _is_utf8(part: bytes) -> bool:
    try:
        part.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(part) - 3 and "unexpected end" in error.reason
    return True


def _csv(path: Path, text: str, encoding: str, *, whole: bool) -> Shape:
    lines = text.splitlines()
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    lines = [line for line in lines[:400] if line.strip()]
    quote = _quote(lines)
    escape = "\\" if any(f"\\{quote}" in line for line in lines) else ""
    delimiter = max(DELIMITERS, key=lambda d: _fit(lines, d, quote))
    names = next(csv.reader(lines, delimiter=delimiter, quotechar=quote))
    _check_header(path, names)
    return Shape("csv", encoding, delimiter, quote, escape, header_names(names))


def _quote(lines: list[str]) -> str:
    single = sum(line.count("'") for line in lines if "'" in (line[:1], line[-1:]))
    double = sum(line.count('"') for line in lines)
    return "'" if single > 2 * double and single >= 2 else '"'


def _fit(lines: list[str], delimiter: str, quote: str) -> float:
    """Return the share of lines with the commonest number of cells, more cells a little better."""
    counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter, quotechar=quote))
    cells, often = counts.most_common(1)[0]
    return 0.0 if cells < 2 else (1 + cells / 1000) * often / sum(counts.values())


def _check_header(path: Path, names: list[str]) -> None:
    """Refuse a first row that looks like data."""
    shown = [name.strip() for name in names if name.strip()]
    numbers = [name for name in shown if name.replace(".", "").replace("-", "").isdigit()]
    if numbers and len(numbers) * 2 >= len(shown):
        raise BadInput(
            "NO_HEADER",
            f"The first row of {path.name} holds values, not column names: {', '.join(shown[:6])}.",
            "Put a line with the column names on top.",
        )


def header_names(names: list[str]) -> tuple[str, ...]:
    """Return usable column names: trimmed, an empty one named by its place, a repeated one with a number."""
    used: list[str] = []
    for place, raw in enumerate(names):
        base = raw.strip() or f"column_{place + 1}"
        name, k = base, 1
        while name in used:
            k += 1
            name = f"{base}_{k}"
        used.append(name)
    return tuple(used)
