"""One pass over journeys that counts which kinds of events meet in a visit and which follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pathworth.base.durations import to_us
from pathworth.journeys import Part, Question, event_mask
from pathworth.store import Snapshot

Counts = NDArray[np.int64]
P = TypeVar("P")
_ROOM = 2**26
"""A table of flags is faster than sorting, up to so many of them."""
_SINGLE = ("events", "people", "visits", "begins", "paid")


@dataclass(frozen=True)
class Kind:
    """A kind of events: a name, and where a property splits it the values that belong here.

    ``values`` null stands for every event of that name; a null among the values for "none known".
    """

    event: str
    property: str | None = None
    values: tuple[str | None, ...] | None = None


@dataclass(frozen=True)
class Moves:
    """What was counted of k kinds of events; integers only, so that partials add in any order.

    Parameters
    ----------
    totals
        int64[2]: entities and visits that have an event of any kind.
    events, people, visits, begins, paid
        int64[k]: events, entities that have one, visits that hold one, journeys that begin with one, events
        that carry money.
    together
        int64[k, k]: visits that hold both.
    beside
        int64[k, k]: consecutive events inside one visit.
    then
        int64[k, k + 1]: consecutive events of one journey; the last column counts ends of journeys.
    """

    totals: Counts
    events: Counts
    people: Counts
    visits: Counts
    begins: Counts
    paid: Counts
    together: Counts
    beside: Counts
    then: Counts

    def __add__(self, other: Moves) -> Moves:
        added = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Moves(**added)

    def grouped(self, code: Counts) -> Moves:
        """Add kinds up into clusters: ``code`` is int64[k], the cluster of each kind."""
        into = np.zeros((len(code), int(code.max()) + 1), dtype=np.int64)
        into[np.arange(len(code)), code] = 1
        ends = into.T @ self.then[:, -1]
        single = {name: into.T @ getattr(self, name) for name in _SINGLE}
        return Moves(
            **single,
            totals=self.totals,
            together=into.T @ self.together @ into,
            beside=into.T @ self.beside @ into,
            then=np.column_stack([into.T @ self.then[:, :-1] @ into, ends]),
        )

    def only(self, kept: list[int]) -> Moves:
        """Return the counts of some kinds, moves to and from the others left out."""
        square = np.ix_(kept, kept)
        single = {name: getattr(self, name)[kept] for name in _SINGLE}
        return Moves(
            **single,
            totals=self.totals,
            together=self.together[square],
            beside=self.beside[square],
            then=self.then[np.ix_(kept, [*kept, self.then.shape[1] - 1])],
        )


@dataclass(frozen=True)
class Events:
    """The kept events of a part as flat arrays: kind, entity and visit of each, in journey order."""

    code: Counts
    entity: Counts
    visit: Counts
    row: Counts


@dataclass(frozen=True)
class CountMoves(Question[Moves]):
    """Count the moves between kinds of events.

    Parameters
    ----------
    kinds
        Events of no kind are passed over as if they had not been.
    code
        What is counted: the cluster of each kind, from 0.
    session_gap
        A longer pause starts a new visit.
    """

    kinds: tuple[Kind, ...]
    code: tuple[int, ...]
    session_gap: str = "30m"

    def fold(self, part: Part) -> Moves:
        """Count one part."""
        found = events_of(part, self.kinds, gap_us=to_us(self.session_gap))
        size = max(self.code) + 1
        code = np.asarray(self.code, dtype=np.int64)[found.code]
        entity, visit = found.entity, found.visit
        begins = np.ones(len(code), dtype=bool)
        begins[1:] = entity[1:] != entity[:-1]
        ends = np.ones(len(code), dtype=bool)
        ends[:-1] = begins[1:]
        pair = code[:-1] * size + code[1:]
        then = np.bincount(pair[~begins[1:]], minlength=size * size).reshape(size, size)
        same = visit[1:] == visit[:-1]
        holds, has = _holds(visit, code, size), held(entity, code, size=size)
        value = part.shard.columns["value"][found.row]
        return Moves(
            totals=np.array([begins.sum(), visit[-1] + 1 if len(visit) else 0]),
            events=np.bincount(code, minlength=size),
            people=np.bincount(has % size, minlength=size),
            visits=np.asarray(holds.sum(axis=0)).ravel(),
            begins=np.bincount(code[begins], minlength=size),
            paid=np.bincount(code[value != 0], minlength=size),
            together=np.asarray((holds.T @ holds).todense()),
            beside=np.bincount(pair[same], minlength=size * size).reshape(size, size),
            then=np.column_stack([then, np.bincount(code[ends], minlength=size)]),
        )

    def merge(self, left: Moves, right: Moves) -> Moves:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class CountOrder(Question[Counts]):
    """Count in how many journeys one kind is first met before another: int64[k, k]."""

    kinds: tuple[Kind, ...]
    code: tuple[int, ...]

    def fold(self, part: Part) -> Counts:
        """Count one part."""
        found = events_of(part, self.kinds, gap_us=to_us("30m"))
        step = np.asarray(self.code, dtype=np.int64)[found.code]
        size = max(self.code) + 1
        never = np.iinfo(np.int64).max
        first = np.full((part.last - part.first, size), never, dtype=np.int64)
        np.minimum.at(first, (found.entity, step), np.arange(len(step)))
        met = first < never
        return np.array([((first[:, [a]] < first) & met).sum(axis=0) for a in range(size)])

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def _holds(where: Counts, code: Counts, size: int) -> sparse.csr_array:
    """Return one row per visit or entity with a 1 for every kind in it."""
    key = held(where, code, size=size)
    rows = int(where[-1]) + 1 if len(where) else 0
    ones = np.ones(len(key), dtype=np.int64)
    return sparse.csr_array((ones, (key // size, key % size)), shape=(rows, size))


def held(where: Counts, code: Counts, *, size: int) -> Counts:
    """Return ``where * size + code`` of every visit or entity and what is in it, once each and in order."""
    key = where * size + code
    room = (int(where[-1]) + 1) * size if len(where) else 0
    if room > _ROOM:
        return np.unique(key)
    flags = np.zeros(room, dtype=bool)
    flags[key] = True
    return np.flatnonzero(flags)


def events_of(part: Part, kinds: Sequence[Kind], *, gap_us: int) -> Events:
    """Return the kept events of a part that are of some kind, with their entity and visit."""
    first, last = int(part.offset[0]), int(part.offset[-1])
    code = codes_of(part, kinds)
    entity = np.repeat(np.arange(part.last - part.first), np.diff(part.offset))
    kept = code >= 0
    if part.keep.size:
        kept &= part.keep[first:last] != 0
    row = np.flatnonzero(kept)
    code, entity, row = code[row], entity[row], row + first
    time = part.shard.time_us[row]
    fresh = np.ones(len(row), dtype=np.int64)
    fresh[1:] = (entity[1:] != entity[:-1]) | (time[1:] - time[:-1] > gap_us)
    return Events(code, entity, np.cumsum(fresh) - 1, row)


def codes_of(part: Part, kinds: Sequence[Kind]) -> Counts:
    """Return int64[events of the part]: the kind of each event, -1 for none."""
    first, last = int(part.offset[0]), int(part.offset[-1])
    name = part.shard.name[first:last]
    lookup = np.full(len(part.snapshot.names) + 1, -1, dtype=np.int64)
    place = {event: at for at, event in enumerate(part.snapshot.names)}
    split = []
    for at, kind in enumerate(kinds):
        if kind.property is None:
            lookup[place[kind.event]] = at
        else:
            split.append((at, kind, place[kind.event]))
    code: Counts = lookup[name]
    for at, kind, event in split:
        rows = np.flatnonzero(name == event)
        held = part.shard.columns[kind.property or ""][first:last][rows]
        code[rows[_values(part.snapshot, kind)[held]]] = at
    return code


def _values(snapshot: Snapshot, kind: Kind) -> NDArray[np.bool_]:
    """Return which codes of a text column belong to a kind."""
    known = (None, *snapshot.columns[kind.property or ""].values)
    if kind.values is None:
        return np.ones(len(known), dtype=bool)
    wanted = set(kind.values)
    return np.array([value in wanted for value in known])


@dataclass(frozen=True)
class CountKinds(Question[Counts]):
    """Count the events of each kind and the entities that have it: int64[k, 2]."""

    kinds: tuple[Kind, ...]

    def fold(self, part: Part) -> Counts:
        """Count one part."""
        found, size = events_of(part, self.kinds, gap_us=0), len(self.kinds)
        people = held(found.entity, found.code, size=size) % size
        return np.column_stack([np.bincount(one, minlength=size) for one in (found.code, people)])

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class CountMatches(Question[Counts]):
    """Count the events of each kind for which a predicate holds: int64[k]."""

    kinds: tuple[Kind, ...]
    rule: str

    def fold(self, part: Part) -> Counts:
        """Count one part."""
        found = events_of(part, self.kinds, gap_us=0)
        holds = event_mask(part, self.rule)[found.row - int(part.offset[0])] != 0
        return np.bincount(found.code[holds], minlength=len(self.kinds))

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


@dataclass(frozen=True)
class SomePeople(Question[P]):
    """Ask a question of the people of the first so many groups only: a random part of all."""

    question: Question[P]
    groups: int

    def fold(self, part: Part) -> P:
        """Fold a part, an empty one in its place when its group is not asked."""
        asked = part if part.group < self.groups else replace(part, last=part.first)
        return self.question.fold(asked)

    def merge(self, left: P, right: P) -> P:
        """Merge two partials."""
        return self.question.merge(left, right)
