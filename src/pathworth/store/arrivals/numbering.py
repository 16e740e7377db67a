"""From batches that were handed in to numbered events.

Whoever numbers holds the writer's lock, so that numbers follow each other without a gap or a clash. Many batches are
read at once and become one block of columns; all that is said of them is one transaction of the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from pathworth.base.errors import PathworthError
from pathworth.kernels.rows.fingerprints import first_of_each, number_twins
from pathworth.store.arrivals.blocks import FIXED, one, packed
from pathworth.store.arrivals.contracts import UNREAD, HandedIn, Read, ReadEvents
from pathworth.store.arrivals.held import HeldIds
from pathworth.store.arrivals.noting import Noted, note_days, note_last
from pathworth.store.commits import Places, current_id
from pathworth.store.erasing.suppressed import CODE, REASON, ErasedIds, erased_ids
from pathworth.store.fingerprints import Run, known, twin_words
from pathworth.store.keeping.ages import (
    CODE as OLD_CODE,
    REASON as OLD_REASON,
    TooOld,
    too_old_now,
)
from pathworth.store.payload import said, salt
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
from pathworth.store.shards.snapshots import read_manifest
from pathworth.store.texts import join_digests, split_digests

AT_ONCE = 8_000_000
"""So many bytes of batches at most are read at once, so that nothing waits long behind them."""
NAMES = "arrived_names"
Waiting = list[tuple[int, HandedIn]]
"""Batches with their numbers in the inbox."""


@dataclass(frozen=True)
class _Judged:
    """What is to be done with each event that was read, one element each.

    Parameters
    ----------
    new, aside
        bool[n]: those that nobody has said before, and those that an import holds and no waiting event.
    conflicting
        bool[n]: repeats that say something else.
    digest
        Final ids.
    content
        int64[n]: hash of all that each says, 0 where that is its id.
    """

    new: NDArray[np.bool_]
    aside: NDArray[np.bool_]
    conflicting: NDArray[np.bool_]
    digest: pa.Array
    content: NDArray[np.int64]


def number_batches(places: Places, database: Database, *, read: Read, held: HeldIds) -> int:
    """Give numbers to every batch that waits, the oldest first; the caller holds the writer's lock.

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
        # Read outside of the transaction, so that others can hand in meanwhile.
        events = _read(waiting, names, read)
        with database.writing() as session:
            lock(session)
            if not all_wait(session, [number for number, _ in waiting]):
                # Another process, which took this one for dead, numbered them meanwhile.
                continue
            events = _without(_young(events, too_old_now(session)), erased_ids(session))
            held.renew(session)
            first = next_seq(session, manifest.in_lake if manifest else 0)
            new = _number(session, waiting, events, runs=runs, held=held, first=first)
            say_links(session, _links(events, waiting), known_seq=first + new - 1)
            say_facts(session, _facts(events))
            found += new
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


def _read(waiting: Waiting, names: Mapping[str, str], read: Read) -> ReadEvents:
    """Read batches; one that brings the reader down is kept whole, and stops no other."""
    bodies = [batch for _, batch in waiting]
    try:
        return read(bodies, names)
    except Exception as trouble:  # noqa: BLE001  # whatever it is, the other batches must go on
        if len(bodies) > 1:
            return _one_by_one(waiting, names, read)
        code = trouble.code if isinstance(trouble, PathworthError) else "UNREADABLE"
        reason = str(trouble) or type(trouble).__name__
        raw = bodies[0].body.decode(errors="replace")
        row = {"batch": 0, "row": 0, "code": code, "reason": reason, "raw": raw}
        none = np.zeros(0, np.int64)
        rejects = pa.Table.from_pylist([row], schema=UNREAD)
        return ReadEvents(_NOTHING, none, none.astype(np.bool_), rejects, names)


def _one_by_one(waiting: Waiting, names: Mapping[str, str], read: Read) -> ReadEvents:
    parts: list[ReadEvents] = []
    for number in range(len(waiting)):
        parts.append(_read(waiting[number : number + 1], names, read))
        names = parts[-1].names
    rejects = [_of_batch(part.rejects, k) for k, part in enumerate(parts)]
    return ReadEvents(
        pa.concat_tables([part.events for part in parts], promote_options="default"),
        np.concatenate([part.batch + k for k, part in enumerate(parts)]),
        np.concatenate([part.hashed for part in parts]),
        pa.concat_tables(rejects),
        names,
        pa.concat_tables([_of_batch(part.links, k) for k, part in enumerate(parts)]),
        pa.concat_tables([_of_batch(part.facts, k) for k, part in enumerate(parts)]),
    )


def _without(read: ReadEvents, erased: ErasedIds) -> ReadEvents:
    """Refuse the events of people who were erased; what they said is kept nowhere."""
    gone = erased.which(read.events["entity"]) if erased else np.zeros(0, np.bool_)
    return _refused(read, gone, CODE, reason=REASON)


def _young(read: ReadEvents, old: TooOld) -> ReadEvents:
    """Refuse what is older than it is kept; what it said is kept nowhere."""
    if not old or not len(read.events):
        return read
    gone = old.which(read.events["source"], read.events["time_us"].to_numpy())
    return _refused(read, gone, OLD_CODE, reason=OLD_REASON)


def _refused(read: ReadEvents, gone: NDArray[np.bool_], code: str, *, reason: str) -> ReadEvents:
    if not gone.any():
        return read
    refused = {
        "batch": pa.array(read.batch[gone]),
        "row": read.events["row"].filter(pa.array(gone)),
        "code": pa.array([code] * int(gone.sum())),
        "reason": pa.array([reason] * int(gone.sum())),
        "raw": pa.array([""] * int(gone.sum())),
    }
    kept = ~gone
    return replace(
        read,
        events=read.events.filter(pa.array(kept)),
        batch=read.batch[kept],
        hashed=read.hashed[kept],
        rejects=pa.concat_tables([read.rejects, pa.table(refused)], promote_options="default"),
    )


def _of_batch(rows: pa.Table, number: int) -> pa.Table:
    return rows.set_column(0, "batch", pa.repeat(pa.scalar(number, pa.int64()), len(rows)))


def _links(read: ReadEvents, waiting: Waiting) -> Iterator[SaidLink]:
    """Yield what batches say of ids that are one."""
    for row in read.links.to_pylist():
        yield SaidLink(**{**row, "batch": waiting[row["batch"]][0]})


def _facts(read: ReadEvents) -> Iterator[AccountFact]:
    """Yield what batches say of accounts, in the order in which they came."""
    for row in read.facts.drop_columns(["batch"]).to_pylist():
        yield AccountFact(**row)


_NOTHING = pa.schema(
    [("row", pa.int64()), *(field for field in FIXED if field.name not in {"seq", "content"})]
).empty_table()


def _number(
    session: Session,
    waiting: Waiting,
    read: ReadEvents,
    *,
    runs: Sequence[Run],
    held: HeldIds,
    first: int,
) -> int:
    """Write the events of batches as blocks, and say of each batch what became of it."""
    found = _judged(read, runs, held)
    new = int(np.count_nonzero(found.new))
    seqs = np.arange(first, first + new)
    rows = _write(session, read.events, found, chosen=found.new, seqs=seqs)
    batches = [batch for _, batch in waiting]
    note_days(session, batches, read=read, noted=Noted(found.new, found.conflicting))
    note_last(session, batches, events=rows, batch=read.batch[found.new])
    aside = int(np.count_nonzero(found.aside))
    if aside:
        places = place_aside(session) - np.arange(aside)
        _write(session, read.events, found, chosen=found.aside, seqs=places)
    rejects = read.rejects.to_pylist()
    add_quarantine(session, (_rejected(row, waiting) for row in rejects))
    _tell(session, waiting, read, found, first=first)
    return new


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


def _judged(read: ReadEvents, runs: Sequence[Run], held: HeldIds) -> _Judged:
    """Judge events by their ids: the first of each id that no waiting event has is kept."""
    high, low, content = _ids(read)
    within = np.zeros(len(high), np.uint8)
    order = np.lexsort((low, high)).astype(np.int64)
    first_of_each(order, high, low, content, within)
    ids = (high, low, content)
    imported, waits = known(runs, ids), held.judge(ids)
    kept = (within == 0) & (waits == 0)
    differs = (waits == 2) | ((waits == 0) & (within == 2))
    return _Judged(
        new=kept & (imported == 0),
        aside=kept & (imported > 0),
        conflicting=(imported == 2) | ((imported == 0) & ~kept & differs),
        digest=join_digests(high, low),
        content=content.view(np.int64),
    )


def _ids(read: ReadEvents) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the final ids of events; identical ones of a batch without an id are numbered, as those of a file are."""
    events = read.events
    if not len(events):
        none = np.zeros(0, dtype=np.uint64)
        return none, none, none
    high, low = split_digests(one(events, "digest").cast(pa.binary(16)))
    sources = one(events, "source").dictionary_encode()
    salts = np.array([salt(source) for source in sources.dictionary.to_pylist()], np.uint64)
    salted = salts[sources.indices.to_numpy()]
    high, low = high ^ salted[:, 0], low ^ salted[:, 1]
    content = said(events.drop_columns(["source"]))
    hashed = np.flatnonzero(read.hashed)
    content[hashed] = 0
    own, batch = (high[hashed], low[hashed]), read.batch[hashed]
    # Counted batch by batch, since a batch that comes again is a repeat; within one identical events are real.
    order = np.lexsort((own[1], own[0])).astype(np.int64)
    ordinal = np.zeros(len(hashed), dtype=np.int32)
    spare = np.zeros(len(hashed), np.uint8)
    number_twins(order, *own, batch.astype(np.int32), ordinal, spare)
    high[hashed], low[hashed] = twin_words(*own, ordinal=ordinal)
    return high, low, content


def _write(
    session: Session,
    events: pa.Table,
    found: _Judged,
    *,
    chosen: NDArray[np.bool_],
    seqs: NDArray[np.int64],
) -> pa.Table:
    """Write the chosen events as a block, and return its rows."""
    if not len(seqs):
        return FIXED.empty_table()
    mask = pa.array(chosen)
    rows = events.drop_columns(["row", "digest"]).filter(mask)
    rows = rows.append_column("seq", pa.array(seqs, pa.int64()))
    rows = rows.append_column("digest", found.digest.filter(mask))
    rows = rows.append_column("content", pa.array(found.content[chosen]))
    block = BlockRow(
        first_seq=int(seqs[0]),
        last_seq=int(seqs[-1]),
        events=len(seqs),
        body=packed(rows),
        drained=False,
        shadowed=bool(seqs[0] < 0),
    )
    session.add(block)
    session.flush()
    return rows


def _tell(
    session: Session, waiting: Waiting, read: ReadEvents, found: _Judged, *, first: int
) -> None:
    """Say in the row of each batch what became of it."""

    def counted(chosen: NDArray[np.bool_]) -> list[int]:
        found: list[int] = np.bincount(read.batch[chosen], minlength=len(waiting)).tolist()
        return found

    accepted, conflicting = counted(found.new), counted(found.conflicting)
    every = counted(np.ones(len(read.batch), np.bool_))
    rejected = np.bincount(read.rejects["batch"].to_numpy(), minlength=len(waiting)).tolist()
    last = (first - 1 + np.cumsum(accepted)).tolist()
    rows = [
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
    table: Any = InboxRow.__table__
    names = ("accepted", "duplicates", "conflicting", "rejected", "last_seq")
    change = update(table).where(table.c.id == bindparam("which"))
    told: dict[str, Any] = {name: bindparam(name) for name in names}
    session.connection().execute(change.values(numbered=True, **told), rows)
