"""A predicate over ``person`` speaks of people by whichever of their raw ids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.journeys.predicates.meanings import Test
from pathworth.store import Snapshot


def by_any_id(test: Test, snapshot: Snapshot, *, every: bool) -> Callable[[NDArray], NDArray]:
    """Return the test of people by the ids that stand for them: that one of their raw ids passes, or every one.

    Parameters
    ----------
    test
        Of one raw id.
    snapshot
        Knows which ids are whose.
    every
        Whether the test says what an id is not, which then holds for none of them.
    """

    def passes(ids: NDArray) -> NDArray:
        if not snapshot.links or snapshot.persons is None:
            return np.fromiter(map(test, ids), bool, len(ids))
        coded = pa.array(ids, pa.large_string()).dictionary_encode()
        found = np.fromiter(map(test, coded.dictionary.to_pylist()), bool, len(coded.dictionary))
        others = snapshot.persons.members(coded.dictionary)
        whose = pc.index_in(snapshot.persons.of(others), value_set=coded.dictionary).to_numpy()
        passed = np.fromiter(map(test, others.to_pylist()), bool, len(others))
        (np.logical_and if every else np.logical_or).at(found, whose, passed)
        held: NDArray = found[coded.indices.to_numpy()]
        return held

    return passes
