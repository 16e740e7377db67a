"""The lake of a workspace at the address of its cluster: the same Delta table, whole at every moment.

1. *Settled.* Version, data files and log are listed while this is the one writer, with nothing half done.
2. *Sent.* Data files go there under their own names, then the entries of the log in rising order: whoever opens the
   table there sees a version whose files are all there. Where a version in between had files that are gone by now, a
   checkpoint of the settled one goes before the entries, and nobody reads those between.
3. *Removed.* Entries that the log here lacks, and data files that left the table.
4. *Let go.* Where not all files are to stay here, the oldest leave that lie there with the same size.

It may be ended at any moment and done again. A file that goes while it is sent means another version: the next turn's.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pathworth.base.errors import StoreTrouble
from pathworth.store.files import alone
from pathworth.store.lake import (
    HINT,
    LOG,
    MARKER,
    Lake,
    leaving,
    lies_at,
    log_sizes,
    make_checkpoint,
    mark,
    unmark,
)
from pathworth.store.records.database import Database
from pathworth.store.shared import away
from pathworth.store.shared.copies import LAKE, Copies, copies_of, turn_of
from pathworth.store.shared.history import History
from pathworth.store.shared.places import PART, Shared
from pathworth.store.shared.settings import Clusters

Writing = Callable[[], AbstractContextManager[Any]]
_GIB = 1 << 30


@dataclass(frozen=True)
class Published:
    """What was done for the lake to lie at an address as it does here.

    Parameters
    ----------
    address
        Where.
    version
        Of the table.
    sent, gone
        Data files that came there, and files that were removed there.
    left
        Data files that left this machine.
    """

    address: str
    version: int
    sent: int
    gone: int
    left: int = 0


class _MovedError(Exception):
    """A file went that was to be sent: there is a newer version."""


class LakeAway:
    """The lake of a workspace at the address of its cluster.

    Parameters
    ----------
    root, database
        Of the workspace.
    writing
        Makes its caller the one writer, with nothing half done.
    """

    def __init__(self, root: Path, database: Database, writing: Writing) -> None:
        self._root, self._database, self._writing = root, database, writing

    @property
    def stamp(self) -> int:
        """Return a number that is another one when something came into the log, or went from it."""
        return (self._root / "lake" / LOG).stat().st_mtime_ns

    def publish(self) -> Published | None:
        """Let the lake lie there as it does here, then what need not stay leave this folder; see ``publish``."""
        done = publish(self._root, self._database, writing=self._writing)
        return None if done is None else replace(done, left=let_go(self._root, self._database))

    @contextmanager
    def all_back(self) -> Iterator[None]:
        """Be where every data file of the lake is in its folder and stays there; nothing is published meanwhile.

        Raises
        ------
        StoreTrouble
            ``SHARED_UNREACHABLE``, ``DISK_FULL``, ``LAKE_DAMAGED``: some are still away, and nothing was changed.
        """
        folder = self._root / "lake"
        with alone(turn_of(self._root)):
            if lies_at(folder) is not None:
                _bring_back(folder)
            yield


def publish(root: Path, database: Database, *, writing: Writing) -> Published | None:
    """Let the lake lie at the address of the cluster as it does here; null where there is no address.

    Parameters
    ----------
    root, database
        Of the workspace.
    writing
        Makes its caller the one writer, with nothing half done.

    Raises
    ------
    StoreTrouble
        ``SHARED_UNREACHABLE``, ``WORKSPACE_BUSY``; ``LAKE_DAMAGED`` where a file of the table is nowhere whole. What is
        there is a whole version all the same.
    """
    if copies_of(root, database) is None:
        return None
    with alone(turn_of(root)):
        # Another address, or none, may have been said meanwhile.
        copies = copies_of(root, database)
        return None if copies is None else _published(*_table_of(copies), writing=writing)


def let_go(root: Path, database: Database) -> int:
    """Let data files leave the folder that need not stay and lie at the address; return how many left.

    Raises
    ------
    StoreTrouble
        ``SHARED_UNREACHABLE``; some may have left.
    """
    with alone(turn_of(root)):
        cluster, copies = Clusters(database).read(), copies_of(root, database)
        if cluster is None or cluster.keep_gib is None or copies is None:
            return 0
        folder, shared = _table_of(copies)
        if lies_at(folder) is None:
            mark(folder, shared.address)
        # Where what is away lies somewhere else, all of it is sent to the address first.
        same = lies_at(folder) == shared.address
        return _let_go(folder, shared, keep=int(cluster.keep_gib * _GIB)) if same else 0


def _table_of(copies: Copies) -> tuple[Path, Shared]:
    return copies.root / "lake", copies.shared.within(LAKE.rstrip("/"))


def _bring_back(folder: Path) -> None:
    away.all_present(folder)
    lake = Lake(folder)
    for path, size in lake.sizes().items():
        if _size(folder / path) != size and path in lake.sizes():
            raise _damaged(path)
    unmark(folder)


def _published(folder: Path, shared: Shared, *, writing: Writing) -> Published:
    while True:
        with suppress(_MovedError):
            return _Turn(folder, shared, writing).run()


class _Turn:
    """Brings one version there."""

    def __init__(self, folder: Path, shared: Shared, writing: Writing) -> None:
        self.folder, self.shared, self.writing = folder, shared, writing
        self.there = shared.sizes()
        self.history = History.of(folder, shared, there=self.there)

    def run(self) -> Published:
        """Send what is lacking there, then remove what has no place there any more."""
        lake, history = Lake(self.folder), self.history
        with self.writing():
            version, files = lake.version(), lake.sizes()
            jumps = history.jumps(files, version)
            if jumps:
                make_checkpoint(self.folder)
            log, hint = log_sizes(self.folder), _read(self.folder / HINT)
        sent = self._send_files(files)
        for path in history.strange:
            self.shared.drop(path)
        first, rest = history.order(log, version, jumps=jumps)
        for path in first:
            self._send_entry(path)
            self._say(hint)
        for path in rest:
            self._send_entry(path)
        self._say(hint)
        gone = self._remove({*files, *log, HINT})
        # Whatever is away lies there by now, wherever it lay before.
        if lies_at(self.folder) not in (None, self.shared.address):
            mark(self.folder, self.shared.address)
        return Published(self.shared.address, version, sent, gone)

    def _send_files(self, files: Mapping[str, int]) -> int:
        known, sent = self.history.known(), 0
        for path, size in files.items():
            sure = known is None or path in known or not (self.folder / path).exists()
            if self.there.get(path) != size or not sure:
                self._send_file(path, size)
                sent += 1
        return sent

    def _send_file(self, path: str, size: int) -> None:
        try:
            file = away.present(self.folder / path)
            # What a broken disk left of a file must not take the place of a whole one.
            whole = file.stat().st_size == size
            if whole:
                self.shared.write(file, path)
        except (FileNotFoundError, StoreTrouble) as trouble:
            if path not in Lake(self.folder).sizes():
                raise _MovedError from trouble
            if isinstance(trouble, StoreTrouble):
                raise
            whole = False
        if not whole:
            raise _damaged(path)

    def _send_entry(self, path: str) -> None:
        try:
            self.shared.write(self.folder / path, path)
        except StoreTrouble as trouble:
            if (self.folder / path).exists():
                raise
            # The library takes entries away that are older than a month, when there is a checkpoint.
            raise _MovedError from trouble

    def _say(self, hint: bytes | None) -> None:
        """Name the newest checkpoint there; a reader that finds none named looks for it."""
        if hint is None:
            if HINT in self.there:
                self.shared.drop(HINT)
            return
        with tempfile.NamedTemporaryFile() as file:
            file.write(hint)
            file.flush()
            self.shared.write(Path(file.name), HINT)

    def _remove(self, stay: set[str]) -> int:
        gone = [path for path in self.there if path not in stay and not path.endswith(PART)]
        for path in gone:
            self.shared.drop(path)
        return sum(not path.startswith(LOG) for path in gone)


def _let_go(folder: Path, shared: Shared, *, keep: int) -> int:
    """Let the data files leave that were asked for the longest ago, until so many bytes stay; return how many left."""
    files, there, left = Lake(folder).sizes(), shared.sizes(), 0
    before = time.time() - away.RESTS_S
    with leaving(folder):
        # Whoever began to read before anything could leave did not say which files.
        if (folder / MARKER).stat().st_mtime > before:
            return 0
        here = sorted(
            (changed, path) for path in files if (changed := _changed(folder / path)) is not None
        )
        rest = sum(files[path] for _, path in here) - keep
        for changed, path in here:
            if rest <= 0 or changed > before:
                break
            if there.get(path) == files[path] == _size(folder / path):
                (folder / path).unlink()
                rest, left = rest - files[path], left + 1
    return left


def _changed(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return None


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _damaged(path: str) -> StoreTrouble:
    return StoreTrouble(
        "LAKE_DAMAGED",
        f"{path} of the lake is not as its log says, neither here nor at the address of the cluster.",
        "Put the workspace back from a backup.",
    )
