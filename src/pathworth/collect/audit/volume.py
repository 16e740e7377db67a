"""Days on which a source, or one of its events, came far more or far less often than on such weekdays before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import Finding, Severity, SourceEvents
from pathworth.collect.audit.falls import FAMILY_DAYS, RATE
from pathworth.collect.audit.tails import poisson_above, poisson_below
from pathworth.collect.audit.units import Units

WEEKS, LEAST_WEEKS = 8, 4
LEAST = 10.0
"""An event that is expected less often on a day says nothing by its volume."""
FACTOR = 2.0
GAP = 2
"""Days that are out with so many others between them are one finding."""
Days = NDArray[np.float64]


@dataclass(frozen=True)
class _Run:
    """Days out, from the first to the last, and on which side."""

    first: int
    last: int
    low: bool


def volume_findings(
    events: SourceEvents, units: Units, *, calm: NDArray[np.bool_] | None = None
) -> tuple[Finding, ...]:
    """Find days on which a source sent twice as much as usual or half, or as many did one thing beside all others.

    Of the source events are counted; of one event those who did it, since one of them may do it many times. What is
    usual is the median of the same day of the week over the last eight weeks; its spread is a robust one (the median
    of deviations), and a count that is still less probable than once in twenty quarters, over all events and days, is
    out. What people do hangs together, so that this rate is not promised as it is for missing events.

    Parameters
    ----------
    events, units
        What the source sent, and the same with each event once in each entity-day.
    calm
        bool[days]: days that a declared calendar window covers; they are expected to differ, and nothing is found then.
    """
    counts = _daily(units, events)
    left = np.zeros(events.days, dtype=np.bool_) if calm is None else calm
    level = RATE / (FAMILY_DAYS * (len(events.names) + 1) * 2)
    sent = np.bincount(events.day, minlength=events.days).astype(np.float64)
    usual = _usual(sent, left)
    out = _out(sent, usual, level=level) * ~left
    found = [_of_source(run, sent, usual, events) for run in _runs(out)]
    total = counts.sum(axis=0).astype(np.float64)
    for name in np.flatnonzero(counts.sum(axis=1) >= LEAST * LEAST_WEEKS).tolist():
        own = counts[name].astype(np.float64)
        share = np.divide(own, total, out=np.full(len(own), np.nan), where=total > 0)
        expected = _usual(share, left) * total
        odd = _out(own, expected, level=level) * (~left & (out == 0))
        found += [_of_event(run, own, expected, name, events) for run in _runs(odd)]
    return tuple(found)


def _daily(units: Units, events: SourceEvents) -> NDArray[np.int64]:
    """Return int64[names, days]: how many entities did each thing on each day."""
    size = len(events.names) * events.days
    counted = np.bincount(units.name * events.days + units.day, minlength=size)
    return counted.reshape(len(events.names), events.days)


def _usual(values: Days, left: NDArray[np.bool_]) -> Days:
    """Return the median of the same day of the week over the last weeks; NaN where too few are known."""
    known = np.where(left, np.nan, values)
    past = np.full((WEEKS, len(values)), np.nan)
    for week in range(1, WEEKS + 1):
        past[week - 1, 7 * week :] = known[: max(len(values) - 7 * week, 0)]
    few = (~np.isnan(past)).sum(axis=0) < LEAST_WEEKS
    past[:, few] = 0.0
    medians: Days = np.nanmedian(past, axis=0)
    return np.where(few, np.nan, medians)


def _out(values: Days, expected: Days, *, level: float) -> NDArray[np.int8]:
    """Return int8[days]: -1 where far too few came, 1 where far too many did."""
    known = ~np.isnan(expected) & (expected >= LEAST)
    mean = np.where(known, expected, 1.0)
    spread = _spread(np.where(known, (values - mean) / np.sqrt(mean), np.nan))
    seen = np.floor(values / spread).astype(np.int64)
    low = known & (values <= mean / FACTOR) & (poisson_below(seen, mean / spread) < level)
    high = known & (values >= mean * FACTOR) & (poisson_above(seen, mean / spread) < level)
    return high.astype(np.int8) - low.astype(np.int8)


def _spread(deviations: Days) -> Days:
    """Return by how much counts vary more than by chance, of the eight weeks before each day; 1 at least."""
    out = np.ones(len(deviations))
    for day in range(len(deviations)):
        before = deviations[max(0, day - 7 * WEEKS) : day]
        before = before[~np.isnan(before)]
        if len(before) >= 7 * LEAST_WEEKS // 2:
            out[day] = max(1.0, (1.4826 * float(np.median(np.abs(before)))) ** 2)
    return out


def _runs(out: NDArray[np.int8]) -> Iterator[_Run]:
    """Yield runs of days that are out on the same side."""
    for side in (-1, 1):
        days = np.flatnonzero(out == side)
        cuts = np.flatnonzero(np.diff(days) > GAP) + 1
        for part in np.split(days, cuts):
            if len(part):
                yield _Run(int(part[0]), int(part[-1]), side < 0)


def _of_source(run: _Run, total: Days, usual: Days, events: SourceEvents) -> Finding:
    severity: Severity = "attention" if run.low else "notice"
    return _finding(run, total, usual, events, event=None, severity=severity)


def _of_event(run: _Run, own: Days, expected: Days, name: int, events: SourceEvents) -> Finding:
    stopped = run.low and not own[run.first : run.last + 1].any()
    severity: Severity = "attention" if stopped else "notice"
    return _finding(run, own, expected, events, event=events.names[name], severity=severity)


def _finding(
    run: _Run,
    values: Days,
    usual: Days,
    events: SourceEvents,
    *,
    event: str | None,
    severity: Severity,
) -> Finding:
    span = slice(run.first, run.last + 1)
    seen, expected = int(values[span].sum()), float(np.nansum(usual[span]))
    lasts = run.last >= events.days - 1 - GAP
    since, until = events.date_of(run.first), events.date_of(run.last)
    when = (
        f"since {since}"
        if lasts
        else f"from {since} to {until}"
        if since != until
        else f"on {since}"
    )
    how = "far less" if run.low else "far more"
    beside = "" if event is None else " beside the source's other events"
    whose = " people" if event else " events"
    said = f"{event or events.source} came {how} often than usual{beside} {when}"
    return Finding(
        aspect="volume",
        severity=severity,
        event=event,
        since=since,
        until=None if lasts else until,
        seen=seen,
        expected=round(expected, 1),
        sentence=f"{said}: {seen:,}{whose}, usual about {expected:,.0f}.",
        remedy="Look at what was released or announced then; declare a calendar window if it was to be expected.",
    )
