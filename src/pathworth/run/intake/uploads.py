"""A file chosen on a page: kept aside, looked at, and imported in the background, with progress and an end."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from pathworth import collect
from pathworth.base.errors import BadInput, PathworthError, Refused
from pathworth.run.workspace import Workspace
from pathworth.store import Upload, Uploads

SEEN_ROWS = 1_000
"""So many rows are read to show what a file would become."""
_CHUNK_STEPS = ("reading", "looking for duplicates", "writing events", "building journeys")


@dataclass(frozen=True)
class RoleSeen:
    """What a column seems to mean, why, and whether that is sure."""

    name: str
    column: str | None
    because: str
    sure: bool
    given: bool


@dataclass(frozen=True)
class RowSeen:
    """One row as it would be stored."""

    person: str
    event: str
    time: str
    value: float | None
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Seen:
    """What a file seems to be.

    Parameters
    ----------
    upload
        The file.
    sure
        Whether it can be imported as it is; else a person has to say what the unsure columns mean.
    columns, roles, time_format
        Its columns, what they seem to mean, and how it writes times.
    rows, rejected, reasons
        Of the first thousand rows those that can be read and those that cannot, and why; zero while unsure.
    sample
        First rows as they would be stored.
    notes
        What a person should know.
    trouble
        Why it cannot be imported with these columns; null when it can.
    daily
        Whether it tells no people, but numbers by the day.
    """

    upload: Upload
    sure: bool
    columns: tuple[str, ...]
    roles: tuple[RoleSeen, ...]
    time_format: str | None
    rows: int
    rejected: int
    reasons: tuple[str, ...]
    sample: tuple[RowSeen, ...]
    notes: tuple[str, ...]
    trouble: str | None
    daily: bool


@dataclass(frozen=True)
class Trouble:
    """Why an import was refused, and what to do."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Running:
    """An import in the background.

    Parameters
    ----------
    upload, file
        What is imported.
    state
        ``running``, ``done``, ``refused`` or ``cancelled``.
    stage, share
        What is being done, and how far the whole is, 0 to 1.
    rows, rejected
        Rows read so far, and those of them that cannot be read.
    import_, accepted, duplicates, events, entities
        What became of it; null before the end.
    trouble
        Why it was refused.
    daily
        Whether ``accepted`` are numbers by the day.
    """

    upload: str
    file: str
    state: str
    stage: str
    share: float
    rows: int
    rejected: int
    import_: int | None = None
    accepted: int | None = None
    duplicates: int | None = None
    events: int | None = None
    entities: int | None = None
    trouble: Trouble | None = None
    daily: bool = False


class _Cancelled(Exception):  # no error: a person asked for it
    """The import was cancelled."""


class _Work:
    """One import in a thread of this process."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.stop = threading.Event()

    def see(self, step: collect.Progress) -> None:
        """Note how far the import is, and end it when a person asked for that."""
        if self.stop.is_set():
            raise _Cancelled
        share = self.running.share
        if step.stage in _CHUNK_STEPS:
            done = step.done / max(step.total, 1)
            share = (_CHUNK_STEPS.index(step.stage) + done) / len(_CHUNK_STEPS)
        self.running = replace(
            self.running, stage=step.stage, share=share, rows=step.rows, rejected=step.rejected
        )


_works: dict[str, _Work] = {}
_lock = threading.Lock()


async def keep_upload(workspace: Workspace, *, name: str, parts: AsyncIterator[bytes]) -> Upload:
    """Keep a file aside until it is imported; what was left for a day goes.

    Parameters
    ----------
    name
        What the file is called; its ending says how it is read.
    parts
        Its bytes as they come.

    Raises
    ------
    StoreTrouble
        ``DISK_FULL``; nothing was kept.
    BadInput
        ``EMPTY_FILE``.
    """
    return await Uploads(workspace.store).keep(name, parts)


def look_at(workspace: Workspace, upload_id: str, *, given: collect.FileMapping) -> Seen:
    """Say what a file seems to be, with what a person said about its columns.

    Raises
    ------
    UnknownName
        ``UNKNOWN_UPLOAD``.
    BadInput
        Whatever the readers refuse, in words.
    """
    kept = Uploads(workspace.store)
    path = kept.path(upload_id)
    guess = collect.sniff([path], given)
    file = guess.files[0]
    trouble, answer = None, None
    if guess.sure:
        try:
            answer = collect.import_files(
                workspace.store, [path], mapping=given, dry_run=True, limit=SEEN_ROWS
            )
        except BadInput as error:
            trouble = error.message
    sample = answer.sample if answer else ()
    return Seen(
        upload=kept.of(upload_id),
        sure=guess.sure and trouble is None,
        columns=file.columns,
        roles=tuple(RoleSeen(r.name, r.column, r.because, r.sure, r.given) for r in file.roles),
        time_format=file.mapping.time_format,
        rows=answer.accepted if answer else 0,
        rejected=answer.rejected if answer else 0,
        reasons=tuple(f"{r.code}: {r.first}" for r in answer.reasons) if answer else (),
        sample=tuple(RowSeen(r.entity, r.event, r.time, r.value, r.properties) for r in sample),
        notes=file.notes,
        trouble=trouble,
        daily=collect.is_daily(file),
    )


def begin_upload(
    workspace: Workspace, upload_id: str, *, given: collect.FileMapping, author: str | None = None
) -> Running:
    """Import a file in the background.

    Raises
    ------
    UnknownName
        ``UNKNOWN_UPLOAD``.
    BadInput
        ``MAPPING_UNSURE``.
    Refused
        ``IMPORT_RUNNING`` while another one runs.
    """
    path = Uploads(workspace.store).path(upload_id)
    collect.require_sure(collect.sniff([path], given))
    with _lock:
        before = _works.get(_key(workspace))
        if before is not None and before.running.state == "running":
            raise Refused(
                "IMPORT_RUNNING",
                f"{before.running.file} is being imported.",
                "Wait until it has ended, or cancel it.",
            )
        work = _Work(Running(upload_id, path.name, "running", "reading", 0.0, 0, 0))
        _works[_key(workspace)] = work
    thread = threading.Thread(
        target=_import, args=(workspace, work, path, given, author), name="import", daemon=True
    )
    thread.start()
    return work.running


def _import(
    workspace: Workspace,
    work: _Work,
    path: Path,
    given: collect.FileMapping,
    author: str | None,
) -> None:
    try:
        done = collect.import_files(
            workspace.store, [path], mapping=given, progress=work.see, author=author
        )
    except _Cancelled:
        work.running = replace(work.running, state="cancelled")
        return
    except PathworthError as error:
        said = Trouble(error.code, error.message, error.hint)
        work.running = replace(work.running, state="refused", trouble=said)
        return
    except Exception as error:  # noqa: BLE001  # a page waits for the end, whatever it is
        said = Trouble("IMPORT_BROKE", f"The import broke off: {error!r}.", "Nothing was kept.")
        work.running = replace(work.running, state="refused", trouble=said)
        return
    held = workspace.store.snapshot()
    work.running = replace(
        work.running,
        state="done",
        share=1.0,
        rejected=done.rejected,
        import_=done.import_,
        accepted=done.accepted,
        duplicates=done.duplicates,
        events=held.events,
        entities=held.entities,
        daily=done.daily,
    )
    Uploads(workspace.store).drop(work.running.upload)


def running(workspace: Workspace) -> tuple[Running, ...]:
    """Return the import that runs in this process, or how the last one ended; none when there was none."""
    work = _works.get(_key(workspace))
    return () if work is None else (work.running,)


def cancel(workspace: Workspace) -> tuple[Running, ...]:
    """End the import that runs; nothing of it stays."""
    work = _works.get(_key(workspace))
    if work is not None:
        work.stop.set()
    return running(workspace)


def drop_upload(workspace: Workspace, upload_id: str) -> Upload:
    """Forget a file that was sent, and say which it was."""
    return Uploads(workspace.store).drop(upload_id)


def _key(workspace: Workspace) -> str:
    return str(workspace.store.path.resolve())
