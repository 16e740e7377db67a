"""What one event means for the running programs: steps entered, occasions begun and passed, mutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pathworth.act.contracts import Program
from pathworth.act.needs import needed
from pathworth.act.watching.asking import Asking
from pathworth.act.watching.state import State, Where, learn
from pathworth.atlas import MapDocument
from pathworth.base.durations import to_us
from pathworth.journeys import Remembering, Rule, Seen, rule_for
from pathworth.store import ArrivedEvent, Occasion

NEVER = "never"


@dataclass(frozen=True)
class Running:
    """A program with what is fixed while it runs."""

    program: Program
    revision: int
    started_us: int

    @property
    def delay_us(self) -> int:
        """Return how long after the trigger the decision is due."""
        return self.stall_us + to_us(self.program.wait)

    @property
    def stall_us(self) -> int:
        """Return how long nothing else may happen; 0 for a program of entrants."""
        return to_us(self.program.stalls_after or "0m") if self.program.trigger == "stalls" else 0

    @property
    def again_us(self) -> int | None:
        """Return the least time between two occasions; null when there is one only."""
        return None if self.program.again == NEVER else to_us(self.program.again)


@dataclass(frozen=True)
class Mute:
    """A person who does not want more from a program."""

    entity: str
    program: Program
    at_us: int


@dataclass
class Found:
    """What a feed found, while it runs."""

    occasions: dict[tuple[str, str, int], Occasion] = field(default_factory=dict)
    passed: list[tuple[str, str, int]] = field(default_factory=list)
    mutes: list[Mute] = field(default_factory=list)


@dataclass(frozen=True)
class _Steps:
    """The steps of one map that an event of one name may take."""

    map: str
    gap_us: int
    candidates: tuple[tuple[str, Rule], ...]


@dataclass(frozen=True)
class _Plan:
    """Everything that an event of one name may mean."""

    steps: tuple[_Steps, ...]
    exits: tuple[tuple[str, Rule], ...]
    mutes: tuple[tuple[Program, Rule], ...]


class Watch:
    """The running programs, ready for events.

    Parameters
    ----------
    running
        The programs.
    asking
        What their predicates are read with.
    older
        Earlier revisions of them, on which people still wait.
    """

    def __init__(
        self, running: Iterable[Running], asking: Asking, *, older: Iterable[Program] = ()
    ) -> None:
        self.running = {one.program.id: one for one in running}
        self.asking = asking
        programs = [one.program for one in self.running.values()]
        self.maps = {one.map: asking.maps[one.map] for one in programs}
        said = [*programs, *older]
        self.past = Remembering(asking.asked(said), asking.kinds, asking.names())
        self.properties = needed(said, asking)
        self._plans: dict[str, _Plan | None] = {}
        self._begin: dict[tuple[str, str], list[Running]] = {}
        self._stalls: dict[str, list[Running]] = {}
        for one in self.running.values():
            place = (one.program.map, one.program.step)
            self._begin.setdefault(place, []).append(one)
            if one.program.trigger == "stalls":
                self._stalls.setdefault(one.program.map, []).append(one)

    def see(self, state: State, event: ArrivedEvent, *, found: Found) -> None:
        """Take one event into a person's state and note what it means; one seen before means nothing."""
        if event.seq <= state.seq:
            return
        newer = event.time_us >= state.last_us
        learn(state, event.properties, newer=newer)
        state.seq = event.seq
        state.last_us = max(state.last_us, event.time_us)
        plan = self._plans.get(event.name, ...)
        if plan is ...:
            plan = self._plans[event.name] = self._plan(event.name)
        if plan is None and not self.past.asked:
            return
        seen = Seen(
            event.name,
            event.time_us,
            event.value or 0,
            0,
            event.properties,
            traits=state.values,
            entity=event.entity,
            past=state,
        )
        self.past.take(state, seen)
        if plan is not None:
            self._follow(state, event, plan, seen, found)

    def _follow(
        self, state: State, event: ArrivedEvent, plan: _Plan, seen: Seen, found: Found
    ) -> None:
        for pid, rule in plan.exits:
            if rule(seen):
                state.exits[pid] = max(state.exits.get(pid, 0), event.time_us)
        for program, rule in plan.mutes:
            if rule(seen):
                found.mutes.append(Mute(event.entity, program, event.time_us))
        for steps in plan.steps:
            step = next((one for one, rule in steps.candidates if rule(seen)), None)
            if step is not None:
                self._enter(state, event, steps, step, found)

    def _enter(
        self, state: State, event: ArrivedEvent, steps: _Steps, step: str, found: Found
    ) -> None:
        """Move a person to a step; the visit is new after another step or a pause."""
        where = state.places.get(steps.map)
        if where is None:
            where = state.places[steps.map] = Where()
        time_us = event.time_us
        where.times[step] = max(where.times.get(step, 0), time_us)
        if time_us < where.last_us:
            return  # It came late: what it would have begun is over.
        moved = where.step != step
        new = moved or time_us - where.last_us > steps.gap_us
        where.last_us = time_us
        if not new:
            return
        where.step, where.since_us = step, time_us
        if moved:
            self._pass(state, event, steps.map, step, found)
        for one in self._begin.get((steps.map, step), ()):
            self._begin_occasion(state, event, one, found)

    def _pass(self, state: State, event: ArrivedEvent, map_: str, step: str, found: Found) -> None:
        """Forget stalls that were none: another step came in time."""
        for one in self._stalls.get(map_, ()):
            program = one.program
            asked = state.asked.get(program.id)
            if asked is None or program.step == step:
                continue
            if event.time_us < asked[1] + one.stall_us:
                del state.asked[program.id]
                place = (program.id, event.entity, asked[0])
                if found.occasions.pop(place, None) is None:
                    found.passed.append(place)

    def _begin_occasion(
        self, state: State, event: ArrivedEvent, one: Running, found: Found
    ) -> None:
        program = one.program
        if event.time_us < one.started_us:
            return
        asked = state.asked.get(program.id)
        if asked is not None and (one.again_us is None or event.time_us - asked[1] < one.again_us):
            return
        state.asked[program.id] = (event.seq, event.time_us)
        unit = state.units.setdefault(program.id, state.account or event.entity)
        found.occasions[program.id, event.entity, event.seq] = Occasion(
            program=program.id,
            entity=event.entity,
            trigger_seq=event.seq,
            trigger_us=event.time_us,
            due_us=event.time_us + one.delay_us,
            revision=one.revision,
            unit=unit,
        )

    def _plan(self, name: str) -> _Plan | None:
        """Return what an event of a name may mean; null when no program needs it."""
        programs = [one.program for one in self.running.values()]
        exits = ((one.id, self._rule(one.exit, name, one.map)) for one in programs if one.exit)
        mutes = (
            (one, self._rule(one.guardrail.event, name, one.map))
            for one in programs
            if one.guardrail and one.guardrail.event
        )
        plan = _Plan(
            steps=tuple(s for m in self.maps.values() if (s := self._steps(m, name)).candidates),
            exits=tuple((pid, rule) for pid, rule in exits if rule is not None),
            mutes=tuple((program, rule) for program, rule in mutes if rule is not None),
        )
        return plan if plan.steps or plan.exits or plan.mutes else None

    def _steps(self, document: MapDocument, name: str) -> _Steps:
        rules = ((step.id, self._rule(step.rule, name)) for step in document.steps if step.rule)
        candidates = tuple((step, rule) for step, rule in rules if rule is not None)
        return _Steps(document.name, to_us(document.session_gap), candidates)

    def _rule(self, text: str, name: str, map_name: str | None = None) -> Rule | None:
        """Return the test of a rule for events of one name, null where the name rules it out."""
        asking = self.asking
        return rule_for(text, name, kinds=asking.kinds, names=asking.names(map_name))


__all__ = ["Found", "Mute", "Running", "Watch"]
