"""The lake without some people, and shards made of it anew: staged beside what readers see."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pathworth.store.accept import plan_for, stage_snapshot
from pathworth.store.commits import Places, current_id
from pathworth.store.erasing.journal import EraseJournal
from pathworth.store.erasing.words import addresses_in
from pathworth.store.identity.now import persons_now
from pathworth.store.lake import PREFIX, Lake, LakeFile, ZoneFile
from pathworth.store.records.database import Database
from pathworth.store.shards.on_use import asked_names
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest, read_manifest
from pathworth.store.texts import group_of, hash64

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Found:
    """What the lake holds of some people: events by file, and e-mail addresses that those say, by raw id."""

    rows: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, set[str]] = field(default_factory=dict)


def look(lake: Lake, ids: pa.Array) -> Found:
    """Find what the lake holds of some raw ids, in the zones where that may be."""
    found = Found()
    zones = {"new", *(f"{zone:02d}" for zone in np.unique(group_of(hash64(ids))).tolist())}
    for file in lake.files():
        if file.path.split("/")[0].removeprefix("zone=") not in zones:
            continue
        for _, gone in _split(lake.folder / file.path, ids):
            if len(gone):
                found.rows[file.path] = found.rows.get(file.path, 0) + len(gone)
                _note(gone, found.addresses)
    return found


def _note(rows: pa.Table, addresses: dict[str, set[str]]) -> None:
    """Note the e-mail addresses that rows say, by whose rows they are."""
    for name in rows.column_names:
        if not pa.types.is_string(rows.schema.field(name).type):
            continue
        said = pc.match_substring(rows[name], "@")
        for entity, text in zip(
            rows["entity"].filter(said).to_pylist(),
            rows[name].filter(said).to_pylist(),
            strict=True,
        ):
            addresses.setdefault(entity, set()).update(addresses_in(text))


def _split(path: Path, ids: pa.Array) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield the rows of a file, part by part: those of others, and those of some raw ids."""
    with pq.ParquetFile(path) as held:
        for group in range(held.num_row_groups):
            mine = pc.is_in(held.read_row_group(group, columns=["entity"])["entity"], value_set=ids)
            rows = held.read_row_group(group)
            yield rows.filter(pc.invert(mine)), rows.filter(mine)


@dataclass(frozen=True)
class Rewriting:
    """Makes what an erasure changes of the lake and of the shards.

    Parameters
    ----------
    places, database
        The workspace; the caller is its one writer, with no event left to wait.
    number
        Of this change, from the same series as those of imports.
    ids
        Raw ids of everybody who goes.
    erasures
        The erasures that it is for.
    settings
        Time zone and currency.
    tell
        Told a stage in words and the share of it that is done.
    """

    places: Places
    database: Database
    number: int
    ids: pa.Array
    erasures: tuple[int, ...]
    settings: tuple[str, str]
    tell: Progress

    def stage(self, found: Found) -> EraseJournal:
        """Write everything aside and return the journal of it."""
        lake, folder = Lake(self.places.lake), self.places.staging(self.number)
        folder.mkdir(parents=True)
        name = current_id(self.places)
        before = None if name is None else read_manifest(self.places.snapshot(name))
        files: list[LakeFile] = []
        for place, path in enumerate(sorted(found.rows)):
            self.tell("writing events", place / len(found.rows))
            made = self._without(lake, path)
            files += [made] if made else []
        after = self._snapshot(lake, found, files, before) if found.rows else None
        shutil.rmtree(folder / "rows", ignore_errors=True)
        return EraseJournal(
            number=self.number,
            erasures=self.erasures,
            snapshot=None if after is None else after.id,
            emptied=bool(found.rows) and after is None,
            gone=tuple(sorted(found.rows)),
            lake_files=tuple(files),
            lake_columns=tuple(sorted(lake.properties().values())),
            events=sum(found.rows.values()),
        )

    def _without(self, lake: Lake, path: str) -> LakeFile | None:
        """Write what others have in a file of the lake into another one; null when nobody else has anything."""
        own = [n for n in pq.read_schema(lake.folder / path).names if n.startswith(PREFIX)]
        # The name begins as before, so that an undo of the import finds it, and ends with this change's number.
        name = path.removesuffix(".parquet")
        import_id = int(name.split("/")[1].split("-")[1])
        columns = {unquote(n[len(PREFIX) :]): n for n in own}
        out = ZoneFile(
            lake.folder, f"{name}-{self.number:08d}.parquet", import_id=import_id, columns=columns
        )
        try:
            for rest, _ in _split(lake.folder / path, self.ids):
                spelled = {n: unquote(n[len(PREFIX) :]) for n in own}
                named = [spelled.get(n, n) for n in rest.column_names]
                out.add(rest.rename_columns(named).drop_columns(["import_id"]))
            return out.close()
        except BaseException:
            out.abandon()
            raise

    def _snapshot(
        self, lake: Lake, found: Found, files: Sequence[LakeFile], before: Manifest | None
    ) -> Manifest | None:
        """Build the shards of all that is left, with dictionaries that hold no word that only the erased said."""
        every = [file for file in lake.files() if file.path not in found.rows] + list(files)
        if not every or before is None:
            return None
        every.sort(key=lambda file: (file.path.split("/")[1], file.path))
        ready = self.places.staging(self.number) / "ready"
        plan = plan_for(
            lake,
            every,
            columns=lake.properties(),
            shape=Shape(asked=asked_names(self.places, before)),
            snapshot_id=f"{self.number:08d}",
            settings=self.settings,
            persons=persons_now(self.database),
        )
        made = stage_snapshot(
            lake,
            every,
            plan=plan,
            folder=ready / "snapshot",
            scratch=self.places.staging(self.number) / "rows" / "shards",
            progress=lambda share: self.tell("building journeys", share),
        )
        # Numbers are never given again, also where the last one was of somebody who goes.
        made = replace(made, seq=max(made.seq, before.in_lake))
        made = made.with_fingerprints(before.fingerprints)
        made.write(ready / "snapshot")
        return made
