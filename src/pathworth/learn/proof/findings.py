"""Grades what is found on the full company: frictions, the mismatch and what may be ignored, seed after seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument, discover
from pathworth.journeys import Journeys, Part, Step, local_engine, step_codes
from pathworth.learn.company import (
    Company,
    World,
    as_snapshot,
    declarations_of,
    findings_of,
    history,
    load_company,
    map_of,
)
from pathworth.learn.company.shapes import Finding
from pathworth.learn.proof.coverage import Row
from pathworth.learn.proof.runs import GRADED
from pathworth.value import Behind, DoNextRow, Findings, decide, findings, people

JACCARD = 0.6
FIRST = 5
SOURCES = (*GRADED, "value", "atlas")
"""Folders of every source that a finding passes through."""
LISTS = ("do_next", "cannot_fix", "ignore", "reported")


@dataclass(frozen=True)
class Bar:
    """How many of so many seeds must (``least``) or may (``most``) show something."""

    key: str
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class FindingsCase:
    """One case of the proof: the full company, on its true map or on the one discovered from its events.

    Parameters
    ----------
    map_
        Which map is priced.
    people
        Size of the company; at 20,000 some 13,600 enter the journey.
    seeds
        Fixed before the first run: 1 up to this number.
    bars
        Stated before the first run, as shares of the seeds.
    """

    map_: Literal["true", "discovered"]
    people: int = 20_000
    seeds: int = 60
    bars: tuple[Bar, ...] = field(
        default=(
            Bar("F2", least=57 / 60),
            Bar("F4", least=51 / 60),
            Bar("M1", least=57 / 60),
            Bar("M1 in Do next", most=0.0),
            Bar("N1", least=54 / 60),
            Bar("N2", least=54 / 60),
            Bar("N1 in Do next", most=3 / 60),
            Bar("N2 in Do next", most=3 / 60),
        )
    )

    @property
    def key(self) -> str:
        """Return the name of the file of finished seeds."""
        return f"findings-{self.map_}-{self.people}"


CASES = (FindingsCase("true"), FindingsCase("discovered"))


def grade_findings(case: FindingsCase, seed: int) -> Row:
    """Grade one seed: what was planted, and whether it stands where it belongs.

    Parameters
    ----------
    case
        Map and size.
    seed
        Of the world.

    Returns
    -------
    By id of the planted thing: its rank in its list (0 when it is not there), whether that is right, and the money a
    month that the row says. ``X in Do next`` for what does not belong there; ``others`` counts rows that are nothing
    planted.
    """
    return grade_world(history(load_company(), people=case.people, seed=seed), map_=case.map_)


def grade_world(world: World, *, map_: Literal["true", "discovered"] = "true") -> Row:
    """Grade one world; see `grade_findings`."""
    journeys = Journeys(as_snapshot(world))
    document = map_of(world)
    if map_ == "discovered":
        document = discover(journeys, declarations=declarations_of(world)).document
    plan, few = decide(journeys, document, engine=local_engine())
    found = findings(journeys, plan, few=few)
    place = _Place(world, journeys, document)
    return _graded(world, found, place)


def _graded(world: World, found: Findings, place: _Place) -> Row:
    """Return the row of one world."""
    rows: dict[str, tuple[int, bool, float]] = {}
    claimed: set[str] = set()
    for finding in findings_of(world):
        if finding.place not in LISTS or not (finding.property or finding.reason):
            continue
        if finding.reason:
            rank = _rank(
                r.event == finding.event and r.reason == finding.reason for r in found.ignore
            )
            rows[finding.id] = (rank, rank > 0, 0.0)
        else:
            listed = found.cannot_fix if finding.place == "cannot_fix" else found.do_next
            matches = [place.matches(row, finding) for row in listed]
            rank = _rank(matches)
            worth = listed[rank - 1].per_month if rank else 0.0
            rows[finding.id] = (rank, 0 < rank <= FIRST, worth)
            claimed |= {row.id for row, hit in zip(listed, matches, strict=True) if hit}
        if finding.place in {"cannot_fix", "ignore"}:
            wrong = _rank(place.matches(row, finding) for row in found.do_next)
            rows[f"{finding.id} in Do next"] = (wrong, wrong > 0, 0.0)
    others = [row for row in found.do_next if row.id not in claimed]
    rows["others"] = (len(others), bool(others), sum(row.per_month for row in others))
    return rows


def _rank(hits: Iterable[bool]) -> int:
    return next((rank for rank, hit in enumerate(hits, 1) if hit), 0)


class _Place:
    """Says whether a row is about a planted thing: the same source step, and people that overlap enough."""

    def __init__(self, world: World, journeys: Journeys, document: MapDocument) -> None:
        self.world, self.journeys, self.document = world, journeys, document
        self.truly = _true_steps(journeys, document, map_of(world))
        self.asked: dict[Behind, set[int]] = {}
        self.person = {raw.decode(): k for k, raw in enumerate(world.ids.tolist())}

    def matches(self, row: DoNextRow, finding: Finding) -> bool:
        """Return whether the row and the planted thing are the same."""
        who = planted_people(self.world, finding)
        steps = self.world.company.steps
        if finding.place == "reported":
            begin, end = steps.index(finding.source), steps.index(finding.target)
            here = self.truly.get(row.from_) in steps[begin:end]
            return here and (row.group.property, row.group.value) == (
                finding.property,
                finding.value,
            )
        if who is None or (finding.source and self.truly.get(row.from_) != finding.source):
            return False
        own = self._people(Behind(row.from_, group=row.group))
        true = self._people(Behind(row.from_)) & set(np.flatnonzero(who).tolist())
        return len(own & true) >= JACCARD * len(own | true)

    def _people(self, behind: Behind) -> set[int]:
        if behind not in self.asked:
            found = people(self.journeys, self.document, behind=behind)
            shards = self.journeys.snapshot.shards
            whose = {self.person[shards[s].id_of(e)] for s, e in found.place.tolist()}
            self.asked[behind] = whose
        return self.asked[behind]


def planted_people(world: World, finding: Finding) -> NDArray[np.bool_] | None:
    """Return bool[persons]: whom a planted thing is about; null where it is about a time or a page."""
    company, persons = world.company, world.persons
    plain = next(one for one in company.finding if one.id == finding.id)
    if plain.value in company.ledgers:
        return np.asarray(persons.ledger == company.ledgers.index(plain.value))
    if plain.value in company.hints.lines_a_month:
        return persons.big
    return persons.skips if _skipping(company, plain) else None


def _skipping(company: Company, finding: Finding) -> bool:
    return any(row.event == finding.event and row.tour == "skipped" for row in company.emission)


def _true_steps(journeys: Journeys, document: MapDocument, truth: MapDocument) -> dict[str, str]:
    """Return the true step that most events of each step belong to."""
    if document is truth or document.steps == truth.steps:
        return {step.id: step.id for step in truth.steps}
    both = [tuple(Step(s.id, s.rule) for s in d.steps if s.rule) for d in (document, truth)]
    counts = np.zeros((len(both[0]), len(both[1])), np.int64)
    for part in local_engine().parts(journeys):
        counts += _met(part, *both)
    return {
        step.id: both[1][int(np.argmax(row))].name
        for step, row in zip(document.steps, counts, strict=False)
        if row.any()
    }


def _met(part: Part, one: tuple[Step, ...], other: tuple[Step, ...]) -> NDArray[np.int64]:
    """Return int64[steps of one, steps of other]: events that lie in both."""
    a, b = (step_codes(part, steps).astype(np.int64) for steps in (one, other))
    rows = (a >= 0) & (b >= 0)
    cells = np.bincount(a[rows] * len(other) + b[rows], minlength=len(one) * len(other))
    return cells.reshape(len(one), len(other))


@dataclass(frozen=True)
class Kept:
    """One line of the report: in how many seeds something was so, and whether the stated bar holds."""

    key: str
    seeds: int
    times: int
    mean_rank: float
    mean_worth: float
    holds: bool | None


def summed(case: FindingsCase, rows: Mapping[int, Row]) -> tuple[Kept, ...]:
    """Return one line per planted thing over all finished seeds."""
    bars = {bar.key: bar for bar in case.bars}
    lines = []
    for key in sorted({key for row in rows.values() for key in row}):
        seen = [row[key] for _, row in sorted(rows.items()) if key in row]
        hits = [one for one in seen if one[1]]
        bar = bars.get(key)
        share = len(hits) / len(seen)
        lines.append(
            Kept(
                key,
                len(seen),
                len(hits),
                float(np.mean([one[0] for one in hits])) if hits else 0.0,
                float(np.mean([one[2] for one in hits])) if hits else 0.0,
                None if bar is None else bar.least - 1e-9 <= share <= bar.most + 1e-9,
            )
        )
    return tuple(lines)


def findings_section(case: FindingsCase, rows: Mapping[int, Row]) -> str:
    """Return the table of one case for the report."""
    title = (
        f"## Findings, {case.map_} map, {case.people:,} people, {len(rows)} of {case.seeds} seeds"
    )
    lines = [title, "", "| planted | seeds | times | mean rank | mean worth a month | holds |"]
    lines.append("|---|---:|---:|---:|---:|---|")
    told = {True: "yes", False: "**no**", None: ""}
    lines.extend(
        f"| {k.key} | {k.seeds} | {k.times} | {k.mean_rank:.1f} | {k.mean_worth:,.0f} | {told[k.holds]} |"
        for k in summed(case, rows)
    )
    return "\n".join([*lines, ""])
