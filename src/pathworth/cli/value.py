"""The price of every arrow on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder, From, To, Where, Who
from pathworth.value import DoNextRow, IgnoreRow, Price

ARROWS = 12
"""Arrows that a terminal shows."""


def price(
    workspace: Folder = Path(),
    map_: Annotated[
        str | None, typer.Option("--map", help="Name of the map; the first one unless said.")
    ] = None,
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    json: AsJson = False,
) -> None:
    """Show what each arrow is worth, what to do next, and what to ignore without guilt."""
    chosen = run.Selection(where=where, who=who, from_=from_, to=to)
    answer = run.price(run.open_workspace(workspace), map_, selection=chosen)
    if json:
        show.json(answer)
    else:
        tell(answer)


def tell(answer: Price) -> None:
    """Print a price for people: the dearest arrows, then the lists."""
    moves = [one for one in answer.arrows if one.to != "exit"]
    moves = sorted(moves, key=lambda one: (-(one.per_month or 0.0), -one.visits, one.from_, one.to))
    show.table(
        f"What one more in 100 is worth, {answer.currency} a month",
        ("from", "to", "people", "share", "worth a month", "likely"),
        (
            (
                one.from_,
                one.to,
                one.people,
                one.share,
                one.per_month,
                _span(one.per_month_interval),
            )
            for one in moves[:ARROWS]
        ),
    )
    if len(moves) > ARROWS:
        show.out.print(f"{len(moves) - ARROWS} more arrows: --json has them all.")
    show.out.print()
    _lists("Do next", [_do(row) for row in answer.do_next[:5]], why=answer.do_next_why)
    _lists("No message can fix this", [_do(row) for row in answer.cannot_fix])
    _lists("Ignore without guilt", [_ignore(row) for row in answer.ignore], why=answer.ignore_why)
    for note in answer.notes:
        show.log.print(note, markup=False)


def _lists(title: str, rows: list[str], *, why: str | None = None) -> None:
    show.out.print(title, style="bold")
    for number, row in enumerate(rows, 1):
        show.out.print(f"{number}. {row}", markup=False)
    if not rows:
        show.out.print(why or "Nothing stands out.", markup=False)
    show.out.print()


def _do(row: DoNextRow) -> str:
    worth = f"about {row.per_month:,.0f} a month, likely {_span(row.interval)}"
    return f"{row.title} {row.because} Worth {worth}."


def _ignore(row: IgnoreRow) -> str:
    return f"{row.title} {row.because} {row.look_again_if}"


def _span(interval: tuple[float, float] | None) -> str:
    return "-" if interval is None else f"{interval[0]:,.0f} to {interval[1]:,.0f}"
