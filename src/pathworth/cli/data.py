"""Undo an import, rebuild, leave people out, mark releases, and save segments."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.base.errors import BadInput
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder

segments = typer.Typer(help="Segments: saved, named predicates over people.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the segment.")]


def author() -> str | None:
    """Return who runs the command; null where the machine does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None


def import_undo(
    id_: Annotated[int, typer.Argument(metavar="ID", help="Number of the import.")],
    workspace: Folder = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Undo an import: its events go, those that another import holds too stay as that one's."""
    held = run.open_workspace(workspace).store
    if dry_run:
        done = held.undo_preview(id_)
    else:
        done = show.with_progress(lambda tell: held.undo(id_, author=author(), progress=tell))
    if json:
        show.json(done)
        return
    verb = "would go" if dry_run else "gone"
    if done.removed or not done.daily:
        show.out.print(f"{done.removed - done.restored:,} events {verb}.")
    if done.restored:
        show.out.print(f"{done.restored:,} more are in another import too, and stay as its events.")
    if done.daily:
        show.out.print(
            f"{done.daily:,} numbers by the day {verb}; for {done.daily_restored:,} of them an older one stands again."
        )


def rebuild(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Bring the events that were handed in into the journeys, now."""
    done = run.rebuild(run.open_workspace(workspace), author=author())
    if json:
        show.json(done)
        return
    show.out.print(
        f"{done.added:,} events added, {done.events:,} of {done.entities:,} people in all."
    )


def exclude(
    name: Annotated[str, typer.Argument(help="What these people are: employees.")],
    workspace: Folder = Path(),
    who: Annotated[
        str | None, typer.Option(help="Predicate over traits and person, the id.")
    ] = None,
    ids: Annotated[Path | None, typer.Option(help="File with one id a line.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Count them again, keep the rule.")] = False,
    on: Annotated[bool, typer.Option("--on", help="Leave them out again.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Forget the rule.")] = False,
    json: AsJson = False,
) -> None:
    """Leave people out of every answer: employees, test accounts, robots."""
    opened = run.open_workspace(workspace)
    held = opened.store
    if remove:
        run.drop_exclusion(held, name)
    elif off or on:
        run.switch_exclusion(held, name, active=on)
    else:
        run.exclude(held, name, who=who, ids=_ids(ids), author=author() or "")
    # A server has a job for this; here nobody else would let declared entities be asked again.
    show.with_progress(lambda tell: opened.entities.renew(progress=tell))
    _exclusions(run.exclusions(held), json=json)


def _ids(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    try:
        return tuple(file.read_text().splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "NO_FILE", f"{file} cannot be read as text.", "Name a file with one id a line."
        ) from error


def exclusions(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List who is left out of every answer."""
    _exclusions(run.exclusions(run.open_workspace(workspace).store), json=json)


def _exclusions(rows: tuple[run.ExclusionRow, ...], *, json: bool) -> None:
    if json:
        show.json({"exclusions": rows})
        return
    show.table(
        "Left out of every answer",
        ("name", "who", "on", "people", "said by"),
        (
            (
                one.name,
                one.who or f"{one.ids} ids",
                "yes" if one.active else "no",
                one.people,
                one.author,
            )
            for one in rows
        ),
    )
    _warn(told for one in rows for told in one.warnings)


def _warn(warnings: Iterable[str]) -> None:
    """Print what the author of a rule should know."""
    for one in warnings:
        show.out.print(f"Warning: {one}", markup=False, soft_wrap=True)


def release(
    name: Annotated[str | None, typer.Argument(help="What happened: new pricing page.")] = None,
    workspace: Folder = Path(),
    at: Annotated[str | None, typer.Option(help="ISO date or instant.")] = None,
    note: Annotated[str, typer.Option(help="What else there is to say.")] = "",
    calendar: Annotated[
        Path | None, typer.Option(help="Calendar file (.ics) whose dates all become marks.")
    ] = None,
    remove: Annotated[int | None, typer.Option(help="Number of a mark to take away.")] = None,
    json: AsJson = False,
) -> None:
    """Put a mark on every time chart; without a name the marks are listed."""
    opened = run.open_workspace(workspace)
    if calendar is not None:
        run.add_calendar(opened, calendar)
    if remove is not None:
        run.remove_release(opened, remove)
    elif name is not None:
        if at is None:
            raise BadInput("NO_RELEASE_TIME", "When was it?", "Say it: --at 2026-03-01.")
        run.add_release(opened, name, at=at, source=author() or "", note=note)
    rows = run.releases(opened)
    if json:
        show.json({"releases": rows})
        return
    show.table(
        "Releases", ("id", "name", "time", "note"), ((r.id, r.name, r.time, r.note) for r in rows)
    )


@segments.command("list")
def list_segments(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List the segments with how many people are in each now."""
    _segments(run.open_workspace(workspace).segments.list(), json=json)


@segments.command("save")
def save_segment(
    name: Name,
    who: Annotated[str, typer.Option(help="Predicate over people: did('purchase', at_least=2).")],
    map_: Annotated[
        str | None, typer.Option("--map", help="The map whose steps it may name.")
    ] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Keep a predicate over people under a name, as its next definition."""
    kept = run.open_workspace(workspace).segments
    _segment(kept.save(name, who, map_name=map_, author=author() or ""), json=json)


@segments.command("show")
def show_segment(
    name: Name,
    at: Annotated[
        str | None, typer.Option(help="Who was in it just before this day or instant.")
    ] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Show a segment now or then, with its definitions and what names it."""
    _segment(run.open_workspace(workspace).segments.show(name, at=at), json=json)


@segments.command("delete")
def delete_segment(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Take a segment away that nothing names."""
    kept = run.open_workspace(workspace).segments
    _segments(kept.delete(name, author=author() or ""), json=json)


def _segments(rows: tuple[run.SegmentLine, ...], *, json: bool) -> None:
    if json:
        show.json({"segments": rows})
        return
    show.table(
        "Segments",
        ("name", "who", "people", "revision", "saved", "said by"),
        (
            (one.name, one.who, one.trouble or one.people, one.revision, one.saved, one.author)
            for one in rows
        ),
    )


def _segment(found: run.SegmentView, *, json: bool) -> None:
    if json:
        show.json(found)
        return
    when = f"just before {found.at}" if found.at else "now"
    many = found.trouble or f"{found.people:,} of {found.of:,} people are in it {when}."
    show.out.print(f"{found.name}: {many}", markup=False)
    _warn(found.warnings)
    if found.nearest is not None:
        near = found.nearest
        show.out.print(
            f"It speaks of traits alone. Nearest by behaviour: {near.who}, which keeps {near.both:,} of them "
            f"and {near.only_deed:,} others.",
            markup=False,
            soft_wrap=True,
        )
    if found.used_by:
        show.out.print(f"Named by {', '.join(found.used_by)}.", markup=False)
    show.table(
        "Definitions",
        ("revision", "who", "counts from", "map", "saved", "said by"),
        (
            (one.revision, one.who, one.counts_from or "ever", one.map_name, one.saved, one.author)
            for one in found.revisions
        ),
    )
