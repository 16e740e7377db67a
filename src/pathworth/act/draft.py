"""A sensible program for a step of the map, ready to be read, mended and started."""

from __future__ import annotations

import re

from pathworth.act.contracts import MuteGuardrail, Program, Template
from pathworth.act.programs import maps_of
from pathworth.base.errors import UnknownName
from pathworth.store import Programs, Workspace

_TEXT = """Hello,

you came as far as: {step}.
Say here in two sentences what helps with the next step, and where to find it.

Why you get this: {{{{ why }}}}
No more of these: {{{{ unsubscribe }}}}
"""
_MAIL = re.compile(r"e-?mail(_address)?", re.IGNORECASE)


def draft_program(workspace: Workspace, map_: str, *, step: str) -> Program:
    """Return a program for people who stall in a step, its goal being the step after it.

    Parameters
    ----------
    workspace
        Whose map.
    map_
        Its name.
    step
        Id or name of the step.

    Raises
    ------
    UnknownName
        ``UNKNOWN_MAP``, ``UNKNOWN_STEP``.
    """
    maps = maps_of(workspace)
    if map_ not in maps:
        raise UnknownName.near("map", map_, maps)
    steps = list(maps[map_].steps)
    place = next((k for k, one in enumerate(steps) if step in {one.id, one.name}), None)
    if place is None:
        raise UnknownName.near("step", step, [one.id for one in steps])
    chosen = steps[place]
    later = [one for one in steps[place + 1 :] if one.rule is not None and not one.leaving]
    return Program(
        id=_free_id(workspace, chosen.id),
        name=f"After {chosen.name}"[:80],
        map=map_,
        step=chosen.id,
        trigger="stalls",
        stalls_after="2d",
        goal=later[0].id if later else None,
        purpose="product mail",
        address=_address(workspace),
        message=Template("One thing that helps", _TEXT.format(step=_plain(chosen.name))),
        guardrail=MuteGuardrail(),
    )


def _address(workspace: Workspace) -> str:
    """Return the property that most likely holds an address."""
    snapshot = workspace.snapshot()
    known = [name for name in (*snapshot.columns, *snapshot.on_use) if _MAIL.fullmatch(name)]
    return min(known, key=len, default="email")


def _free_id(workspace: Workspace, step: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", f"after-{step}".lower()).strip("-")[:50]
    taken = {one.id for one in Programs(workspace).all()}
    found, k = base, 2
    while found in taken:
        found, k = f"{base}-{k}", k + 1
    return found


def _plain(text: str) -> str:
    return re.sub(r"[{}%#]", "", text)
