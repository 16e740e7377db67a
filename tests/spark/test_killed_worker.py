"""A worker that dies in the middle of a question changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import cloudpickle

from pathworth.journeys import Journeys, LocalEngine, Part
from pathworth.spark import Files, Jobs, SparkEngine, session, trial
from pathworth.store import Cluster, Workspace


@dataclass(frozen=True)
class SlowNames:
    """Counts events by name, slowly; each part says that it began."""

    size: int
    folder: str
    wait_s: float

    def fold(self, part: Part) -> np.ndarray:
        (Path(self.folder) / f"{part.place}-{os.getpid()}").touch()
        time.sleep(self.wait_s)
        names = part.shard.name[part.offset[0] : part.offset[-1]] if part.last > part.first else []
        return np.bincount(names, minlength=self.size).astype(np.int64)

    def merge(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        return left + right


def test_a_worker_killed_in_the_middle_of_a_question(stored: Workspace, tmp_path: Path) -> None:
    snapshot, began = stored.snapshot(), tmp_path / "began"
    began.mkdir()
    journeys, size = Journeys(snapshot), len(snapshot.names)
    whole = LocalEngine(1).total(journeys, SlowNames(size, str(began), 0))
    for one in began.iterdir():
        one.unlink()
    with trial(tmp_path / "cluster") as there, session(Cluster(there.master)) as context:
        engine = SparkEngine(context, Files(stored.path), Jobs(context))
        killed = threading.Thread(target=kill_one, args=(there.workers[0], began), daemon=True)
        killed.start()
        # The cluster's processes know nothing of these tests.
        cloudpickle.register_pickle_by_value(sys.modules[__name__])
        try:
            found = engine.total(journeys, SlowNames(size, str(began), 0.6))
        finally:
            cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
        killed.join()
    assert found.tolist() == whole.tolist()
    assert there.workers[0].poll() is not None
    # Some shard was begun twice: once by whom the worker took along.
    assert len(list(began.iterdir())) > len(snapshot.shards)


def kill_one(worker: subprocess.Popen[bytes], began: Path) -> None:
    """Kill a worker once both of them fold, and whoever folds for it."""
    deadline = time.monotonic() + 60
    while len(list(began.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.kill()
