"""Grades the audit for missing events: alarms where nothing is missing, and how soon the planted defect is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pathworth.collect import Finding, missing_events, sources_of
from pathworth.learn.company import Company, World, as_snapshot, changed, history, load_company
from pathworth.learn.proof.coverage import Row
from pathworth.learn.proof.runs import GRADED
from pathworth.measure import wilson

SOURCES = (*GRADED, "collect/audit")
"""Folders of every source that an alarm passes through."""
QUARTERS = 4
STATED = 1 / 20
"""A source without any fault is found at fault in at most so many quarters (docs/collect.md)."""
SOON = 2
"""Days, the first one included, within which the defect is to be named."""
LONGEST = 7
"""After so many days nobody is asked any more."""
NAMED, OTHERS = "T1 named", "beside T1"


@dataclass(frozen=True)
class AuditCase:
    """One case of the proof: the full company, once without its tracking defect and once with it.

    Parameters
    ----------
    people
        Size of the company.
    first, seeds
        Fixed before the first run: from ``first`` on, so many. Seeds 1 and 2 were looked at while the audit was built.
    """

    people: int = 20_000
    first: int = 8001
    seeds: int = 100

    @property
    def key(self) -> str:
        """Return the name of the file of finished seeds."""
        return f"audit-{self.people}"


CASES = (AuditCase(),)


def grade_audit(case: AuditCase, seed: int) -> Row:
    """Grade one seed.

    Returns
    -------
    For each quarter of the world without the defect: alarms, and whether there was one. ``T1 named``: after how many
    days of the world with it, and whether that is within two; 0 where a week was not enough. ``beside T1``: what else
    was named there.
    """
    company = load_company()
    calm = _world(changed(company, "incidents.tracking", value=False), case, seed)
    alarms = _quarters(calm, named_in(calm))
    row: dict[str, tuple[int, bool, float]] = {
        f"quarter {number}": (many, many > 0, 0.0) for number, many in enumerate(alarms, 1)
    }
    world = _world(company, case, seed)
    days = days_until_named(world)
    row[NAMED] = (days, 0 < days <= SOON, float(days))
    others = [one for one in named_in(world) if not is_defect(world, one)]
    row[OTHERS] = (len(others), bool(others), 0.0)
    return row


def _world(company: Company, case: AuditCase, seed: int) -> World:
    return history(company, people=case.people, seed=seed)


def named_in(world: World, until: date | None = None) -> tuple[Finding, ...]:
    """Return what the audit says is missing in a world, as far as was known at the end of a day."""
    (source,) = sources_of(as_snapshot(world), source="files", until=until)
    return missing_events(source)


def _quarters(world: World, found: tuple[Finding, ...]) -> list[int]:
    """Return how many alarms began in each quarter of the window."""
    length = world.company.weeks * 7 // QUARTERS
    many = [0] * QUARTERS
    for one in found:
        begun = date.fromisoformat(one.since or "") - world.company.first_day
        many[min(max(begun.days // length, 0), QUARTERS - 1)] += 1
    return many


def is_defect(world: World, one: Finding) -> bool:
    """Return whether a finding names the planted defect: its event, where it is missing, and since when."""
    what = world.company.tracking
    week, day = what.first
    first = world.company.first_day + timedelta(weeks=week - 1, days=day - 1)
    named = (one.event, one.value, one.since)
    return named == (what.event, what.browser, first.isoformat())


def days_until_named(world: World) -> int:
    """Return after how many days, the first one included, the defect is named; 0 where a week is not enough."""
    week, day = world.company.tracking.first
    first = world.company.first_day + timedelta(weeks=week - 1, days=day - 1)
    for days in range(1, LONGEST + 1):
        found = named_in(world, first + timedelta(days=days - 1))
        if any(is_defect(world, one) for one in found):
            return days
    return 0


@dataclass(frozen=True)
class AuditLine:
    """One line of the report: how often something was so of how many times, its interval, and whether its bar holds."""

    key: str
    times: int
    of: int
    interval: tuple[float, float]
    holds: bool


def audit_lines(rows: Mapping[int, Row]) -> Iterator[AuditLine]:
    """Yield the lines of the report over all finished seeds."""
    quarters = [one for row in rows.values() for key, one in row.items() if key.startswith("quart")]
    alarmed = sum(one[1] for one in quarters)
    low, high = _interval(alarmed, len(quarters))
    yield AuditLine("quarters with an alarm", alarmed, len(quarters), (low, high), low <= STATED)
    soon = sum(row[NAMED][1] for row in rows.values())
    low, high = _interval(soon, len(rows))
    share = f"the defect named within {SOON} days"
    yield AuditLine(share, soon, len(rows), (low, high), soon == len(rows))


def _interval(times: int, of: int) -> tuple[float, float]:
    return wilson(times, of) or (0.0, 1.0)


def audit_section(case: AuditCase, rows: Mapping[int, Row]) -> str:
    """Return the part of the report: the rates beside what is stated, and what was counted."""
    title = (
        f"## The audit, {case.people:,} people, {len(rows)} of {case.seeds} seeds from {case.first}"
    )
    lines = [
        title,
        "",
        f"Bars: a source without a fault is found at fault in at most {STATED:.0%} of quarters (the interval reaches "
        f"down to it); the planted defect is named within {SOON} days in every seed.",
        "",
        "| what | times | of | share | 95 % (Wilson) | holds |",
        "|---|---:|---:|---:|---|---|",
    ]
    for one in audit_lines(rows):
        lines.append(
            f"| {one.key} | {one.times} | {one.of} | {one.times / max(one.of, 1):.1%} "
            f"| {one.interval[0]:.1%} to {one.interval[1]:.1%} | {'yes' if one.holds else '**no**'} |"
        )
    return "\n".join([*lines, "", _counted(rows), ""])


def _counted(rows: Mapping[int, Row]) -> str:
    alarms = sum(one[0] for row in rows.values() for k, one in row.items() if k.startswith("quart"))
    days = [row[NAMED][0] for row in rows.values() if row[NAMED][0]]
    beside = sum(row[OTHERS][0] for row in rows.values())
    told = ", ".join(f"{days.count(k)} after {k}" for k in sorted(set(days))) or "none"
    return (
        f"{alarms} alarms in {len(rows)} years without the defect. With it, days until it is named: {told}; "
        f"not within {LONGEST}: {len(rows) - len(days)}. {beside} alarms beside it."
    )
