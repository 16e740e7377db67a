"""What the names inside the functions stand for: steps of a map, events, saved segments."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pathworth.base import predicate as p
from pathworth.base.errors import PathworthError, Refused
from pathworth.base.period import FOREVER_US
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.journeys.contracts import Step
from pathworth.store import Snapshot

MOST_DEEP = 20


@dataclass(frozen=True)
class Names:
    """What may be named.

    Parameters
    ----------
    steps
        A name of theirs comes before an event's.
    segments
        The saved segments.
    events
        The names of events; null where any may come.
    inside
        The segments that are being read, outermost first.
    between
        The instants at which that can be asked: those of the revision that is being read.
    """

    steps: tuple[Step, ...] = ()
    segments: tuple[Segment, ...] = ()
    events: Collection[str] | None = None
    inside: tuple[str, ...] = ()
    between: tuple[int, int] = (-FOREVER_US, FOREVER_US)

    @classmethod
    def of(cls, snapshot: Snapshot, steps: tuple[Step, ...] = ()) -> Names:
        """Return what may be named in a question to a snapshot."""
        return cls(steps, snapshot.segments, snapshot.names)

    @property
    def in_rules(self) -> Names:
        """Return what may be named in the rule of a step: events, never other steps."""
        return replace(self, steps=())

    def rule(self, name: str, *, at: int) -> str:
        """Return the rule of a step, else of an event's name; raises ``UNKNOWN_STEP`` with near names."""
        for step in self.steps:
            if step.name == name:
                return step.rule
        if self.events is None or name in self.events:
            return "event = '" + name.replace("'", "''") + "'"
        known = [*(step.name for step in self.steps), *self.events]
        raise p.unknown("step", name, known=known, at=at, kind="step or event")

    def segment(self, asked: p.InSegment) -> Segment:
        """Return a segment.

        Raises
        ------
        UnknownName
            ``UNKNOWN_SEGMENT`` with near names.
        Refused
            ``SEGMENT_CYCLE`` when it is asked for inside itself.
        """
        if asked.name in self.inside or len(self.inside) > MOST_DEEP:
            way = " -> ".join([*self.inside, asked.name])
            raise Refused(
                "SEGMENT_CYCLE",
                f"A segment cannot be asked for inside itself: {way}.",
                "Take in_segment out of one of them.",
            )
        found = next((one for one in self.segments if one.name == asked.name), None)
        if found is None:
            known = [one.name for one in self.segments]
            raise p.unknown("segment", asked.name, known=known, at=asked.at)
        return found

    def definitions(self, segment: Segment) -> Iterator[tuple[int, int, SegmentRevision, Names]]:
        """Yield from when up to but without when each definition counts, and what may be named in it.

        That is events, and the steps that it was saved with. One that cannot count while what asks for it does
        is passed over: two that never met are no cycle.
        """
        for begin, end, one in segment.spans():
            first, last = max(begin, self.between[0]), min(end, self.between[1])
            if first < last:
                steps = tuple(Step(name, rule) for name, rule in one.steps)
                way = (*self.inside, segment.name)
                inner = Names(steps, self.segments, self.events, way, (first, last))
                yield begin, end, one, inner


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Say of every error inside in which rule it is, since its character is one of that rule."""
    try:
        yield
    except PathworthError as error:
        if error.code == "SEGMENT_CYCLE":
            raise
        message = error.message.replace("(character ", "(its character ")
        raise type(error)(error.code, f"In {what}: {message}", error.hint) from error
