"""Fetches a file of a lake that is away, slowly, and says so."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

from tests.forked import say

from pathworth.store.shared import Shared, present


def main(file: str) -> None:
    """Say when it is fetched here, and what is in it."""
    real = Shared.chunks

    def slow(self: Shared, name: str) -> Iterator[bytes]:
        say("fetches")
        time.sleep(1)
        yield from real(self, name)

    Shared.chunks = slow  # type: ignore[method-assign]
    say("ready")
    say(hashlib.sha256(present(Path(file)).read_bytes()).hexdigest())
