"""Write what is known of a person, erase one, list certificates, and say what lower roles do not see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder

Person = Annotated[str, typer.Argument(help="Any raw id of that person; all others go with it.")]


def access(
    person: Person,
    out: Annotated[Path, typer.Option(help="ZIP file to write.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Write everything that is known of a person into a ZIP file."""
    done = run.access(run.open_workspace(workspace), person, out=out)
    if json:
        show.json(done)
        return
    show.out.print(
        f"{out} holds {done.events:,} events under {done.ids:,} ids, {done.consents:,} answers and "
        f"{done.decisions:,} decisions.",
        markup=False,
        soft_wrap=True,
    )


def erase(
    person: Person,
    because: Annotated[str, typer.Option(help="Why; it is kept in the certificate.")],
    workspace: Folder = Path(),
    now: Annotated[
        bool, typer.Option("--now", help="Rewrite the files too, instead of tonight.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Erase a person: masked in every answer at once, gone from every file with the next batch."""
    opened = run.open_workspace(workspace)
    found = run.erase(opened, person, because=because, author=author() or "")
    if now:
        _run(opened)
        found = next(
            one for one in run.erasures(opened).erasures if one.reference == found.reference
        )
    if json:
        show.json(found)
        return
    _certificate(found)


def erasures(
    workspace: Folder = Path(),
    person: Annotated[str | None, typer.Option(help="Only that of whoever bore this id.")] = None,
    do_run: Annotated[
        bool, typer.Option("--run", help="Rewrite the files of whoever waits, now.")
    ] = False,
    json: AsJson = False,
) -> None:
    """List erasures, each with its certificate."""
    opened = run.open_workspace(workspace)
    if do_run:
        _run(opened)
    found = run.erasures(opened, person=person)
    if json:
        show.json(found)
        return
    if person is not None and found.erasures:
        _certificate(found.erasures[0])
        return
    rows = (
        (one.reference, one.asked_at, one.asked_by, one.state, one.done_at, one.because)
        for one in found.erasures
    )
    heads = ("reference", "asked", "by", "state", "done", "because")
    show.table(f"{found.waiting:,} wait for the next batch", heads, rows)


def private(
    columns: Annotated[
        list[str] | None, typer.Argument(help="Every personal column; none to only look.")
    ] = None,
    workspace: Folder = Path(),
    seen_by: Annotated[
        str | None, typer.Option(help="Lowest role that sees them as they are: editor.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="No column is personal.")] = False,
    json: AsJson = False,
) -> None:
    """Say which columns are personal: lower roles see them masked, and may not ask for them."""
    opened = run.open_workspace(workspace)
    if columns or none or seen_by:
        kept = list(columns or []) if columns or none else list(run.private_columns(opened).columns)
        found = run.declare_private(opened, kept, seen_by=seen_by)
    else:
        found = run.private_columns(opened)
    if json:
        show.json(found)
        return
    show.out.print(
        f"Seen as they are from {found.seen_by} on: {', '.join(found.columns) or 'none is personal'}."
    )
    guesses = ((one.name, one.by) for one in found.suggested)
    show.table("Looks personal, and is not declared", ("column", "by"), guesses)


def cells(
    fewest: Annotated[
        int | None,
        typer.Argument(help="From how many people on a number is said; none to only look."),
    ] = None,
    workspace: Folder = Path(),
    seen_by: Annotated[str | None, typer.Option(help="Lowest role that sees all: editor.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Every number is said to all.")] = False,
    json: AsJson = False,
) -> None:
    """Say of how few people numbers may be that lower roles get."""
    opened = run.open_workspace(workspace)
    least = 0 if none else fewest
    if least is None and seen_by is None:
        found = run.small_cells(opened)
    else:
        found = run.declare_small_cells(opened, least, seen_by=seen_by)
    if json:
        show.json(found)
        return
    show.out.print(
        f"Roles below {found.seen_by} are shown nothing of fewer than {found.fewest} people, and no single people."
        if found.fewest
        else "Every number is said to all, of however few people.",
        markup=False,
        soft_wrap=True,
    )


def _run(opened: run.Workspace) -> None:
    show.with_progress(lambda tell: run.erase_files(opened, author=author() or "", progress=tell))


def _certificate(found: run.Erasure) -> None:
    """Print where somebody was, where they may still be, and what a search of everything found."""
    title = (
        f"{found.reference}: {found.state}, asked at {found.asked_at} by {found.asked_by or '-'}"
    )
    rows = ((one.place, one.rows, one.what, one.at) for one in found.places)
    show.table(title, ("place", "rows", "what became of it", "at"), rows)
    if found.searched is None:
        show.out.print("Files still hold this person, unseen, until the batch of this night.")
        return
    seen = found.searched
    show.out.print(
        f"{seen.files:,} files with {seen.bytes:,} bytes and {seen.tables:,} tables were read again: "
        + (f"{len(seen.hits):,} places speak of this person." if seen.hits else "found nowhere."),
        markup=False,
        soft_wrap=True,
    )
    left = ((one.place, one.until or "no end set", one.why) for one in found.remains)
    show.table("What remains", ("place", "until", "why"), left)
