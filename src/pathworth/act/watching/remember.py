"""A person's first state, from the snapshot, when the first event of theirs comes in."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from pathworth.act.watching.state import State, Where
from pathworth.act.watching.watch import Watch
from pathworth.base.durations import to_us
from pathworth.base.errors import UnknownName
from pathworth.base.instants import to_iso
from pathworth.journeys import (
    DeedAsked,
    Part,
    PatternAsked,
    Run,
    Step,
    event_mask,
    step_codes,
)
from pathworth.store import ColumnInfo, Shard, Snapshot

_ALL = np.empty(0, np.uint8)
_NULL_TIME = np.iinfo(np.int64).min
_index: list[tuple[weakref.ref[Snapshot], dict[str, tuple[int, int]]]] = []


def places_of(snapshot: Snapshot) -> Mapping[str, tuple[int, int]]:
    """Return the shard's number and the place in it of every person; kept for the newest snapshot."""
    if _index and _index[0][0]() is snapshot:
        return _index[0][1]
    found = {
        shard.id_of(entity): (number, entity)
        for number, shard in enumerate(snapshot.shards)
        for entity in range(shard.entities)
    }
    _index[:] = [(weakref.ref(snapshot), found)]
    return found


def remember(snapshot: Snapshot, entity: str, *, watch: Watch, before_seq: int) -> State:
    """Return what the snapshot knows of a person before an event.

    Parameters
    ----------
    snapshot
        The state of the store.
    entity
        Raw id; nobody of that id gives an empty state.
    watch
        The running programs, whose maps and questions are remembered.
    before_seq
        Events from this number on do not count.
    """
    place = _place(snapshot, entity, before_seq)
    if place is None:
        return State(looked=snapshot.id)
    shard, row, kept = place
    at, to = int(shard.offset[row]), int(shard.offset[row + 1])
    names = dict.fromkeys([*snapshot.columns, *sorted(watch.properties)])
    state = State(
        values=_values(snapshot, shard, kept + at, names),
        looked=snapshot.id,
        seq=int(shard.seq[kept + at].max()),
        last_us=int(shard.time_us[at + kept[-1]]),
    )
    part = Part(-1, shard, snapshot, row, row + 1, _ALL)
    times = shard.time_us[at:to]
    for name, document in watch.maps.items():
        steps = tuple(Step(one.id, one.rule) for one in document.steps if one.rule is not None)
        codes = step_codes(part, steps)[kept]
        state.places[name] = _where(
            [steps[code].name for code in codes if code >= 0],
            times[kept][codes >= 0].tolist(),
            to_us(document.session_gap),
        )
    for asked in watch.past.asked:
        if isinstance(asked, DeedAsked):
            held = _held(part, asked.rule)[kept].view(bool)
            state.deeds[asked.key] = sorted(times[kept][held].tolist())[-asked.most :]
        else:
            state.runs[asked.key] = _run(part, asked, kept)
    return state


def _run(part: Part, asked: PatternAsked, kept: np.ndarray) -> Run:
    """Return how far a pattern has come in a person's events."""
    names = np.zeros(len(kept), np.uint64)
    for k, rule in enumerate(asked.rules):
        names |= _held(part, rule)[kept].astype(np.uint64) << np.uint64(k)
    run, at = Run(), int(part.offset[0])
    for held, time_us in zip(names.tolist(), part.shard.time_us[at + kept].tolist(), strict=True):
        run.take(asked, held, time_us=time_us)
    return run


def _held(part: Part, rule: str) -> np.ndarray:
    """Return which events of a person hold a rule; none when no event carries yet what it speaks of."""
    try:
        return event_mask(part, rule)
    except UnknownName:
        return np.zeros(int(part.offset[-1] - part.offset[0]), np.uint8)


def recall(
    snapshot: Snapshot, entity: str, *, names: Iterable[str], before_seq: int
) -> dict[str, str]:
    """Return what a person's events before a number last said of some properties, as text."""
    place = _place(snapshot, entity, before_seq)
    if place is None:
        return {}
    shard, row, kept = place
    return _values(snapshot, shard, kept + int(shard.offset[row]), names)


def _place(
    snapshot: Snapshot, entity: str, before_seq: int
) -> tuple[Shard, int, NDArray[np.int64]] | None:
    """Return where a person lies, and which of their events come before a number; null when none does."""
    place = places_of(snapshot).get(entity)
    if place is None:
        return None
    shard, row = snapshot.shards[place[0]], place[1]
    at, to = int(shard.offset[row]), int(shard.offset[row + 1])
    kept = np.flatnonzero(shard.seq[at:to] < before_seq)
    return (shard, row, kept) if len(kept) else None


def fill(state: State, snapshot: Snapshot, *, watch: Watch, entity: str, before_seq: int) -> None:
    """Add what is asked about and the state lacks, since it was begun or imported after that was kept.

    What is not asked about any more is forgotten.
    """
    missing = watch.properties - state.values.keys()
    if missing and state.looked != snapshot.id:
        # Looked for once in each snapshot: an import may bring what nobody had said before.
        state.values |= recall(snapshot, entity, names=missing, before_seq=before_seq)
        state.looked = snapshot.id
    past = watch.past
    known = past.deeds == state.deeds.keys() and past.runs == state.runs.keys()
    if watch.maps.keys() <= state.places.keys() and known:
        return
    older = remember(snapshot, entity, watch=watch, before_seq=state.seq + 1)
    # What nobody remembers is written down as empty, so that it is looked for once.
    state.places = {**{name: Where() for name in watch.maps}, **older.places, **state.places}
    deeds = {**older.deeds, **state.deeds}
    runs = {**older.runs, **state.runs}
    state.deeds = {key: deeds.get(key, []) for key in past.deeds}
    state.runs = {key: runs.get(key) or Run() for key in past.runs}


def _where(steps: list[str], times: list[int], gap_us: int) -> Where:
    where = Where()
    for step, time_us in zip(steps, times, strict=True):
        if step != where.step or time_us - where.last_us > gap_us:
            where.step, where.since_us = step, time_us
        where.last_us = time_us
        where.times[step] = time_us
    return where


def _values(
    snapshot: Snapshot, shard: Shard, rows: NDArray[np.int64], names: Iterable[str]
) -> dict[str, str]:
    found = {}
    for name in names:
        info = snapshot.columns.get(name)
        if info is None or info.kind == "money":
            continue
        text = _last(info, shard.columns[name][rows])
        if text is not None:
            found[name] = text
    return found


def _last(info: ColumnInfo, cells: np.ndarray) -> str | None:
    """Return the newest known cell of a column as the text that an event would have said."""
    nulls = {"text": 0, "flag": 2, "money": 0, "time": _NULL_TIME}
    missing = np.isnan(cells) if info.kind == "number" else cells == nulls[info.kind]
    known = np.flatnonzero(~missing)
    return cell_text(info, cells[known[-1]]) if len(known) else None


def cell_text(info: ColumnInfo, cell: np.generic) -> str | None:
    """Return a cell of a column as the text that an event would have said, null for nothing."""
    match info.kind:
        case "text":
            return info.values[int(cell) - 1] if cell else None
        case "flag":
            return ("false", "true", None)[int(cell)]
        case "number":
            return None if np.isnan(cell) else _short(float(cell))
        case "money":
            return _short(int(cell) / 1e6) if cell else None
    return None if int(cell) == _NULL_TIME else to_iso(int(cell))


def _short(number: float) -> str:
    """Return a number as people write it, whole ones without decimals."""
    return repr(number).removesuffix(".0")
