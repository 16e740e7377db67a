"""One JSON shape for every error, with its code and its remedy."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pathworth import run
from pathworth.base.errors import PathworthError, UnknownName, WrongUsage


def envelope(code: str, message: str, hint: str, *, status: int) -> JSONResponse:
    """Return the one shape of an error."""
    body = {"error": {"code": code, "message": message, "hint": hint}}
    return JSONResponse(body, status_code=status)


_STATUS = {
    "WRONG_PASSWORD": 401,
    "PRIVATE_COLUMN": 403,
    "TOO_MANY_TRIES": 429,
    "BODY_TOO_LARGE": 413,
    "BATCH_TOO_LARGE": 413,
}


def status_of(error: PathworthError) -> int:
    """Return the HTTP status of an error of ours."""
    if error.code in _STATUS:
        return _STATUS[error.code]
    if isinstance(error, UnknownName):
        return 404
    return 422 if isinstance(error, WrongUsage) else 409


def install(app: FastAPI) -> None:
    """Make every error of the app leave in the one shape."""

    @app.exception_handler(PathworthError)
    async def _ours(request: Request, error: PathworthError) -> JSONResponse:
        error = run.told_of_private(request.app.state.workspace.store, error)
        return envelope(error.code, error.message, error.hint, status=status_of(error))

    @app.exception_handler(RequestValidationError)
    async def _call(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "query")
        message = f"{where}: {first['msg']}."
        return envelope(
            "BAD_CALL", message, "See /api/docs for what this address takes.", status=422
        )

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        message = f"{error.detail}."
        hint = "See /api/docs for every address."
        return envelope(f"HTTP_{error.status_code}", message, hint, status=error.status_code)
