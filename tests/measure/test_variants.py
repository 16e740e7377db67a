"""Whole journeys counted by hand, by pm4py, and whatever their hashes are."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.journeys.build import from_csv, random_rows, snapshot
from tests.naive import paths as naive

from pathworth import measure
from pathworth.base.errors import PathworthError
from pathworth.base.json import to_json
from pathworth.journeys import Journeys, LocalEngine, local_engine, read_slicing
from pathworth.measure import AskVariants
from pathworth.measure.paths import variants as module
from pathworth.measure.paths.spelling import Different

spelling = sys.modules[Different.__module__]

ONE = LocalEngine(1)
WORLD = snapshot(random_rows(13, people=900, events=3_000, names=3), shards=3)
ASKS = [
    AskVariants(length=2, most=5),
    AskVariants(repeats="keep", length=4, most=30),
    AskVariants(states=("e0", "x := event = 'e1'"), most=3),
]


def log(shared, name):
    file = shared / f"data/pm4py_running_receipt/{name}.csv"
    return Journeys(from_csv(file, "case:concept:name", "concept:name", "time:timestamp"))


def test_variants_of_the_logs_of_pm4py(shared):
    answer = measure.variants(log(shared, "receipt"), repeats="keep", length=100, most=4)
    assert (answer.entities, answer.variants) == (1_434, 116)
    assert [one.count for one in answer.shown] == [713, 123, 116, 115]
    assert answer.rest.variants == 112
    answer = measure.variants(log(shared, "running_example"), repeats="keep", length=100)
    assert (answer.entities, answer.variants) == (6, 6)
    assert [one.count for one in answer.shown] == [1] * 6


def plainly(ask, world):
    """Return how many journeys are each row of names, by plain code."""
    out = Counter()
    words = ["e0", "x"] if ask.states else list(world.names)
    table = [{"e0": 0, "e1": 1}.get(n, -1) if ask.states else k for k, n in enumerate(world.names)]
    for shard in world.shards:
        read = (shard.offset.tolist(), shard.name, table, ())
        for row in naive.rows(*read, fold=ask.repeats == "fold", length=ask.length):
            if row:
                out[tuple(None if one is None else words[one] for one in row)] += 1
    return out


@pytest.mark.parametrize("ask", ASKS)
def test_the_commonest_are_those_of_plain_code_and_the_rest_is_counted(ask):
    answer, wanted = ask.answer(Journeys(WORLD), engine=ONE), plainly(ask, WORLD)
    assert (answer.variants, answer.entities) == (len(wanted), wanted.total())
    shown = [(*one.states, None) if one.goes_on else one.states for one in answer.shown]
    counts = [wanted[row] for row in shown]
    assert counts == [one.count for one in answer.shown]
    assert counts == sorted(wanted.values(), reverse=True)[: ask.most]
    assert shown == sorted(shown, key=lambda row: (-wanted[row], [one or "~" for one in row]))
    assert answer.rest.count == wanted.total() - sum(counts)
    assert answer.rest.variants == len(wanted) - len(shown)


@pytest.mark.parametrize("bits", [0, 1, 6])
def test_journeys_that_share_a_hash_stay_apart(bits, monkeypatch):
    """What a row holds decides: with hashes of no bit, one bit or two, every answer has the same bytes."""
    ask, journeys = AskVariants(length=4, most=20), Journeys(WORLD)
    plain = ask.answer(journeys, engine=ONE)
    spelled = module.Spelled
    monkeypatch.setattr(module, "Spelled", lambda *given: spelled(*given, bits))
    assert to_json(ask.answer(journeys, engine=ONE)) == to_json(plain)
    for cell, count in list(plain.cells().items())[::4]:
        assert len(measure.people_behind(journeys, ask, cell=cell, engine=ONE)) == count


@pytest.mark.parametrize("ask", ASKS)
def test_rows_told_apart_in_many_ranges_of_their_hashes_are_the_same(ask, monkeypatch):
    whole = ask.answer(Journeys(WORLD), engine=ONE)
    monkeypatch.setattr(spelling, "_AT_A_TIME", 3)
    assert to_json(ask.answer(Journeys(WORLD), engine=ONE)) == to_json(whole)


@pytest.mark.parametrize("names", [255, 256, 65_535, 65_536])
def test_names_of_any_number_have_states_of_their_own(names):
    """The last of as many as a type just holds is no mark of a row that goes on."""
    rows = [("p", f"n{k:05d}", k) for k in range(names)]
    last = f"n{names - 1:05d}"
    rows += [(who, name, k) for who in "ab" for k, name in enumerate([last, "n00000", last])]
    world = Journeys(snapshot(rows))
    short, whole = AskVariants(length=2), AskVariants(length=3)
    answer = short.answer(world, engine=ONE)
    assert [(one.states, one.goes_on, one.count) for one in answer.shown] == [
        ((last, "n00000"), True, 2),
        (("n00000", "n00001"), True, 1),
    ]
    assert whole.answer(world, engine=ONE).shown[0].states == (last, "n00000", last)
    for ask, found in ((short, answer), (whole, whole.answer(world, engine=ONE))):
        for cell, count in found.cells().items():
            assert len(measure.people_behind(world, ask, cell=cell, engine=ONE)) == count


@pytest.mark.parametrize("most", range(1, 40, 3))
def test_equally_common_ones_are_chosen_by_name(most):
    rows = [
        (f"p{a}{b}{c}", name, k)
        for a in "zyx"
        for b in "cba"
        for c in "stu"
        for k, name in enumerate([f"n{a}", f"m{b}", f"l{c}"][: 1 + (a < "z") + (b > "a")])
    ]
    answer = measure.variants(Journeys(snapshot(rows)), most=most)
    every = measure.variants(Journeys(snapshot(rows)), most=1_000).shown
    order = sorted(every, key=lambda one: (-one.count, one.states))
    assert [one.states for one in answer.shown] == [one.states for one in order[:most]]


def test_a_journey_among_the_others_has_its_people_when_it_is_named():
    every = AskVariants(length=3, most=1_000).answer(Journeys(WORLD), engine=ONE).cells()
    few = AskVariants(length=3, most=2)
    for cell, count in list(every.items())[::7]:
        if cell != "(other)":
            assert len(measure.people_behind(Journeys(WORLD), few, cell=cell, engine=ONE)) == count


def test_a_long_journey_goes_on_and_differs_from_the_short_one():
    rows = [(who, name, k) for who in "abc" for k, name in enumerate("xy" if who < "c" else "xyz")]
    answer = measure.variants(Journeys(snapshot(rows)), length=2)
    assert [(one.states, one.goes_on, one.count) for one in answer.shown] == [
        (("x", "y"), False, 2),
        (("x", "y"), True, 1),
    ]
    assert answer.shown[1].median_seconds == 0.0
    with pytest.raises(PathworthError, match="BAD_SIZE"):
        measure.variants(Journeys(snapshot(rows)), length=0)


def test_times_are_from_the_first_event_to_the_last():
    rows = [
        (f"p{k}", name, j * (k + 1) * 1_000_000) for k in range(31) for j, name in enumerate("ab")
    ]
    [one] = measure.variants(Journeys(snapshot(rows))).shown
    assert one.median_seconds == pytest.approx(16, rel=1 / 16)
    assert one.median_interval[0] < 16 < one.median_interval[1]
    assert one.interval[0] < one.share == 1.0


def test_sessions_have_variants_with_intervals_of_their_people():
    ask = AskVariants(length=2, most=3, by=None)
    journeys = Journeys(WORLD, slicing=read_slicing("session(gap=5d)"))
    answer = ask.answer(journeys, engine=ONE)
    assert answer.entities > 900
    for cell, count in answer.cells().items():
        found = measure.people_behind(journeys, ask, cell=cell, engine=ONE)
        assert sum(one.times for one in found) == count
    assert all(one.interval[0] < one.share < one.interval[1] for one in answer.shown)


def test_two_selections_differ_in_the_share_of_a_variant():
    rows = []
    for k in range(600):
        rows += [(f"p{k}", "a", 0), (f"p{k}", "b" if k % 2 or k % 3 == 0 else "c", 5)]
    kinds = ["even" if int(row[0][1:]) % 2 == 0 else "odd" for row in rows]
    journeys = Journeys(snapshot(rows, columns={"kind": kinds}))
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = AskVariants().differ(pair, engine=local_engine())
    told = {one.states: one.share for one in found.variants}
    assert round(told["a", "b"].difference, 3) == 0.667
    assert told["a", "b"].words.endswith("higher.")
    assert found.a.variants == 2
    assert found.b.variants == 1
    assert found.b.rest.variants == 0
    assert np.isclose(sum(one.share.a for one in found.variants) + found.rest.a, 1)
