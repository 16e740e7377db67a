"""A file of a known format as a guess that a person can see: what it is, what it will tell, and what it hides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import FileGuess, FileMapping, Role
from pathworth.collect.guess import Table, format_role
from pathworth.collect.importers.catalogue import format_of, meaning_of
from pathworth.collect.importers.contracts import Known
from pathworth.collect.importers.reading import rows_of
from pathworth.collect.importers.saying import notes_of, roles_of
from pathworth.collect.readers import RawRows, Shape
from pathworth.collect.times import check_zone, parse_format

SAMPLED = 20_000


def sniff_format(path: Path, given: FileMapping, *, known: Known) -> FileGuess:
    """Say what a file of a known format will become.

    Raises
    ------
    BadInput
        ``EMPTY_FILE`` or ``MOSTLY_REJECTED`` where no row can be read, ``UNKNOWN_TIME_FORMAT`` and
        ``UNKNOWN_TIMEZONE`` for what was said.
    """
    _check(given)
    shape = known.shape
    mapping = replace(given, format=known.format.name, source=given.source or known.format.source)
    first = _first(path, shape, mapping)
    form = known.format if (said := format_of(mapping)) is None else said
    columns = {name: column.slice(0, SAMPLED) for name, column in first.columns.items()}
    table = Table.of({"@time": columns["@time"]}, path.name)
    time = Role("time", "@time", "", sure=True)
    times = format_role(table, meaning_of(mapping), time=time)
    times = replace(times, because=times.because.replace("@time", "the time of its events"))
    if form.time_format is None and times.column is not None:
        mapping = replace(mapping, time_format=times.column)
    roles = (
        Role("format", form.name, f"{form.title}; {known.because}", known.sure),
        *roles_of(form),
        times,
    )
    names = tuple(name for name in first.columns if not name.startswith("@"))
    return FileGuess(path, shape, mapping, roles, names, notes_of(form))


def _check(given: FileMapping) -> None:
    if given.time_format:
        parse_format(given.time_format)
    if given.timezone:
        check_zone(given.timezone)


def _first(path: Path, shape: Shape, mapping: FileMapping) -> RawRows:
    """Return the first rows that tell something."""
    torn = 0
    for rows in rows_of(path, shape, mapping=mapping):
        torn += len(rows.torn)
        if len(rows.row):
            return rows
    if torn == 0:
        raise BadInput("EMPTY_FILE", f"{path.name} has no rows.", "Export it again.")
    raise BadInput(
        "MOSTLY_REJECTED",
        f"No row of {path.name} can be read: {torn} were refused.",
        "Read it as any other file with --format plain, and say what its columns mean.",
    )
