"""A second look at some visits: what they count, who their people are, and whether those come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.value.chain.period import DAY_US
from pathworth.value.chain.visits import Visits, part_visits
from pathworth.value.covariates import cases_of, known_codes
from pathworth.value.gaps.cells import Cases, Counts, Table, count
from pathworth.value.gaps.survey import KnownOf, Survey

BACK_DAYS = 14
Mark = tuple[int, int, int | None]
"""Column, value, and the step (null for every step); column -1 is every visit of the step."""


@dataclass(frozen=True)
class Marked:
    """What one unit adds about sets of visits.

    Parameters
    ----------
    counts
        One table per set that is counted again.
    people
        int64[sets]: entities with a visit in the set.
    back
        int64[sets, hints, 2]: visits followed for 14 days, and those that were back within these days.
    """

    counts: tuple[Counts, ...]
    people: NDArray[np.int64]
    back: NDArray[np.int64]

    def plus(self, other: Marked) -> Marked:
        """Add two parts of one unit; entities never lie in both."""
        counts = tuple(a.plus(b) for a, b in zip(self.counts, other.counts, strict=True))
        return Marked(counts, self.people + other.people, self.back + other.back)


@dataclass(frozen=True)
class MarkedOf:
    """The question about sets of visits, a set being every visit with one of its marks.

    Parameters
    ----------
    known
        How visits are counted.
    counted
        Sets that are counted again like the whole.
    faced
        Sets whose people and returns are counted.
    """

    known: KnownOf
    counted: tuple[tuple[Mark, ...], ...]
    faced: tuple[tuple[Mark, ...], ...]

    def fold(self, part: Part) -> Marked:
        """Count the sets of a part."""
        plan = self.known.plan
        visits = part_visits(part, plan)
        hint = plan.stratum[known_codes(part, visits, name=plan.document.persona)].astype(np.int64)
        places = self._places()
        columns = tuple(self.known.columns[place] for place in places)
        cases = cases_of(part, visits, plan=plan, columns=columns, hint=hint)
        again, faced = (
            [np.flatnonzero(_marked(cases, marks, places) & visits.in_chain) for marks in sets]
            for sets in (self.counted, self.faced)
        )
        followed, back = came_back(visits, plan.span.to_us)
        both = [_both(hint[r], followed[r], back[r], self.known) for r in faced]
        return Marked(
            tuple(count(cases.only(rows), self.known.shape) for rows in again),
            np.array([len(np.unique(visits.entity[rows])) for rows in faced], np.int64),
            np.array(both, np.int64).reshape(len(faced), len(plan.personas), 2),
        )

    def merge(self, left: Marked, right: Marked) -> Marked:
        """Add two parts."""
        return left.plus(right)

    def _places(self) -> list[int]:
        """Return the places of the columns that are looked at: a table needs all, people only those of their marks."""
        if self.counted:
            return list(range(len(self.known.columns)))
        return sorted({column for marks in self.faced for column, _, _ in marks if column >= 0})


@dataclass(frozen=True)
class Again:
    """Sets of visits looked at again: tables of some, unit by unit; people and returns of others, all together."""

    tables: tuple[Table, ...]
    people: tuple[int, ...]
    back: NDArray[np.int64]


def look_again(
    survey: Survey, *, counted: list[tuple[Mark, ...]], faced: list[tuple[Mark, ...]]
) -> Again:
    """Fold sets of visits.

    Parameters
    ----------
    survey
        What was counted before.
    counted
        Sets whose tables are wanted.
    faced
        Sets whose people and returns are wanted.
    """
    question = MarkedOf(survey.question, tuple(counted), tuple(faced))
    whole = survey.plan.whole(survey.journeys)
    fold = survey.engine.units if survey.few else survey.engine.fold
    parts = fold(whole, question)
    shape = survey.question.shape
    return Again(
        tuple(Table.beside([p.counts[k] for p in parts], shape) for k in range(len(counted))),
        tuple(int(n) for n in np.sum([p.people for p in parts], axis=0)),
        np.sum([p.back for p in parts], axis=0),
    )


def came_back(visits: Visits, end_us: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which visits were followed for 14 days after their last event, and which had a next visit by then."""
    until = visits.end_us + BACK_DAYS * DAY_US
    following = np.append(visits.start_us[1:], 0)[: len(visits)]
    same = np.append(visits.entity[1:] == visits.entity[:-1], False)[: len(visits)]
    return until <= end_us, same & (following <= until)


def _marked(cases: Cases, marks: tuple[Mark, ...], places: list[int]) -> NDArray[np.bool_]:
    """Return which visits have one of the marks; ``places`` are those of the columns that the cases hold."""
    found, of_every = np.zeros(len(cases.step), bool), np.ones(len(cases.step), bool)
    for column, value, step in marks:
        here = cases.values[places.index(column)] == value if column >= 0 else of_every
        found |= here if step is None else here & (cases.step == step)
    return found


def _both(
    hint: NDArray[np.int64], followed: NDArray[np.bool_], back: NDArray[np.bool_], known: KnownOf
) -> NDArray[np.int64]:
    """Return int64[hints, 2]: followed visits, and those that came back."""
    hints = len(known.plan.personas)
    seen = np.bincount(hint[followed], minlength=hints)
    returned = np.bincount(hint[followed & back], minlength=hints)
    return np.stack([seen, returned], axis=1)
