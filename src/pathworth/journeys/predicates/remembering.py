"""Keeps what is remembered of one person up with each event that comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pathworth.journeys.predicates.names import Names
from pathworth.journeys.predicates.one_event import Kinds, Rule, Seen, rule_for
from pathworth.journeys.predicates.past import Asked, DeedAsked, PatternAsked, Run


class Memory(Protocol):
    """What is remembered of one person, as it is being changed."""

    deeds: dict[str, list[int]]
    runs: dict[str, Run]


class Remembering:
    """Takes events into memories.

    Parameters
    ----------
    asked
        What has to be remembered, each question once, what another one needs before it.
    kinds
        How texts are read.
    names
        The segments that rules may name.
    """

    def __init__(self, asked: Sequence[Asked], kinds: Kinds, names: Names) -> None:
        self.asked = tuple(asked)
        self._kinds, self._names = kinds, names.in_rules
        self._plans: dict[str, tuple[tuple[Asked, tuple[tuple[int, Rule], ...]], ...]] = {}

    @property
    def deeds(self) -> frozenset[str]:
        """Return the keys of the deeds."""
        return frozenset(one.key for one in self.asked if isinstance(one, DeedAsked))

    @property
    def runs(self) -> frozenset[str]:
        """Return the keys of the patterns."""
        return frozenset(one.key for one in self.asked if isinstance(one, PatternAsked))

    def take(self, memory: Memory, seen: Seen) -> None:
        """Take one event into the memory that it is seen with."""
        plan = self._plans.get(seen.name)
        if plan is None:
            plan = self._plans[seen.name] = self._plan(seen.name)
        for asked, rules in plan:
            if isinstance(asked, DeedAsked):
                if rules and rules[0][1](seen):
                    times = sorted([*memory.deeds.get(asked.key, ()), seen.time_us])
                    memory.deeds[asked.key] = times[-asked.most :]
            else:
                held = sum(bit for bit, rule in rules if rule(seen))
                run = memory.runs.setdefault(asked.key, Run())
                run.take(asked, held, time_us=seen.time_us)

    def _plan(self, name: str) -> tuple[tuple[Asked, tuple[tuple[int, Rule], ...]], ...]:
        """Return of every question the rules that an event of a name can hold, with their bits."""
        plan = []
        for asked in self.asked:
            said = (asked.rule,) if isinstance(asked, DeedAsked) else asked.rules
            found = [rule_for(text, name, kinds=self._kinds, names=self._names) for text in said]
            rules = tuple((1 << k, rule) for k, rule in enumerate(found) if rule is not None)
            plan.append((asked, rules))
        return tuple(plan)
