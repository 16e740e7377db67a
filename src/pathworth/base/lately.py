"""Columns that were asked for lately stay in memory where not all fit: the one asked for longest ago is let go of.

What is kept is then what the last questions read, whatever an operating system makes of what was read before them.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from threading import Lock

_PAGEOUT = 21
"""MADV_PAGEOUT of Linux 5.4 and later, which Python has no name for."""
_SHARE = 0.7
"""Of the memory there is, for columns."""
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


class Lately:
    """Columns, each of stretches of several memory maps, in the order in which they were last asked for.

    Parameters
    ----------
    room
        Bytes that they may take together.
    """

    def __init__(self, room: int) -> None:
        self._room, self._size, self._lock = room, 0, Lock()
        self._columns: OrderedDict[str, dict[int, tuple[mmap.mmap, range]]] = OrderedDict()

    def ask(self, name: str, held: mmap.mmap, *, span: range) -> None:
        """Note that the stretch of a column in one map is read, and let go of others while they take too much."""
        with self._lock:
            mine = self._columns.setdefault(name, {})
            self._columns.move_to_end(name)
            if id(held) in mine:
                return
            mine[id(held)] = held, span
            self._size += len(span)
            while self._size > self._room and len(self._columns) > 1:
                _, oldest = self._columns.popitem(last=False)
                for at in oldest.values():
                    _let_go(*at)
                    self._size -= len(at[1])


def memory() -> int:
    """Return how many bytes of memory there are for this process and what it reads."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # there is no such limit, or it says "max"
            found.append(int(Path(path).read_text()))
    return min(found)


def room_beside(kept: int) -> int:
    """Return the bytes that columns may take where some that every question reads take ``kept`` already."""
    return max(int(_SHARE * memory()) - kept, 0)


def _let_go(held: mmap.mmap, span: range) -> None:
    """Let the pages of a stretch go; what is read of it again comes from the file."""
    if sys.platform != "linux":
        return
    first = span.start // mmap.PAGESIZE * mmap.PAGESIZE
    with suppress(OSError):  # an older Linux: it goes on as it did
        held.madvise(_PAGEOUT, first, span.stop - first)
