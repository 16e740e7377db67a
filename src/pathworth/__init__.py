"""Pathworth: customer journeys as they really are, what every arrow is worth, and the few things worth doing.

base      the words that everything shares
kernels   how one person's journey is folded into numbers
store     where it lives, and whether it is safe
collect   what happened, and to whom
journeys  what one entity did, in order
measure   how many, how often, how long
atlas     what we believe the journey is
value     what each step and arrow is worth
act       who should get what, when, or nothing
learn     whether it worked, and the company with known truth
run       the composition root
web, cli  how a person or program asks
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathworth.base.doors import opened_on_use

if TYPE_CHECKING:
    from pathworth.atlas import MapDocument, discover, dump_map, load_map
    from pathworth.base.errors import PathworthError
    from pathworth.collect import import_files
    from pathworth.journeys import Journeys, Step
    from pathworth.measure import (
        funnel,
        matches,
        paths,
        retention,
        rework,
        sessions,
        step_matrix,
        step_sankey,
        transitions,
        variants,
    )
    from pathworth.run import (
        Workspace,
        init,
        open_workspace as open,  # noqa: A004
    )
    from pathworth.value import picture, price
else:
    __getattr__ = opened_on_use(__name__, __file__)


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "Journeys",
    "MapDocument",
    "PathworthError",
    "Step",
    "Workspace",
    "discover",
    "dump_map",
    "funnel",
    "import_files",
    "init",
    "load_map",
    "matches",
    "open",
    "paths",
    "picture",
    "price",
    "retention",
    "rework",
    "sessions",
    "step_matrix",
    "step_sankey",
    "transitions",
    "variants",
]
