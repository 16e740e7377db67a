"""Sends what was decided: marked as being sent before the dialogue, settled after it, never retried blind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pathworth.act.contracts import Outcome, Program, Sender
from pathworth.act.document import load_program
from pathworth.act.programs import now
from pathworth.act.sending.compose import compose
from pathworth.act.sending.write import NotWritable
from pathworth.base.durations import HOUR_US, MINUTE_US
from pathworth.store import Decision, Ledger, Outgoing, Programs, Standing, Workspace

PAUSES_US = (MINUTE_US, 5 * MINUTE_US, 30 * MINUTE_US, 2 * HOUR_US, 8 * HOUR_US)
"""How long to wait after each temporary refusal; after the last one the message failed."""


@dataclass(frozen=True)
class Delivering:
    """One turn of sending: where, when, and the programs by revision."""

    workspace: Workspace
    now_us: int | None
    programs: Mapping[tuple[str, int], Program]

    @property
    def clock_us(self) -> int:
        """Return this moment."""
        return now() if self.now_us is None else self.now_us


def deliver(workspace: Workspace, sender: Sender | None, *, now_us: int | None = None) -> int:
    """Send every message that was decided and may leave now.

    Parameters
    ----------
    workspace
        The opened workspace.
    sender
        Hands messages to the other side; null settles only what a dead process left in the middle.
    now_us
        This moment; null for the clock's.

    Returns
    -------
    How many dialogues there were; 0 while another process is sending.
    """
    ledger = Ledger(workspace)
    at_us = now() if now_us is None else now_us
    if not ledger.anything_to_send(now_us=at_us):
        return 0
    documents = {k: load_program(text) for k, text in Programs(workspace).documents().items()}
    task = Delivering(workspace, now_us, documents)
    if ledger.begin_sending(at_us=at_us) is None:
        return 0
    try:
        count = 0
        while sender is not None and (
            going := ledger.take(_refusals(task), now_us=task.clock_us, limit=sender.at_once)
        ):
            for one in going:
                _send(task, ledger, one, sender)
                count += 1
        return count
    finally:
        ledger.end_sending()


def _send(task: Delivering, ledger: Ledger, going: Outgoing, sender: Sender) -> None:
    row = going.decision
    program = task.programs[row.program, row.revision]
    try:
        message = compose(task.workspace, row, program=program, facts=going.facts)
    except NotWritable as error:
        outcome = Outcome("failed", f"It could not be written: {error}.")
    else:
        outcome = sender.send(message)
    later = outcome.fate == "later" and going.attempts < len(PAUSES_US)
    state = "decided" if later else "failed" if outcome.fate == "later" else outcome.fate
    at_us = task.clock_us
    again_us = at_us + PAUSES_US[going.attempts] if later else None
    ledger.settle(row.id, state, answer=outcome.answer[:500], at_us=at_us, again_us=again_us)


Check = Callable[[Sequence[Outgoing], Standing], Mapping[int, tuple[str, ...]]]


def _refusals(task: Delivering) -> Check:
    """Return the check of the moment of sending: consent, rest, and whether the program still runs."""

    def check(going: Sequence[Outgoing], standing: Standing) -> Mapping[int, tuple[str, ...]]:
        running = {one.id for one in Programs(task.workspace).all() if one.state == "running"}
        found = {}
        for one in going:
            reasons = _reasons(one.decision, standing, task, running)
            if reasons:
                found[one.decision.id] = reasons
        return found

    return check


def _reasons(
    row: Decision, standing: Standing, task: Delivering, running: set[str]
) -> tuple[str, ...]:
    program = task.programs[row.program, row.revision]
    consent = standing.consents.get((row.entity, program.channel, program.purpose))
    rest = standing.rests.get(row.entity)
    tests = {
        "program_stopped": row.program not in running,
        "suppressed": rest is not None and (rest.until_us is None or rest.until_us > task.clock_us),
        "no_consent": consent is None or not consent.given,
    }
    return tuple(code for code, holds in tests.items() if holds)
