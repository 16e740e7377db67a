"""Let other tools' data be pulled by itself, pull it now, or no more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.base.errors import WrongUsage
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder

app = typer.Typer(help="What is pulled from other tools' APIs by itself.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="What it is called.")]


@app.command("connectors")
def connectors(json: AsJson = False) -> None:
    """List what can be pulled, and what that needs to know."""
    found = run.connectors()
    if json:
        show.json({"connectors": found})
        return
    show.table(
        "What can be pulled",
        ("connector", "what", "needs", "secret"),
        ((one.name, one.title, ", ".join(one.settings) or None, one.secret) for one in found),
    )


@app.command("add")
def add(
    name: Name,
    connector: Annotated[str, typer.Argument(help="How: see pathworth pull connectors.")],
    secret: Annotated[
        str, typer.Option(help="Where its secret is: env:NAME or file:PATH; never itself.")
    ] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="What it needs to know: project=1234.")
    ] = None,
    every: Annotated[str | None, typer.Option(help="How often: 6h.")] = None,
    since: Annotated[str | None, typer.Option(help="From which day on.")] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Let something be pulled by the server from now on."""
    rows = run.add_pull(
        run.open_workspace(workspace),
        name,
        connector=connector,
        secret=secret,
        settings=dict(_pair(word) for word in settings or ()),
        every=every,
        since=since,
        author=author() or "",
    )
    _rows(rows, json=json)


@app.command("list")
def list_(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List what is pulled, and how that last went."""
    _rows(run.pulls(run.open_workspace(workspace)), json=json)


@app.command("run")
def run_(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Pull what is new now."""
    done = run.run_pull(run.open_workspace(workspace), name)
    if json:
        show.json(done)
        return
    show.out.print(done.result or "", markup=False)


@app.command("pause")
def pause(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Pull something no more by itself until it is resumed; its place is kept."""
    _rows(run.pause_pull(run.open_workspace(workspace), name), json=json)


@app.command("resume")
def resume(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Let a paused pull go on where it stood."""
    _rows(run.resume_pull(run.open_workspace(workspace), name), json=json)


@app.command("remove")
def remove(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Pull something no more; what came stays."""
    _rows(run.remove_pull(run.open_workspace(workspace), name), json=json)


def _pair(word: str) -> tuple[str, str]:
    name, sign, text = word.partition("=")
    if not sign:
        raise WrongUsage("BAD_SETTING", f"{word!r} sets nothing.", "Write it so: --set project=12.")
    return name.strip(), text.strip()


def _rows(rows: tuple[run.PullRow, ...], *, json: bool) -> None:
    if json:
        show.json({"pulls": rows})
        return
    show.table(
        "What is pulled",
        ("name", "what", "last", "said", "next"),
        (
            (one.name, one.title, one.ended, one.error or one.result, one.next or "paused")
            for one in rows
        ),
    )
