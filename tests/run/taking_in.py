"""A program that lets children take batches in from several threads, number, drain and compact, until each is killed.

For each line on standard input, ``["FOLDER", FIRST]``, a child begins: it says ``child`` with its number, then the
number of each batch, from the first on, once that is safe, and a word when something else was done. How it ended is
said behind all that. What takes long to load is loaded once, before them.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
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


def say(words: object) -> None:
    """Write a line; whole or not at all, since a pipe takes so little at once."""
    os.write(1, f"{words}\n".encode())


def take_in(folder: Path, first: int) -> None:
    """Take in until somebody ends it."""
    from pathworth import run
    from pathworth.store import Inbox, held_open

    say(f"child {os.getpid()}")
    workspace = run.open_workspace(folder)
    numbers, turn = itertools.count(first), threading.Lock()

    def hand_in() -> None:
        while True:
            with turn:
                k = next(numbers)
            run.receive(workspace, body_of(k))
            with turn:
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


def main() -> None:
    """For each line on standard input: fork, take in, tell how that ended."""
    gc.set_threshold(500_000)  # as the command line does before it loads anything
    from pathworth.kernels.compile import compile_all
    from pathworth.run import number, receive  # noqa: F401  # they bring what reads and keeps batches with them

    compile_all()
    while line := sys.stdin.readline():
        folder, first = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                take_in(Path(folder), first)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
