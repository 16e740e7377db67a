"""Every command in one list, and how an error leaves."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from typing import Annotated

import typer

from pathworth import measure
from pathworth.base.errors import PathworthError, WrongUsage
from pathworth.cli import (
    act,
    data,
    entities,
    imports,
    learn,
    logins,
    maps,
    show,
    value,
    workspaces,
)
from pathworth.cli.measure import asking, numbers

_SAYS = "Customer journeys as they really are, what every arrow is worth, and what to do next."
app = typer.Typer(
    name="pathworth",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        show.out.print(f"pathworth {metadata.version('pathworth')}")
        raise typer.Exit


@app.callback(help=_SAYS)
def _before(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Take what stands before the command."""


app.command("init")(workspaces.init)
app.command("import")(imports.import_)
app.command("imports")(imports.imports)
app.command("rejects")(imports.rejects)
app.command("import-undo")(data.import_undo)
app.command("rebuild")(data.rebuild)
app.command("exclude")(data.exclude)
app.command("exclusions")(data.exclusions)
app.command("release")(data.release)
app.add_typer(data.segments, name="segment")
app.add_typer(entities.app, name="entity")
for _ask in measure.ASKS:
    app.command(_ask.word)(asking.command_of(_ask))
app.command("why-differ")(numbers.why_differ)
app.command("reconcile")(numbers.reconcile)
app.add_typer(maps.app, name="map")
app.add_typer(act.app, name="program")
app.command("price")(value.price)
app.command("demo")(workspaces.demo)
app.add_typer(learn.app, name="learn")
app.add_typer(learn.plan_app, name="plan")
app.command("today")(learn.today)
app.command("serve")(workspaces.serve)
app.command("doctor")(workspaces.doctor)
app.add_typer(logins.app, name="login")
app.add_typer(logins.keys, name="key")


def run() -> None:
    """Run the command line; errors of ours leave with their code and remedy, never as a traceback."""
    show.tell_columns()
    try:
        app()
    except PathworthError as error:
        show.error(error)
        sys.exit(2 if isinstance(error, WrongUsage) else 1)
    except BrokenPipeError:
        # Whoever read us has enough; the interpreter must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
