"""Matches of patterns by plain code, and equal to the funnel, the filter and the segment that ask the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot
from tests.naive import past as naive

from pathworth import measure
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.period import Period
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.journeys import Journeys, LocalEngine, Step, entity_mask, parse_pattern, read_slicing
from pathworth.measure import AskMatches, NamedPattern

ONE = LocalEngine(1)
ROWS = random_rows(21, people=700, events=8_000)
PLANS = [("pro", "free", None)[k % 3] for k in range(len(ROWS))]
SIZES = [float(k % 5) for k in range(len(ROWS))]
WORLD = snapshot(ROWS, columns={"plan": PLANS, "size": SIZES})
DAY_US = 86_400_000_000
PATTERNS = ["e0 -> e1", "e0 ->> e1", "start -> . -> [^e0 e1]+ -> end", "(e1 | e2){2}", "e3"]
"""Events e0 to e5."""


def journeys_of(world):
    """Yield the sets of names and the times of every entity's events."""
    shard = world.shards[0]
    for e in range(shard.entities):
        span = slice(int(shard.offset[e]), int(shard.offset[e + 1]))
        yield [{world.names[k]} for k in shard.name[span]], shard.time_us[span].tolist()


@pytest.mark.parametrize("within", [None, "9d"])
@pytest.mark.parametrize("text", PATTERNS)
def test_matches_are_those_of_plain_code(text, within):
    within_us = 2**62 if within is None else 9 * DAY_US
    tree = parse_pattern(text).tree
    found = [naive.matches(tree, *one, within_us) for one in journeys_of(WORLD)]
    answer = measure.matches(Journeys(WORLD), text, within=within, engine=ONE).found
    assert answer.entities == len(found)
    assert answer.matching == sum(1 for one in found if one)
    assert answer.times == sum(map(len, found))
    assert answer.often == tuple(sum(1 for one in found if min(len(one), 5) == k) for k in range(6))
    assert answer.mean_times == pytest.approx(answer.times / answer.entities)
    took = [(one[0][1] + 500) // 1000 for one in found if one]
    if not took:
        assert answer.median_seconds is None
        return
    assert answer.median_seconds == pytest.approx(np.median(took) / 1000, rel=0.07, abs=1e-9)


@pytest.mark.parametrize("within", [None, "9d"])
def test_a_funnel_a_pattern_a_filter_and_a_segment_are_the_same_people(within):
    window = "" if within is None else f", within='{within}'"
    said = f"matches('e0 ->> e1 ->> e2'{window})"
    segment = Segment("got there", (SegmentRevision(1, said, "", 0),))
    world = replace(WORLD, segments=(segment,))
    funnel = measure.AskFunnel(steps=("e0", "e1", "e2"), within=within)
    pattern = AskMatches(pattern="e0 ->> e1 ->> e2", within=within)
    journeys = Journeys(world)
    cells = [(funnel, "reached 3"), (pattern, "(matching)")]
    people = [
        [one.id.decode() for one in measure.people_behind(journeys, ask, cell=cell, engine=ONE)]
        for ask, cell in cells
    ]
    asked = [
        measure.people(
            Journeys(world, who=who), measure.AskSessions(), cell="entities", engine=ONE
        ).ids
        for who in (said, "in_segment('got there')")
    ]
    assert people[0]
    assert people[0] == people[1] == sorted(asked[0]) == sorted(asked[1])


def test_a_pattern_of_steps_is_an_anchor_and_the_step_of_a_funnel():
    rule = "matches('e0 -> e1')"
    step = f"there := {rule}"
    found = measure.matches(Journeys(WORLD), "e0 -> e1", engine=ONE).found
    funnel = measure.funnel(Journeys(WORLD), (step, "e3"), engine=ONE)
    paths = measure.paths(Journeys(WORLD), anchor=step, engine=ONE)
    kept = measure.matches(Journeys(WORLD, where=rule), ".", engine=ONE).found
    assert found.matching == funnel.steps[0].entities == paths.anchored == kept.entities
    assert found.times == kept.times


def test_only_kept_events_of_the_period_count_and_the_next_one_is_the_next_kept_one():
    cut = Period(1_701_000_000_000_000, 1_706_000_000_000_000)
    where = Journeys(WORLD, where="event in ('e0', 'e1')", period=cut)
    found = measure.matches(where, "e0 -> e1", engine=ONE).found
    edge = measure.transitions(where, engine=ONE)
    (moves,) = (one.count for one in edge.edges if (one.from_, one.to) == ("e0", "e1"))
    assert found.times == moves


def test_sessions_begin_and_end_for_themselves():
    whole, cut = Journeys(WORLD), Journeys(WORLD, slicing=read_slicing("session(gap=5d)"))
    start = measure.matches(cut, "start -> e0", engine=ONE).found
    sessions = measure.matches(cut, ".", engine=ONE).found
    assert sessions.entities == sessions.matching > WORLD.entities
    assert (
        start.times
        == start.matching
        > measure.matches(whole, "start -> e0", engine=ONE).found.times
    )
    assert start.interval is not None


def test_names_are_steps_before_events_and_parts_add_up():
    named = NamedPattern("Big -> e1", (Step("Big", "event = 'e0' and size >= 3"),))
    both = Journeys(WORLD, steps=(Step("Big", "event = 'e5'"),))
    answer = measure.matches(both, named, by="plan", engine=ONE)
    plain = measure.matches(both, "Big -> e1", engine=ONE)
    assert answer.found.times != plain.found.times
    assert plain.found == measure.matches(Journeys(WORLD), "e5 -> e1", engine=ONE).found
    for field in ("entities", "matching", "times"):
        parts = [getattr(one.found, field) for one in answer.by]
        assert sum(parts) == getattr(answer.found, field)
    assert {one.value for one in answer.by} == {"pro", "free", None}


def test_a_difference_of_means_is_in_matches_and_found_where_it_was_planted():
    pair = Journeys(WORLD, where="event <> 'e1' or size < 2"), Journeys(WORLD)
    found = AskMatches(pattern="e1").differ(pair, engine=ONE)
    assert found.mean_times.interval[0] > 0
    assert found.mean_times.words.endswith("more.")
    assert "match" in found.mean_times.words
    assert found.shared == found.a.found.entities


def test_mistakes_are_said_at_their_character():
    journeys = Journeys(WORLD)
    with pytest.raises(WrongUsage, match="BAD_PATTERN"):
        measure.matches(journeys, "", engine=ONE)
    with pytest.raises(WrongUsage, match=r"character 4 .*BAD_PATTERN"):
        measure.matches(journeys, "e0 - e1", engine=ONE)
    with pytest.raises(UnknownName, match=r"character 7\).*UNKNOWN_STEP"):
        measure.matches(journeys, "e0 -> e11", engine=ONE)
    with pytest.raises(WrongUsage, match="EMPTY_WINDOW"):
        measure.matches(journeys, "e0", within="0d", engine=ONE)


def test_who_matches_is_the_filter_of_people_too():
    shard = WORLD.shards[0]
    mask = entity_mask(WORLD, shard, who="matches('start -> e2')")
    assert (
        int(mask.sum())
        == measure.matches(Journeys(WORLD), "start -> e2", engine=ONE).found.matching
    )
