"""Journeys that a period cuts: against sets of people made from the rows themselves."""

from __future__ import annotations

import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import NotSupported
from pathworth.base.period import Period
from pathworth.journeys import Journeys, Slicing

DAY = 86_400_000_000
ROWS = random_rows(11, people=300, events=2_000)
TIMES = sorted(at for _, _, at in ROWS)
PERIOD = Period(TIMES[500], TIMES[1_500])


def by_hand(rows, period, kept=lambda name: True):
    """Return who has a kept event in the period, who of them began before it, and who goes on after it."""
    inside = {who for who, name, at in rows if kept(name) and period.from_us <= at < period.to_us}
    before = {who for who, _, at in rows if at < period.from_us} & inside
    after = {who for who, _, at in rows if at >= period.to_us} & inside
    return inside, before, after


@pytest.mark.parametrize("where", [None, "event = 'e1'"])
def test_counts_and_lists_are_those_of_sets(where):
    journeys = Journeys(snapshot(ROWS, shards=3), where=where, period=PERIOD)
    inside, before, after = by_hand(ROWS, PERIOD, lambda name: where is None or name == "e1")
    sets = (inside, before, after, before & after)
    assert all(sets)
    answer = measure.cut(journeys)
    assert list(answer.cells().values()) == [len(one) for one in sets]
    for cell, who in zip(answer.cells(), sets, strict=True):
        found = measure.people(journeys, measure.AskCut(), cell=cell, limit=1_000)
        assert set(found.ids) == who


def test_nothing_is_cut_without_a_period():
    answer = measure.cut(Journeys(snapshot(ROWS)))
    assert answer.entities > 0
    assert (answer.began_before, answer.go_on_after, answer.both) == (0, 0, 0)


def test_an_event_at_the_edge_is_inside_at_the_left_and_after_at_the_right():
    rows = [("a", "x", 0), ("a", "x", DAY), ("b", "x", DAY), ("b", "x", 2 * DAY)]
    answer = measure.cut(Journeys(snapshot(rows), period=Period(DAY, 2 * DAY)))
    assert (answer.entities, answer.began_before, answer.go_on_after, answer.both) == (2, 1, 1, 0)


def test_parts_of_journeys_are_refused():
    sessions = Journeys(snapshot(ROWS), slicing=Slicing("session", gap_us=DAY))
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        measure.cut(sessions)
