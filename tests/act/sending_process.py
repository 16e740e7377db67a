"""A process that decides and delivers until nothing is left; forked from one that is warm, so that kills come fast.

Reads ``go`` on stdin, answers with the number of the child; ``quit`` ends it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from pathworth import act
from pathworth.store import Ledger, PersonStates, Workspace


def work(folder: Path) -> None:
    workspace = Workspace.open(folder)
    while True:
        act.decide_due(workspace)
        act.deliver(workspace, act.sender_of(workspace))
        states = {one.state for one in Ledger(workspace).counts()}
        if not states & {"decided", "sending"} and PersonStates(workspace).next_due() is None:
            return
        time.sleep(0.005)


def main(folder: Path) -> None:
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        child = os.fork()
        if child == 0:
            try:
                work(folder)
            finally:
                os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
