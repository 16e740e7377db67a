"""The erasures of a workspace: asked for, done with the next batch, and kept as certificates."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.store.backups.erased import keep_lists
from pathworth.store.contracts import Snapshot
from pathworth.store.erasing.batch import Batch, waits
from pathworth.store.erasing.contracts import ErasingDone, Erasure, Place
from pathworth.store.erasing.rewriting import Progress
from pathworth.store.erasing.rows import (
    ErasedIdRow,
    ErasureRow,
    add_places,
    digest_of,
    erasure_of,
    iso,
    marks_of,
    salt_of,
)
from pathworth.store.erasing.suppressed import erased_ids
from pathworth.store.erasing.sweeping import Sweep, note_addresses
from pathworth.store.erasing.words import Words
from pathworth.store.records.consents import ConsentRow, RestRow
from pathworth.store.records.data.links import LinkRow
from pathworth.store.records.database import lock
from pathworth.store.records.ledger_rows import LedgerRow
from pathworth.store.records.person_states import PersonStateRow
from pathworth.store.texts import places_in

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


@dataclass(frozen=True)
class _Asked:
    """Who is to be erased, why, and who says so."""

    ids: tuple[str, ...]
    person: str
    because: str
    by: str
    events: int


class Erasures:
    """The erasures of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._database = workspace, workspace.database

    def ask(self, person: str, *, because: str, by: str) -> Erasure:
        """Mask somebody at once and for good, everywhere; the files follow with the next batch.

        Parameters
        ----------
        person
            Any raw id of that person; all others go with it.
        because, by
            Why, and who asks for it.

        Raises
        ------
        WrongUsage
            ``REASON_MISSING``.
        UnknownName
            ``UNKNOWN_PERSON``.
        Refused
            ``ALREADY_ERASED``.
        """
        if not because.strip():
            raise WrongUsage(
                "REASON_MISSING",
                "An erasure is kept with its reason, and none was given.",
                "Say why, for example: asked by the person by e-mail.",
            )
        held = self._workspace.whole_snapshot(at_once=True)
        ids = tuple(sorted({person, *held.ids_of(person)}, key=str.encode))
        asked = _Asked(ids, held.person_of(person), because.strip(), by, _events(held, ids))
        with self._database.writing() as session:
            lock(session)
            _refuse_again(session, asked.ids)
            if not asked.events and not _kept(session, asked.ids):
                raise UnknownName(
                    "UNKNOWN_PERSON",
                    f"Nothing is known of {person!r}.",
                    "Look for the person's id on the page People.",
                )
            made = erasure_of(_begin(session, asked))
        keep_lists(self._database)
        # Other processes ask twice a second; this one's next answer knows it.
        self._workspace.whole_snapshot(at_once=True)
        return made

    def all(self) -> tuple[Erasure, ...]:
        """Return every erasure, the newest first."""
        with self._database.session() as session:
            rows = session.scalars(select(ErasureRow).order_by(ErasureRow.id.desc()))
            return tuple(erasure_of(row) for row in rows)

    def of(self, person: str) -> Erasure | None:
        """Return the erasure of whoever bore a raw id; null when nobody who was erased did."""
        with self._database.session() as session:
            salt = salt_of(session)
            row = None if salt is None else session.get(ErasedIdRow, digest_of(salt, person))
            return None if row is None else erasure_of(session.get_one(ErasureRow, row.erasure))

    def get(self, reference: str) -> Erasure:
        """Return one erasure; raises ``UNKNOWN_ERASURE``."""
        known = {one.reference: one for one in self.all()}
        if reference not in known:
            raise UnknownName.near("erasure", reference, known)
        return known[reference]

    def waits(self) -> bool:
        """Return whether somebody is masked whom files still hold."""
        with self._database.session() as session:
            return waits(session)

    def run(self, *, by: str | None = None, progress: Progress | None = None) -> ErasingDone:
        """Write files without whoever is masked, search everything, and complete the certificates.

        Whatever cut an earlier one short, this goes on from there.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``DISK_FULL``; whoever is masked stays so.
        """
        workspace = self._workspace
        if not self.waits():
            return ErasingDone(0, 0, ())
        done = Batch.of(workspace, by=by, tell=progress).run()
        workspace.entities.renew(progress)
        return done


def _begin(session: Session, asked: _Asked) -> ErasureRow:
    """Write an erasure down, and delete at once what the database holds."""
    salt, now = salt_of(session, make=True) or b"", time.time_ns() // 1000
    addresses = note_addresses(session, asked.ids)
    row = ErasureRow(
        person=digest_of(salt, asked.person),
        raw_ids=len(asked.ids),
        because=asked.because,
        asked_us=now,
        asked_by=asked.by,
        ids=msgspec.json.encode(asked.ids).decode(),
        addresses=msgspec.json.encode(addresses).decode(),
        number=None,
        state="masked",
        done_us=None,
        told="[]",
        remains="[]",
        searched=None,
    )
    session.add(row)
    session.flush()
    marks = marks_of(salt, pa.array(asked.ids, pa.large_string())).view("int64").tolist()
    session.add_all(
        ErasedIdRow(digest=digest_of(salt, one), mark=mark, erasure=row.id)
        for one, mark in zip(asked.ids, marks, strict=True)
    )
    at = iso(now)
    masked = Place("answers, lists, search and timelines", "events masked", asked.events, at)
    swept = Sweep(session, asked.ids, Words([*asked.ids, *addresses]), salt).all()
    add_places(row, [masked, *swept])
    session.flush()
    return row


def _events(held: Snapshot, ids: tuple[str, ...]) -> int:
    """Return how many events a snapshot holds of whoever bears some ids."""
    people = sorted({held.person_of(one) for one in ids})
    found = 0
    for number, shard in enumerate(held.shards):
        for place in places_in(shard, people).tolist():
            if place >= 0 and held.lives(number, place):
                found += int(shard.offset[place + 1] - shard.offset[place])
    return found


def _refuse_again(session: Session, ids: tuple[str, ...]) -> None:
    erased = erased_ids(session)
    again = next((one for one in ids if erased.has(one)), None)
    if again is not None:
        raise Refused(
            "ALREADY_ERASED",
            "This person was erased before.",
            "Look at the certificate: pathworth erasures --person ID",
        )


def _kept(session: Session, ids: tuple[str, ...]) -> bool:
    """Return whether the database knows something of some ids that no event speaks of."""
    asked = (
        select(ConsentRow.id).where(ConsentRow.entity.in_(ids)),
        select(RestRow.entity).where(RestRow.entity.in_(ids)),
        select(LedgerRow.id).where(LedgerRow.entity.in_(ids)),
        select(PersonStateRow.entity).where(PersonStateRow.entity.in_(ids)),
        select(LinkRow.id).where(or_(LinkRow.one.in_(ids), LinkRow.other.in_(ids))),
    )
    return any(session.execute(one.limit(1)).first() is not None for one in asked)
