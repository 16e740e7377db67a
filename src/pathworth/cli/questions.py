"""Transitions, funnel, retention and sessions on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import measure, run
from pathworth.cli import show
from pathworth.cli.options import AsJson, By, Folder, From, To, Where, Who


def transitions(
    workspace: Folder = Path(),
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    by: By = None,
    times: Annotated[str, typer.Option(help="mean or quantiles.")] = "mean",
    entities: Annotated[
        bool, typer.Option("--entities", help="Also count people per arrow.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Show how often people go from one event straight to another, and how long it takes."""
    chosen = run.open_workspace(workspace).journeys(where=where, who=who, from_=from_, to=to)
    answer = measure.transitions(chosen, times=times, entities=entities, by=by)
    if json:
        show.json(answer)
        return
    rows = sorted(answer.edges, key=lambda edge: (-edge.count, edge.from_, edge.to))
    title = f"{answer.entities:,} people, {answer.events:,} events"
    show.table(
        title,
        ("from", "to", "count", "mean seconds"),
        ((edge.from_, edge.to, edge.count, edge.mean_seconds) for edge in rows[:40]),
    )
    if len(rows) > 40:
        show.log.print(f"{len(rows) - 40} smaller arrows are not shown; --json has them all.")


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
    json: AsJson = False,
) -> None:
    """Count who takes the steps one after the other."""
    opened = run.open_workspace(workspace)
    chosen = opened.journeys(where=where, who=who, from_=from_, to=to)
    asked = opened.map_steps(steps, map_) if map_ else steps
    answer = measure.funnel(chosen, asked, within=within, order=order, by=by)
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


def retention(
    workspace: Folder = Path(),
    start: Annotated[str | None, typer.Option(help="Predicate of the first event.")] = None,
    return_: Annotated[
        str | None, typer.Option("--return", help="Predicate of coming back.")
    ] = None,
    period: Annotated[str, typer.Option(help="day, week or month.")] = "month",
    mode: Annotated[str, typer.Option(help="calendar, rolling or unbounded.")] = "calendar",
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    json: AsJson = False,
) -> None:
    """Count who comes back, by the period in which they began."""
    chosen = run.open_workspace(workspace).journeys(where=where, who=who, from_=from_, to=to)
    answer = measure.retention(chosen, start=start, return_=return_, period=period, mode=mode)
    if json:
        show.json(answer)
        return
    longest = max((len(one.retained) for one in answer.cohorts), default=0)
    show.table(
        f"People who came back, by {period}",
        ("from", "people", *(str(k) for k in range(min(longest, 13)))),
        (
            (one.start, one.size, *(_padded(one.retained, min(longest, 13))))
            for one in answer.cohorts
        ),
    )


def _padded(cells: tuple[int | None, ...], length: int) -> list[int | None]:
    return [*cells[:length], *([None] * (length - len(cells)))]


def sessions(
    workspace: Folder = Path(),
    gap: Annotated[str, typer.Option(help="A longer pause starts a new session.")] = "30m",
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    json: AsJson = False,
) -> None:
    """Count sessions, and how long and how busy the middle one is."""
    chosen = run.open_workspace(workspace).journeys(where=where, who=who, from_=from_, to=to)
    answer = measure.sessions(chosen, gap=gap)
    if json:
        show.json(answer)
        return
    show.table(
        "Sessions",
        ("sessions", "people", "median events", "median seconds"),
        [(answer.sessions, answer.entities, answer.median_events, answer.median_seconds)],
    )
