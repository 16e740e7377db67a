"""A program that takes batches in from several threads, numbers, drains and compacts, until it is killed.

``python taking_in.py FOLDER FIRST``: batch after batch from a number on. A number is said once its batch is safe, and a
word when something else was done.
"""

from __future__ import annotations

import gc
import itertools
import json
import sys
import threading
import time
from pathlib import Path

THREADS, EVENTS = 6, 10


def body_of(k: int) -> bytes:
    """Ten events, each of a person of its own."""
    events = [
        {"event": "seen", "person": f"b{k}-{n}", "time": 1_760_000_000_000 + k, "id": f"{k}-{n}"}
        for n in range(EVENTS)
    ]
    return json.dumps({"source": "app", "events": events}).encode()


def main(folder: Path, first: int) -> None:
    """Take in until somebody ends it."""
    gc.set_threshold(500_000)  # as the command line does before it loads anything
    from pathworth import run
    from pathworth.store import Inbox, held_open

    workspace = run.open_workspace(folder)
    numbers, turn = itertools.count(first), threading.Lock()

    def say(words: object) -> None:
        with turn:
            sys.stdout.write(f"{words}\n")
            sys.stdout.flush()

    def hand_in() -> None:
        while True:
            with turn:
                k = next(numbers)
            run.receive(workspace, body_of(k))
            say(k)
            # Where the disk is memory nobody waits for it, and whoever numbers would never have its turn.
            time.sleep(0.01)

    with held_open(workspace.store):
        for _ in range(THREADS):
            threading.Thread(target=hand_in).start()
        for k in itertools.count():
            run.number(workspace)
            if k % 3 == 1 and Inbox(workspace.store).drain() is not None:
                say("drained")
            if k % 3 == 2 and workspace.store.compact():
                say("compacted")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
