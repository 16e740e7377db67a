"""The events of a person or an account in order, as places in the shards, with steps and visits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument
from pathworth.base.durations import to_us
from pathworth.base.errors import UnknownName
from pathworth.journeys import Part, Step, find, step_codes
from pathworth.run.persons.contracts import ACCOUNT, Subject
from pathworth.run.workspace import Workspace
from pathworth.store import AccountFacts, ColumnInfo, Shard, Snapshot

Places = NDArray[np.int64]
ALL = np.empty(0, np.uint8)
GAP = "30m"


@dataclass(frozen=True)
class Trail:
    """Events by (time, seq).

    Parameters
    ----------
    shard, place, entity
        int64[n]: where each event lies, and whose it is.
    time_us, seq
        int64[n].
    step
        int64[n]: place among the map's steps with a rule, -1 for none.
    visit
        int64[n]: number of the visit, from 1 in the order in which visits begin.
    steps
        Names of the map's steps with a rule, and their ids.
    """

    snapshot: Snapshot
    shard: Places
    place: Places
    entity: Places
    time_us: Places
    seq: Places
    step: Places
    visit: Places
    steps: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.place)

    def members(self) -> list[tuple[int, int]]:
        """Return the people behind the events as (shard, entity), the latest active first."""
        pairs = zip(self.shard[::-1].tolist(), self.entity[::-1].tolist(), strict=True)
        return list(dict.fromkeys(pairs))

    def money(self) -> int:
        """Return the net money of all events, in micro-units."""
        total = 0
        for number, shard in enumerate(self.snapshot.shards):
            mine = self.place[self.shard == number]
            if len(mine):
                value, cost = (shard.columns[name][mine].sum() for name in ("value", "cost"))
                total += int(value) - int(cost)
        return total


def trail(workspace: Workspace, subject: Subject, *, map_name: str | None) -> Trail:
    """Return the events of a person or an account; of an account that only facts are known of there are none.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PERSON``, ``UNKNOWN_ACCOUNT``.
    """
    snapshot = workspace.store.snapshot()
    document = map_of(workspace, map_name)
    pieces = list(_pieces(snapshot, subject))
    if not pieces and not AccountFacts(workspace.store).of(subject.id):
        raise UnknownName(
            "UNKNOWN_ACCOUNT",
            f"No event names the account {subject.id!r}, and nothing is known of it.",
            f"An account is a value of the property {ACCOUNT}, compared letter by letter.",
        )
    steps = steps_of(document)
    rows = [
        (
            np.full(len(places), number, np.int64),
            places,
            np.full(len(places), entity, np.int64),
            snapshot.shards[number].time_us[places],
            snapshot.shards[number].seq[places].astype(np.int64),
            _codes(snapshot, number, entity, steps)[
                places - int(snapshot.shards[number].offset[entity])
            ],
        )
        for number, entity, places in pieces
    ]
    none = np.zeros(0, np.int64)
    joined = [np.concatenate(c) for c in zip(*rows, strict=True)] if rows else [none] * 6
    order = np.lexsort((joined[4], joined[3]))
    shard, place, entity, time_us, seq, step = (column[order] for column in joined)
    gap = to_us(GAP if document is None else document.session_gap)
    visit = _visits(shard, entity, time_us, gap_us=gap)
    named = () if document is None else tuple((s.name, s.id) for s in document.steps if s.rule)
    return Trail(snapshot, shard, place, entity, time_us, seq, step, visit, named)


def map_of(workspace: Workspace, name: str | None) -> MapDocument | None:
    """Return the map; null while there is nothing to map."""
    return None if workspace.store.snapshot().events == 0 else workspace.map(name)[0]


def steps_of(document: MapDocument | None) -> tuple[Step, ...]:
    """Return the steps of a map that events can be in."""
    if document is None:
        return ()
    return tuple(Step(one.id, one.rule) for one in document.steps if one.rule is not None)


def account_code(info: ColumnInfo, account: str) -> float | int | None:
    """Return how a column holds an account; null when it does not."""
    if info.kind == "text":
        return info.values.index(account) + 1 if account in info.values else None
    if info.kind != "number":
        return None
    try:
        return float(account)
    except ValueError:
        return None


def last_step(snapshot: Snapshot, shard: int, *, entity: int, steps: tuple[Step, ...]) -> int:
    """Return the place of the last step that somebody was in, -1 for none."""
    codes = _codes(snapshot, shard, entity, steps)
    in_one = np.flatnonzero(codes >= 0)
    return int(codes[in_one[-1]]) if len(in_one) else -1


def _pieces(snapshot: Snapshot, subject: Subject) -> Iterator[tuple[int, int, Places]]:
    """Yield (shard, entity, places) of everybody whose events belong to the subject."""
    if subject.kind == "person":
        shard, entity = find(snapshot, subject.id)
        number = next(k for k, one in enumerate(snapshot.shards) if one is shard)
        yield number, entity, _all_of(shard, entity)
        return
    info = snapshot.columns.get(ACCOUNT)
    code = None if info is None else account_code(info, subject.id)
    for number, shard in enumerate(snapshot.shards if code is not None else ()):
        places = np.flatnonzero(shard.columns[ACCOUNT] == code)
        owners = np.searchsorted(shard.offset, places, side="right") - 1
        for entity in np.unique(owners).tolist():
            if snapshot.lives(number, entity):
                yield number, entity, places[owners == entity]


def _all_of(shard: Shard, entity: int) -> Places:
    return np.arange(int(shard.offset[entity]), int(shard.offset[entity + 1]))


def _codes(snapshot: Snapshot, number: int, entity: int, steps: tuple[Step, ...]) -> Places:
    shard = snapshot.shards[number]
    if not steps:
        return np.full(int(shard.offset[entity + 1] - shard.offset[entity]), -1, np.int64)
    part = Part(-1, shard, snapshot, entity, entity + 1, ALL)
    return step_codes(part, steps).astype(np.int64)


def _visits(shard: Places, entity: Places, time_us: Places, *, gap_us: int) -> Places:
    """Return the number of each event's visit: a person's events without a longer gap between them."""
    if not len(time_us):
        return np.zeros(0, np.int64)
    by_person = np.lexsort((np.arange(len(time_us)), entity, shard))
    fresh = np.ones(len(time_us), bool)
    same = (np.diff(entity[by_person]) == 0) & (np.diff(shard[by_person]) == 0)
    fresh[1:] = ~same | (np.diff(time_us[by_person]) > gap_us)
    piece = np.empty(len(time_us), np.int64)
    piece[by_person] = np.cumsum(fresh) - 1
    # Visits of several people run side by side: they are numbered as they begin.
    _, first = np.unique(piece, return_index=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(1, len(first) + 1)
    return rank[piece]
