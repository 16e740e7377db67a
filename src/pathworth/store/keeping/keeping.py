"""The limits of a workspace: declared, looked at before, kept to by a batch."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from pathworth.store.arrivals import blocks
from pathworth.store.arrivals.noting import ArrivalDayRow
from pathworth.store.commits import Places
from pathworth.store.erasing.rewriting import Progress
from pathworth.store.keeping import rows
from pathworth.store.keeping.ages import KEY, TooOld, kept
from pathworth.store.keeping.aside import Older, instant_us, old_rejects
from pathworth.store.keeping.batch import Batch, old_rows, older_than
from pathworth.store.keeping.contracts import (
    DECISIONS,
    EVENTS,
    OWN,
    REFUSED,
    Day,
    KeepBatch,
    Kept,
    WouldGo,
)
from pathworth.store.lake import Lake
from pathworth.store.records.data.arrivals import WAITS, BlockRow, QuarantineRow
from pathworth.store.records.database import ImportRow, Setting, lock
from pathworth.store.records.ledger_rows import LedgerRow

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


@dataclass(frozen=True)
class Since:
    """From when on a class is kept, microseconds since 1970 UTC."""

    name: str
    first_us: int


class Keeping:
    """How long a workspace keeps what it holds.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._database = workspace, workspace.database

    def limits(self) -> Kept:
        """Return how long each class is kept."""
        with self._database.session() as session:
            return kept(session)

    def save(self, limits: Mapping[str, str]) -> None:
        """Declare how long each class is kept; what is older goes with the next batch."""
        with self._database.session() as session:
            lock(session)
            session.merge(Setting(key=KEY, value=msgspec.json.encode(dict(limits)).decode()))

    def batches(self) -> tuple[KeepBatch, ...]:
        """Return the last batches, the newest first."""
        with self._database.session() as session:
            return rows.batches(session)

    def since(self, limits: Kept | None = None) -> tuple[Since, ...]:
        """Return from when on every limited class is kept at this moment."""
        held = self.limits() if limits is None else limits
        older = self._older(held)
        own = {f"{OWN}{name}": first for name, first in older.events.own.items()}
        known = {
            EVENTS: older.events.others,
            **own,
            DECISIONS: older.decisions_us,
            REFUSED: older.refused_us,
        }
        return tuple(
            Since(name, first)
            for name, first in known.items()
            if first is not None and held.of(name) is not None
        )

    def sources(self) -> tuple[str, ...]:
        """Return every source that events came from, and those that have a limit of their own, by name."""
        asked = select(ImportRow.source).where(ImportRow.kind == "events").distinct()
        with self._database.session() as session:
            # An import of what was handed in from several says so; those are among the days.
            found = {*session.scalars(asked)} - {"several"}
            found.update(session.scalars(select(ArrivalDayRow.source).distinct()))
            limited = {n.removeprefix(OWN) for n in kept(session).limits if n.startswith(OWN)}
        return tuple(sorted((found | limited) - {""}))

    def waits(self) -> bool:
        """Return whether there is a limit to keep to, or a batch that was cut short."""
        with self._database.session() as session:
            return bool(kept(session).limits) or rows.unfinished(session) is not None

    def preview(self, limits: Kept | None = None) -> tuple[WouldGo, ...]:
        """Say what would go by some limits, those that are declared unless given; nothing is changed."""
        older = self._older(self.limits() if limits is None else limits)
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for name, days in self._events(older.events):
            found[name].update(days)
        with self._database.session() as session:
            found[DECISIONS].update(self._decided(session, older))
            found[REFUSED].update(self._refused(session, older))
        return tuple(
            WouldGo(name, sum(days.values()), tuple(Day(*one) for one in sorted(days.items())))
            for name, days in sorted(found.items())
            if days
        )

    def run(self, *, by: str | None = None, progress: Progress | None = None) -> KeepBatch | None:
        """Remove what is older than it is kept; null when everything is kept for ever.

        Whatever cut an earlier one short, this goes on from there.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``; the next batch removes it.
        """
        if not self.waits():
            return None
        workspace = self._workspace
        done = Batch.of(workspace, by=by, tell=progress).run()
        workspace.entities.renew(progress)
        return done

    def _older(self, limits: Kept) -> Older:
        now = time.time_ns() // 1000
        return older_than(limits, timezone=self._workspace.timezone, now_us=now)

    def _events(self, old: TooOld) -> Iterator[tuple[str, Counter[str]]]:
        """Yield the class of a source, and how many of its events, of which days, are too old."""
        with self._database.session() as session:
            bodies = session.scalars(select(BlockRow.body).where(*WAITS)).all() if old else ()
        for body in bodies:
            events = blocks.unpacked(body).select(["source", "time_us"])
            yield from self._by_source(events.filter(old.of(events)), "time_us")
        for _, gone in old_rows(Lake(Places(self._workspace.path).lake), old):
            yield from self._by_source(gone, "time")

    def _by_source(self, rows: pa.Table, time: str) -> Iterator[tuple[str, Counter[str]]]:
        times = rows[time].cast(pa.int64()).to_numpy()
        sources = np.array([text or "" for text in rows["source"].to_pylist()], dtype=object)
        for name in sorted(set(sources.tolist())):
            yield f"{OWN}{name}", self._days(times[sources == name])

    def _days(self, times_us: np.ndarray) -> Counter[str]:
        zone, found = ZoneInfo(self._workspace.timezone), Counter[str]()
        hours, counts = np.unique(times_us // 900_000_000, return_counts=True)
        for hour, count in zip(hours.tolist(), counts.tolist(), strict=True):
            # Offsets of time zones are whole quarters of an hour.
            found[datetime.fromtimestamp(hour * 900, UTC).astimezone(zone).date().isoformat()] += (
                count
            )
        return found

    def _decided(self, session: Session, older: Older) -> Counter[str]:
        if older.decisions_us is None:
            return Counter()
        asked = select(LedgerRow.decided_us).where(older.decided())
        return self._days(np.array(session.scalars(asked).all(), np.int64))

    def _refused(self, session: Session, older: Older) -> Counter[str]:
        if older.refused_us is None:
            return Counter()
        asked = select(QuarantineRow.received_us).where(
            QuarantineRow.received_us < older.refused_us
        )
        found = self._days(np.array(session.scalars(asked).all(), np.int64))
        imports = session.execute(select(ImportRow.id, ImportRow.committed_at))
        said = {row.id: row.committed_at for row in imports}
        places = Places(self._workspace.path)
        for path in old_rejects(places, self._database, before_us=older.refused_us):
            at = instant_us(said[int(path.stem)])
            for day in self._days(np.array([at], np.int64)):
                found[day] += pq.read_metadata(path).num_rows
        return found
