"""Which ids are one person: said, taken back, and listed with what looks wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter()


class PairSaid(BaseModel):
    """Two raw ids; ``one`` is told to be ``other``."""

    one: str
    other: str


class LinksSaid(BaseModel):
    """The text of a CSV file of links, its name, and how they were found."""

    text: str
    name: str = "links.csv"
    rule: str = "offline match"


@router.get("/links", response_model=model_of(run.LinksFound))
def links(
    request: Request,
    person: Annotated[str | None, Query(description="Only those of one person, by any id.")] = None,
    only: Annotated[Literal["all", "suspects"], Query(description="Of which ids.")] = "all",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """The links between ids that were said last, and the ids that look shared."""
    opened = request.app.state.workspace
    return answer(run.links(opened, person=person, suspects=only == "suspects", limit=limit))


@router.post("/links", response_model=model_of(run.LinkDone))
def link(request: Request, said: PairSaid) -> Response:
    """Say that two ids are one person."""
    opened, me = request.app.state.workspace, me_of(request)
    return answer(run.link(opened, one=said.one, other=said.other, author=me.name or ""))


@router.post("/links/undo", response_model=model_of(run.LinkDone))
def unlink(request: Request, said: PairSaid) -> Response:
    """Take every link between two ids back."""
    opened, me = request.app.state.workspace, me_of(request)
    return answer(run.unlink(opened, one=said.one, other=said.other, author=me.name or ""))


@router.post("/links/file", response_model=model_of(run.LinksRead))
def said_in(request: Request, said: LinksSaid) -> Response:
    """Say every link of a file: two columns of ids, and optionally time, rule and sure."""
    opened, me = request.app.state.workspace, me_of(request)
    done = run.said_in(opened, said.text, name=said.name, rule=said.rule, author=me.name or "")
    return answer(done)
