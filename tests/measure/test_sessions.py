"""Sessions: where they are cut, and what the middle one is like."""

from __future__ import annotations

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import WrongUsage
from pathworth.journeys import Journeys

MINUTE = 60_000_000


def test_a_gap_longer_than_thirty_minutes_starts_a_new_session():
    rows = [("p", "a", 0), ("p", "a", 30 * MINUTE), ("p", "a", 60 * MINUTE + 1), ("q", "a", 0)]
    answer = measure.sessions(Journeys(snapshot(rows)))
    assert (answer.sessions, answer.entities, answer.median_events) == (3, 2, 1)


def test_the_middle_session_is_that_of_plain_code():
    rows = random_rows(2, people=60, events=9_000)
    times = {}
    for who, _, when in rows:
        times.setdefault(who, []).append(when)
    events, seconds = [], []
    for stamps in times.values():
        ordered = np.sort(stamps)
        for piece in np.split(ordered, np.flatnonzero(np.diff(ordered) > 720 * MINUTE) + 1):
            events.append(len(piece))
            seconds.append((piece[-1] - piece[0]) / 1e6)
    answer = measure.sessions(Journeys(snapshot(rows, shards=2)), gap="12h")
    assert answer.sessions == len(events)
    assert answer.median_events == np.median(events)
    assert answer.median_seconds == pytest.approx(np.median(seconds), rel=1 / 16)
    low, high = answer.median_seconds_interval
    assert low <= answer.median_seconds <= high


def test_no_events_have_no_middle():
    answer = measure.sessions(Journeys(snapshot([])))
    assert (answer.sessions, answer.median_events, answer.median_seconds) == (0, None, None)
    assert answer.why == "too few"


@pytest.mark.parametrize(("gap", "code"), [("0m", "EMPTY_GAP"), ("soon", "BAD_DURATION")])
def test_a_gap_must_be_a_time(gap, code):
    with pytest.raises(WrongUsage) as caught:
        measure.sessions(Journeys(snapshot([("p", "a", 0)])), gap=gap)
    assert caught.value.code == code
