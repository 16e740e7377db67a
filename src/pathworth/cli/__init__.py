"""The command line: the same words as Python and the API, thin."""

from __future__ import annotations

import atexit
import gc
import os
import sys

OBJECTS = 500_000
"""So many stay once all is loaded; to look through them after every 700, and at the end again, takes a second."""
_LAKE = "narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0"
"""What the allocator of the lake's library is told: one heap for all threads, and what is free goes back at once."""


def main() -> None:
    """Run the command line and leave with 0 done, 1 refused, 2 wrong usage."""
    gc.set_threshold(OBJECTS)
    if "serve" in sys.argv[1:2]:
        # Arrow looks at it when it is loaded. Its own allocator is faster, and keeps what it had for good.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
        # The lake's library likewise.
        os.environ.setdefault("_RJEM_MALLOC_CONF", _LAKE)
    atexit.register(_leave)
    from pathworth.cli.app import run

    run()


def _leave() -> None:
    # DuckDB complains, at length, of every object of its own that is not looked through.
    if "duckdb" not in sys.modules:
        gc.freeze()


__all__ = ["OBJECTS", "main"]
