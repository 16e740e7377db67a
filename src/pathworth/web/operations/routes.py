"""The addresses that a supervisor, a load balancer and Prometheus ask."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse

from pathworth import run
from pathworth.web.operations.counted import Counts
from pathworth.web.operations.exposition import CONTENT_TYPE, exposition


def install(app: FastAPI, workspace: run.Workspace, counts: Counts) -> None:
    """Give an app these addresses; what each needs stands in the table of roles.

    Parameters
    ----------
    workspace
        Which is served.
    counts
        Requests of this process.
    """
    watch = run.Watch(partial(run.readiness, workspace))

    async def livez() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    def readyz() -> PlainTextResponse:
        held = watch.look()
        waits = f"{held.batches:,} batches wait to be numbered."
        if held.why_not is None:
            return PlainTextResponse(f"ok. {waits}\n")
        return PlainTextResponse(f"not ready. {held.why_not} {waits}\n", status_code=503)

    def metrics() -> Response:
        return Response(exposition(run.figures(workspace), counts), media_type=CONTENT_TYPE)

    for path, answer in {
        "/livez": livez,
        "/healthz": livez,
        "/readyz": readyz,
        "/metrics": metrics,
    }.items():
        app.add_api_route(path, answer, methods=["GET"], include_in_schema=False)
