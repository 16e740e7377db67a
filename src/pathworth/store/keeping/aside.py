"""What is too old beside the lake: rows that lie aside, blocks, decisions, and what could not be read."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from pathworth.store.arrivals.noting import forget_last
from pathworth.store.commits import Places
from pathworth.store.erasing.thinning import thin_blocks, thin_shadows
from pathworth.store.keeping.ages import TooOld
from pathworth.store.keeping.contracts import DECISIONS, EVENTS, REFUSED, Removed
from pathworth.store.keeping.rows import iso
from pathworth.store.records.data.arrivals import QuarantineRow
from pathworth.store.records.database import Database, ImportRow
from pathworth.store.records.experiments import ExperimentRow
from pathworth.store.records.ledger_rows import LedgerRow, MuteRow


@dataclass(frozen=True)
class Older:
    """What is too old of every class.

    Parameters
    ----------
    events
        Which events.
    decisions_us, refused_us
        From when on decisions, and what could not be read, are kept; null for ever.
    """

    events: TooOld
    decisions_us: int | None
    refused_us: int | None

    def decided(self) -> ColumnElement[bool]:
        """Return which rows of the ledger go: those whose message is settled, and that no experiment still reads."""
        # An experiment that goes on reads the ledger since it began, at most.
        going = select(func.min(ExperimentRow.begun_us)).where(ExperimentRow.ended_us.is_(None))
        return and_(
            LedgerRow.decided_us < self.decisions_us,
            LedgerRow.state.not_in(("decided", "sending")),
            LedgerRow.decided_us < func.coalesce(going.scalar_subquery(), self.decisions_us),
        )


@dataclass(frozen=True)
class Aside:
    """Removes what is too old beside the lake; all of it may be done again, and the caller is the one writer."""

    places: Places
    database: Database
    older: Older

    def files(self) -> list[Removed]:
        """Remove it from files."""
        found = {
            (EVENTS, "rows that other imports hold"): self._shadows(),
            (REFUSED, "rows that imports refused"): sum(self._rejects()),
            (REFUSED, "imports that were cut short"): sum(self._unfinished()),
        }
        return _removed(found)

    def rows(self, session: Session) -> list[Removed]:
        """Remove it from the database, in the transaction of a session."""
        old = self.older.events
        found = {
            (DECISIONS, "ledger of messages and decisions"): self._decisions(session),
            (REFUSED, "batches that could not be read"): self._quarantine(session),
        }
        if old:
            found[EVENTS, "events on their way to programs"] = thin_blocks(session, old)
            found[EVENTS, "last events to be watched"] = forget_last(session, old.of)
        return _removed(found)

    def _shadows(self) -> int:
        return thin_shadows(self.places, self.older.events) if self.older.events else 0

    def _rejects(self) -> Iterator[int]:
        """Delete the files of refused rows of imports that are too old, and yield how many rows each held."""
        for path in old_rejects(self.places, self.database, before_us=self.older.refused_us):
            rows = pq.read_metadata(path).num_rows
            path.unlink()
            yield rows

    def _unfinished(self) -> Iterator[int]:
        root, before = self.places.unfinished, self.older.refused_us
        for folder in root.iterdir() if before is not None and root.exists() else ():
            if folder.stat().st_mtime_ns // 1000 < (before or 0):
                shutil.rmtree(folder, ignore_errors=True)
                yield 1

    def _decisions(self, session: Session) -> int:
        if self.older.decisions_us is None:
            return 0
        mine = select(LedgerRow.id).where(self.older.decided())
        session.execute(delete(MuteRow).where(MuteRow.decision.in_(mine)))
        gone = delete(LedgerRow).where(LedgerRow.id.in_(mine))
        return session.connection().execute(gone).rowcount

    def _quarantine(self, session: Session) -> int:
        if self.older.refused_us is None:
            return 0
        gone = delete(QuarantineRow).where(QuarantineRow.received_us < self.older.refused_us)
        return session.connection().execute(gone).rowcount


def old_rejects(places: Places, database: Database, *, before_us: int | None) -> list[Path]:
    """Return the files of rows that imports before some moment refused."""
    if before_us is None:
        return []
    with database.session() as session:
        said = session.execute(select(ImportRow.id, ImportRow.committed_at)).all()
    paths = (places.rejects(row.id) for row in said if instant_us(row.committed_at) < before_us)
    return [path for path in paths if path.exists()]


def instant_us(text: str) -> int:
    """Return a moment that was written as ISO 8601."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000_000)


def _removed(found: dict[tuple[str, str], int]) -> list[Removed]:
    at = iso(time.time_ns() // 1000)
    return [Removed(name, place, rows, at) for (name, place), rows in found.items() if rows]
