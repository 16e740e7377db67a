"""What must be remembered of one person so that a predicate can be asked of each event as it comes.

Of a deed the newest times are kept, as many as are asked for; of a pattern the states that its matches are in,
at most 64, each with its latest start. Both stay as small as the question, however long the journey.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pathworth.base import predicate as p
from pathworth.base.errors import NotSupported
from pathworth.base.period import FOREVER_US
from pathworth.journeys.predicates.names import Names, reading

MOST_TIMES = 100
"""So many times of one deed are remembered at most."""


@dataclass(frozen=True)
class DeedAsked:
    """How often somebody did something: the rule of the events that count, and how many times are enough."""

    rule: str
    most: int

    @property
    def key(self) -> str:
        """Return under what it is remembered."""
        return self.rule


@dataclass(frozen=True)
class PatternAsked:
    """Whether somebody's journey holds a pattern: a rule for each of its names."""

    pattern: p.Pattern
    rules: tuple[str, ...]
    within_us: int | None

    @property
    def key(self) -> str:
        """Return under what it is remembered."""
        said = repr((self.pattern.text, self.rules, self.within_us)).encode()
        return hashlib.blake2b(said, digest_size=10).hexdigest()


Asked = DeedAsked | PatternAsked


@dataclass
class Run:
    """A pattern in one person's journey as it comes.

    Parameters
    ----------
    starts
        The states that matches are in, each with its latest start in microseconds.
    begun
        Whether there was an event.
    times
        How many matches are complete.
    complete
        Whether the newest event completed one.
    at_end
        Whether one is complete if no event follows.
    last_us
        When the newest event was.
    """

    starts: dict[int, int] = field(default_factory=dict)
    begun: bool = False
    times: int = 0
    complete: bool = False
    at_end: bool = False
    last_us: int = -FOREVER_US

    @property
    def matched(self) -> bool:
        """Return whether the journey holds the pattern, were it to end now."""
        return self.times > 0 or self.at_end

    def take(self, asked: PatternAsked, held: int, *, time_us: int) -> None:
        """Take the next event in: the set of the pattern's names that it has.

        One that came late completes nothing and changes nothing: what it would have led to is over.
        """
        self.complete = False
        if time_us < self.last_us:
            return
        pattern, within_us = asked.pattern, asked.within_us
        can = pattern.enters(held)
        opens = pattern.first if self.begun else pattern.first | pattern.first_at_start
        entered: dict[int, int] = {}
        for state in _bits(can):
            before = pattern.before[state]
            starts = [at for one, at in self.starts.items() if before >> one & 1]
            start = time_us if opens >> state & 1 else max(starts, default=None)
            if start is not None and (within_us is None or time_us - start <= within_us):
                entered[state] = start
        self.begun, self.last_us = True, time_us
        self.complete = any(pattern.last >> state & 1 for state in entered)
        self.at_end = not self.complete and any(
            pattern.last_at_end >> state & 1 for state in entered
        )
        self.times += self.complete
        self.starts = {} if self.complete else entered


def _bits(states: int) -> Iterator[int]:
    """Yield the members of a set."""
    state = 0
    while states:
        if states & 1:
            yield state
        states >>= 1
        state += 1


class Past(Protocol):
    """What is remembered of one person, by the key of what was asked."""

    @property
    def deeds(self) -> Mapping[str, Sequence[int]]:
        """Return when things were done, the newest times only."""
        ...

    @property
    def runs(self) -> Mapping[str, Run]:
        """Return how far patterns have come."""
        ...


def reached(predicate: p.Predicate | str, names: Names) -> Iterator[tuple[p.Predicate, Names]]:
    """Yield a predicate and every rule and segment that it asks through, the inner ones first, with their names.

    Parameters
    ----------
    predicate
        Over events or over people.
    names
        What its functions may name.

    Raises
    ------
    UnknownName, Refused
        ``UNKNOWN_STEP``, ``UNKNOWN_SEGMENT``, ``SEGMENT_CYCLE``.
    """
    read = p.parse(predicate) if isinstance(predicate, str) else predicate
    for one in p.functions(read):
        match one:
            case p.Did(step):
                yield from _rule_of(step, one.at, names)
            case p.Matches(pattern):
                for name in pattern.names:
                    yield from _rule_of(name.name, name.at, names)
            case p.InSegment():
                segment = names.segment(one)
                for _, _, revision, inner in names.definitions(segment):
                    with reading(f"the segment {segment.name!r}"):
                        yield from reached(revision.who, inner)
    yield read, names


def _rule_of(name: str, at: int, names: Names) -> Iterator[tuple[p.Predicate, Names]]:
    rule = names.rule(name, at=at)
    with reading(f"the step {name!r}"):
        yield from reached(rule, names.in_rules)


def asked_of_past(predicate: p.Predicate | str, names: Names) -> Iterator[Asked]:
    """Yield what a predicate asks of the past, what another question needs before it.

    Parameters
    ----------
    predicate, names
        As in ``reached``; errors too.

    Raises
    ------
    NotSupported
        ``DEED_TOO_OFTEN`` when more than 100 times would have to be remembered.
    """
    for inner, known in reached(predicate, names):
        for one in p.functions(inner):
            match one:
                case p.Did(step, at_least):
                    if at_least > MOST_TIMES:
                        raise _too_often(one)
                    yield DeedAsked(known.rule(step, at=one.at), at_least)
                case p.Matches(pattern, within_us):
                    said = (known.rule(name.name, at=name.at) for name in pattern.names)
                    yield PatternAsked(pattern, tuple(said), within_us)


def each_once(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return questions each once, in the order in which they were asked first."""
    found: dict[str, Asked] = {}
    for one in asked:
        before = found.get(one.key)
        if isinstance(one, DeedAsked) and isinstance(before, DeedAsked):
            found[one.key] = DeedAsked(one.rule, max(one.most, before.most))
        else:
            found.setdefault(one.key, one)
    return tuple(found.values())


def _too_often(did: p.Did) -> NotSupported:
    return NotSupported(
        "DEED_TOO_OFTEN",
        f"did asks for {did.at_least} times, and at most {MOST_TIMES} are remembered of a person "
        f"(character {did.at + 1}).",
        f"Ask for at_least={MOST_TIMES} or fewer.",
    )
