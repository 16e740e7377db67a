"""From batches that were handed in to numbered events.

Whoever numbers holds the lock of that, so that numbers follow each other without a gap or a clash. Many batches are
read at once and become one block of columns. All that can be made ready is, before the transaction that says it: while
that is open nobody else can hand anything in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from pathworth.store.arrivals.blocks import FIXED, packed
from pathworth.store.arrivals.contracts import HandedIn, Read, ReadEvents
from pathworth.store.arrivals.held import HeldIds
from pathworth.store.arrivals.judging import Judged, judged
from pathworth.store.arrivals.noting import (
    LastRow,
    Noted,
    day_counts,
    last_of,
    note_days,
    note_last,
)
from pathworth.store.arrivals.reading import (
    Waiting,
    read_waiting,
    without_erased,
    without_old,
)
from pathworth.store.commits import Places, current_id
from pathworth.store.erasing.suppressed import ErasedIds, erased_ids
from pathworth.store.fingerprints import Run
from pathworth.store.keeping.ages import TooOld, too_old_now
from pathworth.store.records.data.account_facts import AccountFact, say_facts
from pathworth.store.records.data.arrivals import (
    BlockRow,
    InboxRow,
    add_quarantine,
    all_wait,
    newest_pending,
    next_seq,
    pending,
    place_aside,
)
from pathworth.store.records.data.links import SaidLink, say_links
from pathworth.store.records.database import Database, Setting, lock
from pathworth.store.shards.snapshots import Manifest, read_manifest

AT_ONCE = 2_000_000
"""So many bytes of batches at most are read at once: nothing waits long behind them, and they take little memory."""
NAMES = "arrived_names"


@dataclass(frozen=True)
class _Standing:
    """What decides about new events, as it stands.

    Parameters
    ----------
    first, aside
        The number of the next event, and the place of the next one that an import holds.
    erased
        Whose events must not come in; one object for as long as nobody else is erased.
    old
        Which events are too old to come in.
    """

    first: int
    aside: int
    erased: ErasedIds
    old: TooOld

    @classmethod
    def now(cls, session: Session, manifest: Manifest | None) -> _Standing:
        first = next_seq(session, manifest.in_lake if manifest else 0)
        return cls(first, place_aside(session), erased_ids(session), too_old_now(session))

    def holds(self, session: Session, manifest: Manifest | None) -> bool:
        """Return whether all that may move beside whoever numbers is as it was."""
        now = _Standing.now(session, manifest)
        return (now.first, now.aside) == (self.first, self.aside) and now.erased is self.erased


@dataclass(frozen=True)
class _Ready:
    """What is to be written of some batches, made ready beside those who hand in.

    Parameters
    ----------
    blocks
        Of the new events and of those that an import holds; at most one of each.
    new
        How many events are new.
    days, last
        See ``noting``.
    told
        What became of each batch.
    """

    read: ReadEvents
    blocks: list[BlockRow]
    new: int
    days: Mapping[tuple[str, str], NDArray[np.int64]]
    last: LastRow | None
    told: list[dict[str, Any]]


def number_batches(places: Places, database: Database, *, read: Read, held: HeldIds) -> int:
    """Give numbers to every batch that waits, the oldest first; the caller holds the lock of whoever numbers.

    What comes meanwhile waits for the next call, since under load others would never have the lock.

    Parameters
    ----------
    read
        Turns batches into events and rejects.
    held
        The ids of the events that wait.

    Returns
    -------
    How many events are new.
    """
    name = current_id(places)
    manifest = None if name is None else read_manifest(places.snapshot(name))
    runs = [Run(places.run(run)) for run in (manifest.fingerprints if manifest else ())]
    found = 0
    with database.session() as session:
        newest = newest_pending(session)
    while True:
        waiting, names = _waiting(database, newest)
        if not waiting:
            return found
        events = read_waiting(waiting, names, read=read)
        with database.session() as session:
            standing = _Standing.now(session, manifest)
            held.renew(session)
        events = without_erased(without_old(events, standing.old), standing.erased)
        ready = _ready(waiting, events, judged(events, runs=runs, held=held), standing=standing)
        with database.writing() as session:
            lock(session)
            waits = all_wait(session, [number for number, _ in waiting])
            if not waits or not standing.holds(session, manifest):
                # Another process, which took this one for dead, numbered meanwhile, or somebody was erased.
                continue
            _write(session, waiting, ready, known_seq=standing.first + ready.new - 1)
            found += ready.new
            if events.names != names:
                text = msgspec.json.encode(events.names).decode()
                session.merge(Setting(key=NAMES, value=text))


def _waiting(database: Database, newest: int) -> tuple[Waiting, Mapping[str, str]]:
    """Return the batches that are to be read now, and how properties are called so far."""
    with database.session() as session:
        batches = [
            (row.id, HandedIn(row.body, row.protocol, row.about, row.key, row.received_us))
            for row in pending(session, AT_ONCE, newest=newest)
        ]
        kept = session.get(Setting, NAMES)
        return batches, msgspec.json.decode(kept.value if kept else "{}", type=dict[str, str])


def _ready(waiting: Waiting, read: ReadEvents, found: Judged, *, standing: _Standing) -> _Ready:
    """Make ready the events of batches as blocks, and what is said of each batch."""
    new, aside = int(np.count_nonzero(found.new)), int(np.count_nonzero(found.aside))
    batches = [batch for _, batch in waiting]
    kept = _rows(read.events, found, chosen=found.new, seqs=standing.first + np.arange(new))
    beside = _rows(read.events, found, chosen=found.aside, seqs=standing.aside - np.arange(aside))
    return _Ready(
        read=read,
        blocks=[_block(rows) for rows in (kept, beside) if len(rows)],
        new=new,
        days=day_counts(batches, read=read, noted=Noted(found.new, found.conflicting)),
        last=last_of(batches, events=kept, batch=read.batch[found.new]),
        told=_told(waiting, read, found, first=standing.first),
    )


def _rows(
    events: pa.Table, found: Judged, *, chosen: NDArray[np.bool_], seqs: NDArray[np.int64]
) -> pa.Table:
    """Return the chosen events as the rows of a block."""
    if not len(seqs):
        return FIXED.empty_table()
    mask = pa.array(chosen)
    rows = events.drop_columns(["row", "digest"]).filter(mask)
    rows = rows.append_column("seq", pa.array(seqs, pa.int64()))
    rows = rows.append_column("digest", found.digest.filter(mask))
    return rows.append_column("content", pa.array(found.content[chosen]))


def _block(rows: pa.Table) -> BlockRow:
    first, last = int(rows["seq"][0].as_py()), int(rows["seq"][-1].as_py())
    body, shadowed = packed(rows), first < 0
    return BlockRow(
        first_seq=first,
        last_seq=last,
        events=len(rows),
        body=body,
        drained=False,
        shadowed=shadowed,
    )


def _told(waiting: Waiting, read: ReadEvents, found: Judged, *, first: int) -> list[dict[str, Any]]:
    """Return what became of each batch."""

    def counted(chosen: NDArray[np.bool_]) -> list[int]:
        found: list[int] = np.bincount(read.batch[chosen], minlength=len(waiting)).tolist()
        return found

    accepted, conflicting = counted(found.new), counted(found.conflicting)
    every = counted(np.ones(len(read.batch), np.bool_))
    rejected = np.bincount(read.rejects["batch"].to_numpy(), minlength=len(waiting)).tolist()
    last = (first - 1 + np.cumsum(accepted)).tolist()
    return [
        {
            "which": waiting[k][0],
            "accepted": accepted[k],
            "duplicates": every[k] - accepted[k],
            "conflicting": conflicting[k],
            "rejected": rejected[k],
            "last_seq": last[k] if accepted[k] else None,
        }
        for k in range(len(waiting))
    ]


def _write(session: Session, waiting: Waiting, ready: _Ready, *, known_seq: int) -> None:
    """Write what was made ready; the caller is the one writer of the database."""
    session.add_all(ready.blocks)
    note_days(session, ready.days)
    if ready.last is not None:
        note_last(session, ready.last)
    add_quarantine(session, (_rejected(row, waiting) for row in ready.read.rejects.to_pylist()))
    _tell(session, ready.told)
    say_links(session, _links(ready.read, waiting), known_seq=known_seq)
    say_facts(session, _facts(ready.read))


def _tell(session: Session, told: Sequence[Mapping[str, Any]]) -> None:
    """Say in the row of each batch what became of it; what it said is in a block now, and is not kept twice."""
    table: Any = InboxRow.__table__
    names = ("accepted", "duplicates", "conflicting", "rejected", "last_seq")
    change = update(table).where(table.c.id == bindparam("which"))
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    change = change.values(numbered=True, body=b"", **values)
    session.connection().execute(change, list(told))


def _rejected(row: dict[str, Any], waiting: Waiting) -> dict[str, Any]:
    number, batch = waiting[row["batch"]]
    said = {name: row[name] for name in ("code", "reason", "raw")}
    return {
        "batch": number,
        "position": row["row"],
        "key": batch.key,
        "received_us": batch.received_us,
        "protocol": row.get("protocol") or batch.protocol,
        "source": row.get("source") or "",
        **said,
    }


def _links(read: ReadEvents, waiting: Waiting) -> Iterator[SaidLink]:
    """Yield what batches say of ids that are one."""
    for row in read.links.to_pylist():
        yield SaidLink(**{**row, "batch": waiting[row["batch"]][0]})


def _facts(read: ReadEvents) -> Iterator[AccountFact]:
    """Yield what batches say of accounts, in the order in which they came."""
    for row in read.facts.drop_columns(["batch"]).to_pylist():
        yield AccountFact(**row)
