"""People whose raw ids were joined or taken apart: their events are theirs, and what is kept of them is found anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pathworth.act.watching.remember import remember
from pathworth.act.watching.state import State, state_of
from pathworth.act.watching.watch import Watch
from pathworth.store import ArrivedEvent, Links, Snapshot, StateRow, Workspace


def of_persons(events: Sequence[ArrivedEvent], snapshot: Snapshot) -> list[ArrivedEvent]:
    """Return events as those of people, whichever raw id they were said under."""
    whose = snapshot.persons_by(list(dict.fromkeys(event.entity for event in events)))
    return [
        event if whose[event.entity] == event.entity else replace(event, entity=whose[event.entity])
        for event in events
    ]


def again(
    workspace: Workspace,
    known: Mapping[str, StateRow],
    *,
    watch: Watch,
    snapshot: Snapshot,
    events: Sequence[ArrivedEvent],
) -> dict[str, State]:
    """Return the states of those of some people whose ids changed since theirs was kept, found anew.

    What programs asked of them stays theirs, under whichever id it was: only what their events say is another.

    Parameters
    ----------
    known
        What is kept under the raw ids of the people whose events these are.
    snapshot
        Whose the events are.
    events
        In the order of their numbers.
    """
    if not snapshot.links:
        return {}
    held = {id_: state_of(row) for id_, row in known.items()}
    first = {event.entity: event for event in reversed(events)}
    behind = [one for one in first if one not in held or held[one].links < snapshot.links]
    touched = Links(workspace).touched(behind) if behind else {}
    changed = [
        one for one in behind if touched.get(one, 0) > (held[one].links if one in held else 0)
    ]
    if not changed:
        return {}
    # Events that were heard in the last half second must be in what is remembered.
    newest = workspace.whole_snapshot(at_once=True)
    return {
        one: _found(remember(newest, one, watch=watch, before_seq=first[one].seq), before)
        for one in changed
        for before in [[held[id_] for id_ in snapshot.ids_of(one) if id_ in held]]
    }


def _found(state: State, before: Sequence[State]) -> State:
    """Return a state with what programs asked and decided before, the newest of each."""
    for old in before:
        for program, asked in old.asked.items():
            state.asked[program] = max(asked, state.asked.get(program, asked))
        for program, at in old.exits.items():
            state.exits[program] = max(at, state.exits.get(program, at))
        state.units = {**old.units, **state.units}
    return state
