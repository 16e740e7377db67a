"""A few threads do the work, and what they find comes in the order in which it was asked for."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, NoReturn, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")

MOST = 4
"""More threads than this hold more in memory than they save time."""


LITTLE = 100_000
"""Work on fewer rows than this is done before a thread is awake."""


def processors(rows: int = LITTLE) -> int:
    """Return how many threads so many rows are worth: one per processor that this process may use, up to four."""
    return 1 if rows < LITTLE else min(len(os.sched_getaffinity(0)), MOST)


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


class InOrder(Generic[Item, Found]):
    """Work handed over piece by piece and done behind the caller's back; what is found is taken in order.

    Parameters
    ----------
    work
        Done in other threads.
    take
        Told what was found, in the thread of the caller, while it hands over more or waits for the end.
    threads
        How many; null for ``processors()``. One is the caller's own.
    """

    def __init__(
        self,
        work: Callable[[Item], Found],
        take: Callable[[Found], None],
        *,
        threads: int | None = None,
    ) -> None:
        self._work, self._take = work, take
        self._count = threads or processors()
        self._pool = ThreadPoolExecutor(self._count) if self._count > 1 else None
        self._waiting: deque[Future[Found]] = deque()

    def put(self, item: Item) -> None:
        """Hand over a piece; waits while too many are under way. Raises what the work on earlier ones raised."""
        if self._pool is None:
            self._take(self._work(item))
            return
        self._waiting.append(self._pool.submit(self._work, item))
        while len(self._waiting) > self._count:
            self._take(self._waiting.popleft().result())

    def finish(self) -> None:
        """Return when all that was handed over is done and taken."""
        while self._waiting:
            self._take(self._waiting.popleft().result())

    def close(self) -> None:
        """Let go of the threads; what has not begun is not done."""
        for future in self._waiting:
            future.cancel()
        if self._pool is not None:
            self._pool.shutdown()
        # Mostly they are methods of whoever holds this one, and none of it went before somebody looked for circles.
        self._work = self._take = _over


def _over(_: object) -> NoReturn:
    raise RuntimeError("nothing can be handed over any more")
