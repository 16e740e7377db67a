"""Paths by hand, and reconciled: with plain code, transitions, the funnel, a mirror, and the people behind them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot
from tests.naive import paths as naive

from pathworth import measure
from pathworth.base.errors import PathworthError
from pathworth.journeys import Journeys, LocalEngine, local_engine, read_slicing
from pathworth.measure import AskPaths

ONE = LocalEngine(1)
ROWS = random_rows(11, people=300, events=4_000)
PLANS = [("pro", "free", None)[k % 3] for k in range(len(ROWS))]
WORLD = snapshot(ROWS, columns={"plan": PLANS, "visit": [f"v{k % 4}" for k in range(len(ROWS))]})
DAY = 86_400_000_000
ASKS = {
    "forward": AskPaths(anchor="e1", depth=3, most=50),
    "backward": AskPaths(anchor="e1", direction="backward", depth=3, most=50),
    "start": AskPaths(depth=4, most=50, repeats="keep"),
    "end": AskPaths(direction="backward", depth=4, most=50),
    "last": AskPaths(anchor="e2", which="last", depth=2, most=50),
    "second": AskPaths(anchor="e2", which="2", depth=2, most=50),
    "every": AskPaths(anchor="e2", count="occurrences", depth=2, most=50),
    "every kept": AskPaths(
        anchor="e2", count="occurrences", depth=2, most=50, repeats="keep", within="20d"
    ),
    "between": AskPaths(anchor="e1", until="e3", depth=3, most=50, within="25d"),
    "from the start": AskPaths(until="e3", depth=3, most=50),
    "every between": AskPaths(anchor="e1", until="e1", count="occurrences", depth=3, most=50),
    "steps": AskPaths(
        anchor="e1", states=("e0", "two := event in ('e2', 'e3')"), depth=3, most=50, within="30d"
    ),
    "few": AskPaths(anchor="e1", depth=3, most=2),
    "few back": AskPaths(anchor="e1", direction="backward", depth=3, most=1, opened=("-2",)),
}
UNITS = {
    "people": {},
    "sessions": {"slicing": read_slicing("session(gap=10d)")},
    "visits": {"slicing": read_slicing("person", "visit")},
    "some": {"where": "event <> 'e5'", "who": "plan = 'pro'"},
}


def asked(name, **selection):
    return ASKS[name].answer(Journeys(WORLD, **selection), engine=ONE)


def states_of(ask, names):
    """Return the state of every event's name, and the states' names."""
    if not ask.states:
        return list(range(len(names))), list(names)
    return [{"e0": 0, "e2": 1, "e3": 1}.get(name, -1) for name in names], ["e0", "two"]


def twin(ask, world):
    """Return walks by (level, state, state or stop), worked out by plain code for whole journeys of one shard."""
    shard, names = world.shards[0], world.names
    offset, codes, time_us, keep = shard.offset.tolist(), shard.name, shard.time_us, ()
    table, called = states_of(ask, names)
    fold, way = ask.repeats == "fold", 1 if ask.direction == "forward" else -1
    within = int(ask.within[:-1]) * DAY if ask.within else 2**62
    hits = [name == ask.anchor if ask.anchor else table[k] >= 0 for k, name in enumerate(names)]
    found = [(*one, -1) for one in naive.anchors(offset, codes, hits, keep)]
    if ask.until:
        ends = [name == ask.until for name in names]
        found = naive.arriving(
            [one[:2] for one in found], offset, codes, ends, time_us, keep, within
        )
    if fold:
        first = naive.begins(found, codes, table, keep)
        found = [one for one, begins in zip(found, first, strict=True) if begins]
    if ask.count == "entities":
        mine = {}
        for one in found:
            mine.setdefault(one[0], []).append(one)
        last = ask.which == "last" or (way < 0 and not ask.anchor)
        at = -1 if last else int(ask.which or 1) - 1
        found = [rows[at] for rows in mine.values() if len(rows) > at]
    how = {"way": way, "fold": fold, "within_us": within, "columns": ask.depth + 2}
    out = Counter()
    for anchor in found:
        path, why = naive.walk(anchor, offset, codes, table, time_us, keep, **how)
        words = [ask.until if s == "end" else ask.anchor if s < 0 else called[s] for s, _ in path]
        out["walks"] += 1
        for level, word in enumerate(words[: ask.depth + 1]):
            out[level * way, word] += 1
            after = words[level + 1] if level + 1 < len(words) else None
            stop = why or "cut"
            if after is not None and level < ask.depth:
                ends = (word, after) if way > 0 else (after, word)
                out[(level if way > 0 else -level - 1), *ends] += 1
            else:
                kind = "cut" if after is not None else stop
                kind = "began" if kind == "ended" and way < 0 else kind
                out[level * way, word, f"({kind})"] += 1
    return out


def told(answer):
    out = Counter({"walks": answer.walks})
    for node in answer.nodes:
        out[node.level, node.state] = node.count
        for stop in node.stops:
            out[node.level, node.state, f"({stop.kind})"] = stop.count
    for link in answer.links:
        out[link.level, link.from_, link.to] = link.count
    return out


@pytest.mark.parametrize("name", [name for name in ASKS if not name.startswith("few")])
def test_paths_are_those_of_plain_code(name):
    assert told(asked(name)) == twin(ASKS[name], WORLD)


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("name", ASKS)
def test_those_who_go_on_and_those_who_stop_are_all_who_are_there(name, units):
    answer = asked(name, **UNITS[units])
    outward = "from_" if ASKS[name].direction == "forward" else "to"
    anchors = sum(node.count for node in answer.nodes if node.level == 0)
    assert anchors == answer.walks
    assert answer.nodes
    for node in answer.nodes:
        near = node.level if outward == "from_" else node.level - 1
        on = [
            link.count
            for link in answer.links
            if link.level == near and getattr(link, outward) == node.state
        ]
        assert node.count == sum(on) + sum(stop.count for stop in node.stops)
        before = [
            link.count
            for link in answer.links
            if link.level == (node.level - 1 if outward == "from_" else node.level)
            and getattr(link, "to" if outward == "from_" else "from_") == node.state
        ]
        assert node.level == 0 or node.count == sum(before)


@pytest.mark.parametrize("units", [one for one in UNITS if one != "people"])
@pytest.mark.parametrize("name", ["every between", "backward", "few"])
def test_units_inside_journeys_have_their_people_and_intervals(name, units):
    ask, journeys = ASKS[name], Journeys(WORLD, **UNITS[units])
    answer = ask.answer(journeys, engine=ONE)
    for cell, count in list(answer.cells().items())[::5]:
        found = measure.people_behind(journeys, ask, cell=cell, engine=ONE)
        assert sum(one.times for one in found) == count, cell
    assert any(node.interval for node in answer.nodes)
    for node in answer.nodes:
        if node.interval:
            assert node.interval[0] <= node.share <= node.interval[1]


def test_who_drops_off_is_exactly_the_list_of_those_people():
    rows = [
        ("a", "x", 0),
        ("a", "y", 1),
        ("b", "x", 0),
        ("c", "x", 5),
        ("c", "y", 6),
        ("c", "z", 7),
    ]
    journeys, ask = Journeys(snapshot(rows)), AskPaths(anchor="x")
    answer = ask.answer(journeys, engine=ONE)
    assert told(answer) == {
        "walks": 3,
        (0, "x"): 3,
        (0, "x", "y"): 2,
        (0, "x", "(ended)"): 1,
        (1, "y"): 2,
        (1, "y", "z"): 1,
        (1, "y", "(ended)"): 1,
        (2, "z"): 1,
        (2, "z", "(ended)"): 1,
    }

    def who(cell):
        return [
            one.id.decode() for one in measure.people_behind(journeys, ask, cell=cell, engine=ONE)
        ]

    assert who("0 x > (ended)") == ["b"]
    assert who("1 y > (ended)") == ["a"]
    assert who("0 x > y") == ["a", "c"]
    assert who("(without an anchor)") == []


def test_paths_of_one_step_from_every_event_are_the_transitions():
    answer = measure.paths(Journeys(WORLD), count="occurrences", repeats="keep", depth=1, most=50)
    moves = measure.transitions(Journeys(WORLD), entities=True).edges
    assert {(one.from_, one.to): (one.count, one.entities) for one in moves} == {
        (one.from_, one.to): (one.count, one.entities) for one in answer.links
    }


@pytest.mark.parametrize("within", [None, "3d", "30d"])
@pytest.mark.parametrize("repeats", ["fold", "keep"])
def test_those_between_two_events_are_those_who_get_through_the_funnel(within, repeats):
    answer = measure.paths(Journeys(WORLD), anchor="e1", until="e4", within=within, repeats=repeats)
    funnel = measure.funnel(Journeys(WORLD), ["e1", "e4"], within=within)
    assert answer.anchored == answer.walks == funnel.steps[1].entities
    assert all(stop.kind in {"arrived", "cut"} for node in answer.nodes for stop in node.stops)


@pytest.mark.parametrize("repeats", ["fold", "keep"])
def test_looking_back_is_looking_forward_in_a_mirror(repeats):
    """Times run backward in the mirror, and equal times stand in the opposite order."""
    shard = WORLD.shards[0]
    ids = np.repeat(np.arange(shard.entities), np.diff(shard.offset)).tolist()
    rows = list(zip(ids, shard.name.tolist(), shard.time_us.tolist(), strict=True))
    mirror = snapshot([(f"m{e}", WORLD.names[name], -t) for e, name, t in reversed(rows)])
    how = {"anchor": "e3", "which": "last", "depth": 3, "most": 50, "repeats": repeats}
    back = told(measure.paths(Journeys(WORLD), direction="backward", **how))
    how["which"] = "first"
    ahead = told(measure.paths(Journeys(mirror), **how))

    def mirrored(key):
        if len(key) == 2:
            return -key[0], key[1]
        if key[2].startswith("("):
            return -key[0], key[1], key[2].replace("(ended)", "(began)")
        return -key[0] - 1, key[2], key[1]

    assert {("walks" if one == "walks" else mirrored(one)): n for one, n in ahead.items()} == back


def test_what_is_grouped_as_other_is_counted_told_and_opened():
    whole, few = asked("forward"), asked("few")
    for level in range(4):
        states = [node for node in whole.nodes if node.level == level]
        shown = [node for node in few.nodes if node.level == level]
        other = [node for node in shown if node.joins is not None]
        assert sum(node.count for node in shown) == sum(node.count for node in states)
        assert len(shown) - len(other) + sum(node.joins for node in other) == len(states)
    opened = replace(ASKS["few"], opened=("2",)).answer(Journeys(WORLD), engine=ONE)
    assert [n for n in opened.nodes if n.level == 2 and n.joins is not None] == []
    assert {n.state for n in opened.nodes if n.level == 2} == {
        n.state for n in whole.nodes if n.level == 2
    }
    first = [{(n.state, n.count) for n in one.nodes if n.level == 1} for one in (opened, few)]
    assert first[0] == first[1]


def test_a_state_among_the_others_has_its_people_when_it_is_named():
    """Beside another selection more states are shown than alone; whoever sees one may ask who is there."""
    whole, ask, journeys = asked("forward").cells(), ASKS["few"], Journeys(WORLD)
    shown = ask.answer(journeys, engine=ONE).cells()
    missing = [cell for cell in whole if cell not in shown and ">" not in cell]
    assert missing
    for cell in missing:
        found = measure.people_behind(journeys, ask, cell=cell, engine=ONE)
        assert len(found) == whole[cell]


def test_medians_are_those_of_the_moves():
    rows = [(f"p{k}", "a", 0) for k in range(40)]
    rows += [(f"p{k}", "b", 1_000_000 * (k + 1)) for k in range(40)]
    answer = measure.paths(Journeys(snapshot(rows)), anchor="a", times="quantiles")
    [link] = answer.links
    assert 20 <= link.median_seconds <= 21
    assert link.median_interval[0] < link.median_seconds < link.median_interval[1]
    assert measure.paths(Journeys(snapshot(rows)), anchor="a").links[0].median_seconds is None


def test_parts_add_up_to_all():
    ask = replace(ASKS["forward"], by="plan")
    answer = ask.answer(Journeys(WORLD), engine=ONE)
    total = Counter()
    for part in answer.by:
        total += told(part)
    assert total == told(answer)
    assert answer.overlap == 0


def test_a_window_keeps_what_lies_on_its_edge():
    rows = [("a", "x", 0), ("a", "y", DAY), ("b", "x", 0), ("b", "y", DAY + 1)]
    answer = measure.paths(Journeys(snapshot(rows)), anchor="x", within="1d")
    assert [(stop.kind, stop.count) for stop in answer.nodes[0].stops] == [("late", 1)]
    assert [(node.level, node.state, node.count) for node in answer.nodes] == [
        (0, "x", 2),
        (1, "y", 1),
    ]


def test_names_that_look_like_cells_are_quoted():
    rows = [("a", "x > y", 0), ("a", "(ended)", 1), ("a", "5 stars", 2), ("a", 'say "no"', 3)]
    journeys, ask = Journeys(snapshot(rows)), AskPaths(repeats="keep")
    cells = ask.answer(journeys, engine=ONE).cells()
    assert '1 "(ended)" > "5 stars"' in cells
    for cell, count in cells.items():
        assert len(measure.people_behind(journeys, ask, cell=cell, engine=ONE)) == count


def test_two_selections_are_told_apart_with_the_same_states():
    rows = []
    for k in range(800):
        rows += [(f"p{k}", "a", 0), (f"p{k}", "b" if k % 2 and k % 3 else "c", 10 + k)]
    kinds = ["even" if int(row[0][1:]) % 2 == 0 else "odd" for row in rows]
    journeys = Journeys(snapshot(rows, columns={"kind": kinds}))
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = AskPaths(anchor="a").differ(pair, engine=local_engine())
    share = next(one.share for one in found.links if one.to == "b")
    assert (share.a, round(share.b, 2), found.shared) == (0.0, 0.67, 0)
    assert share.words.startswith("B is likely")
    both = AskPaths(anchor="a").differ((journeys, pair[1]), engine=local_engine())
    assert both.shared == 400
    share = next(one.share for one in both.links if one.to == "b")
    assert share.interval[0] < share.difference < share.interval[1]


@pytest.mark.parametrize(
    ("asking", "code"),
    [
        ({"anchor": "e9"}, "UNKNOWN_EVENT"),
        ({"direction": "up"}, "UNKNOWN_DIRECTION"),
        ({"repeats": "some"}, "UNKNOWN_REPEATS"),
        ({"count": "all"}, "UNKNOWN_COUNT"),
        ({"which": "0"}, "UNKNOWN_OCCURRENCE"),
        ({"which": "last", "count": "occurrences"}, "WHICH_OF_EVERY"),
        ({"until": "e1", "direction": "backward"}, "BACKWARD_UNTIL"),
        ({"depth": 0}, "BAD_SIZE"),
        ({"most": 1_001}, "BAD_SIZE"),
        ({"opened": ("7",)}, "UNKNOWN_LEVEL"),
        ({"states": ("e1", "e1")}, "SAME_STEP_TWICE"),
        ({"within": "0s"}, "EMPTY_WINDOW"),
        ({"times": "often"}, "UNKNOWN_TIMES"),
        ({"by": "color"}, "UNKNOWN_TRAIT"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_code(asking, code):
    with pytest.raises(PathworthError, match=code):
        measure.paths(Journeys(WORLD), **asking)


def test_more_cells_than_a_pass_can_hold_are_refused():
    rows = [("a", f"e{k}", k) for k in range(600)] + [("b", f"e{599 - k}", k) for k in range(600)]
    with pytest.raises(PathworthError, match="TOO_MANY_STATES"):
        measure.paths(
            Journeys(snapshot(rows)), count="occurrences", most=1_000, depth=5, repeats="keep"
        )
