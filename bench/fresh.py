"""How old answers are, and how much slower, while events arrive.

``python -m bench.fresh --events 10000000 --rate 2000 --seconds 60`` makes a workspace whose shards hold so many
events, hands in so many a second in batches of 100 the way the server does, in this one process with all of its
jobs, and asks questions all the while. An answer is as old as the oldest event that had been acknowledged when it
was given and is not in it. Slower means against the same question of the same shards without a tail.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bench.cases import FUNNELS, RETENTION, SESSIONS, TRANSITIONS, Ask
from bench.world import NAMES, world
from pathworth import run
from pathworth.journeys import Journeys
from pathworth.store.commits import Places
from pathworth.store.files import move_in, write_whole
from pathworth.store.tail.batch import Base
from pathworth.store.tail.compact import compacting, merge
from pathworth.store.tail.tail import Tail

BATCH = 100
BEFORE = 7
FIRST = "00000001"
QUESTIONS: dict[str, tuple[Ask, str | None]] = {
    "transitions": (TRANSITIONS, None),
    "retention": (RETENTION, None),
    "funnel": (FUNNELS["ordered"], None),
    "sessions": (SESSIONS, None),
    "transitions_where": (TRANSITIONS, "word > 'w50000'"),
}


@dataclass
class Feed:
    """Hands batches in at a pace, and remembers when which number was acknowledged."""

    workspace: run.Workspace
    bodies: list[bytes]
    rate: float
    seqs: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Hand everything in, each batch at its time or as soon after as the one before allows."""
        begun = time.perf_counter()
        for k, body in enumerate(self.bodies):
            wait = begun + k * BATCH / self.rate - time.perf_counter()
            if self.over.wait(max(wait, 0.0)):
                return
            found = run.arrive(self.workspace, body)
            if found.seq is not None:
                self.seqs.append(found.seq)
                self.times.append(time.perf_counter())

    def age(self, seq: int, now: float) -> float:
        """Return how old an answer is that was given now and holds the events up to a number."""
        known = len(self.times)
        at = int(np.searchsorted(self.seqs[:known], seq, side="right"))
        return max(now - self.times[at], 0.0) if at < known else 0.0


@dataclass
class Row:
    """What one question took: without a tail, and with one; and how old its answers were."""

    before: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print."""
    asked = arguments()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, serving(asked, folder) as held:
        rows = {name: Row() for name in QUESTIONS}
        for _ in range(BEFORE + 1):
            for name, row in rows.items():
                row.before.append(ask(held, name)[0])
        bodies = list(batches(asked.events, int(asked.rate * asked.seconds), seed=2))
        feed = Feed(held, bodies, asked.rate)
        feeding = threading.Thread(target=feed.work)
        begun = time.perf_counter()
        feeding.start()
        turn = 0
        while feeding.is_alive():
            name = list(rows)[turn % len(rows)]
            took, seq = ask(held, name)
            rows[name].during.append(took)
            rows[name].ages.append(feed.age(seq, time.perf_counter()))
            turn += 1
        spent = time.perf_counter() - begun
        say(rows, feed, spent=spent, held=held)
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fresh", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path, default=None, help="where the workspace may lie")
    parser.add_argument("--no-jobs", action="store_true", help="nothing drains or compacts")
    return parser.parse_args()


@contextmanager
def serving(asked: argparse.Namespace, folder: str) -> Iterator[run.Workspace]:
    """Yield a workspace with its shards written and its jobs running."""
    place = Path(folder) / "shop"
    run.init(place)
    places = Places(place)
    begun = time.perf_counter()
    with compacting(places) as aside:
        manifest = merge(Tail(Base(world(asked.events))).still(), aside)
        replace(manifest, id=FIRST).write(aside / "snapshot")
        move_in(aside / "snapshot", places.snapshot(FIRST))
    gc.collect()
    write_whole(places.current, FIRST.encode())
    note(f"{asked.events:,} events written in {time.perf_counter() - begun:.1f} s")
    workspace = run.open_workspace(place)
    runner = run.runner(workspace)
    if not asked.no_jobs:
        runner.start()
    try:
        yield workspace
    finally:
        runner.stop()


def batches(base: int, events: int, *, seed: int) -> Iterator[bytes]:
    """Yield batches of events of the world's people and a few new ones, some of them late."""
    rng = np.random.default_rng(seed)
    people = max(base // 20, 1)
    who = rng.integers(0, people + people // 50 + 1, events)
    name = np.minimum(rng.zipf(1.5, events) - 1, NAMES - 1)
    word = rng.integers(0, 100_000, events)
    late = rng.integers(0, 30 * 24 * 3_600_000, events) * (rng.random(events) < 0.1)
    now = 1_760_000_000_000
    for first in range(0, events, BATCH):
        rows = [
            {
                "event": f"e{name[k]:02d}",
                "person": f"p{who[k]}",
                "time": int(now + k - late[k]),
                "id": f"m{k}",
                "word": f"w{word[k]:05d}",
                "plan": ("free", "pro", "team")[who[k] % 3],
            }
            for k in range(first, min(first + BATCH, events))
        ]
        yield json.dumps({"source": "app", "events": rows}).encode()


def ask(held: run.Workspace, name: str) -> tuple[float, int]:
    """Ask a question of the newest snapshot; return how long that took and the last number in it."""
    question, where = QUESTIONS[name]
    begun = time.perf_counter()
    answer = question(Journeys(held.store.snapshot(), where=where), held.engine)
    return time.perf_counter() - begun, answer.as_of.seq


def say(rows: dict[str, Row], feed: Feed, *, spent: float, held: run.Workspace) -> None:
    """Print what was measured."""
    arrived = len(feed.seqs) * BATCH
    note(f"{arrived:,} events acknowledged in {spent:.1f} s, {arrived / spent:,.0f} a second")
    print(
        f"{'question':20s} {'alone ms':>9s} {'median ms':>10s} {'times':>6s} {'most':>6s}"
        f" {'age s':>6s} {'oldest s':>9s} {'asked':>6s}"
    )
    for name, row in rows.items():
        alone = statistics.median(row.before[1:])
        if not row.during:
            continue
        middle = statistics.median(row.during)
        print(
            f"{name:20s} {alone * 1e3:9.1f} {middle * 1e3:10.1f} {middle / alone:6.2f}"
            f" {max(row.during) / alone:6.2f} {statistics.median(row.ages):6.2f}"
            f" {max(row.ages):9.2f} {len(row.during):6d}"
        )
    snapshot = held.store.snapshot()
    note(
        f"{len(snapshot.shards)} shards, {held.store.in_shards:,} of {snapshot.events:,} events in the base"
    )
    for one in run.job_rows(held):
        if one.name in {"drain", "compact"}:
            note(f"{one.name}: {one.result or one.error}, ended {one.ended}")


def note(words: str) -> None:
    """Say something beside the table."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
