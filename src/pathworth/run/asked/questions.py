"""Questions of measure's table for the faces: parameters become a question, a question its answer or its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any

from pathworth import measure
from pathworth.base.errors import WrongUsage
from pathworth.base.seeing import fewest
from pathworth.journeys import Journeys
from pathworth.run.persons.pages import PeoplePage, page_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace


def parameters(ask: type[measure.Ask]) -> tuple[Field[Any], ...]:
    """Return the parameters of a question."""
    return fields(ask)  # type: ignore[arg-type]  # every question is a dataclass


def question(
    workspace: Workspace,
    ask: type[measure.Ask],
    *,
    values: Mapping[str, Any],
    map_name: str | None = None,
) -> measure.Ask:
    """Return a question from what a face was given.

    Parameters
    ----------
    values
        Its parameters by name; what is null or not there keeps its default.
    map_name
        Where steps are found by name; events come after them. Names in a pattern are steps of the first map unless
        said.
    """
    given: dict[str, Any] = {}
    for one in parameters(ask):
        value = values.get(one.name)
        if value is None:
            continue
        if isinstance(value, list):
            value = tuple(value)
        if one.metadata["kind"] == "steps":
            value = tuple(workspace.steps(value, map_name))
        elif one.metadata["kind"] == "step":
            value = workspace.steps([str(value)], map_name)[0]
        elif one.metadata["kind"] == "exclusions":
            value = tuple(workspace.exclusions(value, map_name))
        elif one.metadata["kind"] == "pattern":
            document = workspace.known_map(map_name)
            steps = () if document is None else document.named_steps()
            value = measure.NamedPattern(str(value), steps)
        given[one.name] = value
    if fewest() and any(one.name == "entities" for one in parameters(ask)):
        # Whether a move is of few people is not known before they are counted.
        given["entities"] = True
    return ask(**given)


def answer_of(
    workspace: Workspace,
    asked: measure.Ask,
    *,
    selection: Selection,
    map_name: str | None = None,
) -> measure.Answer:
    """Return the answer to a question about a selection."""
    chosen = workspace.select(selection, map_name=map_name)
    return asked.answer(chosen, engine=workspace.engine)


def difference_of(
    workspace: Workspace,
    asked: measure.Compares[measure.Answer],
    *,
    pair: tuple[Selection, Selection],
    map_name: str | None = None,
) -> measure.Answer:
    """Return how the answer to a question differs between two selections, both cut into the units of the first."""
    both = _both(workspace, pair, map_name)
    return asked.differ(both, engine=workspace.engine)


def people_of_cell(
    workspace: Workspace,
    asked: measure.Ask,
    *,
    cell: str,
    selection: Selection,
    against: Selection | None = None,
    map_name: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> PeoplePage:
    """Return a page of the people behind a cell of an answer: as many as the cell says, or whose units it counts.

    Parameters
    ----------
    cell
        As the answer of the question writes it.
    against
        The second selection, where the cell is one of a comparison.
    after, limit
        How many people are passed over, and how many follow at most.
    """
    engine = workspace.engine
    if against is None:
        chosen = workspace.select(selection, map_name=map_name)
        found = measure.people_behind(chosen, asked, cell=cell, engine=engine)
    else:
        pair = _both(workspace, (selection, against), map_name)
        chosen = pair[0]
        found = measure.people_behind_both(pair, _with_lists(asked), cell=cell, engine=engine)
    places = [(one.shard, one.entity) for one in found[after : after + limit]]
    page = page_of(places, chosen.snapshot, count=len(found), after=after)
    units = sum(one.times for one in found)
    return page if units == len(found) else replace(page, units=units)


def _both(
    workspace: Workspace, pair: tuple[Selection, Selection], map_name: str | None
) -> tuple[Journeys, Journeys]:
    """Return two selections of one snapshot, both cut into the units of the first."""
    first, second = pair
    second = replace(second, of=first.of, holding=first.holding)
    return workspace.select_both((first, second), map_name=map_name)


def _with_lists(asked: measure.Ask) -> measure.ComparesPeople[measure.Answer]:
    """Return a question whose comparison has cells of its own; of all others each side is asked alone."""
    if not isinstance(asked, measure.ComparesPeople):
        raise WrongUsage(
            "NO_CELL",
            f"The comparison of {asked.word} has no lists of its own.",
            "Ask for the list of one of the two selections.",
        )
    return asked
