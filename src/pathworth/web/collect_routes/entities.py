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


@router.post("/entities", response_model=_Rows)
def add(request: Request, said: EntitySaid) -> Response:
    """Build the journeys of an entity and declare it; the answer comes when they are there."""
    held, author = request.app.state.workspace.entities, me_of(request).name or ""
    return answer(held.add(said.name, by=said.by, author=author))


@router.delete("/entities/{name}", response_model=list[_Rows])
def remove(request: Request, name: str) -> Response:
    """Take a declaration back with what was built."""
    return answer(request.app.state.workspace.entities.remove(name))
