"""Programs on the command line: list, draft, check, save, start, stop, rehearse, decisions and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import act, run
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder, From, To

app = typer.Typer(help="Programs: who gets what, when, or nothing.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="Id of the program.")]


@app.command("list")
def list_(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List the programs and how their decisions ended."""
    lines = run.act_programs(run.open_workspace(workspace))
    if json:
        show.json({"programs": lines})
        return
    rows = (
        (one.id, one.name, one.state, one.tally.sent, one.tally.nothing, one.tally.waiting)
        for one in lines
    )
    show.table("Programs", ("id", "name", "state", "sent", "nothing", "waiting"), rows)


@app.command()
def draft(
    step: Annotated[str, typer.Argument(help="Id or name of a step of the map.")],
    map_: Annotated[str | None, typer.Option("--map", help="Name of the map.")] = None,
    workspace: Folder = Path(),
) -> None:
    """Print a sensible program for a step, to be mended and saved."""
    opened = run.open_workspace(workspace)
    name = opened.map(map_)[0].name
    typer.echo(act.dump_program(act.draft_program(opened.store, name, step=step)), nl=False)


@app.command()
def save(
    file: Annotated[Path, typer.Argument(help="A program file in YAML.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Keep a program file as a new revision, and say what is wrong with it."""
    _view(run.save_program(run.open_workspace(workspace), file), json)


@app.command("show")
def show_(program: Id, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Show a program, what is wrong with it and how its decisions ended."""
    _view(run.act_program(run.open_workspace(workspace), program), json)


@app.command()
def start(program: Id, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Let a program run from now on."""
    opened = run.open_workspace(workspace)
    act.start_program(opened.store, program)
    _view(run.act_program(opened, program), json)


@app.command()
def stop(
    program: Id,
    why: Annotated[str, typer.Option(help="Said to whoever asks why nothing was sent.")] = "",
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Stop a program."""
    opened = run.open_workspace(workspace)
    act.stop_program(opened.store, program, why=why)
    _view(run.act_program(opened, program), json)


@app.command()
def rehearse(
    program: Id,
    from_: From = None,
    to: To = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Say what a program would have decided on real history; nothing is written."""
    found = run.rehearse(run.open_workspace(workspace), program, from_=from_, to=to)
    if json:
        show.json(found)
        return
    show.out.print(f"{found.occasions} occasions of {found.people} people, {found.sends} messages.")
    show.table(
        "Nothing sent because", ("reason", "count"), ((r.said, r.count) for r in found.reasons)
    )


@app.command()
def decisions(
    program: Annotated[str | None, typer.Option(help="One program.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Show the newest decisions in words."""
    rows = run.decisions(run.open_workspace(workspace), program=program, limit=limit)
    if json:
        show.json({"decisions": rows})
        return
    lines = ((one.decided, one.program, one.sentence, "; ".join(one.others)) for one in rows)
    show.table("Decisions", ("when", "program", "what", "also"), lines)


@app.command()
def why(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    program: Annotated[str | None, typer.Option(help="One program.")] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Say why a person did or did not get something."""
    found = run.why(run.open_workspace(workspace), person, program=program)
    if json:
        show.json({"why": found})
        return
    lines = ((one.program_name, one.sentence, "; ".join(one.others)) for one in found)
    show.table(f"Why {person}", ("program", "what", "also"), lines)


def _view(view: run.ProgramView, json: bool) -> None:
    if json:
        show.json(view)
        return
    line, tally = view.line, view.line.tally
    show.out.print(f"{line.name} ({line.id}), {line.state}, revision {line.revision}")
    show.out.print(line.sentence)
    if line.why:
        show.out.print(line.why)
    show.out.print(
        f"{tally.sent} sent, {tally.nothing} not, {tally.held_out} held out, {tally.waiting} waiting, "
        f"{tally.unknown} unknown."
    )
    if view.findings:
        lines = ((f.code, f.message, f.hint) for f in view.findings)
        show.table("Findings", ("code", "message", "hint"), lines)
