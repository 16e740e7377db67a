"""What a workspace holds: its size, its maps, and its columns for those who build a filter, or write one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pathworth.base.errors import PathworthError
from pathworth.base.instants import to_iso
from pathworth.base.predicate import character_of, parse
from pathworth.journeys import AsOf, Speaks, check_predicate
from pathworth.run.privacy.keeping import EventsKept, events_kept
from pathworth.run.privacy.sensitive import warnings
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace
from pathworth.store import Inbox, Snapshot

COMMONEST = 20
MOST_SORTED = 100_000
"""Of a column with more values, such as addresses, none is so common that a list of them would help."""


@dataclass(frozen=True)
class MapName:
    """The newest revision of a map."""

    name: str
    revision: int
    created: str


@dataclass(frozen=True)
class Overview:
    """What a workspace holds; ``from_`` and ``to`` are null when it is empty.

    ``excluded`` says how many people each rule leaves out, ``waiting`` how many events no answer counts yet, and
    ``counted`` until when every event that was handed in is counted, ``behind_seconds`` how long ago that is; both
    are null when it was very long ago. ``kept`` says from when on events are kept; null where all are, for ever.
    """

    name: str
    currency: str
    timezone: str
    entities: int
    events: int
    from_: str | None
    to: str | None
    maps: tuple[MapName, ...]
    as_of: AsOf
    excluded: dict[str, int]
    waiting: int
    counted: str | None
    behind_seconds: float | None
    kept: EventsKept | None = None


@dataclass(frozen=True)
class ColumnValue:
    """A value of a column, and on how many events it stands."""

    value: str
    count: int


@dataclass(frozen=True)
class ColumnRow:
    """A column that a filter can speak of, with its commonest values when it is text.

    One that is not ``built`` becomes a column when somebody first asks for it, which takes a while; its kind is
    ``unknown`` where not all of its texts were seen.
    """

    name: str
    kind: str
    values: tuple[ColumnValue, ...]
    built: bool = True


def overview(workspace: Workspace) -> Overview:
    """Say what a workspace holds."""
    snapshot = workspace.store.snapshot()
    inbox, empty = Inbox(workspace.store), snapshot.events == 0
    until = inbox.counted_until(snapshot.seq)
    maps = tuple(MapName(m.name, m.revision, m.created_at) for m in workspace.store.maps())
    return Overview(
        name=workspace.store.path.resolve().name,
        currency=snapshot.currency,
        timezone=snapshot.timezone,
        entities=snapshot.entities,
        events=snapshot.events,
        from_=None if empty else to_iso(snapshot.first_us),
        to=None if empty else to_iso(snapshot.last_us),
        maps=maps,
        as_of=AsOf(snapshot.id, snapshot.seq),
        excluded=dict(snapshot.excluded),
        waiting=inbox.count(after=snapshot.seq)[0],
        counted=None if until is None else to_iso(until),
        behind_seconds=None if until is None else round(max(time.time() - until / 1e6, 0.0), 1),
        kept=events_kept(workspace),
    )


def columns(workspace: Workspace) -> tuple[ColumnRow, ...]:
    """Return the columns that a filter can speak of: the event's name first, then properties by name.

    Properties that are no columns yet are among them; none is made for this list.
    """
    snapshot = workspace.store.snapshot()
    counted = _counted(snapshot, [shard.name for shard in snapshot.shards], len(snapshot.names))
    rows = [ColumnRow("event", "text", _commonest(snapshot.names, counted))]
    for name in sorted({*snapshot.columns, *snapshot.on_use}):
        other = snapshot.on_use.get(name)
        if other is None or other.built:
            rows.append(ColumnRow(name, snapshot.columns[name].kind, _values(snapshot, name)))
        else:
            rows.append(ColumnRow(name, other.kind or "unknown", (), built=False))
    return tuple(rows)


def _values(snapshot: Snapshot, name: str) -> tuple[ColumnValue, ...]:
    info = snapshot.columns[name]
    if info.kind != "text" or (name in snapshot.on_use and len(info.values) > MOST_SORTED):
        return ()
    held = _counted(
        snapshot, [shard.columns[name] for shard in snapshot.shards], len(info.values) + 1
    )
    return _commonest(info.values, held[1:])


def _counted(snapshot: Snapshot, codes: list[np.ndarray], size: int) -> np.ndarray:
    """Return how many events have each code, those of people whom no answer counts apart."""
    shown = (one[snapshot.shown_events(place)] for place, one in enumerate(codes))
    return sum((np.bincount(one, minlength=size) for one in shown), np.zeros(size, np.int64))


def _commonest(
    names: Sequence[str], counts: np.ndarray, most: int | None = COMMONEST
) -> tuple[ColumnValue, ...]:
    order = sorted(range(len(names)), key=lambda k: (-int(counts[k]), names[k]))[:most]
    return tuple(ColumnValue(names[k], int(counts[k])) for k in order if counts[k])


@dataclass(frozen=True)
class StepChoice:
    """A step of the map that a question can take; ``word`` is what the question takes it by."""

    id: str
    name: str
    stage: str | None
    word: str


@dataclass(frozen=True)
class SplitChoice:
    """A property that breaks an answer down, and into how many values.

    One that is not ``built`` becomes a column when an answer is first broken down by it; how many values it has
    is not known before.
    """

    name: str
    values: int | None
    built: bool = True


@dataclass(frozen=True)
class Choices:
    """What a question can be made of: every event, commonest first, the map's observed steps, and properties.

    ``numbers`` are the properties that can be added up, money first.
    """

    map: str | None
    events: tuple[ColumnValue, ...]
    steps: tuple[StepChoice, ...]
    splits: tuple[SplitChoice, ...]
    numbers: tuple[str, ...]


def choices(workspace: Workspace, map_name: str | None = None) -> Choices:
    """Return what a question can be made of, without words of any language.

    Parameters
    ----------
    workspace
        Where the journeys are.
    map_name
        Whose steps; the first map unless given, none while no map was kept.
    """
    snapshot = workspace.store.snapshot()
    counted = _counted(snapshot, [shard.name for shard in snapshot.shards], len(snapshot.names))
    document = workspace.known_map(map_name)
    seen = [one for one in document.steps if one.rule] if document is not None else []
    steps = [StepChoice(s.id, s.name, s.stage, f"{s.name} := {s.rule}") for s in seen]
    splits = tuple(_splits(snapshot))
    names = _commonest(snapshot.names, counted, most=None)
    numbers = ("value", "cost", *_numbers(snapshot))
    return Choices(document.name if document else None, names, tuple(steps), splits, numbers)


def _numbers(snapshot: Snapshot) -> list[str]:
    """Return the properties of numbers by name; no column is made for that."""
    kinds = {name: info.kind for name, info in snapshot.columns.items()}
    kinds |= {name: one.kind for name, one in snapshot.on_use.items() if one.kind is not None}
    return sorted(name for name, kind in kinds.items() if kind == "number")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a filter: at which character of it, from 0, where that is known, and what to do."""

    code: str
    message: str
    hint: str
    at: int | None


@dataclass(frozen=True)
class CheckedFilter:
    """A filter as it was written, what is wrong with it, and what its author should know of the columns it reads."""

    text: str
    mistake: Mistake | None
    warnings: tuple[str, ...] = ()


def check_filter(
    workspace: Workspace,
    text: str,
    *,
    keeps: Literal["who", "where"],
    map_name: str | None = None,
) -> CheckedFilter:
    """Say whether a filter can be asked of this workspace, without asking it.

    Parameters
    ----------
    workspace
        Whose columns, steps and segments it speaks of.
    text
        A predicate over people (``who``) or over events (``where``).
    keeps
        Which of the two.
    map_name
        Whose steps its functions may name; the first map unless given.
    """
    said = Selection(who=text) if keeps == "who" else Selection(where=text)
    try:
        parse(text)
        chosen = workspace.select(said, map_name=map_name)
        if chosen.snapshot.events:
            speaks: Speaks = "people" if keeps == "who" else "events"
            check_predicate(chosen.snapshot, text, speaks=speaks, steps=chosen.steps)
    except PathworthError as error:
        at = character_of(error)
        return CheckedFilter(text, Mistake(error.code, error.message, error.hint, at))
    return CheckedFilter(text, None, warnings(workspace.store, text, of="the filter"))


def _splits(snapshot: Snapshot) -> Iterator[SplitChoice]:
    """Yield the properties that an answer can be broken down by, by name; no column is made for that."""
    for name in sorted({*snapshot.traits, *snapshot.on_use}):
        other = snapshot.on_use.get(name)
        if other is not None and not other.built:
            if other.kind in {"text", "flag", None}:
                yield SplitChoice(name, None, built=False)
            continue
        info = snapshot.columns[name]
        if info.kind in {"text", "flag"}:
            yield SplitChoice(name, len(info.values) if info.kind == "text" else 2)
