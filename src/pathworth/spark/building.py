"""Shards of the whole lake, built by the tasks of a cluster: read, shuffled by entity, sorted inside, written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pyspark import Broadcast, SparkContext

from pathworth.spark.jobs import Jobs
from pathworth.spark.sending import dumps, loads
from pathworth.spark.sharing import Files
from pathworth.store import (
    BuildCoding,
    BuildPlan,
    Copies,
    LakeFile,
    Manifest,
    ShardEntry,
    apart,
    note_away,
)

Made = tuple[ShardEntry, int, str | None]
"""A shard, how many entities it holds, and where it is found unless it lies where it belongs."""


class SparkBuilder:
    """Builds the shards of a snapshot on a cluster, the same files as a build in one process.

    Parameters
    ----------
    context
        Where tasks are handed in. Its processes must have this package.
    files
        Where they find the lake's files, and leave those of the shards.
    jobs
        Who tells how far it is, and ends it.
    """

    def __init__(self, context: SparkContext, files: Files, jobs: Jobs) -> None:
        self._context, self._files, self._jobs = context, files, jobs
        self._place: _Target | None = None

    def take_back(self) -> None:
        """Remove what was built at an address, and is shown by nobody."""
        if self._place is not None:
            self._place.clear()

    def __call__(
        self, lake: Path, held: Sequence[LakeFile], *, plan: BuildPlan, folder: Path
    ) -> Manifest:
        """Write the shards of files of a lake into a folder; the manifest is returned and not yet written."""
        folder.mkdir(parents=True)
        parts = apart.stretches(lake, held, plan=plan, found=self._files.found)
        if not parts:
            coding = apart.coding_of(plan, ())
            made = [
                apart.write_shard(k, (), coding=coding, folder=folder) for k in range(plan.shards)
            ]
            return apart.finish(coding, made, folder=folder)
        rows = self._context.parallelize(parts, len(parts))
        looks = self._jobs.run(
            rows.map(apart.look).collect, tasks=len(parts), what="Reading the lake"
        )
        coding = apart.coding_of(plan, looks)
        sent = self._context.broadcast(dumps(coding))
        self._place = place = _Target(sent, str(folder.absolute()), self._files.copies)
        try:
            shards = rows.flatMap(_Spread(sent).work).partitionBy(plan.shards, int)
            work = shards.mapPartitionsWithIndex(place.write).collect
            found = self._jobs.run(work, tasks=len(parts) + plan.shards, what="Building the shards")
        except BaseException:
            place.clear()
            raise
        finally:
            sent.destroy()
        away = {entry.file: where for entry, _, where in found if where is not None}
        if away:
            note_away(folder, away)
        return apart.finish(coding, [made[:2] for made in found], folder=folder)


class _Spread:
    """Sets the rows of a stretch aside by shard."""

    def __init__(self, coding: Broadcast[bytes]) -> None:
        self._coding = coding

    def work(self, stretch: apart.Stretch) -> Iterator[tuple[int, bytes]]:
        """Yield what is set aside for each shard."""
        for shard, pieces in apart.spread(stretch, _coding(self._coding.value)).items():
            yield shard, dumps(pieces)


class _Target:
    """Writes shards where they belong, or where every machine finds them."""

    def __init__(self, coding: Broadcast[bytes], folder: str, copies: Copies | None) -> None:
        self._coding, self._folder = coding, folder
        self._shared = None if copies is None else copies.shared
        self._name = "" if copies is None else copies.building()

    def write(self, shard: int, pieces: Iterable[tuple[int, bytes]]) -> Iterator[Made]:
        """Write a shard of all that was set aside for it."""
        coding, came = _coding(self._coding.value), (loads(data) for _, data in pieces)
        if self._shared is None:
            yield *apart.write_shard(shard, came, coding=coding, folder=Path(self._folder)), None
            return
        with tempfile.TemporaryDirectory() as folder:
            entry, entities = apart.write_shard(shard, came, coding=coding, folder=Path(folder))
            file = Path(folder) / entry.file
            yield entry, entities, self._shared.put(file, f"{self._name}/{entry.file}")

    def clear(self) -> None:
        """Remove what was written there: nobody will need it."""
        if self._shared is not None:
            self._shared.remove(self._name)


@lru_cache(maxsize=1)
def _coding(sent: bytes) -> BuildCoding:
    coding: BuildCoding = loads(sent)
    return coding
