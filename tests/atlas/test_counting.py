"""The counts of discovery against their twins, event by event."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from tests.atlas.made import snapshot_of
from tests.naive import discover as naive

from pathworth.atlas.counting import (
    CountKinds,
    CountMatches,
    CountMoves,
    CountOrder,
    Kind,
    Moves,
)
from pathworth.atlas.splitting import CountValues
from pathworth.journeys import Journeys, LocalEngine

MINUTE = 60_000_000
NAMES = ("a", "b", "c", "d")
COLOURS = (None, "blue", "red")


def random_rows(seed, people=40, events=600):
    rng = np.random.default_rng(seed)
    rows = [
        (int(rng.integers(people)), int(rng.integers(0, 40_000)) * MINUTE, NAMES[rng.integers(4)])
        for _ in range(events)
    ]
    colours = [COLOURS[rng.integers(3)] for _ in rows]
    return rows, colours


def total(partials):
    return reduce(Moves.__add__, partials)


def as_journeys(rows, colours):
    """The same journeys as lists, in the order of the store: time, then the order of rows."""
    found = {}
    for at in sorted(range(len(rows)), key=lambda i: (rows[i][1], i)):
        person, time, name = rows[at]
        found.setdefault(person, []).append((name, time, colours[at]))
    return list(found.values())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shards", [1, 4])
def test_moves_equal_the_count_by_hand(seed, shards):
    rows, colours = random_rows(seed)
    snapshot = snapshot_of(rows, texts={"colour": colours}, shards=shards)
    kinds = (
        Kind("a"),
        Kind("b", "colour", ("red",)),
        Kind("b", "colour", (None, "blue")),
        Kind("c"),
    )
    found = total(LocalEngine(2).fold(Journeys(snapshot), CountMoves(kinds, (0, 1, 2, 3))))
    code = {("a", c): 0 for c in COLOURS} | {("c", c): 3 for c in COLOURS}
    code |= {("b", "red"): 1, ("b", None): 2, ("b", "blue"): 2}
    journeys = [
        [(code[name, colour], time) for name, time, colour in journey if name != "d"]
        for journey in as_journeys(rows, colours)
    ]
    totals, wanted = naive.moves(journeys, gap_us=30 * MINUTE)
    assert found.totals.tolist() == totals
    for name in ("events", "people", "visits", "begins"):
        assert getattr(found, name).tolist() == [wanted[name][k] for k in range(4)], name
    for name in ("together", "beside", "then"):
        table = [[wanted[name][a, b] for b in range(4)] for a in range(4)]
        assert getattr(found, name)[:, :4].tolist() == table, name
    assert found.then[:, 4].tolist() == [wanted["ends"][k] for k in range(4)]


def test_clusters_of_kinds_add_up_to_what_counting_them_gives():
    rows, colours = random_rows(5)
    journeys = Journeys(snapshot_of(rows, texts={"colour": colours}))
    kinds = tuple(map(Kind, NAMES))
    single = total(LocalEngine(1).fold(journeys, CountMoves(kinds, (0, 1, 2, 3))))
    joined = total(LocalEngine(1).fold(journeys, CountMoves(kinds, (0, 1, 0, 1))))
    added = single.grouped(np.array([0, 1, 0, 1]))
    for name in ("totals", "events", "begins", "beside", "then", "paid"):
        assert getattr(added, name).tolist() == getattr(joined, name).tolist(), name


@pytest.mark.parametrize("seed", range(3))
def test_order_equals_the_count_by_hand(seed):
    rows, colours = random_rows(seed, people=80, events=300)
    question = CountOrder(tuple(map(Kind, NAMES)), (0, 1, 2, 3))
    journeys = Journeys(snapshot_of(rows, texts={"colour": colours}))
    found = reduce(question.merge, LocalEngine(1).fold(journeys, question))
    wanted = naive.order([[(n, t) for n, t, _ in one] for one in as_journeys(rows, colours)])
    assert found.tolist() == [[wanted[a, b] for b in NAMES] for a in NAMES]


@pytest.mark.parametrize("seed", range(3))
def test_values_of_a_property_equal_the_count_by_hand(seed):
    rows, colours = random_rows(seed)
    question = CountValues(NAMES, "colour")
    journeys = Journeys(snapshot_of(rows, texts={"colour": colours}))
    found = reduce(question.merge, LocalEngine(1).fold(journeys, question))
    after = np.zeros((4, 3, 5), dtype=int)
    before = np.zeros((4, 3, 5), dtype=int)
    both = np.zeros((4, 3, 3), dtype=int)
    for journey in as_journeys(rows, colours):
        seen = {(NAMES.index(name), COLOURS.index(colour)) for name, _, colour in journey}
        for name, first in seen:
            for other, second in seen:
                both[name, first, second] += name == other
        values = [COLOURS.index(colour) for *_, colour in journey]
        named = [(NAMES.index(name), time) for name, time, _ in journey]
        for name, value, to, came in naive.neighbours(named, values):
            if sum(one == name for one, _ in seen) > 1:
                after[name, value, 4 if to is None else to] += 1
                before[name, value, 4 if came is None else came] += 1
    assert found.after.tolist() == after.tolist()
    assert found.before.tolist() == before.tolist()
    assert found.both.tolist() == both.tolist()
    assert found.people.tolist() == np.diagonal(both, axis1=1, axis2=2).tolist()


def test_only_selected_events_are_counted():
    rows = [("p", MINUTE * i, name) for i, name in enumerate("abcab")]
    journeys = Journeys(snapshot_of(rows), where="event <> 'c'")
    moves = total(
        LocalEngine(1).fold(journeys, CountMoves((Kind("a"), Kind("b"), Kind("c")), (0, 1, 2)))
    )
    assert moves.events.tolist() == [2, 2, 0]
    assert moves.then.tolist() == [[0, 2, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0]]
    names = CountKinds(tuple(map(Kind, "abc")))
    assert reduce(names.merge, LocalEngine(1).fold(journeys, names)).tolist() == [
        [2, 1],
        [2, 1],
        [0, 0],
    ]


def test_a_predicate_is_counted_by_kind():
    rows, colours = random_rows(7)
    question = CountMatches((Kind("a"), Kind("b")), "colour = 'red' and event in ('b', 'c')")
    journeys = Journeys(snapshot_of(rows, texts={"colour": colours}))
    found = reduce(question.merge, LocalEngine(1).fold(journeys, question))
    red = sum(row[2] == "b" and colour == "red" for row, colour in zip(rows, colours, strict=True))
    assert found.tolist() == [0, red]
    assert red > 10
