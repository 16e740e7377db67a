"""A file chosen on a page: sent, looked at, imported in the background."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from pathworth import collect, run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter()


class Columns(BaseModel):
    """What a person says about the columns of a file; what is left out is guessed."""

    entity: str | None = None
    event: str | None = None
    time: str | None = None
    time_format: str | None = None
    timezone: str | None = None
    value: str | None = None
    cost: str | None = None
    currency: str | None = None
    id: str | None = None
    source: str | None = None
    # A name alone: a path would let whoever sends files read formats from the server's disk.
    format: Annotated[str | None, Field(pattern="^[a-z0-9-]*$")] = None

    def mapping(self) -> collect.FileMapping:
        """Return it as a mapping; an empty text says nothing."""
        return collect.FileMapping(**{k: v for k, v in self.model_dump().items() if v})


@router.post("/uploads", response_model=model_of(run.Upload))
async def send(request: Request, name: Annotated[str, Query(min_length=1)]) -> Response:
    """Keep a file aside; the body is its bytes."""
    return answer(
        await run.keep_upload(request.app.state.workspace, name=name, parts=request.stream())
    )


@router.post("/uploads/{upload_id}/look", response_model=model_of(run.Seen))
def look(request: Request, upload_id: str, said: Columns) -> Response:
    """What the file seems to be."""
    return answer(run.look_at(request.app.state.workspace, upload_id, given=said.mapping()))


@router.post("/uploads/{upload_id}/import", response_model=model_of(run.Running))
def begin(request: Request, upload_id: str, said: Columns) -> Response:
    """Import the file in the background."""
    found = run.begin_upload(
        request.app.state.workspace, upload_id, given=said.mapping(), author=me_of(request).name
    )
    return answer(found)


@router.delete("/uploads/{upload_id}", response_model=model_of(run.Upload))
def drop(request: Request, upload_id: str) -> Response:
    """Forget a file that was sent."""
    return answer(run.drop_upload(request.app.state.workspace, upload_id))


@router.get("/running", response_model=list[model_of(run.Running)])  # type: ignore[misc]
def running(request: Request) -> Response:
    """The import that runs, or how the last one of this server ended; none when there was none."""
    return answer(run.running(request.app.state.workspace))


@router.delete("/running", response_model=list[model_of(run.Running)])  # type: ignore[misc]
def cancel(request: Request) -> Response:
    """End the import that runs; nothing of it stays."""
    return answer(run.cancel(request.app.state.workspace))
