"""The composition root: opens a workspace and wires what stands above the store to it."""

from __future__ import annotations

from pathlib import Path

from pathworth import store
from pathworth.run.answers import picture, price, warm
from pathworth.run.demo import Demo, DemoQuestion, demo, told
from pathworth.run.listen import PORT, WORKSPACE_VARIABLE, check_binding, listen
from pathworth.run.maps import check_map
from pathworth.run.memory import peak_bytes, peak_text
from pathworth.run.overview import ColumnRow, Overview, columns, overview
from pathworth.run.people import PeoplePage, people
from pathworth.run.selection import Selection
from pathworth.run.words import WORDS, Word
from pathworth.run.workspace import Workspace


def init(folder: str | Path, *, timezone: str = "UTC", currency: str = "EUR") -> Workspace:
    """Begin a workspace in a new folder.

    Parameters
    ----------
    folder
        Where; it must not hold a workspace yet.
    timezone
        IANA name; times without a zone are read in it, days and weeks are its days and weeks.
    currency
        Three-letter code of money without one.
    """
    return Workspace(store.Workspace.create(folder, timezone=timezone, currency=currency))


def open_workspace(folder: str | Path) -> Workspace:
    """Open the workspace in a folder."""
    return Workspace(store.Workspace.open(folder))


__all__ = [
    "PORT",
    "WORDS",
    "WORKSPACE_VARIABLE",
    "ColumnRow",
    "Demo",
    "DemoQuestion",
    "Overview",
    "PeoplePage",
    "Selection",
    "Word",
    "Workspace",
    "check_binding",
    "check_map",
    "columns",
    "demo",
    "init",
    "listen",
    "open_workspace",
    "overview",
    "peak_bytes",
    "peak_text",
    "people",
    "picture",
    "price",
    "told",
    "warm",
]
