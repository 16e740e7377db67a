"""What lies around an anchor adds up at every position, and is the same as the paths to both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import PathworthError
from pathworth.journeys import Journeys, LocalEngine, local_engine, read_slicing
from pathworth.measure import AskPaths, AskStepMatrix, AskStepSankey

ONE = LocalEngine(1)
WORLD = snapshot(random_rows(12, people=250, events=3_000))
ASKED = [
    {"anchor": "e1", "depth": 3, "most": 50},
    {"anchor": "e1", "depth": 2, "most": 2, "within": "20d"},
    {"anchor": "e2", "depth": 2, "most": 50, "count": "occurrences", "repeats": "keep"},
    {"anchor": "two := event in ('e1', 'e2')", "states": ("e0", "e1"), "which": "last", "most": 1},
]
SELECTIONS = [{}, {"slicing": read_slicing("session(gap=10d)")}]


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("asking", ASKED)
def test_every_position_adds_up_to_all_walks(asking, selection):
    answer = AskStepMatrix(**asking).answer(Journeys(WORLD, **selection), engine=ONE)
    assert answer.walks > 0
    for column in range(len(answer.positions)):
        assert sum(row.counts[column] for row in answer.rows) == answer.walks
        assert abs(sum(row.shares[column] for row in answer.rows) - 1) < 1e-9


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("asking", ASKED)
def test_moves_into_and_out_of_a_state_are_the_cells_of_the_matrix(asking, selection):
    journeys = Journeys(WORLD, **selection)
    matrix = AskStepMatrix(**asking).answer(journeys, engine=ONE)
    sankey = AskStepSankey(**asking).answer(journeys, engine=ONE)
    cells = {
        (position, row.kind, row.state): n
        for row in matrix.rows
        for position, n in zip(matrix.positions, row.counts, strict=True)
        if n
    }
    assert {(one.position, one.kind, one.state): one.count for one in sankey.nodes} == cells
    for (position, kind, state), n in cells.items():
        out = [
            one.count
            for one in sankey.links
            if (one.position, one.from_kind, one.from_) == (position, kind, state)
        ]
        into = [
            one.count
            for one in sankey.links
            if (one.position + 1, one.to_kind, one.to) == (position, kind, state)
        ]
        assert position == matrix.positions[-1] or sum(out) == n
        assert position == matrix.positions[0] or sum(into) == n


@pytest.mark.parametrize("asking", ASKED[:3:2])
def test_a_matrix_holds_the_paths_to_both_sides(asking):
    journeys, depth = Journeys(WORLD), asking["depth"]
    matrix = AskStepMatrix(**asking).answer(journeys, engine=ONE)
    ahead = AskPaths(**asking).answer(journeys, engine=ONE)
    back = AskPaths(**asking, direction="backward").answer(journeys, engine=ONE)
    wanted = {(n.level, n.state): n.count for one in (back, ahead) for n in one.nodes}
    assert {
        (position, row.state): n
        for row in matrix.rows
        for position, n in zip(matrix.positions, row.counts, strict=True)
        if n and row.kind == "state"
    } == wanted
    for kind, one in (("not yet begun", back), ("ended", ahead)):
        stopped = 0
        for far in range(1, depth + 1):
            place = depth + (far if kind == "ended" else -far)
            stopped += sum(
                stop.count
                for node in one.nodes
                if abs(node.level) == far - 1
                for stop in node.stops
                if stop.kind in {"ended", "began"}
            )
            [row] = [row for row in matrix.rows if row.kind == kind]
            assert row.counts[place] == stopped


def test_the_people_of_who_is_not_there_are_known_too():
    rows = [("a", "x", 0), ("a", "y", 1), ("b", "z", 0), ("b", "x", 2), ("c", "y", 0)]
    journeys, ask = Journeys(snapshot(rows)), AskStepMatrix(anchor="x", depth=1)
    answer = ask.answer(journeys, engine=ONE)
    assert [(row.state, row.kind, row.counts) for row in answer.rows] == [
        ("x", "state", (0, 2, 0)),
        ("y", "state", (0, 0, 1)),
        ("z", "state", (1, 0, 0)),
        ("not yet begun", "not yet begun", (1, 0, 0)),
        ("ended", "ended", (0, 0, 1)),
    ]

    def who(cell):
        return [one.id for one in measure.people_behind(journeys, ask, cell=cell, engine=ONE)]

    assert who("-1 (not yet begun)") == [b"a"]
    assert who("1 (ended)") == [b"b"]
    assert who("(without an anchor)") == [b"c"]


def test_two_selections_have_the_same_rows_and_their_differences():
    rows = []
    for k in range(700):
        rows += [(f"p{k}", "a", 0), (f"p{k}", "b" if k % 2 else "c", 10 + k)]
    kinds = ["even" if int(row[0][1:]) % 2 == 0 else "odd" for row in rows]
    journeys = Journeys(snapshot(rows, columns={"kind": kinds}))
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = AskStepMatrix(anchor="a", depth=1).differ(pair, engine=local_engine())
    told = {row.state: row.shares[2].words for row in found.rows}
    assert told["b"].startswith("B is likely")
    assert told["b"].endswith("higher.")
    assert told["c"].endswith("lower.")
    flow = AskStepSankey(anchor="a", depth=1).differ(pair, engine=local_engine())
    share = next(one.share for one in flow.links if (one.from_, one.to) == ("a", "b"))
    assert (share.a, share.b) == (0.0, 1.0)


def test_nothing_lies_around_no_anchor():
    with pytest.raises(PathworthError, match="NO_ANCHOR"):
        measure.step_matrix(Journeys(WORLD))
