"""What is pulled from elsewhere by itself: from where, how often, and how far that is; never a secret itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import BadInput, Refused, UnknownName
from pathworth.store.records.database import Base

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

NEVER_US = 1 << 62
"""When that is due which is paused."""


class PullRow(Base):
    """One thing that is pulled."""

    __tablename__ = "pulls"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    connector: Mapped[str] = mapped_column(Text)
    settings: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    every_us: Mapped[int] = mapped_column(BigInteger)
    cursor: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    next_us: Mapped[int] = mapped_column(BigInteger)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class PullRecord:
    """Something that is pulled, as it stands.

    Parameters
    ----------
    name, connector, settings
        What it is called, how it is pulled, and what a person said that the connector leaves open.
    secret
        Where its secret is: ``env:NAME``, ``file:PATH`` or ``kept:NAME``; empty where none is needed.
    every_us, next_us
        How often, and when next.
    cursor
        How far it is, in the connector's own words.
    started_us, ended_us
        The last start and the last end.
    result, code, error
        What the last run said; the first or the other two are null.
    """

    name: str
    connector: str
    settings: Mapping[str, str]
    secret: str
    every_us: int
    cursor: str
    author: str
    next_us: int
    started_us: int | None = None
    ended_us: int | None = None
    result: str | None = None
    code: str | None = None
    error: str | None = None

    @property
    def paused(self) -> bool:
        """Return whether it waits until somebody lets it go on."""
        return self.next_us == NEVER_US


class Pulls:
    """What is pulled into a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def all(self) -> tuple[PullRecord, ...]:
        """Return everything that is pulled, by name."""
        with self._database.session() as session:
            rows = session.scalars(select(PullRow).order_by(PullRow.name))
            return tuple(_record(row) for row in rows)

    def of(self, name: str) -> PullRecord:
        """Return one; raises ``UNKNOWN_PULL``."""
        with self._database.session() as session:
            return _record(_row(session, name))

    def due(self, *, now_us: int) -> tuple[str, ...]:
        """Return the names of those whose time has come."""
        asked = select(PullRow.name).where(PullRow.next_us <= now_us).order_by(PullRow.next_us)
        with self._database.session() as session:
            return tuple(session.scalars(asked))

    def add(self, one: PullRecord) -> None:
        """Keep something to pull.

        Raises
        ------
        BadInput
            ``PULL_KNOWN``.
        """
        with self._database.session() as session:
            if session.get(PullRow, one.name) is not None:
                raise BadInput(
                    "PULL_KNOWN",
                    f"Something named {one.name!r} is pulled already.",
                    "Choose another name, or remove that one first.",
                )
            session.add(
                PullRow(
                    name=one.name,
                    connector=one.connector,
                    settings=json.dumps(dict(one.settings), sort_keys=True),
                    secret=one.secret,
                    every_us=one.every_us,
                    cursor=one.cursor,
                    author=one.author,
                    next_us=one.next_us,
                )
            )

    def ask(self, name: str, *, now_us: int) -> None:
        """Make it due now; raises ``UNKNOWN_PULL``, ``PULL_PAUSED``."""
        with self._database.session() as session:
            row = _row(session, name)
            if row.next_us == NEVER_US:
                raise Refused("PULL_PAUSED", f"{name} is paused.", "Let it go on: resume it.")
            row.next_us = now_us

    def pause(self, name: str) -> None:
        """Make it due no more until it is resumed, with its place kept; raises ``UNKNOWN_PULL``."""
        with self._database.session() as session:
            _row(session, name).next_us = NEVER_US

    def resume(self, name: str, *, now_us: int) -> None:
        """Make what is paused due now; what is not stays as it is. Raises ``UNKNOWN_PULL``."""
        with self._database.session() as session:
            row = _row(session, name)
            row.next_us = now_us if row.next_us == NEVER_US else row.next_us

    def begin(self, name: str, *, now_us: int, next_us: int) -> PullRecord:
        """Note a start, and when it is due if this run never ends; what is paused stays so. Return it."""
        with self._database.session() as session:
            row = _row(session, name)
            row.started_us = now_us
            _due(row, next_us)
            return _record(row)

    def move(self, name: str, *, cursor: str) -> None:
        """Note how far it is; what was removed meanwhile stays so."""
        with self._database.session() as session:
            row = session.get(PullRow, name)
            if row is not None:
                row.cursor = cursor

    def end(
        self,
        name: str,
        *,
        at_us: int,
        next_us: int,
        result: str | None,
        error: tuple[str, str] | None = None,
    ) -> None:
        """Note an end, and when it is due next; what was paused meanwhile stays so.

        Parameters
        ----------
        result, error
            What was done; or the code and the words of what stood in the way.
        """
        with self._database.session() as session:
            row = session.get(PullRow, name)
            if row is not None:
                row.ended_us, row.result = at_us, result
                _due(row, next_us)
                row.code, row.error = error or (None, None)

    def remove(self, name: str) -> PullRecord:
        """Pull it no more, and return what it was; what came stays. Raises ``UNKNOWN_PULL``."""
        with self._database.session() as session:
            row = _row(session, name)
            session.delete(row)
            return _record(row)


def _due(row: PullRow, next_us: int) -> None:
    if row.next_us != NEVER_US:
        row.next_us = next_us


def _row(session: Session, name: str) -> PullRow:
    row = session.get(PullRow, name)
    if row is None:
        raise UnknownName.near("pull", name, session.scalars(select(PullRow.name)).all())
    return row


def _record(row: PullRow) -> PullRecord:
    return PullRecord(
        name=row.name,
        connector=row.connector,
        settings=json.loads(row.settings),
        secret=row.secret,
        every_us=row.every_us,
        cursor=row.cursor,
        author=row.author,
        next_us=row.next_us,
        started_us=row.started_us,
        ended_us=row.ended_us,
        result=row.result,
        code=row.code,
        error=row.error,
    )
