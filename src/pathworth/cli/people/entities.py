"""Declare what is not a person and has journeys of its own: accounts, tickets or any other id."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder

app = typer.Typer(
    help="Entities beside people, with journeys of their own: accounts, tickets, any id.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="What questions call it: account.")]
By = Annotated[str, typer.Option(help="The property whose values are its ids: account_id.")]


@app.command("add")
def add(
    name: Name,
    by: By,
    workspace: Folder = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Build without asking.")] = False,
    json: AsJson = False,
) -> None:
    """Say what the journeys of an entity take, build them, and declare it."""
    held = run.open_workspace(workspace).entities
    cost = held.cost(name, by=by)
    show.log.print(_sentence(cost), markup=False, soft_wrap=True)
    if show.log.is_terminal and not yes:
        typer.confirm("Build them?", default=True, abort=True, err=True)
    made = show.with_progress(
        lambda tell: held.add(name, by=by, author=author() or "", progress=tell)
    )
    if json:
        show.json(made)
        return
    show.out.print(
        f"{made.entities:,} with {made.events:,} events are there; ask of them with --of {name}."
    )


@app.command("cost")
def cost(name: Name, by: By, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Say what the journeys of an entity would take, and build nothing."""
    found = run.open_workspace(workspace).entities.cost(name, by=by)
    if json:
        show.json(found)
        return
    show.out.print(_sentence(found), markup=False, soft_wrap=True)


@app.command("list")
def list_entities(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List the declared entities, and of what their journeys are built."""
    _rows(run.open_workspace(workspace).entities.list(), json=json)


@app.command("remove")
def remove(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Take a declaration back with what was built."""
    _rows(run.open_workspace(workspace).entities.remove(name), json=json)


def _sentence(cost: run.EntityCost) -> str:
    return f"Journeys of {cost.name}, by {cost.by}. {run.cost_words(cost)}"


def _rows(rows: tuple[run.EntityRow, ...], *, json: bool) -> None:
    if json:
        show.json({"entities": rows})
        return
    show.table(
        "Entities",
        ("name", "by", "entities", "events", "belong to none", "size", "built of", "state"),
        (
            (
                one.name,
                one.by,
                one.entities,
                one.events,
                one.without,
                None if one.bytes is None else run.size_words(one.bytes),
                one.snapshot and f"{one.snapshot} up to event {one.seq}",
                one.stale or (f"{one.behind:,} events behind" if one.behind else "newest"),
            )
            for one in rows
        ),
    )
