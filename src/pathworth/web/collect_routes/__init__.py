"""What comes in, under the API: events, files, imports, whom to leave out, who is one, what was released."""

from __future__ import annotations

from fastapi import APIRouter

from pathworth.web.collect_routes import (
    arrivals,
    audits,
    daily,
    entities,
    imports,
    links,
    marks,
    pulls,
    uploads,
)

router = APIRouter(prefix="/collect", tags=["collect"])
for part in (arrivals, audits, imports, uploads, marks, links, entities, daily, pulls):
    router.include_router(part.router)

__all__ = ["router"]
