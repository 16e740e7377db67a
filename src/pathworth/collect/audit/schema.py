"""What a source says that it did not say before, or no longer says: events, properties, kinds of values."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import Finding, SourceEvents, Values
from pathworth.collect.audit.falls import falls, level_of
from pathworth.collect.audit.series import LEAST
from pathworth.collect.audit.units import Units

NEW_DAYS = 28
"""What came first in the last four weeks is new, where the source is older than that."""
ALWAYS = 0.8
MOST_LOOKED_AT = 200_000
MOST_EVENTS = 300
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
Days = NDArray[np.int64]


def schema_findings(events: SourceEvents, units: Units) -> tuple[Finding, ...]:
    """Find new events, names that are written in two ways, and properties that come, go, or change their kind.

    Parameters
    ----------
    events, units
        What the source sent, and the same with each event once in each entity-day.
    """
    return (*_events(events, units), *_properties(events, units))


def _events(events: SourceEvents, units: Units) -> Iterator[Finding]:
    count = len(events.names)
    first = np.full(count, events.days, dtype=np.int64)
    np.minimum.at(first, units.name, units.day)
    seen = np.bincount(events.name, minlength=count)
    begin, known = int(first.min(initial=events.days)), np.flatnonzero(seen)
    if len(known) > MOST_EVENTS:
        yield Finding(
            "schema",
            "attention",
            f"{events.source} sends {len(known):,} different events: names seem to hold ids or texts.",
            "Move what differs into a property of one event.",
            seen=len(known),
        )
        return
    spelled: dict[str, int] = {}
    for name in sorted(known.tolist(), key=lambda one: (int(first[one]), events.names[one])):
        other = spelled.setdefault(_letters(events.names[name]), name)
        since = events.date_of(int(first[name]))
        if other != name:
            yield Finding(
                "schema",
                "attention",
                f"{events.names[name]} is {events.names[other]} written in another way, since {since}.",
                "Send one of the two names; a step that asks for the other misses these.",
                event=events.names[name],
                since=since,
                seen=int(seen[name]),
            )
        elif first[name] >= max(begin + NEW_DAYS, events.days - NEW_DAYS):
            yield Finding(
                "schema",
                "notice",
                f"{events.names[name]} is new: it came first on {since}.",
                "Give it a step of the map, or declare that it is none.",
                event=events.names[name],
                since=since,
                seen=int(seen[name]),
            )


def _letters(name: str) -> str:
    """Return what is left of a name whose case, spaces and marks say nothing."""
    return re.sub(r"[^\w]|_", "", name).casefold() or name


def _properties(events: SourceEvents, units: Units) -> Iterator[Finding]:
    held = _by_day(units, np.ones(len(units.row), dtype=np.bool_), events)
    level = level_of(len(events.names) * max(len(events.columns), 1) * 3)
    large = np.flatnonzero(held.sum(axis=1) >= LEAST)
    for name in sorted(events.columns):
        column = events.columns[name]
        codes = column.codes[units.row]
        filled = _by_day(units, codes > 0, events)
        yield from _gone(name, held[large], filled[large], large, events, level)
        yield from _came(name, held, filled, large, events)
        yield from _kinds(name, column, codes, filled, units, events, level)


def _by_day(units: Units, which: NDArray[np.bool_], events: SourceEvents) -> Days:
    """Return int64[names, days]: in how many entity-days each event holds something."""
    cell = units.name[which] * events.days + units.day[which]
    counted = np.bincount(cell, minlength=len(events.names) * events.days)
    return counted.reshape(len(events.names), events.days)


def _gone(
    name: str, of: Days, filled: Days, rows: Days, events: SourceEvents, level: float
) -> Iterator[Finding]:
    for fall in falls(of, filled, level=level, least=ALWAYS):
        event = events.names[int(rows[fall.cell])]
        since, when = _span(fall.first, fall.last, events)
        yield Finding(
            "schema",
            "attention",
            f"{event} no longer says {name}, {when}: {fall.seen:,} of about {fall.expected:,.0f} expected.",
            f"Send {name} with {event} again; filters and steps that ask for it miss these.",
            event=event,
            property=name,
            since=since,
            until=None if fall.last is None else events.date_of(fall.last),
            seen=fall.seen,
            expected=round(fall.expected, 1),
            chance=fall.chance,
        )


def _came(
    name: str, held: Days, filled: Days, large: Days, events: SourceEvents
) -> Iterator[Finding]:
    for event in large.tolist():
        days = np.flatnonzero(filled[event])
        before = int(days[0]) if len(days) else 0
        begun = int(np.flatnonzero(held[event])[0])
        recent = before >= max(begun + NEW_DAYS, events.days - NEW_DAYS)
        if recent and held[event, :before].sum() >= LEAST:
            since = events.date_of(before)
            yield Finding(
                "schema",
                "notice",
                f"{events.names[event]} says {name} since {since}; before it did not.",
                "Nothing has to be done; comparisons by it reach back to that day only.",
                event=events.names[event],
                property=name,
                since=since,
                seen=int(filled[event].sum()),
            )


def _kinds(
    name: str,
    column: Values,
    codes: NDArray,
    filled: Days,
    units: Units,
    events: SourceEvents,
    level: float,
) -> Iterator[Finding]:
    texts = column.texts
    if not 2 <= len(texts) <= MOST_LOOKED_AT:
        return
    numbers = np.array([False, *(_NUMBER.fullmatch(one) is not None for one in texts)])
    if not numbers.any() or numbers[1:].all():
        return
    told = _by_day(units, numbers[codes], events)
    for came, usual, now in ((told, "numbers", "words"), (filled - told, "words", "numbers")):
        for fall in falls(filled, came, level=level, least=ALWAYS):
            event = events.names[fall.cell]
            since, when = _span(fall.first, fall.last, events)
            yield Finding(
                "schema",
                "attention",
                f"{name} of {event} holds {now} {when}, where it held {usual} before.",
                f"Send {name} as before, or under another name.",
                event=event,
                property=name,
                since=since,
                until=None if fall.last is None else events.date_of(fall.last),
                seen=fall.seen,
                expected=round(fall.expected, 1),
                chance=fall.chance,
            )


def _span(first: int, last: int | None, events: SourceEvents) -> tuple[str, str]:
    since = events.date_of(first)
    return since, f"since {since}" if last is None else f"from {since} to {events.date_of(last)}"
