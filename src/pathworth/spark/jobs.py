"""Who tells how far the tasks of a cluster are, and ends those that nobody waits for any more or that find no core."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from py4j.protocol import Py4JError
from pyspark import SparkContext, StatusTracker

from pathworth.base.errors import PathworthError
from pathworth.journeys import Waiter, waiter
from pathworth.spark.troubles import busy, clear_errors, nobody_waits
from pathworth.store import CLUSTER_WAIT_S

T = TypeVar("T")
Tell = Callable[[str, float], None]
_EVERY_S, _SAID_S = 0.5, 3.0
_number = count(1)


class Jobs:
    """Runs what is handed in to a cluster.

    Parameters
    ----------
    context
        Where.
    tell
        Told what is done and the share of its tasks that is over; null for nobody.
    wait_s
        So many seconds long nothing may run because the cluster has no free core.
    """

    def __init__(
        self, context: SparkContext, tell: Tell | None = None, *, wait_s: float = CLUSTER_WAIT_S
    ) -> None:
        self._context, self._tell, self._wait_s = context, tell, wait_s

    def run(self, work: Callable[[], T], *, tasks: int, what: str = "Asking the cluster") -> T:
        """Do some work that hands tasks in, and end them when whoever waits goes away.

        Parameters
        ----------
        work
            Returns what the tasks find.
        tasks
            How many there will be at least.
        what
            What it is, in words.

        Raises
        ------
        StoreTrouble
            ``CLUSTER_BUSY``, and what ``session`` names.
        Refused
            ``NOBODY_WAITS``.
        """
        group = f"pathworth-{next(_number)}"
        self._context.setJobGroup(group, what, interruptOnCancel=True)
        of, over = _Watched(group, what, tasks, waiter()), threading.Event()
        of.see()
        of.begin()
        watch = threading.Thread(target=self._watch, args=(of, over), daemon=True)
        watch.start()
        try:
            with clear_errors():
                return work()
        except BaseException as error:
            self._context.cancelJobGroup(group)
            if of.trouble is not None:
                raise of.trouble from error
            raise
        finally:
            over.set()
            watch.join()

    def _watch(self, of: _Watched, over: threading.Event) -> None:
        # Whoever waits is told by the work itself where the cluster is gone.
        with suppress(Py4JError):
            try:
                self._look(of, over)
            except PathworthError as trouble:
                of.trouble = trouble
                self._context.cancelJobGroup(of.group)

    def _look(self, of: _Watched, over: threading.Event) -> None:
        tracker, idle_since = self._context.statusTracker(), None
        while not over.wait(_EVERY_S):
            done, idle = _seen(tracker, of.group)
            now = time.monotonic()
            idle_since = (idle_since or now) if idle else None
            waited = now - (idle_since or now)
            if waited > self._wait_s:
                raise busy(self._wait_s)
            of.see()
            waits = ": waiting for a free core" if waited > _SAID_S else ""
            said = of.what + waits, min(done / max(of.tasks, 1), 1.0)
            of.tell(*said)
            if self._tell is not None:
                self._tell(*said)


def _seen(tracker: StatusTracker, group: str) -> tuple[int, bool]:
    """Return how many tasks are over, and whether there are some and none of them runs."""
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    going = any(job is not None and job.status == "RUNNING" for job in jobs)
    ids = [stage for job in jobs if job is not None for stage in job.stageIds]
    stages = [stage for stage in map(tracker.getStageInfo, ids) if stage is not None]
    done = sum(stage.numCompletedTasks for stage in stages)
    return done, going and not any(stage.numActiveTasks for stage in stages)


@dataclass
class _Watched:
    """Tasks that are handed in together, what they are for, how many there will be at least, and who waits for them.

    ``trouble`` is why they were taken back.
    """

    group: str
    what: str
    tasks: int
    waiter: Waiter | None
    trouble: PathworthError | None = None

    def see(self) -> None:
        """Raise ``NOBODY_WAITS`` where whoever asked went away."""
        if self.waiter is not None and self.waiter.gone.is_set():
            raise nobody_waits()

    def begin(self) -> None:
        """Say to whoever waits that this is begun."""
        if self.waiter is not None:
            self.waiter.begin(self.what)

    def tell(self, what: str, share: float) -> None:
        """Say to whoever waits how far it is."""
        if self.waiter is not None:
            self.waiter.tell(what, share)
