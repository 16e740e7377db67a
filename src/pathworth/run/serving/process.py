"""What makes a process one that serves: turns in which jobs hold nobody up, and no more memory than is needed."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import sys
from functools import cache
from typing import Final

import pyarrow as pa

SHORT_S: Final = 0.0005
"""While jobs keep up: whoever hands in must not wait for them."""
LONG_S: Final = 0.003
"""While they are behind: each change of turns costs them time, and answers grow old."""
MANY: Final = 5_000
"""So many events at a time are what jobs that are behind find."""
_CIRCLES = 20_000
"""After so many new objects it is looked whether some of them hold only each other; a thousandth of a second."""
_M_ARENA_MAX, _HEAPS = -8, 2
_M_MMAP_THRESHOLD, _LARGE = -3, 16 << 10
"""Options of glibc's ``mallopt``: how many heaps there are at most, and from how many bytes on one piece is none's."""


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
    gc.set_threshold(_CIRCLES)
    # Libraries of C++ complain of what is not given back at the end.
    atexit.register(gc.unfreeze)


def hold_little() -> None:
    """Let memory that is free be another's soon, where the C library is glibc's.

    It gives each thread a heap of its own, and Arrow's allocator likewise; neither hands much of it back. Under load a
    server took several times as much as it held, and more from minute to minute.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    with contextlib.suppress(AttributeError, OSError):
        _library().mallopt(_M_ARENA_MAX, _HEAPS)
        _library().mallopt(_M_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Give the free pages between what is held back, after work that took many; a hundredth of a second."""
    with contextlib.suppress(AttributeError, OSError):
        _library().malloc_trim(0)


@cache
def _library() -> ctypes.CDLL:
    """Return the C library, opened once: each time it is, that leaves a circle of objects behind."""
    return ctypes.CDLL(None)
