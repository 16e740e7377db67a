"""How threads of a server take turns at the interpreter, so that jobs hold nobody up who hands in or asks."""

from __future__ import annotations

import atexit
import gc
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


def stay() -> None:
    """Count what this process has loaded by now as there for good.

    Python looks through all that is there for garbage whenever there is a quarter more of it, and nothing else runs
    meanwhile: with what a server loads that takes a quarter of a second, without it a hundredth.
    """
    gc.collect()
    gc.freeze()
    # Libraries of C++ complain of what is not given back at the end.
    atexit.register(gc.unfreeze)
