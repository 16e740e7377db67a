"""A file of a known format as a guess that a person can see: what it is, what it will tell, and what it hides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import NO_MONEY, FileGuess, FileMapping, Role, is_code
from pathworth.collect.guess import Table, format_role, missing
from pathworth.collect.importers.catalogue import format_of, meaning_of
from pathworth.collect.importers.columns import named
from pathworth.collect.importers.contracts import Format, Known
from pathworth.collect.importers.reading import flat_rows
from pathworth.collect.importers.saying import notes_of, roles_of
from pathworth.collect.importers.telling import told
from pathworth.collect.readers import RawRows, Shape
from pathworth.collect.times import check_zone, parse_format

SAMPLED = 20_000


def sniff_format(path: Path, given: FileMapping, *, known: Known) -> FileGuess:
    """Say what a file of a known format will become.

    Raises
    ------
    BadInput
        ``EMPTY_FILE`` or ``MOSTLY_REJECTED`` where no row can be read; ``UNKNOWN_TIME_FORMAT``,
        ``UNKNOWN_TIMEZONE`` and ``MISSING_COLUMN`` for what was said.
    """
    _check(given)
    shape, source = known.shape, given.source or known.format.source
    # What a format says for itself was at most confirmed.
    mapping = replace(
        given, event=None, time=None, id=None, format=known.format.name, source=source
    )
    form = format_of(mapping) or known.format
    said = _columns_said(given, known.format)
    names, first = _first(path, shape, form=form, said=said)
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
    kept = tuple(name for name in first.columns if not name.startswith("@"))
    return FileGuess(path, shape, mapping, roles, names, notes_of(form), kept)


def _check(given: FileMapping) -> None:
    if given.time_format:
        parse_format(given.time_format)
    if given.timezone:
        check_zone(given.timezone)


def _columns_said(given: FileMapping, form: Format) -> list[str]:
    """Return what a person said that has to be a column of the file; the types of a log are none."""
    value = None if given.value == NO_MONEY else given.value
    money = [value, given.cost, None if is_code(given.currency or "") else given.currency]
    shown = {role.column for role in roles_of(form)}
    entity = None if form.read == "ocel" else given.entity
    return [
        spec for spec in (entity, given.anonymous, *money) if spec is not None and spec not in shown
    ]


def _first(
    path: Path, shape: Shape, *, form: Format, said: list[str]
) -> tuple[tuple[str, ...], RawRows]:
    """Return the columns of the first rows that tell something, and what these tell."""
    torn = 0
    for flat in flat_rows(path, shape, form=form):
        rows = told(flat, form)
        torn += len(rows.torn)
        for spec in said if len(flat.row) else ():
            if not named(spec, flat.columns):
                raise missing(spec, list(flat.columns), file=path.name)
        if len(rows.row):
            return tuple(name for name in flat.columns if not name.startswith("@")), rows
    if torn == 0:
        raise BadInput("EMPTY_FILE", f"{path.name} has no rows.", "Export it again.")
    raise BadInput(
        "MOSTLY_REJECTED",
        f"No row of {path.name} can be read: {torn} were refused.",
        "Read it as any other file with --format plain, and say what its columns mean.",
    )
