"""Prices and pictures for the faces; an answer is kept as long as its snapshot, map and selection stay the same."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from pathlib import Path

from pathworth import atlas, journeys, value
from pathworth.base.errors import PathworthError
from pathworth.run.contents import columns
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace

KEPT = 64


def price(
    workspace: Workspace, map_name: str | None = None, *, selection: Selection | None = None
) -> value.Price:
    """Price every arrow of a map, with what to do next and what to ignore.

    Parameters
    ----------
    workspace
        Where the journeys are.
    map_name
        Name of the map; the first one unless given.
    selection
        Period, filters and persona.
    """
    document, revision = workspace.map(map_name)
    chosen = workspace.select(selection or Selection(), document)
    return replace(_priced(_Same(workspace, chosen, document), document), revision=revision)


def picture(
    workspace: Workspace, map_name: str | None = None, *, selection: Selection | None = None
) -> value.Picture:
    """Return what the map page shows: the price, arranged."""
    document, _ = workspace.map(map_name)
    return value.picture(price(workspace, map_name, selection=selection), document)


def signs(
    workspace: Workspace, map_name: str | None = None, *, selection: Selection | None = None
) -> tuple[value.SignCount, ...]:
    """Return how many people of each step did its signs, and which of them nobody ever did.

    Parameters
    ----------
    workspace
        Where the journeys are.
    map_name
        Name of the map; the first one unless given.
    selection
        Period, filters and persona.
    """
    document, _ = workspace.map(map_name)
    chosen = workspace.select(selection or Selection(), document)
    return value.count_signs(chosen, document, engine=workspace.engine)


def warm(workspace: Workspace) -> None:
    """Ask what the map page asks first, for everybody and for each persona, so that a switch does not wait."""
    if workspace.store.snapshot().events == 0:
        return
    # What cannot be priced says so to whoever asks; here nobody did.
    with contextlib.suppress(PathworthError):
        shown = picture(workspace)
        for persona in personas(workspace, shown.document):
            picture(workspace, selection=Selection(persona=persona))


def personas(workspace: Workspace, document: atlas.MapDocument) -> tuple[str, ...]:
    """Return the values of the map's persona, commonest first; none where the map names no persona."""
    rows = (row for row in columns(workspace) if row.name == document.persona)
    return tuple(one.value for row in rows for one in row.values)


class _Same:
    """Journeys that compare by what decides the answer: the snapshot's name and the selection."""

    def __init__(
        self, workspace: Workspace, chosen: journeys.Journeys, document: atlas.MapDocument
    ) -> None:
        self.workspace = workspace
        self._chosen = [chosen]
        said = f"{chosen.who} {chosen.where} {[step.rule for step in document.steps]}".lower()
        self.key = (
            str(Path(workspace.store.path).resolve()),
            chosen.snapshot.id,
            chosen.snapshot.seq,
            chosen.snapshot.hidden.key if chosen.snapshot.hidden else None,
            chosen.where,
            chosen.who,
            chosen.period,
            chosen.steps,
            chosen.snapshot.segments if "in_segment" in said else (),
        )

    def let_go(self) -> journeys.Journeys:
        """Return the journeys and hold them no more: an answer that is kept must not keep their shards in memory."""
        return self._chosen.pop()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


@functools.lru_cache(maxsize=KEPT)
def _priced(same: _Same, document: atlas.MapDocument) -> value.Price:
    return value.price(same.let_go(), document, engine=same.workspace.engine)
