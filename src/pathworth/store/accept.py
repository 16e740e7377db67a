"""What is made of new rows: files for the lake, then a snapshot of all that the lake will hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.fingerprints import DUPLICATE, NEW, SHADOWED, Verdicts, twin_words
from pathworth.store.lake import ZONED_FROM, Lake, LakeFile
from pathworth.store.payload import Payload
from pathworth.store.shards.build import Plan, build, shard_count
from pathworth.store.shards.columns import candidates
from pathworth.store.shards.lake_rows import filled_counts, read_files
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest
from pathworth.store.texts import join_digests
from pathworth.store.undo.shadows import ShadowWriter

_ZONED_CHUNK = 786_432
_PLAIN = ("seq", "entity", "name", "time", "value", "cost")


def accepted_rows(
    payload: Payload,
    verdicts: Verdicts,
    *,
    first_seq: int,
    source: str,
    shadows: ShadowWriter,
) -> Iterator[pa.Table]:
    """Yield the new rows with the lake's columns, numbered in the order in which they came.

    A row that another import shadows gets its number too and is set aside with it: should it ever come in,
    it then stands where it stood in its file.
    """
    seq = first_seq
    for first, rows in payload.chunks():
        verdict = verdicts.repeated[first : first + len(rows)]
        kept, seq = _numbered(rows, verdict, seq=seq, given=payload.numbered)
        times = rows["time_us"].cast(pa.timestamp("us", "UTC"))
        kept = _with_ids(kept, verdicts, first=first, hashed=payload.hashed)
        kept = kept.drop_columns(["time_us"]).append_column("time", times)
        if not payload.numbered:
            kept = kept.append_column("source", pa.repeat(pa.scalar(source), len(kept)))
        if (verdict == SHADOWED).any():
            shadows.write(kept.filter(pa.array(verdict == SHADOWED)))
        yield kept.filter(pa.array(verdict == NEW)).drop_columns(["high", "low"])


def _numbered(
    rows: pa.Table, verdict: NDArray[np.uint8], *, seq: int, given: bool
) -> tuple[pa.Table, int]:
    """Return the rows with their numbers, unless they came with them, and the number that is next."""
    if given:
        return rows, seq
    held = verdict != DUPLICATE
    numbers = seq - 1 + np.cumsum(held)
    return rows.append_column("seq", pa.array(numbers)), seq + int(np.count_nonzero(held))


def _with_ids(rows: pa.Table, verdicts: Verdicts, *, first: int, hashed: bool) -> pa.Table:
    """Return rows with their final ids, and with content hashes as the lake holds them."""
    content = rows["content"].to_numpy().view(np.int64)
    place = rows.schema.get_field_index("content")
    rows = rows.set_column(place, "content", pa.array(content))
    high, low = (rows[name].to_numpy() for name in ("high", "low"))
    if hashed:
        high, low = high.copy(), low.copy()
        a, b = np.searchsorted(verdicts.twin, [first, first + len(rows)])
        twin = verdicts.twin[a:b] - first
        high[twin], low[twin] = twin_words(high[twin], low[twin], ordinal=verdicts.ordinal[a:b])
        for name, words in (("high", high), ("low", low)):
            rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(words))
    without = rows["message_id"].null_count
    digest = join_digests(high, low).cast(pa.binary()) if hashed or without else None
    if digest is not None and not hashed:
        # An id that was given is in its own column; only a row without one is known by its digest.
        digest = pc.if_else(rows["message_id"].is_null(), digest, None)
    return rows if digest is None else rows.append_column("digest", digest)


def stage_lake(
    rows: Iterator[pa.Table],
    lake: Lake,
    *,
    import_id: int,
    columns: dict[str, str],
    total: int,
    progress: Callable[[float], None],
    undo_id: int | None = None,
) -> list[LakeFile]:
    """Write the new rows into files of the lake that are not yet part of its table.

    Parameters
    ----------
    columns
        Lake column of each property of the import.
    total
        How many rows there are.
    undo_id
        The undo that brings the rows back; null for the import itself.
    """
    zoned = total >= ZONED_FROM
    writer = lake.writer(import_id, columns=columns, zoned=zoned, undo_id=undo_id)
    waiting: list[pa.Table] = []
    done = 0
    try:
        for table in rows:
            if not len(table):
                continue
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
    shape: Shape,
    snapshot_id: str,
    settings: tuple[str, str],
) -> Plan:
    """Return the plan of a snapshot: what had codes keeps them, what is filled most often comes first."""
    filled = filled_counts(lake.folder, files)
    asked = [name for name in shape.asked if filled.get(columns.get(name, ""))]
    return Plan(
        snapshot_id=snapshot_id,
        names=shape.names,
        columns=candidates(filled, columns, known=shape.columns, asked=asked),
        shards=shard_count(sum(file.rows for file in files)),
        timezone=settings[0],
        currency=settings[1],
        properties={name: held for name, held in columns.items() if filled.get(held)},
    )
