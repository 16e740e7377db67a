"""Lists of people: the people behind a number of a map, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from pathworth import value
from pathworth.journeys import AsOf, PersonRow, row_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class PeoplePage:
    """One page of the people behind a number; ``count`` is the number itself, ``next`` where the next page begins."""

    count: int
    people: tuple[PersonRow, ...]
    next: int | None
    as_of: AsOf


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
    rows = tuple(
        row_of(shards[int(shard)], int(one)) for shard, one in found.place[after : after + limit]
    )
    following = after + limit if after + limit < len(found) else None
    return PeoplePage(len(found), rows, following, AsOf(found.snapshot.id, found.snapshot.seq))
