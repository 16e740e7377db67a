"""Every command in one list, loaded when it is asked for, and how an error leaves."""

from __future__ import annotations

import importlib
import os
import sys
from importlib import metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pathworth.base.errors import PathworthError, WrongUsage
from pathworth.cli import show

_ASKS = "every question of measure, by its own word"
_HOMES = {
    "init": "workspaces:init",
    "import": "imports:import_",
    "imports": "imports:imports",
    "rejects": "imports:rejects",
    "import-undo": "data:import_undo",
    "pull": "feeds.pulls:app",
    "daily": "feeds.daily:daily",
    "blind-spots": "feeds.daily:blind_spots",
    "export": "imports:export",
    "rebuild": "data:rebuild",
    "exclude": "data:exclude",
    "exclusions": "data:exclusions",
    "link": "people.links:link",
    "unlink": "people.links:unlink",
    "links": "people.links:links",
    "import-links": "people.links:import_links",
    "audit": "sources.audits:audit",
    "audits": "sources.audits:audits",
    "tracking": "sources.audits:tracking",
    "tail": "sources.audits:tail",
    "access": "privacy.asking:access",
    "erase": "privacy.asking:erase",
    "cells": "privacy.asking:cells",
    "private": "privacy.asking:private",
    "erasures": "privacy.asking:erasures",
    "keep": "privacy.keeping:keep",
    "release": "data:release",
    "segment": "data:segments",
    "entity": "people.entities:app",
    _ASKS: "measure.asking:commands",
    "why-differ": "measure.numbers:why_differ",
    "reconcile": "measure.numbers:reconcile",
    "map": "maps:app",
    "program": "act:app",
    "ask": "sources.asks:app",
    "price": "value:price",
    "demo": "workspaces:demo",
    "learn": "learn:app",
    "plan": "learn:plan_app",
    "today": "learn:today",
    "serve": "workspaces:serve",
    "doctor": "workspaces:doctor",
    "backup": "operations.backups:backup",
    "backups": "operations.backups:backups",
    "restore": "operations.backups:restore",
    "cluster": "operations.cluster:app",
    "login": "logins:app",
    "key": "logins:keys",
}
_SAYS = "Customer journeys as they really are, what every arrow is worth, and what to do next."


class Commands(TyperGroup):
    """Every command in one list."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the words of all commands, in the order of the help."""
        return [word for home in _HOMES for word in (_found(_ASKS) if home == _ASKS else [home])]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Load one command."""
        found = _found(cmd_name) if cmd_name in _HOMES else _found(_ASKS).get(cmd_name)
        if found is None:
            return None
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(cmd_name)(found)
            found = alone
        return typer.main.get_command(found)


def _found(word: str) -> Any:
    """Return what stands behind a word: a function, a group, or the functions of all questions."""
    module, name = _HOMES[word].split(":")
    return getattr(importlib.import_module(f"pathworth.cli.{module}"), name)


app = typer.Typer(
    name="pathworth",
    cls=Commands,
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
