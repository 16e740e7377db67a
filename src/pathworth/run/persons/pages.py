"""One page of a list of people, whatever number they stand behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf, PersonRow, row_of
from pathworth.store import Shard, Snapshot


@dataclass(frozen=True)
class PeoplePage:
    """One page of the people behind a number.

    ``count`` is how many people there are, ``next`` where the next page begins. ``units`` is the number itself where
    it counts sessions, units or attempts of these people, and not them.
    """

    count: int
    people: tuple[PersonRow, ...]
    next: int | None
    as_of: AsOf
    units: int | None = field(default=None, metadata=ON_REQUEST)


def page_of(
    places: Sequence[tuple[Shard, int]], snapshot: Snapshot, *, count: int, after: int
) -> PeoplePage:
    """Return one page of people.

    Parameters
    ----------
    places
        Those of the page: their shard, and their place in it.
    snapshot
        Where they were found.
    count
        How many there are in all.
    after
        How many were passed over.
    """
    rows = tuple(row_of(shard, one) for shard, one in places)
    following = after + len(rows) if after + len(rows) < count else None
    return PeoplePage(count, rows, following, AsOf(snapshot.id, snapshot.seq))
