"""Lists of people: the people behind a number of a map, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pathworth import value
from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf, PersonRow, row_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace
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


def people(
    workspace: Workspace,
    behind: value.Behind,
    *,
    map_name: str | None = None,
    selection: Selection | None = None,
    after: int = 0,
    limit: int = 50,
) -> PeoplePage:
    """Return a page of the people behind a number of a map.

    Parameters
    ----------
    workspace
        Where the journeys are.
    behind
        The number.
    map_name, selection
        What was priced.
    after, limit
        How many people are passed over, and how many follow at most.
    """
    document, _ = workspace.map(map_name)
    chosen = workspace.select(selection or Selection(), document)
    found = value.people(chosen, document, behind=behind, engine=workspace.engine)
    shards = found.snapshot.shards
    places = [(shards[int(shard)], int(one)) for shard, one in found.place[after : after + limit]]
    return page_of(places, found.snapshot, count=len(found), after=after)


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
