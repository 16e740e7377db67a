"""How long one person's page takes: ``python -m bench.timeline FOLDER/workspace``.

The workspace is one that ``bench.big_import --keep`` left. People are drawn at random among all of them, then come
those with the most events; each is asked for once, so that nothing of a journey was read before by this process (the
system may hold it). A person takes their head and the newest part of their timeline, as the page asks for them.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

import numpy as np

from bench.timing import seconds
from pathworth import run
from pathworth.store import Snapshot

BAR_S = 0.1
SEED = 7


def drawn(snapshot: Snapshot, *, people: int) -> list[str]:
    """Return people at random, any as likely as any other."""
    rng = np.random.default_rng(SEED)
    held = [len(shard.offset) - 1 for shard in snapshot.shards]
    ends = np.cumsum(held)
    found = []
    for at in rng.choice(int(ends[-1]), people, replace=False).tolist():
        number = int(np.searchsorted(ends, at, "right"))
        found.append(snapshot.shards[number].id_of(at - int(ends[number]) + held[number]))
    return found


def busiest(snapshot: Snapshot, *, people: int) -> list[str]:
    """Return who has the most events."""
    found: list[tuple[int, str]] = []
    for shard in snapshot.shards:
        counts = np.diff(shard.offset)
        most = np.argpartition(counts, -people)[-people:]
        found += [(int(counts[place]), shard.id_of(int(place))) for place in most]
    return [person for _, person in sorted(found, reverse=True)[:people]]


def look(workspace: run.Workspace, person: str) -> None:
    """Ask for what a person's page shows first."""
    subject = run.Subject("person", person)
    run.head(workspace, subject)
    run.moments(workspace, subject, asked=run.MomentsAsked())


def main(argv: list[str]) -> None:
    """Draw people and print how long they took."""
    parser = argparse.ArgumentParser(prog="bench.timeline", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--people", type=int, default=200)
    asked = parser.parse_args(argv)
    workspace = run.open_workspace(asked.workspace)
    snapshot = workspace.store.snapshot()
    first, *rest = drawn(snapshot, people=asked.people + 1)
    print(
        f"{snapshot.events:,} events; the first person after the start took "
        f"{1e3 * seconds(partial(look, workspace, first)):.0f} ms"
    )
    for what, people in (("any", rest), ("the busiest", busiest(snapshot, people=20))):
        took = [1e3 * seconds(partial(look, workspace, one)) for one in people]
        middle, late = np.quantile(took, [0.5, 0.99])
        print(
            f"{what:12s} {len(people)} people: middle {middle:.1f} ms, 99 in 100 within {late:.1f} ms, "
            f"the slowest {max(took):.1f} ms; bar {1e3 * BAR_S:.0f} ms"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
