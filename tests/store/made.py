"""Small imports made by hand or by a seeded generator, as the store takes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pathworth.store import (
    ImportResult,
    InputFile,
    Snapshot,
    Workspace,
    row_digests,
    text_digests,
)

Row = dict[str, str | int | None]
TYPED = ("value", "cost", "currency")


def batch(
    rows: Sequence[Row], *, file: int = 0, first: int = 0, ids: str | None = None
) -> pa.Table:
    """Rows with the keys entity, name, time_us, value, cost, currency; every other key is a property."""
    keys = sorted({key for row in rows for key in row})
    texts = {k: [None if r.get(k) is None else str(r[k]) for r in rows] for k in keys}
    columns = {key: pa.array(held, pa.string()) for key, held in texts.items()}
    known = {"entity", "name", "time_us", *TYPED, ids}
    given = columns[ids] if ids else pa.nulls(len(rows), pa.string())
    return pa.table(
        {
            "file": pa.array([file] * len(rows), pa.int32()),
            "row": pa.array(range(first, first + len(rows)), pa.int64()),
            "entity": columns["entity"],
            "name": columns["name"],
            "time_us": pa.array([r["time_us"] for r in rows], pa.int64()),
            "digest": text_digests(given) if ids else row_digests(columns),
            "message_id": given,
            "value": pa.array([r.get("value") for r in rows], pa.int64()),
            "cost": pa.array([r.get("cost") for r in rows], pa.int64()),
            "currency": pa.array([r.get("currency") for r in rows], pa.string()),
            **{key: held for key, held in columns.items() if key not in known},
        }
    )


def put(workspace: Workspace, *files: Sequence[Row], ids: str | None = None) -> ImportResult:
    """Import lists of rows, each as a file of its own."""
    hashes = [hashlib.sha256(repr(rows).encode()).hexdigest() for rows in files]
    named = [InputFile(f"{k}.csv", found, len(files[k])) for k, found in enumerate(hashes)]
    with workspace.begin_import(files=named, hashed=ids is None) as transaction:
        for k, rows in enumerate(files):
            transaction.add(batch(rows, file=k, ids=ids))
        return transaction.commit()


def drawn(events: int, seed: int, entities: int = 40) -> list[Row]:
    """Rows with repeats of entities, equal times, money, and properties of every kind."""
    rng = np.random.Generator(np.random.Philox(seed))
    plans, flags = ["free", "pro", None], ["true", "false", None]
    return [
        {
            "entity": f"é-{rng.integers(0, entities)}",
            "name": f"event {rng.integers(0, 7)}",
            "time_us": int(rng.integers(0, events // 2 + 1)) * 1_000_000,
            "value": int(rng.integers(0, 5)) * 1_000_000 or None,
            "plan": plans[rng.integers(0, 3)],
            "Price (EUR)": f"{rng.integers(0, 50) / 10}",
            "paid": flags[rng.integers(0, 3)],
            "since": f"2024-0{rng.integers(1, 10)}-01",
            "note": f"{seed}-{k}",
        }
        for k in range(events)
    ]


def journeys(snapshot: Snapshot) -> dict[str, list[tuple]]:
    """Everything that a snapshot says, entity by entity, decoded and free of shards and codes."""
    found: dict[str, list[tuple]] = {}
    for place, shard in enumerate(snapshot.shards):
        for entity in np.flatnonzero(snapshot.live(place)).tolist():
            a, b = shard.offset[entity], shard.offset[entity + 1]
            rows = []
            for event in range(a, b):
                held = {n: decoded(snapshot, n, shard.columns[n][event]) for n in snapshot.columns}
                name = snapshot.names[shard.name[event]]
                rows.append((int(shard.time_us[event]), int(shard.seq[event]), name, held))
            traits = {n: decoded(snapshot, n, shard.traits[n][entity]) for n in snapshot.traits}
            assert shard.id_of(entity) not in found
            found[shard.id_of(entity)] = [*rows, traits]
    return found


def decoded(snapshot: Snapshot, column: str, value: np.generic) -> str | float | int | None:
    info = snapshot.columns[column]
    if info.kind == "text":
        return info.values[int(value) - 1] if value else None
    if info.kind == "number":
        return None if np.isnan(value) else float(value)
    if info.kind == "flag":
        return [False, True, None][int(value)]
    return None if value == np.iinfo(np.int64).min else int(value)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
