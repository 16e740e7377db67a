"""Which columns are personal: guessed by their names and texts, declared by a person, seen from a role on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pathworth import store
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.run.serving.logins import ROLES, rank
from pathworth.run.workspace import Workspace

_NAMED = re.compile(
    r"(^|[_\W])(e?-?mail|phone|mobile|tel|(first|last|full|sur|family|given)_?name|street|postcode|zip|birth\w*|"
    r"iban|ssn|passport|ip)([_\W]|$)",
    re.IGNORECASE,
)
_SHAPES = (re.compile(r"[^@\s]+@[^@\s]+\.\w+"), re.compile(r"\+?\d[\d ()/-]{7,}\d"))
_LOOKED_AT = 200


@dataclass(frozen=True)
class GuessedColumn:
    """A column that looks personal, and by what: its name, or what stands in it."""

    name: str
    by: str


@dataclass(frozen=True)
class PrivateView:
    """Personal columns, the lowest role that sees them as they are, and what looks personal and is not declared."""

    columns: tuple[str, ...]
    seen_by: str
    suggested: tuple[GuessedColumn, ...]


def private_columns(workspace: Workspace) -> PrivateView:
    """Return which columns are personal, and which ones look so."""
    held = store.PrivateColumns(workspace.store).get()
    snapshot = workspace.store.whole_snapshot()
    names = sorted({*snapshot.columns, *snapshot.on_use} - set(held.columns))
    guesses = (_guess(snapshot, name) for name in names)
    return PrivateView(held.columns, held.seen_by, tuple(one for one in guesses if one))


def declare_private(
    workspace: Workspace, columns: Sequence[str], *, seen_by: str | None = None
) -> PrivateView:
    """Say which columns are personal: those and no others, and from which role on they are seen.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN``.
    WrongUsage
        ``UNKNOWN_ROLE``.
    """
    kept = store.PrivateColumns(workspace.store)
    role = kept.get().seen_by if seen_by is None else seen_by
    if role not in ROLES:
        raise WrongUsage(
            "UNKNOWN_ROLE", f"There is no role {role!r}.", f"Roles: {', '.join(ROLES)}."
        )
    snapshot = workspace.store.whole_snapshot()
    known = {*snapshot.columns, *snapshot.on_use, *kept.get().columns} - {"value", "cost", "source"}
    unknown = next((one for one in columns if one not in known), None)
    if unknown is not None:
        raise UnknownName.near("column", unknown, known)
    kept.save(columns, seen_by=role)
    return private_columns(workspace)


def _guess(snapshot: store.Snapshot, name: str) -> GuessedColumn | None:
    if _NAMED.search(name):
        return GuessedColumn(name, "its name")
    info = None if name in snapshot.on_use else snapshot.columns.get(name)
    if info is None or info.kind != "text" or not info.values:
        return None
    some = list(itertools.islice(info.values, _LOOKED_AT))
    alike = max(sum(shape.fullmatch(text) is not None for text in some) for shape in _SHAPES)
    return GuessedColumn(name, "what stands in it") if 2 * alike > len(some) else None


def sees_private(workspace: Workspace, role: str | None) -> bool:
    """Return whether a role sees personal columns as they are."""
    return rank(role) >= rank(store.PrivateColumns(workspace.store).get().seen_by)
