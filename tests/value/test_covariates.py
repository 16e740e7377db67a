"""What is known when a visit begins is what events have said by then, and nothing that only its end tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.value import small_world as sw

from pathworth.journeys import LocalEngine, whole
from pathworth.store import EventArrays, snapshot_from_arrays
from pathworth.value import decide
from pathworth.value.chain.visits import part_visits
from pathworth.value.covariates import (
    Names,
    cases_of,
    columns_of,
    commonest,
    known_codes,
    recurring,
)
from pathworth.value.gaps.survey import KnownOf, hints_of


@pytest.fixture(scope="module")
def made():
    visits = sw.live(sw.World(people=1_200), seed=1)
    journeys = sw.journeys(visits)
    plan, _ = decide(journeys, sw.document(calendar=sw.SEASONS), engine=LocalEngine(1))
    part = whole(journeys.snapshot, journeys.snapshot.shards[0])
    return part, part_visits(part, plan), plan


def step_is(visits, step):
    return visits.step == step


def test_what_the_first_event_says_counts_also_for_those_who_go_no_further(made):
    part, visits, _ = made
    tool = known_codes(part, visits, name="tool")
    join = step_is(visits, sw.JOIN)
    left = join & (visits.cause < 0)
    assert left.sum() > 100
    assert (tool[join] > 0).all()
    assert (tool[left] > 0).all()


def test_what_only_later_events_of_the_visit_say_does_not_count(made):
    part, visits, _ = made
    told = known_codes(part, visits, name="told")
    join = step_is(visits, sw.JOIN)
    again = join & (np.diff(visits.entity, prepend=-1) == 0)
    went_on_before = np.zeros(len(told), bool)
    seen: set[int] = set()
    for row in np.lexsort((visits.start_us, visits.entity)):
        went_on_before[row] = int(visits.entity[row]) in seen
        if visits.step[row] == sw.JOIN and visits.cause[row] == sw.FIRST:
            seen.add(int(visits.entity[row]))
    assert (told[join & ~went_on_before] == 0).all()
    assert (told[join & went_on_before] > 0).all()
    assert again.any()


def test_last_values_of_all_time_are_never_used(made):
    part, visits, _ = made
    assert (part.shard.traits["told"][visits.entity - part.first] > 0).mean() > 0.3
    assert (known_codes(part, visits, name="told")[step_is(visits, sw.ARRIVE)] == 0).all()


def test_a_hint_is_known_from_the_event_that_says_it(made):
    part, visits, _ = made
    kind = known_codes(part, visits, name="kind")
    assert (kind[step_is(visits, sw.ARRIVE)] == 0).all()
    assert 0.8 < (kind[step_is(visits, sw.JOIN)] > 0).mean() < 0.9


def test_flags_have_two_values_and_unknown(made):
    part, visits, _ = made
    load = known_codes(part, visits, name="load")
    assert set(load[step_is(visits, sw.ARRIVE)]) == {0}
    assert set(load[step_is(visits, sw.JOIN)]) == {1, 2}


def test_an_event_that_is_not_selected_tells_nothing(made):
    part, visits, _ = made
    keep = np.ones(len(part.shard.name), np.uint8)
    keep[part.shard.columns["tool"] > 0] = 0
    assert (known_codes(replace(part, keep=keep), visits, name="tool") == 0).all()


def test_the_hint_itself_is_no_column_and_windows_are(made):
    part, _, plan = made
    columns = columns_of(part.snapshot, plan)
    names = [(c.kind, c.name) for c in columns]
    assert ("property", "kind") not in names
    assert ("property", "tool") in names
    assert ("window", "spring") in names
    assert columns[-1].kind == "last"


def test_events_count_as_done_by_the_end_and_as_held_within_the_visit(made):
    part, visits, plan = made
    by_hint = hints_of(part.snapshot, plan)
    question = KnownOf(by_hint, columns_of(part.snapshot, by_hint))
    hint = np.zeros(len(visits), np.int64)
    cases = cases_of(part, visits, plan=by_hint, columns=question.columns, hint=hint)
    place = {(c.kind, c.name): k for k, c in enumerate(question.columns)}
    done = cases.values[place["done", "skip"]] == 1
    held = Names(part, visits, names=("skip",), behind=False).has("skip")
    spring = cases.values[place["window", "spring"]] == 1
    assert (held <= done).all()
    assert held[step_is(visits, sw.JOIN)].any()
    assert not held[step_is(visits, sw.FIRST)].any()
    assert done[step_is(visits, sw.FIRST)].any()
    inside = (visits.start_us >= sw.MONDAY_US + (91 - 7) * 86_400_000_000) & (
        visits.start_us < sw.MONDAY_US + 182 * 86_400_000_000
    )
    assert (spring == inside).all()
    last = cases.values[place["last", ""]]
    assert (last[held & step_is(visits, sw.JOIN) & (visits.cause != sw.FIRST)] == 6).all()


def test_of_many_event_names_the_commonest_are_told_apart():
    names = [f"n{k:03d}" for k in range(80)]
    often = np.repeat(np.arange(80), np.where(np.arange(80) >= 16, 3, 1))
    events = EventArrays(
        entity=np.zeros(len(often), np.int64),
        name=often,
        time_us=np.arange(len(often), dtype=np.int64) * 1_000_000,
    )
    snapshot = snapshot_from_arrays(["e"], events, names=names)
    assert commonest(snapshot) == tuple(names[16:])


def test_windows_that_come_again_are_one_column():
    assert recurring("quarter end December 2025") == recurring("quarter end March 2026")
    assert recurring("2025") == "2025"
