"""Which format a file has: the one that asks for most and gets all of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import NO_MONEY, FileMapping
from pathworth.collect.importers.catalogue import PLAIN, format_named, formats
from pathworth.collect.importers.columns import named
from pathworth.collect.importers.contracts import Format, Known, Look, Sign
from pathworth.collect.importers.look import look_at, look_below
from pathworth.collect.importers.saying import roles_of

_OWN = ("event", "time", "id")
"""What formats say for themselves: whoever says it knows the file's columns better."""


def recognise(path: Path, given: FileMapping) -> Known | None:
    """Return the format of a file; null for a plain one, and where a person said what its columns mean.

    Raises
    ------
    UnknownName
        ``UNKNOWN_FORMAT``.
    BadInput
        ``NOT_THIS_FORMAT`` where the file lacks what the named format needs, ``FORMAT_SAYS`` where more was said
        than a format leaves open, and those of ``look_at``.
    """
    if given.format == PLAIN:
        return None
    if given.format is not None:
        form = format_named(given.format)
        if other := _against(form, given):
            raise _says_itself(form.name, other)
        return _forced(look_at(path), form)
    # A day said for a whole file is no word about its columns.
    if any(not (getattr(given, name) or "=").startswith("=") for name in _OWN):
        return None
    found = known(path)
    return None if found is None or _against(found.format, given) else found


def _against(form: Format, given: FileMapping) -> list[str]:
    """Return what was said of columns that a format says otherwise; money it may be silent about."""
    if form.daily is not None:
        said = {name: getattr(given, name) for name in ("entity", "event", "value", "cost", "id")}
        return [name for name, column in said.items() if column is not None]
    shown = {role.name: role.column for role in roles_of(form)}
    own = [*_OWN, *(name for name in ("value", "cost") if name in shown)]
    said = {name: getattr(given, name) for name in own}
    if given.value == NO_MONEY:
        said.pop("value", None)
    return [name for name, column in said.items() if column not in (None, shown.get(name))]


def known(path: Path) -> Known | None:
    """Return the format that fits a file best; null when none does, or when it is no file to be looked at."""
    try:
        look = look_at(path)
    except (BadInput, csv.Error):
        return None  # what reads plain files says what is wrong with it
    found = sorted(_fitting(look, formats().values()), key=lambda row: -row[0])
    if not found and look.kind == "csv":
        look = look_below(look)
        above = [form for form in formats().values() if form.above]
        found = sorted(_fitting(look, above), key=lambda row: -row[0])
    if not found:
        return None
    best, form, because = found[0]
    rivals = [other.name for score, other, _ in found[1:] if score == best]
    if rivals:
        because = f"{because}, and as well like {' and '.join(rivals)}"
    return Known(form, look.shape, because, sure=not rivals)


def _fitting(look: Look, among: Iterable[Format]) -> list[tuple[int, Format, str]]:
    best = [(form, _best(look, form)) for form in among if look.kind in form.kinds]
    return [(_weight(sign), form, _said(sign)) for form, sign in best if sign is not None]


def _best(look: Look, form: Format) -> Sign | None:
    """Return the sign of a format that asks for most among those that the file gives."""
    fits = [
        sign
        for sign in form.signs
        if any(not _lacking(look, sign, columns) for columns in _tables(look, form))
    ]
    return max(fits, key=_weight, default=None)


def _tables(look: Look, form: Format) -> list[Mapping[str, str | None]]:
    """Return the columns of the records that a format would read."""
    keys = [key for key in ("", *form.lists) if key in look.tables]
    return [look.tables[key] for key in keys] or [{}]


def _weight(sign: Sign) -> int:
    return len(sign.has) + len(sign.values) + len(sign.members) + (sign.file != "*")


def _lacking(look: Look, sign: Sign, columns: Mapping[str, str | None]) -> list[str]:
    """Return what a sign asks for and these columns do not give."""
    lacking = [spec for spec in sign.has if not named(spec, columns)]
    lacking += [f"no {spec}" for spec in sign.lacks if named(spec, columns)]
    for spec, texts in sign.values.items():
        if not any(columns[name] in texts for name in named(spec, columns)):
            lacking.append(f"{spec} = {' or '.join(texts)}")
    if not fnmatchcase(look.path.name.lower(), sign.file):
        lacking.append(f"a name like {sign.file}")
    lacking += [
        glob for glob in sign.members if not any(fnmatchcase(m, glob) for m in look.members)
    ]
    return lacking


def _said(sign: Sign) -> str:
    """Return in words by what a file was known."""
    parts = [*(f"{name} = {' or '.join(texts)}" for name, texts in sign.values.items())]
    parts += [*sign.has[:4], *sign.members]
    parts += [] if sign.file == "*" else [f"the name {sign.file}"]
    return f"known by {', '.join(parts)}"


def _forced(look: Look, form: Format) -> Known:
    if look.kind not in form.kinds:
        raise BadInput(
            "NOT_THIS_FORMAT",
            f"{look.path.name} is {look.kind}, and {form.title} come as {' or '.join(form.kinds)}.",
            "Leave --format out, or see pathworth import --formats.",
        )
    lacking = [
        [spec for spec in sign.has if not named(spec, columns)]
        for sign in form.signs
        for columns in _tables(look, form)
    ]
    least = min(lacking, key=len, default=[])
    if least and form.above and look.shape.heads == 1 and (below := look_below(look)) is not look:
        return _forced(below, form)
    if least:
        raise BadInput(
            "NOT_THIS_FORMAT",
            f"{look.path.name} does not hold {form.title}: it lacks {', '.join(least)}.",
            "Leave --format out, or see pathworth import --formats.",
        )
    return Known(form, look.shape, "as told")


def _says_itself(name: str, said: list[str]) -> BadInput:
    return BadInput(
        "FORMAT_SAYS",
        f"The format {name} says itself what stands for {' and '.join(said)}.",
        "Leave those out, or read the file as any other with --format plain.",
    )
