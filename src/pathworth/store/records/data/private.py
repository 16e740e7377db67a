"""Which columns a person declared personal, and from which role on they are seen as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from pathworth.store.records.database import Setting, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

_KEY = "private_columns"


@dataclass(frozen=True)
class Private:
    """Personal columns, sorted, and the lowest role that sees them as they are."""

    columns: tuple[str, ...] = ()
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
