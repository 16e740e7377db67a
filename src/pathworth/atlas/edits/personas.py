"""Which properties could tell kinds of people apart: known early, few values, and steady."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import to_us
from pathworth.journeys import Engine, Journeys, Part, local_engine

Counts = NDArray[np.int64]
LEAST_VALUES, MOST_VALUES = 2, 20
LEAST_KNOWN = 0.5
FIRST_VISIT = "30m"


@dataclass(frozen=True)
class PersonaValue:
    """A value and how many people have it first."""

    value: str
    people: int


@dataclass(frozen=True)
class PersonaChoice:
    """A property that could carry the persona.

    ``known`` is the share of people of whom it is known in their first half hour, ``steady`` the share of those who
    never have another value.
    """

    property: str
    known: float
    steady: float
    values: tuple[PersonaValue, ...]


def persona_choices(
    journeys: Journeys, *, engine: Engine | None = None
) -> tuple[PersonaChoice, ...]:
    """Return the text properties with 2 to 20 values that are known early for at least half of the people.

    Parameters
    ----------
    journeys
        Whose.
    engine
        Where folds run; threads of this process unless given.

    Returns
    -------
    The steadiest first, then the best known.
    """
    columns = tuple(
        name
        for name, info in sorted(journeys.snapshot.columns.items())
        if info.kind == "text" and LEAST_VALUES <= len(info.values) <= MOST_VALUES
    )
    if not columns or not journeys.snapshot.events:
        return ()
    counts = (engine or local_engine()).total(journeys, EarlyValues(columns))
    found = [_choice(journeys, name, counts[k]) for k, name in enumerate(columns)]
    fit = [one for one in found if one.known >= LEAST_KNOWN and len(one.values) >= LEAST_VALUES]
    return tuple(sorted(fit, key=lambda one: (-one.steady, -one.known, one.property)))


def _choice(journeys: Journeys, name: str, counts: Counts) -> PersonaChoice:
    everybody, steady = int(counts[0]), int(counts[1])
    by_value = zip(journeys.snapshot.columns[name].values, counts[2:].tolist(), strict=False)
    values = sorted((PersonaValue(*one) for one in by_value if one[1]), key=_commonest)
    known = sum(one.people for one in values)
    return PersonaChoice(
        name,
        known=known / everybody if everybody else 0.0,
        steady=steady / known if known else 0.0,
        values=tuple(values),
    )


def _commonest(one: PersonaValue) -> tuple[int, str]:
    return -one.people, one.value


@dataclass(frozen=True)
class EarlyValues:
    """People, steady people, and people by first value, int64[columns, 2 + MOST_VALUES]."""

    columns: tuple[str, ...]

    def fold(self, part: Part) -> Counts:
        """Count the people of a part; every event counts, kept or not."""
        out = np.zeros((len(self.columns), 2 + MOST_VALUES), np.int64)
        first, last = int(part.offset[0]), int(part.offset[-1])
        if last == first:
            return out
        length = np.diff(part.offset)
        whose = np.repeat(np.arange(len(length)), length)
        time_us = part.shard.time_us[first:last]
        begins = time_us[(part.offset[:-1] - first)[length > 0]]
        early = time_us <= np.repeat(begins, length[length > 0]) + to_us(FIRST_VISIT)
        for k, name in enumerate(self.columns):
            out[k, 0] = int((length > 0).sum())
            self._add(part.shard.columns[name][first:last], early, whose, out[k])
        return out

    def _add(self, column: NDArray, early: NDArray[np.bool_], whose: Counts, out: Counts) -> None:
        """Add the people of one column, by the first value that they have early."""
        people, place = np.unique(whose[early & (column != 0)], return_index=True)
        codes = column[np.flatnonzero(early & (column != 0))[place]].astype(np.int64)
        mine = np.zeros(int(whose[-1]) + 1, np.int64)
        mine[people] = codes
        changed = np.unique(whose[(column != 0) & (column != mine[whose])])
        out[1] += len(np.setdiff1d(people, changed, assume_unique=True))
        out[2:] += np.bincount(codes - 1, minlength=MOST_VALUES)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right
