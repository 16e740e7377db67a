"""What is made of new rows: files for the lake, then a snapshot of all that the lake will hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.base.threads import in_order, processors
from pathworth.store.aside.blocks import PLACE, TOGETHER
from pathworth.store.aside.logbook import Logbook, ZoneDone
from pathworth.store.aside.verdicts import DUPLICATE, NEW, SHADOWED, Verdicts
from pathworth.store.contracts import GROUPS
from pathworth.store.files import sync_file
from pathworth.store.fingerprints import twin_words
from pathworth.store.identity.persons import NOBODY_JOINED, Persons
from pathworth.store.lake import ZONED_FROM, Lake, LakeFile, ZoneFile, file_name
from pathworth.store.payload import Block, Payload
from pathworth.store.shards.build import Kept, build, shard_count
from pathworth.store.shards.coding import Plan
from pathworth.store.shards.columns import candidates
from pathworth.store.shards.lake_rows import PLAIN, Part, filled_counts, parts_of, read_part
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest
from pathworth.store.texts import join_digests
from pathworth.store.undo.shadows import ShadowWriter

_ZONED_CHUNK = 786_432


class NewRows:
    """The rows of an import as the lake takes them, numbered in the order in which they came.

    A row that another import shadows has a number too: should it ever come in, it then stands where it stood in
    its file.

    Parameters
    ----------
    payload
        The rows that were set aside.
    verdicts
        What was found of them.
    first_seq
        The number of the first row that is no duplicate.
    source
        Source of them all.
    """

    def __init__(
        self, payload: Payload, verdicts: Verdicts, *, first_seq: int, source: str
    ) -> None:
        self._payload, self._verdicts, self._source = payload, verdicts, source
        edges = [block.first for block in payload.blocks] + [payload.rows]
        numbers = (first_seq + verdicts.kept_before(edges)).tolist()
        self._seq: dict[int, int] = dict(zip(edges, numbers, strict=True))

    def chunks(self, zone: int | None = None, *, wanted: int = NEW) -> Iterator[pa.Table]:
        """Yield the rows of one kind of verdict in their order, of one zone or of all."""
        for block, rows in self._payload.chunks(zone):
            place = rows[PLACE].to_numpy().astype(np.int64)
            verdict = self._verdicts.of(block.first, block.rows)
            table = self._numbered(block, rows.drop_columns([PLACE]), place)
            chosen = verdict[place] == wanted
            yield table if chosen.all() else table.filter(pa.array(chosen))

    def done(self, zone: int) -> None:
        """Let go of the rows of a zone and of those before it, once those that lie together all are."""
        if (zone + 1) % TOGETHER == 0:
            self._payload.clear(before=zone + 1)

    def _numbered(self, block: Block, rows: pa.Table, place: NDArray[np.int64]) -> pa.Table:
        """Return rows with numbers, times, sources and ids as the lake holds them."""
        time = rows["time_us"].cast(pa.timestamp("us", "UTC"))
        rows = rows.drop_columns(["time_us"]).append_column("time", time)
        rows = rows.append_column("seq", pa.array(self._seq_of(block, place)))
        zeros = pa.array(np.zeros(len(rows), dtype=np.int32))
        source = pa.DictionaryArray.from_arrays(zeros, pa.array([self._source]))
        rows = rows.append_column("source", source)
        content = np.zeros(len(rows), dtype=np.int64)
        if "content" in rows.column_names:
            content = rows["content"].to_numpy().view(np.int64)
            rows = rows.drop_columns(["content"])
        return self._with_digest(
            rows.append_column("content", pa.array(content)), block.first + place
        )

    def _seq_of(self, block: Block, place: NDArray[np.int64]) -> NDArray[np.int64]:
        first: int = self._seq[block.first]
        if self._seq[block.first + block.rows] - first == block.rows:
            return first + place
        gone = np.flatnonzero(self._verdicts.of(block.first, block.rows) == DUPLICATE)
        return first + place - np.searchsorted(gone, place)

    def _with_digest(self, rows: pa.Table, number: NDArray[np.int64]) -> pa.Table:
        """Return rows with their final ids, given the number of each row in its import."""
        high, low = (rows[name].to_numpy() for name in ("high", "low"))
        if self._payload.hashed:
            ordinal = self._verdicts.ordinal_of(number)
            if ordinal is not None:
                high, low = twin_words(high, low, ordinal=ordinal)
                for name, words in (("high", high), ("low", low)):
                    rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(words))
            return rows.append_column("digest", join_digests(high, low).cast(pa.binary()))
        if "message_id" in rows.column_names and not rows["message_id"].null_count:
            return rows
        digest = join_digests(high, low).cast(pa.binary())
        if "message_id" in rows.column_names:
            # An id that was given is in its own column; only a row without one is known by its digest.
            digest = pc.if_else(rows["message_id"].is_null(), digest, None)
        return rows.append_column("digest", digest)


def stage_zones(
    rows: NewRows,
    folder: Path,
    *,
    import_id: int,
    columns: dict[str, str],
    total: int,
    logbook: Logbook | None,
    progress: Callable[[float], None],
) -> list[LakeFile]:
    """Write the new rows of an import into files for the lake, each complete on the disk before it is noted.

    Parameters
    ----------
    folder
        Where the files lie until they are taken into the lake.
    columns
        Lake column of each property of the import.
    total
        How many new rows there are.
    logbook
        Which files are done already, and where they are noted; null when nobody goes on with them.
    """
    zoned = total >= ZONED_FROM
    zones = [f"{zone:02d}" for zone in range(GROUPS)] if zoned else ["new"]
    done = {one.zone: one for one in (logbook.of(ZoneDone) if logbook else [])}

    def write(zone: str) -> ZoneDone:
        if zone in done:
            return done[zone]
        path = f"zone={zone}/{file_name(import_id)}"
        file = ZoneFile(folder, path, import_id=import_id, columns=columns)
        try:
            for table in rows.chunks(None if zone == "new" else int(zone)):
                file.add(table.drop_columns(["high", "low"]))
            made = file.close()
        except BaseException:
            file.abandon()
            raise
        return ZoneDone(zone, made.path if made else None, file.rows)

    files: list[LakeFile] = []
    for found in in_order(write, zones, threads=min(len(zones), processors())):
        if logbook is not None and found.zone not in done:
            logbook.note(found)
        if zoned:
            rows.done(int(found.zone))
        files += [LakeFile(found.path, found.rows)] if found.path else []
        progress(sum(file.rows for file in files) / max(total, 1))
    return files


def shadow(rows: NewRows, path: Path, *, properties: Sequence[str]) -> None:
    """Set the rows aside whose event another import holds, in a synced file."""
    shadows = ShadowWriter(path, properties)
    try:
        for table in rows.chunks(wanted=SHADOWED):
            if len(table):
                shadows.write(table)
        shadows.close()
    except BaseException:
        shadows.abandon()
        raise
    sync_file(path)


def stage_lake(
    rows: Iterator[pa.Table],
    lake: Lake,
    *,
    import_id: int,
    columns: dict[str, str],
    total: int,
    progress: Callable[[float], None],
    undo_id: int | None,
) -> list[LakeFile]:
    """Write rows that come with their numbers into files of the lake that are not yet part of its table.

    Parameters
    ----------
    import_id
        Whose rows they are.
    columns
        Lake column of each of their properties.
    total
        How many rows there are.
    undo_id
        Number of the change that adds them to what the lake holds of that import; null for its first rows.
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
    change: Callable[[pa.Table], pa.Table] | None = None,
    kept: Kept | None = None,
) -> Manifest:
    """Build the snapshot of all given files of the lake, or of what a function leaves of each part of their rows."""
    total = max(plan.rows, 1)
    texts = ["entity", "name", *(column.lake for column in plan.columns)]
    read = partial(read_part, columns=[*PLAIN, *texts], texts=texts)

    def taken(part: Part) -> pa.Table:
        return read(part) if change is None else change(read(part))

    return build(
        in_order(taken, parts_of(lake.folder, files), threads=processors(total)),
        plan,
        folder=folder,
        scratch=scratch,
        progress=lambda rows: progress(rows / (2 * total)),
        kept=kept,
    )


def plan_for(
    lake: Lake,
    files: Sequence[LakeFile],
    *,
    columns: dict[str, str],
    shape: Shape,
    snapshot_id: str,
    settings: tuple[str, str],
    persons: Persons = NOBODY_JOINED,
) -> Plan:
    """Return the plan of a snapshot: what had codes keeps them, what stays promoted comes first, then the filled."""
    filled = filled_counts(lake.folder, files)
    asked = [name for name in shape.asked if filled.get(columns.get(name, ""))]
    rows = sum(file.rows for file in files)
    return Plan(
        snapshot_id=snapshot_id,
        names=shape.names,
        columns=candidates(filled, columns, known=shape.columns, first=shape.first, asked=asked),
        shards=shard_count(rows),
        rows=rows,
        timezone=settings[0],
        currency=settings[1],
        properties={name: held for name, held in columns.items() if filled.get(held)},
        persons=persons,
    )
