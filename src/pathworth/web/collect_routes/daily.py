"""Numbers by the day, of sources that tell no people, and what sources do not see."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter()
_Spots: Any = list[model_of(run.BlindSpotRow)]  # type: ignore[misc]
Day = Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class SpotSaid(BaseModel):
    """The least and the greatest share of true events that a source shows, 0 to 1, and why."""

    least: float
    most: float
    because: str


@router.get("/daily", response_model=list[model_of(run.DailyRow)])  # type: ignore[misc]
def daily(request: Request) -> Response:
    """What sources say that tell no people, by source and measure."""
    return answer(run.daily(request.app.state.workspace))


@router.get("/daily/numbers", response_model=list[model_of(run.DailyNumber)])  # type: ignore[misc]
def numbers(
    request: Request,
    source: str | None = None,
    measure: str | None = None,
    from_: Annotated[Day, Query(alias="from")] = None,
    to: Day = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
) -> Response:
    """The numbers themselves, by source, measure, day and dimensions."""
    found = run.daily_numbers(
        request.app.state.workspace,
        source=source,
        measure=measure,
        from_=from_,
        to=to,
        limit=limit,
    )
    return answer(found)


@router.get("/blind-spots", response_model=_Spots)
def blind_spots(request: Request) -> Response:
    """What sources do not see."""
    return answer(run.blind_spots(request.app.state.workspace))


@router.put("/blind-spots/{source:path}", response_model=_Spots)
def say(request: Request, source: str, said: SpotSaid) -> Response:
    """Say what a source does not see; no import says otherwise from then on."""
    opened, me = request.app.state.workspace, me_of(request)
    shows = (said.least, said.most)
    return answer(
        run.say_blind_spot(opened, source, shows=shows, because=said.because, author=me.name or "")
    )


@router.delete("/blind-spots/{source:path}", response_model=_Spots)
def forget(request: Request, source: str) -> Response:
    """Forget what is said of a source, until an import says it again."""
    return answer(run.forget_blind_spot(request.app.state.workspace, source))
