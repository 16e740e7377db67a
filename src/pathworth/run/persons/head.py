"""Who somebody is, and where they stand on the map."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.journeys import AsOf
from pathworth.run.intake.links import LinkRow, links_of
from pathworth.run.persons.contracts import (
    FactRow,
    Head,
    IdRow,
    KindRow,
    MonthRow,
    Standing,
    Subject,
)
from pathworth.run.persons.extras import Extra, decisions, raw_ids, waiting
from pathworth.run.persons.listed import person_row
from pathworth.run.persons.trail import Trail, map_of, steps_of, trail
from pathworth.run.privacy.veil import shown
from pathworth.run.workspace import Workspace
from pathworth.store import AccountFacts, Snapshot

SHOWN = 50
_MILLION = 1_000_000


def head(workspace: Workspace, subject: Subject, *, map_name: str | None = None) -> Head:
    """Return who a person or an account is.

    Parameters
    ----------
    subject
        Who.
    map_name
        The map whose steps are named; the first one unless given.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PERSON``, ``UNKNOWN_ACCOUNT``; also for one whose every event still waits.
    """
    way = trail(workspace, subject, map_name=map_name)
    snapshot, members = way.snapshot, way.members()
    steps = steps_of(map_of(workspace, map_name))
    names = tuple(name for name, _ in way.steps)
    rows = tuple(
        person_row(snapshot, (shard, entity), steps=steps, names=names)
        for shard, entity in members[:SHOWN]
    )
    everybody = [snapshot.shards[shard].id_of(entity) for shard, entity in members]
    arrived = waiting(workspace, subject, snapshot=snapshot)
    extras = [*arrived, *decisions(workspace, raw_ids(snapshot, everybody))]
    kinds = Counter[str](one.moment.kind for one in extras)
    return Head(
        subject=subject,
        people=rows,
        count=len(members),
        events=len(way),
        first=to_iso(int(way.time_us[0])) if len(way) else None,
        last=to_iso(int(way.time_us[-1])) if len(way) else None,
        money=from_micro(way.money()),
        standing=standing(way),
        visits=int(way.visit.max(initial=0)),
        waiting=kinds["waiting"],
        decisions=kinds["decision"],
        months=_months(way, extras, workspace.store.timezone),
        kinds=_kinds(way, kinds),
        ids=_ids(workspace, snapshot, subject),
        facts=_facts(workspace, subject),
        as_of=AsOf(snapshot.id, snapshot.seq),
    )


def _ids(workspace: Workspace, snapshot: Snapshot, subject: Subject) -> tuple[IdRow, ...]:
    """Return the other raw ids of a person, and by which links that stand each of them is theirs."""
    if subject.kind != "person":
        return ()
    ids = snapshot.ids_of(subject.id)
    if len(ids) == 1:
        return ()
    kept: dict[str, list[LinkRow]] = {one: [] for one in ids}
    for row in links_of(workspace, ids):
        if row.state == "applied":
            kept[row.one].append(row)
    return tuple(IdRow(one, tuple(links)) for one, links in kept.items())


def _facts(workspace: Workspace, subject: Subject) -> tuple[FactRow, ...]:
    """Return what was said of an account itself, as whoever asks may see it."""
    if subject.kind != "account":
        return ()
    return tuple(
        FactRow(one.kind, one.name, value, to_iso(one.at_us), one.source)
        for one in AccountFacts(workspace.store).of(subject.id)
        for value in shown(workspace.store, {one.name: one.value or ""}).values()
    )


def standing(way: Trail) -> Standing | None:
    """Return the step that the last event with one belongs to, and since when without another one between."""
    known = np.flatnonzero(way.step >= 0)
    if not len(known):
        return None
    codes = way.step[known]
    others = np.flatnonzero(codes != codes[-1])
    begun = known[int(others[-1]) + 1 if len(others) else 0]
    since = int(way.time_us[begun])
    name, step = way.steps[int(codes[-1])]
    return Standing(step, name, to_iso(since), (way.snapshot.last_us - since) / _MILLION)


def _months(way: Trail, extras: list[Extra], timezone: str) -> tuple[MonthRow, ...]:
    zone = ZoneInfo(timezone)
    times = [*way.time_us.tolist(), *(one.key[0] for one in extras)]
    # Days first: a person has far fewer days than moments, and only those are put into the calendar.
    hours = Counter(time // 900_000_000 for time in times)
    months: Counter[str] = Counter()
    for quarter, count in hours.items():
        months[f"{datetime.fromtimestamp(quarter * 900, zone):%Y-%m}"] += count
    return tuple(MonthRow(month, count) for month, count in sorted(months.items()))


def _kinds(way: Trail, extras: Counter[str]) -> tuple[KindRow, ...]:
    names: Counter[str] = Counter()
    for number, shard in enumerate(way.snapshot.shards):
        mine = shard.name[way.place[way.shard == number]]
        for code, count in zip(*np.unique(mine, return_counts=True), strict=True):
            names[way.snapshot.names[int(code)]] += int(count)
    rows = [KindRow("event", name, count) for name, count in names.most_common()]
    said = {"decision": "Decisions", "waiting": "Not in the numbers yet"}
    return (
        *(KindRow(kind, said[kind], extras[kind]) for kind in said if extras[kind]),
        *sorted(rows, key=lambda row: (-row.moments, row.name)),
    )
