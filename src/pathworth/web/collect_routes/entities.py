"""The entities that are declared beside people, under the API: accounts, tickets or any other id."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter()
_Rows: Any = model_of(run.EntityRow)


class EntitySaid(BaseModel):
    """An entity: what questions call it, and the property whose values are its ids."""

    name: str
    by: str


@router.get("/entities", response_model=list[_Rows])
def entities(request: Request) -> Response:
    """The declared entities, and whether their journeys are built."""
    return answer(request.app.state.workspace.entities.list())


@router.get("/entities/cost", response_model=model_of(run.EntityCost))
def cost(
    request: Request,
    name: Annotated[str, Query(description="What questions would call it: account.")],
    by: Annotated[str, Query(description="The property whose values are its ids.")],
) -> Response:
    """What the journeys of an entity would take, before they are built."""
    return answer(request.app.state.workspace.entities.cost(name, by=by))


@router.post("/entities", response_model=model_of(run.Building))
def add(request: Request, said: EntitySaid) -> Response:
    """Build the journeys of an entity in the background, and declare it when they are there."""
    found = run.begin_entity(
        request.app.state.workspace, said.name, by=said.by, author=me_of(request).name or ""
    )
    return answer(found)


@router.get("/building", response_model=list[model_of(run.Building)])  # type: ignore[misc]
def building(request: Request) -> Response:
    """The entity that is built, or how the last one of this server ended; none when there was none."""
    return answer(run.building(request.app.state.workspace))


@router.delete("/building", response_model=list[model_of(run.Building)])  # type: ignore[misc]
def cancel(request: Request) -> Response:
    """End what is built; nothing of it stays."""
    return answer(run.cancel_entity(request.app.state.workspace))


@router.delete("/entities/{name}", response_model=list[_Rows])
def remove(request: Request, name: str) -> Response:
    """Take a declaration back with what was built."""
    return answer(request.app.state.workspace.entities.remove(name))
