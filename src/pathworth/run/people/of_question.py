"""The people behind a number of a question: a cohort's cell, a move, a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathworth import measure
from pathworth.base.errors import WrongUsage
from pathworth.run.people.behind import PeoplePage, page_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class NumberOf:
    """Which number of which question, in the words of the API and the command line.

    Parameters
    ----------
    question
        ``transitions``, ``retention`` or ``sessions``.
    steps
        The event that a move leaves and the one that it reaches.
    at
        Cell of the cohort from 0.
    what
        ``retained`` or ``lost``.
    by, value, cohort, start, return_, period, mode
        As the question takes them; with ``by`` a value that is null stands for those of whom it is not known.
    """

    question: Literal["transitions", "retention", "sessions"]
    steps: tuple[str, ...] = ()
    at: int = 1
    what: str | None = None
    by: str | None = None
    value: str | None = None
    cohort: str = ""
    start: str | None = None
    return_: str | None = None
    period: str = "month"
    mode: str = "calendar"


def people_of(
    workspace: Workspace,
    number: NumberOf,
    *,
    map_name: str | None = None,
    selection: Selection | None = None,
    after: int = 0,
    limit: int = 50,
) -> PeoplePage:
    """Return a page of the people behind a number of a question: as many as the number says.

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
    found = measure.located(chosen, _cell(number), engine=workspace.engine)
    return page_of(found[after : after + limit], chosen.snapshot, count=len(found), after=after)


def _cell(number: NumberOf) -> measure.Cell:
    """Return the cell that a number stands in."""
    match number.question:
        case "sessions":
            return measure.SelectionCell()
        case "transitions":
            return _edge(number)
        case "retention":
            return _came_back(number)


def _edge(number: NumberOf) -> measure.EdgeCell:
    if len(number.steps) != 2:
        why = f"A move has two events, and {len(number.steps)} are named."
        raise WrongUsage(
            "UNKNOWN_CELL", why, "Name the event that it leaves and the one it reaches."
        )
    return measure.EdgeCell(*number.steps, by=number.by, value=number.value)


def _came_back(number: NumberOf) -> measure.RetentionCell:
    return measure.RetentionCell(
        number.cohort,
        number.at,
        number.start,
        number.return_,
        number.period,  # type: ignore[arg-type]  # the rules of measure refuse another word
        number.mode,  # type: ignore[arg-type]
        "lost" if _what(number, ("retained", "lost")) else "retained",
        number.by,
        number.value,
    )


def _what(number: NumberOf, words: tuple[str, str]) -> bool:
    """Return whether the second of two words is asked for; null means the first."""
    if number.what not in {None, *words}:
        why = f"There are no people who are {number.what!r} here."
        raise WrongUsage("UNKNOWN_CELL", why, f"Ask for {' or '.join(words)}.")
    return number.what == words[1]
