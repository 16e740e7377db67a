"""Made-up journeys of any size, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store import ColumnInfo, EventArrays, Snapshot, snapshot_from_arrays

NAMES = 40
CODES = 100_000
START_US = 1_700_000_000_000_000
HOUR_US = 3_600_000_000
PLANS = ("free", "pro", "team")


def world(events: int, seed: int = 1) -> Snapshot:
    """Return journeys of about 20 events each, names by Zipf's law, an hour between events.

    Columns: ``word`` with 100,000 values, ``plan`` with three.
    """
    rng = np.random.default_rng(seed)
    people = max(events // 20, 1)
    counts = np.diff(np.sort(np.concatenate([[0, events], rng.integers(0, events, people - 1)])))
    entity = np.repeat(np.arange(people), counts)
    weight = 1 / np.arange(1, NAMES + 1)
    name = rng.choice(NAMES, events, p=weight / weight.sum()).astype(np.uint16)
    gaps = rng.exponential(HOUR_US, events).astype(np.int64)
    elapsed = np.cumsum(gaps)
    first = np.repeat(np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    spread = rng.integers(0, 300 * 24 * HOUR_US, people)[entity]
    time_us = START_US + spread + elapsed - elapsed[np.minimum(first, events - 1)]
    columns: dict[str, NDArray] = {
        "word": rng.integers(0, CODES + 1, events, dtype=np.uint32),
        "plan": rng.integers(0, 4, people, dtype=np.uint16)[entity],
    }
    infos = {
        "word": ColumnInfo("text", tuple(f"w{k:05d}" for k in range(CODES))),
        "plan": ColumnInfo("text", PLANS),
    }
    ids = pa.array(np.char.add("p", np.arange(people).astype(str)), pa.large_string())
    return snapshot_from_arrays(
        ids,
        EventArrays(entity, name, time_us, None, columns),
        names=[f"e{k:02d}" for k in range(NAMES)],
        infos=infos,
    )
