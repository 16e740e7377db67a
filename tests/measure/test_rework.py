"""Returns and loops by hand, and reconciled with transitions and with paths."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from tests.journeys.build import random_rows, snapshot
from tests.naive import paths as naive

from pathworth import measure
from pathworth.journeys import Journeys, LocalEngine, local_engine, read_slicing
from pathworth.measure import AskRework

ONE = LocalEngine(1)
WORLD = snapshot(random_rows(14, people=300, events=3_500))
MANY = snapshot(random_rows(15, people=40, events=4_000, names=1_200))


def everybody(world):
    shard = world.shards[0]
    table = range(len(world.names))
    return naive.visits(shard.offset.tolist(), shard.name, table, shard.time_us.tolist(), ())


@pytest.mark.parametrize("world", [WORLD, MANY])
def test_rework_is_that_of_plain_code(world):
    answer = measure.rework(Journeys(world), most=1_000)
    visits, names = everybody(world), world.names
    times, waits = naive.rework(visits)
    wanted, whose, until = Counter(), defaultdict(set), defaultdict(list)
    for (e, state, kind), n in times.items():
        wanted[names[state], kind] += n
        whose[names[state], kind].add(e)
    for state, ms in waits:
        until[names[state]].append(ms)
    more = len({name for name, _ in wanted}) - 1_000
    assert [one.joins for one in answer.states if one.joins] == [more][: max(more, 0)]
    for one in answer.states:
        if one.joins is None:
            name = one.state
            assert (one.visits, one.returns, one.again) == tuple(
                wanted[name, kind] for kind in ("visit", "return", "again")
            )
            assert (one.entities, one.returning, one.repeating) == tuple(
                len(whose[name, kind]) for kind in ("visit", "return", "again")
            )
            assert (one.median_seconds is None) == (not until[name])
    loops = Counter((names[a], names[b]) for _, a, b, _ in naive.loops(visits))
    people = {(e, names[a], names[b]) for e, a, b, _ in naive.loops(visits)}
    assert {(one.state, one.through): one.count for one in answer.loops} == {
        (one.state, one.through): loops[one.state, one.through] for one in answer.loops
    }
    assert sum(one.count for one in answer.loops) + answer.rest.count == loops.total()
    assert len(answer.loops) + answer.rest.loops == len(loops)
    assert all(
        one.entities == len([1 for row in people if row[1:] == (one.state, one.through)])
        for one in answer.loops
    )


def test_returns_and_repeats_agree_with_transitions():
    """Visits are what comes in from elsewhere and what begins there; staying is the move to itself."""
    moves = {
        (one.from_, one.to): one
        for one in measure.transitions(Journeys(WORLD), entities=True).edges
    }
    starts = Counter(mine[0][0] for mine in everybody(WORLD) if mine)
    for one in measure.rework(Journeys(WORLD)).states:
        into = sum(move.count for (a, b), move in moves.items() if b == one.state != a)
        assert one.visits == into + starts[WORLD.names.index(one.state)]
        assert one.returns == one.visits - one.entities
        again = moves.get((one.state, one.state))
        assert (one.again, one.repeating) == ((again.count, again.entities) if again else (0, 0))


def test_loops_are_paths_of_two_steps_that_are_back():
    for state in ("e0", "e3"):
        paths = measure.paths(Journeys(WORLD), anchor=state, count="occurrences", depth=2, most=50)
        back = {
            link.from_: (link.count, link.entities)
            for link in paths.links
            if link.level == 1 and link.to == state
        }
        loops = measure.rework(Journeys(WORLD), most=1_000).loops
        assert {
            one.through: (one.count, one.entities) for one in loops if one.state == state
        } == back


def test_a_loop_in_one_journey_by_hand():
    rows = [("p", name, k * 1_000_000) for k, name in enumerate("abbacab")] + [("q", "a", 0)]
    journeys, ask = Journeys(snapshot(rows)), AskRework()
    answer = ask.answer(journeys, engine=ONE)
    told = {
        one.state: (one.entities, one.visits, one.returning, one.returns, one.again)
        for one in answer.states
    }
    assert told == {"a": (2, 4, 1, 2, 0), "b": (1, 2, 1, 1, 1), "c": (1, 1, 0, 0, 0)}
    loops = [(one.state, one.through, one.count) for one in answer.loops]
    assert loops == [("a", "b", 1), ("a", "c", 1)]
    assert [one.median_seconds for one in answer.loops] == pytest.approx([3, 2], rel=1 / 16)
    assert answer.states[1].median_seconds == pytest.approx(4.0, rel=1 / 16)

    def who(cell):
        return [one.id for one in measure.people_behind(journeys, ask, cell=cell, engine=ONE)]

    assert who("a") == [b"p", b"q"]
    assert who("a > (back)") == who("b > (again)") == who("a > c") == [b"p"]
    assert who("c > (back)") == who("(other) > (other)") == []


def test_states_and_loops_among_the_others_have_their_people_when_they_are_named():
    whole = AskRework(most=1_000).answer(Journeys(WORLD), engine=ONE).cells()
    ask = AskRework(most=1)
    shown = ask.answer(Journeys(WORLD), engine=ONE).cells()
    missing = [cell for cell in whole if cell not in shown]
    assert len(missing) > 20
    for cell in missing:
        assert (
            len(measure.people_behind(Journeys(WORLD), ask, cell=cell, engine=ONE)) == whole[cell]
        )


def test_parts_add_up_and_sessions_have_people_and_intervals():
    plans = [("pro", "free", None)[k % 3] for k in range(3_500)]
    world = snapshot(random_rows(14, people=300, events=3_500), columns={"plan": plans})
    ask = AskRework(most=3, by="plan")
    journeys = Journeys(world, slicing=read_slicing("session(gap=20d)"))
    answer = ask.answer(journeys, engine=ONE)
    for k, whole in enumerate(answer.states):
        for number in ("entities", "visits", "returning", "returns", "repeating", "again"):
            assert sum(getattr(part.states[k], number) for part in answer.by) == getattr(
                whole, number
            )
        assert whole.interval[0] < whole.share < whole.interval[1]
    assert sum(part.rest.count for part in answer.by) == answer.rest.count
    for cell, count in answer.cells().items():
        found = measure.people_behind(journeys, ask, cell=cell, engine=ONE)
        assert sum(one.times for one in found) == count, cell


def test_two_selections_differ_in_who_comes_back():
    rows = []
    for k in range(700):
        rows += [
            (f"p{k}", name, j) for j, name in enumerate("aba" if k % 2 or k % 5 == 0 else "abc")
        ]
    kinds = ["even" if int(row[0][1:]) % 2 == 0 else "odd" for row in rows]
    journeys = Journeys(snapshot(rows, columns={"kind": kinds}))
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = AskRework().differ(pair, engine=local_engine())
    share = next(one.share for one in found.states if one.state == "a")
    assert (round(share.a, 1), share.b) == (0.2, 1.0)
    assert share.words.endswith("higher.")
    assert found.loops[0].share.difference == pytest.approx(0.8)
