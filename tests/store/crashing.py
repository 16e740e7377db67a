"""A program that imports seeded rows again and again, each time in a child that its test may kill."""

from __future__ import annotations

import os
import sys

from tests.store.made import batch, drawn

from pathworth.kernels.compile import compile_all
from pathworth.store import InputFile, Workspace, accept as accept_module


def bring_in(folder: str, *, seed: int, events: int) -> None:
    accept_module.ZONED_FROM = 500
    workspace = Workspace.open(folder)
    rows = drawn(events, seed)
    with workspace.begin_import(files=[InputFile("a", str(seed), 1)]) as transaction:
        say(f"begun {os.getpid()}")
        for first in range(0, events, 500):
            transaction.add(batch(rows[first : first + 500], first=first))
        transaction.commit()


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(seed: int, events: int) -> None:
    """For each folder on standard input: fork, import, and when asked tell how that ended."""
    compile_all()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            code = 1
            try:
                bring_in(line.strip(), seed=seed, events=events)
                code = 0
            finally:
                os._exit(code)
        sys.stdin.readline()
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
