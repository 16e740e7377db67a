"""Keeps the database of a workspace open for those who come back to it again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pathworth.store.workspace import Workspace


@contextmanager
def held_open(workspace: Workspace) -> Iterator[None]:
    """Keep the database open meanwhile: whoever closes it last writes the whole log back, commit after commit."""
    with workspace.database.held_open():
        yield
