"""What a person may ask for under the API: everything that is known of them, and to be erased."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter(prefix="/privacy", tags=["privacy"])
Id = Annotated[str, Query(min_length=1, max_length=2_000, description="Raw id, letter by letter.")]


class PrivateBody(BaseModel):
    """Columns that are personal, and the lowest role that sees them as they are."""

    columns: list[str]
    seen_by: str | None = None


class CellsBody(BaseModel):
    """From how many people on a number is said, 0 for any, and the lowest role that sees all."""

    fewest: int | None = None
    seen_by: str | None = None


class KeepBody(BaseModel):
    """A class of data, and how long it is kept: a duration, ``for ever``, of a source also ``as others``."""

    name: str = Field(min_length=1, max_length=500)
    keep: str = Field(min_length=1, max_length=40)


class EraseBody(BaseModel):
    """Who is erased, by any raw id, and why."""

    person: str = Field(min_length=1, max_length=2_000)
    because: str = Field(max_length=2_000)


@router.get("/access")
def access(request: Request, id: Id) -> Response:  # noqa: A002
    """Everything that is known of a person, as a ZIP file."""
    out = io.BytesIO()
    run.access(request.app.state.workspace, id, out=out)
    headers = {"Content-Disposition": 'attachment; filename="person.zip"'}
    return Response(out.getvalue(), media_type="application/zip", headers=headers)


@router.get("/erasures", response_model=model_of(run.Erasures))
def erasures(
    request: Request,
    person: Annotated[
        str | None, Query(max_length=2_000, description="Only that of whoever bore this id.")
    ] = None,
) -> Response:
    """Every erasure with its certificate, the newest first."""
    return answer(run.erasures(request.app.state.workspace, person=person))


@router.post("/erasures", response_model=model_of(run.Erasure))
def erase(request: Request, body: EraseBody) -> Response:
    """Mask a person at once and for good; files follow with the batch of the night."""
    author = me_of(request).name or ""
    workspace = request.app.state.workspace
    return answer(run.erase(workspace, body.person, because=body.because, author=author))


@router.get("/columns", response_model=model_of(run.PrivateView))
def private_columns(request: Request) -> Response:
    """Columns that are personal, and those that look so."""
    return answer(run.private_columns(request.app.state.workspace))


@router.put("/columns", response_model=model_of(run.PrivateView))
def declare_private(request: Request, body: PrivateBody) -> Response:
    """Say which columns are personal, and who sees them as they are."""
    workspace = request.app.state.workspace
    return answer(run.declare_private(workspace, body.columns, seen_by=body.seen_by))


@router.get("/cells", response_model=model_of(run.SmallCells))
def small_cells(request: Request) -> Response:
    """From how many people on a number is said to lower roles."""
    return answer(run.small_cells(request.app.state.workspace))


@router.put("/cells", response_model=model_of(run.SmallCells))
def declare_small_cells(request: Request, body: CellsBody) -> Response:
    """Leave numbers of fewer people out of what lower roles get."""
    workspace = request.app.state.workspace
    return answer(run.declare_small_cells(workspace, body.fewest, seen_by=body.seen_by))


@router.get("/keep", response_model=model_of(run.KeepView))
def keeping(request: Request) -> Response:
    """How long each class of data is kept, and what the last batches removed."""
    return answer(run.keeping(request.app.state.workspace))


@router.put("/keep", response_model=model_of(run.KeepView))
def keep(request: Request, body: KeepBody) -> Response:
    """Declare how long a class is kept; what is older goes with the batch of the night, for good."""
    return answer(run.keep(request.app.state.workspace, body.name, duration=body.keep))


@router.get("/keep/preview", response_model=model_of(run.KeepPreview))
def preview_keep(
    request: Request,
    name: Annotated[str | None, Query(max_length=500, description="A class of data.")] = None,
    keep: Annotated[
        str | None, Query(max_length=40, description="How long, if it were so.")
    ] = None,
) -> Response:
    """What the next batch would remove; nothing is changed."""
    return answer(run.preview_keep(request.app.state.workspace, name, duration=keep))
