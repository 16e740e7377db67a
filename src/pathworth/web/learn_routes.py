"""Experiments under the API: written, locked, begun, read, ended."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from pathworth import learn, run
from pathworth.web.answers import answer
from pathworth.web.schemas import model_of

router = APIRouter(prefix="/learn", tags=["learn"])

Views = model_of(run.ExperimentView)
Lines = model_of(run.ExperimentLine)


class ExperimentSaid(BaseModel):
    """What an experiment asks."""

    id: str
    hypothesis: str
    program: str
    map: str
    step: str
    trigger: str
    horizon: str = "14d"
    smallest: float = 0.05
    better: Literal["more", "fewer"] = "more"
    treated_share: float = 0.5
    unit: Literal["person", "account"] = "person"
    goal: str | None = None
    protest: str | None = None


class EndSaid(BaseModel):
    """Why an experiment ends."""

    why: str


@router.get("/experiments", response_model=list[Lines])  # type: ignore[valid-type]
def experiments(request: Request) -> Response:
    """Every experiment, the newest first, with what can be said of it now."""
    return answer(run.experiments(request.app.state.workspace))


@router.get("/programs", response_model=list[str])
def programs(request: Request) -> Response:
    """The programs whose decisions an experiment can read."""
    return answer(run.programs_to_test(request.app.state.workspace))


@router.get("/experiment/{name}", response_model=Views)
def experiment(request: Request, name: str) -> Response:
    """One experiment with its plan and its read-out."""
    return answer(run.experiment_view(request.app.state.workspace, name))


@router.put("/experiment", response_model=Views)
def write(request: Request, said: ExperimentSaid) -> Response:
    """Write an experiment down, or anew while it is not locked."""
    asked = learn.Experiment(**said.model_dump())
    return answer(
        run.write_experiment(request.app.state.workspace, asked, author=author_of(request))
    )


@router.delete("/experiment/{name}", response_model=list[Lines])  # type: ignore[valid-type]
def drop(request: Request, name: str) -> Response:
    """Forget a draft."""
    return answer(run.drop_experiment(request.app.state.workspace, name))


@router.post("/experiment/{name}/lock", response_model=Views)
def lock(request: Request, name: str) -> Response:
    """Plan an experiment and lock it: nothing of it can be changed from here on."""
    return answer(run.lock_experiment(request.app.state.workspace, name))


@router.post("/experiment/{name}/begin", response_model=Views)
def begin(request: Request, name: str) -> Response:
    """Begin a locked experiment."""
    return answer(run.begin_experiment(request.app.state.workspace, name))


@router.post("/experiment/{name}/end", response_model=Views)
def end(request: Request, name: str, said: EndSaid) -> Response:
    """End an experiment for a reason."""
    workspace = request.app.state.workspace
    return answer(run.end_experiment(workspace, name, why=said.why, author=author_of(request)))


def author_of(request: Request) -> str:
    """Return who writes: the login's name, or somebody on this machine while there is none."""
    me = getattr(request.state, "me", None)
    return getattr(me, "name", None) or "somebody on this machine"
