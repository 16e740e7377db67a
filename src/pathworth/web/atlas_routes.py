"""Map documents under the API."""

from __future__ import annotations

from fastapi import APIRouter, Response

from pathworth import atlas
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
