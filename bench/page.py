"""What was measured, as a line, as JSON, and as a page of the docs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass
from importlib import metadata

import numpy as np

from bench.cases import Case

PEERS = {"ClickHouse": "chdb", "DuckDB": "duckdb"}
AHEAD = {"transitions": 15, "transitions_times_and_people": 6, "retention": 6, "funnel": 4}
"""How many times faster than the best peer these must be."""


@dataclass(frozen=True)
class Row:
    """What one case took, in seconds, with the limit, the speed of memory and peers beside it."""

    case: Case
    memory: float
    limit: float
    took: float
    peers: dict[str, float]

    @property
    def ratio(self) -> float:
        """Return how many times the limit the question took."""
        return self.took / self.limit

    @property
    def ahead(self) -> float | None:
        """Return how many times as long the fastest peer took; null when none was asked."""
        return min(self.peers.values()) / self.took if self.peers else None


def line(row: Row) -> str:
    """Return one row of the table as text."""
    bar = "" if row.case.bar is None else f"bar {row.case.bar:.1f}"
    peers = "".join(f"  {name} {took / row.took:.1f} x ours" for name, took in row.peers.items())
    return (
        f"{row.case.name:28s} memory {row.memory * 1e3:6.1f} ms  limit {row.limit * 1e3:7.1f} ms  "
        f"took {row.took * 1e3:8.1f} ms  {row.ratio:5.2f} x  {bar}{peers}"
    )


def as_json(rows: list[Row]) -> str:
    """Return one object: each question's ratio to its limit, and how far it is ahead of the best peer asked."""
    return json.dumps(
        {
            row.case.name: {
                "to_limit": round(row.ratio, 3),
                "ahead_of_best_peer": None if row.ahead is None else round(row.ahead, 2),
            }
            for row in rows
        }
    )


def as_page(rows: list[Row], events: int, threads: int, *, checked: int, rounds: int) -> str:
    """Return the tables as a page of the docs.

    Parameters
    ----------
    rows
        What was measured.
    events, threads
        Size of the world, and how many threads everybody had.
    checked
        Size at which answers were compared with plain code and with peers.
    rounds
        How often each was measured.
    """
    return "\n".join([*_head(events, threads, checked, rounds), *_limits(rows), *_peers(rows), ""])


def _head(events: int, threads: int, checked: int, rounds: int) -> list[str]:
    versions = ", ".join(f"{name} {found}" for name in PEERS if (found := _version(name)))
    return [
        "# Speed",
        "",
        f"Written by `make bench`: {events:,} events, {threads} threads, Python "
        f"{platform.python_version()}, numpy {np.__version__}, {versions}, {platform.machine()}, "
        f"{os.cpu_count()} processors.",
        "",
        "Limit = reading the columns of the question once, one value after the other, in the same threads, "
        f"alternating with the question in one process; best of {rounds}. Beside it stands what memory "
        "gives when the same columns are added up in vectors, which no fold over journeys can do. Each "
        f"question is asked whole, from selection to intervals, and its answer at {checked:,} events "
        "equals that of plain code, and that of every query of every peer.",
        "",
    ]


def _limits(rows: list[Row]) -> list[str]:
    return [
        "| question | memory ms | limit ms | took ms | times the limit | bar |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row.case.name} | {row.memory * 1e3:.1f} | {row.limit * 1e3:.1f} | "
            f"{row.took * 1e3:.1f} | {row.ratio:.2f} | "
            f"{'' if row.case.bar is None else row.case.bar} |"
            for row in rows
        ),
        "",
    ]


def _peers(rows: list[Row]) -> list[str]:
    asked = [row for row in rows if row.peers]
    if not asked:
        return []
    names = list(asked[0].peers)
    return [
        "## Beside peers",
        "",
        "The same typed codes, sorted by entity and time, in the same process with the same threads, alternating; "
        "of several queries the fastest (`bench/peer_queries.py`). Peers give no intervals; ours are in the time.",
        "",
        f"| question | {' | '.join(f'{name} ms' for name in names)} | Pathworth ms | times faster | bar |",
        "|---|" + "---|" * (len(names) + 3),
        *(
            f"| {row.case.name} | {' | '.join(f'{row.peers[name] * 1e3:.0f}' for name in names)} | "
            f"{row.took * 1e3:.1f} | {row.ahead:.1f} | {AHEAD.get(row.case.name, '')} |"
            for row in asked
        ),
        "",
    ]


def _version(peer: str) -> str | None:
    try:
        return metadata.version(PEERS[peer])
    except metadata.PackageNotFoundError:
        return None
