"""Sessions: where they are cut, and what the middle one is like."""

from __future__ import annotations

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import WrongUsage
from pathworth.journeys import Journeys, read_slicing

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


def pieces(rows, gap_us):
    """Return the sessions of everybody in plain code, as lists of (event, time)."""
    people = {}
    for who, what, when in sorted(rows, key=lambda row: (row[0], row[2])):
        mine = people.setdefault(who, [])
        if not mine or when - mine[-1][-1][1] > gap_us:
            mine.append([])
        mine[-1].append((what, when))
    return people


def distinct_times(seed, **size):
    """Return random rows without ties, whose order would hang on the file."""
    rows = random_rows(seed, **size)
    return [(who, what, when + k) for k, (who, what, when) in enumerate(rows)]


def test_quartiles_and_means_are_those_of_plain_code():
    rows = distinct_times(5, people=80, events=6_000)
    people = pieces(rows, 720 * MINUTE)
    every = [one for mine in people.values() for one in mine]
    answer = measure.sessions(Journeys(snapshot(rows, shards=2)), gap="12h")
    assert answer.events.mean == pytest.approx(np.mean([len(one) for one in every]))
    assert answer.per_entity.mean == pytest.approx(np.mean([len(one) for one in people.values()]))
    assert answer.seconds.mean == pytest.approx(
        np.mean([(one[-1][1] - one[0][1]) / 1e6 for one in every]), abs=1e-3
    )
    counts = [len(one) for one in every]
    assert answer.events.quartiles == tuple(np.quantile(counts, (0.25, 0.5, 0.75)))
    held = [len(mine) for mine in people.values()]
    middle = np.quantile(held, (0.25, 0.5, 0.75), method="averaged_inverted_cdf")
    for found, wanted in zip(answer.per_entity.quartiles, middle, strict=True):
        assert abs(found - wanted) <= max(1, wanted / 16)
    for spread in (answer.events, answer.seconds, answer.per_entity):
        low, high = spread.mean_interval
        assert low < spread.mean < high
        assert all(
            a <= q <= b
            for q, (a, b) in zip(spread.quartiles, spread.quartile_intervals, strict=True)
        )


@pytest.mark.parametrize("people", [80, 700])
def test_what_sessions_begin_and_end_with_is_that_of_plain_code(people):
    rows = distinct_times(6, people=people, events=8_000)
    found = pieces(rows, 720 * MINUTE)
    answer = measure.sessions(Journeys(snapshot(rows, shards=2)), gap="12h")
    for edges, place in ((answer.begins, 0), (answer.ends, -1)):
        assert [one.sessions for one in edges] == sorted((o.sessions for o in edges), reverse=True)
        assert sum(one.share for one in edges) == pytest.approx(1)
        for one in edges:
            met = [sum(s[place][0] == one.event for s in mine) for mine in found.values()]
            assert (one.sessions, one.entities) == (sum(met), sum(map(bool, met)))
            low, high = one.interval
            assert low < one.share < high


def test_sessions_are_cut_by_an_id_or_an_event_of_the_selection():
    rows = [("p", "a", k) for k in range(4)] + [("q", "b", 9), ("q", "a", 10), ("q", "b", 11)]
    world = snapshot(rows, columns={"visit": ["x", "y", "x", None, "x", "x", "z"]})
    by_id = measure.sessions(Journeys(world, slicing=read_slicing("session(id=visit)")))
    assert (by_id.sessions, by_id.entities, by_id.events.mean) == (4, 2, 1.5)
    by_event = measure.sessions(Journeys(world, slicing=read_slicing("session(event=b)")))
    assert (by_event.sessions, by_event.entities) == (3, 2)
    assert [(one.event, one.sessions) for one in by_event.begins] == [("b", 2), ("a", 1)]


def test_a_pause_beside_another_cut_is_refused():
    world = Journeys(snapshot([("p", "a", 0)]), slicing=read_slicing("session(event=a)"))
    with pytest.raises(WrongUsage, match="TWO_UNITS"):
        measure.sessions(world, gap="1h")


def test_sessions_of_the_parts_of_a_trait_add_up():
    rows = random_rows(7, people=120, events=3_000)
    plans = [("pro", "free", None)[int(who[1:]) % 3] for who, _, _ in rows]
    answer = measure.sessions(Journeys(snapshot(rows, columns={"plan": plans})), by="plan")
    assert [one.value for one in answer.by] == ["free", "pro", None]
    assert sum(one.sessions for one in answer.by) == answer.sessions
    assert sum(one.entities for one in answer.by) == answer.entities
    alone = measure.sessions(Journeys(snapshot(rows, columns={"plan": plans}), who="plan = 'pro'"))
    part = answer.by[1]
    for found, wanted in ((part.seconds, alone.seconds), (part.per_entity, alone.per_entity)):
        assert (found.mean, found.quartiles) == (wanted.mean, wanted.quartiles)
        assert found.quartile_intervals == wanted.quartile_intervals


def test_above_a_thousand_events_what_sessions_begin_with_has_no_interval():
    rows = random_rows(8, people=60, events=4_000, names=1_200)
    answer = measure.sessions(Journeys(snapshot(rows)), gap="12h")
    assert sum(one.sessions for one in answer.begins) == answer.sessions
    assert {one.why for one in answer.begins} == {"more than 1,024 events"}
    assert {one.interval for one in answer.ends} == {None}
    assert answer.events.mean_interval is not None


@pytest.mark.parametrize(("gap", "code"), [("0m", "EMPTY_GAP"), ("soon", "BAD_DURATION")])
def test_a_gap_must_be_a_time(gap, code):
    with pytest.raises(WrongUsage) as caught:
        measure.sessions(Journeys(snapshot([("p", "a", 0)])), gap=gap)
    assert caught.value.code == code
