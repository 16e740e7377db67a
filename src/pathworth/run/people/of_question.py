"""The people behind a number of a funnel."""

from __future__ import annotations

from dataclasses import dataclass

from pathworth import measure
from pathworth.base.errors import WrongUsage
from pathworth.run.people.behind import PeoplePage, page_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class NumberOf:
    """Which number of a funnel, in the words of the API and the command line.

    Parameters
    ----------
    steps
        Steps of the funnel.
    at
        Its step from 1.
    what
        ``reached`` or ``dropped``.
    within, order, by, value
        As the question takes them; with ``by`` a value that is null stands for those of whom it is not known.
    """

    steps: tuple[str, ...] = ()
    at: int = 1
    what: str | None = None
    within: str | None = None
    order: str = "ordered"
    by: str | None = None
    value: str | None = None


def people_of(
    workspace: Workspace,
    number: NumberOf,
    *,
    map_name: str | None = None,
    selection: Selection | None = None,
    after: int = 0,
    limit: int = 50,
) -> PeoplePage:
    """Return a page of the people behind a number of a funnel: as many as the number says.

    Parameters
    ----------
    workspace
        Where the journeys are.
    number
        The number.
    map_name, selection
        What was asked about.
    after, limit
        How many people are passed over, and how many follow at most.
    """
    chosen = workspace.select(selection or Selection(), map_name=map_name)
    cell = measure.FunnelCell(
        tuple(workspace.steps(number.steps, map_name)),
        number.at,
        "dropped" if _dropped(number) else "reached",
        within=number.within,
        order=number.order,  # type: ignore[arg-type]  # the rules of measure refuse another word
        by=number.by,
        value=number.value,
    )
    found = measure.located(chosen, cell, engine=workspace.engine)
    return page_of(found[after : after + limit], chosen.snapshot, count=len(found), after=after)


def _dropped(number: NumberOf) -> bool:
    """Return whether those who dropped out are asked for; null means those who reached the step."""
    if number.what not in {None, "reached", "dropped"}:
        why = f"There are no people who are {number.what!r} here."
        raise WrongUsage("UNKNOWN_CELL", why, "Ask for reached or dropped.")
    return number.what == "dropped"
