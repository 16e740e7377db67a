"""What is known of one person between events: latest values, steps taken, occasions had."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pathworth.journeys import Run
from pathworth.store import StateRow

ACCOUNT = "account_id"


class Where(msgspec.Struct, omit_defaults=True):
    """Where a person stands on one map: the step, since when, its last event, and when each step was last seen."""

    step: str = ""
    since_us: int = 0
    last_us: int = 0
    times: dict[str, int] = {}


class State(msgspec.Struct, omit_defaults=True):
    """One person's state while it is being changed; kept as bytes.

    Parameters
    ----------
    values
        The latest known value of every property, as text.
    seq, last_us
        The newest event in it, and the latest time.
    places
        Where the person stands, by map.
    asked
        The newest occasion by program: the trigger's number and time.
    units
        Whom the arm belongs to, by program, fixed at the first occasion.
    exits
        When a program's exit was last seen.
    deeds
        When something that a predicate asks about was done, the newest times only.
    runs
        How far patterns that a predicate asks about have come.
    looked
        The snapshot in which values that nobody had said were last looked for.
    links
        The change of the links between ids up to which these are the events of the person.
    """

    values: dict[str, str] = {}
    seq: int = -1
    last_us: int = 0
    places: dict[str, Where] = {}
    asked: dict[str, tuple[int, int]] = {}
    units: dict[str, str] = {}
    exits: dict[str, int] = {}
    deeds: dict[str, list[int]] = {}
    runs: dict[str, Run] = {}
    looked: str = ""
    links: int = 0

    @property
    def account(self) -> str | None:
        """Return the person's latest account."""
        return self.values.get(ACCOUNT)

    def row(self, entity: str) -> StateRow:
        """Return the state as it is kept."""
        return StateRow(entity, self.account, self.seq, msgspec.json.encode(self))


_decoder = msgspec.json.Decoder(State)


def state_of(row: StateRow | None) -> State:
    """Return the state of a kept row, an empty one for a person never met."""
    return State() if row is None else _decoder.decode(row.document)


def learn(state: State, values: Mapping[str, str], *, newer: bool) -> None:
    """Take in what an event says; an event from before what is known fills gaps only."""
    known = state.values
    for name, value in values.items():
        if value and (newer or name not in known):
            known[name] = value
