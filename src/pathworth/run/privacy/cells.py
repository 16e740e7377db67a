"""Of how few people a number may be: declared by a person, for roles below one."""

from __future__ import annotations

from pathworth import store
from pathworth.base.errors import WrongUsage
from pathworth.run.serving.logins import ROLES, rank
from pathworth.run.workspace import Workspace
from pathworth.store import SmallCells

MOST = 1000


def small_cells(workspace: Workspace) -> SmallCells:
    """Return of how many people a number must be at least, and the lowest role that sees all."""
    return store.small_cells(workspace.store)


def declare_small_cells(
    workspace: Workspace, fewest: int | None = None, *, seen_by: str | None = None
) -> SmallCells:
    """Leave numbers of fewer people out of what lower roles get.

    Parameters
    ----------
    fewest
        From how many people on a number is said; 0 for any. As it is when null.
    seen_by
        The lowest role that sees all; as it is when null.

    Raises
    ------
    WrongUsage
        ``BAD_CELLS``, ``UNKNOWN_ROLE``.
    """
    held = store.small_cells(workspace.store)
    least = held.fewest if fewest is None else fewest
    role = held.seen_by if seen_by is None else seen_by
    if least != 0 and not 2 <= least <= MOST:
        raise WrongUsage(
            "BAD_CELLS",
            f"{least} is no number of people below which cells are left out.",
            f"Give a whole number from 2 to {MOST}, such as 10; or none at all.",
        )
    if role not in ROLES:
        raise WrongUsage(
            "UNKNOWN_ROLE", f"There is no role {role!r}.", f"Roles: {', '.join(ROLES)}."
        )
    made = SmallCells(least, role)
    store.save_small_cells(workspace.store, made)
    return made


def fewest_for(workspace: Workspace, role: str | None) -> int:
    """Return of how many people a number must be at least for a role; 0 where any is said."""
    held = store.small_cells(workspace.store)
    return 0 if rank(role) >= rank(held.seen_by) else held.fewest
