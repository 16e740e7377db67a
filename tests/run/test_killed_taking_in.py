"""Killed at any moment under load: every acknowledged event is there exactly once, and none that nobody sent."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.forked import Forks, forks
from tests.run.taking_in import EVENTS, body_of

from pathworth import run
from pathworth.store import Inbox, check_store

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PATHWORTH_SOAK_KILLS", "200"))


@pytest.fixture(scope="module")
def program() -> Iterator[Forks]:
    """What children that take in are made with."""
    with forks("tests.run.taking_in") as held:
        yield held


def live(program: Forks, folder: Path, first: int, rng: random.Random) -> list[str]:
    """Let a child say some lines, kill it a moment later, and return all that it said."""
    program.begin(folder, first)
    lines = rng.randrange(1, rng.choice((30, 30, 30, 30, 1_200)))
    said = [program.line() for _ in range(lines)]
    time.sleep(rng.random() * 0.05)
    more, killed = program.kill()
    assert killed
    return said + more


def taken_in(program: Forks, folder: Path, kills: int, seed: int) -> tuple[set[int], int]:
    """Kill a child so often, and return the batches that were taken, and one behind the last that was sent."""
    rng, first, safe, done = random.Random(seed), 0, set[int](), Counter[str]()
    while done["killed"] < kills or not done["drained"]:
        said = live(program, folder, first, rng)
        safe |= {int(line) for line in said if line.isdecimal()}
        done.update({"killed", *(line for line in said if not line.isdecimal())})
        # What was not answered is sent again, and a few that were too.
        first = max(max(safe) - rng.randrange(4), 0)
    return safe, max(safe) + 100


def counts_once(folder: Path, safe: set[int], end: int) -> None:
    """Hold the events of the shards against what was answered."""
    workspace = run.open_workspace(folder)
    for k in sorted(safe)[-5:]:
        run.arrive(workspace, body_of(k))
    run.rebuild(workspace)
    snapshot = workspace.store.snapshot()
    found: Counter[str] = Counter()
    for shard in snapshot.shards:
        for e in range(shard.entities):
            found[shard.id_of(e)] += int(shard.offset[e + 1] - shard.offset[e])
    wanted = {f"b{k}-{n}" for k in safe for n in range(EVENTS)}
    possible = {f"b{k}-{n}" for k in range(end) for n in range(EVENTS)}
    assert wanted <= found.keys() <= possible
    assert set(found.values()) == {1}
    assert Inbox(workspace.store).count() == (0, 0)
    seqs = sorted(int(one) for shard in snapshot.shards for one in shard.seq)
    assert seqs == list(range(1, len(seqs) + 1))
    assert {one.state for one in check_store(folder)} == {"ok"}


def test_thirty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, program: Forks) -> None:
    run.init(tmp_path / "shop")
    safe, end = taken_in(program, tmp_path / "shop", 30, seed=30)
    assert len(safe) > 100
    counts_once(tmp_path / "shop", safe, end)


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, program: Forks) -> None:
    run.init(tmp_path / "shop")
    safe, end = taken_in(program, tmp_path / "shop", KILLS, seed=KILLS)
    counts_once(tmp_path / "shop", safe, end)
