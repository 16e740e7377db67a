"""How long a thread may go on while another one waits for the interpreter."""

from __future__ import annotations

import sys
from typing import Final

SHORT_S: Final = 0.0005
"""While jobs keep up: whoever hands in must not wait for them."""
LONG_S: Final = 0.003
"""While they are behind: each change of turns costs them time, and answers grow old."""
MANY: Final = 5_000
"""So many events at a time are what jobs that are behind find."""


def take_turns(*, found: int) -> None:
    """Set how long turns are from now on, in this process.

    Parameters
    ----------
    found
        How many new events there were, all of which came while those before were being read.
    """
    turn_s = LONG_S if found >= MANY else SHORT_S
    if sys.getswitchinterval() != turn_s:
        sys.setswitchinterval(turn_s)
