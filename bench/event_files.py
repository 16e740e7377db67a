"""Parquet files of events of any size: ``python -m bench.event_files FOLDER --events 20000000``.

Rows come in the order of time, as an export has them, each of a person drawn among all: the hardest order for an
import, since no block holds much of one journey. The same seed gives the same rows whatever the number of files.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

BLOCK = 1_000_000
EACH = 20
NAMES, PAGES, COUNTRIES = 50, 10_000, 60
PLANS = np.array(["free", "pro", "team", "enterprise"])
START_US = 1_700_000_000_000_000
YEAR_US = 365 * 24 * 3_600 * 1_000_000
PAYING = 3
"""Names of a lower number carry an amount."""
_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def main() -> int:
    """Write the files that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench.event_files", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for path in write(asked.folder, events=asked.events, files=asked.files, seed=asked.seed):
        print(f"{path} {path.stat().st_size:,} bytes", flush=True)
    return 0


def write(folder: Path, *, events: int, files: int = 1, seed: int = 1) -> Iterator[Path]:
    """Write files of about as many rows each, a block at a time, and yield each that is done; none is without rows."""
    blocks = -(-events // BLOCK)
    files = min(files, blocks)
    edges = np.linspace(0, blocks, files + 1).astype(int).tolist()
    for number in range(files):
        path = folder / f"events-{events}-{number:03d}.parquet"
        with pq.ParquetWriter(path, _schema(), compression="snappy") as out:
            for block in range(edges[number], edges[number + 1]):
                out.write_table(rows(block, events=events, seed=seed))
        yield path


def rows(block: int, *, events: int, seed: int) -> pa.Table:
    """Return one block of rows."""
    rng = np.random.Generator(np.random.Philox(key=[seed, block]))
    count = min(BLOCK, events - block * BLOCK)
    person = rng.integers(0, max(events // EACH, 1), count)
    weight = 1 / np.arange(1, NAMES + 1)
    name = rng.choice(NAMES, count, p=weight / weight.sum())
    span = YEAR_US * count / events
    time = START_US + YEAR_US * block * BLOCK / events + np.sort(rng.random(count)) * span
    amount = np.round(rng.gamma(2.0, 20.0, count), 2)
    held: dict[str, pa.Array] = {
        "user_id": ids(person),
        "event": _chosen([f"event_{k:02d}" for k in range(NAMES)], name),
        "timestamp": pa.array(time.astype(np.int64), pa.timestamp("us", "UTC")),
        "amount": pa.array(amount, mask=name >= PAYING),
        "plan": _chosen(PLANS.tolist(), person % 7 % len(PLANS)),
        "country": _chosen([f"C{k:02d}" for k in range(COUNTRIES)], person % COUNTRIES),
        "page": _chosen([f"/page/{k}" for k in range(PAGES)], rng.integers(0, PAGES, count)),
    }
    return pa.table(held, schema=_schema())


def ids(person: NDArray[np.int64]) -> pa.Array:
    """Return twelve hexadecimal digits for each person, no two the same."""
    mixed = (person.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(16)
    digits = np.empty((len(person), 12), dtype=np.uint8)
    for place in range(12):
        digits[:, place] = _HEX[(mixed >> np.uint64(44 - 4 * place)) & np.uint64(15)]
    offsets = np.arange(0, 12 * len(person) + 1, 12, dtype=np.int32)
    return pa.StringArray.from_buffers(len(person), pa.py_buffer(offsets), pa.py_buffer(digits))


def _chosen(texts: list[str], codes: NDArray) -> pa.Array:
    return pa.array(texts).take(pa.array(codes))


def _schema() -> pa.Schema:
    return pa.schema(
        [
            ("user_id", pa.string()),
            ("event", pa.string()),
            ("timestamp", pa.timestamp("us", "UTC")),
            ("amount", pa.float64()),
            ("plan", pa.string()),
            ("country", pa.string()),
            ("page", pa.string()),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
