"""The funnel on the command line, compared where asked, with its people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from pathworth import measure, run
from pathworth.cli import show
from pathworth.cli.options import (
    AgainstFrom,
    AgainstTo,
    AgainstWhere,
    AgainstWho,
    AsJson,
    By,
    Folder,
    From,
    To,
    Where,
    Who,
)
from pathworth.journeys import Journeys


def funnel(
    steps: Annotated[list[str], typer.Argument(help="Event names, or name := predicate.")],
    workspace: Folder = Path(),
    within: Annotated[str | None, typer.Option(help="Window from the first step: 7d.")] = None,
    order: Annotated[str, typer.Option(help="ordered, strict or any.")] = "ordered",
    map_: Annotated[str | None, typer.Option("--map", help="Steps are names of this map.")] = None,
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    by: By = None,
    times: Annotated[
        str, typer.Option(help="quantiles: the median time to each step; none.")
    ] = "none",
    against_where: AgainstWhere = None,
    against_who: AgainstWho = None,
    against_from: AgainstFrom = None,
    against_to: AgainstTo = None,
    json: AsJson = False,
) -> None:
    """Count who takes the steps one after the other; with --against-... how A and B differ."""
    opened = run.open_workspace(workspace)
    chosen = opened.select(_selection(where, who, from_, to), map_name=map_)
    asked = opened.steps(steps, map_)
    second = _second(opened, _selection(against_where, against_who, against_from, against_to), map_)
    if second is not None:
        compared = measure.funnel_diff(
            (chosen, second), asked, within=within, order=order, times=times
        )
        _differences(compared, ((one.name, one.from_first) for one in compared.steps), json=json)
        return
    answer = measure.funnel(chosen, asked, within=within, order=order, by=by, times=times)
    if json:
        show.json(answer)
        return
    show.table(
        "Of those who take the first step",
        ("step", "people", "of first", "of step before", "likely"),
        (
            (
                one.name,
                one.entities,
                one.from_first,
                one.from_previous,
                "-" if one.interval is None else f"{one.interval[0]:.3f} to {one.interval[1]:.3f}",
            )
            for one in answer.steps
        ),
    )


def people(
    step: Annotated[list[str] | None, typer.Option(help="Steps of the funnel.")] = None,
    workspace: Folder = Path(),
    at: Annotated[int, typer.Option(help="Step of the funnel from 1.")] = 1,
    what: Annotated[str | None, typer.Option(help="reached or dropped.")] = None,
    within: Annotated[str | None, typer.Option(help="Window from the first step: 7d.")] = None,
    order: Annotated[str, typer.Option(help="ordered, strict or any.")] = "ordered",
    by: By = None,
    value: Annotated[str | None, typer.Option(help="Which value of --by.")] = None,
    map_: Annotated[str | None, typer.Option("--map", help="Steps are names of this map.")] = None,
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    after: Annotated[int, typer.Option(help="How many are passed over.")] = 0,
    limit: Annotated[int, typer.Option(help="How many follow at most.")] = 50,
    json: AsJson = False,
) -> None:
    """List the people behind a number of a funnel."""
    number = run.NumberOf(
        tuple(step or ()), at=at, what=what, within=within, order=order, by=by, value=value
    )
    page = run.people_of(
        run.open_workspace(workspace),
        number,
        map_name=map_,
        selection=_selection(where, who, from_, to),
        after=after,
        limit=limit,
    )
    show.people(page, as_json=json)


def _selection(
    where: str | None, who: str | None, from_: str | None, to: str | None
) -> run.Selection:
    return run.Selection(where=where, who=who, from_=from_, to=to)


def _second(
    opened: run.Workspace, selection: run.Selection, map_name: str | None = None
) -> Journeys | None:
    """Return the second selection, null when nothing is said of it."""
    if selection == run.Selection():
        return None
    return opened.select(selection, map_name=map_name)


def _differences(
    answer: measure.FunnelDiff,
    rows: Iterable[tuple[str, measure.Difference]],
    *,
    json: bool,
) -> None:
    """Show how A and B differ."""
    if json:
        show.json(answer)
        return
    show.table(
        "B against A",
        ("", "A", "B", "in words"),
        ((name, one.a, one.b, one.words) for name, one in rows),
    )
