"""From a Parquet file with texts for ids to the first answer, beside the way of ClickHouse to a sorted table of it.

``python -m bench.way_in --events 20000000``: one file, in the order of time. Here it is imported whole, hashed, looked
through for duplicates, kept in the lake and laid out as journeys, and transitions are asked; there it is inserted into
a table ordered by person and time and merged to one part (``OPTIMIZE ... FINAL``). Both in turn in this process, with
as many threads; printed is the middle of the rounds. The bar is twice as long as there.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.bounded_import import MAPPING
from bench.event_files import write
from bench.peers import clickhouse
from bench.timing import seconds
from pathworth import measure
from pathworth.collect import import_files
from pathworth.journeys import Journeys, local_engine
from pathworth.store import Workspace

BAR = 2.0
TABLE = """create table events (user_id String, event LowCardinality(String), timestamp DateTime64(6, 'UTC'),
amount Nullable(Float64), plan LowCardinality(String), country LowCardinality(String), page LowCardinality(String))
engine = MergeTree order by (user_id, timestamp)"""


def main() -> int:
    """Make the file, go both ways in turn, and print; 1 when the bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.way_in", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="where all of it may lie")
    asked = parser.parse_args()
    with TemporaryDirectory(dir=asked.folder) as made:
        folder = Path(made)
        threads = local_engine().threads
        peer = clickhouse(str(folder / "clickhouse"), threads)
        if peer is None:
            print("ClickHouse is missing: pip install '.[bench]'", file=sys.stderr)
            return 1
        peer.query(f"set max_insert_threads = {threads}")
        (file,) = write(folder, events=asked.events)
        ours, theirs = [], []
        for _ in range(asked.rounds):
            ours.append(seconds(lambda: here(folder / "workspace", file, asked.events)))
            theirs.append(seconds(lambda: there(peer, file, asked.events)))
            print(f"here {ours[-1]:7.1f} s   ClickHouse {theirs[-1]:7.1f} s", flush=True)
    times = statistics.median(ours) / statistics.median(theirs)
    print(f"{asked.events:,} events: {times:.2f} times as long, {times / BAR:.2f} of the bar")
    return int(times > BAR)


def here(place: Path, file: Path, events: int) -> None:
    """Import a file into a new workspace, and ask."""
    shutil.rmtree(place, ignore_errors=True)
    store = Workspace.create(place)
    assert import_files(store, [file], mapping=MAPPING).accepted == events
    assert measure.transitions(Journeys(store.snapshot())).entities


def there(peer: Any, file: Path, events: int) -> None:
    """Take a file into a new table of ClickHouse, in order and in one part."""
    peer.query("drop table if exists events sync")
    peer.query(TABLE)
    peer.query(f"insert into events select * from file('{file}', Parquet)")
    peer.query("optimize table events final")
    assert int(str(peer.query("select count() from events", "CSV"))) == events


if __name__ == "__main__":
    sys.exit(main())
