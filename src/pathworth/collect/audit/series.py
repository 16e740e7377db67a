"""How often an event came on the days on which one could have expected it, by the values of each property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import SourceEvents, Values
from pathworth.collect.audit.units import Together, Units

MOST_TEXTS = 1_000
"""A property of more values says nothing of a browser or a release."""
MOST_VALUES = 20
LEAST = 50
"""So many chances at least in all, else a cell is too small ever to say anything."""
Cells = NDArray[np.int64]


@dataclass(frozen=True)
class Series:
    """Chances and what came of them, day by day; a cell is a pair of events within a value of a property.

    Parameters
    ----------
    property, value
        int[cells]: place in ``properties``, 0 for all events whatever they say; and in that one's texts.
    pair
        int[cells]: place in ``Together.pairs``.
    chances, came
        int32[cells, days]: entity-days with the companion in that value, and how many of them held the event too.
    elsewhere, there
        The same within all other values of the property.
    """

    properties: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    property: NDArray[np.int64]
    value: NDArray[np.int64]
    pair: NDArray[np.int64]
    chances: NDArray[np.int32]
    came: NDArray[np.int32]
    elsewhere: NDArray[np.int32]
    there: NDArray[np.int32]


@dataclass(frozen=True)
class _Part:
    """The cells of one property."""

    value: NDArray[np.int64]
    pair: NDArray[np.int64]
    counts: tuple[NDArray[np.int32], ...]


def series_of(events: SourceEvents, units: Units, *, found: Together) -> Series:
    """Count every cell that is large enough to say something."""
    names: list[str] = [""]
    texts: list[tuple[str, ...]] = [("",)]
    every = np.ones(len(units.row), dtype=np.int64)
    parts = [_part(units, found, code=every, values=1, days=events.days)]
    for name, column in _columns(events):
        code, kept = _commonest(column)
        if len(kept) < 2:
            continue
        names.append(name)
        texts.append(kept)
        held = code[units.row]
        parts.append(_part(units, found, code=held, values=len(kept), days=events.days))
    number = np.repeat(np.arange(len(parts)), [len(part.value) for part in parts])
    return Series(
        tuple(names),
        tuple(texts),
        number,
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.pair for part in parts]),
        *(np.concatenate([part.counts[k] for part in parts]) for k in range(4)),
    )


def _columns(events: SourceEvents) -> Iterator[tuple[str, Values]]:
    for name in sorted(events.columns):
        column = events.columns[name]
        if 2 <= len(column.texts) <= MOST_TEXTS:
            yield name, column


def _commonest(column: Values) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return int64[n]: 1 and up for the commonest values, 0 for others and none; and their texts, by name."""
    counts = np.bincount(column.codes, minlength=len(column.texts) + 1)
    counts[0] = 0
    texts = column.texts
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda k: (-int(counts[k]), texts[k - 1]))
    kept = sorted(order[:MOST_VALUES], key=lambda k: texts[k - 1])
    table = np.zeros(len(counts), dtype=np.int64)
    table[kept] = np.arange(1, len(kept) + 1)
    return table[column.codes], tuple(texts[k - 1] for k in kept)


def _part(
    units: Units, found: Together, *, code: NDArray[np.int64], values: int, days: int
) -> _Part:
    """Count the cells of one property, given uint[units] of its values."""
    pairs, size = len(found.pairs), values + 1
    companions = int(units.name.max(initial=-1)) + 1
    chances = np.bincount(
        (units.name * size + code) * days + units.day, minlength=companions * size * days
    ).reshape(-1, size, days)[found.pairs[:, 0]]
    one, other = code[found.one], code[found.other]
    # An event that does not say the property is there all the same.
    meets = (one > 0) & ((other == one) | (other == 0))
    cell = (found.pair[meets] * size + one[meets]) * days + units.day[found.one[meets]]
    came = np.bincount(cell, minlength=pairs * size * days).reshape(pairs, size, days)
    chances, came = chances[:, 1:], came[:, 1:]
    large = chances.sum(axis=2) >= LEAST
    pair, value = np.nonzero(large)
    of, held = chances[large], came[large]
    rest, there = chances.sum(axis=1)[pair] - of, came.sum(axis=1)[pair] - held
    counts = tuple(one.astype(np.int32) for one in (of, held, rest, there))
    return _Part(value, pair, counts)
