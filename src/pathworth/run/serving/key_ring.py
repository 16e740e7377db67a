"""Which keys open what, remembered for a moment: hashing and asking the database for every request takes too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pathworth import store
from pathworth.run.serving.logins import digest
from pathworth.run.workspace import Workspace

FRESH_S: Final = 3.0
"""So long at most a key that was removed still opens, and one that was made does not yet."""
_MOST = 10_000
_LONGEST = 1_000


@dataclass
class KeyRing:
    """The keys of one scope.

    Parameters
    ----------
    workspace, scope
        Whose keys, and what they must be for.
    open_house
        Whether everybody may while no login and no key exists: on loopback only.
    clock
        Seconds that only go forward.
    """

    workspace: Workspace
    scope: str = "ingest"
    open_house: bool = False
    clock: Callable[[], float] = time.monotonic
    _names: dict[str, tuple[str | None, float]] = field(default_factory=dict)
    _open: tuple[bool, float] = (False, float("-inf"))
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def remembered(self, keys: Sequence[str]) -> str | None:
        """Return the name of the first of several keys that is known to open, without asking; null for none."""
        now = self.clock()
        for key in keys:
            name, until = self._names.get(key, (None, now))
            if name is not None and now < until:
                return name
        return None

    def known_open(self, keys: Sequence[str]) -> bool:
        """Return whether it is known without asking that none of some keys opens and that none is needed."""
        now = self.clock()
        asked = all(now < self._names.get(key, (None, now))[1] for key in keys)
        held, until = self._open
        return asked and held and now < until

    def name_of(self, keys: Sequence[str]) -> str | None:
        """Return the name of the first of several keys that opens; null when none does."""
        return next((name for key in keys if (name := self._name(key)) is not None), None)

    def stands_open(self) -> bool:
        """Return whether no key is needed."""
        if not self.open_house:
            return False
        now = self.clock()
        held, until = self._open
        if now >= until:
            keys = [
                key for key in store.Keys(self.workspace.store).all() if key.scope == self.scope
            ]
            held = not keys and not store.Logins(self.workspace.store).exist()
            self._open = (held, now + FRESH_S)
        return held

    def _name(self, key: str) -> str | None:
        now = self.clock()
        name, until = self._names.get(key, (None, now))
        if now < until or len(key) > _LONGEST:
            return name
        found = store.Keys(self.workspace.store).of_secret(
            digest(key), now_us=time.time_ns() // 1000
        )
        name = found.name if found is not None and found.scope == self.scope else None
        with self._turn:
            if len(self._names) >= _MOST:
                self._names.clear()
            self._names[key] = (name, now + FRESH_S)
        return name
