"""Times transitions in retentioneering or pm4py, run by a Python that has them: ``notebook_peer.py NAME FILE``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd

ROUNDS = 3
Answer = dict[str, int]


def retentioneering(frame: pd.DataFrame) -> Callable[[], Answer]:
    """Return the question for retentioneering; its stream is made before the clock starts."""
    from retentioneering import Eventstream

    schema = {"path_cols": ["person"], "event_col": "event", "timestamp_col": "time"}
    stream = Eventstream(frame, schema=schema)

    def ask() -> Answer:
        table = stream.transition_graph_data(edge_weight="count")
        return {f"{a}>{b}": int(n) for a, row in table.iterrows() for b, n in row.items() if n > 0}

    return ask


def pm4py(frame: pd.DataFrame) -> Callable[[], Answer]:
    """Return the question for pm4py: the directly-follows graph."""
    import pm4py as library

    keys = {"case_id_key": "person", "activity_key": "event", "timestamp_key": "time"}

    def ask() -> Answer:
        graph: dict[tuple[str, str], Any] = library.discover_dfg(frame, **keys)[0]
        return {f"{a}>{b}": int(n) for (a, b), n in graph.items()}

    return ask


def main() -> None:
    """Print the counts of moves and the best time in seconds as JSON."""
    name, file = sys.argv[1:]
    ask = {"retentioneering": retentioneering, "pm4py": pm4py}[name](pd.read_parquet(file))
    took = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        found = ask()
        took.append(time.perf_counter() - begin)
    sys.stdout.write("\n" + json.dumps({"moves": found, "seconds": min(took)}) + "\n")


if __name__ == "__main__":
    main()
