"""What is noted of arrivals as they are numbered: counts by day and source, and the last events for whoever watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import BigInteger, LargeBinary, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.arrivals import blocks
from pathworth.store.arrivals.contracts import ArrivedEvent, HandedIn, Quarantined, ReadEvents
from pathworth.store.records.data.arrivals import ID, QuarantineRow
from pathworth.store.records.database import Base

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

LAST = 200
"""So many of the last events stay to be watched, also when the lake holds them."""
AHEAD_US = 300_000_000
"""Clocks that are five minutes fast are usual."""
LATE_US = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ArrivalDayRow(Base):
    """What came in from a source on a day in UTC."""

    __tablename__ = "arrival_days"

    day: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    accepted: Mapped[int] = mapped_column(BigInteger)
    repeated: Mapped[int] = mapped_column(BigInteger)
    conflicting: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
    timed: Mapped[int] = mapped_column(BigInteger)
    ahead: Mapped[int] = mapped_column(BigInteger)
    late: Mapped[int] = mapped_column(BigInteger)


class LastRow(Base):
    """The last events of those that were numbered together; ``told`` says when and with which key each came."""

    __tablename__ = "arrived_last"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    last_seq: Mapped[int] = mapped_column(BigInteger, index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    told: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class ArrivalDay:
    """What came in from a source on a day in UTC (ISO): new, seen before, of those differing, and refused.

    ``timed`` events say when they happened and came at a known moment; ``ahead`` of them are of the future by more
    than five minutes, ``late`` by more than a day of the past.
    """

    day: str
    source: str
    accepted: int
    repeated: int
    conflicting: int
    refused: int
    timed: int
    ahead: int
    late: int


@dataclass(frozen=True)
class LastEvent:
    """One of the last events: when its batch came, the name of the key it came with, and the event."""

    received_us: int
    key: str
    event: ArrivedEvent


@dataclass(frozen=True)
class Noted:
    """What was found of the events of some batches, one element each: the new ones, and repeats that differ."""

    new: NDArray[np.bool_]
    conflicting: NDArray[np.bool_]


def day_counts(
    batches: Sequence[HandedIn], *, read: ReadEvents, noted: Noted
) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Return what came in by day and source: int64[7], as the columns of ``ArrivalDay`` from ``accepted`` on."""
    received = np.array([batch.received_us for batch in batches], np.int64)
    rows: dict[tuple[str, str], NDArray[np.int64]] = {}

    def add(key: tuple[int, str], counts: NDArray[np.int64]) -> None:
        place = _day(int(received[key[0]])), key[1]
        rows[place] = rows.get(place, np.zeros(7, np.int64)) + counts

    sources = blocks.one(read.events, "source").dictionary_encode()
    texts = [text or "" for text in sources.dictionary.to_pylist()]
    for batch, code, counts in _counted(read, sources.indices.to_numpy(), noted, received):
        add((batch, texts[code]), counts)
    refused = np.array([0, 0, 0, 1, 0, 0, 0])
    for row in read.rejects.to_pylist():
        add((row["batch"], row.get("source") or ""), refused)
    return rows


def note_days(session: Session, came: Mapping[tuple[str, str], NDArray[np.int64]]) -> None:
    """Add what came in to the counts of its day and source."""
    names = list(ArrivalDay.__dataclass_fields__)[2:]
    for (day, source), counts in sorted(came.items()):
        held = session.get(ArrivalDayRow, (day, source))
        if held is None:
            held = ArrivalDayRow(day=day, source=source, **dict.fromkeys(names, 0))
            session.add(held)
        for name, count in zip(names, counts.tolist(), strict=True):
            setattr(held, name, getattr(held, name) + count)


def _counted(
    read: ReadEvents, source: NDArray, noted: Noted, received: NDArray[np.int64]
) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Yield a batch of each day, the code of a source, and what came in from it on that day."""
    if not len(read.batch):
        return
    days, first, day = np.unique(received // LATE_US, return_index=True, return_inverse=True)
    size = int(source.max()) + 1
    cell = day[read.batch] * size + source
    said, came = read.events["time_us"].to_numpy(), received[read.batch]
    none = np.zeros(len(cell), dtype=np.bool_)
    kinds = (
        noted.new,
        ~noted.new,
        noted.conflicting,
        none,
        ~none,
        said > came + AHEAD_US,
        said < came - LATE_US,
    )
    counts = np.stack([np.bincount(cell[kind], minlength=len(days) * size) for kind in kinds])
    for place in np.flatnonzero(counts.any(axis=0)).tolist():
        yield int(first[place // size]), place % size, counts[:, place]


def last_of(
    batches: Sequence[HandedIn], *, events: pa.Table, batch: NDArray[np.int64]
) -> LastRow | None:
    """Return the last of some new events to be watched; null when there are none.

    Parameters
    ----------
    events
        The columns of a block, by number.
    batch
        int64[n]: which batch each is of.
    """
    if not len(events):
        return None
    last = events.slice(max(len(events) - LAST, 0))
    told = [(batches[k].received_us, batches[k].key) for k in batch[-len(last) :].tolist()]
    seq, body = int(last["seq"][-1].as_py()), blocks.packed(last)
    return LastRow(last_seq=seq, body=body, told=msgspec.json.encode(told))


def note_last(session: Session, last: LastRow) -> None:
    """Keep the last events to be watched, and let older ones go."""
    session.execute(delete(LastRow).where(LastRow.last_seq <= last.last_seq - LAST))
    session.add(last)


def forget_last(session: Session, leaves: Callable[[pa.Table], pa.Array]) -> int:
    """Let nobody watch some events any more; return how many those were.

    Parameters
    ----------
    leaves
        Says of events, bool[n], which ones.
    """
    found = 0
    for row in session.scalars(select(LastRow)).all():
        events = blocks.unpacked(row.body)
        kept = np.asarray(pc.invert(leaves(events)))
        if kept.all():
            continue
        found += int(np.count_nonzero(~kept))
        told = msgspec.json.decode(row.told, type=list[tuple[int, str]])
        row.told = msgspec.json.encode(
            [one for one, stays in zip(told, kept, strict=True) if stays]
        )
        row.body = blocks.packed(events.filter(pa.array(kept)))
        if not kept.any():
            session.delete(row)
    return found


def _day(instant_us: int) -> str:
    return (_EPOCH + timedelta(microseconds=instant_us)).date().isoformat()


class ArrivalNotes:
    """What is noted of a workspace's arrivals.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def days(self, *, since: str) -> tuple[ArrivalDay, ...]:
        """Return what came in by day and source, from a day in UTC on."""
        asked = select(ArrivalDayRow).where(ArrivalDayRow.day >= since)
        names = ArrivalDay.__dataclass_fields__
        with self._database.session() as session:
            rows = session.scalars(asked.order_by(ArrivalDayRow.day, ArrivalDayRow.source))
            return tuple(ArrivalDay(*(getattr(row, name) for name in names)) for row in rows)

    def last(self, *, after: int = 0) -> tuple[LastEvent, ...]:
        """Return the last events behind a number, the newest first; a few hundred at most."""
        asked = select(LastRow).where(LastRow.last_seq > after).order_by(LastRow.last_seq.desc())
        found: list[LastEvent] = []
        with self._database.session() as session:
            for row in session.scalars(asked.limit(LAST)):
                told = msgspec.json.decode(row.told, type=list[tuple[int, str]])
                events = list(blocks.events_of(blocks.unpacked(row.body)))
                for (came, key), event in reversed(list(zip(told, events, strict=True))):
                    if event.seq > after and len(found) < LAST:
                        found.append(LastEvent(came, key, event))
        return tuple(found)

    def refused(self, *, after: int = 0, limit: int = LAST) -> tuple[Quarantined, ...]:
        """Return what could not be read behind a number, the newest first."""
        asked = select(QuarantineRow).where(QuarantineRow.id > after)
        names = Quarantined.__dataclass_fields__
        with self._database.session() as session:
            rows = session.scalars(asked.order_by(QuarantineRow.id.desc()).limit(limit))
            return tuple(Quarantined(*(getattr(row, name) for name in names)) for row in rows)
