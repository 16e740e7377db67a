"""The workspace, its columns, the people behind numbers, their timelines and segments under the API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pathworth import journeys, run, value
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import After, model_of
from pathworth.web.selection import Ask

router = APIRouter(tags=["journeys"])

EVERY = 1_000_000_000
Kind = Literal["person", "account"]
Format = Literal["json", "csv"]
Id = Annotated[str, Query(min_length=1, max_length=2_000, description="Raw id, letter by letter.")]
_HEADS = ("time", "kind", "person", "name", "step", "visit", "value", "cost", "source", "said")
_LISTED = ("id", "account", "step", "events", "first", "last", "money")


@router.get("/workspace", response_model=model_of(run.Overview))
def workspace(asked: Ask) -> Response:
    """What the workspace holds."""
    return answer(run.overview(asked.workspace))


@router.get("/columns", response_model=list[model_of(run.ColumnRow)])  # type: ignore[misc]
def columns(asked: Ask) -> Response:
    """The columns that a filter can speak of."""
    return answer(run.columns(asked.workspace))


@router.get("/journeys/filter", response_model=model_of(run.CheckedFilter))
def filter_(
    asked: Ask,
    text: Annotated[str, Query(max_length=20_000, description="A predicate.")],
    keeps: Annotated[Literal["who", "where"], Query(description="People or events.")] = "who",
) -> Response:
    """Whether a filter can be asked, and what is wrong with it at which character."""
    return answer(run.check_filter(asked.workspace, text, keeps=keeps, map_name=asked.map))


@router.get("/journeys/people", response_model=model_of(run.PeoplePage))
def people(
    asked: Ask,
    step: Annotated[str, Query(description="Id of the step, or of the step that an arrow leaves.")],
    to_step: Annotated[
        str | None, Query(description="Id of the step that the arrow reaches, or exit.")
    ] = None,
    property: str | None = None,  # noqa: A002
    group: Annotated[str | None, Query(description="Value of the property.")] = None,
    sign: Annotated[str | None, Query(description="Name of a sign of the step.")] = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Response:
    """The people behind a step, an arrow or a group: as many as the number says."""
    known = None if property is None or group is None else value.PropertyValue(property, group)
    behind = value.Behind(step, to_step, known, sign)
    every = 1_000_000_000
    page = run.people(
        asked.workspace,
        behind,
        map_name=asked.map,
        selection=asked.selection,
        after=0 if format == "csv" else after,
        limit=every if format == "csv" else limit,
    )
    return answer(page) if format == "json" else as_csv(page)


def as_csv(page: run.PeoplePage) -> Response:
    """Return every person of a list as a file."""
    run.check_whole()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["id", "events", "first", "last"])
    rows.writerows(
        (_plain(run.shown_id(one.id)), one.events, one.first, one.last) for one in page.people
    )
    name = 'attachment; filename="people.csv"'
    return Response(text.getvalue(), media_type="text/csv", headers={"Content-Disposition": name})


def _plain(text: str) -> str:
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@router.get("/journeys/person/{person:path}", response_model=model_of(journeys.Timeline))
def person(asked: Ask, person: str, limit: Annotated[int, Query(ge=1, le=5000)] = 500) -> Response:
    """One person's events in order."""
    return answer(journeys.timeline(asked.workspace.store.snapshot(), person, limit=limit))


@router.get("/journeys/search", response_model=model_of(run.Search))
def search(
    asked: Ask,
    q: Annotated[str, Query(max_length=500, description="Part of an id, account or trait.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Response:
    """People by id, accounts by theirs, and values of traits, that hold a text."""
    return answer(run.search(asked.workspace, q, map_name=asked.map, limit=limit))


@router.get("/journeys/listed", response_model=model_of(run.Listed))
def listed(
    asked: Ask,
    order: Annotated[str, Query(description="last, first, events or money.")] = "last",
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    format: Format = "json",  # noqa: A002
) -> Response:
    """The people of a selection with their traits and last step."""
    found = run.listed(
        asked.workspace,
        asked.selection,
        map_name=asked.map,
        order=order,
        after=0 if format == "csv" else after,
        limit=EVERY if format == "csv" else limit,
    )
    if format == "json":
        return answer(found)
    run.check_whole()
    rows = (
        [
            run.shown_id(one.id),
            *(getattr(one, head) for head in _LISTED[1:]),
            *(one.traits.get(t) for t in found.traits),
        ]
        for one in found.people
    )
    return _sheet("people.csv", [*_LISTED, *found.traits], rows)


@router.get("/journeys/head", response_model=model_of(run.Head))
def head(asked: Ask, id: Id, kind: Kind = "person") -> Response:  # noqa: A002
    """Who a person or an account is, and where they stand on the map."""
    return answer(run.head(asked.workspace, run.Subject(kind, id), map_name=asked.map))


@router.get("/journeys/moments", response_model=model_of(run.Moments))
def moments(
    asked: Ask,
    id: Id,  # noqa: A002
    kind: Kind = "person",
    only: Annotated[
        list[Literal["event", "money", "decision", "waiting"]] | None,
        Query(description="Kinds of moments; all unless said."),
    ] = None,
    name: Annotated[list[str] | None, Query(description="Only events of these names.")] = None,
    month: Annotated[str | None, Query(description="Begin at the end of this month.")] = None,
    older: Annotated[str | None, Query(description="Go on behind this key.")] = None,
    newer: Annotated[str | None, Query(description="Go on before this key.")] = None,
    limit: Annotated[int, Query(ge=1, le=2000)] = 100,
    format: Format = "json",  # noqa: A002
) -> Response:
    """A part of the timeline of a person or an account, the newest first."""
    whole = format == "csv"
    wanted = run.MomentsAsked(
        kinds=tuple(only or ()),
        names=tuple(name or ()),
        month=None if whole else month,
        older=None if whole else older,
        newer=None if whole else newer,
        limit=EVERY if whole else limit,
    )
    found = run.moments(asked.workspace, run.Subject(kind, id), asked=wanted, map_name=asked.map)
    if not whole:
        return answer(found)
    run.check_whole()
    return _sheet("timeline.csv", _HEADS, (_line(one) for one in reversed(found.moments)))


class SegmentSaid(BaseModel):
    """A definition: a predicate over people, and the map whose steps it may name."""

    who: str
    map: str | None = None


@router.get("/journeys/segments", response_model=list[model_of(run.SegmentLine)])  # type: ignore[misc]
def segments(request: Request) -> Response:
    """The saved segments, with how many people are in each now."""
    return answer(request.app.state.workspace.segments.list())


@router.get("/journeys/segments/{name:path}", response_model=model_of(run.SegmentView))
def segment(
    request: Request,
    name: str,
    at: Annotated[
        str | None, Query(description="Who was in it just before this day or instant.")
    ] = None,
) -> Response:
    """One segment, now or then, with its definitions and what names it."""
    return answer(request.app.state.workspace.segments.show(name, at=at))


@router.put("/journeys/segments/{name:path}", response_model=model_of(run.SegmentView))
def save_segment(request: Request, name: str, said: SegmentSaid) -> Response:
    """Keep a predicate over people under a name, as its next definition."""
    kept, author = request.app.state.workspace.segments, me_of(request).name or ""
    return answer(kept.save(name, said.who, map_name=said.map, author=author))


@router.delete("/journeys/segments/{name:path}", response_model=list[model_of(run.SegmentLine)])  # type: ignore[misc]
def delete_segment(request: Request, name: str) -> Response:
    """Take a segment away that nothing names; its definitions stay for who saves it again."""
    author = me_of(request).name or ""
    return answer(request.app.state.workspace.segments.delete(name, author=author))


def _line(one: run.Moment) -> list[object]:
    said = "; ".join(f"{key}={value}" for key, value in one.properties.items())
    if one.decision is not None:
        said = "; ".join((one.decision.action, one.decision.state, *one.decision.words))
    plain = (
        one.time,
        one.kind,
        run.shown_id(one.person),
        one.name,
        one.step,
        one.visit,
        one.value,
        one.cost,
    )
    return [*plain, one.source, said]


def _sheet(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(heads)
    out.writerows([_safe(one) for one in row] for row in rows)
    kept = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), media_type="text/csv", headers=kept)


def _safe(cell: object) -> object:
    return _plain(cell) if isinstance(cell, str) else cell
