"""Ends a process, as far as the store can see, before or after a named step of it."""

from __future__ import annotations

import pytest

from pathworth.store import arriving as arriving_module
from pathworth.store import commits as commits_module
from pathworth.store import imports as imports_module
from pathworth.store.lake import Lake
from pathworth.store.shards import on_use as on_use_module
from pathworth.store.undo import journal as journal_module
from pathworth.store.undo import steps as steps_module

OWNERS: dict[str, object] = {
    "journal": journal_module,
    "steps": steps_module,
    "arriving": arriving_module,
    "commits": commits_module,
    "imports": imports_module,
    "on_use": on_use_module,
    "Lake": Lake,
}


class Killed(BaseException):
    """Stands for the end of the process: nothing may tidy up after it."""


def end_at(patch: pytest.MonkeyPatch, moment: str, *, after: bool) -> None:
    """Make the first call of a step the last thing that happens."""
    place, name = moment.split(".")
    owner = OWNERS[place]
    real = getattr(owner, name)

    def dies(*args: object, **named: object) -> None:
        if after:
            real(*args, **named)
        raise Killed

    patch.setattr(owner, name, dies)
