"""The links of a workspace: said, taken back, listed, and what looks wrong about them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from sqlalchemy import func, select

from pathworth.store.identity.components import CROWD, MANY, NOBODY, SHARED, SURE
from pathworth.store.identity.now import joined_now
from pathworth.store.records.data.links import (
    BY_HAND,
    ERASED,
    LinkRow,
    SaidLink,
    last_changes,
    links_of_ids,
    of_erased,
    say_links,
    take_links_back,
)
from pathworth.store.records.database import lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

Why = Literal["nobody", "shared", "many", "crowd"]
_WHY: dict[int, Why] = {NOBODY: "nobody", SHARED: "shared", MANY: "many", CROWD: "crowd"}


@dataclass(frozen=True)
class LinkRecord:
    """A link as it is kept.

    Parameters
    ----------
    one, other, at_us, rule, source, sure, author, batch
        As it was said; see ``SaidLink``.
    said_us, known_seq
        When it was written, and the number of the last event that was known then.
    taken_us, taken_by
        When it was taken back and by whom; null while it stands. Nobody's where a newer word took its place.
    """

    one: str
    other: str
    at_us: int
    rule: str
    source: str
    sure: float
    author: str | None
    batch: int | None
    said_us: int
    known_seq: int
    taken_us: int | None
    taken_by: str | None

    @property
    def possible(self) -> bool:
        """Return whether it is not sure enough to join anybody."""
        return self.sure < SURE


@dataclass(frozen=True)
class Suspect:
    """An id of which no link joins anybody, or the smallest of a crowd of them.

    Parameters
    ----------
    id, why
        ``nobody``: it is written where there is no id; ``shared``: it was told to be several others; ``many``: it is
        linked to more others than one person has; ``crowd``: links join more ids than one person has.
    ids
        How many others it is linked to, or how many are in the crowd.
    """

    id: str
    why: Why
    ids: int


@dataclass(frozen=True)
class LinksCount:
    """How many links there are: that stand, of those the ones that are only possible, and that were taken back."""

    standing: int
    possible: int
    taken: int


_SHOWN = (LinkRow.one.not_like(f"{ERASED}:%"), LinkRow.other.not_like(f"{ERASED}:%"))
"""What says nothing of somebody who was erased."""


class Links:
    """The links of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._database = workspace, workspace.database

    def say(self, links: Iterable[SaidLink]) -> int:
        """Say that ids are one person, and return how many of the links are new; see ``SaidLink``."""
        known = self._workspace.whole_snapshot(at_once=True).seq
        with self._database.writing() as session:
            lock(session)
            return say_links(session, links, known_seq=known)

    def join(self, one: str, other: str, *, author: str) -> int:
        """Say by hand that two ids are one person; return 0 when that stood already."""
        now = time.time_ns() // 1000
        return self.say([SaidLink(one, other, now, BY_HAND, author=author)])

    def part(self, one: str, other: str, *, author: str) -> int:
        """Take every link between two ids back, and return how many those are; only by hand they are joined again."""
        with self._database.writing() as session:
            lock(session)
            return take_links_back(session, (one, other), author=author)

    def count(self) -> LinksCount:
        """Return how many links there are."""
        stands = LinkRow.taken.is_(None)
        with self._database.session() as session:
            asked = select(stands, LinkRow.sure < SURE, func.count()).where(*_SHOWN)
            asked = asked.group_by(stands, LinkRow.sure < SURE)
            found = {(bool(a), bool(b)): count for a, b, count in session.execute(asked)}
        possible = found.get((True, True), 0)
        taken = found.get((False, True), 0) + found.get((False, False), 0)
        return LinksCount(possible + found.get((True, False), 0), possible, taken)

    def newest(self, limit: int) -> tuple[LinkRecord, ...]:
        """Return the links that were said last, those taken back included, the newest first."""
        with self._database.session() as session:
            rows = session.scalars(
                select(LinkRow).where(*_SHOWN).order_by(LinkRow.id.desc()).limit(limit)
            )
            return tuple(map(_record, rows))

    def touched(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the number of the last change of a link that names each of some raw ids, or one linked to it.

        Whose link was never said is not in it.
        """
        with self._database.session() as session:
            return last_changes(session, ids)

    def among(self, ids: Iterable[str], *, limit: int | None = None) -> tuple[LinkRecord, ...]:
        """Return the newest links that name one of some ids, those taken back included, the oldest of them first."""
        with self._database.session() as session:
            rows = links_of_ids(session, list(ids), limit=limit)
            return tuple(_record(row) for row in rows if not of_erased(row))

    def suspects(self) -> tuple[Suspect, ...]:
        """Return what looks wrong about the links that stand, the largest first."""
        ids, found = joined_now(self._database)
        alone = np.flatnonzero((found.why != 0) & (found.why != CROWD))
        rows = [
            Suspect(ids[k].as_py(), _WHY[int(found.why[k])], int(found.beside[k]))
            for k in alone.tolist()
            if found.beside[k]
        ]
        crowded = found.why == CROWD
        groups, counts = np.unique(found.group[crowded], return_counts=True)
        for group, count in zip(groups.tolist(), counts.tolist(), strict=True):
            members = ids.take(np.flatnonzero(crowded & (found.group == group))).to_pylist()
            rows.append(Suspect(min(members, key=str.encode), "crowd", count))
        return tuple(sorted(rows, key=lambda row: (-row.ids, row.id)))


def _record(row: LinkRow) -> LinkRecord:
    names = ("one", "other", "at_us", "rule", "source", "sure", "author", "batch")
    said = {name: getattr(row, name) for name in names}
    return LinkRecord(
        **said,
        said_us=row.said_us,
        known_seq=row.known_seq,
        taken_us=row.taken_us,
        taken_by=row.taken_by,
    )
