"""What is known of accounts themselves: of every trait the value that was said last, whoever said it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.erasing.suppressed import erased_ids
from pathworth.store.records.database import Base

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

_AT_ONCE = 500


class AccountFactRow(Base):
    """One trait of one account; ``value`` is null once it was taken back, so that an older word stays older."""

    __tablename__ = "account_facts"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    once: Mapped[bool] = mapped_column()
    at_us: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class AccountFact:
    """A trait of an account.

    Parameters
    ----------
    account, kind
        Its id, and what kind of group it is; empty where nobody says.
    name, value
        The trait as text; null where it is taken back.
    at_us, source
        When it was said, microseconds since 1970 UTC, and where.
    once
        Whether it is meant only where nothing else was said.
    """

    account: str
    kind: str
    name: str
    value: str | None
    at_us: int
    source: str
    once: bool = False


def say_facts(session: Session, facts: Iterable[AccountFact]) -> None:
    """Write what is newer than what is known; the caller holds the lock.

    The later word wins by its own time, of two at the same time the one that came later; what is meant only where
    nothing else was said gives way to everything else. So the same batch may come again.
    """
    erased = erased_ids(session)
    said = [one for one in facts if not erased.has(one.account)]
    known = {_key(row): row for row in _held(session, {one.account for one in said})}
    for one in said:
        row = known.get(_key(one))
        if row is None:
            row = known[_key(one)] = AccountFactRow(
                account=one.account, kind=one.kind, name=one.name
            )
            session.add(row)
        elif not _wins(one, row):
            continue
        row.value, row.once, row.at_us, row.source = one.value, one.once, one.at_us, one.source


def _key(one: AccountFact | AccountFactRow) -> tuple[str, str, str]:
    return one.account, one.kind, one.name


def _wins(one: AccountFact, row: AccountFactRow) -> bool:
    if one.once:
        # The first word stays, also of two that came the wrong way round; what was taken back is free again.
        return one.at_us < row.at_us if row.once else row.value is None and one.at_us >= row.at_us
    return row.once or one.at_us >= row.at_us


def _held(session: Session, accounts: Iterable[str]) -> Iterator[AccountFactRow]:
    ids = sorted(accounts)
    for first in range(0, len(ids), _AT_ONCE):
        some = AccountFactRow.account.in_(ids[first : first + _AT_ONCE])
        yield from session.scalars(select(AccountFactRow).where(some))


class AccountFacts:
    """What is known of the accounts of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def of(self, account: str) -> tuple[AccountFact, ...]:
        """Return what is known of an account now, by kind and name."""
        stands = AccountFactRow.account == account, AccountFactRow.value.is_not(None)
        order = AccountFactRow.kind, AccountFactRow.name
        with self._database.session() as session:
            rows = session.scalars(select(AccountFactRow).where(*stands).order_by(*order))
            return tuple(_fact(row) for row in rows)

    def accounts(self, text: str, *, limit: int) -> Sequence[str]:
        """Return the accounts that something is known of and whose id holds a text; capitals do not matter."""
        asked = (
            select(AccountFactRow.account)
            .where(AccountFactRow.account.icontains(text, autoescape=True))
            .where(AccountFactRow.value.is_not(None))
            .distinct()
            .order_by(AccountFactRow.account)
            .limit(limit)
        )
        with self._database.session() as session:
            return session.scalars(asked).all()


def _fact(row: AccountFactRow) -> AccountFact:
    return AccountFact(
        row.account, row.kind, row.name, row.value, row.at_us, row.source, once=row.once
    )
