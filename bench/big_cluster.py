"""Build the shards of an imported workspace and ask every question, here and on a cluster of this machine.

``python -m bench.big_cluster FOLDER/workspace``: the workspace is one that ``bench.big_import --keep`` left. A master
and two workers with a core each run on loopback, so that both sides have the same processors. Each question is asked
on both sides in turn, once to begin and then ``--times`` times; answers must have the same bytes. Nanoseconds are wall
time for each event.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.big_ask import QUESTIONS, Asked
from bench.timing import seconds
from pathworth import measure
from pathworth.base.json import to_json, to_text
from pathworth.journeys import Engine, Journeys, LocalEngine
from pathworth.spark import Files, Jobs, SparkBuilder, SparkEngine, session, trial
from pathworth.store import Cluster, Workspace

CONF = {"spark.executor.memory": "2g", "spark.driver.maxResultSize": "0"}


def main() -> int:
    """Build, ask and print; 1 when two answers differ."""
    asked = arguments()
    store = Workspace.open(asked.workspace)
    files = Files(store.path)
    with (
        tempfile.TemporaryDirectory(dir=asked.workspace.parent) as folder,
        trial(Path(folder), workers=asked.workers, memory="3g") as there,
        session(Cluster(there.master, conf=CONF)) as context,
    ):
        jobs = Jobs(context)
        if not asked.ask_only:
            builder = SparkBuilder(context, files, jobs)
            built = seconds(lambda: store.compact("build", builder=builder))
            tell("build", seconds(lambda: store.compact("build")), built, store.snapshot().events)
        engines = LocalEngine(), SparkEngine(context, files, jobs)
        wrong = [
            name
            for name, one in QUESTIONS.items()
            if (asked.only is None or name in asked.only)
            and not compared(name, one, Journeys(store.snapshot()), engines, times=asked.times)
        ]
    print("every answer the same" if not wrong else f"answers differ: {', '.join(wrong)}")
    return int(bool(wrong))


def compared(
    name: str, one: Asked, journeys: Journeys, engines: tuple[Engine, Engine], *, times: int
) -> bool:
    """Ask on both sides in turn, print what they took, and return whether they said the same."""
    chosen = Journeys(journeys.snapshot, where=one.where, who=one.who)
    said: list[measure.Answer] = []

    def ask(engine: Engine) -> Callable[[], None]:
        return lambda: said.append(one.ask.answer(chosen, engine=engine))

    took = [[seconds(ask(engine)) for engine in engines] for _ in range(times + 1)][1:]
    here, there = (statistics.median(row[k] for row in took) for k in (0, 1))
    tell(name, here, there, journeys.snapshot.events)
    return len({to_text(to_json(answer)) for answer in said}) == 1


def tell(name: str, here_s: float, there_s: float, events: int) -> None:
    """Print what something took here and on the cluster."""
    each = [took * 1e9 / events for took in (here_s, there_s)]
    print(
        f"{name:28s} here {here_s:8.2f} s {each[0]:8.2f} ns   cluster {there_s:8.2f} s"
        f" {each[1]:8.2f} ns   {there_s / here_s:6.2f} times",
        flush=True,
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.big_cluster", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--times", type=int, default=2, help="how often each is asked warm")
    parser.add_argument("--ask-only", action="store_true", help="build nothing")
    parser.add_argument("--only", nargs="*", default=None, help="names of questions")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
