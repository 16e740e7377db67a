"""List numbers by the day, and say what sources do not see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.base.errors import WrongUsage
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder


def daily(
    workspace: Folder = Path(),
    numbers: Annotated[bool, typer.Option("--numbers", help="The numbers themselves.")] = False,
    source: Annotated[str | None, typer.Option(help="Numbers of one source.")] = None,
    measure: Annotated[str | None, typer.Option(help="Numbers of one measure.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First day.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Day before which they end.")] = None,
    limit: Annotated[int, typer.Option(help="How many numbers at most.")] = 1_000,
    json: AsJson = False,
) -> None:
    """List what sources say that tell no people: ad spend, search, keywords, by source and measure."""
    opened = run.open_workspace(workspace)
    if numbers:
        found = run.daily_numbers(
            opened, source=source, measure=measure, from_=from_, to=to, limit=limit
        )
        _numbers(found, json=json)
        return
    rows = [
        one
        for one in run.daily(opened)
        if source in (None, one.source) and measure in (None, one.measure)
    ]
    if json:
        show.json({"daily": rows})
        return
    show.table(
        "Numbers by the day",
        ("source", "measure", "by", "from", "to", "days", "gaps", "sum", "currency"),
        (
            (
                one.source,
                one.measure,
                ", ".join(one.dimensions) or None,
                one.first,
                one.last,
                one.days,
                one.gaps,
                one.sum,
                one.currency,
            )
            for one in rows
        ),
    )


def _numbers(found: tuple[run.DailyNumber, ...], *, json: bool) -> None:
    if json:
        show.json({"numbers": found})
        return
    show.table(
        "Numbers",
        ("source", "measure", "day", "days", "of", "value", "currency"),
        (
            (
                one.source,
                one.measure,
                one.day,
                one.days,
                ", ".join(f"{name} {text}" for name, text in one.dimensions.items()),
                one.value,
                one.currency,
            )
            for one in found
        ),
    )


def blind_spots(
    source: Annotated[str | None, typer.Argument(help="A source, to say what it misses.")] = None,
    least: Annotated[float | None, typer.Option(help="Least share that it shows: 0.6.")] = None,
    most: Annotated[float | None, typer.Option(help="Greatest share that it shows: 0.9.")] = None,
    because: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Forget what is said.")] = False,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """List what share of what happens each source shows, and why; with a source, say it."""
    opened = run.open_workspace(workspace)
    if source is None:
        rows = run.blind_spots(opened)
    elif forget:
        rows = run.forget_blind_spot(opened, source)
    elif least is None or most is None:
        raise WrongUsage(
            "NO_SHARES",
            f"How much of what happens does {source} show?",
            "Say it: --least 0.6 --most 0.9 --because 'blockers send nothing'.",
        )
    else:
        rows = run.say_blind_spot(
            opened, source, shows=(least, most), because=because, author=author() or ""
        )
    if json:
        show.json({"blind_spots": rows})
        return
    show.table(
        "What sources show of what happens",
        ("source", "least", "most", "because", "said by"),
        ((one.source, one.least, one.most, one.because, one.said_by) for one in rows),
    )
