"""Logging in and out, who may, keys of programs, and what happens by itself."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from pathworth import run
from pathworth.base.errors import Refused
from pathworth.web.answers import answer
from pathworth.web.door.roles import COOKIE, me_of
from pathworth.web.schemas import model_of

router = APIRouter(prefix="/run", tags=["run"])
_SECONDS = run.SESSION_DAYS * 86_400
_LONG = 4_000


class LoginBody(BaseModel):
    """Name and password."""

    name: str = Field(max_length=_LONG)
    password: str = Field(max_length=_LONG)


class PasswordBody(BaseModel):
    """The password until now and the one from now on."""

    old: str = Field(max_length=_LONG)
    new: str = Field(max_length=_LONG)


class NewLoginBody(BaseModel):
    """A person who may log in from now on."""

    name: str = Field(max_length=_LONG)
    role: str
    password: str = Field(max_length=_LONG)


class ChangedLoginBody(BaseModel):
    """What changes about a person's login; null leaves it."""

    role: str | None = None
    password: str | None = Field(default=None, max_length=_LONG)


class NewKeyBody(BaseModel):
    """A key for a program; it is drawn unless given."""

    name: str = Field(max_length=_LONG)
    scope: str = "ingest"
    key: str | None = Field(default=None, max_length=_LONG)


@router.get("/me", response_model=model_of(run.Me))
def me(request: Request) -> Response:
    """Who is asking, and whether a login is needed at all."""
    return answer(me_of(request))


@router.post("/login", response_model=model_of(run.Me))
def login(request: Request, body: LoginBody) -> Response:
    """Log this browser in."""
    workspace = request.app.state.workspace
    entered = run.enter(workspace, body.name, password=body.password, address=_address(request))
    # Whoever logs in again begins anew: the session that was there before ends.
    _leave(request)
    found = answer(entered.me)
    found.set_cookie(
        COOKIE,
        entered.token,
        max_age=_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return found


@router.post("/logout", response_model=model_of(run.Me))
def logout(request: Request) -> Response:
    """Log this browser out."""
    _leave(request)
    found = answer(run.who(request.app.state.workspace, None))
    found.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return found


@router.post("/password", response_model=model_of(run.Me))
def password(request: Request, body: PasswordBody) -> Response:
    """Change one's own password; other browsers have to log in again."""
    mine = me_of(request)
    if mine.name is None:
        raise Refused(
            "NO_LOGIN",
            "Nobody is logged in, so there is no password to change.",
            "Make the first login with: pathworth login add NAME --role admin",
        )
    run.change_password(
        request.app.state.workspace,
        mine.name,
        old=body.old,
        new=body.new,
        token=request.cookies.get(COOKIE),
        address=_address(request),
    )
    return answer(mine)


@router.get("/logins", response_model=list[model_of(run.LoginRow)])  # type: ignore[misc]
def logins(request: Request) -> Response:
    """Everybody who may log in."""
    return answer(run.logins(request.app.state.workspace))


@router.post("/logins", response_model=model_of(run.LoginRow))
def add_login(request: Request, body: NewLoginBody) -> Response:
    """Let somebody log in from now on."""
    workspace = request.app.state.workspace
    return answer(run.add_login(workspace, body.name, role=body.role, password=body.password))


@router.put("/logins/{name}", response_model=list[model_of(run.LoginRow)])  # type: ignore[misc]
def change_login(request: Request, name: str, body: ChangedLoginBody) -> Response:
    """Give somebody another role, or a new password."""
    workspace = request.app.state.workspace
    if body.password is not None:
        run.set_password(workspace, name, password=body.password)
    if body.role is not None:
        run.set_role(workspace, name, role=body.role)
    return answer(run.logins(workspace))


@router.delete("/logins/{name}", response_model=list[model_of(run.LoginRow)])  # type: ignore[misc]
def remove_login(request: Request, name: str) -> Response:
    """Let somebody log in no more."""
    run.remove_login(request.app.state.workspace, name, by=me_of(request).name)
    return answer(run.logins(request.app.state.workspace))


@router.delete("/logins/{name}/sessions", response_model=list[model_of(run.LoginRow)])  # type: ignore[misc]
def end_sessions(request: Request, name: str) -> Response:
    """Log somebody out everywhere."""
    run.end_sessions(request.app.state.workspace, name)
    return answer(run.logins(request.app.state.workspace))


@router.get("/keys", response_model=list[model_of(run.KeyRow)])  # type: ignore[misc]
def keys(request: Request) -> Response:
    """Every key of a program, without its secret."""
    return answer(run.keys(request.app.state.workspace))


@router.post("/keys", response_model=model_of(run.NewKey))
def create_key(request: Request, body: NewKeyBody) -> Response:
    """Make a key; this answer is the only time that it is shown."""
    workspace = request.app.state.workspace
    return answer(run.create_key(workspace, body.name, scope=body.scope, key=body.key))


@router.delete("/keys/{name}", response_model=list[model_of(run.KeyRow)])  # type: ignore[misc]
def remove_key(request: Request, name: str) -> Response:
    """Forget a key: what carries it is refused from now on."""
    run.remove_key(request.app.state.workspace, name)
    return answer(run.keys(request.app.state.workspace))


@router.get("/asking", response_model=list[model_of(run.Asking)])  # type: ignore[misc]
async def asking(request: Request) -> Response:
    """What this process asks a cluster at this moment, and how far it is."""
    return answer(run.asking_now(tuple(request.app.state.waiters.values())))


@router.get("/jobs", response_model=list[model_of(run.JobRow)])  # type: ignore[misc]
def jobs(request: Request) -> Response:
    """What happens by itself: when it is due, and how it went the last time."""
    return answer(run.job_rows(request.app.state.workspace))


@router.post("/jobs/{name}/run", response_model=list[model_of(run.JobRow)])  # type: ignore[misc]
def run_job(request: Request, name: str) -> Response:
    """Make a job due now; whoever serves the workspace runs it within a second or two."""
    return answer(run.ask_job(request.app.state.workspace, name))


def _leave(request: Request) -> None:
    token = request.cookies.get(COOKIE)
    if token is not None:
        run.leave(request.app.state.workspace, token)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
