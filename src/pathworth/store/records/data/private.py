"""What lower roles do not see as it is: columns that a person declared personal, and numbers of few people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from pathworth.store.records.database import Setting, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

_KEY, _CELLS = "private_columns", "small_cells"


@dataclass(frozen=True)
class Private:
    """Personal columns, sorted, and the lowest role that sees them as they are."""

    columns: tuple[str, ...] = ()
    seen_by: str = "editor"


@dataclass(frozen=True)
class SmallCells:
    """Of how many people a number must be at least, 0 where it need not; and the lowest role that sees all."""

    fewest: int = 0
    seen_by: str = "editor"


class PrivateColumns:
    """The personal columns of a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def get(self) -> Private:
        """Return what is declared; nothing when nothing was."""
        with self._database.session() as session:
            row = session.get(Setting, _KEY)
            return msgspec.json.decode(row.value, type=Private) if row else Private()

    def save(self, columns: Sequence[str], *, seen_by: str) -> Private:
        """Declare these columns personal, and no others."""
        made = Private(tuple(sorted(set(columns))), seen_by)
        with self._database.session() as session:
            lock(session)
            session.merge(Setting(key=_KEY, value=msgspec.json.encode(made).decode()))
        return made


def small_cells(workspace: Workspace) -> SmallCells:
    """Return of how few people a number may be."""
    with workspace.database.session() as session:
        row = session.get(Setting, _CELLS)
        return msgspec.json.decode(row.value, type=SmallCells) if row else SmallCells()


def save_small_cells(workspace: Workspace, said: SmallCells) -> None:
    """Keep of how few people a number may be."""
    with workspace.database.session() as session:
        lock(session)
        session.merge(Setting(key=_CELLS, value=msgspec.json.encode(said).decode()))
