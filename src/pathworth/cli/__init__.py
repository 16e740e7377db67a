"""The command line: the same words as Python and the API, thin."""

from __future__ import annotations

import atexit
import gc
import os
import sys

OBJECTS = 500_000
"""So many stay once all is loaded; to look through them after every 700, and at the end again, takes a second."""


def main() -> None:
    """Run the command line and leave with 0 done, 1 refused, 2 wrong usage."""
    gc.set_threshold(OBJECTS)
    if "serve" in sys.argv[1:2]:
        # Arrow looks at it when it is loaded. Its own allocator is faster, and keeps what it had for good.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    atexit.register(_leave)
    from pathworth.cli.app import run

    run()


def _leave() -> None:
    # DuckDB complains, at length, of every object of its own that is not looked through.
    if "duckdb" not in sys.modules:
        gc.freeze()


__all__ = ["OBJECTS", "main"]
