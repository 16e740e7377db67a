"""The way out of a message: consent withdrawn at once, and the mute counted against the send that caused it."""

from __future__ import annotations

from pathworth.act.consent import mute, withdraw_consent
from pathworth.act.contracts import Program
from pathworth.act.document import load_program
from pathworth.act.programs import now
from pathworth.act.sending.links import decision_of
from pathworth.store import Decision, Ledger, Programs, Workspace


def link_of(workspace: Workspace, given: str) -> tuple[Decision, Program]:
    """Return the row and the program of a signed link; raises ``UNKNOWN_LINK``."""
    row = Ledger(workspace).row(decision_of(workspace, given))
    documents = Programs(workspace).documents()
    return row, load_program(documents[row.program, row.revision])


def unsubscribe(workspace: Workspace, given: str, *, now_us: int | None = None) -> Program:
    """Withdraw the consent that a message went out under; it takes effect at once.

    Parameters
    ----------
    workspace
        The opened workspace.
    given
        The signed link.
    now_us
        This moment; null for the clock's.

    Raises
    ------
    UnknownName
        ``UNKNOWN_LINK``.
    """
    row, program = link_of(workspace, given)
    at_us = now() if now_us is None else now_us
    withdraw_consent(
        workspace,
        row.entity,
        channel=program.channel,
        purpose=program.purpose,
        proof=f"The link in message {row.id}.",
        now_us=at_us,
    )
    mute(workspace, row.entity, program_id=row.program, now_us=at_us)
    return program
