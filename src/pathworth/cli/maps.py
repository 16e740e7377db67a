"""Maps on the command line: discover, show, check, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import atlas, run
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder, From, To, Where, Who

app = typer.Typer(help="Map documents: discover, show, check, export.", no_args_is_help=True)

Name = Annotated[str | None, typer.Argument(help="Name of the map; the first one unless said.")]


@app.command()
def discover(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Propose a map from raw events and keep it as a new revision."""
    opened = run.open_workspace(workspace)
    document, revision = opened.discover()
    if json:
        show.json(document)
        return
    show.out.print(f"Revision {revision} of {document.name}, {len(document.steps)} steps.")
    _steps(document)


@app.command("show")
def show_(name: Name = None, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Show the newest revision of a map."""
    document, revision = run.open_workspace(workspace).map(name)
    if json:
        show.json(document)
        return
    show.out.print(f"{document.name}, revision {revision}")
    _steps(document)


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A map file; the workspace's map unless said.")
    ] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Say what is wrong with a map, against the data of the workspace."""
    findings = run.check_map(run.open_workspace(workspace), file)
    if json:
        show.json({"findings": findings})
        return
    show.table(
        "Findings", ("code", "message", "hint"), ((f.code, f.message, f.hint) for f in findings)
    )


@app.command()
def signs(
    name: Name = None,
    where: Where = None,
    who: Who = None,
    from_: From = None,
    to: To = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Show how many people of each step did its signs, and which of them never came."""
    chosen = run.Selection(where=where, who=who, from_=from_, to=to)
    found = run.signs(run.open_workspace(workspace), name, selection=chosen)
    if json:
        show.json({"signs": found})
        return
    show.table(
        "Signs",
        ("step", "sign", "people", "of", "rule"),
        (
            (one.step, one.name, one.people if one.events else "never came", one.of, one.rule)
            for one in found
        ),
    )


@app.command()
def save(
    file: Annotated[Path, typer.Argument(help="A map file in YAML.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Keep a map file as a new revision."""
    document, revision = run.open_workspace(workspace).save_map(file)
    if json:
        show.json(document)
        return
    show.out.print(f"Kept {document.name} as revision {revision}.")


@app.command()
def export(
    name: Name = None,
    format_: Annotated[str, typer.Option("--format", help="yaml, json or svg.")] = "yaml",
    workspace: Folder = Path(),
) -> None:
    """Print a map as a file."""
    document, _ = run.open_workspace(workspace).map(name)
    typer.echo(atlas.export_map(document, format_), nl=False)


def _steps(document: atlas.MapDocument) -> None:
    show.table(
        "Steps",
        ("step", "stage", "rule"),
        ((step.name, step.stage, step.rule) for step in document.steps),
    )
