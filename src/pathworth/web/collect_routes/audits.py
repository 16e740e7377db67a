"""Is what sources send still what they sent: audits, the tracking plan, and the live tail, under the API."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pathworth import collect, run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter()


class EventExpected(BaseModel):
    """An event that is to be expected, and why."""

    name: str
    note: str = ""


@router.get("/audit", response_model=model_of(collect.AuditReport) | None)
def audit(
    request: Request,
    day: Annotated[str | None, Query(description="Of which day, ISO; the newest.")] = None,
    format: Literal["json", "markdown"] = "json",  # noqa: A002
) -> Response:
    """The audit of a day as it was kept; null while none was made."""
    found = run.kept_audit(request.app.state.workspace, day)
    if format == "markdown":
        run.check_whole()
        text = "" if found is None else collect.as_markdown(found)
        return Response(text, media_type="text/markdown")
    return answer(found)


@router.post("/audit", response_model=model_of(collect.AuditReport))
def make_audit(request: Request) -> Response:
    """Look at every source now, and keep what is found under its day."""
    return answer(run.keep_audit(request.app.state.workspace))


@router.get("/audits", response_model=list[model_of(run.AuditLine)])  # type: ignore[misc]
def audits(request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = 90) -> Response:
    """The audits that were kept, the newest day first."""
    return answer(run.audits(request.app.state.workspace, limit=limit))


@router.get("/tracking", response_model=model_of(run.Tracking))
def tracking(request: Request) -> Response:
    """The tracking plan: events that somebody expects, held against those that came."""
    return answer(run.tracking(request.app.state.workspace))


@router.post("/tracking", response_model=model_of(run.Tracking))
def expect(request: Request, said: EventExpected) -> Response:
    """Say that an event is to be expected."""
    opened, me = request.app.state.workspace, me_of(request)
    return answer(run.expect_event(opened, said.name, note=said.note, author=me.name or ""))


@router.delete("/tracking/{name:path}", response_model=model_of(run.Tracking))
def unexpect(request: Request, name: str) -> Response:
    """Take back that an event is to be expected."""
    return answer(run.unexpect_event(request.app.state.workspace, name))


@router.get("/tail", response_model=model_of(run.Tail))
def tail(
    request: Request,
    after: Annotated[str, Query(description="What `next` said: only what came since.")] = "0.0",
    only: Annotated[Literal["all", "good", "bad"], Query(description="Which of them.")] = "all",
    source: Annotated[str | None, Query(description="Only those of one source.")] = None,
    person: Annotated[str | None, Query(description="Only those of one person, by any id.")] = None,
    map: Annotated[str | None, Query(description="Whose steps; the first map.")] = None,  # noqa: A002
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """The last events that came, good and bad, each with its step or the reason why it has none."""
    found = run.tail(
        request.app.state.workspace,
        after=after,
        only=only,
        source=source,
        person=person,
        limit=limit,
        map_name=map,
    )
    return answer(found)
