"""What becomes of journeys when raw ids become other people's: put together whole, or taken apart event by event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pathworth.store.identity.persons import Persons
from pathworth.store.texts import encoded


@dataclass(frozen=True)
class Changed:
    """People whose journeys change; large texts.

    Parameters
    ----------
    whole, takers
        People whose whole journey somebody has from now on, themselves where others come to them, and who that is.
    torn
        People whose journey is taken apart.
    ids
        The raw ids of those.
    """

    whole: pa.Array
    takers: pa.Array
    torn: pa.Array
    ids: pa.Array


def moved(before: Persons, after: Persons) -> pa.Array:
    """Return the raw ids whose person is another one after some changes, in no special order."""
    if after.moved is not None and after.since == before.change:
        return after.moved
    ids = pa.concat_arrays([before.ids, after.ids]).unique()
    return ids.filter(pc.not_equal(before.of(ids), after.of(ids)))


def changed(before: Persons, after: Persons) -> Changed:
    """Return whose journeys change between two states of the links."""
    touched = before.of(moved(before, after)).unique()
    ids = pa.concat_arrays([touched, before.members(touched)])
    old, new = before.of(ids), after.of(ids)
    persons, owner = encoded(old)
    takers, taker = encoded(new)
    pairs = np.unique(owner.astype(np.int64) * max(len(takers), 1) + taker)
    owners = pairs // max(len(takers), 1)
    several = np.bincount(owners, minlength=len(persons)) > 1
    alone = pairs[~several[owners]]
    own = takers.filter(pc.invert(pc.is_in(takers, value_set=touched)))
    return Changed(
        pa.concat_arrays([persons.take(pa.array(alone // max(len(takers), 1))), own]),
        pa.concat_arrays([takers.take(pa.array(alone % max(len(takers), 1))), own]),
        persons.filter(pa.array(several)),
        ids.filter(pa.array(several[owner])),
    )
