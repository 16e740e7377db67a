"""Batches of events as they were handed in, the blocks of events that they became, and who has heard of them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.records.database import Base, ImportRow

ID = BigInteger().with_variant(Integer, "sqlite")
KEPT_US = 600_000_000
"""So long an emptied batch still says what became of it, to whoever handed it in and is about to ask."""


class InboxRow(Base):
    """One batch that was accepted, and what became of it once it was numbered; its bytes are gone then."""

    __tablename__ = "inbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(Text)
    protocol: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    received_us: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    numbered: Mapped[bool] = mapped_column(index=True)
    accepted: Mapped[int] = mapped_column(BigInteger)
    duplicates: Mapped[int] = mapped_column(BigInteger)
    conflicting: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int | None] = mapped_column(BigInteger)


class BlockRow(Base):
    """Events that were numbered together and are not in the lake yet, or not heard by everybody.

    The ``shadowed`` ones are held by an import: they count nowhere, nobody hears of them, and they wait aside in case
    that import is undone. Their numbers fall from -1 on and are only places in the queue; they get others when they
    come in.
    """

    __tablename__ = "arrived_blocks"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger, index=True)
    events: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    drained: Mapped[bool] = mapped_column()
    shadowed: Mapped[bool] = mapped_column()


WAITS = (BlockRow.drained.is_(False), BlockRow.shadowed.is_(False))
ASIDE = (BlockRow.drained.is_(False), BlockRow.shadowed.is_(True))


class QuarantineRow(Base):
    """Part of a batch that could not be read; ``digest`` is of its text, its code and its key.

    ``protocol`` is the form in which its text stands; in the plain form ``source`` is where it came from.
    """

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    batch: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(Text)
    received_us: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    protocol: Mapped[str] = mapped_column(Text, server_default="plain")
    source: Mapped[str] = mapped_column(Text, server_default="")


class ListenerRow(Base):
    """Who hears of new events, and up to which number."""

    __tablename__ = "listeners"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)


def add_quarantine(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Write what could not be read; a text that is kept already, as a retry brings it, is not again.

    Parameters
    ----------
    rows
        The columns of ``QuarantineRow`` but for its number and its digest.
    """
    new = {_digest(row): row for row in reversed(list(rows))}
    digests = list(new)
    for first in range(0, len(digests), 500):
        held = select(QuarantineRow.digest).where(
            QuarantineRow.digest.in_(digests[first : first + 500])
        )
        for known in session.scalars(held):
            if known is not None:
                new.pop(known, None)
    rows = [{**row, "digest": digest} for digest, row in reversed(new.items())]
    if rows:
        session.execute(insert(QuarantineRow), rows)


def _digest(row: dict[str, Any]) -> bytes:
    said = "\0".join((row["key"], row["code"], row["raw"])).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def newest_pending(session: Session) -> int:
    """Return the number of the newest batch that waits to be numbered, 0 when none does."""
    return session.scalar(select(func.max(InboxRow.id)).where(InboxRow.numbered.is_(False))) or 0


def pending(session: Session, size: int, *, newest: int) -> Sequence[InboxRow]:
    """Return the oldest batches that wait, up to one of them: at least one, and then so many bytes at most."""
    waits = (InboxRow.numbered.is_(False), InboxRow.id <= newest)
    asked = select(InboxRow).where(*waits).order_by(InboxRow.id)
    found: list[InboxRow] = []
    for row in session.scalars(asked.execution_options(yield_per=20)):
        size -= len(row.body)
        if found and size < 0:
            break
        found.append(row)
    return found


def all_wait(session: Session, batches: Sequence[int]) -> bool:
    """Return whether batches, by their rising numbers, still wait to be numbered, every one of them."""
    between = InboxRow.id.between(batches[0], batches[-1])
    asked = select(InboxRow.id).where(InboxRow.numbered.is_(False), between)
    return set(batches) <= set(session.scalars(asked))


def next_seq(session: Session, held: int) -> int:
    """Return the number of the next event: numbers are given once, also when an import is undone.

    Parameters
    ----------
    held
        The last number in the current snapshot.
    """
    given = session.scalar(select(func.max(ImportRow.last_seq))) or 0
    waits = session.scalar(select(func.max(BlockRow.last_seq))) or 0
    return max(held, given, waits) + 1


def place_aside(session: Session) -> int:
    """Return the place of the next shadowed event: below all others."""
    return min(session.scalar(select(func.min(BlockRow.last_seq))) or 0, 0) - 1


def mark_drained(session: Session, seq: int, *, aside: int = 0) -> None:
    """Let go of the events up to a number and down to a place aside; part of noting their import."""
    if aside:
        places = (BlockRow.shadowed.is_(True), BlockRow.last_seq >= aside)
        session.execute(delete(BlockRow).where(*places))
    if not seq:
        return
    mine = (BlockRow.shadowed.is_(False), BlockRow.last_seq <= seq)
    session.execute(update(BlockRow).where(*mine).values(drained=True))
    forget(session)
    done = (InboxRow.numbered.is_(True), func.coalesce(InboxRow.last_seq, 0) <= seq)
    old = time.time_ns() // 1000 - KEPT_US
    session.execute(delete(InboxRow).where(*done, InboxRow.received_us < old))


def forget(session: Session) -> None:
    """Delete the blocks that the lake holds and every listener has heard of."""
    heard = session.scalar(select(func.min(ListenerRow.seq)))
    gone = delete(BlockRow).where(BlockRow.drained.is_(True))
    session.execute(gone if heard is None else gone.where(BlockRow.last_seq <= heard))
