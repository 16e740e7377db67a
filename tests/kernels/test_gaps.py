"""The kernels of comparisons agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.naive import gaps as naive

from pathworth.kernels.gaps import done_by, known_at, lead_to


def small_world(seed: int):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 9, size=30)
    offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    events = int(offset[-1])
    places = np.flatnonzero(rng.random(events) < 0.4).astype(np.int64)
    entity = (np.searchsorted(offset, places, side="right") - 1).astype(np.int64)
    return rng, offset, events, entity, places


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
@pytest.mark.parametrize("null", [0, 2])
def test_what_was_known_is_the_last_code_at_or_before_the_visit(dtype, null):
    rng, offset, events, entity, places = small_world(3 + null)
    codes = rng.integers(0, 3, size=events).astype(dtype)
    known = np.empty(len(places), np.int32)
    known_at(offset, codes, null, entity, places, known)
    assert known.tolist() == naive.known_at(offset, codes, null, entity, places)
    assert (known == -1).any()


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
def test_what_was_done_is_every_name_at_or_before_the_end(dtype):
    rng, offset, events, entity, places = small_world(11)
    name = rng.integers(0, 6, size=events).astype(dtype)
    bit = np.array([0, -1, 63, 5, -1, 1], np.int8)
    done = np.empty(len(places), np.uint64)
    done_by(offset, name, bit, entity, places, done)
    bits = [{b for b in range(64) if int(mask) >> b & 1} for mask in done]
    assert bits == naive.done_by(offset, name, bit, entity, places)


def test_where_visits_lead_is_the_exact_cumulative_incidence():
    counts = np.random.default_rng(5).integers(0, 4, size=(20, 5, 7)).astype(np.int64)
    counts[0] = 0
    share, age = np.empty((20, 4)), np.empty((20, 4))
    lead_to(counts, share, age)
    for k in range(20):
        shares, ages = naive.lead_to(counts[k].tolist())
        assert share[k] == pytest.approx([float(x) for x in shares], abs=1e-12)
        assert age[k] == pytest.approx([float(x) for x in ages], abs=1e-9)
