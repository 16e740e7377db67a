"""Why two numbers differ, and how a number from elsewhere may have come about, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.base.errors import BadInput
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder

Address = typer.Argument(
    help="A number: QUESTION?PARAMETER=VALUE&...&cell=CELL, as the API takes it."
)


def why_differ(
    a: Annotated[str, Address],
    b: Annotated[str, Address],
    workspace: Folder = Path(),
    people: Annotated[
        str | None, typer.Option(help="List people in place of reasons: only a, only b, both.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Explain why two numbers differ, down to definitions, periods, exclusions and people."""
    opened = run.open_workspace(workspace)
    if people is not None:
        show.people(run.people_of_difference(opened, (a, b), cell=people), as_json=json)
        return
    show.answer(run.why_differ(opened, a, b=b), as_json=json)


def reconcile(
    number: Annotated[str, Address],
    outside: Annotated[int | None, typer.Argument(help="The number from elsewhere.")] = None,
    workspace: Folder = Path(),
    ids: Annotated[
        Path | None,
        typer.Option(help="A file with the ids that the other number counts, one a line."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Explain a number from elsewhere: ours read in other ways, and with its ids who is missing and why."""
    opened = run.open_workspace(workspace)
    listed = () if ids is None else _lines(ids)
    found = run.reconcile(opened, number, outside=outside, ids=listed)
    show.answer(found, as_json=json)
    if not json and found.only_outside is not None:
        rows = ((one.people, one.words, ", ".join(one.some[:3])) for one in found.only_outside)
        show.table(
            f"{found.both:,} in both, {found.only_here:,} only here",
            ("only outside", "why", "such as"),
            rows,
        )


def _lines(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "NO_FILE", f"{file} cannot be read as text.", "Name a file of ids, one a line."
        ) from error
