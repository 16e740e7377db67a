"""Ignore without guilt: what looks bad and does not matter, as like people fare alike or they come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.value import words
from pathworth.value.contracts import DoNextRow, IgnoreRow, PropertyValue
from pathworth.value.covariates import DID, done_names
from pathworth.value.gaps.cells import Table
from pathworth.value.gaps.compare import Cell, cells_of
from pathworth.value.gaps.hits import places, ties, value_name
from pathworth.value.gaps.survey import Survey
from pathworth.value.gaps.within import Mark, look_again

RAW_Z = 3.0
ONE_SIDED = 1.645
NOTHING = 0.05
"""Share of a step's monthly worth under which a difference does not matter."""
BACK_POINTS = 0.03
END_THERE = 0.5
"""An event looks bad by exits when at least this share of the visits that hold it end with it."""
COMMON = 0.9
"""What more than this share of a step's visits have in common says something about the others, not about them."""
LISTED = 3


@dataclass(frozen=True)
class End:
    """Visits of one step that end with one event, beside those that end with another."""

    cell: Cell
    exit_rate: float


def ignore(
    survey: Survey, kept: Table, *, do_next: Sequence[DoNextRow] = ()
) -> tuple[IgnoreRow, ...]:
    """Return what may be ignored: at most three of each reason, the most tempting first.

    Parameters
    ----------
    survey
        Visits by what was known of them.
    kept
        Visits without those of mismatches.
    do_next
        Rows that are worth doing; they are never ignored.
    """
    taken = {row.group for row in do_next}
    same = [row for row in same_outcome(survey, kept) if row.group not in taken or row.event]
    events = {row.event for row in same if row.event}
    back = [row for row in come_back(survey, kept) if row.event not in events]
    pairs = zip(same[:LISTED] + [None] * LISTED, back[:LISTED] + [None] * LISTED, strict=False)
    return tuple(row for pair in pairs for row in pair if row is not None)


def same_outcome(survey: Survey, kept: Table) -> list[IgnoreRow]:
    """Return groups and events whose bad figures vanish when like is compared with like."""
    cells: dict[tuple[int, int], list[Cell]] = {}
    for place in places(survey, ("property", "done")):
        asked = (DID,) if survey.columns[place[0]].kind == "done" else None
        order = ties(survey, place[0])
        for cell in cells_of(kept, place, terms=survey.terms, values=asked, order=order):
            cells.setdefault((cell.column, cell.value), []).append(cell)
    worst = [worst_of(some) for some in cells.values() if harmless(some)]
    worst = [c for c in worst if c.visits <= COMMON * survey.totals(c.step).sum()]
    worst.sort(key=lambda c: (-c.raw, value_name(survey, (c.column, c.value))))
    first = {cell.column: cell for cell in reversed(worst)}
    return [_same_row(survey, cell) for cell in worst if first[cell.column] is cell]


def harmless(cells: Sequence[Cell]) -> bool:
    """Return whether a group looks bad beyond chance at its worst step, only until like is compared with like.

    Nothing is harmless that costs money beyond chance at any step.
    """
    if any(c.w >= RAW_Z * c.se for c in cells):
        return False
    worst = worst_of(cells)
    if worst.raw < RAW_Z * worst.raw_se:
        return False
    return worst.w <= worst.raw / 2 and worst.w + ONE_SIDED * worst.se < worst.raw


def worst_of(cells: Sequence[Cell]) -> Cell:
    """Return the cell that looks worst, by standard errors."""
    return max(cells, key=lambda c: (c.raw / c.raw_se if c.raw_se > 0 else 0.0, -c.step))


def _same_row(survey: Survey, cell: Cell) -> IgnoreRow:
    column, steps = survey.columns[cell.column], survey.plan.document.steps
    prop, value = value_name(survey, (cell.column, cell.value))
    event = column.name if column.kind == "done" else None
    step = steps[cell.step]
    share = cell.visits / max(int(survey.totals(cell.step).sum()), 1)
    left = max(0.0, cell.w + ONE_SIDED * cell.se)
    currency = survey.journeys.snapshot.currency
    looks = words.Harmless(
        step=step.name,
        who=words.quoted(event) if event else words.of_people(prop, value),
        share=share,
        raw=words.money(words.about(cell.raw), currency),
        gone=words.money(words.about(max(0.0, cell.raw - max(0.0, cell.w))), currency),
        left=words.money(words.about(left), currency),
    )
    return IgnoreRow(
        id=words.slug("same", step.id, prop, "" if event else value),
        title=words.same_title(looks, event=event is not None),
        reason="same_outcome",
        because=words.same_because(looks),
        look_again_if=words.same_again(looks),
        event=event,
        from_=step.id,
        to=None,
        group=None if event else PropertyValue(prop, value),
    )


def come_back(survey: Survey, kept: Table) -> list[IgnoreRow]:
    """Return events with which most visits end, and after which people come back and go on like others."""
    ends = [end for step in range(survey.plan.steps) for end in _ends(survey, kept, step)]
    harmless_ends = [end for end in ends if _costs_nothing(survey, end.cell)]
    if not harmless_ends:
        return []
    marks: list[tuple[Mark, ...]] = [
        ((e.cell.column, e.cell.value, e.cell.step),) for e in harmless_ends
    ]
    marks += [((-1, 0, e.cell.step),) for e in harmless_ends]
    again = look_again(survey, counted=[], faced=marks)
    n = len(harmless_ends)
    rows = []
    for k, end in enumerate(harmless_ends):
        own, all_ = again.back[k], again.back[n + k]
        rates = back_rates(own, all_ - own, stratified=bool(survey.hinted[end.cell.step]))
        if rates is not None and abs(rates[0] - rates[1]) <= BACK_POINTS:
            rows.append((end, rates))
    rows.sort(key=lambda r: (-r[0].cell.visits, survey.plan.document.steps[r[0].cell.step].id))
    first = {end.cell.value: (end, rates) for end, rates in reversed(rows)}
    return [_back_row(survey, end, rates) for end, rates in rows if first[end.cell.value][0] is end]


def _ends(survey: Survey, kept: Table, step: int) -> list[End]:
    """Return the events with which most of the visits that hold them end, at a step that goes on."""
    if survey.plan.ends[step]:
        return []
    last = len(survey.columns) - 1
    cells = cells_of(
        kept,
        (last, step),
        terms=survey.terms,
        stratified=bool(survey.hinted[step]),
        order=ties(survey, last),
    )
    names = {name: k for k, name in enumerate(done_names(survey.columns))}
    found = []
    for cell in cells:
        name = survey.columns[last].values[cell.value - 1]
        holding = int(survey.held[step, names[name]]) if name in names else 0
        rate = cell.visits / holding if holding else 0.0
        if rate >= END_THERE:
            found.append(End(cell, rate))
    return found


def _costs_nothing(survey: Survey, cell: Cell) -> bool:
    """Return whether a gap is surely under 5 % of what the step's visits are worth a month."""
    visits = survey.totals(cell.step).sum(axis=1).astype(float)
    worth = survey.terms.worth[:, cell.step]
    monthly = float((visits * worth).sum()) / survey.terms.months
    return cell.w + ONE_SIDED * cell.se < NOTHING * monthly


def back_rates(
    own: NDArray[np.int64], others: NDArray[np.int64], *, stratified: bool
) -> tuple[float, float] | None:
    """Return the shares of visits with a next one within 14 days: of a group, and of like visits.

    Parameters
    ----------
    own, others
        int64[hints, 2]: visits followed, and those that were back.
    stratified
        Whether like means of the same hint.
    """
    if stratified:
        own, others = own[1:], others[1:]
    else:
        own, others = own.sum(axis=0, keepdims=True), others.sum(axis=0, keepdims=True)
    used = (own[:, 0] > 0) & (others[:, 0] > 0)
    weight = own[used, 0].astype(float)
    if weight.sum() == 0:
        return None
    rates = [float((weight * x[used, 1] / x[used, 0]).sum() / weight.sum()) for x in (own, others)]
    return rates[0], rates[1]


def _back_row(survey: Survey, end: End, rates: tuple[float, float]) -> IgnoreRow:
    step = survey.plan.document.steps[end.cell.step]
    event = survey.columns[end.cell.column].values[end.cell.value - 1]
    return IgnoreRow(
        id=words.slug("back", step.id, event),
        title=words.back_title(step.name, event, share=end.exit_rate),
        reason="come_back",
        because=words.back_because(*rates),
        look_again_if=words.back_again(rates[0]),
        event=event,
        from_=step.id,
    )
