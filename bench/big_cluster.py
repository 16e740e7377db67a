"""Build the shards of an imported workspace and ask every question, here and on a cluster of this machine.

``python -m bench.big_cluster FOLDER/workspace``: the workspace is one that ``bench.big_import --keep`` left. A master
and two workers with a core each run on loopback, so that both sides have the same processors. Each question is asked
on both sides in turn, once to begin and then ``--times`` times; answers must have the same bytes. Nanoseconds are wall
time for each event.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.big_ask import QUESTIONS, Asked
from bench.speed_page import write_cluster
from bench.timing import seconds
from pathworth import measure
from pathworth.base.json import to_json, to_text
from pathworth.journeys import Engine, Journeys, LocalEngine
from pathworth.spark import Files, Jobs, SparkBuilder, SparkEngine, session, trial
from pathworth.store import Cluster, Workspace

Took = tuple[float, float]
"""Seconds here and on the cluster."""
CONF = {"spark.executor.memory": "2g", "spark.driver.maxResultSize": "0"}


def main() -> int:
    """Build, ask and print; 1 when two answers differ."""
    asked = arguments()
    store = Workspace.open(asked.workspace)
    files, events = Files(store.path), store.snapshot().events
    rows: dict[str, Took] = {}
    wrong = []
    with (
        tempfile.TemporaryDirectory(dir=asked.workspace.parent) as folder,
        trial(Path(folder), workers=asked.workers, memory="3g") as there,
        session(Cluster(there.master, conf=CONF)) as context,
    ):
        jobs = Jobs(context)
        if not asked.ask_only:
            builder = SparkBuilder(context, files, jobs)
            built = seconds(lambda: store.compact("build", builder=builder))
            rows["build"] = seconds(lambda: store.compact("build")), built
            tell("build", rows["build"], events)
        engines = LocalEngine(), SparkEngine(context, files, jobs)
        for name, one in QUESTIONS.items():
            if asked.only is not None and name not in asked.only:
                continue
            rows[name], same = compared(one, Journeys(store.snapshot()), engines, times=asked.times)
            tell(name, rows[name], events)
            wrong += [] if same else [name]
    print("every answer the same" if not wrong else f"answers differ: {', '.join(wrong)}")
    if asked.write and not wrong:
        write_cluster(as_section(rows, events, workers=asked.workers))
    return int(bool(wrong))


def compared(
    one: Asked, journeys: Journeys, engines: tuple[Engine, Engine], *, times: int
) -> tuple[Took, bool]:
    """Ask on both sides in turn, and return the seconds that each took and whether they said the same."""
    chosen = Journeys(journeys.snapshot, where=one.where, who=one.who)
    said: list[measure.Answer] = []

    def ask(engine: Engine) -> Callable[[], None]:
        return lambda: said.append(one.ask.answer(chosen, engine=engine))

    took = [[seconds(ask(engine)) for engine in engines] for _ in range(times + 1)][1:]
    here, there = (statistics.median(row[k] for row in took) for k in (0, 1))
    return (here, there), len({to_text(to_json(answer)) for answer in said}) == 1


def tell(name: str, took: Took, events: int) -> None:
    """Print what something took here and on the cluster."""
    here, there = took
    each = [one * 1e9 / events for one in took]
    print(
        f"{name:28s} here {here:8.2f} s {each[0]:8.2f} ns   cluster {there:8.2f} s"
        f" {each[1]:8.2f} ns   {there / here:6.2f} times",
        flush=True,
    )


def as_section(rows: dict[str, Took], events: int, *, workers: int) -> str:
    """Return what all took, as a section of a page."""
    lines = [
        f"Written by `python -m bench.big_cluster --write`: {events:,} events, a master and {workers} workers of a"
        f" core each on this machine beside {os.cpu_count()} threads of one process, so that both have as many."
        " Wall time, and nanoseconds for each event. Every answer had the same bytes on both sides.",
        "",
        "| what | here s | ns an event | cluster s | ns an event | times |",
        "|---|---|---|---|---|---|",
    ]
    for name, (here, there) in rows.items():
        each = [one * 1e9 / events for one in (here, there)]
        lines.append(
            f"| {name} | {here:.2f} | {each[0]:.2f} | {there:.2f} | {each[1]:.2f} | {there / here:.2f} |"
        )
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.big_cluster", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--times", type=int, default=2, help="how often each is asked warm")
    parser.add_argument("--ask-only", action="store_true", help="build nothing")
    parser.add_argument("--write", action="store_true", help="write it to docs/speed.md")
    parser.add_argument("--only", nargs="*", default=None, help="names of questions")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
