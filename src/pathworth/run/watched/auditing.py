"""Audits of what every source sends: made when asked or by night, kept by day, compared with the days before."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from pathworth import collect, store
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.collect import (
    AuditReport,
    Beside,
    CameIn,
    Finding,
    SourceEvents,
    day_of,
    sources_of,
)
from pathworth.run.workspace import Workspace
from pathworth.store import Snapshot

RECENT_DAYS = 28
UNSAID = "(not said)"
"""Stands for the source of what could not be read so far that it said where it came from."""


@dataclass(frozen=True)
class AuditLine:
    """An audit in the list of all: its day, when it was made, the scores, and how many findings last, by gravity."""

    day: str
    made: str
    score: int | None
    sources: tuple[SourceScore, ...]
    broken: int
    attention: int
    notice: int


@dataclass(frozen=True)
class SourceScore:
    """The score of one source."""

    source: str
    score: int


def audit(workspace: Workspace, *, until: str | None = None) -> AuditReport:
    """Look at what every source sends; nothing is kept.

    Parameters
    ----------
    workspace
        Whose.
    until
        ISO date: only what happened up to the end of that local day is looked at; the last whole day with events when
        null.

    Raises
    ------
    WrongUsage
        ``BAD_INSTANT``.
    """
    now = time.time_ns() // 1000
    zone = ZoneInfo(workspace.store.timezone)
    snapshot = workspace.store.whole_snapshot()
    asked = None if until is None else day_of(to_instant_us(until, str(zone)), zone)
    yesterday = day_of(now, zone) - timedelta(days=1)
    last = min(yesterday, day_of(snapshot.last_us, zone)) if snapshot.events else yesterday
    day = last if asked is None else asked
    seen = _Seen(workspace, snapshot, day, now_us=now, as_of=asked is not None)
    return collect.report_of(seen.reports(), day=day.isoformat(), made=to_iso(now))


def keep_audit(workspace: Workspace) -> AuditReport:
    """Make an audit and keep it under its day, instead of one that was made of that day before."""
    report = audit(workspace)
    text = msgspec.json.encode(report).decode()
    made = to_instant_us(report.made, "UTC")
    store.Audits(workspace.store).keep(store.KeptAudit(report.day, made, text))
    return report


def kept_audit(workspace: Workspace, day: str | None = None) -> AuditReport | None:
    """Return the audit of a day, or the newest one; null while none was made.

    Raises
    ------
    UnknownName
        ``UNKNOWN_AUDIT``.
    """
    held = store.Audits(workspace.store)
    if day is not None:
        return _read(held.of(day))
    newest = held.all(limit=1)
    return _read(newest[0]) if newest else None


def audits(workspace: Workspace, *, limit: int = 90) -> tuple[AuditLine, ...]:
    """Return the audits that were kept, the newest day first."""
    return tuple(_line(_read(one)) for one in store.Audits(workspace.store).all(limit=limit))


def _read(kept: store.KeptAudit) -> AuditReport:
    return msgspec.json.decode(kept.document, type=AuditReport)


def _line(report: AuditReport) -> AuditLine:
    last = [one.severity for row in report.sources for one in row.findings if one.until is None]
    return AuditLine(
        day=report.day,
        made=report.made,
        score=report.score,
        sources=tuple(SourceScore(one.source, one.score) for one in report.sources),
        broken=last.count("broken"),
        attention=last.count("attention"),
        notice=last.count("notice"),
    )


class _Seen:
    """What one audit looks at."""

    def __init__(
        self, workspace: Workspace, snapshot: Snapshot, day: date, *, now_us: int, as_of: bool
    ) -> None:
        self._workspace, self._snapshot, self._day, self._now = workspace, snapshot, day, now_us
        zone = ZoneInfo(snapshot.timezone)
        end = day if as_of else day_of(now_us, zone)
        self._arrived = _came_in(workspace, end - timedelta(days=RECENT_DAYS), end)
        self._known = _answered(workspace, snapshot)
        self._marks = {
            day_of(one.time_us, zone): one.name for one in store.Releases(workspace.store).all()
        }

    def reports(self) -> list[collect.SourceReport]:
        """Return what is found of each source; those that sent nothing readable come last."""
        only = store.only_source(self._workspace.store)
        private = store.PrivateColumns(self._workspace.store).get().columns
        sources = sources_of(self._snapshot, source=only, until=self._day, private=private)
        found = [self._of(one) for one in sources]
        rest = self._arrived.keys() - {one.source for one in sources}
        found += [self._of(self._nothing(name)) for name in sorted(rest)]
        return found

    def _of(self, events: SourceEvents) -> collect.SourceReport:
        recent = np.unique(events.entity[events.day >= events.days - RECENT_DAYS])
        known = 0 if self._known is None else int(np.count_nonzero(self._known[recent]))
        beside = Beside(
            came_in=self._arrived.get(events.source, ()),
            known=known,
            people=0 if self._known is None else len(recent),
            calm=self._calm(events),
        )
        report = collect.audit_source(events, beside)
        return replace(report, findings=tuple(map(self._with_release, report.findings)))

    def _calm(self, events: SourceEvents) -> NDArray[np.bool_]:
        calm = np.zeros(events.days, dtype=np.bool_)
        for _, first, last in self._workspace.store.declarations().calendar:
            begin = (date.fromisoformat(first) - events.first_day).days
            end = (date.fromisoformat(last) - events.first_day).days
            calm[max(begin, 0) : max(end + 1, 0)] = True
        return calm

    def _with_release(self, one: Finding) -> Finding:
        """Return a finding with the release of its first day or the day before, where there was one."""
        if one.since is None or one.aspect not in {"missing", "schema", "volume"}:
            return one
        since = date.fromisoformat(one.since)
        mark = self._marks.get(since) or self._marks.get(since - timedelta(days=1))
        return replace(one, remedy=f"Released then: {mark}. {one.remedy}") if mark else one

    def _nothing(self, source: str) -> SourceEvents:
        none = np.zeros(0, np.int64)
        return SourceEvents(source, (), self._day, 1, entity=none, name=none, day=none, second=none)


def _came_in(workspace: Workspace, since: date, until: date) -> dict[str, list[CameIn]]:
    """Return what came in by source, of imports and of what was handed in."""
    found: dict[str, list[CameIn]] = {}
    for source, row in _rows(workspace, since):
        if row.day <= until.isoformat():
            found.setdefault(source or UNSAID, []).append(row)
    return found


def _rows(workspace: Workspace, since: date) -> Iterator[tuple[str, CameIn]]:
    for one in store.ArrivalNotes(workspace.store).days(since=since.isoformat()):
        counts = (one.accepted, one.repeated, one.conflicting, one.refused)
        yield one.source, CameIn(one.day, *counts, one.timed, one.ahead, one.late)
    for record in workspace.store.imports():
        handed_in = any(file.path == store.HANDED_IN for file in record.files)
        day = record.committed_at[:10]
        if handed_in or record.undone_at is not None or day < since.isoformat():
            continue
        done = record.result
        counts = (done.accepted, done.duplicates, done.conflicting, done.rejected)
        yield record.source, CameIn(day, *counts)


def _answered(workspace: Workspace, snapshot: Snapshot) -> NDArray[np.bool_] | None:
    """Return bool[entities]: of whom a consent is known, given or withdrawn; null where of nobody."""
    ids = store.Consents(workspace.store).answered()
    if not ids:
        return None
    persons: Sequence[str] = snapshot.persons_of(ids)
    found = []
    for shard in snapshot.shards:
        known = np.zeros(shard.entities, dtype=np.bool_)
        places = store.places_in(shard, persons)
        known[places[places >= 0]] = True
        found.append(known)
    return np.concatenate([np.zeros(0, np.bool_), *found])
