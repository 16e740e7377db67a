"""What stands on a timeline beside the events of the shards: what waits, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathworth import act, store
from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.run.persons.contracts import ACCOUNT, Decided, Moment, Subject
from pathworth.run.privacy.veil import shown
from pathworth.run.workspace import Workspace

EVENT, WAITING, DECISION = 0, 1, 2
"""At the same moment an event comes before one that waits, and both before the decision that they led to."""
Key = tuple[int, int, int]


@dataclass(frozen=True)
class Extra:
    """One moment that is not in the shards, with its place in the timeline."""

    key: Key
    moment: Moment


def text_of(key: Key) -> str:
    """Return the key of a moment as an address holds it."""
    return "-".join(map(str, key))


def waiting(workspace: Workspace, subject: Subject, *, snapshot: store.Snapshot) -> list[Extra]:
    """Return the events that arrived and that a snapshot does not hold."""
    ids = frozenset(snapshot.ids_of(subject.id)) if subject.kind == "person" else None
    held = store.Inbox(workspace.store).waiting(ids)
    rows = [one for one in held if one.seq > snapshot.seq and _is_of(one, subject)]
    return [Extra((one.time_us, WAITING, one.seq), _arrived(workspace.store, one)) for one in rows]


def _is_of(event: store.ArrivedEvent, subject: Subject) -> bool:
    return subject.kind == "person" or event.properties.get(ACCOUNT) == subject.id


def raw_ids(snapshot: store.Snapshot, people: Sequence[str]) -> tuple[str, ...]:
    """Return every raw id of some people: what was kept before ids were joined is kept under those."""
    return tuple(one for person in people for one in snapshot.ids_of(person))


def decisions(workspace: Workspace, people: tuple[str, ...]) -> list[Extra]:
    """Return what was decided for these raw ids, sent or not, with every reason in words."""
    ledger = store.Ledger(workspace.store)
    rows = [row for person in people for row in ledger.rows(entity=person)]
    if not rows:
        return []
    kept = {one.program.id: one.program for one in act.programs(workspace.store)}
    return [
        Extra((row.decided_us, DECISION, row.id), _decided(workspace, row, kept.get(row.program)))
        for row in rows
    ]


def _arrived(held: store.Workspace, event: store.ArrivedEvent) -> Moment:
    return Moment(
        key=text_of((event.time_us, WAITING, event.seq)),
        kind="waiting",
        time=to_iso(event.time_us),
        person=event.entity,
        name=event.name,
        step=None,
        visit=None,
        source=event.source,
        value=from_micro(event.value) if event.value else None,
        cost=None,
        properties=shown(held, event.properties),
        decision=None,
    )


def _decided(workspace: Workspace, row: store.Decision, program: act.Program | None) -> Moment:
    name, words = row.program, row.reasons
    if program is not None:
        told = act.explain(workspace.store, row, program=program)
        name, words = told.program_name, (told.sentence, *told.others)
    said = Decided(
        row.id,
        row.program,
        row.action,
        row.state,
        row.arm,
        row.channel,
        row.reasons,
        words,
        row.answer,
    )
    return Moment(
        key=text_of((row.decided_us, DECISION, row.id)),
        kind="decision",
        time=to_iso(row.decided_us),
        person=row.entity,
        name=name,
        step=None,
        visit=None,
        source=None,
        value=None,
        cost=None,
        properties={},
        decision=said,
    )
