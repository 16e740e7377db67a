"""One JSON shape for every error, with its code and its remedy."""

from __future__ import annotations

import re

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pathworth import run
from pathworth.base.errors import PathworthError, UnknownName, WrongUsage
from pathworth.base.texts import check_texts


def envelope(code: str, message: str, hint: str, *, status: int) -> JSONResponse:
    """Return the one shape of an error."""
    body = {"error": {"code": code, "message": message, "hint": hint}}
    return JSONResponse(body, status_code=status)


_WRITTEN_OUT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_STATUS = {
    "WRONG_PASSWORD": 401,
    "PRIVATE_COLUMN": 403,
    "TOO_FEW_PEOPLE": 403,
    "UNITS_NOT_SHOWN": 403,
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


async def whole_texts(request: Request) -> None:
    """Refuse texts that no database keeps, wherever in a request they stand, before any route sees them.

    A body is looked at where its route reads it as JSON; what is sent as a file or as events has its own readers.

    Raises
    ------
    BadInput
        ``BAD_TEXT``.
    """
    check_texts([*request.path_params.values(), *request.query_params.values()])
    if getattr(request.scope.get("route"), "body_field", None) is None:
        return
    # As JSON has it such a sign is written out; whole characters may be as well.
    if _WRITTEN_OUT.search(await request.body()):
        check_texts(await request.json())


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
