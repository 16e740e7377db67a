"""What a question can be made of, and the funnel under the API, compared where asked, with its people."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from pathworth import measure, run
from pathworth.journeys import Journeys
from pathworth.web.answers import answer
from pathworth.web.journeys_routes import as_csv
from pathworth.web.schemas import model_of
from pathworth.web.selection import Against, Ask, AskAgainst, AskUnits

router = APIRouter(prefix="/measure", tags=["measure"])
Steps = Annotated[list[str], Query(description="Event names, or name := predicate, in order.")]


def _chosen(asked: Ask) -> Journeys:
    return asked.workspace.select(asked.selection, map_name=asked.map)


def _pair(asked: AskUnits, other: Against) -> tuple[Journeys, Journeys]:
    return _chosen(asked), asked.workspace.select(other.selection, map_name=asked.map)


@router.get("/choices", response_model=model_of(run.Choices))
def choices(asked: Ask) -> Response:
    """What a question can be made of: events, steps of the map, properties that break an answer down."""
    return answer(run.choices(asked.workspace, asked.map))


@router.get("/funnel", response_model=model_of(measure.Funnel))
def funnel(
    asked: AskUnits,
    step: Steps,
    within: str | None = None,
    order: str = "ordered",
    by: str | None = None,
    times: str = "none",
) -> Response:
    """Who takes the steps one after the other."""
    steps = asked.workspace.steps(step, asked.map)
    return answer(
        measure.funnel(_chosen(asked), steps, within=within, order=order, by=by, times=times)
    )


@router.get("/funnel/diff", response_model=model_of(measure.FunnelDiff))
def funnel_diff(
    asked: AskUnits,
    other: AskAgainst,
    step: Steps,
    within: str | None = None,
    order: str = "ordered",
    times: str = "none",
) -> Response:
    """How the steps differ between two selections, A and B."""
    steps = asked.workspace.steps(step, asked.map)
    return answer(
        measure.funnel_diff(_pair(asked, other), steps, within=within, order=order, times=times)
    )


@router.get("/people", response_model=model_of(run.PeoplePage))
def people(
    asked: AskUnits,
    step: Steps,
    at: int = 1,
    what: str | None = None,
    within: str | None = None,
    order: str = "ordered",
    by: str | None = None,
    value: str | None = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Response:
    """The people behind a number of a funnel: as many as the number says."""
    number = run.NumberOf(
        tuple(step), at=at, what=what, within=within, order=order, by=by, value=value
    )
    every = format == "csv"
    page = run.people_of(
        asked.workspace,
        number,
        map_name=asked.map,
        selection=asked.selection,
        after=0 if every else after,
        limit=1_000_000_000 if every else limit,
    )
    return as_csv(page) if every else answer(page)
