"""Whom no answer counts, and what was released when."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import RowNumber, model_of

router = APIRouter()
_Rows: Any = model_of(run.ExclusionRow)
_Exclusions = list[_Rows]


class ExclusionSaid(BaseModel):
    """A rule over people: a predicate, or ids."""

    name: str
    who: str | None = None
    ids: list[str] = []


class Switch(BaseModel):
    """Whether a rule counts."""

    active: bool


class ReleaseSaid(BaseModel):
    """A mark: what happened and when, ISO."""

    name: str
    at: str
    source: str = ""
    note: str = ""


class CalendarSaid(BaseModel):
    """A calendar file (iCalendar, RFC 5545): its name and what it holds."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(max_length=4_000_000)]


@router.get("/exclusions", response_model=_Exclusions)
def exclusions(request: Request) -> Response:
    """The rules by which people are left out of every answer."""
    return answer(run.exclusions(request.app.state.workspace.store))


@router.post("/exclusions", response_model=_Exclusions)
def exclude(request: Request, said: ExclusionSaid) -> Response:
    """Leave people out of every answer from now on."""
    held, me = request.app.state.workspace.store, me_of(request)
    return answer(
        run.exclude(held, said.name, who=said.who or None, ids=said.ids, author=me.name or "")
    )


@router.put("/exclusions/{name}", response_model=_Exclusions)
def switch(request: Request, name: str, said: Switch) -> Response:
    """Switch a rule on or off."""
    held = request.app.state.workspace.store
    return answer(run.switch_exclusion(held, name, active=said.active))


@router.delete("/exclusions/{name}", response_model=_Exclusions)
def include(request: Request, name: str) -> Response:
    """Forget a rule: its people count again."""
    return answer(run.drop_exclusion(request.app.state.workspace.store, name))


@router.get("/releases", response_model=list[model_of(run.ReleaseRow)])  # type: ignore[misc]
def releases(request: Request) -> Response:
    """The marks on every time chart."""
    return answer(run.releases(request.app.state.workspace))


@router.post("/releases", response_model=model_of(run.ReleaseRow))
def release(request: Request, said: ReleaseSaid) -> Response:
    """Put a mark on every time chart."""
    found = run.add_release(
        request.app.state.workspace,
        said.name,
        at=said.at,
        source=said.source or me_of(request).name or "",
        note=said.note,
    )
    return answer(found)


@router.post("/releases/calendar", response_model=list[model_of(run.ReleaseRow)])  # type: ignore[misc]
def calendar(request: Request, said: CalendarSaid) -> Response:
    """Put a mark where each date of a calendar begins; the same file again marks nothing twice."""
    return answer(run.add_dates(request.app.state.workspace, said.text, name=said.name))


@router.delete("/releases/{release_id}", response_model=list[model_of(run.ReleaseRow)])  # type: ignore[misc]
def unrelease(request: Request, release_id: RowNumber) -> Response:
    """Take a mark away."""
    return answer(run.remove_release(request.app.state.workspace, release_id))
