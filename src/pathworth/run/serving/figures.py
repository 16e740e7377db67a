"""What an operator watches of a workspace: how much there is, what waits, how old answers are, how jobs went."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathworth import store
from pathworth.base.instants import to_instant_us
from pathworth.run.serving.tallies import tally_of
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class JobFigure:
    """A job: whether its last run went well, and how long ago that ended; null before its first end."""

    name: str
    well: bool
    seconds_since: float | None


@dataclass(frozen=True)
class Figures:
    """A workspace in numbers; none of them takes a pass over its data.

    Parameters
    ----------
    events, entities, seq
        Of the newest snapshot, with nobody hidden.
    batches, waiting
        Batches that wait to be numbered, and numbered events that wait for the lake.
    behind_s
        Age of the oldest batch that no answer counts; 0 when all are counted, null when it is not known any more.
    stuck
        Whether an event says what the journeys cannot hold until they are written anew.
    quarantined
        Parts of batches that could not be read.
    read, rejected, new
        Events and parts of batches by protocol, and events that were new, since this process began.
    jobs
        By name.
    bytes
        On the disk: database, lake, shards, ids and what passes through.
    deliveries
        Messages by state.
    backup_s
        How long ago the newest backup was taken; null without one.
    """

    events: int
    entities: int
    seq: int
    batches: int
    waiting: int
    behind_s: float | None
    stuck: bool
    quarantined: int
    read: Mapping[str, int]
    rejected: Mapping[str, int]
    new: int
    jobs: tuple[JobFigure, ...]
    bytes: Mapping[str, int]
    deliveries: Mapping[str, int]
    backup_s: float | None


def figures(workspace: Workspace) -> Figures:
    """Return a workspace in numbers."""
    opened, now_us = workspace.store, time.time_ns() // 1000
    held, inbox, tally = opened.whole_snapshot(at_once=True), store.Inbox(opened), tally_of(opened)
    waiting, batches = inbox.count()
    stuck = opened.stuck is not None
    # What is numbered is counted by now, unless the first of it is stuck.
    until = inbox.counted_until(held.seq) if stuck else inbox.waits_since() or now_us
    return Figures(
        events=held.events,
        entities=held.entities,
        seq=held.seq,
        batches=batches,
        waiting=waiting,
        behind_s=None if until is None else max(now_us - until, 0) / 1e6,
        stuck=stuck,
        quarantined=inbox.quarantined_count(),
        read=dict(tally.read),
        rejected=dict(tally.rejected),
        new=tally.new,
        jobs=tuple(_jobs(opened, now_us)),
        bytes=store.bytes_by_store(opened.path),
        deliveries=store.Ledger(opened).sends(),
        backup_s=_backup_s(opened, now_us),
    )


def _jobs(opened: store.Workspace, now_us: int) -> Iterator[JobFigure]:
    for one in store.Jobs(opened).all():
        since = None if one.ended_us is None else (now_us - one.ended_us) / 1e6
        yield JobFigure(one.name, one.error is None, since)


def _backup_s(opened: store.Workspace, now_us: int) -> float | None:
    notes = [one for one in store.backup_notes(opened) if one.bytes is not None]
    taken = max((to_instant_us(one.taken_at, "UTC") for one in notes), default=None)
    return None if taken is None else (now_us - taken) / 1e6
