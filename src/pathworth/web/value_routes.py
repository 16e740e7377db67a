"""Prices, what to do next and what to ignore under the API."""

from __future__ import annotations

from fastapi import APIRouter, Response

from pathworth import run
from pathworth.value import Picture, Price
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of
from pathworth.web.selection import Ask

router = APIRouter(prefix="/value", tags=["value"])


@router.get("/price", response_model=model_of(Price))
def price(asked: Ask) -> Response:
    """What each arrow is worth, what to do next, and what to ignore without guilt."""
    return answer(run.price(asked.workspace, asked.map, selection=asked.selection))


@router.get("/picture", response_model=model_of(Picture))
def picture(asked: Ask) -> Response:
    """The map page's numbers: one sentence, steps in stages, arrows as drawn, and the two lists."""
    return answer(run.picture(asked.workspace, asked.map, selection=asked.selection))
