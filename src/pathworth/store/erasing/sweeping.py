"""What the database holds of people beside their events: deleted at once, and again when the batch comes by."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pathworth.store.arrivals.noting import forget_last
from pathworth.store.erasing.contracts import Place
from pathworth.store.erasing.rows import digest_of, iso, keep_proof
from pathworth.store.erasing.thinning import OfPeople
from pathworth.store.erasing.words import Words
from pathworth.store.records.consents import ConsentRow, RestRow
from pathworth.store.records.data.account_facts import AccountFactRow
from pathworth.store.records.data.arrivals import QuarantineRow
from pathworth.store.records.data.exclusions import ExclusionRow
from pathworth.store.records.data.links import ERASED, LinkRow, newest_change
from pathworth.store.records.data.segments import SegmentRevisionRow
from pathworth.store.records.database import Base, MapRevisionRow
from pathworth.store.records.documents import AskRevisionRow, ProgramRevisionRow
from pathworth.store.records.jobs import JobRow
from pathworth.store.records.ledger_rows import LedgerRow, MuteRow
from pathworth.store.records.opportunities import OpportunityRow
from pathworth.store.records.person_states import OccasionRow, PersonStateRow

T = TypeVar("T", bound=Base)
_AT_ONCE = 400
BLOTTED = "(erased)"
"""Stands in rules where an id stood; nobody bears it, as nobody bears the id any more."""
_WRITTEN: tuple[tuple[str, type[Base], InstrumentedAttribute[str]], ...] = (
    ("saved segments", SegmentRevisionRow, SegmentRevisionRow.who),
    ("saved segments", SegmentRevisionRow, SegmentRevisionRow.steps),
    ("maps", MapRevisionRow, MapRevisionRow.document),
    ("programs", ProgramRevisionRow, ProgramRevisionRow.document),
    ("questions and messages", AskRevisionRow, AskRevisionRow.document),
    ("plans", OpportunityRow, OpportunityRow.selection),
)
"""Texts that people write and that may name an id in quotes."""


@dataclass(frozen=True)
class Sweep:
    """Deletes what is kept of some raw ids, in the transaction of a session.

    Parameters
    ----------
    session
        Holds the lock of the database.
    ids
        The raw ids.
    words
        The same, and addresses, as texts spell them.
    salt
        What digests are made with.
    """

    session: Session
    ids: Sequence[str]
    words: Words
    salt: bytes

    def all(self) -> list[Place]:
        """Delete all of it and say where how much was."""
        at = iso(time.time_ns() // 1000)
        counted = (
            ("consents", "kept as proof, with a digest in place of the person", self._consents()),
            ("rests", "deleted", self._where(RestRow, RestRow.entity)),
            ("state kept for programs", "deleted", self._where(PersonStateRow, "entity")),
            ("waiting occasions", "deleted", self._where(OccasionRow, "entity", "unit")),
            ("ledger of messages and decisions", "deleted", self._ledger()),
            ("links between ids", "deleted", self._links()),
            ("facts about accounts", "deleted", self._facts()),
            ("batches that could not be read", "deleted", self._quarantine()),
            ("last events to be watched", "deleted", self._last()),
            ("rules of who is left out", "taken out", self._exclusions()),
            *((place, f"{BLOTTED} stands there instead", n) for place, n in self._written()),
            ("notes of jobs", "deleted", self._jobs()),
        )
        return [Place(place, what, rows, at) for place, what, rows in counted if rows]

    def _some(self) -> Iterable[Sequence[str]]:
        for first in range(0, len(self.ids), _AT_ONCE):
            yield self.ids[first : first + _AT_ONCE]

    def _where(self, table: type[Base], *columns: str | InstrumentedAttribute[str]) -> int:
        found = 0
        named = [getattr(table, one) if isinstance(one, str) else one for one in columns]
        for some in self._some():
            chosen = or_(*(column.in_(some) for column in named))
            found += self.session.connection().execute(delete(table).where(chosen)).rowcount
        return found

    def _consents(self) -> int:
        """Keep of every answer that it was given, without whose it was."""
        for some in self._some():
            mine = self.session.scalars(select(ConsentRow).where(ConsentRow.entity.in_(some)))
            keep_proof(self.session, mine.all(), salt=self.salt)
        return self._where(ConsentRow, ConsentRow.entity)

    def _ledger(self) -> int:
        for some in self._some():
            mine = select(LedgerRow.id).where(LedgerRow.entity.in_(some))
            self.session.execute(delete(MuteRow).where(MuteRow.decision.in_(mine)))
        return self._where(LedgerRow, LedgerRow.entity, LedgerRow.unit)

    def _links(self) -> int:
        """Take links back that join these ids, and let others that name one name a digest.

        Those that join nobody must still count against whoever they name: else an id that many share, a kiosk's,
        would seem to be one person's when one of the many is gone.
        """
        mine = set(self.ids)
        found, now = 0, time.time_ns() // 1000
        number = newest_change(self.session) + 1
        for some in self._some():
            named = or_(LinkRow.one.in_(some), LinkRow.other.in_(some))
            for row in self.session.scalars(select(LinkRow).where(named)).all():
                found += 1
                if row.one in mine and row.other in mine:
                    if row.taken is None:
                        row.taken, row.taken_us, row.taken_by = number, now, ERASED
                    row.pair = digest_of(self.salt, f"{row.one}\0{row.other}")
                for end in ("one", "other"):
                    if (said := getattr(row, end)) in mine:
                        setattr(row, end, f"{ERASED}:{digest_of(self.salt, said).hex()}")
                row.pair = digest_of(self.salt, f"{row.one}\0{row.other}")
        self.session.flush()
        return found

    def _last(self) -> int:
        return forget_last(self.session, OfPeople(pa.array(self.ids, pa.string())).of)

    def _facts(self) -> int:
        """Delete what is said of an account of the same id, and what names the person as a trait of another."""
        found = self._where(AccountFactRow, AccountFactRow.account)
        for row in self._speaking(AccountFactRow, AccountFactRow.value):
            if row.value is not None and self.words.in_text(row.value):
                self.session.delete(row)
                found += 1
        return found

    def _quarantine(self) -> int:
        gone = [
            row.id
            for row in self._speaking(QuarantineRow, QuarantineRow.raw, QuarantineRow.reason)
            if self.words.in_text(row.raw) or self.words.in_text(row.reason)
        ]
        for first in range(0, len(gone), _AT_ONCE):
            chosen = QuarantineRow.id.in_(gone[first : first + _AT_ONCE])
            self.session.execute(delete(QuarantineRow).where(chosen))
        return len(gone)

    def _exclusions(self) -> int:
        found, mine = 0, set(self.ids)
        for row in self.session.scalars(select(ExclusionRow)).all():
            ids = json.loads(row.ids)
            left = [one for one in ids if one not in mine]
            if len(left) < len(ids):
                found += len(ids) - len(left)
                row.ids = json.dumps(left, ensure_ascii=False)
            if row.who is not None and (who := self._blotted(row.who)) != row.who:
                found, row.who = found + 1, who
        return found

    def _written(self) -> Iterable[tuple[str, int]]:
        for place, table, column in _WRITTEN:
            found = 0
            for row in self._speaking(table, column):
                text = getattr(row, column.key)
                if text and (left := self._blotted(text)) != text:
                    found += 1
                    setattr(row, column.key, left)
            yield place, found

    def _jobs(self) -> int:
        cleared = 0
        for row in self._speaking(JobRow, JobRow.result, JobRow.error):
            for name in ("result", "error"):
                if self.words.in_text(getattr(row, name)):
                    setattr(row, name, None)
                    cleared += 1
        return cleared

    def _blotted(self, text: str) -> str:
        """Return a rule or a document without the ids, which stand between quotes there."""
        for id_ in self.ids:
            for quote, said in (("'", id_.replace("'", "''")), ('"', json.dumps(id_)[1:-1])):
                text = text.replace(f"{quote}{said}{quote}", f"{quote}{BLOTTED}{quote}")
        return text

    def _speaking(
        self,
        table: type[T],
        *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ) -> Sequence[T]:
        """Return the rows in which an id may stand as part of a text, in whichever spelling."""
        spelled = sorted({*self.words.spelled, *self.ids})
        found: dict[int, T] = {}
        for first in range(0, len(spelled), 50):
            some = spelled[first : first + 50]
            said = or_(*(c.contains(word, autoescape=True) for c in columns for word in some))
            for row in self.session.scalars(select(table).where(said)):
                found[id(row)] = row
        return list(found.values())


def delete_taken(session: Session) -> int:
    """Delete the links that erasures took back, the newest change apart: its number must not be given again."""
    newest = newest_change(session)
    gone = delete(LinkRow).where(LinkRow.taken_by == ERASED, LinkRow.taken < newest)
    return session.connection().execute(gone).rowcount


def note_addresses(session: Session, ids: Sequence[str]) -> list[str]:
    """Return the addresses that messages to some people went to."""
    found: set[str] = set()
    for first in range(0, len(ids), _AT_ONCE):
        asked = select(LedgerRow.address).where(
            LedgerRow.entity.in_(ids[first : first + _AT_ONCE]), LedgerRow.address.is_not(None)
        )
        found.update(one for one in session.scalars(asked.distinct()) if one)
    return sorted(found)
