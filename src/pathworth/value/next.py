"""Do next: the few groups of people whose way could be mended, by what that is worth a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from pathworth.value import words
from pathworth.value.contracts import DoNextRow, PropertyValue
from pathworth.value.gaps.cells import Table
from pathworth.value.gaps.compare import Cell, cells_of
from pathworth.value.gaps.hits import (
    Hit,
    added,
    declared,
    found_hits,
    is_slow,
    main_arrow,
    mismatches,
    value_name,
)
from pathworth.value.gaps.survey import Survey
from pathworth.value.gaps.within import Mark, look_again

LISTED = 5
GROWTH = float(np.exp(np.log(400 * 288) / 62))
"""Each age bin is longer than the one before by this factor."""


@dataclass(frozen=True)
class Clean:
    """Visits without those of any mismatch, which would spoil every comparison; the mismatches and their people."""

    kept: Table
    mismatches: tuple[Cell, ...]
    people: tuple[int, ...]


def clean(survey: Survey) -> Clean:
    """Find the mismatches and take their visits out."""
    structural = mismatches(survey)
    values = [*((c.column, c.value) for c in structural), *declared(survey)]
    if not values:
        return Clean(survey.table, (), ())
    everywhere: tuple[Mark, ...] = tuple({(*value, None): None for value in values})
    here: list[tuple[Mark, ...]] = [((c.column, c.value, c.step),) for c in structural]
    again = look_again(survey, counted=[everywhere], faced=here)
    return Clean(survey.table.without(again.tables[0]), tuple(structural), again.people)


def do_next(
    survey: Survey, clean: Clean, *, memory: frozenset[str] = frozenset()
) -> tuple[DoNextRow, ...]:
    """Return what to do next, the dearest first.

    Parameters
    ----------
    survey
        Visits by what was known of them.
    clean
        Without mismatches.
    memory
        Ids of steps where the next move depends on more than the step; they are marked and never first.
    """
    hits = found_hits(survey, clean.kept)[: 2 * LISTED]
    named = under_one_name(survey, clean.kept, hits=hits)
    rows = [_row(survey, hit, people, memory) for hit, people in named]
    return _dearest(capped(survey, rows))


def cannot_fix(survey: Survey, clean: Clean) -> tuple[DoNextRow, ...]:
    """Return what no message can fix, the dearest first: to be confirmed by a person, or declared by one.

    Parameters
    ----------
    survey
        Visits by what was known of them.
    clean
        The mismatches, and the visits that they are compared with.
    """
    people = {
        (c.column, c.value, c.step): n for c, n in zip(clean.mismatches, clean.people, strict=True)
    }
    cells = told_apart(survey, clean.kept, cells=clean.mismatches)
    rows = [_mismatch(survey, _as_hit(c), people[c.column, c.value, c.step]) for c in cells]
    return tuple(sorted(rows, key=lambda r: (-r.per_month, r.id)))


def told_apart(survey: Survey, kept: Table, *, cells: Sequence[Cell]) -> list[Cell]:
    """Compare mismatches with the visits that are not mismatched."""
    return [
        again
        for cell in cells
        for again in cells_of(
            kept,
            (cell.column, cell.step),
            terms=survey.terms,
            told=survey.table,
            values=(cell.value,),
        )
    ]


def under_one_name(survey: Survey, kept: Table, *, hits: list[Hit]) -> list[tuple[Hit, int]]:
    """Leave out groups whose gap is mostly that of people in a dearer group at the same step; count the others' people.

    Parameters
    ----------
    survey
        What was counted.
    kept
        Visits without mismatches.
    hits
        Groups, dearest first.
    """
    if not hits:
        return []
    marks: list[tuple[Mark, ...]] = [((*h.value, h.main[0].step),) for h in hits]
    again = look_again(survey, counted=marks, faced=marks)
    left: list[int] = []
    for k, hit in enumerate(hits):
        step = hit.main[0].step
        dearer = [
            j for j in left if hits[j].main[0].step == step and hits[j].value[0] != hit.value[0]
        ]
        if all(_stands_alone(survey, kept, hit=hit, dearer=again.tables[j]) for j in dearer):
            left.append(k)
    return [(hits[k], again.people[k]) for k in left]


def _stands_alone(survey: Survey, kept: Table, *, hit: Hit, dearer: Table) -> bool:
    """Return whether a gap is left outside of a dearer group: half as large a visit, or beyond its error."""
    cell = hit.main[0]
    place = cell.column, cell.step
    outside = cells_of(kept.without(dearer), place, terms=survey.terms, values=(cell.value,))
    return any(c.w >= c.se or c.w / c.visits >= cell.w / cell.visits / 2 for c in outside)


def _as_hit(cell: Cell) -> Hit:
    return Hit((cell.column, cell.value), (cell,), (cell,), (1.0,), (cell, 1.0), 0.0)


def _row(survey: Survey, hit: Hit, people: int, memory: frozenset[str]) -> DoNextRow:
    """Write one row of Do next."""
    cell, shrink = hit.main
    to = _arrow(survey, cell)
    names, steps = value_name(survey, hit.value), survey.plan.document.steps
    worth, _ = added(hit.counted, hit.shrink)
    _, error = added(hit.counted, [b**0.5 for b in hit.shrink])
    reach = float(special.stdtrit(max(1, survey.table.units - 1), 0.975)) * error
    later, _ = added(cells := _with_later(survey, hit), [1.0] * len(cells))
    gap = 100 * (cell.like[to] - cell.own[to]) * (-1 if to == survey.plan.steps else 1)
    finding = words.Finding(
        step=steps[cell.step].name,
        to=steps[to].name if to < len(steps) else None,
        prop=names[0],
        value=names[1],
        own=float(cell.own[to]),
        like=float(cell.like[to]),
        times_longer=_times_longer(survey, cell),
        window=survey.columns[hit.value[0]].kind == "window",
    )
    return DoNextRow(
        id=words.slug(steps[cell.step].id, *names),
        title=words.title(finding),
        from_=steps[cell.step].id,
        to=steps[to].id if to < len(steps) else None,
        group=PropertyValue(*names),
        people_per_month=people / survey.terms.months,
        recoverable_points=float(gap * shrink),
        gap_points=float(gap),
        per_month=worth,
        interval=(worth - reach, worth + reach),
        with_later_steps=later,
        q=float(hit.q),
        because=words.because(finding, recoverable=gap * shrink, gap=gap),
        memory=steps[cell.step].id in memory,
    )


def _mismatch(survey: Survey, hit: Hit, people: int) -> DoNextRow:
    """Write one row of what no message can fix."""
    row = _row(survey, hit, people, frozenset())
    cell = hit.main[0]
    main = main_arrow(survey, cell.step)
    steps, names = survey.plan.document.steps, value_name(survey, hit.value)
    finding = words.Finding(
        step=steps[cell.step].name,
        to=steps[main].name,
        prop=names[0],
        value=names[1],
        own=float(cell.own[main]),
        like=float(cell.like[main]),
    )
    return replace(
        row,
        title=words.mismatch_title(finding),
        to=steps[main].id,
        because=words.mismatch_because(finding, declared=names in survey.plan.document.structural),
        recoverable_points=0.0,
        gap_points=100 * float(cell.like[main] - cell.own[main]),
    )


def _arrow(survey: Survey, cell: Cell) -> int:
    """Return the move that costs most: where like people go on more often, weighed by what that is worth."""
    if is_slow(survey, cell):
        return main_arrow(survey, cell.step)
    worth = np.append(survey.terms.worth[0], 0.0)
    lost = (cell.like - cell.own) * worth
    lost[cell.step] = -np.inf
    return int(np.argmax(lost))


def _times_longer(survey: Survey, cell: Cell) -> float | None:
    """Return how many times longer the main move takes, where that is beyond chance."""
    main = main_arrow(survey, cell.step)
    longer = float(GROWTH ** (cell.own_age[main] - cell.like_age[main]))
    return longer if is_slow(survey, cell) and longer >= 1.25 else None


def _with_later(survey: Survey, hit: Hit) -> list[Cell]:
    """Return the group's cells at the steps that count and at every later one."""
    counted = {c.step for c in hit.counted}
    first = min(counted, key=lambda s: (survey.depth[s], s))
    return [c for c in hit.cells if c.step in counted or survey.depth[c.step] > survey.depth[first]]


def value_lost(survey: Survey) -> list[float]:
    """Return what those who leave each step would be worth a month, had they gone on like those who did."""
    plan, lost = survey.plan, []
    for step in range(plan.steps):
        counts = survey.totals(step).astype(float)
        gone, moved = counts[:, plan.steps], counts[:, : plan.steps]
        on = moved.sum(axis=1)
        each = np.divide(
            (moved * survey.terms.worth).sum(axis=1), on, out=np.zeros(len(on)), where=on > 0
        )
        lost.append(float((gone * each).sum()) / survey.terms.months)
    return lost


def capped(survey: Survey, rows: list[DoNextRow]) -> list[DoNextRow]:
    """Scale the rows of a step down where together they would exceed the value lost there."""
    lost = value_lost(survey)
    steps = {s.id: k for k, s in enumerate(survey.plan.document.steps)}
    sums: dict[str, float] = {}
    for row in rows:
        sums[row.from_] = sums.get(row.from_, 0.0) + row.per_month
    found = []
    for row in rows:
        share = min(1.0, lost[steps[row.from_]] / sums[row.from_])
        low, high = row.interval
        found.append(
            replace(row, per_month=row.per_month * share, interval=(low * share, high * share))
        )
    return found


def _dearest(rows: list[DoNextRow]) -> tuple[DoNextRow, ...]:
    """Return the dearest rows; one whose step has memory is never first while another can be."""
    ranked = sorted(rows, key=lambda row: (-row.per_month, row.id))[:LISTED]
    plain = next((row for row in ranked if not row.memory), None)
    if plain is None or plain is ranked[0]:
        return tuple(ranked)
    return (plain, *(row for row in ranked if row is not plain))
