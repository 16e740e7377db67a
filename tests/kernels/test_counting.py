"""The kernels that count by period agree with a twin that looks at sets and dictionaries, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.naive import counting as naive

from pathworth.kernels.folds.counting import COLUMNS, HIGH, LOW, periods_seen, tally, tally_one

EDGES = np.array([0, 10, 20, 50, 60], np.int64)
MONEY = [0, 1, -1, 25_000_000, -(2**40), 2**50]
NUMBERS = [None, 0.0, 0.1, -7.5, 3e-7, 1e9, float("inf"), 4.0]
EVENT = st.tuples(
    st.integers(-10, 70),
    st.integers(0, 7),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from(MONEY),
    st.sampled_from(NUMBERS),
)
PEOPLE = st.lists(st.lists(EVENT, max_size=8), max_size=6)


def flat(people):
    return [one for events in people for one in events]


def arrays(people, masked, width):
    rows = flat(people)
    offset = np.cumsum([0, *map(len, people)]).astype(np.int64)
    codes = np.array([one[1] for one in rows], width)
    times = np.array([one[0] for one in rows], np.int64)
    keep = np.array([one[3] for one in rows] if masked else [], np.uint8)
    return offset, codes, times, keep


@given(
    PEOPLE,
    st.booleans(),
    st.sampled_from(["none", "money", "number"]),
    st.sampled_from(["one", "trait", "property"]),
    st.sampled_from([np.uint16, np.uint32]),
)
@settings(deadline=None, max_examples=150)
def test_every_cell_is_counted_as_the_twin_counts_it(people, masked, amount, split, width):
    """Codes are the bits of three steps; entities stand in one row, in their own, or events in rows of theirs.

    One step alone, with rows of entities only, is counted the same by the kernel for that.
    """
    people = [sorted(events, key=lambda one: one[0]) for events in people]
    rows = flat(people)
    offset, codes, times, keep = arrays(people, masked, width)
    own = [1 + e % 2 if split == "trait" else 0 for e in range(len(people))]
    parts = [one[2] for one in rows] if split == "property" else []
    money = [one[4] for one in rows] if amount == "money" else []
    number = [np.nan if one[5] is None else one[5] for one in rows] if amount == "number" else []
    out = np.zeros((4, 3, len(EDGES), 2 if amount == "none" else COLUMNS), np.int64)
    most = np.full((*out.shape[:3], 3), -1, np.int64)
    bits, part = np.arange(8, dtype=np.uint64), np.array(parts, np.uint8)
    rest = times, keep, EDGES, np.array(own, np.int32)
    amounts = np.array(money, np.int64), np.array(number, np.float64)
    tally(offset, codes, bits, *rest, part, *amounts, out, most)
    for step in range(3 if split != "property" else 0):
        alone, best = np.zeros_like(out[:, :1]), np.full_like(most[:, :1], -1)
        taken = bits >> np.uint64(step) & np.uint64(1)
        tally_one(offset, codes, taken, *rest, *amounts, alone, best)
        assert (alone[:, 0] == out[:, step]).all()
        assert (best[:, 0] == most[:, step]).all()
    told = [
        [
            (
                time,
                [k for k in range(3) if bits >> k & 1],
                [own[e], *([1 + part] if split == "property" else [])],
                cents if amount == "money" else 0,
                real if amount == "number" else None,
            )
            for time, bits, part, kept, cents, real in events
            if kept or not masked
        ]
        for e, events in enumerate(people)
    ]
    expected = naive.cells_of(told, EDGES.tolist())
    for place in np.ndindex(out.shape[:3]):
        events, entities, known, known_by, micro, largest = expected[place]
        cell = out[place].tolist()
        assert cell[:2] == [events, entities]
        if amount == "none":
            continue
        assert cell[2:4] == [known, known_by]
        assert (cell[HIGH] << 32) + cell[LOW] == micro
        high, low, whose = most[place].tolist()
        assert (None if whose < 0 else ((high << 32) + low, whose)) == largest


@given(PEOPLE, st.booleans(), st.sampled_from([np.uint16, np.uint32]))
@settings(deadline=None, max_examples=80)
def test_periods_are_counted_once_whatever_happens_in_them(people, masked, width):
    people = [sorted(events, key=lambda one: one[0]) for events in people]
    offset, codes, times, keep = arrays(people, masked, width)
    active = (np.arange(8) % 3 > 0).astype(np.uint8)
    out = np.full(len(people), -7, np.int32)
    periods_seen(offset, codes, active, times, keep, EDGES, out)
    assert out.tolist() == [
        naive.periods_seen(
            [one[0] for one in events if active[one[1]] and (one[3] or not masked)], EDGES.tolist()
        )
        for events in people
    ]
