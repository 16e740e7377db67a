"""The files of a workspace where the machines of its cluster find them: no copy outlives the file that it is of."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from pathworth.store.files import COMPACT_LOCK, COMPACTING, WriterLock, alone
from pathworth.store.lake import HINT, Lake, log_sizes, newest
from pathworth.store.records.database import Database, Setting, lock
from pathworth.store.shared.awaited import AWAY, bring_all, files_away
from pathworth.store.shared.places import PART, Shared, name_in, without_secrets
from pathworth.store.shared.settings import Clusters

_KEY = "cluster folder"
LAKE = "lake/"
"""What the names of the lake's table begin with, which is no copy but the table itself; see ``publishing``."""
_BUILT = "built/"
"""What the names of shards begin with that machines of the cluster wrote there."""
_ON_ITS_WAY_S = 86_400.0
"""What is being written is older than this only where whoever wrote it was killed."""


@dataclass(frozen=True)
class Copies:
    """Copies of the files of a workspace.

    Parameters
    ----------
    root
        Folder of the workspace.
    shared
        Where its copies lie, and nothing else.
    """

    root: Path
    shared: Shared

    @property
    def place(self) -> str:
        """Return where they lie, in words."""
        return without_secrets(self.shared.address)

    def name_of(self, file: Path) -> str:
        """Return under which name a file of the workspace is there."""
        name = file.relative_to(self.root).as_posix()
        if name.startswith(LAKE):
            # What a table once held under a name it holds under no other, and nothing else under that.
            return name
        found = files_away(file.parent).get(file.name)
        if found is not None:
            return name_in(found)
        # A name stands for the same bytes for ever, also where a workspace came back from a backup.
        return f"{name}.{file.stat().st_mtime_ns:x}"

    def put(self, file: Path) -> str:
        """Let a file of the workspace be there, and return where it is found; raises as ``Shared.put`` does."""
        name = self.name_of(file)
        if name.startswith(LAKE) and (not file.exists() or self.shared.size(name) is not None):
            return self.shared.found(name)
        return self.shared.put(file, name)

    def building(self) -> str:
        """Return the name of a new folder for shards that machines write there, and that are nobody's yet."""
        return f"{_BUILT}{os.urandom(8).hex()}"

    def good(self) -> frozenset[str]:
        """Return the names of copies of files that are here, unchanged, and of what is the workspace's, here or not."""
        names, own = self.shared.names(), self._own()
        return frozenset(name for name in names if self._is_good(name, own))

    def sweep(self, *, spare: Collection[str] = (), everything: bool = False) -> int:
        """Remove the copies of files that are gone or have changed, and return how many there were.

        Parameters
        ----------
        spare
            Names that stay all the same.
        everything
            Whether what others may just be writing goes too; the caller then lets nobody build.

        Raises
        ------
        StoreTrouble
            ``SHARED_UNREACHABLE``.
        """
        # Nobody publishes while what is on its way goes too.
        with alone(turn_of(self.root)) if everything else nullcontext():
            names = self.shared.names()
            stay = {*spare, *self._staying(names, everything=everything)}
            gone = [name for name in names if name not in stay]
            for name in gone:
                self.shared.drop(name)
        return len(gone)

    @contextmanager
    def all_back(self) -> Iterator[None]:
        """Be where no shard lies there alone, and nobody builds others.

        Raises
        ------
        StoreTrouble
            ``WORKSPACE_BUSY``, ``SHARED_UNREACHABLE``: some are still away, and nothing was changed.
        """
        lock = WriterLock(self.root / COMPACT_LOCK)
        lock.take()
        try:
            self._bring_back()
            yield
        finally:
            lock.give_back()

    def clear(self) -> None:
        """Remove all of them, once nothing is there alone."""
        self._bring_back()
        for name in self.shared.names():
            self.shared.drop(name)

    def _bring_back(self) -> None:
        for folder in self._snapshots():
            bring_all(folder)
            (folder / AWAY).unlink(missing_ok=True)

    def _snapshots(self) -> list[Path]:
        """Return the folders of shards of which some lie there."""
        return [file.parent for file in self.root.glob(f"snapshots/*/{AWAY}")]

    def _staying(self, names: Mapping[str, float | None], *, everything: bool) -> Iterator[str]:
        """Yield the names that stay, of all that are there."""
        # In this order: who is done building by now has noted what was there before.
        building = not everything and (self.root / COMPACTING).exists()
        now, own = time.time(), self._own()
        version = newest(name.removeprefix(LAKE) for name in names)
        # An earlier version is read there until the next one is published, which removes what left.
        earlier = version not in (-1, Lake(self.root / LAKE).version()) and not everything
        for name, came_s in names.items():
            young = came_s is None or now - came_s < _ON_ITS_WAY_S
            if (
                self._is_good(name, own)
                or (name.endswith(PART) and young and not everything)
                or (building and name.startswith(_BUILT))
                or (earlier and name.startswith(LAKE))
            ):
                yield name

    def _own(self) -> frozenset[str]:
        """Return the names of what belongs to the lake's table and to snapshots: also of files that are not here."""
        folder = self.root / LAKE
        hint = [HINT] if (folder / HINT).exists() else []
        lake = (*Lake(folder).sizes(), *log_sizes(folder), *hint)
        shards = (one for held in self._snapshots() for one in files_away(held).values())
        return frozenset([*(f"{LAKE}{path}" for path in lake), *map(name_in, shards)])

    def _is_good(self, name: str, own: Collection[str]) -> bool:
        if name in own or name.startswith(LAKE):
            return name in own
        path, _, changed_ns = name.rpartition(".")
        try:
            return f"{(self.root / path).stat().st_mtime_ns:x}" == changed_ns
        except OSError:
            return False


def turn_of(root: Path) -> Path:
    """Return the lock file of whoever publishes the lake of a workspace, or lets its files leave or come back."""
    return root / "publishing.lock"


def copies_of(root: Path, database: Database) -> Copies | None:
    """Return the copies of a workspace for the machines of its cluster; null where those see its own folder."""
    cluster = Clusters(database).read()
    if cluster is None or cluster.shared is None:
        return None
    return Copies(root.absolute(), Shared(cluster.shared).within(_folder(root, database)))


@dataclass(frozen=True)
class _Folder:
    """The name of a workspace at any address, and the number that its folder has on its disk."""

    name: str
    inode: int


def _folder(root: Path, database: Database) -> str:
    """Return the name of a workspace at any address; one that was copied or came back from a backup has a new one."""
    inode = root.stat().st_ino
    with database.session() as session:
        held = _held(session)
    if held is not None and held.inode == inode:
        return held.name
    with database.writing() as session:
        lock(session)
        held = _held(session)
        if held is None or held.inode != inode:
            held = _Folder(f"workspace-{os.urandom(6).hex()}", inode)
            session.merge(Setting(key=_KEY, value=msgspec.json.encode(held).decode()))
        return held.name


def _held(session: Session) -> _Folder | None:
    row = session.get(Setting, _KEY)
    return None if row is None else msgspec.json.decode(row.value, type=_Folder)
