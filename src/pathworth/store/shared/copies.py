"""The files of a workspace where the machines of its cluster find them: no copy outlives the file that it is of."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from pathworth.store.records.database import Database, Setting, lock
from pathworth.store.shared.places import PART, Shared, without_secrets
from pathworth.store.shared.settings import Clusters

_KEY = "cluster folder"
_BUILDING = "building/"
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
        # A name stands for the same bytes for ever, also where a workspace came back from a backup.
        name = f"{file.relative_to(self.root).as_posix()}.{file.stat().st_mtime_ns:x}"
        return self.shared.put(file, name)

    def building(self) -> str:
        """Return the name of a new folder for what lies there on its way only."""
        return f"{_BUILDING}{os.urandom(8).hex()}"

    def good(self) -> frozenset[str]:
        """Return the names of the copies whose files are here, unchanged."""
        return frozenset(name for name in self.shared.names() if self._is_good(name))

    def sweep(self, *, spare: Collection[str] = (), everything: bool = False) -> int:
        """Remove the copies of files that are gone or have changed, and return how many there were.

        Parameters
        ----------
        spare
            Names that stay all the same.
        everything
            Whether what others may just be writing goes too.

        Raises
        ------
        StoreTrouble
            ``SHARED_UNREACHABLE``.
        """
        now, gone = time.time(), 0
        for name, came_s in self.shared.names().items():
            on_its_way = name.startswith(_BUILDING) or name.endswith(PART)
            young = came_s is None or now - came_s < _ON_ITS_WAY_S
            if name in spare or self._is_good(name) or (on_its_way and young and not everything):
                continue
            self.shared.drop(name)
            gone += 1
        return gone

    def clear(self) -> None:
        """Remove all of them."""
        for name in self.shared.names():
            self.shared.drop(name)

    def _is_good(self, name: str) -> bool:
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
