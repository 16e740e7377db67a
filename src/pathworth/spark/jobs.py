"""Who tells how far the tasks of a cluster are, and ends those that nobody waits for any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from pyspark import SparkContext

T = TypeVar("T")
Tell = Callable[[str, float], None]
_EVERY_S = 0.5
_number = count(1)


class Jobs:
    """Runs what is handed in to a cluster.

    Parameters
    ----------
    context
        Where.
    tell
        Told what is done and the share of its tasks that is over; null for nobody.
    """

    def __init__(self, context: SparkContext, tell: Tell | None = None) -> None:
        self._context, self._tell = context, tell

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
        """
        group = f"pathworth-{next(_number)}"
        self._context.setJobGroup(group, what, interruptOnCancel=True)
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(group, what, tasks, over), daemon=True)
        if self._tell is not None:
            watch.start()
        try:
            return work()
        except BaseException:
            self._context.cancelJobGroup(group)
            raise
        finally:
            over.set()
            if self._tell is not None:
                watch.join()

    def _watch(self, group: str, what: str, tasks: int, over: threading.Event) -> None:
        if self._tell is None:
            return
        tracker = self._context.statusTracker()
        while not over.wait(_EVERY_S):
            done = 0
            for job in tracker.getJobIdsForGroup(group):
                held = tracker.getJobInfo(job)
                for stage in held.stageIds if held is not None else ():
                    info = tracker.getStageInfo(stage)
                    done += 0 if info is None else info.numCompletedTasks
            self._tell(what, min(done / max(tasks, 1), 1.0))
