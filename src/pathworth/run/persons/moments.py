"""A timeline: events by visit with the steps of the map, what waits, what was decided and what was not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pathworth import store
from pathworth.base.errors import WrongUsage
from pathworth.journeys import AsOf, event_at
from pathworth.run.persons.contracts import Moment, Moments, Subject
from pathworth.run.persons.extras import (
    EVENT,
    Extra,
    Key,
    decisions,
    raw_ids,
    text_of,
    waiting,
)
from pathworth.run.persons.trail import Trail, trail
from pathworth.run.workspace import Workspace

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class MomentsAsked:
    """Which part of a timeline.

    Parameters
    ----------
    kinds
        ``decision``, ``waiting``, ``event``, ``money`` (events that moved some); empty for all.
    names
        Only events of these names; empty for all.
    month
        Begin at the end of this month of the workspace's calendar, as ``2026-03``.
    older, newer
        Go on from a key, which is not repeated; at most one of ``month``, ``older`` and ``newer``.
    limit
        How many moments at most.
    """

    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    month: str | None = None
    older: str | None = None
    newer: str | None = None
    limit: int = 100


def moments(
    workspace: Workspace, subject: Subject, *, asked: MomentsAsked, map_name: str | None = None
) -> Moments:
    """Return a part of the timeline of a person or an account, the newest first.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PERSON``, ``UNKNOWN_ACCOUNT``.
    WrongUsage
        ``BAD_KEY_OF_MOMENT``, ``BAD_MONTH``.
    """
    way = trail(workspace, subject, map_name=map_name)
    extras = _extras(workspace, subject, way, asked)
    rows = _rows(way, _events(way, asked), extras)
    begin, end = _window(rows, asked, workspace.store.timezone)
    source = store.only_source(workspace.store)
    shown = tuple(
        _event(way, int(place), source) if place >= 0 else extras[~int(place)].moment
        for place in rows[begin:end, 3][::-1]
    )
    return Moments(
        len(rows),
        shown,
        shown[-1].key if begin > 0 and shown else None,
        shown[0].key if end < len(rows) and shown else None,
        AsOf(way.snapshot.id, way.snapshot.seq),
    )


def _events(way: Trail, asked: MomentsAsked) -> Rows:
    """Return the places in the trail of the events that are asked for."""
    kept = np.full(len(way), not asked.kinds or bool({"event", "money"} & set(asked.kinds)))
    money_only = "money" in asked.kinds and "event" not in asked.kinds
    wanted = np.isin(way.snapshot.names, asked.names) if asked.names else None
    for number, shard in enumerate(way.snapshot.shards):
        mine = np.flatnonzero(way.shard == number)
        places = way.place[mine]
        if money_only:
            kept[mine] &= (shard.columns["value"][places] != 0) | (
                shard.columns["cost"][places] != 0
            )
        if wanted is not None:
            kept[mine] &= wanted[shard.name[places]]
    return np.flatnonzero(kept)


def _extras(workspace: Workspace, subject: Subject, way: Trail, asked: MomentsAsked) -> list[Extra]:
    """Return what is asked for beside the events of the shards."""
    found: list[Extra] = []
    if not asked.kinds or {"waiting", "event"} & set(asked.kinds):
        arrived = waiting(workspace, subject, snapshot=way.snapshot)
        found += [one for one in arrived if not asked.names or one.moment.name in asked.names]
    if "decision" in asked.kinds or not (asked.kinds or asked.names):
        shards = way.snapshot.shards
        people = [shards[shard].id_of(entity) for shard, entity in way.members()]
        found += decisions(workspace, raw_ids(way.snapshot, people))
    return found


def _rows(way: Trail, events: Rows, extras: Sequence[Extra]) -> Rows:
    """Return int64[n, 4], ascending: the three parts of a key, then the event or, below 0, the extra."""
    own = np.column_stack(
        [way.time_us[events], np.full(len(events), EVENT), way.seq[events], events]
    )
    beside = [(*one.key, ~place) for place, one in enumerate(extras)]
    rows = np.concatenate([own, np.array(beside, np.int64).reshape(-1, 4)])
    return rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]


def _window(rows: Rows, asked: MomentsAsked, timezone: str) -> tuple[int, int]:
    """Return which rows are shown, from one up to but without another."""
    if asked.newer is not None:
        begin = _before(rows, _key_of(asked.newer)) + 1
        return begin, min(begin + asked.limit, len(rows))
    end = len(rows)
    if asked.older is not None:
        end = _before(rows, _key_of(asked.older))
    elif asked.month is not None:
        # Before the first moment of all there is nothing to see: then that one is shown.
        end = max(_before(rows, (_month_end(asked.month, timezone), 0, 0)), min(len(rows), 1))
    return max(end - asked.limit, 0), end


def _before(rows: Rows, key: Key) -> int:
    """Return how many rows come before a key."""
    time, kind, number = (rows[:, k] for k in range(3))
    later = (kind < key[1]) | ((kind == key[1]) & (number < key[2]))
    return int(np.count_nonzero((time < key[0]) | ((time == key[0]) & later)))


def _key_of(text: str) -> Key:
    match = _KEY.fullmatch(text)
    if match is None:
        raise WrongUsage(
            "BAD_KEY_OF_MOMENT",
            f"{text!r} is not the key of a moment.",
            "Take the keys from an answer: older and newer.",
        )
    return int(match[1]), int(match[2]), int(match[3])


def _month_end(month: str, timezone: str) -> int:
    match = _MONTH.fullmatch(month)
    if match is None:
        raise WrongUsage("BAD_MONTH", f"{month!r} is not a month.", "Write it as 2026-03.")
    year, number = int(match[1]), int(match[2])
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return int(datetime(*following, 1, tzinfo=ZoneInfo(timezone)).timestamp()) * 1_000_000


_KEY = re.compile(r"(-?\d{1,18})-([0-2])-(\d{1,18})")
_MONTH = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])")


def _event(way: Trail, place: int, source: str) -> Moment:
    shard = way.snapshot.shards[int(way.shard[place])]
    held = event_at(way.snapshot, shard, place=int(way.place[place]))
    time_us, seq, step = int(way.time_us[place]), int(way.seq[place]), int(way.step[place])
    return Moment(
        key=text_of((time_us, EVENT, seq)),
        kind="event",
        time=held.time,
        person=shard.id_of(int(way.entity[place])),
        name=held.name,
        step=way.steps[step][0] if step >= 0 else None,
        visit=int(way.visit[place]),
        source=held.properties.get("source", source),
        value=held.value,
        cost=held.cost,
        properties=held.properties,
        decision=None,
    )
