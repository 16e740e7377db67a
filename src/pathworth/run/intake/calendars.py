"""A calendar's dates become marks on every time chart."""

from __future__ import annotations

from pathlib import Path

from pathworth import collect
from pathworth.run.intake.told import ReleaseRow, add_release
from pathworth.run.workspace import Workspace


def add_calendar(workspace: Workspace, path: Path) -> tuple[ReleaseRow, ...]:
    """Put a mark where each date of a calendar file begins; its note says until when it goes on.

    Parameters
    ----------
    path
        iCalendar (RFC 5545). The same file again adds nothing.

    Raises
    ------
    BadInput
        ``NO_FILE`` and ``BAD_CALENDAR``, before anything is marked.
    """
    return _mark(workspace, collect.read_calendar(path), source=path.name)


def add_dates(workspace: Workspace, text: str, *, name: str) -> tuple[ReleaseRow, ...]:
    """Do the same of what a calendar file of some name holds; raises ``BAD_CALENDAR``."""
    return _mark(workspace, collect.dates_of(text, name=name), source=name)


def _mark(
    workspace: Workspace, dates: tuple[collect.Dated, ...], *, source: str
) -> tuple[ReleaseRow, ...]:
    return tuple(
        add_release(workspace, one.name, at=one.at, source=source, note=_note(one)) for one in dates
    )


def _note(one: collect.Dated) -> str:
    said = [f"until {one.last}"] if one.last else []
    if one.again:
        said.append("comes again; only the first time is marked")
    return ", ".join(said)
