"""Imports as they are remembered: what became of their rows, and whether they were undone."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pathworth.base.errors import BadInput, UnknownName
from pathworth.store.contracts import ImportedFile, ImportRecord, ImportResult
from pathworth.store.erasing.rows import ErasureRow
from pathworth.store.keeping.rows import KeepBatchRow
from pathworth.store.records.database import Database, ImportFileRow, ImportRow


def read_imports(database: Database) -> tuple[ImportRecord, ...]:
    """Return every import that was committed, oldest first."""
    with database.session() as session:
        files: dict[int, list[ImportedFile]] = {}
        order = (ImportFileRow.import_id, ImportFileRow.position)
        for row in session.scalars(select(ImportFileRow).order_by(*order)):
            files.setdefault(row.import_id, []).append(_imported_file(row))
        rows = session.scalars(select(ImportRow).order_by(ImportRow.id))
        return tuple(_record(row, tuple(files.get(row.id, ()))) for row in rows)


def paths_of(database: Database, import_id: int) -> list[str]:
    """Return the files of an import in their order; raises ``UNKNOWN_IMPORT``."""
    known = {record.result.import_id: record for record in read_imports(database)}
    if import_id not in known:
        raise UnknownName.near("import", str(import_id), map(str, known))
    return [file.path for file in known[import_id].files]


def seen_file(database: Database, sha256: str, *, source: str, kind: str) -> ImportedFile | None:
    """Return a file that a standing import read, byte for byte with no row rejected, or null."""
    asked = (
        select(ImportFileRow)
        .join(ImportRow, ImportRow.id == ImportFileRow.import_id)
        .where(ImportFileRow.sha256 == sha256, ImportRow.source == source, ImportRow.kind == kind)
        .where(ImportFileRow.rejected == 0, ImportFileRow.rows > 0)
        .where(ImportFileRow.skipped == 0, ImportRow.undone_at.is_(None))
        .order_by(ImportFileRow.import_id)
        .limit(1)
    )
    with database.session() as session:
        row = session.scalar(asked)
        return None if row is None else _imported_file(row)


def next_number(session: Session) -> int:
    """Return the number of the next import, undo, erasure or batch of what is too old: all are one series."""
    asked = select(func.max(ImportRow.id), func.max(ImportRow.undo_id))
    others = [session.scalar(select(func.max(row.number))) for row in (ErasureRow, KeepBatchRow)]
    return max(number or 0 for number in (*session.execute(asked).one(), *others)) + 1


def sizes_before(database: Database, import_id: int) -> str | None:
    """Return the sizes of what had codes before an import that can be undone; null when not known.

    Raises
    ------
    UnknownName
        ``UNKNOWN_IMPORT``.
    BadInput
        ``ALREADY_UNDONE``.
    """
    with database.session() as session:
        row = session.get(ImportRow, import_id)
        if row is None:
            known = map(str, session.scalars(select(ImportRow.id)))
            raise UnknownName.near("import", str(import_id), known)
        if row.undone_at is not None:
            raise BadInput(
                "ALREADY_UNDONE",
                f"Import {import_id} was undone on {row.undone_at}.",
                "Import its files again to have its events back.",
            )
        return row.shape


def _imported_file(row: ImportFileRow) -> ImportedFile:
    return ImportedFile(
        row.path, row.sha256, row.bytes, row.rows, row.rejected, skipped=bool(row.skipped)
    )


def _record(row: ImportRow, files: tuple[ImportedFile, ...]) -> ImportRecord:
    counts = ("accepted", "rejected", "duplicates", "conflicting", "entities", "events")
    names = (*counts, "from_us", "to_us")
    return ImportRecord(
        ImportResult(import_id=row.id, **{name: getattr(row, name) for name in names}),
        row.source,
        row.committed_at,
        files,
        kind=row.kind,
        author=row.author,
        shadowed=row.shadowed,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )
