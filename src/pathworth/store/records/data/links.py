"""Links between raw ids as they are kept: said once, taken back, never deleted."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Float, LargeBinary, Text, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from pathworth.store.erasing.suppressed import erased_ids
from pathworth.store.records.data.arrivals import ID
from pathworth.store.records.database import Base

BY_HAND = "by hand"
"""The rule of links that a person made; no other one joins what a person took apart."""
ERASED = "erased"
"""Stands before the digest of an id whose person was erased, and says who took the links of one back."""
_AT_ONCE = 500


class LinkRow(Base):
    """One link.

    ``change`` and ``taken`` number the changes of the links: with what was said up to one of them, and not taken back
    by it, everybody finds the same persons. ``taken_by`` is null where a newer word of the same rule took its place.
    """

    __tablename__ = "links"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    pair: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    one: Mapped[str] = mapped_column(Text, index=True)
    other: Mapped[str] = mapped_column(Text, index=True)
    at_us: Mapped[int] = mapped_column(BigInteger)
    rule: Mapped[str] = mapped_column(Text)
    sure: Mapped[float] = mapped_column(Float)
    source: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    batch: Mapped[int | None] = mapped_column(BigInteger)
    known_seq: Mapped[int] = mapped_column(BigInteger)
    said_us: Mapped[int] = mapped_column(BigInteger)
    change: Mapped[int] = mapped_column(BigInteger, index=True)
    taken: Mapped[int | None] = mapped_column(BigInteger, index=True)
    taken_us: Mapped[int | None] = mapped_column(BigInteger)
    taken_by: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class SaidLink:
    """Somebody says that two raw ids are one person.

    Parameters
    ----------
    one, other
        The ids; ``one`` is told to be ``other``, by which the person is known from then on.
    at_us
        When it was said, microseconds since 1970 UTC.
    rule, source
        How it was said, in a word, and where.
    sure
        From 0 to 1.
    author, batch
        Who said it, of a link made by hand or from a file, and the batch that said it; null where there is none.
    """

    one: str
    other: str
    at_us: int
    rule: str
    sure: float = 1.0
    source: str = ""
    author: str | None = None
    batch: int | None = None


@dataclass
class _Known:
    """What the links of a pair are: those that stand, by what says the same again, and whether it was taken apart."""

    stand: dict[tuple[str, str, str, str], LinkRow] = field(default_factory=dict)
    apart: bool = False
    by_hand: bool = False


def pair_of(one: str, other: str) -> bytes:
    """Return what two ids are found by, whichever comes first."""
    said = "\0".join(sorted((one, other))).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def of_erased(row: LinkRow) -> bool:
    """Return whether a link names somebody who was erased."""
    return f"{ERASED}:" in (row.one[: len(ERASED) + 1], row.other[: len(ERASED) + 1])


def newest_change(session: Session) -> int:
    """Return the number of the last change of the links; 0 while there was none."""
    said = session.scalar(select(func.max(LinkRow.change))) or 0
    return max(said, session.scalar(select(func.max(LinkRow.taken))) or 0)


def say_links(session: Session, links: Iterable[SaidLink], *, known_seq: int) -> int:
    """Write what is new of some links as one change, and return how many that are; the caller holds the lock.

    Saying the same again changes nothing; the newer word of the same rule and source on two ids takes the place of the
    older one. What a person took apart only a person joins again.
    """
    erased = erased_ids(session)
    new = [
        one
        for one in links
        if one.one
        and one.other
        and one.one != one.other
        # Nothing is said of an erased person any more, not even who else that is.
        and not (erased.has(one.one) or erased.has(one.other))
    ]
    by_pair: dict[bytes, dict[tuple[str, str, str, str], SaidLink]] = {}
    for link in new:
        by_pair.setdefault(pair_of(link.one, link.other), {})[_key(link)] = link
    if not by_pair:
        return 0
    known = _known(session, list(by_pair))
    number, now = newest_change(session) + 1, time.time_ns() // 1000
    rows: list[dict[str, Any]] = []
    older: list[int] = []
    for pair, said in by_pair.items():
        held = known.get(pair, _Known())
        for key, link in said.items():
            before = held.stand.get(key)
            same = before is not None and before.sure == link.sure
            if same or (held.apart and not held.by_hand and link.rule != BY_HAND):
                continue
            if before is not None:
                older.append(before.id)
            rows.append(_row(link, pair, known_seq, now) | {"change": number})
    _take(session, older, {"taken": number, "taken_us": now})
    if rows:
        session.execute(insert(LinkRow), rows)
    return len(rows)


def take_links_back(session: Session, ids: tuple[str, str], *, author: str) -> int:
    """Take every link between two ids back, and return how many those are; the caller holds the lock."""
    asked = select(LinkRow.id).where(LinkRow.pair == pair_of(*ids), LinkRow.taken.is_(None))
    found = list(session.scalars(asked))
    change = {"taken": newest_change(session) + 1, "taken_us": time.time_ns() // 1000}
    _take(session, found, {**change, "taken_by": author})
    return len(found)


def take_said_back(session: Session, sources: Sequence[str]) -> list[SaidLink]:
    """Take back what some sources said, and return it, so that it can be said again; the caller holds the lock."""
    asked = select(LinkRow).where(LinkRow.source.in_(sources), LinkRow.taken.is_(None))
    rows = list(session.scalars(asked.order_by(LinkRow.id)))
    names = ("one", "other", "at_us", "rule", "sure", "source", "author", "batch")
    said = [SaidLink(**{name: getattr(row, name) for name in names}) for row in rows]
    change = {"taken": newest_change(session) + 1, "taken_us": time.time_ns() // 1000}
    _take(session, [row.id for row in rows], change)
    return said


def says_anything(session: Session, source: str) -> bool:
    """Return whether a link of a source stands."""
    asked = select(LinkRow.id).where(LinkRow.source == source, LinkRow.taken.is_(None))
    return session.scalar(asked.limit(1)) is not None


def changed_links(
    session: Session, after: int, *, until: int
) -> Iterator[tuple[int, str, str, float, bool]]:
    """Yield the links that were said or taken back by some changes, as they stand after those, by their numbers."""
    said, taken = LinkRow.change, LinkRow.taken
    mine = or_((said > after) & (said <= until), (taken > after) & (taken <= until))
    columns = (LinkRow.id, LinkRow.one, LinkRow.other, LinkRow.sure, taken)
    asked = select(*columns).where(mine, said <= until).order_by(LinkRow.id)
    for id_, one, other, sure, gone in session.execute(asked.execution_options(yield_per=10_000)):
        yield id_, one, other, sure, gone is None or gone > until


def links_of_ids(
    session: Session, ids: Sequence[str], *, limit: int | None = None
) -> list[LinkRow]:
    """Return the newest links, those taken back included, that name one of some ids, by when they were written."""
    found: dict[int, LinkRow] = {}
    for some, end in _ends(ids):
        asked = select(LinkRow).where(end.in_(some)).order_by(LinkRow.id.desc()).limit(limit)
        found.update((row.id, row) for row in session.scalars(asked))
    return [found[key] for key in sorted(found)][-limit if limit else 0 :]


def last_changes(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Return the last change of the links of each of some ids, and of the ids that those lead to."""
    pairs: set[tuple[str, str]] = set()
    for some, end in _ends(ids):
        asked = select(LinkRow.one, LinkRow.other).where(end.in_(some)).distinct()
        pairs.update((one, other) for one, other in session.execute(asked))
    own: dict[str, int] = {}
    for some, end in _ends(sorted({end for pair in pairs for end in pair})):
        newest = select(end, func.max(LinkRow.change), func.max(LinkRow.taken)).group_by(end)
        for one, change, taken in session.execute(newest.where(end.in_(some))):
            own[one] = max(own.get(one, 0), change, taken or 0)
    found = {one: own[one] for one in ids if one in own}
    for one, other in (*pairs, *((b, a) for a, b in pairs)):
        if one in found:
            found[one] = max(found[one], own[other])
    return found


def _ends(ids: Sequence[str]) -> Iterator[tuple[Sequence[str], InstrumentedAttribute[str]]]:
    for first in range(0, len(ids), _AT_ONCE):
        for end in (LinkRow.one, LinkRow.other):
            yield ids[first : first + _AT_ONCE], end


def _key(link: SaidLink | LinkRow) -> tuple[str, str, str, str]:
    return link.one, link.other, link.rule, link.source


def _known(session: Session, pairs: Sequence[bytes]) -> dict[bytes, _Known]:
    found: dict[bytes, _Known] = {}
    for first in range(0, len(pairs), _AT_ONCE):
        asked = select(LinkRow).where(LinkRow.pair.in_(pairs[first : first + _AT_ONCE]))
        for row in session.scalars(asked.order_by(LinkRow.id)):
            held = found.setdefault(row.pair, _Known())
            if row.taken is None:
                held.stand[_key(row)] = row
                held.by_hand |= row.rule == BY_HAND
            held.apart |= row.taken_by is not None
    return found


def _take(session: Session, ids: Sequence[int], said: dict[str, Any]) -> None:
    for first in range(0, len(ids), _AT_ONCE):
        chosen = LinkRow.id.in_(ids[first : first + _AT_ONCE])
        session.execute(update(LinkRow).where(chosen).values(**said))


def _row(link: SaidLink, pair: bytes, known_seq: int, now: int) -> dict[str, Any]:
    names = ("one", "other", "at_us", "rule", "sure", "source", "author", "batch")
    said = {name: getattr(link, name) for name in names}
    return {**said, "pair": pair, "known_seq": known_seq, "said_us": now}
