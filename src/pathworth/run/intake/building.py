"""An entity declared on a page: its journeys are built in the background, with progress and an end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from pathworth.base.errors import Refused
from pathworth.run.intake.entities import EntityRow
from pathworth.run.intake.works import Trouble, Work, Works
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class Building:
    """The journeys of an entity, built in the background.

    Parameters
    ----------
    name, by
        What questions will call it, and the property whose values are its ids.
    author
        Who declared it.
    state
        ``running``, ``done``, ``refused`` or ``cancelled``.
    stage, share
        What is being done, and how far the whole is, 0 to 1.
    made
        What became of it; null before the end.
    trouble
        Why it was refused.
    """

    name: str
    by: str
    author: str
    state: str
    stage: str
    share: float
    made: EntityRow | None = None
    trouble: Trouble | None = None

    def ended(self, state: str, trouble: Trouble | None = None) -> Building:
        """Return it as it stands at the end."""
        return replace(self, state=state, trouble=trouble)


_works: Works[Building] = Works("entity", broke="ENTITY_BROKE")


def begin_entity(workspace: Workspace, name: str, *, by: str, author: str) -> Building:
    """Build the journeys of an entity in the background and declare it at their end.

    Raises
    ------
    Refused
        ``ENTITY_BUILDING`` while another one is built, ``ENTITY_EXISTS`` when it is declared by another property.
    WrongUsage, UnknownName
        As ``Entities.add``, before anything is built.
    """
    workspace.store.entities.check(name, by)
    return _works.begin(
        workspace,
        Building(name, by, author, "running", "waiting for its turn", 0.0),
        work=partial(_build, workspace),
        busy=lambda other: Refused(
            "ENTITY_BUILDING",
            f"The journeys of {other.name} are being built.",
            "Wait until they are there, or cancel it.",
        ),
    )


def _build(workspace: Workspace, work: Work[Building]) -> Building:
    def tell(stage: str, share: float) -> None:
        work.see(replace(work.now, stage=stage, share=share))

    said = work.now
    made = workspace.entities.add(said.name, by=said.by, author=said.author, progress=tell)
    return replace(work.now, state="done", share=1.0, made=made)


def building(workspace: Workspace) -> tuple[Building, ...]:
    """Return the entity that is built in this process, or how the last one ended; none when there was none."""
    return _works.of(workspace)


def cancel_entity(workspace: Workspace) -> tuple[Building, ...]:
    """End what is built; nothing of it stays, and one that was there before stays as it was."""
    return _works.cancel(workspace)
