"""Transitions, retention and sessions on the command line, compared where asked, with their people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

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
    chosen: Annotated[
        list[str] | None,
        typer.Option(
            help="Above 64 events: one whose mean times get an interval; may be repeated."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show how often people go from one event straight to another, and how long it takes."""
    journeys = run.open_workspace(workspace).journeys(where=where, who=who, from_=from_, to=to)
    answer = measure.transitions(
        journeys, times=times, entities=entities, by=by, chosen=chosen or ()
    )
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
    by: By = None,
    against_where: AgainstWhere = None,
    against_who: AgainstWho = None,
    against_from: AgainstFrom = None,
    against_to: AgainstTo = None,
    json: AsJson = False,
) -> None:
    """Count who comes back, by the period in which they began; with --against-... how A and B differ."""
    opened = run.open_workspace(workspace)
    chosen = opened.journeys(where=where, who=who, from_=from_, to=to)
    against = _selection(against_where, against_who, against_from, against_to)
    second = _second(opened, against, beside=chosen)
    if second is not None:
        compared = measure.retention_diff(
            (chosen, second), start=start, return_=return_, period=period, mode=mode
        )
        rows = ((f"{period} {one.k}", one.share) for one in compared.cells)
        _differences(compared, rows, json=json)
        return
    answer = measure.retention(
        chosen, start=start, return_=return_, period=period, mode=mode, by=by
    )
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
    against_where: AgainstWhere = None,
    against_who: AgainstWho = None,
    against_from: AgainstFrom = None,
    against_to: AgainstTo = None,
    json: AsJson = False,
) -> None:
    """Count sessions, and how long and how busy the middle one is; with --against-... how A and B differ."""
    opened = run.open_workspace(workspace)
    chosen = opened.journeys(where=where, who=who, from_=from_, to=to)
    against = _selection(against_where, against_who, against_from, against_to)
    second = _second(opened, against, beside=chosen)
    if second is not None:
        compared = measure.sessions_diff((chosen, second), gap=gap)
        rows = (
            ("sessions a person", compared.per_entity),
            ("events a session", compared.events),
            ("seconds a session", compared.seconds),
        )
        _differences(compared, rows, json=json)
        return
    answer = measure.sessions(chosen, gap=gap)
    if json:
        show.json(answer)
        return
    show.table(
        "Sessions",
        ("sessions", "people", "median events", "median seconds"),
        [(answer.sessions, answer.entities, answer.median_events, answer.median_seconds)],
    )


def people(
    question: Annotated[
        Literal["transitions", "retention", "sessions"], typer.Argument(help="Which.")
    ],
    step: Annotated[list[str] | None, typer.Option(help="The move's two events.")] = None,
    workspace: Folder = Path(),
    at: Annotated[int, typer.Option(help="Cell of the cohort from 0.")] = 1,
    what: Annotated[str | None, typer.Option(help="retained or lost.")] = None,
    by: By = None,
    value: Annotated[str | None, typer.Option(help="Which value of --by.")] = None,
    cohort: Annotated[str, typer.Option(help="Start of the cohort, as retention says it.")] = "",
    start: Annotated[str | None, typer.Option(help="Predicate of the first event.")] = None,
    return_: Annotated[
        str | None, typer.Option("--return", help="Predicate of coming back.")
    ] = None,
    period: Annotated[str, typer.Option(help="day, week or month.")] = "month",
    mode: Annotated[str, typer.Option(help="calendar, rolling or unbounded.")] = "calendar",
    map_: Annotated[str | None, typer.Option("--map", help="Steps are names of this map.")] = None,
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    after: Annotated[int, typer.Option(help="How many are passed over.")] = 0,
    limit: Annotated[int, typer.Option(help="How many follow at most.")] = 50,
    json: AsJson = False,
) -> None:
    """List the people behind a number of a question."""
    number = run.NumberOf(
        question,
        tuple(step or ()),
        at=at,
        what=what,
        by=by,
        value=value,
        cohort=cohort,
        start=start,
        return_=return_,
        period=period,
        mode=mode,
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
    opened: run.Workspace, selection: run.Selection, *, beside: Journeys
) -> Journeys | None:
    """Return the second selection, of the same snapshot as the first; null when nothing is said of it."""
    if selection == run.Selection():
        return None
    return replace(opened.select(selection), snapshot=beside.snapshot)


def _differences(
    answer: measure.RetentionDiff | measure.SessionsDiff,
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
