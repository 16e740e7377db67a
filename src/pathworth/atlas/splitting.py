"""Which property splits the future of an event, within the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pathworth.atlas.counting import Counts, Kind, events_of, held
from pathworth.atlas.likeness import divergence, shared_bits
from pathworth.journeys import Part, Question
from pathworth.store import ColumnInfo

MOST_VALUES = 32
"""A property with more distinct values than this tells things apart, not behaviours."""
LEAST_EVENTS, LEAST_PEOPLE = 50, 30
LEAST_SHARE = 0.10
"""Of the people who have the rarer value, so many must have the other one too."""
LEAST_BITS = 0.15
FALSE_SPLITS = 0.01


@dataclass(frozen=True)
class Values:
    """Counts of e events by v values of one property (value 0 is "none known"), integers only.

    Parameters
    ----------
    events, people
        int64[e, v].
    both
        int64[e, v, v]: people who have the event with both values.
    after, before
        int64[e, v, e + 1]: the next and previous event of another name, the last column for none; of people
        who have the event with more than one value only.
    """

    events: Counts
    people: Counts
    both: Counts
    after: Counts
    before: Counts


@dataclass(frozen=True)
class CountValues(Question[Values]):
    """Count what follows and precedes an event by the values of one property.

    Parameters
    ----------
    names
        The events.
    property
        A text property.
    """

    names: tuple[str, ...]
    property: str

    def fold(self, part: Part) -> Values:
        """Count one part."""
        size = len(self.names)
        wide = len(part.snapshot.columns[self.property].values) + 1
        found = events_of(part, [Kind(name) for name in self.names], gap_us=0)
        value = part.shard.columns[self.property][found.row].astype(np.int64)
        cell = found.code * wide + value
        met = held(found.entity, cell, size=size * wide)
        who, what = met // (size * wide), met % (size * wide)
        rows = part.last - part.first
        has = sparse.csr_array((np.ones_like(met), (who, what)), shape=(rows, size * wide))
        kinds = np.bincount(who * size + what // wide, minlength=rows * size)
        mixed = kinds[found.entity * size + found.code] > 1
        pairs = np.asarray((has.T @ has).todense()).reshape(size, wide, size, wide)
        after, before = _neighbours(found.code, found.entity, size)
        shape = (size, wide, size + 1)
        return Values(
            events=np.bincount(cell, minlength=size * wide).reshape(size, wide),
            people=np.bincount(what, minlength=size * wide).reshape(size, wide),
            both=pairs[np.arange(size), :, np.arange(size), :],
            after=_table(cell[mixed], after[mixed], shape),
            before=_table(cell[mixed], before[mixed], shape),
        )

    def merge(self, left: Values, right: Values) -> Values:
        """Add two partials."""
        return Values(*(getattr(left, f.name) + getattr(right, f.name) for f in fields(left)))


def _table(row: Counts, column: Counts, shape: tuple[int, int, int]) -> Counts:
    return np.bincount(row * shape[2] + column, minlength=int(np.prod(shape))).reshape(shape)


def _neighbours(code: Counts, entity: Counts, size: int) -> tuple[Counts, Counts]:
    """Return the next and the previous code that differs, in the same journey; ``size`` for none."""
    fresh = np.ones(len(code), dtype=bool)
    fresh[1:] = (code[1:] != code[:-1]) | (entity[1:] != entity[:-1])
    start = np.flatnonzero(fresh)
    run = np.cumsum(fresh) - 1
    of_run, who = code[start], entity[start]
    after, before = np.full(len(start), size), np.full(len(start), size)
    same = who[1:] == who[:-1]
    after[:-1][same] = of_run[1:][same]
    before[1:][same] = of_run[:-1][same]
    return after[run], before[run]


@dataclass(frozen=True)
class Split:
    """An event whose surroundings differ by the values of a property.

    ``bits`` is by how much between values, ``gain`` over all events of people who have more than one.
    """

    event: str
    property: str
    values: tuple[str | None, ...]
    bits: float
    gain: float


def candidates(columns: Mapping[str, ColumnInfo], *, leave_out: Sequence[str]) -> list[str]:
    """Return the text properties with few values."""
    return sorted(
        name
        for name, info in columns.items()
        if info.kind == "text" and 1 <= len(info.values) <= MOST_VALUES and name not in leave_out
    )


def choose(
    names: Sequence[str], counted: Mapping[str, Values], *, columns: Mapping[str, ColumnInfo]
) -> list[Split]:
    """Return at most one split per event: sure among all that were tried, large, within the same people."""
    from scipy import stats  # takes half a second to load, which is nothing for a discovery only

    tried = [
        found
        for name in counted
        if _of_behaviour(counted[name])
        for at, event in enumerate(names)
        if (found := _test(counted[name], Split(event, name, (), 0.0, 0.0), at, columns[name]))
    ]
    if not tried:
        return []
    # Benjamini-Yekutieli: the tests of one event by several properties lean on one another.
    rate = stats.false_discovery_control([p for _, p in tried], method="by")
    best: dict[str, Split] = {}
    for (split, _), wrong in zip(tried, rate, strict=True):
        known = best.get(split.event)
        if wrong <= FALSE_SPLITS and split.bits >= LEAST_BITS and _better(split, known):
            best[split.event] = split
    return [best[event] for event in sorted(best)]


def _of_behaviour(counted: Values) -> bool:
    """Return whether people change between known values of a property; otherwise it says who they are."""
    return any(_changed(counted, at)[1:, 1:].any() for at in range(len(counted.events)))


def _changed(counted: Values, at: int) -> NDArray[np.bool_]:
    """Return between which two values of a property enough people change at an event."""
    events, people, both = counted.events[at], counted.people[at], counted.both[at]
    enough = (events >= LEAST_EVENTS) & (people >= LEAST_PEOPLE)
    shared = both / np.maximum(np.minimum.outer(people, people), 1)
    changed: NDArray[np.bool_] = (shared >= LEAST_SHARE) & (both >= LEAST_PEOPLE)
    changed &= np.outer(enough, enough)
    np.fill_diagonal(changed, val=False)
    return changed


def _better(split: Split, known: Split | None) -> bool:
    return known is None or (split.gain, known.property) > (known.gain, split.property)


def _test(counted: Values, split: Split, at: int, info: ColumnInfo) -> tuple[Split, float] | None:
    """Return the split by values that people change between, and its p-value; null when too few change."""
    known = (None, *info.values)
    rows = np.flatnonzero(_changed(counted, at).any(axis=1))
    if len(rows) < 2:
        return None
    after, before = counted.after[at][rows], counted.before[at][rows]
    found = replace(
        split,
        values=tuple(known[row] for row in rows),
        bits=divergence(after) + divergence(before),
        gain=(shared_bits(after) + shared_bits(before)) * float(after.sum()),
    )
    return found, min(1.0, 2 * min(_p(after), _p(before)))


def _p(table: NDArray) -> float:
    """Return the p-value of the G test that the rows of a table are draws from one distribution."""
    from scipy import stats

    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        return 1.0
    return float(stats.chi2_contingency(table, lambda_="log-likelihood", correction=False).pvalue)
