"""Where events came from: each import holds the numbers that follow those of the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pathworth.store.records.database import ImportRow

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


def origins(workspace: Workspace) -> tuple[tuple[int, str], ...]:
    """Return the last number and the source of every import, oldest first."""
    columns = (ImportRow.last_seq, ImportRow.accepted, ImportRow.source)
    found: list[tuple[int, str]] = []
    last = 0
    with workspace.database.session() as session:
        for given, accepted, source in session.execute(select(*columns).order_by(ImportRow.id)):
            # Imports from before numbers were noted hold as many as they accepted.
            last = given or last + accepted
            found.append((last, source))
    return tuple(found)
