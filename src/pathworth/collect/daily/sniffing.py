"""A file of a format that tells no people, as a guess that a person can see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import FileGuess, FileMapping, Role
from pathworth.collect.daily.days import check_day, day_spec
from pathworth.collect.guess import Table, format_role, missing
from pathworth.collect.importers import Known
from pathworth.collect.importers.columns import first_text, named
from pathworth.collect.importers.contracts import Daily, Format
from pathworth.collect.importers.reading import flat_rows
from pathworth.collect.importers.saying import notes_of, roles_of
from pathworth.collect.readers import RawRows, Shape
from pathworth.collect.times import parse_format

SAMPLED = 20_000


def sniff_daily(path: Path, given: FileMapping, *, known: Known) -> FileGuess:
    """Say what a file of a known format that tells no people will become.

    Raises
    ------
    BadInput
        ``EMPTY_FILE``, ``BAD_DAY``, ``MISSING_COLUMN``, ``UNKNOWN_TIME_FORMAT``, and ``NOT_THIS_FORMAT`` where none of
        its numbers is there.
    """
    form, shape = known.format, known.shape
    daily = form.daily or Daily(())
    first = _first(path, shape, form=form, daily=daily)
    held = [m for m in daily.measures if named(m.column, first.columns)]
    if not held:
        raise BadInput(
            "NOT_THIS_FORMAT",
            f"{path.name} holds none of the numbers of {form.title}.",
            "Leave --format out, or see pathworth import --formats.",
        )
    day, times = _days(path, given, first, daily)
    mapping = replace(
        given,
        time=day.column,
        time_format=times.column if day.column and not day.column.startswith("=") else None,
        format=form.name,
        source=given.source or form.source,
    )
    roles = (
        Role("format", form.name, f"{form.title}; {known.because}", known.sure),
        day,
        *roles_of(form),
        *([times] if day.column and not day.column.startswith("=") else []),
    )
    columns = tuple(name for name in first.columns if not name.startswith("@"))
    return FileGuess(path, shape, mapping, roles, columns, (*notes_of(form), *_unread(form, first)))


def _first(path: Path, shape: Shape, *, form: Format, daily: Daily) -> RawRows:
    """Return the first rows; of an archive the first that name their day, if any do."""
    found = None
    for rows in flat_rows(path, shape, form=form):
        if len(rows.row):
            found = found or rows
            if not daily.period or day_spec(daily, rows.columns, path=Path()) is not None:
                return rows
    if found is not None:
        return found
    raise BadInput("EMPTY_FILE", f"{path.name} has no rows.", "Export it again.")


def _days(path: Path, given: FileMapping, first: RawRows, daily: Daily) -> tuple[Role, Role]:
    """Say what tells the day, and how it is written."""
    if given.time_format:
        parse_format(given.time_format)
    if given.time is None:
        spec = day_spec(daily, first.columns, path=path)
        why = "no column tells of which day its numbers are; say it, for example --time =2026-05-31"
        if spec is not None:
            why = "in the file's name" if spec.startswith("=") else "as the format says"
        day = Role("time", spec, why, sure=spec is not None)
    else:
        spec = check_day(given.time) if given.time.startswith("=") else given.time
        if not spec.startswith("=") and not named(spec, first.columns):
            raise missing(spec, list(first.columns), file=path.name)
        day = Role("time", spec, "as told", sure=True, given=True)
    if day.column is None or day.column.startswith("="):
        return day, Role("time_format", None, "", sure=True)
    if daily.week is not None and day.column == daily.week and given.time_format is None:
        return day, Role("time_format", "iso", "days or weeks of ISO 8601", sure=True)
    texts = first_text(day.column, first.columns, count=len(first.row)).slice(0, SAMPLED)
    table = Table.of({"@time": texts}, path.name)
    times = format_role(table, given, time=Role("time", "@time", "", sure=True))
    return day, replace(times, because=times.because.replace("@time", day.column))


def _unread(form: Format, first: RawRows) -> tuple[str, ...]:
    """Name the columns of which nothing is kept."""
    daily = form.daily or Daily(())
    specs = [*(m.column for m in daily.measures), *daily.dimensions.values()]
    specs += [m.currency for m in daily.measures if m.currency not in (None, "*")]
    specs += [spec for spec in (daily.day, daily.week, daily.last) if spec]
    used = {name for spec in specs for name in named(str(spec), first.columns)}
    rest = [name for name in first.columns if name not in used and not name.startswith("@")]
    if daily.of is not None or daily.period or not rest:
        return ()
    return (f"Not kept: {', '.join(rest[:12])}; a format of your own can name them.",)
