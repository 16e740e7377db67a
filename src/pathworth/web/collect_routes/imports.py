"""Imports, what they could not read, their undo, and where events come from."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from pathworth import run, store
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import RowNumber, model_of

router = APIRouter()


@router.get("/imports", response_model=list[model_of(run.ImportRow)])  # type: ignore[misc]
def imports(request: Request) -> Response:
    """Every import, the newest first, those that were undone included."""
    return answer(run.imports(request.app.state.workspace))


@router.get("/imports/{import_id}/rejects", response_model=model_of(run.Rejects))
def rejects(
    request: Request,
    import_id: RowNumber,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Response:
    """The rows that an import could not read, with the reason."""
    whole = format == "csv"
    found = run.rejects(request.app.state.workspace, import_id, limit=None if whole else limit)
    return _csv(found, import_id) if whole else answer(found)


def _csv(found: run.Rejects, import_id: int) -> Response:
    run.check_whole()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["file", "row", "code", "reason", "raw"])
    rows.writerows((one.file, one.row, one.code, one.reason, _plain(one.raw)) for one in found.rows)
    name = f'attachment; filename="import-{import_id}-rejects.csv"'
    return Response(text.getvalue(), media_type="text/csv", headers={"Content-Disposition": name})


def _plain(text: str) -> str:
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@router.get("/imports/{import_id}/undo", response_model=model_of(store.Undone))
def undo_preview(request: Request, import_id: RowNumber) -> Response:
    """What undoing an import would do; nothing changes."""
    return answer(request.app.state.workspace.store.undo_preview(import_id))


@router.post("/imports/{import_id}/undo", response_model=model_of(store.Undone))
def undo(request: Request, import_id: RowNumber) -> Response:
    """Undo an import: its events go, and those that another import holds too stay as that one's."""
    held = request.app.state.workspace.store
    return answer(held.undo(import_id, author=me_of(request).name))


@router.get("/sources", response_model=list[model_of(run.SourceRow)])  # type: ignore[misc]
def sources(request: Request) -> Response:
    """Where the events of the journeys come from."""
    return answer(run.sources(request.app.state.workspace))
