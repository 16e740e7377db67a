"""Whether a cluster can do the work: every process of it is asked what it has and what it sees."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import partial
from importlib import metadata

from pyspark import SparkContext, cloudpickle

from pathworth.spark import probe
from pathworth.spark.jobs import Jobs
from pathworth.spark.sharing import Files

_ROUNDS = 4


@dataclass(frozen=True)
class Machine:
    """A machine of a cluster.

    Parameters
    ----------
    host
        Its name.
    python, version
        Of Python, and of this package; null where it is not there.
    trouble
        Why it cannot do the work; null where it can.
    """

    host: str
    python: str
    version: str | None
    trouble: str | None


def machines(context: SparkContext, files: Files, *, jobs: Jobs) -> tuple[Machine, ...]:
    """Return the machines of a cluster that take tasks, by name, those in trouble once for each trouble."""
    sample = files.root / "lake" / "_delta_log" / f"{0:020d}.json"
    cloudpickle.register_pickle_by_value(probe)
    try:
        ask = partial(probe.look_around, files.found(sample), sample.stat().st_size)
        tasks = _ROUNDS * context.defaultParallelism
        asked = context.parallelize(range(tasks), tasks).map(lambda _: ask())
        rows = jobs.run(asked.collect, tasks=tasks, what="Looking at the machines")
    finally:
        cloudpickle.unregister_pickle_by_value(probe)
    found = {Machine(**row) if row["trouble"] else _judged(Machine(**row)) for row in rows}
    return tuple(sorted(found, key=lambda one: (one.host, one.trouble or "")))


def _judged(one: Machine) -> Machine:
    own, here = metadata.version("pathworth"), platform.python_version()
    trouble = None
    if one.version != own:
        trouble = f"has version {one.version} of this package, and here is {own}"
    elif one.python.split(".")[:2] != here.split(".")[:2]:
        trouble = f"runs Python {one.python}, and here is {here}"
    return Machine(one.host, one.python, one.version, trouble)
