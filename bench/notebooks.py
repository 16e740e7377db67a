"""Transitions in retentioneering and pm4py, each in a Python environment of its own: ``python -m bench.notebooks``.

They are never dependencies: the environment is made for the run, in the folder that ``--folder`` names.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.cases import TRANSITIONS
from bench.timing import seconds
from bench.world import world
from pathworth.journeys import Journeys, LocalEngine
from pathworth.store import Snapshot

PINNED = {"retentioneering": "5.2.4", "pm4py": "2.7.23.11"}
SCRIPT = Path(__file__).parent / "notebook_peer.py"
ROUNDS = 7
QUIET = {"RETENTIONEERING_NO_TRACK": "1"}
"""No peer may speak to anybody."""


def main() -> int:
    """Print how long each took beside ours; return 1 when counts differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.notebooks", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path("build/peers"))
    asked = parser.parse_args()
    python = made(asked.folder)
    snapshot = world(asked.events)
    engine = LocalEngine(None)
    journeys = Journeys(snapshot)
    ours = min(seconds(lambda: TRANSITIONS(journeys, engine)) for _ in range(ROUNDS))
    edges = {f"{edge.from_}>{edge.to}": edge.count for edge in TRANSITIONS(journeys, engine).edges}
    sys.stdout.write(
        f"{asked.events:,} events, {len(edges):,} moves, {engine.threads} threads; "
        f"Pathworth, counts, seconds and intervals: {ours * 1e3:.1f} ms\n"
    )
    wrong = False
    with TemporaryDirectory() as folder:
        file = Path(folder) / "events.parquet"
        pq.write_table(frame(snapshot), file)
        for name, version in PINNED.items():
            found = asked_of(python, name, file)
            own = {key: n for key, n in found["moves"].items() if "path_" not in key}
            wrong |= own != edges
            said = "same counts" if own == edges else "OTHER COUNTS"
            took = found["seconds"]
            sys.stdout.write(
                f"{name} {version}: {took * 1e3:,.0f} ms, {took / ours:.0f} x ours, {said}\n"
            )
    return int(wrong)


def made(folder: Path) -> Path:
    """Return the Python of an environment with the peers, made when it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        wanted = [f"{name}=={version}" for name, version in PINNED.items()]
        subprocess.run([python, "-m", "pip", "install", "-q", *wanted, "pyarrow"], check=True)
    return python.absolute()


def frame(snapshot: Snapshot) -> pa.Table:
    """Return the events of a world of one shard as notebooks have them: texts and times."""
    shard = snapshot.shards[0]
    person = np.repeat(np.arange(shard.entities), np.diff(shard.offset))
    return pa.table(
        {
            "person": pa.array(person).cast(pa.string()),
            "event": pa.array(np.array(snapshot.names)[shard.name]),
            "time": pa.array(shard.time_us).cast(pa.timestamp("us", tz="UTC")),
        }
    )


def asked_of(python: Path, name: str, file: Path) -> dict:
    """Ask one peer in its own process."""
    command = [str(python), "-W", "ignore", str(SCRIPT), name, str(file)]
    told = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **QUIET, "PYTHONPATH": ""},
    )
    found: dict = json.loads(told.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
