"""Takes batches in from several threads, numbers, drains and compacts, until it is killed.

The number of a batch is said once it is safe, and a word when something else was done.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from pathlib import Path
from typing import Never

from tests.forked import say

from pathworth import run
from pathworth.run import number, receive
from pathworth.store import Inbox, held_open

THREADS, EVENTS = 6, 10


def body_of(k: int) -> bytes:
    """Ten events, each of a person of its own."""
    events = [
        {"event": "seen", "person": f"b{k}-{n}", "time": 1_760_000_000_000 + k, "id": f"{k}-{n}"}
        for n in range(EVENTS)
    ]
    return json.dumps({"source": "app", "events": events}).encode()


def main(folder: str, first: int) -> Never:
    """Take in batch after batch from a number on, until somebody ends it."""
    workspace = run.open_workspace(Path(folder))
    numbers, turn = itertools.count(first), threading.Lock()

    def hand_in() -> None:
        while True:
            with turn:
                k = next(numbers)
            receive(workspace, body_of(k))
            say(k)
            # Where the disk is memory nobody waits for it, and whoever numbers would never have its turn.
            time.sleep(0.01)

    with held_open(workspace.store):
        for _ in range(THREADS):
            threading.Thread(target=hand_in).start()
        for k in itertools.count():
            number(workspace)
            if k % 3 == 1 and Inbox(workspace.store).drain() is not None:
                say("drained")
            if k % 3 == 2 and workspace.store.compact():
                say("compacted")
    raise AssertionError
