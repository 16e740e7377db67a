"""Keeps what clients of any protocol hand in; stands here until batches are kept in every form as they came."""

from __future__ import annotations

import time

from pathworth import collect
from pathworth.run.intake.arrivals import arrive
from pathworth.run.workspace import Workspace


def receive(
    workspace: Workspace,
    body: bytes,
    *,
    protocol: str = "plain",
    about: collect.About | None = None,
    key: str = "",
) -> None:
    """Keep a batch of events; it is safe on the disk when this returns.

    Parameters
    ----------
    workspace, body
        Where it goes, and the bytes as they came.
    protocol, about
        In which form its sender speaks, see ``collect.PROTOCOLS``, and what else is known of the request.
    key
        Name of the key that it came with.

    Raises
    ------
    BadInput
        When it is no batch at all.
    StoreTrouble
        ``DISK_FULL``; nothing was kept.
    """
    if protocol != "plain":
        told = collect.PROTOCOLS[protocol](body, about or collect.About(time.time_ns() // 1000))
        # What is torn goes along as the text that it was, so that it is set aside with its reason.
        events = [*told.lines, *(torn.raw for torn in told.torn)]
        body = f'{{"source": "{told.source}", "events": [{",".join(events)}]}}'.encode()
    arrive(workspace, body, key=key)
