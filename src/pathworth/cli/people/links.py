"""Say which ids are one person, take it back, and list what was said and what looks wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder

One = Annotated[str, typer.Argument(metavar="A", help="A raw id: of a cookie, a device, a file.")]
Other = Annotated[str, typer.Argument(metavar="B", help="The id by which the person is known.")]


def link(one: One, other: Other, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Say that two ids are one person."""
    done = run.link(run.open_workspace(workspace), one=one, other=other, author=author() or "")
    if json:
        show.json(done)
        return
    if done.joined:
        show.out.print(f"Both are {done.one} now." if done.changed else "That stood already.")
        return
    show.out.print("It is kept, and joins nobody: see pathworth links --suspects.")


def unlink(one: One, other: Other, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Take back that two ids are one person; their journeys are what they were before."""
    done = run.unlink(run.open_workspace(workspace), one=one, other=other, author=author() or "")
    if json:
        show.json(done)
        return
    show.out.print(f"{done.changed:,} links taken back.")
    if done.joined:
        show.out.print(f"Both are still {done.one}, by way of other ids.")


def links(
    workspace: Folder = Path(),
    person: Annotated[str | None, typer.Option(help="Only those of one person, by any id.")] = None,
    suspects: Annotated[
        bool, typer.Option("--suspects", help="Ids that look shared, and their links.")
    ] = False,
    limit: Annotated[int, typer.Option(help="How many at most, the newest first.")] = 50,
    json: AsJson = False,
) -> None:
    """List which ids were said to be one person."""
    opened = run.open_workspace(workspace)
    found = run.links(opened, person=person, suspects=suspects, limit=limit)
    if json:
        show.json(found)
        return
    show.out.print(
        f"{found.standing:,} links stand, {found.possible:,} of them only possible; "
        f"{found.taken:,} were taken back; {len(found.suspects):,} suspects."
    )
    if suspects:
        show.table(
            "Ids that join nobody",
            ("id", "why", "ids"),
            ((one.id, one.why, one.ids) for one in found.suspects),
        )
    show.table(
        "Links",
        ("one", "other", "state", "rule", "sure", "said by", "time"),
        (
            (one.one, one.other, one.state, one.rule, one.sure, one.said_by or one.source, one.time)
            for one in found.links
        ),
    )


def import_links(
    file: Annotated[Path, typer.Argument(help="CSV with a header and two columns of ids.")],
    workspace: Folder = Path(),
    rule: Annotated[str, typer.Option(help="How they were found.")] = "offline match",
    json: AsJson = False,
) -> None:
    """Say every link of a file; columns time, rule and sure (0 to 1) are read where they are there."""
    opened = run.open_workspace(workspace)
    done = run.import_links(opened, file, rule=rule, author=author() or "")
    if json:
        show.json(done)
        return
    show.out.print(f"{done.rows:,} links read, {done.new:,} of them new.")
