"""Lists of people: the people behind a number of a map, page by page."""

from __future__ import annotations

from pathworth import value
from pathworth.run.persons.pages import PeoplePage, page_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace


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
