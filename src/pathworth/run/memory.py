"""How much memory this process needed at its peak."""

from __future__ import annotations

import resource
import sys

KIB = 1024


def peak_bytes() -> int:
    """Return the largest resident size of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * KIB


def peak_text() -> str:
    """Return the largest resident size as people read it."""
    return f"{peak_bytes() / KIB**3:.2f} GiB"
