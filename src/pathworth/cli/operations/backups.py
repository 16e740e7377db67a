"""Back a workspace up into one file, put it back, and list its backups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.base.errors import WrongUsage
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, such as shop-2026-01-31.tar.")],
    workspace: Folder = Path(),
    keep: Annotated[
        str | None, typer.Option(help="After how long it is to be thrown away: 30d.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write a workspace into one file while its server goes on."""
    opened = run.open_workspace(workspace)
    made = show.with_progress(lambda tell: run.backup(opened, file, keep=keep, progress=tell))
    if json:
        show.json(made)
        return
    show.out.print(
        f"{made.path} holds every event up to number {made.seq:,}, {run.size_words(made.bytes)}.",
        markup=False,
        soft_wrap=True,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="File that pathworth backup wrote.")],
    folder: Annotated[
        Path | None, typer.Argument(help="Folder to make; it must not hold anything yet.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only read it, and say whether it is whole.")
    ] = False,
    erased: Annotated[
        Path | None,
        typer.Option(help="List of whoever was erased since, if it does not lie beside FILE."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Put a workspace back from a backup, or check that a backup is whole."""
    if check == (folder is not None):
        raise WrongUsage(
            "RESTORE_WHERE",
            "A backup is put back into a folder, or only checked.",
            f"Write: pathworth restore {file} FOLDER, or: pathworth restore {file} --check",
        )
    if folder is None:
        _check(file, json=json)
        return
    done = show.with_progress(lambda tell: run.restore(file, folder, erased=erased, progress=tell))
    if json:
        show.json(done)
        return
    show.out.print(
        f"{done.workspace} is as it was at {done.taken_at}: {done.events:,} events of {done.entities:,} people, "
        f"{done.imports:,} imports, {done.batches:,} batches that wait to be numbered.",
        markup=False,
        soft_wrap=True,
    )
    show.out.print(_erased(done.erased), markup=False, soft_wrap=True)
    if done.stopped or done.unknown:
        show.out.print(
            f"Nothing is sent by itself: {len(done.stopped)} programs are stopped, {done.unknown:,} messages may "
            "have been sent since and wait for your word on the page Act.",
            markup=False,
            soft_wrap=True,
        )


def backups(
    workspace: Folder = Path(),
    forget: Annotated[
        Path | None, typer.Option(help="Path of a backup that is no longer there.")
    ] = None,
    json: AsJson = False,
) -> None:
    """List the backups that were made of a workspace."""
    opened = run.open_workspace(workspace)
    rows = run.backups(opened) if forget is None else run.forget_backup(opened, forget)
    if json:
        show.json({"backups": rows})
        return
    show.table(
        "Backups",
        ("file", "taken", "up to event", "size", "throw away", "state"),
        (
            (
                one.path,
                one.taken_at,
                one.seq,
                None if one.bytes is None else run.size_words(one.bytes),
                one.throw_away_at,
                one.state,
            )
            for one in rows
        ),
    )


def _erased(people: int | None) -> str:
    """Say who was erased since the backup."""
    if people is None:
        return "No list of whoever was erased since lies beside the backup: erase them again, if there were any."
    if people == 0:
        return "Nobody who is in it was erased since."
    return f"{people:,} people who were erased since are erased from every file of it again. See: pathworth erasures"


def _check(file: Path, *, json: bool) -> None:
    found = show.with_progress(lambda tell: run.check_backup(file, progress=tell))
    if json:
        show.json(found)
        return
    show.out.print(
        f"{found.path} is whole: {found.files:,} files, {run.size_words(found.bytes)}, "
        f"taken at {found.taken_at} with every event up to number {found.seq:,}.",
        markup=False,
        soft_wrap=True,
    )
