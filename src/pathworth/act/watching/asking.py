"""What programs and exclusions ask: what the names in their predicates stand for, and what must be remembered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pathworth.act.contracts import Program
from pathworth.atlas import MapDocument
from pathworth.base.errors import PathworthError
from pathworth.base.predicate import Predicate
from pathworth.base.segments import Segment
from pathworth.journeys import (
    Asked,
    DeedAsked,
    Kinds,
    Names,
    Rule,
    asked_of_past,
    each_once,
    reached,
    rule_of,
)

OTHER_CONTACTS = "event = 'survey seen' or event = 'message seen' or event = 'Email sent'"
"""What counts as a contact beside messages of programs: what pages asked and told, and what other tools sent."""


@dataclass(frozen=True)
class Asking:
    """What predicates are read with.

    Parameters
    ----------
    kinds
        How properties are read.
    maps
        The maps, by name, whose steps a program's predicates may name.
    segments
        The saved segments; of each the newest definition counts, since programs decide now.
    left_out
        The predicates of the exclusions that are switched on.
    """

    kinds: Kinds
    maps: Mapping[str, MapDocument] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    left_out: tuple[str, ...] = ()

    def names(self, map_name: str | None = None) -> Names:
        """Return what may be named: the steps of a map, any event, every segment."""
        document = self.maps.get(map_name) if map_name is not None else None
        steps = () if document is None else document.named_steps()
        now = tuple(Segment(one.name, (one.newest,)) for one in self.segments)
        return Names(steps, now)

    def audience(self, program: Program) -> Rule:
        """Return the test of a program's audience; nobody is in one that cannot be read."""
        if program.who is None:
            return lambda _: True
        try:
            return rule_of(program.who, self.kinds, speaks="people", names=self.names(program.map))
        except PathworthError:
            return lambda _: False

    def exclusions(self) -> tuple[Rule, ...]:
        """Return the tests of those who are left out."""
        return tuple(
            rule_of(who, self.kinds, speaks="people", names=self.names()) for who in self.left_out
        )

    def asked(self, programs: Iterable[Program]) -> tuple[Asked, ...]:
        """Return what must be remembered of everybody; what cannot be read asks for nothing."""
        programs = list(programs)
        most = max((one.cap.contacts for one in programs), default=0)
        found: list[Asked] = [DeedAsked(OTHER_CONTACTS, most)] if most else []
        for text, names in self._said(programs):
            with contextlib.suppress(PathworthError):
                found.extend(asked_of_past(text, names))
        return each_once(found)

    def reached(self, programs: Iterable[Program]) -> Iterator[Predicate]:
        """Yield every predicate that is asked, directly or through steps and segments."""
        for text, names in self._said(programs):
            with contextlib.suppress(PathworthError):
                yield from (one for one, _ in reached(text, names))

    def _said(self, programs: Iterable[Program]) -> Iterator[tuple[str, Names]]:
        """Yield the predicates of programs, of the steps of their maps and of the exclusions."""
        maps = set()
        for one in programs:
            names, rail = self.names(one.map), one.guardrail
            maps.add(one.map)
            for text in (one.who, one.exit, rail.event if rail else None):
                if text is not None:
                    yield text, names
        for document in (self.maps[name] for name in sorted(maps & self.maps.keys())):
            yield from (
                (step.rule, self.names()) for step in document.steps if step.rule is not None
            )
        yield from ((who, self.names()) for who in self.left_out)
