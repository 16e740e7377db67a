"""Whom no answer counts: employees, test accounts, robots, by rules that a person can switch off."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from pathworth.base.errors import UnknownName
from pathworth.store.records.database import Base, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


class ExclusionRow(Base):
    """One rule over people, by its name."""

    __tablename__ = "exclusions"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str | None] = mapped_column(Text)
    ids: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column()


@dataclass(frozen=True)
class Exclusion:
    """A rule over people whom no answer counts.

    Parameters
    ----------
    name
        What they are, for example ``employees``.
    who
        Predicate over traits and ``person``, the raw id; null when the ids are listed.
    ids
        Raw ids, sorted.
    author, created_at
        Who said so, and when.
    active
        False when the rule is switched off.
    """

    name: str
    who: str | None
    ids: tuple[str, ...]
    author: str
    created_at: str
    active: bool = True


class Exclusions:
    """The rules of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def all(self) -> tuple[Exclusion, ...]:
        """Return every rule, in the order in which they were made."""
        with self._database.session() as session:
            rows = session.scalars(select(ExclusionRow).order_by(ExclusionRow.position))
            return tuple(_exclusion(row) for row in rows)

    def save(
        self, name: str, *, who: str | None = None, ids: Sequence[str] = (), author: str = ""
    ) -> Exclusion:
        """Keep a rule; one of the same name is replaced in its place, and switched on.

        Parameters
        ----------
        name
            What those people are.
        who, ids
            A predicate, or ids.
        author
            Who says so.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with self._database.session() as session:
            lock(session)
            row = session.get(ExclusionRow, name)
            last = session.scalar(select(func.max(ExclusionRow.position))) or 0
            made = ExclusionRow(
                name=name,
                position=row.position if row else last + 1,
                who=who,
                ids=json.dumps(sorted(set(ids)), ensure_ascii=False),
                author=author,
                created_at=now,
                active=True,
            )
            return _exclusion(session.merge(made))

    def switch(self, name: str, *, active: bool) -> Exclusion:
        """Switch a rule on or off.

        Raises
        ------
        UnknownName
            ``UNKNOWN_EXCLUSION``.
        """
        with self._database.session() as session:
            row = session.get(ExclusionRow, name)
            if row is None:
                raise UnknownName.near(
                    "exclusion", name, session.scalars(select(ExclusionRow.name)).all()
                )
            row.active = active
            return _exclusion(row)

    def remove(self, name: str) -> None:
        """Forget a rule; raises as ``switch`` does."""
        self.switch(name, active=False)
        with self._database.session() as session:
            session.delete(session.get_one(ExclusionRow, name))


def _exclusion(row: ExclusionRow) -> Exclusion:
    ids = tuple(json.loads(row.ids))
    return Exclusion(row.name, row.who, ids, row.author, row.created_at, row.active)
