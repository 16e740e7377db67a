"""Looks a workspace over for its operator: what is fine, what to look at, what is broken, and what to do."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pathworth import store
from pathworth.base.errors import PathworthError, StoreTrouble
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.run.serving.jobs import job_rows
from pathworth.run.serving.listen import Binding
from pathworth.run.workspace import Workspace
from pathworth.store import Check

_SQLITE = (3, 35)
_DAY_US = 86_400_000_000
_MINUTE_US = 60_000_000
_REQUIRED = re.compile(r"^([A-Za-z0-9_.-]+)\s*>=\s*([0-9.]+)$")


@dataclass(frozen=True)
class Report:
    """What was looked at; ``state`` is the worst of it."""

    state: str
    checks: tuple[Check, ...]


def doctor(folder: Path) -> Report:
    """Look a workspace over; nothing is changed, and one fault hides no other.

    Parameters
    ----------
    folder
        The workspace's folder, damaged or not.
    """
    checks = [_versions(), *stored(folder), _caches()]
    database = next((one for one in checks if one.name == "database"), None)
    if database is not None and database.state == "ok":
        checks += [_guarded(name, look, folder) for name, look in _OPENED]
    return Report(_worst(checks), tuple(checks))


def stored(folder: Path) -> tuple[Check, ...]:
    """Check what lies in a workspace's folder."""
    if not store.is_workspace(folder):
        remedy = f"Name another folder, or make one with: pathworth init {folder}"
        return (Check("workspace", "broken", f"There is no workspace in {folder}.", remedy),)
    return (store.check_room(folder), store.check_database(folder), *store.check_store(folder))


def check_stored(workspace: Workspace) -> str:
    """Check what is stored, as a job does it: in a few words when all is well.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_DAMAGED`` with every fault.
    """
    checks = stored(workspace.store.path)
    broken = [one for one in checks if one.state == "broken"]
    if broken:
        raise StoreTrouble(
            "WORKSPACE_DAMAGED",
            " ".join(f"{one.name}: {one.says}" for one in broken),
            broken[0].remedy or "Run: pathworth doctor",
        )
    return f"{len(checks)} checks, all well."


def _worst(checks: list[Check]) -> str:
    states = {one.state for one in checks}
    return next(state for state in ("broken", "look", "ok") if state in states or state == "ok")


def _guarded(name: str, look: Callable[[Workspace], Check], folder: Path) -> Check:
    try:
        # Not `open`, which would carry on what is unfinished before anybody has seen it.
        return look(Workspace(store.Workspace(folder)))
    except PathworthError as trouble:
        return Check(name, "broken", trouble.message, trouble.hint)
    except Exception as trouble:  # noqa: BLE001 - whatever else is wrong is one line of the report
        says = f"It cannot be read: {type(trouble).__name__}: {trouble}"
        return Check(name, "broken", says, "Mend what stands above first, then look again.")


def _versions() -> Check:
    python = ".".join(map(str, sys.version_info[:3]))
    says = f"pathworth {metadata.version('pathworth')} on Python {python}, SQLite {sqlite3.sqlite_version}."
    if sqlite3.sqlite_version_info < _SQLITE:
        return Check("versions", "broken", says, "Use a Python built with SQLite 3.35 or newer.")
    old = [line for line in metadata.requires("pathworth") or () if (_too_old(line))]
    if old:
        remedy = "Install it again: pip install --upgrade pathworth"
        return Check("versions", "broken", f"{says} Too old or missing: {', '.join(old)}.", remedy)
    return Check("versions", "ok", says)


def _too_old(line: str) -> bool:
    match = _REQUIRED.match(line)
    if match is None:
        return False
    try:
        held = metadata.version(match[1])
    except metadata.PackageNotFoundError:
        return True
    return _numbers(held) < _numbers(match[2])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _caches() -> Check:
    home = os.environ.get("PATHWORTH_CACHE")
    folder = Path(home) if home else Path.home() / ".cache" / "pathworth"
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return Check("caches", "ok", f"{folder} can be written.")
    says = f"{folder} cannot be written, so every start compiles anew."
    return Check("caches", "look", says, "Set PATHWORTH_CACHE to a folder that can be written.")


def _clock(workspace: Workspace) -> Check:
    zone, now = workspace.store.timezone, time.time_ns() // 1_000
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "Install tzdata, or put the system's time zones in place."
        return Check("clock", "broken", f"The time zone {zone} is not known here.", remedy)
    says = f"{to_iso(now)[:19]}Z, days begin in {zone}."
    last = max((one.committed_at for one in workspace.store.imports()), default=None)
    if last is not None and to_instant_us(last, "UTC") > now + _MINUTE_US:
        says += f" The last import is noted at {last}, which is still to come."
        return Check("clock", "broken", says, "Set the clock of this machine; use NTP.")
    ahead = _last_event(workspace)
    if ahead > now + _DAY_US:
        says += f" The last event is of {to_iso(ahead)}, which is still to come."
        return Check("clock", "look", says, "Look at the clock and zone of whoever sent it.")
    return Check("clock", "ok", says)


def _last_event(workspace: Workspace) -> int:
    try:
        return workspace.store.snapshot().last_us
    except Exception:  # noqa: BLE001 - a damaged snapshot has its own line, and says nothing of the clock
        return 0


def _jobs(workspace: Workspace) -> Check:
    rows = job_rows(workspace)
    late = [one.name for one in rows if one.state == "late"]
    failed = [one for one in rows if one.error is not None]
    if failed:
        says = " ".join(f"{one.name}: {one.error}" for one in failed)
        return Check("jobs", "broken", says, "It is tried again at its next turn; see Data, Jobs.")
    if late:
        says = f"Nobody runs {', '.join(late)}."
        return Check("jobs", "look", says, "Jobs run while the server does: pathworth serve")
    if not rows:
        return Check("jobs", "ok", "No server has run here yet.")
    return Check("jobs", "ok", f"{len(rows)} jobs, none late, none failed.")


def _deliveries(workspace: Workspace) -> Check:
    unknown = store.Ledger(workspace.store).unknown()
    if unknown:
        says = f"{len(unknown)} messages of which nobody knows whether they were delivered."
        remedy = "They are never tried again blind: settle each on the page Act."
        return Check("deliveries", "look", says, remedy)
    return Check("deliveries", "ok", "The fate of every message is known.")


def _logins(workspace: Workspace) -> Check:
    held = store.Logins(workspace.store)
    bound = Binding.from_text(held.binding())
    count = len(held.all())
    where = ", ".join(dict.fromkeys((bound.host, *bound.hosts)))
    if not bound.loopback and not held.has_admin():
        says = f"The server was last told to be reached as {where}, and nobody is an admin."
        remedy = "Make an admin: pathworth login add NAME --role admin"
        return Check("logins", "broken", says, remedy)
    if count == 0:
        return Check("logins", "ok", "No logins: everybody on this machine is an admin.")
    return Check("logins", "ok", f"{count} people may log in; last reached as {where}.")


_OPENED: tuple[tuple[str, Callable[[Workspace], Check]], ...] = (
    ("clock", _clock),
    ("jobs", _jobs),
    ("deliveries", _deliveries),
    ("logins", _logins),
)
