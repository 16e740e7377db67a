"""Transitions, retention and sessions under the API, compared where asked, with their people."""

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
Return = Annotated[str | None, Query(alias="return")]


def _chosen(asked: Ask) -> Journeys:
    return asked.workspace.select(asked.selection, map_name=asked.map)


def _pair(asked: AskUnits, other: Against) -> tuple[Journeys, Journeys]:
    return asked.workspace.select_both((asked.selection, other.selection), map_name=asked.map)


@router.get("/choices", response_model=model_of(run.Choices))
def choices(asked: Ask) -> Response:
    """What a question can be made of: events, steps of the map, properties that break an answer down."""
    return answer(run.choices(asked.workspace, asked.map))


@router.get("/transitions", response_model=model_of(measure.Transitions))
def transitions(
    asked: AskUnits,
    times: str = "mean",
    by: str | None = None,
    entities: int = 0,
    chosen: Annotated[
        list[str] | None,
        Query(description="Above 64 events: those whose mean times get an interval."),
    ] = None,
) -> Response:
    """How often people go from one event straight to another, and how long it takes."""
    found = measure.transitions(
        _chosen(asked), times=times, entities=bool(entities), by=by, chosen=chosen or ()
    )
    return answer(found)


@router.get("/retention", response_model=model_of(measure.Retention))
def retention(
    asked: AskUnits,
    start: str | None = None,
    return_: Return = None,
    period: str = "month",
    mode: str = "calendar",
    by: str | None = None,
) -> Response:
    """Who comes back, by the period in which they began."""
    return answer(
        measure.retention(
            _chosen(asked), start=start, return_=return_, period=period, mode=mode, by=by
        )
    )


@router.get("/retention/diff", response_model=model_of(measure.RetentionDiff))
def retention_diff(
    asked: AskUnits,
    other: AskAgainst,
    start: str | None = None,
    return_: Return = None,
    period: str = "month",
    mode: str = "calendar",
) -> Response:
    """How many come back, compared between two selections, A and B."""
    pair = _pair(asked, other)
    return answer(
        measure.retention_diff(pair, start=start, return_=return_, period=period, mode=mode)
    )


@router.get("/sessions", response_model=model_of(measure.Sessions))
def sessions(asked: AskUnits, gap: str = "30m") -> Response:
    """How many sessions there are, and how long and busy the middle one is."""
    return answer(measure.sessions(_chosen(asked), gap=gap))


@router.get("/sessions/diff", response_model=model_of(measure.SessionsDiff))
def sessions_diff(asked: AskUnits, other: AskAgainst, gap: str = "30m") -> Response:
    """How sessions differ between two selections, A and B."""
    return answer(measure.sessions_diff(_pair(asked, other), gap=gap))


@router.get("/people", response_model=model_of(run.PeoplePage))
def people(
    asked: AskUnits,
    question: Literal["transitions", "retention", "sessions"],
    step: Annotated[list[str] | None, Query()] = None,
    at: Annotated[int, Query(description="Cell of the cohort from 0.")] = 1,
    what: Annotated[str | None, Query(description="retained or lost.")] = None,
    by: str | None = None,
    value: str | None = None,
    cohort: str = "",
    start: str | None = None,
    return_: Return = None,
    period: str = "month",
    mode: str = "calendar",
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Response:
    """The people behind a number of a question: as many as the number says."""
    number = run.NumberOf(
        question,
        tuple(step or ()),
        at=at,
        what=what,
        by=by,
        value=value,
        cohort=cohort,
        start=start,
        return_=return_,
        period=period,
        mode=mode,
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
