"""What the database keeps of batches that removed what was older than it is kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import msgspec
from sqlalchemy import BigInteger, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.keeping.contracts import KeepBatch, KeepNote, Kept, Removed
from pathworth.store.records.data.arrivals import ID
from pathworth.store.records.database import Base

IN_LAKE = "events"


class KeepBatchRow(Base):
    """One batch; ``number`` is that of its last change of the lake, ``told`` what it removed, as JSON."""

    __tablename__ = "keep_batches"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    began_us: Mapped[int] = mapped_column(BigInteger)
    done_us: Mapped[int | None] = mapped_column(BigInteger)
    number: Mapped[int | None] = mapped_column(BigInteger)
    limits: Mapped[str] = mapped_column(Text)
    told: Mapped[str] = mapped_column(Text)


def unfinished(session: Session) -> KeepBatchRow | None:
    """Return the batch that was cut short; null when none was."""
    asked = select(KeepBatchRow).where(KeepBatchRow.done_us.is_(None))
    return session.scalar(asked.order_by(KeepBatchRow.id.desc()).limit(1))


def begun(session: Session, limits: Kept) -> int:
    """Return the number of the batch that runs from now on: the one that was cut short, or a new one."""
    text = msgspec.json.encode(limits.limits).decode()
    row = unfinished(session)
    if row is None:
        row = KeepBatchRow(began_us=_now(), done_us=None, number=None, limits=text, told="[]")
        session.add(row)
    row.limits = text
    session.flush()
    return row.id


def tell(session: Session, batch: int, *, removed: Sequence[Removed]) -> None:
    """Say what else a batch removed; the same place again counts together."""
    row = session.get_one(KeepBatchRow, batch)
    held = {(one.name, one.place): one for one in _told(row)}
    for one in removed:
        before = held.get((one.name, one.place))
        rows = one.rows + (before.rows if before else 0)
        if rows:
            held[one.name, one.place] = Removed(one.name, one.place, rows, one.at)
    row.told = msgspec.json.encode([asdict(one) for one in held.values()]).decode()


def note_kept(session: Session, number: int, *, note: KeepNote) -> bool:
    """Say which events of the lake a batch removed with a change of it; once is enough, and only then true."""
    row = session.get_one(KeepBatchRow, note.batch)
    if row.number == number:
        return False
    row.number, at = number, iso(_now())
    tell(
        session,
        note.batch,
        removed=[Removed(n, IN_LAKE, k, at) for n, k in sorted(note.events.items())],
    )
    return True


def end(session: Session, batch: int) -> KeepBatch:
    """Say that a batch is done; earlier ones that removed nothing need not be remembered."""
    row = session.get_one(KeepBatchRow, batch)
    row.done_us = _now()
    # Numbers of changes are never given again: whoever had one stays.
    empty = (KeepBatchRow.told == "[]", KeepBatchRow.number.is_(None), KeepBatchRow.id < batch)
    session.execute(delete(KeepBatchRow).where(*empty))
    return batch_of(row)


def batches(session: Session, *, most: int = 60) -> tuple[KeepBatch, ...]:
    """Return the last batches, the newest first."""
    asked = select(KeepBatchRow).order_by(KeepBatchRow.id.desc()).limit(most)
    return tuple(batch_of(row) for row in session.scalars(asked))


def batch_of(row: KeepBatchRow) -> KeepBatch:
    """Return a row as it crosses the store's door."""
    return KeepBatch(
        began_at=iso(row.began_us),
        done_at=None if row.done_us is None else iso(row.done_us),
        limits=msgspec.json.decode(row.limits, type=dict[str, str]),
        removed=_told(row),
    )


def iso(instant_us: int) -> str:
    """Return an instant as text."""
    made = datetime.fromtimestamp(instant_us / 1_000_000, UTC)
    return made.isoformat(timespec="seconds").replace("+00:00", "Z")


def _told(row: KeepBatchRow) -> tuple[Removed, ...]:
    return tuple(msgspec.json.decode(row.told, type=list[Removed]))


def _now() -> int:
    return time.time_ns() // 1000
