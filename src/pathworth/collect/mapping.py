"""Mappings as YAML files: read with every mistake named, written so that they read back the same."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import yaml

from pathworth.base.declarations import Declarations
from pathworth.base.errors import BadInput
from pathworth.collect.contracts import FileMapping, Mapping
from pathworth.collect.times import check_zone, parse_format

_FILE_KEYS = tuple(field.name for field in fields(FileMapping))
_DECLARE_KEYS = tuple(field.name for field in fields(Declarations))


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Parameters
    ----------
    path
        YAML with ``files`` (one entry for each file or glob) and, if wanted, ``declare``.

    Raises
    ------
    BadInput
        ``NO_FILE``, ``BAD_MAPPING`` (with the place), ``UNKNOWN_KEY`` (with the nearest known ones),
        ``UNKNOWN_TIME_FORMAT`` or ``UNKNOWN_TIMEZONE``.
    """
    if not path.is_file():
        raise BadInput("NO_FILE", f"There is no mapping file {path}.", "Check the path.")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _bad(f"{path.name} is not YAML: {' '.join(str(error).split())}") from error
    return read_mapping(document)


def read_mapping(document: Any) -> Mapping:
    """Read a mapping from what YAML or JSON gave."""
    document = _table(document, "the mapping", ("files", "declare"))
    files = document.get("files")
    if not isinstance(files, list) or not files:
        raise _bad("a mapping lists its files under `files`")
    declare = document.get("declare")
    return Mapping(
        tuple(_file(entry, place) for place, entry in enumerate(files, 1)),
        None if declare is None else _declare(declare),
    )


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping so that ``load_mapping`` gives it back; what is not said is left out."""
    document: dict[str, Any] = {
        "files": [
            {k: v for k, v in asdict(entry).items() if v is not None} for entry in mapping.files
        ]
    }
    if mapping.declare is not None:
        said = {k: v for k, v in asdict(mapping.declare).items() if v not in (None, ())}
        document["declare"] = {
            k: [list(row) for row in v] if isinstance(v, tuple) else v for k, v in said.items()
        }
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")


def mapping_of(mapping: Mapping, path: Path) -> FileMapping:
    """Return the entry for a file: the first that names it or fits it as a glob, else one with its bare name.

    Raises
    ------
    BadInput
        ``NOT_IN_MAPPING`` when there is none.
    """
    for entry in mapping.files:
        if path == Path(entry.file) or path.name == entry.file or path.match(entry.file):
            return entry
    for entry in mapping.files:
        if path.name == Path(entry.file).name:
            return entry
    raise BadInput(
        "NOT_IN_MAPPING",
        f"The mapping has no entry for {path.name}.",
        f"Its entries are for {', '.join(entry.file for entry in mapping.files)}; add one.",
    )


def files_of(mapping: Mapping, folder: Path) -> tuple[Path, ...]:
    """Return the files that a mapping names, seen from the folder in which it lies, in its order.

    Raises
    ------
    BadInput
        ``NO_FILE`` when an entry finds no file.
    """
    found: dict[Path, None] = {}
    for entry in mapping.files:
        exact = folder / entry.file
        paths = (
            [exact]
            if exact.exists() or Path(entry.file).is_absolute()
            else sorted(folder.glob(entry.file))
        )
        if not paths:
            raise BadInput(
                "NO_FILE",
                f"{folder} holds no file {entry.file}.",
                "Check the entry of the mapping.",
            )
        found.update(dict.fromkeys(paths))
    return tuple(found)


def _file(entry: Any, place: int) -> FileMapping:
    entry = _table(entry, f"file {place} of the mapping", _FILE_KEYS)
    if "file" not in entry:
        raise _bad(f"file {place} of the mapping does not say its `file`")
    words = {key: None if value is None else str(value) for key, value in entry.items()}
    if words.get("time_format"):
        parse_format(str(words["time_format"]))
    if words.get("timezone"):
        check_zone(str(words["timezone"]))
    return FileMapping(**{k: v for k, v in words.items() if v is not None})


def _declare(entry: Any) -> Declarations:
    entry = _table(entry, "`declare`", _DECLARE_KEYS)
    rows = {"calendar": 3, "structural": 2}
    words: dict[str, Any] = {}
    for key, value in entry.items():
        if value is None:
            continue
        words[key] = _rows(key, value, rows[key]) if key in rows else str(value)
    return Declarations(**words)


def _rows(key: str, value: Any, size: int) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or any(
        not isinstance(row, list) or len(row) != size for row in value
    ):
        raise _bad(f"`{key}` under `declare` is a list of lists of {size}")
    return tuple(tuple(str(cell) for cell in row) for row in value)


def _table(value: Any, what: str, known: Iterable[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad(f"{what} is not a table of keys and values")
    for key in value:
        if key not in known:
            close = difflib.get_close_matches(str(key), list(known), n=2, cutoff=0.5)
            hint = f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(known)}."
            raise BadInput("UNKNOWN_KEY", f"{what[0].upper()}{what[1:]} has a key {key!r}.", hint)
    return value


def _bad(what: str) -> BadInput:
    return BadInput(
        "BAD_MAPPING",
        f"{what[0].upper()}{what[1:]}.",
        "A mapping reads: files: [{file: events.csv, entity: user_id, event: event, time: timestamp}]",
    )
