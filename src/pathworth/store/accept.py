"""What is made of new rows: files for the lake, then a snapshot of all that the lake will hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pathworth.store.fingerprints import Verdicts, twin_words
from pathworth.store.lake import ZONED_FROM, Lake, LakeFile, filled_counts, read_files
from pathworth.store.payload import Payload
from pathworth.store.shards.build import Plan, build, shard_count
from pathworth.store.shards.columns import candidates
from pathworth.store.shards.snapshots import Manifest, read_values
from pathworth.store.texts import join_digests

_ZONED_CHUNK = 786_432
_PLAIN = ("seq", "entity", "name", "time", "value", "cost")


def accepted_rows(
    payload: Payload, verdicts: Verdicts, *, first_seq: int, source: str
) -> Iterator[pa.Table]:
    """Yield the new rows with the lake's columns, numbered in the order in which they came."""
    seq = first_seq
    for first, rows in payload.chunks():
        new = verdicts.repeated[first : first + len(rows)] == 0
        kept = _with_ids(rows, verdicts, first=first, hashed=payload.hashed).filter(pa.array(new))
        numbers = pa.array(np.arange(seq, seq + len(kept)))
        seq += len(kept)
        times = kept["time_us"].cast(pa.timestamp("us", "UTC"))
        kept = kept.drop_columns(["time_us", "high", "low"])
        kept = kept.append_column("seq", numbers).append_column("time", times)
        yield kept.append_column("source", pa.repeat(pa.scalar(source), len(kept)))


def _with_ids(rows: pa.Table, verdicts: Verdicts, *, first: int, hashed: bool) -> pa.Table:
    """Return rows with their final ids, and with content hashes as the lake holds them."""
    content = rows["content"].to_numpy().view(np.int64)
    place = rows.schema.get_field_index("content")
    rows = rows.set_column(place, "content", pa.array(content))
    if not hashed:
        return rows
    high, low = (rows[name].to_numpy().copy() for name in ("high", "low"))
    a, b = np.searchsorted(verdicts.twin, [first, first + len(rows)])
    twin = verdicts.twin[a:b] - first
    high[twin], low[twin] = twin_words(high[twin], low[twin], ordinal=verdicts.ordinal[a:b])
    return rows.append_column("digest", join_digests(high, low).cast(pa.binary()))


def stage_lake(
    rows: Iterator[pa.Table],
    lake: Lake,
    *,
    import_id: int,
    columns: dict[str, str],
    total: int,
    progress: Callable[[float], None],
) -> list[LakeFile]:
    """Write the new rows into files of the lake that are not yet part of its table.

    Parameters
    ----------
    columns
        Lake column of each property of the import.
    total
        How many rows there are.
    """
    zoned = total >= ZONED_FROM
    writer = lake.writer(import_id, columns=columns, zoned=zoned)
    waiting: list[pa.Table] = []
    done = 0
    try:
        for table in rows:
            waiting.append(table)
            done += len(table)
            if not zoned or sum(len(w) for w in waiting) >= _ZONED_CHUNK:
                writer.write(pa.concat_tables(waiting, promote_options="default"))
                waiting = []
                progress(done / total)
        if waiting:
            writer.write(pa.concat_tables(waiting, promote_options="default"))
        return writer.close()
    except BaseException:
        writer.abandon()
        raise


def stage_snapshot(
    lake: Lake,
    files: Sequence[LakeFile],
    *,
    plan: Plan,
    folder: Path,
    scratch: Path,
    progress: Callable[[float], None],
) -> Manifest:
    """Build the snapshot of all given files of the lake."""
    total = sum(file.rows for file in files)
    texts = ["entity", "name", *(column.lake for column in plan.columns)]
    batches = read_files(lake.folder, files, columns=[*_PLAIN, *texts[2:]], texts=texts)
    return build(
        batches,
        plan,
        folder=folder,
        scratch=scratch,
        progress=lambda rows: progress(rows / (2 * total)),
    )


def plan_for(
    lake: Lake,
    files: Sequence[LakeFile],
    *,
    columns: dict[str, str],
    previous: Manifest | None,
    folder: Path | None,
    snapshot_id: str,
    settings: tuple[str, str],
) -> Plan:
    """Return the plan of a snapshot: what had codes keeps them, what is filled most often comes first."""
    known = {}
    if previous is not None and folder is not None:
        known = {c.name: read_values(folder, c) for c in previous.columns if c.kind != "money"}
    return Plan(
        snapshot_id=snapshot_id,
        names=previous.names if previous else (),
        columns=candidates(filled_counts(lake.folder, files), columns, known=known),
        shards=shard_count(sum(file.rows for file in files)),
        timezone=settings[0],
        currency=settings[1],
    )
