"""A process that hands batches in, and numbers them while it holds the lease of that job, until it is ended."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType

from tests.store.handing_in import body_of, read

from pathworth.store import HandedIn, Inbox, Jobs, Workspace

LEASE_US = 3_000_000


def main(folder: str, name: str, first: str) -> None:
    """Say of every batch that it is safe."""
    over = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, end)
    numbering = threading.Thread(target=turns, args=(folder, name, over))
    numbering.start()
    inbox = Inbox(Workspace.open(folder))
    k = int(first)
    while not over.is_set():
        inbox.append(HandedIn(body_of(k)))
        os.write(1, f"{k}\n".encode())
        k += 1
        over.wait(0.01)
    numbering.join()


def turns(folder: str, name: str, over: threading.Event) -> None:
    """Number for as long as the lease is held; take it when nobody does."""
    workspace = Workspace.open(folder)
    jobs, inbox = Jobs(workspace), Inbox(workspace)
    jobs.register("number", period="often", next_us=None)
    epoch: int | None = None
    while not over.wait(0.02):
        now = time.time_ns() // 1000
        until = now + LEASE_US
        if epoch is None:
            epoch = jobs.take("number", holder=name, now_us=now, until_us=until)
        elif jobs.hold("number", epoch=epoch, until_us=until):
            inbox.number(read)
        else:
            epoch = None


if __name__ == "__main__":
    main(*sys.argv[1:])
