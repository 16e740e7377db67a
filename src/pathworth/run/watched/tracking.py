"""The tracking plan: events that maps, programs, experiments and people expect, held against those that came."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pathworth import act, learn, store
from pathworth.base.errors import BadInput
from pathworth.base.instants import to_iso
from pathworth.run.watched.naming import Named, named_in
from pathworth.run.workspace import Workspace
from pathworth.store import Snapshot

State = Literal["seen", "not seen", "not planned"]
SOURCE = "source"
_ORDER: dict[State, int] = {"not seen": 0, "not planned": 1, "seen": 2}
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class TrackedEvent:
    """An event of the plan, or one that came without being planned.

    Parameters
    ----------
    event, state
        Its name; ``seen`` or ``not seen`` where somebody expects it, else ``not planned``.
    expected_by
        Who expects it, in words: a step of a map, a program, an experiment, a person.
    by_hand
        Whether a person said so, and can take it back.
    lacks
        Properties that a rule asks of it and that it never said.
    first, last
        When it came first and last, ISO; null when it never did.
    count, week, month
        How often in all, and in the 7 and 28 days before the newest event.
    sources
        Where it comes from.
    """

    event: str
    state: State
    expected_by: tuple[str, ...]
    by_hand: bool
    lacks: tuple[str, ...]
    first: str | None
    last: str | None
    count: int
    week: int
    month: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Tracking:
    """The plan: what was not seen first, then what was not planned; how many of each, and up to when it counts."""

    seen: int
    not_seen: int
    not_planned: int
    until: str | None
    events: tuple[TrackedEvent, ...]


@dataclass
class _Wanted:
    """Who expects one event, and what is asked of it."""

    by: list[str] = field(default_factory=list)
    properties: set[str] = field(default_factory=set)
    by_hand: bool = False


@dataclass(frozen=True)
class _Came:
    """What came of each event of a snapshot, by its code: int64[names], and bool[sources, names]."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    count: NDArray[np.int64]
    week: NDArray[np.int64]
    month: NDArray[np.int64]
    sources: NDArray[np.bool_]


def tracking(workspace: Workspace) -> Tracking:
    """Hold the events that somebody expects against those that came."""
    snapshot = workspace.store.whole_snapshot()
    wanted = _wanted(workspace)
    until = min(snapshot.last_us, time.time_ns() // 1000)
    came = _came(snapshot, until)
    texts = _sources(workspace, snapshot)
    places = {name: code for code, name in enumerate(snapshot.names) if came.count[code]}
    rows = [
        _row(name, wanted.get(name), places.get(name), came=came, snapshot=snapshot, texts=texts)
        for name in sorted(wanted.keys() | places.keys())
    ]
    rows.sort(key=lambda row: (_ORDER[row.state], row.event))
    counts = [row.state for row in rows]
    return Tracking(
        seen=counts.count("seen"),
        not_seen=counts.count("not seen"),
        not_planned=counts.count("not planned"),
        until=to_iso(until) if snapshot.events else None,
        events=tuple(rows),
    )


def expect_event(workspace: Workspace, name: str, *, note: str = "", author: str = "") -> Tracking:
    """Say that an event is to be expected, and return the plan.

    Raises
    ------
    BadInput
        ``NO_EVENT_NAME``.
    """
    if not name.strip():
        raise BadInput("NO_EVENT_NAME", "The event has no name.", "Name it as it will be sent.")
    held = store.ExpectedEvents(workspace.store)
    held.say(name.strip(), note=note.strip(), author=author)
    return tracking(workspace)


def unexpect_event(workspace: Workspace, name: str) -> Tracking:
    """Take back that an event is to be expected; raises ``UNKNOWN_EXPECTED_EVENT``."""
    store.ExpectedEvents(workspace.store).drop(name)
    return tracking(workspace)


def _wanted(workspace: Workspace) -> dict[str, _Wanted]:
    found: dict[str, _Wanted] = defaultdict(_Wanted)
    for by, named in _named(workspace):
        for name in sorted(named.events):
            if by not in found[name].by:
                found[name].by.append(by)
            found[name].properties |= named.properties
    for said in store.ExpectedEvents(workspace.store).all():
        note = f": {said.note}" if said.note else ""
        found[said.name].by.append(f"{said.author or 'a person'}{note}")
        found[said.name].by_hand = True
    return dict(found)


def _named(workspace: Workspace) -> Iterator[tuple[str, Named]]:
    """Yield who names which events: steps of maps, programs, experiments."""
    maps = {one.name: workspace.map(one.name)[0] for one in workspace.store.maps()}
    steps: set[str] = set()
    for name, document in sorted(maps.items()):
        steps |= {word for one in document.steps for word in (one.id, one.name)}
        for step in document.steps:
            for named in named_in(step.rule) if step.rule else ():
                yield f"step {step.name} of the map {name}", named
            for sign in step.signs:
                for named in named_in(sign.rule):
                    yield f"sign {sign.name} of the step {step.name} of the map {name}", named
        if document.noise:
            yield f"no step, says the map {name}", Named(frozenset(document.noise), frozenset())
    for program in act.programs(workspace.store):
        one = program.program
        mutes = one.guardrail.event if one.guardrail else None
        for text in (one.exit, mutes, one.who):
            yield from _asked(f"program {one.name}", text, steps)
    for record in store.Experiments(workspace.store).all():
        asked = learn.load_experiment(record.document)
        yield from _asked(f"experiment {asked.id}", asked.protest, steps)


def _asked(by: str, text: str | None, steps: set[str]) -> Iterator[tuple[str, Named]]:
    for named in named_in(text) if text else ():
        yield by, Named(named.events - steps, named.properties)


def _came(snapshot: Snapshot, until: int) -> _Came:
    size = len(snapshot.names)
    sources = len(snapshot.columns[SOURCE].values) + 1 if SOURCE in snapshot.columns else 1
    first = np.full(size, np.iinfo(np.int64).max)
    last = np.full(size, np.iinfo(np.int64).min)
    counts = np.zeros((3, size), dtype=np.int64)
    there = np.zeros(sources * size, dtype=np.bool_)
    for place, shard in enumerate(snapshot.shards):
        shown = snapshot.shown_events(place)
        name, times = shard.name[shown].astype(np.int64), shard.time_us[shown]
        np.minimum.at(first, name, times)
        np.maximum.at(last, name, times)
        for row, days in enumerate((None, 7, 28)):
            kept = name if days is None else name[_within(times, until, days)]
            counts[row] += np.bincount(kept, minlength=size)
        codes = shard.columns[SOURCE][shown].astype(np.int64) if sources > 1 else 0
        there |= np.bincount(codes * size + name, minlength=sources * size) > 0
    count, week, month = counts
    return _Came(first, last, count, week, month, there.reshape(sources, size))


def _within(times: NDArray[np.int64], until: int, days: int) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = (times <= until) & (times > until - days * DAY_US)
    return within


def _sources(workspace: Workspace, snapshot: Snapshot) -> tuple[str, ...]:
    """Return what the sources are called, by code."""
    only = store.only_source(workspace.store)
    return (only, *snapshot.columns[SOURCE].values) if SOURCE in snapshot.columns else (only,)


def _row(
    name: str,
    wanted: _Wanted | None,
    code: int | None,
    *,
    came: _Came,
    snapshot: Snapshot,
    texts: tuple[str, ...],
) -> TrackedEvent:
    state: State = "not planned" if wanted is None else "not seen" if code is None else "seen"
    return TrackedEvent(
        event=name,
        state=state,
        expected_by=() if wanted is None else tuple(wanted.by),
        by_hand=wanted is not None and wanted.by_hand,
        lacks=() if wanted is None or code is None else _lacks(snapshot, code, wanted.properties),
        first=None if code is None else to_iso(int(came.first[code])),
        last=None if code is None else to_iso(int(came.last[code])),
        count=0 if code is None else int(came.count[code]),
        week=0 if code is None else int(came.week[code]),
        month=0 if code is None else int(came.month[code]),
        sources=() if code is None else _those(texts, came.sources[:, code]),
    )


def _those(texts: tuple[str, ...], there: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(texts[k] for k in np.flatnonzero(there).tolist())


def _lacks(snapshot: Snapshot, code: int, properties: set[str]) -> tuple[str, ...]:
    """Return the properties that an event never says; one that is no column yet is not looked at."""
    return tuple(
        name
        for name in sorted(properties)
        if name not in snapshot.on_use and not _says(snapshot, code, name)
    )


def _says(snapshot: Snapshot, code: int, name: str) -> bool:
    if name not in snapshot.columns:
        return False
    kind = snapshot.columns[name].kind
    for place, shard in enumerate(snapshot.shards):
        shown = snapshot.shown_events(place)
        held = shard.columns[name][shown][shard.name[shown] == code]
        if len(held) and bool(_filled(held, kind).any()):
            return True
    return False


def _filled(held: NDArray, kind: store.Kind) -> NDArray[np.bool_]:
    nothing = {"flag": 2, "time": np.iinfo(np.int64).min}.get(kind, 0)
    filled: NDArray[np.bool_] = ~np.isnan(held) if kind == "number" else held != nothing
    return filled
