"""Where every machine of a cluster finds the files of a workspace."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathworth.store import Copies


class Files:
    """The files of a workspace as all machines find them; those that they do not see are put where they do.

    Parameters
    ----------
    root
        Folder of the workspace.
    copies
        Where they are put; null where every machine sees the workspace's own folder under its own path.
    """

    def __init__(self, root: Path, copies: Copies | None = None) -> None:
        self.root, self.copies = root.absolute(), copies
        self._put = cache(self._copied)

    def found(self, file: Path) -> str:
        """Return where every machine finds a file; see ``store.find``."""
        path = file.absolute()
        return str(path) if self.copies is None else self._put(path, self.copies.name_of(path))

    def _copied(self, path: Path, name: str) -> str:  # noqa: ARG002 - a file that changed is another
        if self.copies is None:
            raise TypeError("nothing is shared")
        return self.copies.put(path)
