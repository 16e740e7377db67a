"""Removes what processes that were ended in the middle of something left aside."""

from __future__ import annotations

from pathworth.store.backups.freezing import sweep_backup
from pathworth.store.commits import Places
from pathworth.store.entities.shelf import sweep_scratch
from pathworth.store.shared import tidy
from pathworth.store.tail.compact import sweep


def sweep_all(places: Places) -> None:
    """Remove what nobody is working on any more: of compactions, of sets, of backups, of fetching."""
    sweep(places)
    sweep_scratch(places)
    sweep_backup(places)
    tidy(places.lake)
