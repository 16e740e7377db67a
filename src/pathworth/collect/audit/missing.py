"""Events that stopped coming within one value of a property, or altogether, while those beside them go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.collect.audit.contracts import Finding, SourceEvents
from pathworth.collect.audit.falls import Fall, falls, level_of
from pathworth.collect.audit.series import Series, series_of
from pathworth.collect.audit.units import Together, Units, together, units_of

SURELY = 0.8
"""So often at least both events must have come together: what comes beside another by chance varies with how busy
people are, and what falls everywhere may be what they do."""


@dataclass(frozen=True)
class _Found:
    """A fall, and the names of what fell: ``property`` and ``value`` null where it fell everywhere."""

    fall: Fall
    event: str
    beside: str
    property: str | None
    value: str | None


def missing_events(events: SourceEvents, units: Units | None = None) -> tuple[Finding, ...]:
    """Find events that a source stopped sending, for everybody or within one value of one property.

    An entity-day that holds an event's companion is a chance for the event. Within a value, the share of chances that
    came true is compared with that of the four weeks before by Fisher's exact test, over windows of 1, 2, 3 and 7
    days. It must have fallen to half or less, and stayed within all other values. The level is Bonferroni's over all
    cells of the source, all windows and the days of a quarter, so that a source without any fault is found at fault
    in at most one quarter of twenty.

    Parameters
    ----------
    events, units
        What the source sent up to the day on which one asks, and the same with each event once in each entity-day.
    """
    held = units_of(events) if units is None else units
    found = together(held, len(events.names))
    if not len(found.pairs):
        return ()
    series = series_of(events, held, found=found)
    told = [*_within(series, found, events), *_everywhere(series, found, events)]
    return tuple(_finding(one, events) for one in _each_once(told))


def _within(series: Series, found: Together, events: SourceEvents) -> list[_Found]:
    rows = np.flatnonzero(series.property > 0)
    held = falls(
        series.chances[rows],
        series.came[rows],
        level=level_of(len(series.pair)),
        least=SURELY,
        elsewhere=series.elsewhere[rows],
        there=series.there[rows],
    )
    return [_named(one, int(rows[one.cell]), series, found=found, events=events) for one in held]


def _everywhere(series: Series, found: Together, events: SourceEvents) -> list[_Found]:
    rows = np.flatnonzero(series.property == 0)
    level = level_of(len(series.pair))
    held = falls(series.chances[rows], series.came[rows], level=level, least=SURELY)
    return [_named(one, int(rows[one.cell]), series, found=found, events=events) for one in held]


def _named(
    fall: Fall, cell: int, series: Series, *, found: Together, events: SourceEvents
) -> _Found:
    beside, event = found.pairs[series.pair[cell]].tolist()
    number = int(series.property[cell])
    return _Found(
        fall,
        events.names[event],
        events.names[beside],
        series.properties[number] if number else None,
        series.texts[number][int(series.value[cell])] if number else None,
    )


def _each_once(told: list[_Found]) -> list[_Found]:
    """Keep of falls of one event at one time the least probable; what fell within a value is not also everywhere."""
    kept: list[_Found] = []
    for one in sorted(told, key=_rank):
        if not any(one.event == other.event and _meet(one.fall, other.fall) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.fall.first, one.event))


def _rank(one: _Found) -> tuple[bool, float, float, str, str, str]:
    """Return what stands first where several tell of the same: what is within a value, the least probable, by name."""
    fall = one.fall
    share = fall.seen / max(fall.expected, 1e-9)
    names = (one.property or "", one.value or "", one.beside)
    return (one.property is None, fall.chance, share, *names)


def _meet(one: Fall, other: Fall) -> bool:
    never = np.inf
    ends = [never if fall.last is None else fall.last for fall in (one, other)]
    return one.first <= ends[1] + 1 and other.first <= ends[0] + 1


def _finding(one: _Found, events: SourceEvents) -> Finding:
    fall = one.fall
    return Finding(
        aspect="missing",
        severity="broken",
        event=one.event,
        property=one.property,
        value=one.value,
        since=events.date_of(fall.first),
        until=None if fall.last is None else events.date_of(fall.last),
        seen=fall.seen,
        expected=round(fall.expected, 1),
        sentence=_sentence(one, events),
        remedy=_remedy(one, events.date_of(fall.first)),
        beside=one.beside,
        chance=fall.chance,
    )


def _sentence(one: _Found, events: SourceEvents) -> str:
    fall = one.fall
    since = events.date_of(fall.first)
    when = f"since {since}" if fall.last is None else f"from {since} to {events.date_of(fall.last)}"
    counts = f"{fall.seen:,} of about {fall.expected:,.0f} expected"
    if one.property is None:
        said = f"{one.event} hardly came {when}: {counts}, though {one.beside} went on."
        return f"{said} Nearly everybody who did the one did the other on the same day before."
    said = f"{one.event} stopped coming where {one.property} is {one.value}, {when}: {counts}."
    return f"{said} {one.beside} went on there, and {one.event} elsewhere: the data is broken, not the step."


def _remedy(one: _Found, since: str) -> str:
    where = "" if one.property is None else f" where {one.property} is {one.value}"
    return (
        f"Look at what was released on {since} or just before, and send {one.event} again{where}."
    )
