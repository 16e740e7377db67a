"""Ends a process, as far as the store can see, before or after a named step of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathworth.store import commits as commits_module, imports as imports_module
from pathworth.store.arrivals import numbering as numbering_module
from pathworth.store.entities import building as building_module, sets as sets_module
from pathworth.store.entities.shelf import Shelf
from pathworth.store.erasing import batch as batch_module, journal as erasing_module
from pathworth.store.erasing.aside import Aside
from pathworth.store.erasing.sweeping import Sweep
from pathworth.store.keeping import rows as keeping_module
from pathworth.store.keeping.aside import Aside as KeptAside
from pathworth.store.lake import Lake
from pathworth.store.records.database import Database
from pathworth.store.shards import on_use as on_use_module
from pathworth.store.tail import compact as compact_module, drain as drain_module
from pathworth.store.undo import journal as journal_module, steps as steps_module

OWNERS: dict[str, object] = {
    "batch": batch_module,
    "erasing": erasing_module,
    "Aside": Aside,
    "Sweep": Sweep,
    "keeping": keeping_module,
    "KeptAside": KeptAside,
    "Database": Database,
    "building": building_module,
    "sets": sets_module,
    "Shelf": Shelf,
    "journal": journal_module,
    "steps": steps_module,
    "numbering": numbering_module,
    "commits": commits_module,
    "compact": compact_module,
    "drain": drain_module,
    "imports": imports_module,
    "on_use": on_use_module,
    "Lake": Lake,
}


class Killed(BaseException):
    """Stands for the end of the process: nothing may tidy up after it."""


def end_at(patch: pytest.MonkeyPatch, moment: str, *, after: bool) -> None:
    """Make the first call of a step the last thing that happens."""
    owner, name = _step(moment)
    real = getattr(owner, name)

    def dies(*args: object, **named: object) -> None:
        if after:
            real(*args, **named)
        raise Killed

    patch.setattr(owner, name, dies)


def look_at(patch: pytest.MonkeyPatch, moment: str, *, look: Callable[[], None]) -> None:
    """Look before and after every call of a step."""
    owner, name = _step(moment)
    real = getattr(owner, name)

    def seen(*args: object, **named: object) -> object:
        look()
        done = real(*args, **named)
        look()
        return done

    patch.setattr(owner, name, seen)


def _step(moment: str) -> tuple[object, str]:
    place, name = moment.split(".")
    return OWNERS[place], name
