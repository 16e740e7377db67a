"""Batches of events as they were handed in, the events that they became, and what waits for the next rebuild."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Integer,
    LargeBinary,
    Select,
    Text,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.contracts import (
    ArrivedEvent,
    BatchOutcome,
    ImportResult,
    Quarantined,
    ReadBatch,
)
from pathworth.store.records.database import Base, Database, ImportRow

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

Read = Callable[[bytes], ReadBatch]
ID = BigInteger().with_variant(Integer, "sqlite")
KEPT_US = 600_000_000
"""So long an emptied batch still says what became of it, to whoever handed it in and is about to ask."""


class InboxRow(Base):
    """One batch that was accepted, and what became of it once it was numbered."""

    __tablename__ = "inbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(Text)
    received_us: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    numbered: Mapped[bool] = mapped_column(index=True)
    accepted: Mapped[int] = mapped_column(BigInteger)
    duplicates: Mapped[int] = mapped_column(BigInteger)
    conflicting: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int | None] = mapped_column(BigInteger)


class ArrivedRow(Base):
    """One event that was numbered and is not in the shards yet, or not heard by everybody.

    A ``shadowed`` one is held by an import: it counts nowhere, nobody hears of it, and it waits aside in case that
    import is undone. Its number is below 0 and only a place in the queue; it gets one when it comes in.
    """

    __tablename__ = "arrived"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    batch: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    content: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    time_us: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[int | None] = mapped_column(BigInteger)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(Text)
    properties: Mapped[str] = mapped_column(Text)
    drained: Mapped[bool] = mapped_column()
    shadowed: Mapped[bool] = mapped_column(server_default=false())


_WAITS = (ArrivedRow.drained.is_(False), ArrivedRow.shadowed.is_(False))


class QuarantineRow(Base):
    """Part of a batch that could not be read."""

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    batch: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(Text)
    received_us: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)


class ListenerRow(Base):
    """Who hears of new events, and up to which number."""

    __tablename__ = "listeners"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)


class Inbox:
    """What was handed in to a workspace and is on its way into the shards.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._database = workspace, workspace.database

    def append(self, body: bytes, key: str = "") -> int:
        """Keep a batch; it is on the disk when this returns its number.

        Parameters
        ----------
        body
            The bytes as they came.
        key
            Name of the key that it came with.
        """
        row = InboxRow(
            key=key,
            received_us=time.time_ns() // 1000,
            body=body,
            numbered=False,
            accepted=0,
            duplicates=0,
            conflicting=0,
            rejected=0,
        )
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return row.id

    def number(self, read: Read) -> tuple[ArrivedEvent, ...]:
        """Turn the batches that wait into numbered events, each batch wholly or not at all, and never twice.

        Parameters
        ----------
        read
            Turns the bytes of a batch into events and rejects.

        Returns
        -------
        The new events; none when an import holds the workspace, the batches then wait for the next call.
        """
        return self._workspace.number(read)

    def outcome(self, batch: int) -> BatchOutcome | None:
        """Return what became of a batch; null while it waits, or long after it went into the shards."""
        with self._database.session() as session:
            row = session.get(InboxRow, batch)
            if row is None or not row.numbered:
                return None
            counts = (row.accepted, row.duplicates, row.conflicting, row.rejected)
            return BatchOutcome(*counts, row.last_seq)

    def waiting(self, entity: str | None = None) -> tuple[ArrivedEvent, ...]:
        """Return the events, of one person or of all, that no snapshot holds yet, by their numbers."""
        asked = select(ArrivedRow).where(*_WAITS).order_by(ArrivedRow.seq)
        if entity is not None:
            asked = asked.where(ArrivedRow.entity == entity)
        return self._events(asked)

    def count(self) -> tuple[int, int]:
        """Return how many events wait for the next snapshot, and how many batches wait to be numbered."""
        with self._database.session() as session:
            events = select(func.count()).where(*_WAITS)
            batches = select(func.count()).where(InboxRow.numbered.is_(False))
            return session.scalar(events) or 0, session.scalar(batches) or 0

    def drain(self, *, author: str | None = None) -> ImportResult | None:
        """Bring the waiting events into lake and shards under the numbers that they have.

        Returns
        -------
        What became of them; null when none waited.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``; the events wait on.
        """
        return self._workspace.drain(author=author)

    def quarantined(self, *, after: int = 0, limit: int = 100) -> tuple[Quarantined, ...]:
        """Return what could not be read, the newest first, from behind a place on."""
        asked = select(QuarantineRow).order_by(QuarantineRow.id.desc()).offset(after).limit(limit)
        names = Quarantined.__dataclass_fields__
        with self._database.session() as session:
            rows = session.scalars(asked)
            return tuple(Quarantined(*(getattr(row, name) for name in names)) for row in rows)

    def quarantined_count(self) -> int:
        """Return how many parts of batches could not be read."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(QuarantineRow)) or 0

    def unheard(self, listener: str, *, limit: int = 10_000) -> tuple[ArrivedEvent, ...]:
        """Return the events that a listener has not heard of; a new one hears from the waiting ones on."""
        with self._database.session() as session:
            row = session.get(ListenerRow, listener)
            if row is None:
                waits = select(func.min(ArrivedRow.seq)).where(*_WAITS)
                first = session.scalar(waits) or next_seq(session, 0)
                row = ListenerRow(name=listener, seq=first - 1)
                session.add(row)
            cursor = row.seq
        fresh = (ArrivedRow.seq > cursor, ArrivedRow.shadowed.is_(False))
        asked = select(ArrivedRow).where(*fresh).order_by(ArrivedRow.seq)
        return self._events(asked.limit(limit))

    def heard(self, listener: str, seq: int) -> None:
        """Remember that a listener has heard of all events up to a number."""
        with self._database.session() as session:
            session.merge(ListenerRow(name=listener, seq=seq, note=None))
            session.flush()
            _forget(session)

    def failed(self, listener: str, note: str) -> None:
        """Remember why a listener could not hear; it is told again."""
        with self._database.session() as session:
            row = session.get(ListenerRow, listener)
            if row is not None:
                row.note = note

    def notes(self) -> dict[str, str]:
        """Return why listeners could not hear, by their names."""
        with self._database.session() as session:
            rows = session.scalars(select(ListenerRow).where(ListenerRow.note.is_not(None)))
            return {row.name: row.note or "" for row in rows}

    def _events(self, asked: Select[ArrivedRow]) -> tuple[ArrivedEvent, ...]:
        with self._database.session() as session:
            return tuple(event_of(row) for row in session.scalars(asked).all())


def event_of(row: ArrivedRow) -> ArrivedEvent:
    """Return a waiting event as it is handed out."""
    net = None if row.value is None and row.cost is None else (row.value or 0) - (row.cost or 0)
    return ArrivedEvent(
        seq=row.seq,
        source=row.source,
        message_id=row.digest.hex() if row.message_id is None else row.message_id,
        entity=row.entity,
        name=row.name,
        time_us=row.time_us,
        properties=json.loads(row.properties),
        value=net,
    )


def pending(session: Session, limit: int) -> Sequence[InboxRow]:
    """Return the oldest batches that wait to be numbered."""
    asked = select(InboxRow).where(InboxRow.numbered.is_(False)).order_by(InboxRow.id).limit(limit)
    return session.scalars(asked).all()


def held_digests(session: Session, digests: Sequence[bytes]) -> dict[bytes, int]:
    """Return the content of those ids that a waiting event has."""
    found: dict[bytes, int] = {}
    for first in range(0, len(digests), 500):
        asked = select(ArrivedRow.digest, ArrivedRow.content).where(
            ArrivedRow.digest.in_(digests[first : first + 500]), ArrivedRow.drained.is_(False)
        )
        found.update((row.digest, row.content) for row in session.execute(asked))
    return found


def add_events(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Write numbered events."""
    if rows:
        session.execute(insert(ArrivedRow), list(rows))


def add_quarantine(
    session: Session, batch: InboxRow, *, rejects: Sequence[dict[str, object]]
) -> None:
    """Write what could not be read of a batch; a text that is kept already, as a retry brings it, is not again."""
    for row in rejects:
        raw, code = str(row["raw"]), str(row["code"])
        known = select(QuarantineRow.id).where(
            QuarantineRow.raw == raw, QuarantineRow.code == code, QuarantineRow.key == batch.key
        )
        if session.scalar(known.limit(1)) is None:
            session.add(
                QuarantineRow(
                    batch=batch.id,
                    position=row["row"],
                    key=batch.key,
                    received_us=batch.received_us,
                    code=code,
                    reason=row["reason"],
                    raw=raw,
                )
            )


def waiting_rows(session: Session) -> Sequence[ArrivedRow]:
    """Return the events that no snapshot holds: the shadowed ones as they came, then the others as they came."""
    order = ArrivedRow.shadowed.desc(), func.abs(ArrivedRow.seq)
    asked = select(ArrivedRow).where(ArrivedRow.drained.is_(False)).order_by(*order)
    return session.scalars(asked).all()


def shadowed_waiting(database: Database) -> Sequence[bytes]:
    """Return the ids of the waiting events that an import holds."""
    shadowed = (ArrivedRow.drained.is_(False), ArrivedRow.shadowed.is_(True))
    with database.session() as session:
        return session.scalars(select(ArrivedRow.digest).where(*shadowed)).all()


def next_seq(session: Session, held: int) -> int:
    """Return the number of the next event: numbers are given once, also when an import is undone.

    Parameters
    ----------
    held
        The last number in the current snapshot.
    """
    given = session.scalar(select(func.max(ImportRow.last_seq))) or 0
    waits = session.scalar(select(func.max(ArrivedRow.seq))) or 0
    return max(held, given, waits) + 1


def place_aside(session: Session) -> int:
    """Return the place of the next shadowed event: below all others."""
    return min(session.scalar(select(func.min(ArrivedRow.seq))) or 0, 0) - 1


def mark_drained(session: Session, seq: int) -> None:
    """Let go of the events up to a number, since a snapshot holds them; part of noting their import."""
    if not seq:
        return
    session.execute(update(ArrivedRow).where(ArrivedRow.seq <= seq).values(drained=True))
    _forget(session)
    done = (InboxRow.numbered.is_(True), func.coalesce(InboxRow.last_seq, 0) <= seq)
    session.execute(update(InboxRow).where(*done).values(body=b""))
    old = time.time_ns() // 1000 - KEPT_US
    session.execute(delete(InboxRow).where(*done, InboxRow.received_us < old))


def _forget(session: Session) -> None:
    """Delete the events that a snapshot holds and every listener has heard of."""
    heard = session.scalar(select(func.min(ListenerRow.seq)))
    gone = delete(ArrivedRow).where(ArrivedRow.drained.is_(True))
    if heard is not None:
        gone = gone.where(or_(ArrivedRow.seq <= heard, ArrivedRow.shadowed.is_(True)))
    session.execute(gone)
