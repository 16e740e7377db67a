"""Why two numbers differ, and how a number from elsewhere may have come about, under the API."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from pathworth import measure, run
from pathworth.web.answers import answer
from pathworth.web.journeys_routes import as_csv
from pathworth.web.schemas import After, model_of
from pathworth.web.selection import Ask

router = APIRouter(prefix="/measure", tags=["measure"])
Address = Annotated[str, Query(description="A number: QUESTION?PARAMETER=VALUE&...&cell=CELL.")]


class Outside(BaseModel):
    """A number from elsewhere beside one of ours, with its ids where they are known."""

    number: str
    outside: int | None = None
    ids: list[str] = []


@router.get("/why_differ", response_model=model_of(measure.WhyDiffer))
def why_differ(asked: Ask, a: Address, b: Address) -> Response:
    """Why two numbers differ, down to definitions, periods, exclusions and people."""
    return answer(run.why_differ(asked.workspace, a, b=b))


@router.get("/why_differ/people", response_model=model_of(run.PeoplePage))
def people_of_difference(
    asked: Ask,
    a: Address,
    b: Address,
    cell: Annotated[str, Query(description="only a, only b or both.")],
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Response:
    """The people whom only one of two numbers counts, or both."""
    every = format == "csv"
    page = run.people_of_difference(
        asked.workspace,
        (a, b),
        cell=cell,
        after=0 if every else after,
        limit=1_000_000_000 if every else limit,
    )
    return as_csv(page) if every else answer(page)


@router.post("/reconcile", response_model=model_of(measure.Reconciled))
def reconcile(asked: Ask, given: Outside) -> Response:
    """How a number from elsewhere may have come about; with its ids, who is missing and why."""
    return answer(
        run.reconcile(asked.workspace, given.number, outside=given.outside, ids=given.ids)
    )
