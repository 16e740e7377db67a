"""Which events go with an import, and which rows of other imports take their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pathworth.kernels.rows.fingerprints import first_of_each
from pathworth.store.commits import Places
from pathworth.store.fingerprints import PARTITIONS, Run, RunWriter, Triple, against
from pathworth.store.lake import Lake, LakeFile
from pathworth.store.payload import salt
from pathworth.store.shards.spool import Spool
from pathworth.store.shared import present
from pathworth.store.texts import group_of, split_digests, text_digests
from pathworth.store.undo.shadows import shadowed_ids

_WORDS = ("high", "low", "content")
_BATCH = 131_072


@dataclass(frozen=True)
class Choice:
    """What goes, and what comes in its place.

    Parameters
    ----------
    files
        The import's files in the lake.
    back
        By import: places of its shadowed rows that become events, int64[n] ascending.
    """

    files: tuple[LakeFile, ...]
    back: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    @property
    def removed(self) -> int:
        """Return how many events the import has."""
        return sum(file.rows for file in self.files)

    @property
    def restored(self) -> int:
        """Return how many of them come back."""
        return sum(len(rows) for rows in self.back.values())


def choose(
    places: Places,
    import_id: int,
    *,
    scratch: Path,
    runs: Sequence[Run] = (),
    writer: RunWriter | None = None,
    waiting: Sequence[bytes] = (),
) -> Choice:
    """Find what goes and what comes back, with memory that does not grow with the import.

    Parameters
    ----------
    import_id
        The import that is undone.
    scratch
        Folder for what must be set aside meanwhile; empty at the end.
    runs, writer
        All ids that are known, and where those that stay are written; null to only find out.
    waiting
        Further ids that would come back, as those of import 0.
    """
    lake = Lake(places.lake)
    files = tuple(lake.files_of(import_id))
    dead, asked = Spool(scratch / "dead", PARTITIONS), Spool(scratch / "asked", PARTITIONS)
    found: dict[int, list[NDArray[np.int64]]] = {}
    try:
        _spool_dead(lake.folder, files, dead)
        owners = [*_spool_shadows(places, import_id, asked), 0]
        _spool_waiting(waiting, asked, owner=len(owners) - 1)
        for part in range(PARTITIONS):
            gone = _triple(dead, part)
            back = _back(asked, part, gone)
            for k in np.unique(back["owner"]).tolist():
                found.setdefault(owners[k], []).append(back["row"][back["owner"] == k])
            if writer is not None:
                writer.add(_staying([run.piece(part) for run in runs], gone, back))
    finally:
        dead.close()
        asked.close()
    return Choice(files, {k: np.sort(np.concatenate(rows)) for k, rows in sorted(found.items())})


def _spool_dead(folder: Path, files: Sequence[LakeFile], dead: Spool) -> None:
    """Set aside the ids of the events that go."""
    for file in files:
        for high, low in _ids_of(present(folder / file.path)):
            nothing = np.zeros(len(high), dtype=np.uint64)
            dead.spread(group_of(high), {"high": high, "low": low, "content": nothing})


def _ids_of(path: Path) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
    """Yield the ids of a file's events: digests as they stand, ids that were given hashed again."""
    with pq.ParquetFile(path) as held:
        for batch in held.iter_batches(_BATCH, columns=["source", "message_id", "digest"]):
            digest = batch["digest"]
            known = digest.is_valid()
            if digest.null_count < len(digest):
                yield split_digests(digest.filter(known).cast(pa.binary(16)))
            if digest.null_count:
                rest = batch.filter(pc.invert(known))
                yield from _given(rest)


def _given(rows: pa.RecordBatch) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
    for source in rows["source"].unique().to_pylist():
        own = rows.filter(pc.equal(rows["source"], source))
        high, low = split_digests(text_digests(own["message_id"].fill_null("")))
        words = salt(source)
        yield high ^ words[0], low ^ words[1]


def _spool_shadows(places: Places, import_id: int, asked: Spool) -> list[int]:
    """Set aside the ids of all other imports' shadowed rows; return those imports, the oldest first."""
    paths = sorted(places.shadows(0).parent.glob("*.parquet"))
    owners = [int(path.stem) for path in paths if int(path.stem) != import_id]
    for k, owner in enumerate(owners):
        for ids in shadowed_ids(places.shadows(owner)):
            mine = np.full(len(ids["row"]), k, dtype=np.int64)
            asked.spread(group_of(ids["high"]), {"owner": mine, **ids})
    return owners


def _spool_waiting(waiting: Sequence[bytes], asked: Spool, *, owner: int) -> None:
    """Set aside the ids of events that were handed in and wait."""
    if waiting:
        high, low = split_digests(pa.array(waiting, pa.binary(16)))
        rows = np.arange(len(high))
        mine = np.full(len(high), owner, dtype=np.int64)
        ids = {"owner": mine, "row": rows, "high": high, "low": low, "content": np.zeros_like(high)}
        asked.spread(group_of(high), ids)


def _triple(spool: Spool, part: int) -> Triple:
    high, low, content = (spool.read(part, name, dtype=np.uint64) for name in _WORDS)
    order = np.argsort(high, kind="stable")
    return high[order], low[order], content[order]


def _back(asked: Spool, part: int, gone: Triple) -> dict[str, NDArray]:
    """Return the shadowed rows of a partition whose event goes, of each id the first."""
    types = {"owner": np.int64, "row": np.int64, **dict.fromkeys(_WORDS, np.uint64)}
    rows = {name: asked.read(part, name, dtype=dtype) for name, dtype in types.items()}
    verdict = np.zeros(len(rows["high"]), dtype=np.uint8)
    against([gone], (rows["high"], rows["low"], rows["content"]), verdict=verdict)
    rows = {name: values[verdict > 0] for name, values in rows.items()}
    order = np.lexsort((rows["row"], rows["owner"], rows["low"], rows["high"])).astype(np.int64)
    first = np.zeros(len(order), dtype=np.uint8)
    first_of_each(order, rows["high"], rows["low"], rows["content"], first)
    return {name: values[first == 0] for name, values in rows.items()}


def _staying(pieces: Sequence[Triple], gone: Triple, back: dict[str, NDArray]) -> list[NDArray]:
    """Return the ids of a partition that are still known afterwards."""
    high, low, content = (np.concatenate(column) for column in zip(*pieces, strict=True))
    verdict = np.zeros(len(high), dtype=np.uint8)
    against([gone], (high, low, content), verdict=verdict)
    kept = (column[verdict == 0] for column in (high, low, content))
    return [np.concatenate([one, back[name]]) for one, name in zip(kept, _WORDS, strict=True)]
