"""Decides and delivers until nothing is left."""

from __future__ import annotations

import time

from pathworth import act
from pathworth.store import Ledger, PersonStates, Workspace


def main(folder: str) -> None:
    """Decide and deliver."""
    workspace = Workspace.open(folder)
    while True:
        act.decide_due(workspace)
        act.deliver(workspace, act.sender_of(workspace))
        states = {one.state for one in Ledger(workspace).counts()}
        if not states & {"decided", "sending"} and PersonStates(workspace).next_due() is None:
            return
        time.sleep(0.005)
