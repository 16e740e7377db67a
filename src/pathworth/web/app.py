"""The web app and the API in one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from pathworth.journeys import Waiter
from pathworth.run import Binding, ClusterEngine, Runner, Workspace
from pathworth.store import held_open
from pathworth.web import (
    act_routes,
    atlas_routes,
    collect_routes,
    errors,
    journeys_routes,
    learn_routes,
    measure,
    operations,
    plan_routes,
    privacy_routes,
    value_routes,
)
from pathworth.web.door import Door, OwnHosts, WithPolicy, login_routes, needed
from pathworth.web.ingest import ingest_routes
from pathworth.web.operations import Counted, Counts, Waited

STATIC = Path(__file__).parent / "static"
SCRIPT = "/pathworth.js"
"""For pages of other sites to load."""
# Everything comes from this server; nothing may be fetched from, or framed by, anywhere else.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def build_app(
    workspace: Workspace, binding: Binding | None = None, *, runner: Runner | None = None
) -> FastAPI:
    """Return the application that serves one workspace.

    Parameters
    ----------
    workspace
        The opened workspace; its current snapshot is asked anew at every request.
    binding
        Where it listens and by which names it is known; loopback only when null.
    runner
        What runs jobs while the application is served; null runs none.
    """
    bound = binding or Binding()
    app = FastAPI(
        title="Pathworth",
        description="Customer journeys, what every arrow is worth, and what to do next.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lambda _: _running(workspace, runner),
        dependencies=[Depends(errors.whole_texts)],
    )
    app.state.workspace = workspace
    waiters: dict[int, Waiter] = {}
    app.state.waiters = waiters
    # First in the list, since a router tries one after another and nothing comes as often as these.
    app.router.routes[:0] = ingest_routes(workspace, open_house=bound.loopback)
    errors.install(app)
    for routes in (journeys_routes, measure, atlas_routes, value_routes):
        app.include_router(routes.router, prefix="/api")
    app.include_router(collect_routes.router, prefix="/api")
    app.include_router(login_routes.router, prefix="/api")
    app.include_router(learn_routes.router, prefix="/api")
    app.include_router(plan_routes.router, prefix="/api")
    app.include_router(privacy_routes.router, prefix="/api")
    app.include_router(act_routes.router, prefix="/api")
    app.include_router(act_routes.public)
    counts = Counts()
    operations.install(app, workspace, counts)
    _pages(app)
    if isinstance(workspace.engine, ClusterEngine):
        app.add_middleware(Waited, waiters=waiters)
    app.add_middleware(Door, open_house=bound.loopback)
    app.add_middleware(
        OwnHosts,
        hosts=bound.names,
        from_any_page=lambda method, path: path == SCRIPT or needed(method, path) == "client",
    )
    app.add_middleware(WithPolicy, policy=POLICY)
    app.add_middleware(Counted, counts=counts)
    return app


@asynccontextmanager
async def _running(workspace: Workspace, runner: Runner | None) -> AsyncIterator[None]:
    with held_open(workspace.store):
        if runner is not None:
            runner.start()
        yield
        if runner is not None:
            await run_in_threadpool(runner.stop)


def _pages(app: FastAPI) -> None:
    if (STATIC / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=STATIC / "assets"), name="assets")

    @app.get(SCRIPT, include_in_schema=False)
    def script() -> FileResponse:
        if not (STATIC / "pathworth.js").is_file():
            raise HTTPException(503, "The script for pages is not built; run `make ui`")
        return FileResponse(STATIC / "pathworth.js", headers={"Cache-Control": "max-age=3600"})

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> FileResponse:
        if path.startswith("api/"):
            raise HTTPException(404, "There is no such address")
        file = STATIC / path
        if path and file.is_file() and STATIC in file.resolve().parents:
            return FileResponse(file)
        if not (STATIC / "index.html").is_file():
            raise HTTPException(503, "The web app is not built; run `make ui`")
        # Pages are addresses of the app itself, so that a copied link opens the same view.
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})
