"""Numbers by the day, of sources that tell no people: what stands of them, and what later words replaced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.records.data.arrivals import ID
from pathworth.store.records.database import Base, ImportRow

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

KIND = "daily"
"""The kind of imports that bring such numbers."""
_AT_ONCE = 500


class DailyRow(Base):
    """One number as one import said it.

    Of the rows of one ``key`` the one of the newest import that stands itself ``stands``; so whatever is undone, what
    others said before and since comes to stand again.
    """

    __tablename__ = "daily"
    __table_args__ = (Index("ix_daily_shown", "source", "measure", "day"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(Text)
    days: Mapped[int] = mapped_column(BigInteger)
    measure: Mapped[str] = mapped_column(Text)
    dimensions: Mapped[str] = mapped_column(Text)
    split: Mapped[str] = mapped_column(Text)
    key: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    micro: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(Text)
    adds: Mapped[bool] = mapped_column()
    import_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("imports.id"), index=True)
    stands: Mapped[bool] = mapped_column()


@dataclass(frozen=True)
class DailyValue:
    """One number of one day, or of the days from one on.

    Parameters
    ----------
    day, days
        ISO date of the first day, and how many days the number is of.
    measure
        What was counted.
    dimensions
        By what it is broken down: names and texts, as JSON with sorted keys.
    micro
        The number in millionths.
    currency
        Of money; null for any other number.
    adds
        Whether numbers of several days and dimensions can be added up; false for shares and ranks.
    """

    day: str
    days: int
    measure: str
    dimensions: str
    micro: int
    currency: str | None = None
    adds: bool = True


@dataclass(frozen=True)
class DailyCount:
    """What stands of one measure of one source, broken down by the same things.

    ``covered`` is how many days it has numbers of, from ``first`` to ``last``; ``sum``, ``least`` and ``most`` are in
    millionths, and ``sum`` is null where numbers do not add up.
    """

    source: str
    measure: str
    split: tuple[str, ...]
    currency: str | None
    values: int
    first: str
    last: str
    covered: int
    sum: int | None
    least: int
    most: int


@dataclass(frozen=True)
class DailySaid:
    """How many numbers an import says, how many of them are new, and how many are other than what stood."""

    values: int
    new: int
    changed: int


@dataclass(frozen=True)
class DailyGone:
    """How many numbers go with an import, and for how many of them an older word of another import comes back."""

    removed: int
    restored: int


def key_of(source: str, one: DailyValue) -> bytes:
    """Return what a number is found by: all that is said of it but the number itself."""
    said = json.dumps([source, one.day, one.days, one.measure, one.dimensions, one.currency])
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Daily:
    """The numbers by the day of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def counts(self) -> tuple[DailyCount, ...]:
        """Return what stands, by source, measure and what it is broken down by."""
        row = DailyRow
        keys = (row.source, row.measure, row.split, row.currency, row.adds)
        found = (func.count(), func.sum(row.micro), func.min(row.micro), func.max(row.micro))
        whole = select(*keys, *found).where(row.stands).group_by(*keys).order_by(*keys)
        spans = select(*keys, row.day, row.days).where(row.stands).distinct()
        days: dict[tuple[Any, ...], set[date]] = {}
        with self._database.session() as session:
            for *key, day, many in session.execute(spans):
                first = date.fromisoformat(day)
                covered = days.setdefault(tuple(key), set())
                covered.update(first + timedelta(days=k) for k in range(many))
            return tuple(_count(list(one), days) for one in session.execute(whole))

    def values(
        self,
        *,
        source: str | None = None,
        measure: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
    ) -> tuple[tuple[str, DailyValue], ...]:
        """Return numbers that stand, each with its source, by source, measure, day and dimensions.

        Parameters
        ----------
        source, measure
            Which; null for all.
        from_, to
            ISO dates: of days from the first up to but without the second.
        limit
            How many at most.
        """
        row = DailyRow
        asked = select(row).where(row.stands)
        asked = asked if source is None else asked.where(row.source == source)
        asked = asked if measure is None else asked.where(row.measure == measure)
        asked = asked if from_ is None else asked.where(row.day >= from_)
        asked = asked if to is None else asked.where(row.day < to)
        order = (row.source, row.measure, row.day, row.dimensions)
        with self._database.session() as session:
            rows = session.scalars(asked.order_by(*order).limit(limit))
            return tuple((one.source, _value(one)) for one in rows)


def say_daily(
    session: Session, values: Iterable[DailyValue], *, source: str, import_id: int
) -> DailySaid:
    """Write the numbers of an import, each said once, some at a time. The caller holds the writer's lock."""
    said = new = changed = 0
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        by_key = {key_of(source, one): one for one in some}
        stood = {row.key: row for row in session.scalars(_standing(list(by_key)))}
        rows = []
        said += len(some)
        for key, one in by_key.items():
            before = stood.get(key)
            new += before is None
            changed += before is not None and before.micro != one.micro
            if before is not None:
                before.stands = False
            rows.append(_row(one, key, source) | {"import_id": import_id, "stands": True})
        session.flush()
        session.execute(insert(DailyRow), rows)
    return DailySaid(said, new, changed)


def what_goes(session: Session, import_id: int) -> DailyGone:
    """Say what goes with an import and what comes back for it."""
    keys = list(session.scalars(_keys_standing(import_id)))
    back = sum(len(_older(session, some, import_id)) for some in _some(keys))
    return DailyGone(len(keys), back)


def take_daily_back(session: Session, import_id: int) -> None:
    """Let the numbers of an import stand no more, and those of the newest other import that stands come back."""
    keys = list(session.scalars(_keys_standing(import_id)))
    for some in _some(keys):
        for row in session.scalars(_standing(some)):
            row.stands = False
        back = _older(session, some, import_id)
        for ids in _some(sorted(back.values())):
            for row in session.scalars(select(DailyRow).where(DailyRow.id.in_(ids))):
                row.stands = True


def _keys_standing(import_id: int) -> Any:
    return select(DailyRow.key).where(DailyRow.import_id == import_id, DailyRow.stands)


def _standing(keys: Sequence[bytes]) -> Any:
    return select(DailyRow).where(DailyRow.key.in_(keys), DailyRow.stands)


def _older(session: Session, keys: Sequence[bytes], import_id: int) -> dict[bytes, int]:
    """Return for some keys the row of the newest other import that was not undone."""
    asked = (
        select(DailyRow.key, DailyRow.id)
        .join(ImportRow, ImportRow.id == DailyRow.import_id)
        .where(DailyRow.key.in_(keys), DailyRow.import_id != import_id)
        .where(ImportRow.undone_at.is_(None))
        .order_by(DailyRow.import_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def _some(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(items), _AT_ONCE):
        yield items[first : first + _AT_ONCE]


def _row(one: DailyValue, key: bytes, source: str) -> dict[str, Any]:
    names = ("day", "days", "measure", "dimensions", "micro", "currency", "adds")
    said = {name: getattr(one, name) for name in names}
    split = json.dumps(sorted(json.loads(one.dimensions)), ensure_ascii=False)
    return {**said, "key": key, "source": source, "split": split}


def _value(row: DailyRow) -> DailyValue:
    return DailyValue(
        row.day, row.days, row.measure, row.dimensions, row.micro, row.currency, row.adds
    )


def _count(one: list[Any], days: dict[tuple[Any, ...], set[date]]) -> DailyCount:
    source, measure, split, currency, adds, values, total, least, most = one
    covered = days[source, measure, split, currency, adds]
    return DailyCount(
        source=source,
        measure=measure,
        split=tuple(json.loads(split)),
        currency=currency,
        values=values,
        first=min(covered).isoformat(),
        last=max(covered).isoformat(),
        covered=len(covered),
        sum=int(total) if adds else None,
        least=least,
        most=most,
    )
