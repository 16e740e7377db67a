"""Which journeys are asked about, and what a question must be able to do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pathworth.base.period import FOREVER_US, Period
from pathworth.store import Shard, Snapshot

P = TypeVar("P")


EVERYTHING = Period()


@dataclass(frozen=True)
class Step:
    """Behaviour with a name: a rule over events in the predicate language."""

    name: str
    rule: str


@dataclass(frozen=True)
class Slicing:
    """Units inside a journey that questions are asked of, in place of whole journeys.

    Parameters
    ----------
    kind
        ``session``: stretches one after the other. ``key``: the events with one value of a property.
    gap_us
        A longer pause begins a new session.
    rule
        Every event that holds it begins a new session.
    column
        Property whose value a unit keeps.
    """

    kind: Literal["session", "key"]
    gap_us: int = 0
    rule: str | None = None
    column: str | None = None


@dataclass(frozen=True)
class Journeys:
    """A selection: whose journeys, and which of their events.

    Parameters
    ----------
    snapshot
        The state of the store that is asked.
    where
        Predicate that keeps events; neighbours are then the kept events.
    who
        Predicate over traits and deeds that keeps entities as of the end of the period.
    period
        Cuts events by their time.
    steps
        Steps that ``did`` may name beside events, a name of theirs before an event's.
    slicing
        Units inside journeys that are asked about; null for whole journeys.
    """

    snapshot: Snapshot
    where: str | None = None
    who: str | None = None
    period: Period = EVERYTHING
    steps: tuple[Step, ...] = ()
    slicing: Slicing | None = None

    @property
    def until_us(self) -> int | None:
        """Return the instant as of which traits are read, null for the very end."""
        return None if self.period.to_us >= FOREVER_US else self.period.to_us


@dataclass(frozen=True)
class Part:
    """Whole entities of one group in one shard, as a kernel sees them; nothing is copied.

    ``first`` up to ``last`` are the entities; ``offset`` holds their absolute places in the shard's arrays.
    ``keep`` is uint8[n_event of the shard] with 1 for a selected event, or an empty array when all are.
    ``slicing`` says which units inside the journeys are meant.
    """

    group: int
    shard: Shard
    snapshot: Snapshot
    first: int
    last: int
    keep: NDArray[np.uint8]
    slicing: Slicing | None = None

    @property
    def place(self) -> int:
        """Return which of the snapshot's shards it is of; -1 where there is none."""
        return self.snapshot.places.get(id(self.shard), -1)

    @property
    def offset(self) -> NDArray[np.int64]:
        """Return int64[n + 1]: where the events of each entity of the part begin and end in the shard."""
        return self.shard.offset[self.first : self.last + 1]


class Question(Protocol[P]):
    """A frozen dataclass that folds parts into partials of integers and merges partials exactly."""

    def fold(self, part: Part) -> P:
        """Fold whole entities into a partial, in one pass."""
        ...

    def merge(self, left: P, right: P) -> P:
        """Add two partials; associative, commutative, exact."""
        ...


@runtime_checkable
class FoldsMany(Protocol):
    """A question whose partials are so large that several parts are folded into one."""

    def fold_all(self, parts: Sequence[Part]) -> object:
        """Return the same as merging the partials of the parts."""
        ...


class Engine(Protocol):
    """Where folds run: threads of this process, or a cluster."""

    def fold(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return the partials of the 64 groups, in order; a group without entities folds an empty part."""
        ...

    def total(self, journeys: Journeys, question: Question[P]) -> P:
        """Return one partial of everything, for answers whose partials are too large for 64 of them."""
        ...

    def units(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return one partial per entity with a kept event, by rising id, for small selections."""
        ...


@dataclass(frozen=True)
class AsOf:
    """Which state of the store an answer is about."""

    snapshot: str
    seq: int
