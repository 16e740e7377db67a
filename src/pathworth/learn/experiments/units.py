"""Who is in an experiment: each unit once, with its arm and its first occasion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.store import Decision


@dataclass(frozen=True)
class Units:
    """Units in order of their first occasion, one element each.

    Parameters
    ----------
    ids
        The account, or the person where there is none.
    treated
        bool[n]: by intention to treat, delivered or not.
    start_us
        int64[n]: when the first occasion came.
    people
        Place of the unit by the id of each person who met an occasion in it.
    """

    ids: tuple[str, ...]
    treated: NDArray[np.bool_]
    start_us: NDArray[np.int64]
    people: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, rows: NDArray) -> Units:
        """Return the given units (a mask or places)."""
        places = np.arange(len(self))[rows]
        new = {int(old): k for k, old in enumerate(places)}
        people = {one: new[k] for one, k in self.people.items() if k in new}
        ids = tuple(self.ids[k] for k in places)
        return Units(ids, self.treated[places], self.start_us[places], people)


def units_of(decisions: Sequence[Decision]) -> Units:
    """Return each unit of a ledger once, with the arm and the time of its first occasion.

    Parameters
    ----------
    decisions
        Of one program, in any order; later occasions of a unit are left out.
    """
    ordered = sorted(decisions, key=lambda one: (one.trigger_us, one.id))
    first: dict[str, Decision] = {}
    for one in ordered:
        first.setdefault(one.unit, one)
    place = {unit: k for k, unit in enumerate(first)}
    return Units(
        ids=tuple(first),
        treated=np.array([one.arm == "treated" for one in first.values()], bool),
        start_us=np.array([one.trigger_us for one in first.values()], np.int64),
        people={one.entity: place[one.unit] for one in ordered},
    )
