"""Imports seeded rows, unless it is killed."""

from __future__ import annotations

from tests.forked import say
from tests.store.made import batch, drawn

from pathworth.store import InputFile, Workspace, accept as accept_module


def main(folder: str, seed: int, events: int) -> None:
    """Import, and tell when that begins."""
    accept_module.ZONED_FROM = 500
    workspace = Workspace.open(folder)
    rows = drawn(events, seed)
    with workspace.begin_import(files=[InputFile("a", str(seed), 1)]) as transaction:
        say("begun")
        for first in range(0, events, 500):
            transaction.add(batch(rows[first : first + 500], first=first))
        transaction.commit()
