"""Say how long each class of data is kept, see what would go, and remove it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder


def keep(
    name: Annotated[
        str | None,
        typer.Argument(
            help="events, events:SOURCE, decisions or refused; none to only look.", metavar="CLASS"
        ),
    ] = None,
    duration: Annotated[
        list[str] | None,
        typer.Argument(help="Such as 400d; for ever; of a source also: as others."),
    ] = None,
    workspace: Folder = Path(),
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what would go, and set nothing.")
    ] = False,
    do_run: Annotated[bool, typer.Option("--run", help="Remove what is too old, now.")] = False,
    json: AsJson = False,
) -> None:
    """Say how long each class of data is kept; what is older goes every night, for good."""
    opened = run.open_workspace(workspace)
    said = " ".join(duration or ()) or None
    if (name is None) != (said is None):
        raise typer.BadParameter("a class and how long it is kept go together")
    if preview:
        _preview(run.preview_keep(opened, name, duration=said), as_json=json)
        return
    if name is not None and said is not None:
        run.keep(opened, name, duration=said)
    if do_run:
        show.with_progress(
            lambda tell: run.keep_files(opened, author=author() or "", progress=tell)
        )
    _view(run.keeping(opened), as_json=json)


def _preview(found: run.KeepPreview, *, as_json: bool) -> None:
    if as_json:
        show.json(found)
        return
    rows = ((one.name, one.rows, one.days[0].day, one.days[-1].day) for one in found.classes)
    heads = ("class", "rows", "first day", "last day")
    show.table(f"{found.rows:,} rows would go with the next batch", heads, rows)


def _view(found: run.KeepView, *, as_json: bool) -> None:
    if as_json:
        show.json(found)
        return
    rows = ((one.name, one.keep or "for ever", one.from_, one.what) for one in found.classes)
    show.table("How long each class is kept", ("class", "kept", "from", "what"), rows)
    gone = ((one.began_at, r.name, r.rows, r.place) for one in found.batches for r in one.removed)
    show.table("Removed", ("batch", "class", "rows", "where"), gone)
    last = next((one.done_at for one in found.batches if one.done_at), None)
    show.out.print(f"The last batch was done at {last}." if last else "No batch has run yet.")
