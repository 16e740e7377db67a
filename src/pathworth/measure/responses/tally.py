"""Which things known of the asked are looked at: values of properties, and events done before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.measure.responses.moments import NULL, Moments, Survey, Whole
from pathworth.store import Snapshot

MOST_VALUES, MOST_EVENTS = 8, 30
"""Values of one property, and events, that are looked at."""
LEAST, OF = 1, 20
"""Fewer than this share of the asked, or all but fewer, tell too little to be looked at."""
CELLS = 1 << 24
"""People times events that are marked at a time."""


@dataclass(frozen=True)
class Mark:
    """Something that is so of a person or not.

    Parameters
    ----------
    name
        As it is told.
    column
        The property whose last value it is about; null for an event done before.
    code
        The value as ``Moments.known`` gives it, or the event's name by code.
    """

    name: str
    column: str | None
    code: int


@dataclass(frozen=True)
class Counts:
    """What the asked of a part were known by.

    Parameters
    ----------
    asked
        How many they are.
    done
        int64[names]: how many had done each event.
    told
        bool[properties]: whether another event than those of the survey had said it.
    values
        int64[v, 2] for each property: codes by rising code, and how many were known by each.
    """

    asked: int
    done: Whole
    told: NDArray[np.bool_]
    values: tuple[Whole, ...]


@dataclass(frozen=True)
class Tally:
    """The question for what the asked were known by, before they were asked."""

    survey: Survey
    properties: tuple[str, ...]

    def fold(self, part: Part) -> Counts:
        """Count the asked of a part."""
        moments = Moments(part, self.survey)
        codes = [np.unique(moments.known(one), return_counts=True) for one in self.properties]
        return Counts(
            len(moments),
            _done(moments),
            np.array([_told(moments, one) for one in self.properties], np.bool_),
            tuple(np.stack(one, axis=1).astype(np.int64) for one in codes),
        )

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return Counts(
            left.asked + right.asked,
            left.done + right.done,
            left.told | right.told,
            tuple(_added(a, b) for a, b in zip(left.values, right.values, strict=True)),
        )


def properties_of(snapshot: Snapshot, *, but: str) -> tuple[str, ...]:
    """Return the texts and flags that people keep as traits, ``but`` the answer itself, by name."""
    there = (name for name in snapshot.columns if name in snapshot.traits and name != but)
    return tuple(sorted(name for name in there if snapshot.columns[name].kind in NULL))


def marks_of(
    counts: Counts, snapshot: Snapshot, *, properties: tuple[str, ...]
) -> tuple[Mark, ...]:
    """Return what is looked at, by name: what at least 5 % and at most 95 % of the asked have, the commonest."""
    found = []
    for name, told, values in zip(properties, counts.told.tolist(), counts.values, strict=True):
        info = snapshot.columns[name]
        words = ("false", "true") if info.kind == "flag" else info.values
        often = [(Mark(f"{name} = {words[k - 1]}", name, k), n) for k, n in _some(values, counts)]
        found += _commonest(often if told else [], MOST_VALUES)
    done = np.stack([np.arange(1, len(counts.done) + 1), counts.done], axis=1)
    names = [(Mark(f"did {snapshot.names[k - 1]}", None, k - 1), n) for k, n in _some(done, counts)]
    found += _commonest(names, MOST_EVENTS)
    return tuple(sorted(found, key=lambda one: (one.name, one.column is None)))


def _some(table: Whole, counts: Counts) -> list[tuple[int, int]]:
    """Return the codes above 0, with how many, that neither too few nor too many of the asked have."""
    code, many = table[:, 0], table[:, 1]
    least = counts.asked * LEAST
    held = (code > 0) & (many > 0) & (many * OF >= least) & ((counts.asked - many) * OF >= least)
    return [(int(k), int(n)) for k, n in table[held]]


def _commonest(marks: list[tuple[Mark, int]], most: int) -> list[Mark]:
    # By name where as many have both: codes say only what came first into the store.
    ranked = sorted(marks, key=lambda one: (-one[1], one[0].name))
    return [mark for mark, _ in ranked[:most]]


def _done(moments: Moments) -> Whole:
    """Return int64[names]: how many of the asked had done each event before."""
    names = len(moments.part.snapshot.names)
    before = moments.before
    name = moments.of(moments.part.shard.name)[before.place].astype(np.int64)
    found = np.zeros(names, np.int64)
    step = max(CELLS // max(names, 1), 1)
    for first in range(0, len(moments), step):
        few = min(step, len(moments) - first)
        low, high = np.searchsorted(before.whose, [first, first + few])
        seen = np.zeros((few, names), np.bool_)
        seen[before.whose[low:high] - first, name[low:high]] = True
        found += seen.sum(axis=0)
    return found


def _told(moments: Moments, name: str) -> bool:
    """Return whether another event than those of the survey said a property before somebody was asked."""
    shard, place = moments.part.shard, moments.before.place
    if name not in shard.columns:
        return False
    null = NULL[moments.part.snapshot.columns[name].kind]
    said = moments.of(shard.columns[name])[place] != null
    return bool((said & ~(moments.asks | moments.answers)[place]).any())


def _added(left: Whole, right: Whole) -> Whole:
    both = np.concatenate([left, right])
    code, place = np.unique(both[:, 0], return_inverse=True)
    many = np.zeros(len(code), np.int64)
    np.add.at(many, place, both[:, 1])
    return np.stack([code, many], axis=1)
