"""Takes numbered events in: people's states change, occasions begin, mutes are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pathworth.act.deciding.guardrail import mind
from pathworth.act.programs import now, watch_of
from pathworth.act.watching.joined import again, of_persons
from pathworth.act.watching.remember import fill, remember
from pathworth.act.watching.state import State, state_of
from pathworth.act.watching.watch import Found, Mute, Watch
from pathworth.base.durations import to_us
from pathworth.store import (
    ArrivedEvent,
    Consent,
    MuteNote,
    PersonStates,
    Programs,
    Snapshot,
    StateRow,
    Turn,
    Workspace,
)

AT_ONCE = 200_000
"""So many events per transaction: others wait for it a few seconds at most."""


def feed(workspace: Workspace, events: Sequence[ArrivedEvent], *, now_us: int | None = None) -> int:
    """Take events in, in the order of their numbers; what was taken in before changes nothing.

    Parameters
    ----------
    workspace
        The opened workspace.
    events
        Numbered events.
    now_us
        This moment, for what a mute brings about; null for the clock's.

    Returns
    -------
    How many occasions began.
    """
    watch = watch_of(workspace)
    snapshot = workspace.snapshot(having=watch.properties)
    if snapshot.links:
        events = of_persons(events, snapshot)
    begun = 0
    for start in range(0, len(events), AT_ONCE):
        found = _feed_some(workspace, events[start : start + AT_ONCE], watch, snapshot)
        begun += len(found.occasions)
        for program in sorted({one.program.id for one in found.mutes}):
            mind(workspace, program, now_us=now() if now_us is None else now_us)
    return begun


def listens(workspace: Workspace) -> bool:
    """Return whether events could mean anything: whether a program is running."""
    return any(one.state == "running" for one in Programs(workspace).all())


def rest(workspace: Workspace) -> None:
    """Forget people's states while nothing runs: they would fall behind, and the next program asks the snapshot."""
    PersonStates(workspace).forget()


def hear(workspace: Workspace, events: Sequence[ArrivedEvent]) -> None:
    """Take in events that arrived just now and decide at once what they make due."""
    from pathworth.act.deciding.decide import decide_due

    feed(workspace, events)
    decide_due(workspace)


def _feed_some(
    workspace: Workspace, events: Sequence[ArrivedEvent], watch: Watch, snapshot: Snapshot
) -> Found:
    found = Found()

    def work(known: Mapping[str, StateRow]) -> Turn:
        states = again(workspace, known, watch=watch, snapshot=snapshot, events=events)
        for event in events:
            state = states.get(event.entity)
            if state is None:
                state = _first(known.get(event.entity), event, watch, snapshot)
                state.links = snapshot.links
                states[event.entity] = state
            watch.see(state, event, found=found)
        return Turn(
            states=tuple(state.row(entity) for entity, state in states.items()),
            occasions=tuple(found.occasions.values()),
            passed=tuple(found.passed),
            answers=_answers(found.mutes),
            mutes=_notes(found.mutes),
        )

    entities = list(dict.fromkeys(event.entity for event in events))
    if snapshot.links:
        entities = list(dict.fromkeys(id_ for one in entities for id_ in snapshot.ids_of(one)))
    PersonStates(workspace).turn(entities, work)
    return found


def _first(row: StateRow | None, event: ArrivedEvent, watch: Watch, snapshot: Snapshot) -> State:
    """Return the person's state before an event: as kept, else what the snapshot knows."""
    if row is None:
        return remember(snapshot, event.entity, watch=watch, before_seq=event.seq)
    state = state_of(row)
    fill(state, snapshot, watch=watch, entity=event.entity, before_seq=event.seq)
    return state


def _answers(mutes: Sequence[Mute]) -> tuple[Consent, ...]:
    """Return the consents that mutes withdraw."""
    proof = "An event that this program takes for a mute."
    return tuple(
        Consent(m.entity, m.program.channel, m.program.purpose, False, m.at_us, proof)  # noqa: FBT003
        for m in mutes
    )


def _notes(mutes: Sequence[Mute]) -> tuple[MuteNote, ...]:
    return tuple(
        MuteNote(m.entity, m.program.id, m.at_us, to_us(m.program.guardrail.within))
        for m in mutes
        if m.program.guardrail is not None
    )
