"""What a question can be made of, under the API."""

from __future__ import annotations

from fastapi import APIRouter, Response

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of
from pathworth.web.selection import Ask

router = APIRouter(prefix="/measure", tags=["measure"])


@router.get("/choices", response_model=model_of(run.Choices))
def choices(asked: Ask) -> Response:
    """What a question can be made of: events, steps of the map, properties that break an answer down."""
    return answer(run.choices(asked.workspace, asked.map))
