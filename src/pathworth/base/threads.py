"""A few threads do the work, and what they find comes in the order in which it was asked for."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")

MOST = 4
"""More threads than this hold more in memory than they save time."""


def processors() -> int:
    """Return how many threads are worth having: one per processor that this process may use, up to four."""
    return min(len(os.sched_getaffinity(0)), MOST)


def in_order(
    work: Callable[[Item], Found], items: Iterable[Item], *, threads: int | None = None
) -> Iterator[Found]:
    """Yield what the work finds for each item, in the order of the items; few of them are under way at a time.

    Parameters
    ----------
    work
        Done in other threads; what it raises is raised here, at its place.
    items
        Taken one by one in the thread of the caller, a little ahead.
    threads
        How many; null for ``processors()``. One is the caller's own.
    """
    count = threads or processors()
    if count == 1:
        yield from map(work, items)
        return
    waiting: deque[Future[Found]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
