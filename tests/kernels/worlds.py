"""Small worlds of journeys for property tests: entities, codes, times with ties, and masks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

CODES = 5
GAPS = [0, 1, 499, 500, 501, 1_500, 15_999, 1_000_000, 60_000_000, 3_600_000_000, 10**13]


@dataclass(frozen=True)
class World:
    offset: np.ndarray
    codes: np.ndarray
    time_us: np.ndarray
    keep: np.ndarray
    split: np.ndarray


@st.composite
def worlds(draw, most_events: int = 8):
    event = st.tuples(
        st.integers(0, CODES - 1), st.sampled_from(GAPS), st.booleans(), st.integers(0, 2)
    )
    people = draw(st.lists(st.lists(event, max_size=most_events), max_size=6))
    start = draw(st.sampled_from([0, -(10**12), 1_700_000_000_000_000]))
    masked = draw(st.booleans())
    flat = [one for events in people for one in events]
    times = [
        start + int(t) for events in people for t in np.cumsum([e[1] for e in events], dtype=int)
    ]
    return World(
        offset=np.cumsum([0, *map(len, people)]).astype(np.int64),
        codes=np.array([e[0] for e in flat], draw(st.sampled_from([np.uint16, np.uint32]))),
        time_us=np.array(times, np.int64),
        keep=np.array([e[2] for e in flat] if masked else [], np.uint8),
        split=np.array([e[3] for e in flat], np.uint8),
    )
