"""The batch that rewrites files: whoever was masked since the last one is in none of them afterwards."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import msgspec
import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.orm import Session

from pathworth.store.backups.erased import keep_lists, lies_beside
from pathworth.store.backups.freezing import sweep_backup
from pathworth.store.backups.notes import remembered
from pathworth.store.erasing.aside import Aside
from pathworth.store.erasing.contracts import ErasingDone, Hit, Place, Remains, Searched
from pathworth.store.erasing.rewriting import RewritingBatch, look
from pathworth.store.erasing.rows import ErasureRow, add_places, iso, salt_of
from pathworth.store.erasing.searching import Search
from pathworth.store.erasing.sweeping import Sweep, delete_taken
from pathworth.store.erasing.thinning import OfPeople
from pathworth.store.erasing.words import Words
from pathworth.store.files import disk_trouble
from pathworth.store.lake import Lake
from pathworth.store.records.database import Database, lock
from pathworth.store.shared import Clusters, copies_of
from pathworth.store.tail.compact import compacting

_COPIES = "copies for the machines of the cluster"
_FETCHED = "what machines of the cluster fetched"
_LETS_GO = "Each lets go of it when it fetches something next, or with the folder that its process works in."
_LISTED = "A backup from before; who puts it back erases again, by the list beside it."
_NOT_LISTED = "A backup from before, without a list beside it; erase again when it is put back."


@dataclass(frozen=True)
class Person:
    """Somebody who is masked and whose batch is not done: the erasure's number, raw ids and addresses."""

    number: int
    ids: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def words(self) -> Words:
        """Return what is looked for."""
        return Words([*self.ids, *self.addresses])


class Batch(RewritingBatch):
    """One batch for everybody who is masked."""

    def run(self) -> ErasingDone:
        """Do all that is left to do, whatever was cut short; may be called again at any time."""
        with disk_trouble(self.places.root), compacting(self.places):
            with self.writing() as number:
                events = self._rewrite(number)
                self._take_out()
            sweep_backup(self.places)
            keep_lists(self.database)
            people = self._people(state="rewritten")
            self._sweep_copies(people)
            self._settle(people)
            return self._shred(people, events)

    def _people(self, *, state: str | None = None) -> list[Person]:
        """Return whoever is masked and still has ids to be looked for."""
        asked = select(ErasureRow).where(ErasureRow.ids.is_not(None)).order_by(ErasureRow.id)
        asked = asked if state is None else asked.where(ErasureRow.state == state)
        with self.database.session() as session:
            return [
                Person(row.id, _texts(row.ids), _texts(row.addresses))
                for row in session.scalars(asked)
            ]

    def _rewrite(self, number: int) -> int:
        """Write files of the lake without whoever is masked, and journeys anew; return how many events went."""
        people = self._people(state="masked")
        if not people:
            return 0
        ids = _array(people)
        found = look(Lake(self.places.lake), ids)
        self._remember(people, found.addresses)
        erasures = tuple(one.number for one in people)
        return self.rewrite(number, OfPeople(ids), found=found.rows, erasures=erasures)

    def _remember(self, people: Sequence[Person], found: dict[str, set[str]]) -> None:
        """Keep the addresses that the person's own events say, for as long as they are to be looked for."""
        with self.database.session() as session:
            for one in people:
                said = {text for id_ in one.ids for text in found.get(id_, ())}
                row = session.get_one(ErasureRow, one.number)
                row.addresses = msgspec.json.encode(sorted({*one.addresses, *said})).decode()

    def _take_out(self) -> None:
        """Take people out of what lies beside the lake; done again it finds nothing."""
        for one in self._people():
            aside = Aside(self.places, pa.array(one.ids, pa.string()), one.words)
            places = aside.all()
            with self.database.writing() as session:
                lock(session)
                places += aside.blocks(session)
                row = session.get_one(ErasureRow, one.number)
                places += Sweep(session, one.ids, one.words, salt_of(session) or b"").all()
                add_places(row, places)

    def _sweep_copies(self, people: Sequence[Person]) -> None:
        """Remove what the machines of a cluster find whose files are gone; where that fails it is tried again."""
        gone = self.publish()
        copies = copies_of(self.places.root, self.database)
        gone += 0 if copies is None else copies.sweep(everything=True)
        if not gone:
            return
        place = Place(_COPIES, "deleted", gone, iso(time.time_ns() // 1000))
        with self.database.writing() as session:
            lock(session)
            for one in people:
                add_places(session.get_one(ErasureRow, one.number), [place])

    def _settle(self, people: Sequence[Person]) -> None:
        """Search everything, write the certificates, and let go of the ids themselves."""
        if not people:
            return
        self.tell("reading everything again", 0.0)
        everybody = Person(
            0,
            tuple(id_ for one in people for id_ in one.ids),
            tuple(text for one in people for text in one.addresses),
        )
        every = self._search(everybody)
        for place, one in enumerate(people):
            # Only where something is found must it be told of whom.
            found = self._search(one) if every.hits and len(people) > 1 else every
            self.tell("reading everything again", (place + 1) / len(people))
            with self.database.writing() as session:
                lock(session)
                row = session.get_one(ErasureRow, one.number)
                _certify(row, found, remains=_remains(self.database, row, found))
                delete_taken(session)

    def _search(self, one: Person) -> Searched:
        return Search(self.places, self.database, one.ids, one.words).run()

    def _shred(self, people: Sequence[Person], events: int) -> ErasingDone:
        """Write the database's file anew, so that no free page of it holds what was deleted, and look into it."""
        with self.database.session() as session:
            rows = session.execute(
                select(ErasureRow.id).where(ErasureRow.state == "searched").order_by(ErasureRow.id)
            )
            searched = list(rows.scalars())
        if not searched:
            return ErasingDone(0, events, ())
        self.tell("writing the database anew", 0.0)
        self.database.shred()
        held = {
            one.number: Search(self.places, self.database, one.ids, one.words).database_bytes()
            for one in people
        }
        now = time.time_ns() // 1000
        with self.database.writing() as session:
            lock(session)
            for number in searched:
                _end(session.get_one(ErasureRow, number), held.get(number), now)
        return ErasingDone(len(searched), events, tuple(f"E-{number}" for number in searched))


def _certify(row: ErasureRow, found: Searched, *, remains: Sequence[Remains]) -> None:
    row.searched = msgspec.json.encode(asdict(found)).decode()
    row.remains = msgspec.json.encode([asdict(one) for one in remains]).decode()
    row.ids = row.addresses = None
    row.state = "searched"


def _end(row: ErasureRow, held: int | None, now_us: int) -> None:
    """Say that it is done; ``held`` is how often the database's file held a word, null where nobody knows any more."""
    at = iso(now_us)
    row.state, row.done_us = "done", now_us
    add_places(row, [Place("database", "written anew, without what was deleted", 1, at)])
    if held and row.searched:
        found = msgspec.json.decode(row.searched, type=Searched)
        found = replace(found, hits=(*found.hits, Hit("the database's file", held)))
        row.searched = msgspec.json.encode(asdict(found)).decode()


def _remains(database: Database, row: ErasureRow, found: Searched) -> list[Remains]:
    """Return what a person may still be in: backups from before, and where something was found."""
    remains = [
        Remains(one.path, one.throw_away_at, _LISTED if lies_beside(one) else _NOT_LISTED)
        for one in remembered(database)
    ]
    if row.number is not None:
        hashes = "Numbers of 128 bits made of whole rows: no replay of a file brings them back."
        remains.append(Remains("fingerprints", None, hashes))
    cluster = Clusters(database).read()
    if cluster is not None and cluster.shared is not None:
        remains.append(Remains(_FETCHED, None, _LETS_GO))
    remains += [
        Remains(hit.place, None, "Somebody else's events or words speak of this person.")
        for hit in found.hits
    ]
    return remains


def _array(people: Sequence[Person]) -> pa.Array:
    return pa.array(sorted({id_ for one in people for id_ in one.ids}), pa.string())


def _texts(held: str | None) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(held or "[]", type=list[str]))


def waits(session: Session) -> bool:
    """Return whether there is something to do."""
    asked = select(ErasureRow.id).where(ErasureRow.state != "done").limit(1)
    return session.scalar(asked) is not None
