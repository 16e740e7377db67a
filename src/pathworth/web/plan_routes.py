"""The plan, and what waits today, under the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.learn_routes import author_of
from pathworth.web.schemas import RowNumber, model_of

router = APIRouter(prefix="/run", tags=["run"])

Rows = model_of(run.Opportunity)


class AcceptSaid(BaseModel):
    """Which row of Do next is accepted, and the list that it stands in."""

    row: str
    map: str | None = None
    where: str | None = None
    who: str | None = None
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None
    persona: str | None = None
    owner: str | None = None
    due: str | None = None


class ChangeSaid(BaseModel):
    """What of an opportunity changes; what is left out stays, null takes away."""

    state: str | None = None
    owner: str | None = None
    due: str | None = None
    note: str | None = None
    experiment: str | None = None


@router.get("/plan", response_model=list[Rows])  # type: ignore[valid-type]
def plan(request: Request) -> Response:
    """The opportunities that were accepted, each with what its row is worth now."""
    return answer(run.opportunities(request.app.state.workspace))


@router.post("/plan", response_model=Rows)
def accept(request: Request, said: AcceptSaid) -> Response:
    """Accept a row of Do next: what it is worth now is locked."""
    chosen = run.Selection(said.where, said.who, said.from_, said.to, said.persona)
    return answer(
        run.accept_opportunity(
            request.app.state.workspace,
            said.row,
            map_name=said.map,
            selection=chosen,
            owner=said.owner,
            due=said.due,
            author=author_of(request),
        )
    )


@router.put("/plan/{number}", response_model=Rows)
def change(request: Request, number: RowNumber, said: ChangeSaid) -> Response:
    """Change state, owner, due date, note or experiment."""
    fields = said.model_dump(exclude_unset=True)
    workspace = request.app.state.workspace
    return answer(run.change_opportunity(workspace, number, said=fields, author=author_of(request)))


@router.get("/today", response_model=model_of(run.Today))
def today(
    request: Request,
    since: Annotated[str | None, Query(description="ISO instant of the last visit.")] = None,
    row: Annotated[list[str] | None, Query(description="Rows of Do next known by then.")] = None,
) -> Response:
    """What changed since the last visit, and what waits; at most seven lines."""
    return answer(run.today(request.app.state.workspace, since=since, known=row or ()))
