"""The workspace, its columns, the people behind numbers and their timelines under the API."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from pathworth import journeys, run, value
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of
from pathworth.web.selection import Ask

router = APIRouter(tags=["journeys"])


@router.get("/workspace", response_model=model_of(run.Overview))
def workspace(asked: Ask) -> Response:
    """What the workspace holds."""
    return answer(run.overview(asked.workspace))


@router.get("/columns", response_model=list[model_of(run.ColumnRow)])  # type: ignore[misc]
def columns(asked: Ask) -> Response:
    """The columns that a filter can speak of."""
    return answer(run.columns(asked.workspace))


@router.get("/journeys/people", response_model=model_of(run.PeoplePage))
def people(
    asked: Ask,
    step: Annotated[str, Query(description="Id of the step, or of the step that an arrow leaves.")],
    to_step: Annotated[
        str | None, Query(description="Id of the step that the arrow reaches, or exit.")
    ] = None,
    property: str | None = None,  # noqa: A002
    group: Annotated[str | None, Query(description="Value of the property.")] = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Response:
    """The people behind a step, an arrow or a group: as many as the number says."""
    known = None if property is None or group is None else value.PropertyValue(property, group)
    behind = value.Behind(step, to_step, known)
    every = 1_000_000_000
    page = run.people(
        asked.workspace,
        behind,
        map_name=asked.map,
        selection=asked.selection,
        after=0 if format == "csv" else after,
        limit=every if format == "csv" else limit,
    )
    return answer(page) if format == "json" else _csv(page)


def _csv(page: run.PeoplePage) -> Response:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["id", "events", "first", "last"])
    rows.writerows((_plain(one.id), one.events, one.first, one.last) for one in page.people)
    name = 'attachment; filename="people.csv"'
    return Response(text.getvalue(), media_type="text/csv", headers={"Content-Disposition": name})


def _plain(text: str) -> str:
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@router.get("/journeys/person/{person:path}", response_model=model_of(journeys.Timeline))
def person(asked: Ask, person: str, limit: Annotated[int, Query(ge=1, le=5000)] = 500) -> Response:
    """One person's events in order."""
    return answer(journeys.timeline(asked.workspace.store.snapshot(), person, limit=limit))
