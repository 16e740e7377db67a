"""How old answers are, and how much slower, while events arrive.

``python -m bench.fresh --base 100000000 --rate 2000 --minutes 10`` makes a workspace whose shards hold so many events
and which knows as many ids, hands in so many a second in batches of 100 the way the server does, in this one process
with all of its jobs, and asks questions all the while. The events go on where the shards end: they are those of people
who were there in the last days, of some new ones, and a tenth of them comes late. An answer is as old as the oldest
event that had been acknowledged when it was given and is not in it. Slower means against the same question of the same
shards without a tail. ``--json FILE`` keeps the numbers, ``--folder DIR`` says where the workspace may lie meanwhile.
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
from pathworth import run, store
from pathworth.cli import OBJECTS
from pathworth.journeys import Journeys
from pathworth.run.serving.listen import as_server
from pathworth.store.commits import Places
from pathworth.store.files import move_in, write_whole
from pathworth.store.fingerprints import PARTITIONS, RunWriter
from pathworth.store.tail.batch import Base
from pathworth.store.tail.compact import compacting, merge
from pathworth.store.tail.tail import Tail

BATCH = 100
BEFORE = 7
OLDEST_S, SLOWEST = 2.0, 3.0
"""No answer is to be older, and none to take more times as long as without a tail."""
FIRST = "00000001"
LAST_US = 3 * 24 * 3_600_000_000
"""Who was there in so long a time before the end of the shards goes on."""
QUESTIONS: dict[str, tuple[Ask, str | None]] = {
    "transitions": (TRANSITIONS, None),
    "retention": (RETENTION, None),
    "funnel": (FUNNELS["ordered"], None),
    "sessions": (SESSIONS, None),
    "transitions_where": (TRANSITIONS, "word > 'w50000'"),
}


@dataclass(frozen=True)
class Going:
    """Where the shards as good as end: who was there lately, when that is, and the number of their last event."""

    people: list[str]
    now_ms: int
    seq: int

    @classmethod
    def of(cls, snapshot: store.Snapshot) -> Going:
        """Look at the people of a snapshot."""
        lasts = [shard.time_us[shard.offset[1:] - 1] for shard in snapshot.shards]
        # A few journeys of the world end weeks behind all others.
        now_us = int(np.quantile(np.concatenate(lasts), 0.99))
        people = [
            shard.id_of(int(place))
            for shard, last in zip(snapshot.shards, lasts, strict=True)
            for place in np.flatnonzero((last >= now_us - LAST_US) & (last <= now_us))
        ]
        return cls(people, now_us // 1000, snapshot.seq)


@dataclass
class Feed:
    """Hands batches in at a pace, and remembers when which number was acknowledged."""

    workspace: run.Workspace
    going: Going
    rate: float
    batches: int
    seqs: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def work(self) -> None:
        """Hand everything in, each batch at its time or as soon after as the one before allows."""
        begun = time.perf_counter()
        for k, body in enumerate(bodies(self.going, self.batches, seed=2)):
            time.sleep(max(begun + k * BATCH / self.rate - time.perf_counter(), 0.0))
            run.receive(self.workspace, body)
            # No event is a repeat, so that batch k ends with this number.
            self.seqs.append((k + 1) * BATCH + self.going.seq)
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

    def found(self) -> dict[str, float]:
        """Return milliseconds without a tail, how many times as long it took with one, and seconds of age."""
        alone = statistics.median(self.before[1:])
        times = sorted(one / alone for one in self.during)
        return {
            "alone_ms": alone * 1e3,
            "median": statistics.median(times),
            "p95": times[int(0.95 * (len(times) - 1))],
            "most": times[-1],
            "median_age_s": statistics.median(self.ages),
            "oldest_s": max(self.ages),
            "asked": len(times),
        }


def main() -> int:
    """Measure and print."""
    asked = arguments()
    # As the command line and the server do.
    gc.set_threshold(OBJECTS)
    as_server()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, serving(asked, folder) as held:
        going = Going.of(held.store.snapshot())
        rows = {name: Row() for name in QUESTIONS}
        for _ in range(BEFORE + 1):
            for name, row in rows.items():
                row.before.append(ask(held, name)[0])
        batches = int(asked.rate * asked.minutes * 60) // BATCH
        feed = Feed(held, going, asked.rate, batches=batches)
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
        found = {name: row.found() for name, row in rows.items() if row.during}
        say(found, feed, spent=spent, held=held)
        if asked.json is not None:
            rate = len(feed.seqs) * BATCH / spent
            asked.json.write_text(
                json.dumps({"base": asked.base, "rate": rate, "questions": found})
            )
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fresh", description=__doc__)
    parser.add_argument("--base", type=int, default=100_000_000, help="events in the shards")
    parser.add_argument("--rate", type=float, default=2_000, help="events a second")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where the workspace may lie")
    return parser.parse_args()


@contextmanager
def serving(asked: argparse.Namespace, folder: str) -> Iterator[run.Workspace]:
    """Yield a workspace with its shards written and its jobs running."""
    place = Path(folder) / "shop"
    begun = time.perf_counter()
    write_workspace(place, asked.base)
    note(f"{asked.base:,} events written in {time.perf_counter() - begun:.1f} s")
    workspace = run.open_workspace(place)
    runner = run.runner(workspace)
    with store.held_open(workspace.store):
        runner.start()
        try:
            wait_until_warm(workspace)
            yield workspace
        finally:
            runner.stop()


def wait_until_warm(workspace: run.Workspace) -> None:
    """Let the server first ask what it asks of new shards by itself."""
    begun = time.perf_counter()
    while not any(one.name == "warm" and one.ended for one in run.job_rows(workspace)):
        time.sleep(1)
    note(f"warm after {time.perf_counter() - begun:.1f} s")


def write_workspace(place: Path, events: int) -> None:
    """Make a workspace whose shards hold the world, without the lake that they would come from."""
    run.init(place)
    places = Places(place)
    with compacting(places) as aside:
        manifest = merge(Tail(Base(world(events))).still(), aside)
        remember(events, places.run(FIRST))
        replace(manifest, id=FIRST, fingerprints=[FIRST]).write(aside / "snapshot")
        move_in(aside / "snapshot", places.snapshot(FIRST))
    gc.collect()
    write_whole(places.current, FIRST.encode())


def remember(events: int, folder: Path) -> None:
    """Write as many ids as there are events, among which every new one is looked for."""
    rng = np.random.default_rng(3)
    with RunWriter(folder) as writer:
        for part in range(PARTITIONS):
            size = events // PARTITIONS
            words = [rng.integers(0, 2**58, size, np.uint64) for _ in range(3)]
            words[0] |= np.uint64(part << 58)
            writer.add(words)
        writer.sync()


def bodies(going: Going, batches: int, *, seed: int) -> Iterator[bytes]:
    """Yield batches of events of people who were there lately and of a few new ones, some of them late."""
    rng = np.random.default_rng(seed)
    people = going.people
    for first in range(0, batches * BATCH, BATCH):
        who = rng.integers(0, len(people) + len(people) // 50 + 1, BATCH).tolist()
        name = np.minimum(rng.zipf(1.5, BATCH) - 1, NAMES - 1)
        word = rng.integers(0, 100_000, BATCH)
        late = rng.integers(0, 24 * 3_600_000, BATCH) * (rng.random(BATCH) < 0.1)
        rows = [
            {
                "event": f"e{name[k]:02d}",
                "person": people[who[k]] if who[k] < len(people) else f"n{who[k]}",
                "time": int(going.now_ms + (first + k) // 2 - late[k]),
                "id": f"m{first + k}",
                "word": f"w{word[k]:05d}",
                "plan": ("free", "pro", "team")[who[k] % 3],
            }
            for k in range(BATCH)
        ]
        yield json.dumps({"source": "app", "events": rows}).encode()


def ask(held: run.Workspace, name: str) -> tuple[float, int]:
    """Ask a question of the newest snapshot; return how long that took and the last number in it."""
    question, where = QUESTIONS[name]
    begun = time.perf_counter()
    answer = question(Journeys(held.store.snapshot(), where=where), held.engine)
    return time.perf_counter() - begun, answer.as_of.seq


def say(
    found: dict[str, dict[str, float]], feed: Feed, *, spent: float, held: run.Workspace
) -> None:
    """Print what was measured."""
    arrived = len(feed.seqs) * BATCH
    note(f"{arrived:,} events acknowledged in {spent:.1f} s, {arrived / spent:,.0f} a second")
    print(
        f"{'question':18s} {'alone ms':>9s} {'times':>6s} {'p95':>6s} {'most':>6s} {'age s':>6s} {'oldest':>6s}"
    )
    for name, row in found.items():
        print(
            f"{name:18s} {row['alone_ms']:9.1f} {row['median']:6.2f} {row['p95']:6.2f} {row['most']:6.2f}"
            f" {row['median_age_s']:6.2f} {row['oldest_s']:6.2f}"
        )
    oldest = max(row["oldest_s"] for row in found.values())
    slowest = max(row["median"] for row in found.values())
    print(f"oldest answer: {oldest:.2f} s, {oldest / OLDEST_S:.2f} of the bar")
    print(f"slowest question: {slowest:.2f} times, {slowest / SLOWEST:.2f} of the bar")
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
