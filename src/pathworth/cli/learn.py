"""Experiments and the plan on the command line."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from pathworth import learn, run
from pathworth.base.errors import BadInput
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder

AUTHOR = "command line"
app = typer.Typer(help="Experiments: write, lock, begin, read, end.", no_args_is_help=True)
plan_app = typer.Typer(help="The plan: what is done about the map.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Id of the experiment.")]
Number = Annotated[int, typer.Argument(help="Number of the opportunity.")]
Map = Annotated[
    str | None, typer.Option("--map", help="Name of the map; the first one unless said.")
]


@app.command("list")
def list_(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List every experiment with what can be said of it now."""
    found = run.experiments(run.open_workspace(workspace))
    if json:
        show.json(found)
        return
    show.table(
        "Experiments",
        ("id", "state", "program", "what can be said"),
        ((one.id, one.state, one.program, one.sentence) for one in found),
    )


@app.command()
def write(
    file: Annotated[Path, typer.Argument(help="The experiment as a JSON file.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Write an experiment down, or anew while it is not locked."""
    try:
        asked = learn.load_experiment(file.read_text())
    except (OSError, TypeError, json_text.JSONDecodeError) as error:
        raise BadInput(
            "BAD_EXPERIMENT", f"{file} is no experiment: {error}.", "See docs: its fields in JSON."
        ) from error
    _tell(run.write_experiment(run.open_workspace(workspace), asked, author=AUTHOR), json=json)


@app.command()
def lock(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Plan an experiment and lock it: nothing of it can be changed from here on."""
    _tell(run.lock_experiment(run.open_workspace(workspace), name), json=json)


@app.command()
def begin(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Begin a locked experiment."""
    _tell(run.begin_experiment(run.open_workspace(workspace), name), json=json)


@app.command()
def read(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Say what can be concluded of an experiment."""
    _tell(run.experiment_view(run.open_workspace(workspace), name), json=json)


@app.command()
def end(
    name: Name,
    why: Annotated[str, typer.Option(help="The reason, in a sentence.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """End an experiment for a reason."""
    _tell(
        run.end_experiment(run.open_workspace(workspace), name, why=why, author=AUTHOR), json=json
    )


@app.command()
def watch(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Stop every running experiment, and its program, whose guardrail says so; meant for every day."""
    stopped = run.watch_experiments(run.open_workspace(workspace))
    if json:
        show.json({"stopped": stopped})
        return
    show.out.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing had to be stopped.")


@plan_app.command("list")
def plan_list(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List what was accepted, with what was expected and what is left."""
    found = run.opportunities(run.open_workspace(workspace))
    if json:
        show.json(found)
        return
    show.table(
        "Plan",
        ("no", "state", "what", "owner", "due", "expected a month", "since then"),
        (
            (one.id, one.state, one.title, one.owner, one.due, one.expected.per_month, one.happened)
            for one in found
        ),
    )


@plan_app.command("accept")
def plan_accept(
    row: Annotated[str, typer.Argument(help="Id of a row of Do next: see `price --json`.")],
    map_: Map = None,
    owner: Annotated[str | None, typer.Option(help="Who does it.")] = None,
    due: Annotated[str | None, typer.Option(help="Until which day: 2026-03-01.")] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Accept a row of Do next: what it is worth now is locked as what is expected of it."""
    opened = run.open_workspace(workspace)
    kept = run.accept_opportunity(opened, row, map_name=map_, owner=owner, due=due, author=AUTHOR)
    _tell_plan(kept, json=json)


@plan_app.command("change")
def plan_change(
    number: Number,
    state: Annotated[str | None, typer.Option(help="now, next, waiting, stopped or done.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who does it.")] = None,
    due: Annotated[str | None, typer.Option(help="Until which day; empty takes it away.")] = None,
    note: Annotated[str | None, typer.Option(help="A note; empty takes it away.")] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Change an opportunity; every change is kept."""
    fields = {"state": state, "owner": owner, "due": due, "note": note}
    said = {field: text for field, text in fields.items() if text is not None}
    opened = run.open_workspace(workspace)
    _tell_plan(run.change_opportunity(opened, number, said=said, author=AUTHOR), json=json)


def today(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Say in at most seven lines what waits."""
    found = run.today(run.open_workspace(workspace))
    if json:
        show.json(found)
        return
    for line in found.lines:
        show.out.print(f"- {line.text} {line.verb}: {line.command or line.link}", markup=False)
    if found.quiet:
        show.out.print(found.quiet)


def _tell(view: run.ExperimentView, *, json: bool) -> None:
    if json:
        show.json(view)
        return
    show.out.print(f"{view.experiment.hypothesis} ({view.state})", style="bold", markup=False)
    if view.reading is not None:
        show.out.print(view.reading.verdict.sentence, markup=False)
        for note in view.reading.notes:
            show.log.print(note, markup=False)
    elif view.plan is not None:
        show.out.print(view.plan.sentence, markup=False)
    else:
        show.out.print(view.plan_why or "", markup=False)


def _tell_plan(kept: run.Opportunity, *, json: bool) -> None:
    if json:
        show.json(kept)
        return
    show.out.print(f"Number {kept.id}, {kept.state}: {kept.title}", markup=False)
    low, high = kept.expected.interval
    show.out.print(
        f"Expected {kept.currency} {kept.expected.per_month:,.0f} a month, "
        f"likely {low:,.0f} to {high:,.0f}. {kept.happened}",
        markup=False,
    )
