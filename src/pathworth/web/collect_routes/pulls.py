"""What is pulled from other tools; secrets are handed in, since only the command line may name files here."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from pathworth import run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import model_of

router = APIRouter()
_Rows: Any = list[model_of(run.PullRow)]  # type: ignore[misc]


class PullSaid(BaseModel):
    """What to pull and how to call it; its secret itself, what the connector leaves open, how often, from which day."""

    name: str
    connector: str
    secret: str = ""
    settings: dict[str, str] = {}
    every: str | None = None
    since: str | None = None


@router.get("/pulls", response_model=_Rows)
def pulls(request: Request) -> Response:
    """What is pulled, how often, and how that last went."""
    return answer(run.pulls(request.app.state.workspace))


@router.get("/connectors", response_model=list[model_of(run.ConnectorRow)])  # type: ignore[misc]
def connectors() -> Response:
    """What can be pulled, and what that needs to know."""
    return answer(run.connectors())


@router.post("/pulls", response_model=_Rows)
def add(request: Request, said: PullSaid) -> Response:
    """Let something be pulled from now on; its secret is kept, and in no answer."""
    found = run.add_pull(
        request.app.state.workspace,
        said.name,
        connector=said.connector,
        secret=run.HandedIn(said.secret),
        settings=said.settings,
        every=said.every or None,
        since=said.since or None,
        author=me_of(request).name or "",
    )
    return answer(found)


@router.post("/pulls/{name}/run", response_model=_Rows)
def ask(request: Request, name: str) -> Response:
    """Make a pull due now; it runs within seconds."""
    return answer(run.ask_pull(request.app.state.workspace, name))


@router.post("/pulls/{name}/pause", response_model=_Rows)
def pause(request: Request, name: str) -> Response:
    """Let a pull wait until it is resumed."""
    return answer(run.pause_pull(request.app.state.workspace, name))


@router.post("/pulls/{name}/resume", response_model=_Rows)
def resume(request: Request, name: str) -> Response:
    """Let a paused pull go on where it stood."""
    return answer(run.resume_pull(request.app.state.workspace, name))


@router.delete("/pulls/{name}", response_model=_Rows)
def remove(request: Request, name: str) -> Response:
    """Pull something no more: its secret goes, what came stays."""
    return answer(run.remove_pull(request.app.state.workspace, name))
