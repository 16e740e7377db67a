"""From a row of the ledger to a message: written anew from the values that the row holds."""

from __future__ import annotations

import json
from hashlib import sha256

from pathworth.act.contracts import Message, Preview, Program
from pathworth.act.needs import written
from pathworth.act.sending.links import token
from pathworth.act.sending.settings import channels
from pathworth.act.sending.write import NotWritable, variables, write
from pathworth.act.watching.remember import recall
from pathworth.act.watching.state import state_of
from pathworth.store import Decision, PersonStates, Workspace


def message_id(key: str) -> str:
    """Return the message's stable name: the same row always has the same."""
    return sha256(f"pathworth/{key}".encode()).hexdigest()[:40]


def compose(workspace: Workspace, row: Decision, *, program: Program, facts: str) -> Message:
    """Write the message of a row.

    Parameters
    ----------
    workspace, row
        The ledger's row.
    program
        The revision that decided it.
    facts
        The person's values that it uses, as JSON.
    """
    address = channels(workspace).address
    signed = token(workspace, row.id)
    unsubscribe, why = f"{address}/unsubscribe/{signed}", f"{address}/why/{signed}"
    used = json.loads(facts).get("used", {})
    written = write(program.message, used, unsubscribe=unsubscribe, why=why)
    return Message(
        id=message_id(row.key),
        decision=row.id,
        entity=row.entity,
        program=row.program,
        channel=program.channel,
        address=row.address or "",
        subject=written.subject,
        text=written.text,
        html=written.html,
        unsubscribe=unsubscribe,
        why=why,
    )


def values_of(workspace: Workspace, entity: str, *, program: Program) -> dict[str, str]:
    """Return what a program's message needs of a person: what is kept, and beside it what the snapshot knows."""
    names = written(program)
    snapshot = workspace.snapshot(having=names)
    row = PersonStates(workspace).of(snapshot.person_of(entity))
    kept = {} if row is None else state_of(row).values
    missing = names - kept.keys()
    return {**kept, **recall(snapshot, entity, names=missing, before_seq=snapshot.seq + 1)}


def preview(workspace: Workspace, program: Program, *, entity: str) -> Preview:
    """Return the message as one person would get it now; links in it lead nowhere."""
    values = values_of(workspace, entity, program=program)
    address = channels(workspace).address
    sources = [program.message.subject, program.message.text, program.message.html or ""]
    asked = {name for source in sources for name in variables(source)}
    known = {name: values[name] for name in sorted(asked) if name in values}
    to = values.get(program.address) if program.channel == "email" else None
    try:
        written = write(
            program.message,
            values,
            unsubscribe=f"{address}/unsubscribe/preview",
            why=f"{address}/why/preview",
        )
    except NotWritable as error:
        return Preview(
            entity, "", "", None, to, known, f"{str(error)[:1].upper()}{str(error)[1:]}."
        )
    return Preview(entity, written.subject, written.text, written.html, to, known)
