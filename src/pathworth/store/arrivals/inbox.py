"""The inbox: what was handed in to a workspace and is on its way into the lake."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import case, delete, func, or_, select

from pathworth.store.arrivals import blocks
from pathworth.store.arrivals.contracts import (
    ArrivedEvent,
    BatchOutcome,
    HandedIn,
    Quarantined,
    Read,
)
from pathworth.store.erasing.suppressed import ErasedIds, erased_ids
from pathworth.store.records.data.arrivals import (
    WAITS,
    BlockRow,
    InboxRow,
    ListenerRow,
    QuarantineRow,
    forget,
    next_seq,
)
from pathworth.store.records.database import lock

if TYPE_CHECKING:
    from pathworth.store.contracts import ImportResult
    from pathworth.store.workspace import Workspace


class Inbox:
    """What was handed in to a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._database = workspace, workspace.database

    def append(self, *batches: HandedIn) -> int:
        """Keep batches; they are on the disk when this returns the number of the last one.

        Those that come at the same time are committed together. A batch that does not say when it came came now.

        Raises
        ------
        StoreTrouble
            ``DISK_FULL``; nothing was kept.
        """
        return self._workspace.appending.add([_row(batch) for batch in batches])[-1]

    def number(self, read: Read) -> int:
        """Turn the batches that wait into numbered events, each batch wholly or not at all, and never twice.

        Parameters
        ----------
        read
            Turns batches into events and rejects.

        Returns
        -------
        How many events are new; none when an import holds the workspace, the batches then wait for the next call.
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

    def waiting(self, ids: Collection[str] | None = None) -> tuple[ArrivedEvent, ...]:
        """Return the events, of some raw ids or of all, that the lake lacks, by their numbers."""
        asked = select(BlockRow.body).where(*WAITS).order_by(BlockRow.first_seq)
        with self._database.session() as session:
            bodies, erased = session.scalars(asked).all(), erased_ids(session)
        kept = (_known(blocks.unpacked(body), erased) for body in bodies)
        found = (one for events in kept for one in blocks.events_of(events))
        return tuple(one for one in found if ids is None or one.entity in ids)

    def count(self, *, after: int = 0) -> tuple[int, int]:
        """Return how many events behind a number the lake lacks, and how many batches wait to be numbered."""
        # The new events of a block have numbers without a gap.
        behind = case((BlockRow.first_seq > after, BlockRow.first_seq - 1), else_=after)
        events = select(func.sum(BlockRow.last_seq - behind))
        batches = select(func.count()).where(InboxRow.numbered.is_(False))
        with self._database.session() as session:
            waits = session.scalar(events.where(*WAITS, BlockRow.last_seq > after))
            return int(waits or 0), session.scalar(batches) or 0

    def counted_until(self, seq: int) -> int | None:
        """Return until when whatever was handed in is in a snapshot, which ends with the event of a number.

        Returns
        -------
        Microseconds since 1970 UTC, now when nothing waits; null when something has waited for longer than batches
        are remembered.
        """
        now = time.time_ns() // 1000
        behind = or_(InboxRow.numbered.is_(False), InboxRow.last_seq > seq)
        with self._database.session() as session:
            first = session.scalar(select(func.min(InboxRow.received_us)).where(behind))
        if first is None:
            return now if self._workspace.stuck is None else None
        return min(first, now)

    def waits_since(self) -> int | None:
        """Return when the oldest batch that waits to be numbered came, by an index alone; null when none waits."""
        asked = select(func.min(InboxRow.received_us)).where(InboxRow.numbered.is_(False))
        with self._database.session() as session:
            return session.scalar(asked)

    def drain(self, *, author: str | None = None) -> ImportResult | None:
        """Bring the waiting events into the lake under the numbers that they have.

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

    def set_aside(self, number: int) -> Quarantined | None:
        """Return one part of a batch that could not be read; null when it is not there (any more)."""
        names = Quarantined.__dataclass_fields__
        with self._database.session() as session:
            row = session.get(QuarantineRow, number)
            return None if row is None else Quarantined(*(getattr(row, name) for name in names))

    def settle(self, number: int) -> None:
        """Let go of a part of a batch that could not be read; nothing when it is not there."""
        with self._database.session() as session:
            session.execute(delete(QuarantineRow).where(QuarantineRow.id == number))

    def quarantined_count(self) -> int:
        """Return how many parts of batches could not be read."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(QuarantineRow)) or 0

    def unheard(self, listener: str) -> Iterator[tuple[ArrivedEvent, ...]]:
        """Yield what a listener has not heard of, block by block; a new one hears from the waiting ones on."""
        cursor = self._heard_to(listener)
        asked = select(BlockRow).where(BlockRow.shadowed.is_(False)).order_by(BlockRow.first_seq)
        while True:
            with self._database.session() as session:
                block = session.scalar(asked.where(BlockRow.last_seq > cursor).limit(1))
                if block is None:
                    return
                last, erased = block.last_seq, erased_ids(session)
                rows = blocks.after(blocks.unpacked(block.body), cursor)
            events = tuple(blocks.events_of(_known(rows, erased)))
            cursor = last
            if events:
                yield events

    def newest(self) -> int:
        """Return the number of the newest event that was ever numbered, 0 before the first."""
        with self._database.session() as session:
            return next_seq(session, 0) - 1

    def heard(self, listener: str, seq: int) -> None:
        """Remember that a listener has heard of all events up to a number."""
        with self._database.writing() as session:
            known = session.get(ListenerRow, listener)
            if known is not None and (known.seq, known.note) == (seq, None):
                return
            lock(session)
            session.merge(ListenerRow(name=listener, seq=seq, note=None))
            session.flush()
            forget(session)

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

    def _heard_to(self, listener: str) -> int:
        with self._database.session() as session:
            row = session.get(ListenerRow, listener)
            if row is None:
                waits = session.scalar(select(func.min(BlockRow.first_seq)).where(*WAITS))
                row = ListenerRow(name=listener, seq=(waits or next_seq(session, 0)) - 1)
                session.add(row)
            return row.seq


def _known(events: pa.Table, erased: ErasedIds) -> pa.Table:
    """Return the events of a block but for those of people who were erased since they came."""
    gone = erased.which(events["entity"])
    return events.filter(pa.array(~gone)) if gone.any() else events


def _row(batch: HandedIn) -> dict[str, Any]:
    return {
        "key": batch.key,
        "protocol": batch.protocol,
        "about": batch.about,
        "received_us": batch.received_us or time.time_ns() // 1000,
        "body": batch.body,
        "numbered": False,
        **dict.fromkeys(("accepted", "duplicates", "conflicting", "rejected"), 0),
    }
