"""The routes of all these addresses, each with and without a slash at its end."""

from __future__ import annotations

from functools import partial

from starlette.routing import BaseRoute, Route

from pathworth import run
from pathworth.web.ingest.addresses import ADDRESSES, ASKS, CONFIGS
from pathworth.web.ingest.asks import PageAsks
from pathworth.web.ingest.configs import ANSWERS, Config
from pathworth.web.ingest.gate import Gate
from pathworth.web.ingest.keeping import Keeping
from pathworth.web.ingest.taking import Taking


def ingest_routes(workspace: run.Workspace, *, open_house: bool) -> list[BaseRoute]:
    """Return the routes.

    A redirect from one form to the other would lose events: Segment's library for Node takes it for delivery.

    Parameters
    ----------
    workspace
        Where events go.
    open_house
        Whether no key is needed while none was made and nobody may log in: on loopback only.
    """
    keys = run.KeyRing(workspace, open_house=open_house)
    gate = Gate(Keeping(workspace), keys, run.Watch(partial(run.behind, workspace)))
    found: list[BaseRoute] = []
    for path, by_get in dict.fromkeys((one.path, one.by_get) for one in ADDRESSES):
        taking = Taking(tuple(one for one in ADDRESSES if one.path == path), gate)
        methods = ["POST", "OPTIONS", *(["GET"] if by_get else [])]
        found += [Route(one, taking, methods=methods) for one in _both(path)]
    for path, (name, ways) in CONFIGS.items():
        config = Config(ANSWERS[name], gate)
        found += [Route(one, config, methods=[*ways, "OPTIONS"]) for one in _both(path)]
    found += [Route(one, PageAsks(gate), methods=["GET", "OPTIONS"]) for one in _both(ASKS)]
    return found


def _both(path: str) -> tuple[str, str]:
    return path, f"{path}/"
