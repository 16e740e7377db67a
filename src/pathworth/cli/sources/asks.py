"""Questions and messages on pages: list, show, save, start, stop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import act, measure, run
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder

app = typer.Typer(
    help="One-question surveys and messages that the script shows on your pages.",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(help="Id of the question or message.")]


@app.command("list")
def list_(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List the questions and messages, and what came of them."""
    views = run.ask_views(run.open_workspace(workspace))
    if json:
        show.json({"asks": views})
        return
    show.table(
        "On pages",
        ("id", "name", "kind", "state", "saw it", "answered or followed it"),
        (
            (one.ask.id, one.ask.name, one.ask.kind, one.state, one.results.seen, one.results.done)
            for one in views
        ),
    )


@app.command()
def save(
    file: Annotated[Path, typer.Argument(help="A file in YAML: id, name, text ...")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Keep a file as a new revision, and say what is wrong with it."""
    opened = run.open_workspace(workspace)
    _view(run.save_ask(opened, file, author=author() or ""), json)


@app.command("show")
def show_(ask: Id, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Show a question or message, what is wrong with it and what was answered."""
    _view(run.ask_view(run.open_workspace(workspace), ask), json)


@app.command()
def start(ask: Id, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Show it from now on."""
    opened = run.open_workspace(workspace)
    act.start_ask(opened.store, ask)
    _view(run.ask_view(opened, ask), json)


@app.command()
def stop(
    ask: Id,
    why: Annotated[str, typer.Option(help="Said beside it.")] = "",
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Show it no more; its answers stay."""
    opened = run.open_workspace(workspace)
    act.stop_ask(opened.store, ask, why=why)
    _view(run.ask_view(opened, ask), json)


def _view(view: run.AskView, json: bool) -> None:
    if json:
        show.json(view)
        return
    found = view.results
    show.out.print(f"{view.ask.name} ({view.ask.id}), {view.state}, revision {view.revision}")
    if view.why:
        show.out.print(view.why, markup=False)
    show.out.print(view.ask.text, markup=False)
    what = "answered" if view.ask.kind == "question" else "followed its link"
    mean = "" if found.mean is None else f", {found.mean:.1f} in the mean"
    show.out.print(f"{found.seen:,} people saw it, {found.done:,} {what}{mean}.")
    if found.answers:
        show.table("Answers", ("answer", "people"), ((a.answer, a.people) for a in found.answers))
    if view.weighted is not None:
        _weighted(view.weighted)
    if view.findings:
        lines = ((f.code, f.message, f.hint) for f in view.findings)
        show.table("Findings", ("code", "message", "hint"), lines)


def _weighted(found: measure.Responses) -> None:
    """Show what everybody who saw it would have answered."""
    if found.effective is not None:
        rows = ((one.answer, _said(one.raw), _said(one.weighted)) for one in found.answers)
        show.table("Had everybody answered", ("answer", "of those who did", "of all"), rows)
    for note in found.notes:
        show.out.print(note, markup=False)


def _said(one: measure.Estimated | None) -> str:
    if one is None:
        return ""
    between = "" if one.interval is None else " ({:.1%} to {:.1%})".format(*one.interval)
    return f"{one.value:.1%}{between}"
