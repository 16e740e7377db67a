"""Run the table: ``python -m bench --events 20000000 [--json FILE] [--write] [--only NAME ...]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.cases import CASES, Case
from bench.limit import Stream
from bench.world import world
from pathworth.journeys import Journeys, LocalEngine, forget_plans
from pathworth.store import Snapshot

SMALL = 20_000
ROUNDS = 7
SPEED = Path(__file__).parent.parent / "docs" / "speed.md"


@dataclass(frozen=True)
class Row:
    """What one case took, in seconds, with the limit and the speed of memory beside it."""

    case: Case
    memory: float
    limit: float
    took: float

    @property
    def ratio(self) -> float:
        """Return how many times the limit the question took."""
        return self.took / self.limit


class Unselected(LocalEngine):
    """An engine that forgets selections, so that each question evaluates its own."""

    def forget(self) -> None:
        """Drop the masks that were kept for the next question, and what predicates were bound to."""
        self._keeps.clear()
        forget_plans()


def main() -> int:
    """Check every case at a small size, measure it, print the table; return 1 when an answer is wrong."""
    asked = arguments()
    chosen = [case for case in CASES if asked.only is None or case.name in asked.only]
    engine = Unselected(asked.threads)
    small = world(SMALL)
    wrong = [case.name for case in chosen if not case.check(case.journeys(small), engine)]
    if wrong:
        print(f"not equal to plain code: {', '.join(wrong)}", file=sys.stderr)
        return 1
    print(f"{len(chosen)} answers equal plain code at {SMALL:,} events", file=sys.stderr)
    large = world(asked.events)
    rows = []
    for case in chosen:
        rows.append(measured(case, large, engine))
        print(line(rows[-1]), flush=True)
    if asked.json is not None:
        asked.json.write_text(as_json(rows) + "\n")
    if asked.write:
        SPEED.parent.mkdir(exist_ok=True)
        SPEED.write_text(as_page(rows, asked.events, engine.threads))
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--json", type=Path, default=None, help="write one JSON object here")
    parser.add_argument("--only", nargs="*", default=None, help="names of cases")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    return parser.parse_args()


def measured(case: Case, large: Snapshot, engine: Unselected) -> Row:
    """Alternate the limit and the question, and take the best of each."""
    journeys = case.journeys(large)
    everything = Journeys(journeys.snapshot)
    slow, fast = Stream(case.columns), Stream(case.columns, "at once")
    memories, limits, tooks = [], [], []
    for _ in range(ROUNDS + 1):
        memories.append(seconds(lambda: engine.total(everything, fast)))
        limits.append(seconds(lambda: engine.total(everything, slow)))
        engine.forget()
        tooks.append(seconds(lambda: case.ask(journeys, engine)))
    return Row(case, min(memories[1:]), min(limits[1:]), min(tooks[1:]))


def seconds(run: Callable[[], object]) -> float:
    """Return how long a call takes."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def line(row: Row) -> str:
    """Return one row of the table as text."""
    bar = "" if row.case.bar is None else f"bar {row.case.bar:.1f}"
    return (
        f"{row.case.name:24s} memory {row.memory * 1e3:6.1f} ms  limit {row.limit * 1e3:7.1f} ms  "
        f"took {row.took * 1e3:8.1f} ms  {row.ratio:5.2f} x  {bar}"
    )


def as_json(rows: list[Row]) -> str:
    """Return one object: each question's ratio to its limit; peers come with the engine's issue."""
    return json.dumps(
        {
            row.case.name: {"to_limit": round(row.ratio, 3), "ahead_of_best_peer": None}
            for row in rows
        }
    )


def as_page(rows: list[Row], events: int, threads: int) -> str:
    """Return the table as a page of the docs."""
    head = [
        "# Speed",
        "",
        f"Written by `make bench`: {events:,} events, {threads} threads, Python "
        f"{platform.python_version()}, numpy {np.__version__}, {platform.machine()}, "
        f"{os.cpu_count()} processors.",
        "",
        "Limit = reading the columns of the question once, one value after the other, in the same threads, "
        f"alternating with the question in one process; best of {ROUNDS}. Beside it stands what memory "
        "gives when the same columns are added up in vectors, which no fold over journeys can do. Each "
        f"question is asked whole, from selection to intervals, and its answer at {SMALL:,} events "
        "equals that of plain code.",
        "",
        "| question | memory ms | limit ms | took ms | times the limit | bar |",
        "|---|---|---|---|---|---|",
    ]
    body = [
        f"| {row.case.name} | {row.memory * 1e3:.1f} | {row.limit * 1e3:.1f} | "
        f"{row.took * 1e3:.1f} | {row.ratio:.2f} | "
        f"{'' if row.case.bar is None else row.case.bar} |"
        for row in rows
    ]
    return "\n".join([*head, *body, ""])


if __name__ == "__main__":
    sys.exit(main())
