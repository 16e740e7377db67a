"""What an entity did on one day, each event once, and which events come together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import SourceEvents

Rows = NDArray[np.int64]
TOGETHER = 30
"""So many entity-days at least must have held both events, else one says nothing of the other."""
LEAST_SHARE = 0.5
"""Also where a long fault is part of it, an event comes beside its companion on half of its days."""


@dataclass(frozen=True)
class Units:
    """Each event name once in each entity-day, by entity-day and name; one element each.

    Parameters
    ----------
    row
        Place of the first such event among the source's events.
    unit, name, day
        Number of the entity-day, code of the name, and the day.
    """

    row: Rows
    unit: Rows
    name: Rows
    day: Rows


@dataclass(frozen=True)
class Together:
    """Pairs of events, and where both came on an entity-day.

    Parameters
    ----------
    pairs
        int64[pairs, 2]: the event that goes on, and the one that is looked for beside it.
    pair, one, other
        For each entity-day that holds both: which pair, and the places of both in ``Units``.
    """

    pairs: NDArray[np.int64]
    pair: Rows
    one: Rows
    other: Rows


def units_of(events: SourceEvents) -> Units:
    """Return each event name once in each entity-day."""
    count = len(events.name)
    if not count:
        none = np.zeros(0, np.int64)
        return Units(none, none, none, none)
    begins = np.ones(count, dtype=np.bool_)
    begins[1:] = (np.diff(events.entity) != 0) | (np.diff(events.day) != 0)
    key = (np.cumsum(begins) - 1) * len(events.names) + events.name
    # Nearly in order already, which this sort is quick with.
    order = np.argsort(key, kind="stable")
    first = np.ones(count, dtype=np.bool_)
    first[1:] = np.diff(key[order]) != 0
    row = order[first]
    held = key[row]
    size = len(events.names)
    return Units(row, held // size, held % size, events.day[row].astype(np.int64))


def together(units: Units, names: int) -> Together:
    """Return for each event the two companions that say most of it, and where both came.

    One is the event beside which it comes most surely, the other the one beside which it comes most often.
    """
    counts = np.zeros(names * names, dtype=np.int64)
    for near, far in _neighbours(units):
        counts += np.bincount(units.name[near] * names + units.name[far], minlength=len(counts))
    both = counts.reshape(names, names)
    both = both + both.T
    alone = np.bincount(units.name, minlength=names)
    pairs = _companions(both, alone)
    number = np.full(names * names, -1, dtype=np.int64)
    number[pairs[:, 0] * names + pairs[:, 1]] = np.arange(len(pairs))
    none = np.zeros(0, np.int64)
    found = [(none, none, none)]
    for near, far in _neighbours(units) if len(pairs) else ():
        for one, other in ((near, far), (far, near)):
            pair = number[units.name[one] * names + units.name[other]]
            kept = pair >= 0
            found.append((pair[kept], one[kept], other[kept]))
    pair, one, other = (np.concatenate(part) for part in zip(*found, strict=True))
    return Together(pairs, pair, one, other)


def _companions(both: NDArray[np.int64], alone: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[pairs, 2] of (companion, event)."""
    share = both / np.maximum(alone + 10.0, 1.0)[:, None]
    fit = (both >= TOGETHER) & (share >= LEAST_SHARE)
    chosen: set[tuple[int, int]] = set()
    for event in np.flatnonzero(fit.any(axis=0)).tolist():
        for score in (share[:, event], both[:, event]):
            chosen.add((int(np.argmax(np.where(fit[:, event], score, -1.0))), event))
    return np.array(sorted(chosen), dtype=np.int64).reshape(-1, 2)


def _neighbours(units: Units) -> Iterator[tuple[Rows, Rows]]:
    """Yield the places of every two events of the same entity-day, by how far they stand apart."""
    near = np.arange(len(units.unit))
    apart = 0
    while len(near):
        apart += 1
        near = near[near + apart < len(units.unit)]
        near = near[units.unit[near + apart] == units.unit[near]]
        if len(near):
            yield near, near + apart
