"""What is pulled from other tools. Adding is the command line's, which alone may name files of this machine."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of

router = APIRouter()
_Rows: Any = list[model_of(run.PullRow)]  # type: ignore[misc]


@router.get("/pulls", response_model=_Rows)
def pulls(request: Request) -> Response:
    """What is pulled, how often, and how that last went."""
    return answer(run.pulls(request.app.state.workspace))


@router.get("/connectors", response_model=list[model_of(run.ConnectorRow)])  # type: ignore[misc]
def connectors() -> Response:
    """What can be pulled, and what that needs to know."""
    return answer(run.connectors())


@router.post("/pulls/{name}/run", response_model=_Rows)
def ask(request: Request, name: str) -> Response:
    """Make a pull due now; it runs within seconds."""
    return answer(run.ask_pull(request.app.state.workspace, name))


@router.delete("/pulls/{name}", response_model=_Rows)
def remove(request: Request, name: str) -> Response:
    """Pull something no more; what came stays."""
    return answer(run.remove_pull(request.app.state.workspace, name))
