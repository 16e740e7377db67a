"""Files that were sent and are not imported yet: kept aside in the workspace, gone after a day."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pathworth.base.errors import BadInput, UnknownName
from pathworth.store.files import disk_trouble
from pathworth.store.workspace import Workspace

FOLDER = "uploads"
_OLD_S = 86_400.0


@dataclass(frozen=True)
class Upload:
    """A file that was sent and is not imported yet."""

    id: str
    name: str
    bytes: int


class Uploads:
    """The files that lie aside in a workspace.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.path / FOLDER

    async def keep(self, name: str, parts: AsyncIterator[bytes]) -> Upload:
        """Keep a file aside; what was left for a day goes.

        Parameters
        ----------
        name
            What the file is called; its ending says how it is read.
        parts
            Its bytes as they come.

        Raises
        ------
        StoreTrouble
            ``DISK_FULL``; nothing was kept.
        BadInput
            ``EMPTY_FILE``.
        """
        self._sweep()
        folder = self._folder / secrets.token_hex(8)
        path = folder / _plain(name)
        try:
            with disk_trouble(self._folder.parent):
                folder.mkdir(parents=True)
                with path.open("wb") as out:
                    async for part in parts:
                        out.write(part)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if not path.stat().st_size:
            shutil.rmtree(folder)
            raise BadInput("EMPTY_FILE", f"{name} holds nothing.", "Export it again.")
        return self.of(folder.name)

    def of(self, upload_id: str) -> Upload:
        """Return which file it is; raises ``UNKNOWN_UPLOAD``."""
        path = self.path(upload_id)
        return Upload(upload_id, path.name, path.stat().st_size)

    def path(self, upload_id: str) -> Path:
        """Return where a file lies, for the readers.

        Raises
        ------
        UnknownName
            ``UNKNOWN_UPLOAD``.
        """
        folder = self._folder / upload_id
        if re.fullmatch("[0-9a-f]{16}", upload_id) and folder.is_dir():
            for path in folder.iterdir():
                return path
        raise UnknownName(
            "UNKNOWN_UPLOAD",
            "This file is not here any more.",
            "Choose the file again and send it.",
        )

    def drop(self, upload_id: str) -> Upload:
        """Forget a file that was sent, and say which it was; raises ``UNKNOWN_UPLOAD``."""
        gone = self.of(upload_id)
        shutil.rmtree(self.path(upload_id).parent, ignore_errors=True)
        return gone

    def _sweep(self) -> None:
        """Delete files that were sent over a day ago and never imported."""
        for one in self._folder.iterdir() if self._folder.exists() else ():
            if time.time() - one.stat().st_mtime > _OLD_S:
                shutil.rmtree(one, ignore_errors=True)


def _plain(name: str) -> str:
    """Return a file's name without anything that could lead out of its folder."""
    kept = re.sub(r"[^\w.\- ()]+", "_", Path(name.replace("\\", "/")).name).strip(". ")
    return kept[-120:] or "file.csv"
