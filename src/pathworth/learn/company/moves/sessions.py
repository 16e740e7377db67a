"""What one visit leaves behind: how many events of each kind, in which order, how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.draws import Draws, Floats, Purpose, poisson_edges
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Emission, Rung

LEFT = 8
DONE = 9
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """One row of the emission table, ready to be drawn.

    Parameters
    ----------
    purpose
        What its number is drawn for; the place in the table, so that rungs share their numbers.
    edges
        float64[classes, k]: distribution function of the count; classes are persona x ledger x size, or plans.
    on
        bool[9]: after which next moves it appears.
    trace
        Range of one shared number in which it shows; (0, 1) for always.
    many
        Share of those on their way to ``many_on`` who do it at least ``row.many`` times, by persona; NaN for others.
    """

    row: Emission
    purpose: int
    step: int
    edges: Floats
    on: NDArray[np.bool_]
    trace: tuple[float, float]
    many: Floats
    many_on: int


@dataclass(frozen=True)
class Visits:
    """Visits that are about to be acted out, one row each.

    ``cls`` is the class of person (persona x ledger x size; the plan at the purchase), ``fresh`` whether it is the
    person's first trial, ``dest`` the intended next move.
    """

    key: NDArray[np.uint32]
    move: Codes
    step: Codes
    dest: Codes
    cls: Codes
    persona: Codes
    fresh: NDArray[np.bool_]
    skips: NDArray[np.bool_]


@dataclass(frozen=True)
class Acts:
    """Events of visits: which visit, which kind, how many ms after its start; and how long each visit lasts."""

    visit: Codes
    kind: Codes
    offset_ms: Codes
    length_ms: Codes


@lru_cache(maxsize=16)
def kinds_of(company: Company, rung: Rung) -> tuple[Kind, ...]:
    """Return the kinds of events that a rung emits."""
    traced = 0.0
    kinds = []
    for place, row in enumerate(company.emission):
        if row.full and not rung.full:
            continue
        trace = (0.0, 1.0)
        if rung.full and row.traced < 1.0:
            trace = (traced, traced + row.traced)
            traced += row.traced
        names = (*company.steps, "left")
        kinds.append(
            Kind(
                row,
                Purpose.EMISSION + place,
                company.steps.index(row.step),
                _edges(company, row),
                np.array([not row.on or name in row.on for name in names]),
                trace,
                np.array([row.many_by.get(name, np.nan) for name in company.personas]),
                names.index(row.many_on) if row.many_on else -1,
            )
        )
    return tuple(kinds)


def _edges(company: Company, row: Emission) -> Floats:
    """Return the distribution functions of the count, one per class."""
    if row.step == company.steps[-1]:
        chances = [row.chance_by.get(plan, row.chance) for plan in company.plan]
        rows = [count_edges(row, rate=row.poisson, chance=chance) for chance in chances]
    else:
        rows = [
            count_edges(row, rate=_rate(row, ledger=ledger, big=big), chance=_chance(row, persona))
            for persona in company.personas
            for ledger in company.ledgers
            for big in (False, True)
        ]
    width = max(len(edges) for edges in rows)
    return np.array([np.concatenate([edges, np.ones(width - len(edges))]) for edges in rows])


def _rate(row: Emission, *, ledger: str, big: bool) -> float:
    if big and row.poisson_big >= 0.0:
        return row.poisson_big
    return row.poisson_by.get(ledger, row.poisson)


def _chance(row: Emission, persona: str) -> float:
    return row.chance_by.get(persona, 0.0 if row.chance_by else row.chance)


def count_edges(row: Emission, *, rate: float, chance: float) -> Floats:
    """Return the distribution function of: nothing unless opened, else at_least + Poisson + one more with chance."""
    edges = poisson_edges(rate)
    more = np.concatenate([edges, [edges[-1]]]) * (1.0 - chance)
    more[1:] += edges * chance
    count = np.concatenate([np.zeros(row.at_least), more])
    return 1.0 - row.opens + row.opens * count


def act(company: Company, rung: Rung, *, draws: Draws, visits: Visits) -> Acts:
    """Act out visits: every event falls into one session that starts with the visit."""
    n = len(visits.key)
    before = np.zeros(n, dtype=np.int64)
    blocks: list[tuple[Codes, int, Floats]] = []
    toured = np.zeros(n, dtype=np.int64)
    views: list[tuple[Codes, int, Codes]] = []
    for code, kind in enumerate(kinds_of(company, rung)):
        rows = _takers(kind, draws, visits)
        if len(rows) == 0:
            continue
        count = _counts(kind, draws, visits, rows=rows, toured=toured)
        if (
            kind.row.event == company.session.last_event
            and kind.row.step == company.session.last_step
        ):
            views.append((rows, code, count))
            continue
        visit, j = _repeat(rows, count)
        blocks.append((visit, code, (before[visit] + j).astype(np.float64)))
        before[rows] += count
    for rows, code, count in views:
        blocks.append(
            _views(company, draws, visits, rows=rows, count=count, others=before, code=code)
        )
    return _timed(company, rung, draws=draws, visits=visits, blocks=blocks)


def _takers(kind: Kind, draws: Draws, visits: Visits) -> Codes:
    chosen = (visits.step == kind.step) & kind.on[visits.dest]
    if kind.row.once:
        chosen &= visits.fresh
    rows = np.flatnonzero(chosen)
    if kind.trace != (0.0, 1.0) and len(rows):
        shown = draws.pair(visits.key[rows], Purpose.TRACE, place=visits.move[rows])[0]
        rows = rows[(shown >= kind.trace[0]) & (shown < kind.trace[1])]
    return rows


def _counts(kind: Kind, draws: Draws, visits: Visits, *, rows: Codes, toured: Codes) -> Codes:
    if kind.row.tour == "skipped":
        return toured[rows] * visits.skips[rows]
    if not kind.edges[:, 0].any() and (kind.edges[:, 1:] == 1.0).all():
        return np.ones(len(rows), dtype=np.int64)
    chance, many = draws.pair(visits.key[rows], kind.purpose, place=visits.move[rows])
    count: Codes = (chance[:, None] >= kind.edges[visits.cls[rows]]).sum(axis=1)
    if kind.row.tour == "started":
        toured[rows] = count
    if kind.many_on >= 0:
        share = kind.many[visits.persona[rows]]
        bound = (visits.dest[rows] == kind.many_on) & ~np.isnan(share)
        above = count - kind.row.at_least + kind.row.many
        below = np.minimum(count, kind.row.many - 1)
        count = np.where(bound, np.where(many < share, above, below), count)
    return count


def _repeat(rows: Codes, count: Codes) -> tuple[Codes, Codes]:
    """Return each row as often as it counts, and which of its repeats it is."""
    total = np.cumsum(count)
    size = int(total[-1]) if len(total) else 0
    return np.repeat(rows, count), np.arange(size) - np.repeat(total - count, count)


def _views(
    company: Company,
    draws: Draws,
    visits: Visits,
    *,
    rows: Codes,
    count: Codes,
    others: Codes,
    code: int,
) -> tuple[Codes, int, Floats]:
    """Place the views that look like an exit: the last one ends the visit with a stated share, else never."""
    visit, j = _repeat(rows, count)
    repeats = np.repeat(count, count)
    ends = draws.pair(visits.key[visit], Purpose.LAST_VIEW, place=visits.move[visit])[0]
    place = draws.pair(visits.key[visit], Purpose.VIEW_PLACE, place=visits.move[visit], index=j)[0]
    among = np.floor(place * others[visit]) - 0.5
    last = (j == repeats - 1) & (ends < company.session.last_share)
    return visit, code, np.where(last, others[visit] + 1.0, among)


def _timed(
    company: Company,
    rung: Rung,
    *,
    draws: Draws,
    visits: Visits,
    blocks: list[tuple[Codes, int, Floats]],
) -> Acts:
    """Order the events of each visit and set them apart by lognormal pauses, cut to whole ms."""
    length = np.zeros(len(visits.key), dtype=np.int64)
    if not blocks:
        empty = np.zeros(0, dtype=np.int64)
        return Acts(empty, empty, empty, length)
    visit = np.concatenate([block[0] for block in blocks])
    kind = np.concatenate([np.full(len(block[0]), block[1]) for block in blocks])
    order = np.lexsort((np.concatenate([block[2] for block in blocks]), visit))
    visit, kind = visit[order], kind[order]
    first = np.searchsorted(visit, visit)
    place = np.arange(len(visit)) - first
    normal = draws.normal(visits.key[visit], Purpose.GAP, place=visits.move[visit], index=place)
    median = np.array([one.row.gap for one in kinds_of(company, rung)])[kind]
    gap = median * np.exp(company.session.gap_sigma * normal)
    gap_ms = np.floor(np.minimum(gap, company.session.gap_limit_minutes * 60.0) * 1000.0)
    gap_ms = np.where(place == 0, 0.0, gap_ms).astype(np.int64)
    total = np.cumsum(gap_ms)
    offset = total - total[first]
    np.maximum.at(length, visit, offset)
    return Acts(visit, kind, offset, length)
