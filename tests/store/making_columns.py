"""Asks a workspace for columns that are not there, until it is killed."""

from __future__ import annotations

from tests.forked import say

from pathworth.store import Workspace

PROPERTIES = ("Price (EUR)", "note", "paid", "plan", "since")


def main(folder: str) -> None:
    """Ask for every column, and tell which were made here."""
    workspace = Workspace.open(folder)
    workspace.tell_columns(lambda what, share: say(what) if share == 1.0 else None)
    snapshot = workspace.snapshot()
    say("ready")
    for name in PROPERTIES:
        assert snapshot.columns[name]
