"""The selection that stands in every address: period, filters, persona."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query, Request

from pathworth.run import Selection, Workspace


@dataclass(frozen=True)
class Asked:
    """What one request asks of: the workspace, the map and the selection."""

    workspace: Workspace
    map: str | None
    selection: Selection


def asked(
    request: Request,
    map_: Annotated[
        str | None, Query(alias="map", description="Name of the map; the first one unless said.")
    ] = None,
    persona: Annotated[str | None, Query(description="One persona of the map.")] = None,
    where: Annotated[str | None, Query(description="Predicate that keeps events.")] = None,
    who: Annotated[
        str | None, Query(description="Predicate that keeps people by their traits.")
    ] = None,
    from_: Annotated[
        str | None, Query(alias="from", description="First day or instant of the period.")
    ] = None,
    to: Annotated[str | None, Query(description="Day or instant at which the period ends.")] = None,
) -> Asked:
    """Read the selection of a request."""
    chosen = Selection(where=where, who=who, from_=from_, to=to, persona=persona)
    return Asked(request.app.state.workspace, map_, chosen)


Ask = Annotated[Asked, Depends(asked)]


def asked_units(
    ask: Ask,
    of: Annotated[
        str,
        Query(
            description="Whose journeys: person, session, session(gap=1h), or a declared entity."
        ),
    ] = "person",
    holding: Annotated[
        str | None, Query(description="Property whose value a unit keeps, such as cart_id.")
    ] = None,
) -> Asked:
    """Read the selection of a request about people, sessions or units that hold a property."""
    return replace(ask, selection=replace(ask.selection, of=of, holding=holding))


AskUnits = Annotated[Asked, Depends(asked_units)]


@dataclass(frozen=True)
class Against:
    """The second selection, B; what is not given is everything."""

    selection: Selection


def against(
    where: Annotated[str | None, Query(alias="against_where")] = None,
    who: Annotated[str | None, Query(alias="against_who")] = None,
    from_: Annotated[str | None, Query(alias="against_from")] = None,
    to: Annotated[str | None, Query(alias="against_to")] = None,
    persona: Annotated[str | None, Query(alias="against_persona")] = None,
) -> Against:
    """Read the selection that an answer is compared with."""
    return Against(Selection(where=where, who=who, from_=from_, to=to, persona=persona))


AskAgainst = Annotated[Against, Depends(against)]
