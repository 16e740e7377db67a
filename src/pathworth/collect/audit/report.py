"""All findings of a source as a score, and of all sources as a dated report, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.acting import consents, robots
from pathworth.collect.audit.arriving import ArrivalShares, CameIn, arrivals
from pathworth.collect.audit.contracts import ASPECTS, Finding, SourceEvents
from pathworth.collect.audit.missing import missing_events
from pathworth.collect.audit.schema import schema_findings
from pathworth.collect.audit.units import units_of
from pathworth.collect.audit.volume import volume_findings

TAKES = {"broken": 30.0, "attention": 10.0, "notice": 2.0}
"""What an open finding takes from 100; one that ended in the last four weeks takes half, an older one nothing."""
MOST_BY_ASPECT = 50.0
RECENT = timedelta(days=28)
_ORDER = tuple(TAKES)


@dataclass(frozen=True)
class Beside:
    """What is known of a source beside its events.

    Parameters
    ----------
    came_in
        What came in from it in the last four weeks.
    known, people
        Of how many of its people of four weeks a consent is known, and how many they are.
    calm
        bool[days]: days of declared calendar windows.
    found
        What else is wrong with it.
    """

    came_in: Sequence[CameIn] = ()
    known: int = 0
    people: int = 0
    calm: NDArray[np.bool_] | None = None
    found: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class SourceReport:
    """What an audit says of one source.

    Parameters
    ----------
    source, score
        Its name, and 0 to 100: 100 less what its findings take.
    events, first, last
        How many events were looked at, and the local days of the first and the last.
    again, refused, ahead, late, bots, consent
        Shares of four weeks: what came twice, could not be read, is of the future, came over a day late, is of robots;
        people of whom a consent is known. Null where it is not known.
    findings
        What is wrong or was, the gravest first.
    """

    source: str
    score: int
    events: int
    first: str | None
    last: str | None
    again: float | None
    refused: float | None
    ahead: float | None
    late: float | None
    bots: float | None
    consent: float | None
    findings: tuple[Finding, ...] = field(default_factory=tuple)


def audit_source(events: SourceEvents, beside: Beside) -> SourceReport:
    """Look at one source with every question of the audit."""
    units = units_of(events)
    shares, came = arrivals(beside.came_in)
    bots, acting = robots(events, units)
    consent, asked = consents(beside.known, beside.people)
    found = [
        *missing_events(events, units),
        *volume_findings(events, units, calm=beside.calm),
        *schema_findings(events, units),
        *came,
        *acting,
        *asked,
        *beside.found,
    ]
    day = events.first_day + timedelta(days=events.days - 1)
    return _report(events, shares, bots=bots, consent=consent, findings=in_order(found), day=day)


def _report(
    events: SourceEvents,
    shares: ArrivalShares,
    *,
    bots: float | None,
    consent: float | None,
    findings: tuple[Finding, ...],
    day: date,
) -> SourceReport:
    there = bool(len(events.day))
    return SourceReport(
        source=events.source,
        score=score(findings, day),
        events=len(events.name),
        first=events.date_of(int(events.day.min())) if there else None,
        last=events.date_of(int(events.day.max())) if there else None,
        again=_rounded(shares.again),
        refused=_rounded(shares.refused),
        ahead=_rounded(shares.ahead),
        late=_rounded(shares.late),
        bots=_rounded(bots),
        consent=_rounded(consent),
        findings=findings,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def in_order(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings: those that last before those that are over, the gravest and the newest first."""
    by_name = sorted(found, key=lambda one: (one.event or "", one.property or "", one.sentence))
    newest = sorted(by_name, key=lambda one: one.since or "", reverse=True)
    return tuple(
        sorted(newest, key=lambda one: (one.until is not None, _ORDER.index(one.severity)))
    )


def score(findings: Sequence[Finding], day: date) -> int:
    """Return 100 less what findings take, by aspect at most 50; 0 at least.

    Parameters
    ----------
    findings
        Of one source.
    day
        On which the audit looks.
    """
    ended = (day - RECENT).isoformat()
    taken = dict.fromkeys(ASPECTS, 0.0)
    for one in findings:
        part = 1.0 if one.until is None else 0.5 if one.until > ended else 0.0
        taken[one.aspect] += part * TAKES[one.severity]
    return round(max(0.0, 100.0 - sum(min(one, MOST_BY_ASPECT) for one in taken.values())))


@dataclass(frozen=True)
class AuditReport:
    """A dated report.

    Parameters
    ----------
    day, made
        The local day up to whose end it looks, and when it was made, ISO.
    score
        That of the worst source; null where there is none.
    sources
        The worst first.
    """

    day: str
    made: str
    score: int | None
    sources: tuple[SourceReport, ...]


def report_of(sources: Sequence[SourceReport], *, day: str, made: str) -> AuditReport:
    """Return the report of all sources."""
    worst = tuple(sorted(sources, key=lambda one: (one.score, one.source)))
    return AuditReport(day, made, worst[0].score if worst else None, worst)


def as_markdown(report: AuditReport) -> str:
    """Return a report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: AuditReport) -> Iterator[str]:
    yield f"# Data quality on {report.day}"
    if not report.sources:
        yield from ("", "There are no events to look at.")
    for one in report.sources:
        yield from ("", f"## {one.source}: {one.score} of 100")
        yield f"{one.events:,} events from {one.first} to {one.last}. {_shares(one)}"
        if not one.findings:
            yield from ("", "Nothing is wrong.")
        for over, rows in groupby(one.findings, key=lambda row: row.until is not None):
            yield from ("", "Over:" if over else "Now:")
            for row in rows:
                yield f"- **{row.severity}** {row.sentence} {row.remedy}"


def _shares(one: SourceReport) -> str:
    told = (
        ("came twice", one.again),
        ("could not be read", one.refused),
        ("from the future", one.ahead),
        ("over a day late", one.late),
        ("of robots", one.bots),
        ("of people with a known consent", one.consent),
    )
    said = ", ".join(f"{share:.1%} {word}" for word, share in told if share is not None)
    return f"In four weeks: {said}." if said else "Nothing came in four weeks."
