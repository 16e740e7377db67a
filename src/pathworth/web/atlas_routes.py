"""Map documents under the API: read, drafted, kept as new revisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from pathworth import atlas, run, value
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of
from pathworth.web.selection import Ask

router = APIRouter(prefix="/atlas", tags=["atlas"])


@router.get("/map", response_model=model_of(atlas.MapDocument))
def map_(asked: Ask) -> Response:
    """The newest revision of a map."""
    return answer(asked.workspace.map(asked.map)[0])


@router.get("/map/export")
def export(asked: Ask, format: str = "yaml") -> Response:  # noqa: A002
    """A map as a file."""
    document, _ = asked.workspace.map(asked.map)
    kind = {"svg": "image/svg+xml", "json": "application/json"}.get(format, "text/yaml")
    return Response(atlas.export_map(document, format), media_type=f"{kind}; charset=utf-8")


@router.put("/map", response_model=model_of(run.SavedMap))
def keep(
    asked: Ask,
    request: Request,
    document: model_of(atlas.MapDocument),  # type: ignore[valid-type]
    author: Annotated[
        str, Query(description="Who says so, where nobody is logged in.", max_length=100)
    ] = "page",
    onto: Annotated[int | None, Query(description="The revision that was changed.")] = None,
) -> Response:
    """Keep a map as the next revision of the map of its name."""
    me = getattr(request.state, "me", None)
    said = (me.name if me is not None else None) or author
    read = atlas.map_of(document.model_dump())
    return answer(run.keep_map(asked.workspace, read, author=said, onto=onto))


@router.get("/map/draft", response_model=model_of(run.MapDraft))
def draft(
    asked: Ask,
    step: Annotated[list[str], Query(description="Event names, or name := predicate.")],
) -> Response:
    """The map with the steps of a question on it, not kept yet."""
    return answer(run.draft_map(asked.workspace, step, map_name=asked.map))


@router.get("/signs", response_model=list[model_of(value.SignCount)])  # type: ignore[misc]
def signs(asked: Ask) -> Response:
    """How many people of each step did its signs, and which of them never came."""
    return answer(run.signs(asked.workspace, asked.map, selection=asked.selection))


@router.get("/personas", response_model=list[model_of(atlas.PersonaChoice)])  # type: ignore[misc]
def personas(asked: Ask) -> Response:
    """The properties that could tell kinds of people apart, the best first."""
    return answer(run.personas_for(asked.workspace))
