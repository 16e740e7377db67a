"""How many events this process has numbered since it began, by the form in which they came."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pathworth import store
from pathworth.store import HandedIn, ReadEvents


@dataclass
class Tally:
    """What was numbered of one workspace.

    Parameters
    ----------
    read, rejected
        Events by protocol, and parts of batches that could not be read.
    new
        Events that were new; the other ones of those that were read had come before.
    """

    read: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    new: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def add(self, counted: Counting, new: int) -> None:
        """Add what was numbered in one go."""
        with self._turn:
            self.read.update(counted.read)
            self.rejected.update(counted.rejected)
            self.new += new


class Counting:
    """Reads batches as another reader does, and counts what they say.

    Parameters
    ----------
    reader
        The other one.
    """

    def __init__(self, reader: store.Read) -> None:
        self._reader = reader
        self.read: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()

    def __call__(self, batches: Sequence[HandedIn], names: Mapping[str, str]) -> ReadEvents:
        """Read batches."""
        found = self._reader(batches, names)
        rejected = found.rejects["batch"].to_numpy()
        for counter, places in ((self.read, found.batch), (self.rejected, rejected)):
            counts = np.bincount(places, minlength=len(batches)).tolist()
            for batch, count in zip(batches, counts, strict=True):
                if count:
                    counter[batch.protocol] += count
        return found


_tallies: dict[Path, Tally] = {}


def tally_of(workspace: store.Workspace) -> Tally:
    """Return the tally of a workspace in this process."""
    return _tallies.setdefault(workspace.path.resolve(), Tally())
