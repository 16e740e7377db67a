"""Look at what every source sends: audits, the tracking plan, and the last events that came."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pathworth import collect, run
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder


class Which(StrEnum):
    """Good events, bad ones, or both."""

    all = "all"
    good = "good"
    bad = "bad"


def audit(
    workspace: Folder = Path(),
    until: Annotated[
        str | None,
        typer.Option(help="As of the end of this day (ISO); nothing is kept then."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what is wrong with what each source sends, as Markdown, and keep it under its day."""
    opened = run.open_workspace(workspace)
    found = run.keep_audit(opened) if until is None else run.audit(opened, until=until)
    if json:
        show.json(found)
        return
    sys.stdout.write(collect.as_markdown(found))


def audits(
    workspace: Folder = Path(),
    limit: Annotated[int, typer.Option(help="How many at most, the newest first.")] = 90,
    json: AsJson = False,
) -> None:
    """List the audits that were kept."""
    found = run.audits(run.open_workspace(workspace), limit=limit)
    if json:
        show.json(found)
        return
    show.table(
        "Audits",
        ("day", "worst score", "broken", "attention", "notice", "sources"),
        (
            (
                one.day,
                one.score,
                one.broken,
                one.attention,
                one.notice,
                ", ".join(f"{row.source} {row.score}" for row in one.sources),
            )
            for one in found
        ),
    )


def tracking(
    workspace: Folder = Path(),
    expect: Annotated[
        str | None, typer.Option(metavar="EVENT", help="Say that an event is to be expected.")
    ] = None,
    note: Annotated[str, typer.Option(help="Why it is.")] = "",
    drop: Annotated[
        str | None, typer.Option(metavar="EVENT", help="Take back that it is expected.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the tracking plan: events that somebody expects, held against those that came."""
    opened = run.open_workspace(workspace)
    if drop is not None:
        run.unexpect_event(opened, drop)
    if expect is not None:
        run.expect_event(opened, expect, note=note, author=author() or "")
    found = run.tracking(opened)
    if json:
        show.json(found)
        return
    show.out.print(
        f"{found.not_seen:,} not seen, {found.not_planned:,} not planned, {found.seen:,} seen."
    )
    show.table(
        "Tracking plan",
        ("event", "state", "28 days", "last", "expected by"),
        (
            (one.event, one.state, one.month, one.last, "; ".join(one.expected_by))
            for one in found.events
        ),
    )


def tail(
    workspace: Folder = Path(),
    only: Annotated[Which, typer.Option(help="Good ones or bad ones alone.")] = Which.all,
    source: Annotated[str | None, typer.Option(help="Only those of one source.")] = None,
    person: Annotated[str | None, typer.Option(help="Only those of one person, by any id.")] = None,
    map_: Annotated[str | None, typer.Option("--map", help="Whose steps; the first map.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=200)] = 20,
    json: AsJson = False,
) -> None:
    """Show the last events that came in, each with its step or the reason why it has none."""
    opened = run.open_workspace(workspace)
    found = run.tail(
        opened, only=only.value, source=source, person=person, limit=limit, map_name=map_
    )
    if json:
        show.json(found)
        return
    show.table(
        "Last events",
        ("came", "source", "person", "event", "step, or why none"),
        (
            (
                one.received,
                one.source,
                one.person,
                one.event,
                one.steps[0].name if one.steps else one.why,
            )
            for one in found.events
        ),
    )
