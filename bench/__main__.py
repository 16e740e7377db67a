"""Run the table: ``python -m bench --events 20000000 [--json FILE] [--write] [--only NAME ...]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.cases import CASES, Case
from bench.limit import Stream
from bench.page import Row, as_json, as_page, line
from bench.peer_queries import PEERED, Peered
from bench.peers import Run, peers
from bench.speed_page import write_table
from bench.timing import seconds
from bench.ways import WAYS
from bench.world import world
from pathworth.journeys import Journeys, LocalEngine, forget_plans
from pathworth.store import Snapshot

SMALL = 20_000
ROUNDS = 7
PEER_ROUNDS = 3


class Unselected(LocalEngine):
    """An engine that forgets selections, so that each question evaluates its own."""

    def forget(self) -> None:
        """Drop the masks that were kept for the next question, and what predicates were bound to."""
        self.masks.forget()
        forget_plans()


def main() -> int:
    """Check every case at a small size, measure it, print the table; return 1 when an answer is wrong."""
    asked = arguments()
    chosen = [case for case in (*CASES, *WAYS) if asked.only is None or case.name in asked.only]
    engine = Unselected(asked.threads)
    small = world(SMALL)
    wrong = [case.name for case in chosen if not case.check(case.journeys(small), engine)]
    if wrong:
        print(f"not equal to plain code: {', '.join(wrong)}", file=sys.stderr)
        return 1
    print(f"{len(chosen)} answers equal plain code at {SMALL:,} events", file=sys.stderr)
    with peers(engine.threads) as load:
        known = load(small)
        wrong = [case.name for case in chosen if not peers_agree(case, small, engine, known)]
        if wrong:
            print(f"peers say something else: {', '.join(wrong)}", file=sys.stderr)
            return 1
        print(f"{', '.join(known)} say the same", file=sys.stderr)
        large = world(asked.events)
        known = load(large)
        rows = []
        for case in chosen:
            rows.append(measured(case, large, engine, known, rounds=asked.rounds))
            print(line(rows[-1]), flush=True)
    if asked.json is not None:
        asked.json.write_text(as_json(rows) + "\n")
    if asked.write:
        write_table(as_page(rows, asked.events, engine.threads, checked=SMALL, rounds=asked.rounds))
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    parser.add_argument("--json", type=Path, default=None, help="write one JSON object here")
    parser.add_argument("--only", nargs="*", default=None, help="names of cases")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    return parser.parse_args()


def peers_agree(case: Case, snapshot: Snapshot, engine: LocalEngine, known: dict[str, Run]) -> bool:
    """Return whether every query of every peer says what our answer says."""
    peered = PEERED.get(case.name)
    if peered is None:
        return True
    answer = case.ask(case.journeys(snapshot), engine)
    return all(
        peered.equal(ask(query), answer, snapshot)
        for name, ask in known.items()
        for query in peered.queries[name]
    )


def measured(
    case: Case, large: Snapshot, engine: Unselected, known: dict[str, Run], *, rounds: int
) -> Row:
    """Alternate the limit, the question and every peer, and take the best of each."""
    journeys = case.journeys(large)
    everything = Journeys(journeys.snapshot)
    slow, fast = Stream(case.columns), Stream(case.columns, "at once")
    memories, limits, tooks = [], [], []
    theirs: dict[str, list[float]] = {}
    for turn in range(rounds + 1):
        memories.append(seconds(lambda: engine.total(everything, fast)))
        limits.append(seconds(lambda: engine.total(everything, slow)))
        engine.forget()
        tooks.append(seconds(lambda: case.ask(journeys, engine)))
        if case.name in PEERED and turn < min(PEER_ROUNDS, rounds):
            for name, took in asked_of(PEERED[case.name], known):
                theirs.setdefault(name, []).append(took)
    best = {name: min(took) for name, took in theirs.items()}
    return Row(case, min(memories[1:]), min(limits[1:]), min(tooks[1:]), best)


def asked_of(peered: Peered, known: dict[str, Run]) -> Iterator[tuple[str, float]]:
    """Ask every peer each of its queries, and say how long each took."""
    for name, ask in known.items():
        for query in peered.queries[name]:
            yield name, seconds(partial(ask, query))


if __name__ == "__main__":
    sys.exit(main())
