"""Export the journeys of a workspace as an event log: XES or OCEL 2.0."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO, cast

from pathworth.base.errors import BadInput, WrongUsage
from pathworth.journeys import AsOf
from pathworth.run.logs.events import Source
from pathworth.run.logs.writing import write_ocel, write_xes
from pathworth.run.workspace import Workspace

LogFormat = Literal["xes", "ocel"]
_ENDINGS: dict[str, LogFormat] = {
    ".xes": "xes",
    ".ocel": "ocel",
    ".jsonocel": "ocel",
    ".json": "ocel",
}


@dataclass(frozen=True)
class ExportedLog:
    """A log that was written: its file and format, how much it holds, and what it lacks.

    Parameters
    ----------
    left_out
        Properties of the data that are no columns, and so are not in the log.
    """

    file: str
    format: LogFormat
    entities: int
    events: int
    left_out: tuple[str, ...]
    as_of: AsOf


def export_log(
    workspace: Workspace, path: Path, *, form: str | None = None, having: tuple[str, ...] = ()
) -> ExportedLog:
    """Write all journeys that answers count into one file, which appears only when it is whole.

    Parameters
    ----------
    path
        Where; ``.gz`` behind its name compresses it.
    form
        ``xes`` or ``ocel``; null goes by the file's name.
    having
        Properties that are no columns yet and become such first.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_LOG_FORMAT``.
    BadInput
        ``FILE_EXISTS``, ``NO_FOLDER``.
    """
    kind = _format(path, form)
    if path.exists():
        raise BadInput("FILE_EXISTS", f"{path} is there already.", "Name another file.")
    if not path.parent.is_dir():
        raise BadInput("NO_FOLDER", f"There is no folder {path.parent}.", "Make it first.")
    named = {row.name: row.by for row in workspace.entities.list()}
    having = tuple(dict.fromkeys([*having, *(named.values() if kind == "ocel" else ())]))
    snapshot = workspace.store.snapshot(having=having)
    source = Source.of(snapshot, having)
    aside = path.with_name(f".{path.name}.part")
    try:
        with _open(aside, packed=path.suffix == ".gz") as out:
            if kind == "xes":
                write_xes(source, out)
            else:
                write_ocel(source, out, entities=named)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    left_out = tuple(sorted(set(snapshot.on_use) - set(source.columns)))
    as_of = AsOf(snapshot.id, snapshot.seq)
    return ExportedLog(str(path), kind, snapshot.entities, snapshot.events, left_out, as_of)


def _format(path: Path, form: str | None) -> LogFormat:
    ending = Path(path.name.removesuffix(".gz")).suffix
    found = form or _ENDINGS.get(ending)
    if found not in _ENDINGS.values():
        raise WrongUsage(
            "UNKNOWN_LOG_FORMAT",
            f"{form or path.name!r} names no format of event logs.",
            "Say --format xes or --format ocel, or end the file's name with .xes or .jsonocel.",
        )
    return cast("LogFormat", found)


def _open(path: Path, *, packed: bool) -> TextIO:
    if packed:
        return cast("TextIO", gzip.open(path, "wt", encoding="utf-8"))
    return path.open("w", encoding="utf-8")
