"""Erases people: masked at once, gone from every file with the next batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pathworth import store
from pathworth.run.intake.arrivals import number
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class Erasures:
    """Every erasure, the newest first; ``waiting`` people are masked and files still hold them."""

    waiting: int
    erasures: tuple[store.Erasure, ...]


def erase(workspace: Workspace, person: str, *, because: str, author: str = "") -> store.Erasure:
    """Mask a person at once and for good, in every answer, list and program.

    Parameters
    ----------
    person
        Any raw id of that person; all others go with it.
    because
        Why; kept in the certificate.
    author
        Who asks for it.

    Raises
    ------
    WrongUsage
        ``REASON_MISSING``.
    UnknownName
        ``UNKNOWN_PERSON``.
    Refused
        ``ALREADY_ERASED``.
    """
    # What came in before this moment is known then, and goes too.
    number(workspace)
    return store.Erasures(workspace.store).ask(person, because=because, by=author)


def erasures(workspace: Workspace, *, person: str | None = None) -> Erasures:
    """Return every erasure, or that of whoever bore a raw id."""
    kept = store.Erasures(workspace.store)
    if person is None:
        found = kept.all()
    else:
        one = kept.of(person)
        found = () if one is None else (one,)
    return Erasures(sum(one.state != "done" for one in found), found)


def erase_files(
    workspace: Workspace,
    *,
    author: str = "",
    progress: Callable[[str, float], None] | None = None,
) -> store.ErasingDone:
    """Write files without whoever is masked, search everything, and complete the certificates.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY``, ``DATABASE_BUSY``, ``DISK_FULL``; whoever is masked stays so, and the next call goes on.
    """
    kept = store.Erasures(workspace.store)
    if not kept.waits():
        return store.ErasingDone(0, 0, ())
    # Batches that wait hold bytes as they came; once numbered and in the lake those are gone.
    number(workspace)
    return kept.run(by=author or None, progress=progress)
