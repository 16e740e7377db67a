"""Files as they seem to be: kind, columns and mapping, guessed from a sample and said with reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import (
    NO_MONEY,
    FileGuess,
    FileMapping,
    Guess,
    Mapping,
    Role,
    is_code,
)
from pathworth.collect.daily import sniff_daily
from pathworth.collect.guess import Table, find_column, guess_roles
from pathworth.collect.importers import recognise, sniff_format
from pathworth.collect.mapping import mapping_of
from pathworth.collect.readers import RawRows, Shape, peek_columns, read_rows, shape_of
from pathworth.collect.times import check_zone, parse_format

SAMPLED = 20_000
_COLUMN_ROLES = ("entity", "event", "time", "value", "cost", "currency", "id", "anonymous")


def sniff(paths: Sequence[Path], hints: Mapping | FileMapping | None = None) -> Guess:
    """Look at files and say what they seem to be.

    Parameters
    ----------
    paths
        The files.
    hints
        What is known: one mapping for all of them, or a saved mapping with an entry for each.

    Raises
    ------
    BadInput
        When a file cannot be read, or a hint names a column, format or zone that is not there.
    """
    if not paths:
        raise BadInput("NO_FILE", "No file is named.", "Name one: pathworth import events.csv")
    return Guess(tuple(sniff_file(Path(path), hints) for path in paths))


def sniff_file(path: Path, hints: Mapping | FileMapping | None = None) -> FileGuess:
    """Look at one file."""
    given = mapping_of(hints, path) if isinstance(hints, Mapping) else hints or FileMapping()
    if known := recognise(path, given):
        sniffed = sniff_format if known.format.daily is None else sniff_daily
        return sniffed(path, given, known=known)
    shape = shape_of(path)
    first, names = _sample(path, shape, given)
    columns = {name: column.slice(0, SAMPLED) for name, column in first.columns.items()}
    given = checked(given, names, file=path.name)
    table = Table.of(columns, _stem(path))
    mapping, roles, notes = guess_roles(table, given)
    for role in roles:
        if role.name == "event" and role.column and role.column.startswith("=") and not role.given:
            notes.insert(0, f"{role.because[0].upper()}{role.because[1:]}.")
    return FileGuess(path, shape, mapping, roles, tuple(names), tuple(notes))


def require_sure(guess: Guess) -> None:
    """Refuse guesses that a person must confirm.

    Raises
    ------
    BadInput
        ``MAPPING_UNSURE``, whose hint is the full command that confirms the guess, or
        ``UNKNOWN_TIME_FORMAT`` where the column of times is known and its values are in no known format.
    """
    for file in guess.files:
        doubts = [role for role in file.roles if not role.sure]
        if doubts:
            raise _unsure(file, doubts)


def _unsure(file: FileGuess, doubts: list[Role]) -> BadInput:
    command = file.mapping.command((file.path,))
    if [role.name for role in doubts if role.column is None] == ["time_format"]:
        return BadInput(
            "UNKNOWN_TIME_FORMAT",
            f"{file.path.name}: {doubts[0].because}.",
            f"Say how they are written, for example: {command} --time-format '%d/%m/%Y %H:%M'",
        )
    said = "; ".join(f"{role.name.replace('_', ' ')}: {role.because}" for role in doubts)
    open_ones = [role.name for role in doubts if role.column is None and role.name != "time_format"]
    if open_ones:
        command += "".join(f" --{name} COLUMN" for name in open_ones)
        command += f"  (its columns: {', '.join(file.columns)})"
    return BadInput("MAPPING_UNSURE", f"{file.path.name} is not clear. {said}.", command)


def checked(given: FileMapping, columns: Collection[str], *, file: str) -> FileMapping:
    """Return a mapping with its columns named as in the file, after its format and zone were checked."""
    if given.time_format:
        parse_format(given.time_format)
    if given.timezone:
        check_zone(given.timezone)
    found = {
        name: "|".join(find_column(part, columns, file=file) for part in parts_of(spec, columns))
        for name, spec in _specs(given).items()
    }
    return replace(given, **found)


def parts_of(spec: str, columns: Collection[str]) -> list[str]:
    """Return the columns of ``a|b``, or the one column whose name that is."""
    return [spec] if spec in columns else spec.split("|")


def _specs(given: FileMapping) -> dict[str, str]:
    """Return what a mapping says with column names."""
    words = {name: getattr(given, name) for name in _COLUMN_ROLES}
    constant = {
        "event": (given.event or "").startswith("="),
        "currency": is_code(given.currency or ""),
        "value": given.value == NO_MONEY,
    }
    return {k: v for k, v in words.items() if v is not None and not constant.get(k)}


def _stem(path: Path) -> str:
    name = path.name
    for ending in (
        ".gz",
        ".zst",
        ".bz2",
        ".csv",
        ".tsv",
        ".txt",
        ".jsonl",
        ".ndjson",
        ".json",
        ".parquet",
    ):
        name = name.removesuffix(ending)
    return name or path.name


def _sample(path: Path, shape: Shape, given: FileMapping) -> tuple[RawRows, Collection[str]]:
    """Return the first rows and all known columns; JSONL is read on until it shows those given."""
    torn, first = 0, None
    known = dict.fromkeys(peek_columns(path, shape) if shape.kind == "jsonl" else ())
    for rows in read_rows(path, shape):
        torn += len(rows.torn)
        known.update(dict.fromkeys(rows.columns))
        first = first or (rows if len(rows.row) else None)
        if first and (shape.kind != "jsonl" or not _lacking(given, known)):
            break
    if first:
        return first, known
    if torn == 0:
        raise BadInput("EMPTY_FILE", f"{path.name} has no rows.", "Export it again.")
    raise BadInput(
        "MOSTLY_REJECTED",
        f"No row of {path.name} can be read: {torn} were refused.",
        "Check that it is one record per line, in one encoding.",
    )


def _lacking(given: FileMapping, known: Collection[str]) -> bool:
    leaves = {name.rsplit(".", 1)[-1] for name in known}
    return any(
        part not in known and part not in leaves
        for spec in _specs(given).values()
        for part in parts_of(spec, known)
    )
