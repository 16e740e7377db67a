"""Where every machine of a cluster finds the files of a workspace."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathworth.store import Shared


class Files:
    """The files of a workspace as all machines find them; those that they do not see are put where they do.

    Parameters
    ----------
    root
        Folder of the workspace.
    shared
        Where they are put; null where every machine sees the workspace's own folder under its own path.
    """

    def __init__(self, root: Path, shared: Shared | None = None) -> None:
        self.root, self.shared = root.absolute(), shared
        self._put = cache(self._shared_name)

    def found(self, file: Path) -> str:
        """Return where every machine finds a file; see ``store.find``."""
        path = file.absolute()
        return str(path) if self.shared is None else self._put(path, path.stat().st_mtime_ns)

    def _shared_name(self, path: Path, changed_ns: int) -> str:
        if self.shared is None:
            raise TypeError("nothing is shared")
        # A name stands for the same bytes for ever, also where a workspace came back from a backup.
        name = f"{path.relative_to(self.root).as_posix()}.{changed_ns:x}"
        return self.shared.put(path, name)
