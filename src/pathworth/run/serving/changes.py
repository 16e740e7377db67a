"""Whether something may have come in, told by a look at files: asking the database each time would cost more."""

from __future__ import annotations

import time

from pathworth import store
from pathworth.run.workspace import Workspace

SURE_S = 5.0
"""So often it is asked in any case: what could not be done the last time leaves no sign."""


class Changes:
    """Knows whether the database of a workspace was written to since it was last asked."""

    def __init__(self) -> None:
        self._stamp: object | None = None
        self._asked_s = float("-inf")

    def any(self, workspace: Workspace) -> bool:
        """Return whether anything may be new; in doubt it may."""
        stamp, now_s = store.stamp_of(workspace.store), time.monotonic()
        if stamp is not None and stamp == self._stamp and now_s - self._asked_s < SURE_S:
            return False
        self._stamp, self._asked_s = stamp, now_s
        return True
