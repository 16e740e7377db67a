"""The live tail: the last events as they came, good and bad, each with the step that took it or why none did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from pathworth import atlas, store
from pathworth.base import predicate as p
from pathworth.base.errors import PathworthError, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.journeys import Kinds, Rule, Seen, may_hold, rule_of
from pathworth.run.privacy import veil
from pathworth.run.workspace import Workspace
from pathworth.store import ArrivedEvent, LastEvent, Quarantined, Snapshot

Shown = Callable[[Mapping[str, str]], dict[str, str]]
"""Properties of an event as whoever asks may see them."""
Which = Literal["all", "good", "bad"]
_AFTER = re.compile(r"(\d{1,18})\.(\d{1,18})")
_PLAIN = {"event", "time", "value", "cost"}


@dataclass(frozen=True)
class TookStep:
    """A step of the map whose rule holds for an event: its id, its name, and the rule."""

    id: str
    name: str
    rule: str


@dataclass(frozen=True)
class WatchedEvent:
    """An event as it came, or what could not be read.

    Parameters
    ----------
    id, good
        Which it is of all that came; whether it could be read.
    refused
        The number under which it was set aside; null for a good one.
    received, key
        When its batch came, and the name of the key it came with.
    source, person, event, time, value, properties
        What it says, as far as it could be read; ``value`` is net money.
    steps
        The steps whose rules hold for it; the first one takes it.
    why
        Why no step took it, or why it could not be read; null when a step took it.
    raw
        The text that could not be read.
    """

    id: str
    good: bool
    received: str
    key: str
    source: str
    person: str | None = None
    event: str | None = None
    time: str | None = None
    value: float | None = None
    properties: dict[str, str] = field(default_factory=dict)
    steps: tuple[TookStep, ...] = ()
    why: str | None = None
    refused: int | None = None
    raw: str | None = None


@dataclass(frozen=True)
class Tail:
    """The last events that came, the newest first; ``next`` asks for those behind them, ``map`` says whose steps."""

    events: tuple[WatchedEvent, ...]
    next: str
    map: str | None


def tail(
    workspace: Workspace,
    *,
    after: str = "0.0",
    only: Which = "all",
    source: str | None = None,
    person: str | None = None,
    limit: int = 100,
    map_name: str | None = None,
) -> Tail:
    """Return the last events that came, good and bad; some hundreds of the newest are kept to be seen here.

    Parameters
    ----------
    workspace
        Where they came in.
    after
        What ``next`` said: only what came since.
    only
        Good ones or bad ones alone.
    source, person
        Only those of one source, or of one person by any id.
    limit
        How many at most.
    map_name
        Whose steps; the first map unless said, none while there is none.

    Raises
    ------
    WrongUsage
        ``BAD_PLACE``.
    UnknownName
        ``UNKNOWN_MAP``.
    """
    seq, number = _place(after)
    notes = store.ArrivalNotes(workspace.store)
    events, refused = notes.last(after=seq), notes.refused(after=number)
    following = f"{max([seq, *(one.event.seq for one in events)])}."
    following += str(max([number, *(one.id for one in refused)]))
    document = workspace.known_map(map_name)
    snapshot = workspace.store.snapshot()
    shown = partial(veil.shown, workspace.store)
    steps = None if document is None else _Steps(document, snapshot, shown)
    ids = None if person is None else set(snapshot.ids_of(person)) | {person}
    good = [one for one in events if ids is None or one.event.entity in ids]
    rows: list[tuple[int, WatchedEvent]] = []
    if only != "bad":
        rows += [(one.received_us, _good(one, steps, shown)) for one in good[: 4 * limit]]
    if only != "good" and person is None:
        rows += [(one.received_us, _bad(one)) for one in refused]
    rows.sort(key=lambda row: row[0], reverse=True)
    chosen = [row for _, row in rows if source is None or row.source == source]
    return Tail(tuple(chosen[:limit]), following, None if document is None else document.name)


def _place(after: str) -> tuple[int, int]:
    found = _AFTER.fullmatch(after)
    if found is None:
        raise WrongUsage(
            "BAD_PLACE", f"{after!r} is no place in what came.", "Give what `next` said, or 0.0."
        )
    return int(found[1]), int(found[2])


def _bad(one: Quarantined) -> WatchedEvent:
    return WatchedEvent(
        id=f"refused {one.id}",
        good=False,
        received=to_iso(one.received_us),
        key=one.key,
        source=one.source,
        why=veil.shown_text(one.reason),
        refused=one.id,
        raw=veil.shown_text(one.raw),
    )


def _good(one: LastEvent, steps: _Steps | None, shown: Shown) -> WatchedEvent:
    event = one.event
    took: Sequence[TookStep] = () if steps is None else steps.of(event)
    why = None
    if not took:
        why = "There is no map yet that could name a step." if steps is None else steps.why(event)
    return WatchedEvent(
        id=f"event {event.seq}",
        good=True,
        received=to_iso(one.received_us),
        key=one.key,
        source=event.source,
        person=event.entity,
        event=event.name,
        time=to_iso(event.time_us),
        value=None if event.value is None else from_micro(event.value),
        properties=dict(sorted(shown(event.properties).items())),
        steps=tuple(took),
        why=why,
    )


class _Steps:
    """Says which steps of a map take an event, and why none does."""

    def __init__(self, document: atlas.MapDocument, snapshot: Snapshot, shown: Shown) -> None:
        self._document, self._kinds, self._shown = document, Kinds.of(snapshot), shown
        self._rules: dict[p.Predicate, Rule] = {}

    def of(self, event: ArrivedEvent) -> list[TookStep]:
        """Return the steps whose rules hold, the one that takes it first."""
        seen = _seen(event)
        return [
            TookStep(step.id, step.name, rule)
            for step, rule in self._speaking(event)
            if self._holds(p.parse(rule), seen)
        ]

    def why(self, event: ArrivedEvent) -> str:
        """Say why no step takes an event."""
        name = self._document.name
        if event.name in self._document.noise:
            return f"The map {name} declares that {event.name} is no step."
        speaking = self._speaking(event)
        if not speaking:
            return f"No step of the map {name} speaks of {event.name}."
        told = [
            f"{step.name} asks for {' and '.join(lacking)}"
            for step, rule in speaking
            if (lacking := list(self._lacking(p.parse(rule), event)))
        ]
        return f"{'; '.join(told)}." if told else "What a step asks for here is not known yet."

    def _speaking(self, event: ArrivedEvent) -> list[tuple[atlas.MapStep, str]]:
        return [
            (step, step.rule)
            for step in self._document.steps
            if step.rule is not None and may_hold(step.rule, event.name)
        ]

    def _lacking(self, read: p.Predicate, event: ArrivedEvent) -> Iterator[str]:
        """Yield what parts of a rule that speak of the event ask for and do not find."""
        match read:
            case p.Or(parts):
                for part in parts:
                    if may_hold(part, event.name):
                        yield from self._lacking(part, event)
            case p.And(parts):
                for part in parts:
                    if not self._holds(part, _seen(event)):
                        yield from self._lacking(part, event)
            case p.Did() | p.Matches() | p.InSegment():
                yield "something that was done before"
            case p.Constant():
                yield "nothing that ever holds"
            case _:
                yield _asked(read, self._shown(event.properties))

    def _holds(self, read: p.Predicate, seen: Seen) -> bool:
        try:
            rule = self._rules.get(read)
            if rule is None:
                rule = self._rules[read] = rule_of(read, self._kinds)
            return rule(seen)
        except PathworthError:
            # It asks what nobody remembers here: what was done before, or a segment.
            return False


def _asked(read: p.Predicate, said: Mapping[str, str]) -> str:
    names = dict.fromkeys(one.name for one in p.operands(read) if one.name not in _PLAIN)
    if not names:
        return "another value of the event itself"
    found = [
        f"{name} is {said[name]} here" if name in said else f"{name} is not said here"
        for name in names
    ]
    return f"another {', '.join(names)} ({', '.join(found)})"


def _seen(event: ArrivedEvent) -> Seen:
    return Seen(
        name=event.name,
        time_us=event.time_us,
        value=event.value or 0,
        properties=event.properties,
        traits=event.properties,
        entity=event.entity,
    )
