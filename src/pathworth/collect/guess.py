"""Which column means what: names that people use, scored together with what the values look like."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping as Words
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from pathworth.base.errors import BadInput
from pathworth.collect import vocabulary as names
from pathworth.collect.contracts import FileMapping, Role
from pathworth.collect.profile import Profile, profile, say_formats

SURE = 0.7
MARGIN = 0.1


@dataclass(frozen=True)
class Scored:
    """A column that may carry a meaning, and how much speaks for it."""

    column: str
    score: float


@dataclass(frozen=True)
class Table:
    """A sample of a file: its columns by name, their profiles, and the name of the file without endings."""

    columns: dict[str, pa.Array]
    profiles: dict[str, Profile]
    stem: str

    @classmethod
    def of(cls, columns: dict[str, pa.Array], stem: str) -> Table:
        """Profile the columns of a sample."""
        return cls(columns, {name: profile(column) for name, column in columns.items()}, stem)

    @property
    def rows(self) -> int:
        """Return how many rows the sample holds."""
        return len(next(iter(self.columns.values()), ()))


def guess_roles(
    table: Table, given: FileMapping
) -> tuple[FileMapping, tuple[Role, ...], list[str]]:
    """Fill in what a mapping leaves open.

    Parameters
    ----------
    table
        A sample of the file.
    given
        What was said; it is taken as it is.

    Returns
    -------
    The mapping, a role with its reason for every part of it, and notes for a person.
    """
    notes: list[str] = []
    roles = [_given(name, getattr(given, name)) for name in ("entity", "event", "time")]
    taken = {c for name in _NAMED if (c := getattr(given, name))}
    if roles[2].column is None:
        roles[2] = _time(table, taken)
    form = format_role(table, given, time=roles[2])
    taken |= _columns(roles[2].column)
    if roles[0].column is None:
        roles[0] = _entity(table, taken)
    taken |= _columns(roles[0].column)
    value = _given("value", given.value)
    if value.column is None:
        value = _value(table, taken, notes)
    if roles[1].column is None:
        roles[1] = _event(table, taken | _columns(value.column), value.column)
    if not value.given:
        value = _without_prices(table, value, roles[1].column, notes)
    others = [_optional(table, given, name, taken) for name in ("cost", "currency", "id")]
    every = (*roles[:3], form, value, *others)
    found: dict[str, Any] = {role.name: role.column for role in every}
    return replace(given, **found), tuple(r for r in every if r.column or not r.sure), notes


_NAMED = ("entity", "event", "time", "value", "cost", "currency", "id")


def _columns(spec: str | None) -> set[str]:
    return set() if spec is None else {spec, *spec.split("|")}


def _given(name: str, column: str | None) -> Role:
    return Role(name, column, "as told", sure=column is not None, given=column is not None)


def _ranked(table: Table, scores: dict[str, float], taken: set[str]) -> list[Scored]:
    """Return columns by falling score; of two that hold the same, the first stays."""
    rows = [Scored(c, s) for c, s in scores.items() if s > 0 and c not in taken]
    rows.sort(key=lambda row: -row.score)
    kept: list[Scored] = []
    for row in rows:
        if not any(table.columns[row.column].equals(table.columns[k.column]) for k in kept):
            kept.append(row)
    return kept


def _choose(name: str, ranked: list[Scored], what: str) -> Role:
    """Take the best column; it is sure when it is good and no other comes close."""
    if not ranked:
        return Role(name, None, f"no column looks like {what}", sure=False)
    best = ranked[0]
    second = ranked[1].score if len(ranked) > 1 else 0.0
    if best.score < SURE:
        because = f"{best.column} looks most like {what}, but weakly"
        return Role(name, best.column, because, sure=False)
    if best.score - second < MARGIN:
        because = f"both {best.column} and {ranked[1].column} look like {what}"
        return Role(name, best.column, because, sure=False)
    return Role(name, best.column, f"its name and values are those of {what}", sure=True)


def _time(table: Table, taken: set[str]) -> Role:
    scores = {}
    for column, shape in table.profiles.items():
        name = names.weight(names.TIME, column)
        if any(word in names.plain(column) for word in names.NOT_THIS_TIME):
            name = min(name, 0.5) * 0.5
        if not shape.formats or shape.filled < 0.5:
            continue
        counted = shape.formats[0].kind == "days"
        hinted = any(word in column.lower() for word in ("time", "date", "day", "_at", "tstamp"))
        base = 0.45 if hinted else 0.3
        if counted:
            base, name = (base if hinted else 0.0), name * 0.9
        scores[column] = max(base, name) * (0.5 + 0.5 * shape.filled)
    return _choose("time", _ranked(table, scores, taken), "the time of an event")


def format_role(table: Table, given: FileMapping, *, time: Role) -> Role:
    """Say how the time is written; days since an unknown day, or day and month in doubt, are not sure."""
    if given.time_format not in (None, "auto"):
        return _given("time_format", given.time_format)
    shape = table.profiles.get((time.column or "").split("|")[0])
    if shape is None or not shape.formats:
        because = f"the values of {time.column} are no times in a known format"
        return Role("time_format", None, because, sure=time.column is None)
    first, *more = shape.formats
    if first.kind == "days":
        because = (
            f"{time.column} counts days from a day that the file does not name; write that day in place "
            f"of {first.text}"
        )
        return Role("time_format", str(first), because, sure=False)
    if more:
        because = f"{time.column} can be read as {say_formats(shape.formats)}"
        return Role("time_format", str(first), because, sure=False)
    return Role("time_format", str(first), f"the values of {time.column} are so written", sure=True)


def _entity(table: Table, taken: set[str]) -> Role:
    if both := _either(table, ("userId", "anonymousId"), taken):
        return Role("entity", both, "userId, and anonymousId where that is empty", sure=True)
    scores = {}
    for column, shape in table.profiles.items():
        name = names.weight(names.ENTITY, column)
        if name == 0 and names.plain(column).endswith("id"):
            name = 0.35
        if shape.distinct < 2 and table.rows > 20:
            name *= 0.5
        if shape.fractions > 0.01 or shape.filled < 0.05:
            continue
        alone = 0.75 if name == 1 else 0.6
        repeats = 1.0 if shape.unique < 0.95 or table.rows < 50 else alone
        scores[column] = name * repeats * (0.4 + 0.6 * shape.filled)
    return _choose("entity", _ranked(table, scores, taken), "whose event it is")


def _either(table: Table, pair: tuple[str, str], taken: set[str]) -> str | None:
    """Return ``a|b`` when both are columns and the first one is not always filled."""
    if not all(column in table.profiles and column not in taken for column in pair):
        return None
    return "|".join(pair) if table.profiles[pair[0]].filled < 1 else None


def _event(table: Table, taken: set[str], value: str | None) -> Role:
    if "messageId" in table.profiles and (both := _either(table, ("event", "type"), taken)):
        return Role("event", both, "event, and the type of call where that is empty", sure=True)
    scores = {}
    for column, shape in table.profiles.items():
        name = names.weight(names.EVENT, column)
        few = shape.distinct <= 1000 and (shape.unique < 0.5 or table.rows < 50)
        if not few or shape.numbers > 0.9 or shape.filled < 0.5 or shape.formats:
            continue
        scores[column] = name * (0.6 + 0.4 * shape.letters) * (0.5 + 0.5 * shape.filled)
    ranked = _ranked(table, scores, taken)
    if not ranked or ranked[0].score < 0.5:
        return _constant(table, value)
    return _choose("event", ranked, "what happened")


def _constant(table: Table, value: str | None) -> Role:
    """Name every row: ``order`` when rows carry money, else after the file."""
    signs = [table.stem, *table.columns]
    orders = value is not None and (
        any(word in names.plain(sign) for sign in signs for word in names.ORDER_SIGNS)
        or not any(names.weight(names.EVENT, column) for column in table.columns)
    )
    word = "order" if orders else table.stem
    because = f'no column says what happened, so every row is named "{word}"'
    return Role("event", f"={word}", because, sure=True)


def _value(table: Table, taken: set[str], notes: list[str]) -> Role:
    scores = _money(table, names.VALUE)
    ranked = _ranked(table, scores, taken)
    if not ranked:
        return Role("value", None, "no column looks like money received", sure=True)
    chosen = _choose("value", ranked, "money received")
    if chosen.sure:
        return chosen
    notes.append(f"Money: {chosen.because}; it is left out unless you add --value {chosen.column}.")
    return Role("value", None, chosen.because, sure=True)


def _money(table: Table, words: Words[str, float]) -> dict[str, float]:
    found = {}
    for column, shape in table.profiles.items():
        name = names.weight(words, column)
        least = 0.5 if name == 1 else 0.95
        if name and shape.numbers > least and (shape.distinct > 1 or name == 1):
            found[column] = name
    return found


def _without_prices(table: Table, value: Role, event: str | None, notes: list[str]) -> Role:
    """Leave out a price that stands on every row, also where nothing was bought."""
    column = table.columns.get((event or "").split("|")[0])
    if value.column is None or column is None or names.weight(names.VALUE, value.column) == 1:
        return value
    kinds = {str(kind).lower() for kind in column.unique().to_pylist()}
    idle = sorted(k for k in kinds if not any(word in k for word in names.BUYING))
    if table.profiles[value.column].filled < 0.99 or not idle:
        return value
    notes.append(
        f"Money: {value.column} stands on every row, also on {', '.join(idle[:3])}, so it is a price shown "
        f"and not money received; it is left out unless you add --value {value.column}."
    )
    return Role("value", None, f"{value.column} is a price shown", sure=True)


def _optional(table: Table, given: FileMapping, name: str, taken: set[str]) -> Role:
    """Take a cost, a currency or a message id where name and values leave no doubt."""
    if getattr(given, name) is not None:
        return _given(name, getattr(given, name))
    words = {"cost": names.COST, "currency": names.CURRENCY, "id": names.MESSAGE}[name]
    scores = {column: names.weight(words, column) for column in table.profiles}
    ranked = [r for r in _ranked(table, scores, taken) if _fits(name, table.profiles[r.column])]
    best = ranked[0] if ranked and ranked[0].score >= SURE else None
    because = "its name and values say so" if best else "no column looks like it"
    return Role(name, best.column if best else None, because, sure=True)


def _fits(name: str, shape: Profile) -> bool:
    if name == "cost":
        return shape.numbers > 0.5
    if name == "currency":
        return shape.codes > 0.95
    return shape.filled > 0.999 and shape.unique > 0.9


def find_column(spec: str, known: Collection[str], *, file: str) -> str:
    """Return the column that a mapping means: by its whole name, or by the last part of one nested name.

    Raises
    ------
    BadInput
        ``MISSING_COLUMN`` with the nearest names.
    """
    if spec in known:
        return spec
    leaves = [name for name in known if name.rsplit(".", 1)[-1] == spec]
    if len(leaves) == 1:
        return leaves[0]
    raise missing(spec, list(known), file=file)


def missing(spec: str, known: list[str], *, file: str) -> BadInput:
    """Build the error for a column that is not there."""
    plain = {names.plain(name): name for name in known}
    close = difflib.get_close_matches(names.plain(spec), list(plain), n=3, cutoff=0.5)
    hint = (
        f"Did you mean {' or '.join(plain[c] for c in close)}?"
        if close
        else f"Its columns: {', '.join(known[:20])}."
    )
    return BadInput("MISSING_COLUMN", f"{file} has no column {spec!r}.", hint)
