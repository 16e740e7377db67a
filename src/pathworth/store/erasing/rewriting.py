"""The lake without some events, and shards made of it anew: staged beside what readers see."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pathworth.store.accept import plan_for, stage_snapshot
from pathworth.store.commits import Places, current_id, is_true, take_back
from pathworth.store.erasing.journal import EraseJournal, commit_erasure, erase_is_true
from pathworth.store.erasing.thinning import Leaving, OfPeople, split
from pathworth.store.erasing.words import addresses_in
from pathworth.store.identity.now import persons_now
from pathworth.store.keeping.contracts import KeepNote
from pathworth.store.lake import PREFIX, Lake, LakeFile, ZoneFile
from pathworth.store.records.database import Database
from pathworth.store.shards.on_use import asked_names
from pathworth.store.shards.shape import Shape
from pathworth.store.shards.snapshots import Manifest, read_manifest
from pathworth.store.shared import present, publish, tidy
from pathworth.store.texts import group_of, hash64
from pathworth.store.undo.journal import writing

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

Progress = Callable[[str, float], None]
_PATIENCE_S = 600.0
"""So long it waits for an import to end before the lake of others is without what left."""


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
        for _, gone in split(present(lake.folder / file.path), OfPeople(ids)):
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


@dataclass(frozen=True)
class Rewriting:
    """Makes what it changes of the lake and of the shards that some events leave.

    Parameters
    ----------
    places, database
        The workspace; the caller is its one writer, with no event left to wait.
    number
        Of this change, from the same series as those of imports.
    leaving
        Says which events go.
    erasures
        The erasures that it is for; none where events go by their age.
    settings
        Time zone and currency.
    tell
        Told a stage in words and the share of it that is done.
    """

    places: Places
    database: Database
    number: int
    leaving: Leaving
    erasures: tuple[int, ...]
    settings: tuple[str, str]
    tell: Progress

    def stage(self, found: Mapping[str, int]) -> EraseJournal:
        """Write everything aside, given how many events of which files go, and return the journal of it."""
        lake, folder = Lake(self.places.lake), self.places.staging(self.number)
        folder.mkdir(parents=True)
        current = current_id(self.places)
        before = None if current is None else read_manifest(self.places.snapshot(current))
        files: list[LakeFile] = []
        for place, (path, name) in enumerate(_names(found, self.number)):
            self.tell("writing events", place / len(found))
            made = self._without(lake, path, name)
            files += [made] if made else []
        after = self._snapshot(lake, found, files, before) if found else None
        shutil.rmtree(folder / "rows", ignore_errors=True)
        return EraseJournal(
            number=self.number,
            erasures=self.erasures,
            snapshot=None if after is None else after.id,
            emptied=bool(found) and after is None,
            gone=tuple(sorted(found)),
            lake_files=tuple(files),
            lake_columns=tuple(sorted(lake.properties().values())),
            events=sum(found.values()),
        )

    def _without(self, lake: Lake, path: str, name: str) -> LakeFile | None:
        """Write what stays of a file of the lake into another one; null when nothing does."""
        before = present(lake.folder / path)
        own = [n for n in pq.read_schema(before).names if n.startswith(PREFIX)]
        import_id = int(name.split("/")[1].split("-")[1])
        columns = {unquote(n[len(PREFIX) :]): n for n in own}
        out = ZoneFile(lake.folder, f"{name}.parquet", import_id=import_id, columns=columns)
        try:
            for rest, _ in split(before, self.leaving):
                spelled = {n: unquote(n[len(PREFIX) :]) for n in own}
                named = [spelled.get(n, n) for n in rest.column_names]
                out.add(rest.rename_columns(named).drop_columns(["import_id"]))
            return out.close()
        except BaseException:
            out.abandon()
            raise

    def _snapshot(
        self,
        lake: Lake,
        found: Mapping[str, int],
        files: Sequence[LakeFile],
        before: Manifest | None,
    ) -> Manifest | None:
        """Build the shards of all that is left, with dictionaries that hold no word that only they said."""
        every = [file for file in lake.files() if file.path not in found] + list(files)
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


@dataclass(frozen=True)
class RewritingBatch:
    """What a batch that takes events out of the lake has at hand.

    Parameters
    ----------
    places, database
        The workspace.
    writing
        Makes its caller the one writer with no event left to wait, and gives the number of the next change.
    settings
        Time zone and currency of the workspace.
    tell
        Told a stage in words and the share of it that is done.
    """

    places: Places
    database: Database
    writing: Callable[[], AbstractContextManager[int]]
    settings: tuple[str, str]
    tell: Progress

    @classmethod
    def of(cls, workspace: Workspace, *, by: str | None, tell: Progress | None) -> Self:
        """Return the batch of a workspace; ``by`` is who asks for it."""
        return cls(
            Places(workspace.path),
            workspace.database,
            partial(workspace.writing.drained, by),
            (workspace.timezone, workspace.currency),
            tell or (lambda _stage, _share: None),
        )

    def rewrite(
        self,
        number: int,
        leaving: Leaving,
        *,
        found: Mapping[str, int],
        erasures: tuple[int, ...] = (),
        kept: KeepNote | None = None,
    ) -> int:
        """Write files of the lake without some events, and journeys anew; return how many events went."""
        work = Rewriting(
            self.places,
            self.database,
            number,
            leaving,
            erasures=erasures,
            settings=self.settings,
            tell=self.tell,
        )
        try:
            journal = replace(work.stage(found), kept=kept)
            commit_erasure(self.places, journal, database=self.database)
        except Exception:
            if not (erase_is_true(self.places, number) or is_true(self.places, number)):
                take_back(self.places, number)
            raise
        return journal.events

    def publish(self) -> int:
        """Let the lake at the address of the cluster be without what left it here; return how many files went there."""
        tidy(self.places.lake)
        alone = partial(writing, self.places, database=self.database, patience_s=_PATIENCE_S)
        done = publish(self.places.root, self.database, writing=alone)
        return 0 if done is None else done.gone


def _names(paths: Iterable[str], number: int) -> Iterator[tuple[str, str]]:
    """Yield files that are written anew, and how the new ones are called without their ending.

    A name begins as before, so that an undo of the import finds it, and ends with the number of the change. However
    often a file is written anew, its name stays short.
    """
    taken: Counter[str] = Counter()
    for path in sorted(paths):
        start = "-".join(path.removesuffix(".parquet").split("-")[:2])
        between = f"-{taken[start]}" if taken[start] else ""
        taken[start] += 1
        yield path, f"{start}{between}-{number:08d}"
