"""A dry run: what a program would have decided on the events of a period; nothing is written."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pathworth.act.contracts import Program, ReasonCount, Rehearsal, Rehearsed
from pathworth.act.deciding.decide import left_out_of
from pathworth.act.deciding.judge import Bench, judge
from pathworth.act.deciding.reasons import said
from pathworth.act.history import History
from pathworth.act.needs import needed
from pathworth.act.programs import asking_of, program
from pathworth.act.watching.state import State
from pathworth.act.watching.watch import Found, Running, Watch
from pathworth.base.errors import Refused
from pathworth.base.instants import to_iso
from pathworth.base.period import FOREVER_US, Period
from pathworth.journeys import Kinds
from pathworth.store import Consents, Contact, Occasion, Standing, Verdict, Workspace

WEEKS_US = 28 * 86_400_000_000
MOST_ROWS = 1000


@dataclass
class _Play:
    """A period played again, person by person."""

    bench: Bench
    standing: Standing
    contacts: dict[str, tuple[Contact, ...]] = field(default_factory=dict)
    addresses: dict[str, tuple[Contact, ...]] = field(default_factory=dict)
    rows: list[tuple[Occasion, Verdict, int]] = field(default_factory=list)

    def decide(self, occasion: Occasion, state: State, *, at_us: int) -> Occasion | None:
        """Decide one occasion; return it when it has to wait."""
        self.bench.now_us = at_us
        standing = replace(
            self.standing,
            states={occasion.entity: state.row(occasion.entity)},
            contacts=self.contacts,
            reached=lambda some: {one: self.addresses.get(one, ()) for one in some},
        )
        (made,) = judge([occasion], standing, bench=self.bench)
        if made.outcome == "postpone":
            return replace(occasion, due_us=made.until_us, noted=made.reasons[0])
        if made.outcome == "decide":
            self.rows.append((occasion, made, at_us))
        if made.action == "send":
            self._reach(occasion, made, at_us)
        return None

    def _reach(self, occasion: Occasion, made: Verdict, at_us: int) -> None:
        contact = (Contact(occasion.program, at_us),)
        self.contacts[occasion.entity] = self.contacts.get(occasion.entity, ()) + contact
        if made.address is not None:
            self.addresses[made.address] = self.addresses.get(made.address, ()) + contact


def rehearse(
    workspace: Workspace, given: Program | str, *, period: Period | None = None
) -> Rehearsal:
    """Return what a program would have decided on real history.

    Parameters
    ----------
    workspace
        The opened workspace.
    given
        A program, saved or not, or the id of a saved one.
    period
        From when to when; null for the last four weeks of the data.

    Raises
    ------
    Refused
        ``NOTHING_TO_REHEARSE`` without events, or when the program's step is not on a map.
    """
    chosen = program(workspace, given).program if isinstance(given, str) else given
    asking = asking_of(workspace)
    names, document = needed([chosen], asking), asking.maps.get(chosen.map)
    snapshot = workspace.snapshot(having=names)
    if snapshot.events == 0 or document is None:
        raise Refused(
            "NOTHING_TO_REHEARSE",
            "There are no events to play again, or the program's map is not there.",
            "Import events first, and check the program.",
        )
    asked = period or Period(snapshot.last_us - WEEKS_US, snapshot.last_us + 1)
    from_us, to_us = max(asked.from_us, snapshot.first_us), min(asked.to_us, snapshot.last_us + 1)
    if to_us >= FOREVER_US:
        to_us = snapshot.last_us + 1
    asking = replace(asking, kinds=Kinds.of(snapshot))
    history = History(snapshot, chosen, document, names)
    watch = Watch([Running(chosen, 0, from_us)], asking)
    people = history.people(from_us, to_us)
    listed = left_out_of(workspace)
    bench = Bench(0, {(chosen.id, 0): chosen}, frozenset({chosen.id}), asking, listed)
    ids = [entity for entity, _ in people]
    standing = Standing({}, Consents(workspace).now(ids), {}, {}, lambda _: {})
    play = _Play(bench, standing)
    for _, place in people:
        _play(play, watch, history, place, to_us)
    return _told(chosen, play.rows, from_us, to_us)


def _play(play: _Play, watch: Watch, history: History, place: tuple[int, int], to_us: int) -> None:
    """Play one person's events in order, deciding what falls due between them."""
    state, found = State(), Found()
    waiting: list[tuple[int, int, Occasion]] = []
    for event in history.events(*place):
        if event.time_us >= to_us:
            break
        _due(play, state, waiting, event.time_us)
        watch.see(state, event, found=found)
        for gone in found.passed:
            waiting = [one for one in waiting if one[2].trigger_seq != gone[2]]
        heapq.heapify(waiting)
        for one in found.occasions.values():
            heapq.heappush(waiting, (one.due_us, one.trigger_seq, one))
        found = Found()
    _due(play, state, waiting, to_us)


def _due(
    play: _Play, state: State, waiting: list[tuple[int, int, Occasion]], until_us: int
) -> None:
    while waiting and waiting[0][0] < until_us:
        due_us, seq, one = heapq.heappop(waiting)
        again = play.decide(one, state, at_us=due_us)
        if again is not None:
            heapq.heappush(waiting, (again.due_us, seq, again))


def _told(
    chosen: Program, rows: Sequence[tuple[Occasion, Verdict, int]], from_us: int, to_us: int
) -> Rehearsal:
    ordered = sorted(rows, key=lambda row: (row[2], row[0].entity))
    sends = sum(1 for _, made, _ in rows if made.action == "send")
    first = Counter(made.reasons[0] for _, made, _ in rows if made.action == "nothing")
    return Rehearsal(
        program=chosen.id,
        from_=to_iso(from_us),
        to=to_iso(to_us),
        occasions=len(rows),
        people=len({one.entity for one, _, _ in rows}),
        sends=sends,
        held_out=sum(1 for _, made, _ in rows if made.arm == "held out"),
        reasons=tuple(
            ReasonCount(code, said(code), count)
            for code, count in sorted(first.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        rows=tuple(_row(one, made, at_us) for one, made, at_us in ordered[:MOST_ROWS]),
        assumes=_assumes(),
    )


def _row(one: Occasion, made: Verdict, at_us: int) -> Rehearsed:
    words = [said(code) for code in made.reasons]
    text = "would get it" if made.action == "send" else "; ".join(words)
    return Rehearsed(
        one.entity, to_iso(one.trigger_us), to_iso(at_us), made.arm, made.action, made.reasons, text
    )


def _assumes() -> tuple[str, ...]:
    return (
        "Consent is taken as it stands today.",
        "Of programs, only this one's own messages count for the cap.",
        "Nobody reacts: what a message would have changed is not played.",
        "Maps and segments are taken as they are defined today.",
    )
