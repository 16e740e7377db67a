"""Transitions, funnel, retention and sessions under the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from pathworth import measure
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of
from pathworth.web.selection import Ask

router = APIRouter(prefix="/measure", tags=["measure"])


@router.get("/transitions", response_model=model_of(measure.Transitions))
def transitions(
    asked: Ask, times: str = "mean", by: str | None = None, entities: int = 0
) -> Response:
    """How often people go from one event straight to another, and how long it takes."""
    chosen = asked.workspace.select(asked.selection)
    return answer(measure.transitions(chosen, times=times, entities=bool(entities), by=by))


@router.get("/funnel", response_model=model_of(measure.Funnel))
def funnel(
    asked: Ask,
    step: Annotated[list[str], Query(description="Event names, or name := predicate, in order.")],
    within: str | None = None,
    order: str = "ordered",
    by: str | None = None,
) -> Response:
    """Who takes the steps one after the other."""
    steps = asked.workspace.map_steps(step, asked.map) if asked.map else step
    chosen = asked.workspace.select(asked.selection)
    return answer(measure.funnel(chosen, steps, within=within, order=order, by=by))


@router.get("/retention", response_model=model_of(measure.Retention))
def retention(
    asked: Ask,
    start: str | None = None,
    return_: Annotated[str | None, Query(alias="return")] = None,
    period: str = "month",
    mode: str = "calendar",
) -> Response:
    """Who comes back, by the period in which they began."""
    chosen = asked.workspace.select(asked.selection)
    return answer(measure.retention(chosen, start=start, return_=return_, period=period, mode=mode))


@router.get("/sessions", response_model=model_of(measure.Sessions))
def sessions(asked: Ask, gap: str = "30m") -> Response:
    """How many sessions there are, and how long and busy the middle one is."""
    return answer(measure.sessions(asked.workspace.select(asked.selection), gap=gap))
