"""How the log of a table at an address stands to the one here: what both tell, and what only one of them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deltalake.exceptions import DeltaError

from pathworth.store.lake import (
    HINT,
    Lake,
    added,
    checkpoint,
    entries,
    log_sizes,
    number_of,
)
from pathworth.store.shared.places import Shared


@dataclass(frozen=True)
class History:
    """The log there beside the one here.

    Parameters
    ----------
    folder
        Of the table here.
    there
        Bytes of all that lies there, by its path inside the table.
    common
        The last version that both tell with the same bytes; -1 where there is none.
    """

    folder: Path
    there: Mapping[str, int]
    common: int

    @classmethod
    def of(cls, folder: Path, shared: Shared, *, there: Mapping[str, int]) -> Self:
        """Hold them against each other, the newest first: logs that agree on one version agree on all before."""
        here = log_sizes(folder)
        same = (p for p in _falling(there) if there[p] == here.get(p) and _same(folder, shared, p))
        found = next(same, None)
        return cls(folder, there, -1 if found is None else number_of(found) or 0)

    @property
    def strange(self) -> list[str]:
        """Return what is there of another history, in order: this folder was set back to an earlier day."""
        paths = [path for path in _falling(self.there) if (number_of(path) or 0) > self.common]
        return [HINT, *paths] if paths and HINT in self.there else paths

    def known(self) -> frozenset[str] | None:
        """Return the data files whose names mean the same bytes in both histories; null where all do."""
        if not self.strange:
            return None
        try:
            return frozenset(Lake(self.folder).sizes(self.common) if self.common >= 0 else ())
        except DeltaError:
            # The log here goes back no further.
            return frozenset()

    def jumps(self, files: Mapping[str, int], version: int) -> bool:
        """Return whether a version between the common one and this lacks files, so that nobody may see it there."""
        new = [number for number in entries(log_sizes(self.folder)) if number > self.common]
        whole = new == list(range(self.common + 1, version + 1))
        return not whole or any(added(self.folder, number) - files.keys() for number in new)

    def order(
        self, log: Mapping[str, int], version: int, *, jumps: bool
    ) -> tuple[list[str], list[str]]:
        """Return what is to be sent of a log before its newest checkpoint is named, and after that."""
        strange = set(self.strange)
        lacking = [
            path
            for path, size in log.items()
            if (number_of(path) or 0) <= version
            and (path in strange or self.there.get(path) != size)
        ]
        rising = sorted(lacking, key=lambda path: (not path.endswith(".json"), path))
        first = [path for path in rising if jumps and path == checkpoint(version)]
        return first, [path for path in rising if path not in first]


def _falling(there: Mapping[str, int]) -> list[str]:
    """Return the entries and checkpoints among some files, the newest first."""
    return sorted((path for path in there if number_of(path) is not None), reverse=True)


def _same(folder: Path, shared: Shared, path: str) -> bool:
    try:
        return (folder / path).read_bytes() == b"".join(shared.chunks(path))
    except FileNotFoundError:
        return False
