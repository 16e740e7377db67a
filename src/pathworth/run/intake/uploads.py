"""A file chosen on a page: kept aside, looked at, and imported in the background, with progress and an end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pathworth import collect
from pathworth.base.errors import BadInput, Refused
from pathworth.run.intake.works import Trouble, Work, Works
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

    def ended(self, state: str, trouble: Trouble | None = None) -> Running:
        """Return it as it stands at the end."""
        return replace(self, state=state, trouble=trouble)


_works: Works[Running] = Works("import", broke="IMPORT_BROKE")


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
    return _works.begin(
        workspace,
        Running(upload_id, path.name, "running", "reading", 0.0, 0, 0),
        work=partial(_import, workspace, path=path, given=given, author=author),
        busy=lambda other: Refused(
            "IMPORT_RUNNING",
            f"{other.file} is being imported.",
            "Wait until it has ended, or cancel it.",
        ),
    )


def _import(
    workspace: Workspace,
    work: Work[Running],
    *,
    path: Path,
    given: collect.FileMapping,
    author: str | None,
) -> Running:
    done = collect.import_files(
        workspace.store,
        [path],
        mapping=given,
        progress=lambda step: work.see(_seen(work.now, step)),
        author=author,
    )
    held = workspace.store.snapshot()
    Uploads(workspace.store).drop(work.now.upload)
    return replace(
        work.now,
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


def _seen(before: Running, step: collect.Progress) -> Running:
    """Return how far an import is."""
    share = before.share
    if step.stage in _CHUNK_STEPS:
        done = step.done / max(step.total, 1)
        share = (_CHUNK_STEPS.index(step.stage) + done) / len(_CHUNK_STEPS)
    return replace(before, stage=step.stage, share=share, rows=step.rows, rejected=step.rejected)


def running(workspace: Workspace) -> tuple[Running, ...]:
    """Return the import that runs in this process, or how the last one ended; none when there was none."""
    return _works.of(workspace)


def cancel(workspace: Workspace) -> tuple[Running, ...]:
    """End the import that runs; nothing of it stays."""
    return _works.cancel(workspace)


def drop_upload(workspace: Workspace, upload_id: str) -> Upload:
    """Forget a file that was sent, and say which it was."""
    return Uploads(workspace.store).drop(upload_id)
