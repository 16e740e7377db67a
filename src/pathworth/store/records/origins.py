"""Where events came from, as long as they all came from one place and no column has to say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pathworth.store.arrivals.blocks import unpacked
from pathworth.store.records.data.arrivals import WAITS, BlockRow
from pathworth.store.records.database import ImportRow

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


def only_source(workspace: Workspace) -> str:
    """Return the source of the first events that stand."""
    imported = (
        select(ImportRow.source)
        .where(ImportRow.undone_at.is_(None), ImportRow.accepted > 0)
        .where(ImportRow.kind == "events")
        .order_by(ImportRow.id)
    )
    arrived = select(BlockRow.body).where(*WAITS).order_by(BlockRow.first_seq)
    with workspace.database.session() as session:
        found = session.scalar(imported.limit(1))
        block = None if found else session.scalar(arrived.limit(1))
    if block is not None:
        return str(unpacked(block)["source"][0].as_py())
    return found or "files"
