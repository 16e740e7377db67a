"""The files of a workspace where the machines of its cluster find them: no copy outlives the file that it is of."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from pathworth.store.files import COMPACT_LOCK, WriterLock
from pathworth.store.records.database import Database, Setting, lock
from pathworth.store.shared.awaited import FAR, bring_all, far_files
from pathworth.store.shared.places import PART, Shared, name_in, without_secrets
from pathworth.store.shared.settings import Clusters

_KEY = "cluster folder"
_BUILT = "built/"
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

    def put(self, file: Path) -> str:
        """Let a file of the workspace be there, and return where it is found; raises as ``Shared.put`` does."""
        found = far_files(file.parent).get(file.name)
        if found is not None:
            return self.shared.put(file, name_in(found))
        # A name stands for the same bytes for ever, also where a workspace came back from a backup.
        name = f"{file.relative_to(self.root).as_posix()}.{file.stat().st_mtime_ns:x}"
        return self.shared.put(file, name)

    def building(self) -> str:
        """Return the name of a new folder for shards that machines write there, and that are nobody's yet."""
        return f"{_BUILT}{os.urandom(8).hex()}"

    def good(self) -> frozenset[str]:
        """Return the names of the copies whose files are here, unchanged."""
        far = self._far()
        return frozenset(name for name in self.shared.names() if self._is_good(name, far))

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
        now, gone = time.time(), 0
        there, building = self.shared.names(), not (everything or self._nobody_builds())
        # In this order: who is done building by now has noted what was there before.
        far = self._far()
        for name, came_s in there.items():
            young = came_s is None or now - came_s < _ON_ITS_WAY_S
            half = name.endswith(PART) and young and not everything
            if half or name in spare or self._is_good(name, far):
                continue
            if building and name.startswith(_BUILT):
                continue
            self.shared.drop(name)
            gone += 1
        return gone

    def bring_back(self) -> None:
        """Fetch whatever lies there alone, so that this folder needs it no more; raises as ``Shared.put`` does."""
        for folder in self._snapshots():
            bring_all(folder)
            (folder / FAR).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all of them, once nothing is there alone."""
        self.bring_back()
        for name in self.shared.names():
            self.shared.drop(name)

    def _snapshots(self) -> list[Path]:
        """Return the folders of shards of which some lie there."""
        return [file.parent for file in self.root.glob(f"snapshots/*/{FAR}")]

    def _nobody_builds(self) -> bool:
        lock = WriterLock(self.root / COMPACT_LOCK)
        if not lock.take_within(0):
            return False
        lock.give_back()
        return True

    def _far(self) -> frozenset[str]:
        """Return the names of shards that are good whether their files are here or not."""
        found = (far_files(folder).values() for folder in self._snapshots())
        return frozenset(name_in(one) for names in found for one in names)

    def _is_good(self, name: str, far: frozenset[str]) -> bool:
        if name in far:
            return True
        path, _, changed_ns = name.rpartition(".")
        try:
            return f"{(self.root / path).stat().st_mtime_ns:x}" == changed_ns
        except OSError:
            return False


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
