"""Events handed in, and what of them waits or could not be read."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.ingest import bodies
from pathworth.web.schemas import After, RowNumber, model_of

router = APIRouter()
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["events"],
                    "properties": {
                        "source": {"type": "string"},
                        "events": {"type": "array", "items": {"type": "object"}},
                    },
                }
            }
        },
    }
}


@router.post("/events", response_model=model_of(run.Arrived), openapi_extra=_BODY)
async def events(
    request: Request,
    wait: Annotated[bool, Query(description="Answer when the batch is numbered")] = False,  # noqa: FBT002
) -> Response:
    """Take a batch of events in; it is safe on the disk when this answers, and numbered within a second."""
    try:
        body = await bodies.read_body(request.receive)
    except bodies.GoneError:
        return Response(status_code=400)
    me = me_of(request)
    taken = partial(run.arrive if wait else run.hand_in, key=me.name or "")
    found = await run_in_threadpool(taken, request.app.state.workspace, body)
    return answer(found if isinstance(found, run.Arrived) else run.WAITS)


@router.get("/waiting", response_model=model_of(run.Waiting))
def waiting(request: Request) -> Response:
    """What is not in the journeys yet."""
    return answer(run.waiting(request.app.state.workspace))


@router.post("/rebuild", response_model=model_of(run.Rebuilt))
def rebuild(request: Request) -> Response:
    """Bring every event that waits into the journeys, now."""
    return answer(run.rebuild(request.app.state.workspace, author=me_of(request).name))


class Mended(BaseModel):
    """What an event that could not be read shall say instead; null for what it said."""

    text: str | None = None


@router.post("/quarantine/{refused}", response_model=model_of(run.Arrived))
def mend(request: Request, refused: RowNumber, mended: Mended) -> Response:
    """Hand in again what could not be read, in a text that a person has mended."""
    return answer(run.mend(request.app.state.workspace, refused, text=mended.text))


@router.get("/quarantine", response_model=list[model_of(run.QuarantineRow)])  # type: ignore[misc]
def quarantine(
    request: Request,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Parts of batches that could not be read, the newest first."""
    return answer(run.quarantined(request.app.state.workspace, after=after, limit=limit))
