"""Writes shards of ten events each anew, until it is killed."""

from __future__ import annotations

from tests.forked import say

from pathworth.store import Workspace
from pathworth.store.shards import build


def main(folder: str, what: str) -> None:
    """Tell when it begins: ``people`` for the journeys of everybody, ``entities`` for those of what is declared."""
    build.SHARD_EVENTS = 10
    workspace = Workspace.open(folder)
    say("begun")
    if what == "people":
        workspace.compact()
    else:
        workspace.entities.renew()
