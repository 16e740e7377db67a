"""The cluster's engine: shards are folded by tasks, and what comes back is merged as threads' partials are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from pyspark import Broadcast, SparkContext

from pathworth.journeys import Journeys, LocalEngine, Question
from pathworth.spark.jobs import Jobs
from pathworth.spark.sending import dumps, loads
from pathworth.spark.session import is_over
from pathworth.spark.sharing import Files
from pathworth.spark.shipping import OneShard, bare, lies_in_files, one_shard, sample, some
from pathworth.store import Awaited

P = TypeVar("P")
_KEPT = 64
"""So many shards with their selections a process of a cluster holds open for the next question."""
_TASKS = 2
"""So many tasks for each core, with several shards each: to begin one takes longer than to fold a shard."""
_SELECTIONS = 8
"""So many selections stay on the machines of a cluster."""


class Asked(Protocol):
    """A question with how its partials are found in a selection, and two findings become one."""

    def work(self, journeys: Journeys, engine: LocalEngine, /) -> Any:
        """Return what the question finds in a selection."""
        ...

    def merge(self, left: Any, right: Any, /) -> Any:
        """Return two findings as one."""
        ...


class SparkEngine:
    """Folds questions in the tasks of a cluster, with the same bytes as threads of one process.

    What came in since the shards were written lies in no file that another machine could open: it is folded here, and
    what both found is merged.

    Parameters
    ----------
    context
        Where tasks are handed in. Its processes must have this package.
    files
        Where they find the files of the shards.
    jobs
        Who tells how far tasks are, and ends them.
    """

    def __init__(self, context: SparkContext, files: Files, jobs: Jobs) -> None:
        self._context, self._files, self._jobs = context, files, jobs
        self._here = LocalEngine()
        self._sent: OrderedDict[bytes, Broadcast[bytes]] = OrderedDict()
        self._lock = Lock()

    @property
    def over(self) -> bool:
        """Return whether the cluster let go of this process, so that nothing can be asked any more."""
        return is_over(self._context)

    def fold(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return the partials of the 64 groups, in order; a group without entities folds an empty part."""
        found: list[P] = self._both(journeys, _Groups(question))
        return found

    def total(self, journeys: Journeys, question: Question[P]) -> P:
        """Return one partial of everything, for answers whose partials are too large for 64 of them."""
        found: P = self._both(journeys, _Whole(question))
        return found

    def units(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return one partial per entity with a kept event, by rising id, for small selections."""
        found: list[tuple[str, P]] = self._both(journeys, _Each(question))
        return [one for _, one in sorted(found, key=_id)]

    def _both(self, journeys: Journeys, asked: Asked) -> Any:
        """Return what the cluster found in the shards that lie in files, merged, and this process in the others."""
        shards = journeys.snapshot.shards
        there = [place for place, shard in enumerate(shards) if lies_in_files(shard)]
        here = [place for place, shard in enumerate(shards) if not lies_in_files(shard)]
        found = [self._there(journeys, asked, there)] if there else []
        if here or not there:
            mine = some(journeys, here) if there else journeys
            found.append(asked.work(mine, self._here))
        return reduce(asked.merge, found)

    def _there(self, journeys: Journeys, asked: Asked, places: Sequence[int]) -> Any:
        shards = journeys.snapshot.shards
        filled = [place for place in places if shards[place].entities]
        # One that is here already does, where there is one.
        for place in sorted(filled, key=lambda one: isinstance(shards[one], Awaited))[:1]:
            # Asked of one entity it opens every column that it reads, those that have to be made for it included.
            asked.work(sample(journeys, place), self._here)
        selection = self._broadcast(dumps(bare(journeys), self._files.found))
        question = self._context.broadcast(dumps(asked, asked=journeys.snapshot))
        try:
            sent = [
                dumps(one_shard(journeys.snapshot, place), self._files.found) for place in places
            ]
            task = _Task(selection, question)
            tasks = min(len(sent), _TASKS * self._context.defaultParallelism)
            partials = self._context.parallelize(sent, tasks).map(task.work)
            return loads(self._jobs.run(lambda: partials.treeReduce(task.merge), tasks=tasks))
        finally:
            question.destroy()

    def _broadcast(self, selection: bytes) -> Broadcast[bytes]:
        """Return a selection as every machine has it; the last ones stay there for the next question."""
        with self._lock:
            held = self._sent.pop(selection, None) or self._context.broadcast(selection)
            self._sent[selection] = held
            if len(self._sent) > _SELECTIONS:
                # Another question may be reading it; Spark lets go of it when nobody does.
                self._sent.popitem(last=False)
            return held


class _Task:
    """What each task does, and how two results become one."""

    def __init__(self, selection: Broadcast[bytes], asked: Broadcast[bytes]) -> None:
        self._selection, self._asked = selection, asked

    def work(self, shard: bytes) -> bytes:
        """Return what the work finds in a shard, in a process of the cluster."""
        asked = _loaded(self._selection.value, self._asked.value)
        return dumps(asked.work(_opened(self._selection.value, shard), _engine()))

    def merge(self, left: bytes, right: bytes) -> bytes:
        """Return two results as one."""
        asked = _loaded(self._selection.value, self._asked.value)
        return dumps(asked.merge(loads(left), loads(right)))


@lru_cache(maxsize=4)
def _loaded(selection: bytes, asked: bytes) -> Asked:
    found: Asked = loads(asked, _selected(selection).snapshot)
    return found


@lru_cache(maxsize=4)
def _selected(selection: bytes) -> Journeys:
    journeys: Journeys = loads(selection)
    return journeys


@lru_cache(maxsize=_KEPT)
def _opened(selection: bytes, shard: bytes) -> Journeys:
    """Return the selection of one shard; the same again finds the masks that were made for it."""
    one: OneShard = loads(shard)
    return one.of(_selected(selection))


@lru_cache(maxsize=1)
def _engine() -> LocalEngine:
    """Return the engine of a process of the cluster: one thread, since each core has a process."""
    return LocalEngine(1)


@dataclass(frozen=True)
class _Groups(Generic[P]):
    """One partial of each group."""

    question: Question[P]

    def work(self, journeys: Journeys, engine: LocalEngine) -> list[P]:
        return engine.fold(journeys, self.question)

    def merge(self, left: list[P], right: list[P]) -> list[P]:
        return [self.question.merge(*pair) for pair in zip(left, right, strict=True)]


@dataclass(frozen=True)
class _Whole(Generic[P]):
    """One partial of everything."""

    question: Question[P]

    def work(self, journeys: Journeys, engine: LocalEngine) -> P:
        return engine.total(journeys, self.question)

    def merge(self, left: P, right: P) -> P:
        return self.question.merge(left, right)


@dataclass(frozen=True)
class _Each(Generic[P]):
    """One partial of each entity, with its id."""

    question: Question[P]

    def work(self, journeys: Journeys, engine: LocalEngine) -> list[tuple[str, P]]:
        return engine.units_by_id(journeys, self.question)

    def merge(self, left: list[tuple[str, P]], right: list[tuple[str, P]]) -> list[tuple[str, P]]:
        return left + right


def _id(row: tuple[str, object]) -> str:
    return row[0]
