"""The local engine: folds in threads of this process; kernels let go of the interpreter's lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from itertools import count
from threading import Lock
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys.contracts import FoldsMany, Journeys, Part, Question
from pathworth.journeys.masks import Keep, Masks
from pathworth.journeys.selection import ALL, cut_entities
from pathworth.store import GROUPS, Shard

P = TypeVar("P")
T = TypeVar("T")

SMALL = 100_000
"""Under this many events a thread costs more than it saves."""


class LocalEngine:
    """Folds questions over the parts of a snapshot, with the same bytes for any number of threads.

    Parameters
    ----------
    threads
        How many parts are folded at a time; null for one per processor that this process may use.
    """

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or len(os.sched_getaffinity(0))
        self._pool: ThreadPoolExecutor | None = None
        self._process = 0
        self._lock = Lock()
        self.masks = Masks()

    def fold(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return the partials of the 64 groups, in order; a group without entities folds an empty part."""
        parts = self.parts(journeys)
        if isinstance(question, FoldsMany):
            groups: list[list[Part]] = [[] for _ in range(GROUPS)]
            for part in parts:
                groups[part.group].append(part)
            return cast("list[P]", self._each(groups, question.fold_all))
        order = sorted(range(len(parts)), key=lambda i: -_events(parts[i]))
        found: list[list[P]] = [[] for _ in range(GROUPS)]
        partials = self._each([parts[i] for i in order], question.fold)
        for i, partial in sorted(zip(order, partials, strict=True), key=lambda pair: pair[0]):
            found[parts[i].group].append(partial)
        return [reduce(question.merge, group) for group in found]

    def total(self, journeys: Journeys, question: Question[P]) -> P:
        """Return one partial of everything, for answers whose partials are too large for 64 of them."""
        pieces = self._pieces(journeys)

        def run(mine: list[Part]) -> P:
            if isinstance(question, FoldsMany):
                return cast("P", question.fold_all(mine))
            return reduce(question.merge, map(question.fold, mine))

        hands = [pieces[i :: self.threads] for i in range(min(self.threads, len(pieces)))]
        return reduce(question.merge, self._each(hands, run))

    def units(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return one partial per entity with a kept event, by rising id, for small selections."""
        return [partial for _, partial in self.units_by_id(journeys, question)]

    def units_by_id(self, journeys: Journeys, question: Question[P]) -> list[tuple[str, P]]:
        """Return the id and the partial of each entity with a kept event, by rising id."""
        keeps = self.keeps(journeys)
        shards = journeys.snapshot.shards
        singles = [
            Part(-1, shard, journeys.snapshot, int(e), int(e) + 1, keep, journeys.slicing)
            for shard, keep in zip(shards, keeps, strict=True)
            for e in np.flatnonzero(kept_events(shard, keep))
        ]
        # Sums of floats depend on their order, which must not depend on the number of shards.
        named = sorted(((part.shard.id_of(part.first), part) for part in singles), key=_first)
        partials = self._each([part for _, part in named], question.fold)
        return [(id_, found) for (id_, _), found in zip(named, partials, strict=True)]

    def parts(self, journeys: Journeys) -> list[Part]:
        """Return the parts of a selection: each group of each shard, and an empty part for an empty group."""
        snapshot, parts = journeys.snapshot, []
        empty = set(range(GROUPS))
        keeps = self.keeps(journeys)
        for shard, keep in zip(snapshot.shards, keeps, strict=True):
            start = shard.group_start.tolist()
            for group in range(GROUPS):
                first, last = start[group], start[group + 1]
                if last > first:
                    empty.discard(group)
                    parts.append(Part(group, shard, snapshot, first, last, keep, journeys.slicing))
        if empty:
            shard = snapshot.shards[0] if snapshot.shards else nothing()
            parts.extend(
                Part(group, shard, snapshot, 0, 0, ALL, journeys.slicing) for group in sorted(empty)
            )
        return parts

    def keeps(self, journeys: Journeys) -> tuple[Keep, ...]:
        """Return the mask of the kept events of each shard, empty arrays where all are kept."""
        return self.masks.of(journeys, self._each)

    def _pieces(self, journeys: Journeys) -> list[Part]:
        """Cut the entities of every shard into pieces of about equal numbers of events, across groups."""
        snapshot = journeys.snapshot
        aim = max(snapshot.events // (4 * self.threads), SMALL)
        parts = [
            Part(-1, shard, snapshot, first, last, keep, journeys.slicing)
            for shard, keep in zip(snapshot.shards, self.keeps(journeys), strict=True)
            for first, last in cut_entities(shard, aim)
        ]
        return parts or [Part(-1, nothing(), snapshot, 0, 0, ALL, journeys.slicing)]

    def _threads(self) -> ThreadPoolExecutor:
        """Return the pool of this process: threads do not live on in a process that was forked."""
        with self._lock:
            if self._pool is None or self._process != os.getpid():
                self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="fold")
                self._process = os.getpid()
            return self._pool

    def _each(self, tasks: Sequence[T], run: Callable[[T], P]) -> list[P]:
        """Run every task, in threads when there is enough to do, and return the results in order."""
        work = sum(map(_size, tasks))
        if self.threads == 1 or len(tasks) < 2 or work < SMALL:
            return [run(task) for task in tasks]
        results: list[P | None] = [None] * len(tasks)
        turn = count()

        def hand() -> None:
            while (i := next(turn)) < len(tasks):
                results[i] = run(tasks[i])

        pool = self._threads()
        for future in [pool.submit(hand) for _ in range(min(self.threads, len(tasks)))]:
            future.result()
        return results  # type: ignore[return-value]


def _first(row: tuple[str, object]) -> str:
    return row[0]


def _events(part: Part) -> int:
    offset = part.shard.offset
    return int(offset[part.last] - offset[part.first])


def _size(task: object) -> int:
    if isinstance(task, Part):
        return _events(task)
    return sum(map(_size, task)) if isinstance(task, list) else 0


def kept_events(shard: Shard, keep: Keep) -> NDArray[np.int64]:
    """Return int64[n]: how many kept events each entity of a shard has."""
    if not keep.size:
        return np.diff(shard.offset)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
    return np.diff(before[shard.offset])


def nothing() -> Shard:
    """Return a shard without entities."""
    none = np.zeros(1, np.int64)
    return Shard(
        group_start=np.zeros(GROUPS + 1, np.int64),
        offset=none,
        name=np.empty(0, np.uint16),
        time_us=np.empty(0, np.int64),
        seq=np.empty(0, np.int64),
        columns={},
        traits={},
        id_offset=none,
        id_bytes=np.empty(0, np.uint8),
    )


_default: list[LocalEngine] = []


def local_engine() -> LocalEngine:
    """Return the engine that questions use when none is given: one for the whole process."""
    if not _default:
        _default.append(LocalEngine())
    return _default[0]
