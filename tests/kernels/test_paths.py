"""The kernels of paths, variants and rework agree with their twins, compiled or not."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import CODES, GAPS, worlds
from tests.naive import paths as naive
from tests.naive.transitions import bin_of

from pathworth.kernels.folds.anchors import arrive, begins, find, find_ends
from pathworth.kernels.folds.marks import bin_all, mark_all
from pathworth.kernels.folds.paths import count_columns, spend, tally, walk
from pathworth.kernels.folds.rework import counted_at, glance, loops, returns
from pathworth.kernels.folds.transitions import BINS
from pathworth.kernels.folds.variants import gather, recognise, spell, take

STATES = 3
NONE, NO_OWNER = np.empty(0, np.uint8), np.empty(0, np.int64)
tables = st.lists(st.integers(-1, STATES - 1), min_size=CODES, max_size=CODES).map(
    lambda row: np.array(row, np.int32)
)
flags = st.lists(st.booleans(), min_size=CODES, max_size=CODES).map(
    lambda row: np.array(row, np.uint8)
)
windows = st.sampled_from([*GAPS, 2**62])


def found_in(world, hits, limit=0):
    out = np.empty((len(world.codes), 3), np.int64)
    return out[: find(world.offset, world.codes, hits, world.keep, limit, out)].copy()


def plain(rows):
    return [tuple(row) for row in rows.tolist()]


@given(worlds(), flags, flags, windows)
@settings(deadline=None, max_examples=80)
def test_anchors_are_found_and_only_those_that_arrive_stay(world, hits, ends, within_us):
    read = (world.offset, world.codes, hits, world.keep)
    anchors = found_in(world, hits)
    wanted = naive.anchors(*read)
    assert plain(anchors) == [(*one, -1) for one in wanted]
    assert plain(found_in(world, hits, 1)) == [
        (*one, -1) for k, one in enumerate(wanted) if one[0] not in {e for e, _ in wanted[:k]}
    ]
    rest = (world.offset, world.codes, ends, world.time_us, world.keep, within_us)
    assert plain(anchors[: arrive(*rest, anchors)]) == naive.arriving(wanted, *rest)


@given(worlds(), tables, flags)
@settings(deadline=None, max_examples=80)
def test_an_anchor_begins_a_run_when_another_state_lies_before_it(world, table, hits):
    anchors = found_in(world, hits)
    out = np.empty(len(anchors), np.uint8)
    begins(world.codes, table, world.keep, anchors, out)
    wanted = naive.begins(plain(anchors), world.codes, table, world.keep)
    assert out.astype(bool).tolist() == wanted


@given(worlds(), tables, st.booleans())
@settings(deadline=None, max_examples=80)
def test_the_end_of_a_journey_is_its_last_anchor(world, table, fold):
    hits = (table >= 0).astype(np.uint8)
    anchors = naive.anchors(world.offset, world.codes, hits, world.keep)
    if fold:
        first = naive.begins(anchors, world.codes, table, world.keep)
        anchors = [one for one, begins in zip(anchors, first, strict=True) if begins]
    out = np.empty((len(world.offset) - 1, 3), np.int64)
    found = find_ends(world.offset, world.codes, table, world.keep, int(fold), out)
    assert plain(out[:found]) == [(*one, -1) for one in {e: (e, i) for e, i in anchors}.values()]


@st.composite
def asked(draw):
    return {
        "way": draw(st.sampled_from([1, -1])),
        "fold": draw(st.booleans()),
        "within_us": draw(windows),
        "columns": draw(st.integers(2, 5)),
    }


def walked(world, table, anchors, how):
    out = np.empty((len(anchors), how["columns"]), np.int32)
    when = np.empty((len(anchors), how["columns"]), np.int64)
    asked = (how["way"], how["fold"], how["within_us"], STATES)
    options = np.array([*asked, 0, 1, how["columns"]], np.int64)
    read = (world.offset, world.codes, table, world.time_us, world.keep)
    walk(*read, anchors, options, out, when)
    leftward = np.array([*asked, how["columns"], -1, how["columns"]], np.int64)
    plainly = np.full((len(anchors), how["columns"] + 2), -9, np.int32)
    walk(*read, anchors, leftward, plainly, np.empty((0, 0), np.int64))
    assert (out == plainly[:, -2:0:-1]).all()
    assert (plainly[:, [0, -1]] == -9).all()
    return out, when


@given(worlds(), tables, flags, flags, asked(), st.booleans())
@settings(deadline=None, max_examples=150)
def test_walks_go_where_the_twin_goes(world, table, hits, ends, how, between):
    anchors = found_in(world, hits)
    if between and how["way"] > 0:
        read = (world.offset, world.codes, ends, world.time_us, world.keep, how["within_us"])
        anchors = anchors[: arrive(*read, anchors)]
    out, when = walked(world, table, anchors, how)
    read = (world.offset, world.codes, table, world.time_us, world.keep)
    for row, times, anchor in zip(out.tolist(), when.tolist(), plain(anchors), strict=True):
        path, why = naive.walk(anchor, *read, **how)
        first = STATES if path[0][0] < 0 else path[0][0]
        states = [first, *(STATES + 1 if one == "end" else one for one, _ in path[1:])]
        stop = STATES + 2 + ["ended", "late", "arrived", None].index(why)
        assert row == states + [stop] * (how["columns"] - len(states))
        assert times[: len(path)] == [now for _, now in path]


@given(worlds(), tables, flags, asked(), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=80)
def test_every_walk_is_counted_at_its_states_and_on_its_moves(world, table, hits, how, whole, own):
    """Labels join states 1 and 2; owners join neighbouring units."""
    anchors, units = found_in(world, hits), len(world.offset) - 1
    out, when = walked(world, table, anchors, how)
    columns, codes = how["columns"], STATES + 5
    label = np.tile(np.array([0, 1, 1, 2, 3, 4, 5, 6], np.int32), (columns, 1))
    width = 7
    levels = np.array(
        [
            (1 + c * width, 1 + columns * width + c * width * width, width)
            for c in range(columns - (not whole))
        ],
        np.int64,
    )
    cells = 1 + columns * width + columns * width * width
    owner = np.arange(units) // 2 if own else NO_OWNER
    part = np.array([e // 2 % 2 for e in range(units)], np.uint8) if own else NONE
    stop = codes if whole else STATES + 2
    counted = np.zeros((2 if own else 1, cells, 3), np.int64)
    tally(
        anchors,
        owner,
        part,
        out,
        label,
        levels,
        stop,
        np.full((cells, 2), -1, np.int64),
        counted,
    )
    alone = np.zeros_like(counted)
    once = (anchors, owner, part, out, label, levels, stop, np.empty((0, 2), np.int64), alone)
    tally(*once)
    assert (alone[..., 0] == counted[..., 0]).all()
    assert not alone[..., 1:].any()
    stood = np.zeros((columns, codes), np.int64)
    count_columns(out, stood)
    assert [dict(enumerate(row)) for row in stood.tolist()] == [
        {code: out[:, c].tolist().count(code) for code in range(codes)} for c in range(columns)
    ]
    times, who, gaps = Counter(), Counter(), []
    for (e, _, _), row, then in zip(plain(anchors), out.tolist(), when.tolist(), strict=True):
        marks = [0]
        for c in range(len(levels)):
            if row[c] >= stop:
                break
            here = label[c, row[c]]
            marks.append(levels[c, 0] + here)
            if c + 1 < columns:
                marks.append(levels[c, 1] + here * width + label[c + 1, row[c + 1]])
            if c + 1 < columns and row[c + 1] < STATES + 2:
                gaps.append((marks[-1], naive.half_up(abs(then[c + 1] - then[c]))))
        for cell in marks:
            times[e // 2 % 2 if own else 0, cell] += 1
            who[e // 2 % 2 if own else 0, cell, e, e // 2 if own else e] += 1
    wanted = np.zeros_like(counted)
    for (p, cell), n in times.items():
        wanted[p, cell, 0] = n
    for p, cell in {key[:2] for key in who}:
        mine = [key for key in who if key[:2] == (p, cell)]
        wanted[p, cell, 1:] = len({key[2] for key in mine}), len({key[3] for key in mine})
    assert (counted == wanted).all()
    slot = np.where(np.arange(cells) % 3 == 0, -1, np.arange(cells)).astype(np.int32)
    bins = np.zeros((cells, BINS), np.int64)
    spend(out, when, label, levels, STATES + 2, slot, bins)
    expect = Counter((cell, bin_of(ms)) for cell, ms in gaps if cell % 3)
    assert {(int(a), int(b)): int(bins[a, b]) for a, b in np.argwhere(bins)} == expect


def spelled(world, table, *, fold, length, kind):
    units = len(world.offset) - 1
    start, took = np.empty(units + 1, np.int64), np.empty(units, np.int64)
    states = np.empty(len(world.codes) + units, kind)
    read = (world.offset, world.codes, table, world.time_us, world.keep)
    used = spell(*read, int(fold), length, start, states, took)
    return start, states[:used].copy(), took


def as_rows(start, states):
    ends = {-1, 2**8 - 1, 2**16 - 1}
    cut = [states[a:b].tolist() for a, b in itertools.pairwise(start)]
    return [tuple(None if one in ends else one for one in row) for row in cut]


@given(
    worlds(),
    tables,
    st.booleans(),
    st.integers(1, 4),
    st.sampled_from([0, 1, 3, 2**63]),
    st.sampled_from([np.uint8, np.uint16, np.int32]),
)
@settings(deadline=None, max_examples=120)
def test_equal_journeys_are_counted_together_whatever_their_hashes(
    world, table, fold, length, mod, kind
):
    """A hash that says nothing, or little, changes no count."""
    start, states, took = spelled(world, table, fold=fold, length=length, kind=kind)
    rows = as_rows(start, states)
    read = (world.offset, world.codes, table, world.keep)
    assert rows == naive.rows(*read, fold=fold, length=length)
    for e, (first, last) in enumerate(itertools.pairwise(world.offset)):
        places = naive.stated(world.codes, table, world.keep, first, last)
        assert took[e] == (world.time_us[places[-1]] - world.time_us[places[0]] if places else 0)
    untimed = np.empty_like(start), np.empty(len(world.codes) + len(rows), kind)
    every = (world.offset, world.codes, table, world.time_us, world.keep)
    used = spell(*every, int(fold), length, *untimed, np.empty(0, np.int64))
    assert as_rows(untimed[0], untimed[1][:used]) == rows
    wide, start, states = np.dtype(kind).itemsize, start * states.itemsize, states.view(np.uint8)
    hashes = np.array([hash(row) % mod if mod else 0 for row in rows], np.uint64)
    some = np.flatnonzero(np.diff(start) > 0)
    order = some[np.argsort(hashes[some], kind="stable")]
    weight = np.arange(1, len(rows) + 1)
    row, count = np.empty((2, len(order)), np.int64)
    found = gather(start, states, hashes, order, weight, row, count)
    wanted = Counter()
    for one, n in zip(rows, weight.tolist(), strict=True):
        if one:
            wanted[one] += n
    picked = row[:found].tolist()
    assert Counter({rows[k]: n for k, n in zip(picked, count.tolist(), strict=False)}) == wanted
    known_start, known_hashes = np.empty(found + 1, np.int64), np.empty(found, np.uint64)
    known = np.empty_like(states)
    used = take(start, states, hashes, row[:found].copy(), known_start, known, known_hashes)
    known = known[:used].copy()
    assert as_rows(known_start // wide, known.view(kind)) == [rows[k] for k in picked]
    assert known_hashes.tolist() == hashes[picked].tolist()
    place = np.empty(len(rows), np.int32)
    recognise(start, states, hashes, known_start, known, known_hashes, place)
    assert [rows[picked[k]] if k < found else () for k in place] == rows


@given(worlds(), tables, st.booleans())
@settings(deadline=None, max_examples=100)
def test_visits_returns_repeats_and_loops_are_those_of_the_twin(world, table, own):
    """Labels join states 1 and 2."""
    units, label = len(world.offset) - 1, np.array([0, 1, 1], np.int32)
    # Loops from 0 through 1 and from 2 through 1 have places of their own.
    loop = np.array([[2, 0, 2], [2, 1, 2], [2, 2, 2]], np.int32)
    row, shown = np.array([0, 2, 1], np.int32), [(0, 1), (2, 1)]
    owner = np.arange(units) // 2 if own else NO_OWNER
    part = np.array([e // 2 % 2 for e in range(units)], np.uint8) if own else NONE
    out, bins = np.zeros((2, 10, 3), np.int64), np.zeros((5, BINS), np.int64)
    read = (world.offset, world.codes, table, world.time_us, world.keep)
    returns(*read, owner, part, np.stack([label, row], axis=1), loop, 2, out, bins)
    everybody = naive.visits(*read)
    times, waits = naive.rework(everybody)
    wanted = np.zeros_like(out)
    kinds = ["visit", "return", "again"]
    for p in range(2):
        for cell in range(6):
            mine = {
                key: n
                for key, n in times.items()
                if label[key[1]] * 3 + kinds.index(key[2]) == cell
                and (key[0] // 2 % 2 if own else 0) == p
            }
            who = {key[0] for key in mine}
            wanted[p, cell] = sum(mine.values()), len(who), len({e // 2 if own else e for e in who})
            if p == 0:
                here = np.empty(units, np.uint8)
                fresh = np.full(STATES, -1, np.int64)
                counted_at(*read[:3], world.keep, label, cell, fresh, here)
                assert {
                    key[0] for key in times if label[key[1]] * 3 + kinds.index(key[2]) == cell
                } == set(np.flatnonzero(here).tolist())
        there = [e for e, one in enumerate(everybody) if one and (e // 2 % 2 if own else 0) == p]
        whose = {e // 2 if own else e for e in there}
        wanted[p, 6] = len(there), len(there), len(whose)
        for place in range(3):
            mine = [
                e
                for e, a, b, _ in naive.loops(everybody)
                if place == (shown.index((a, b)) if (a, b) in shown else 2)
                and (e // 2 % 2 if own else 0) == p
            ]
            whose = {e // 2 if own else e for e in mine}
            wanted[p, 7 + place] = len(mine), len(set(mine)), len(whose)
    assert (out == wanted).all()
    expect = Counter((int(label[state]), bin_of(ms)) for state, ms in waits)
    expect += Counter(
        (2 + (shown.index((a, b)) if (a, b) in shown else 2), bin_of(ms))
        for _, a, b, ms in naive.loops(everybody)
    )
    assert {(int(a), int(b)): int(bins[a, b]) for a, b in np.argwhere(bins)} == expect
    triples, took = np.empty((len(world.codes), 3), np.int64), np.empty(len(world.codes), np.int64)
    found = loops(*read, triples, took)
    rows = [(*one, ms) for one, ms in zip(plain(triples[:found]), took.tolist(), strict=False)]
    assert rows == naive.loops(everybody)
    cells = triples[:found, 1] * STATES + triples[:found, 2]
    often, made = np.zeros((STATES, 3), np.int64), np.empty(len(world.codes), np.int64)
    loop_count = glance(*read[:3], world.keep, np.full(STATES, -1, np.int64), often, made)
    assert made[:loop_count].tolist() == [a * STATES + b for _, a, b, _ in naive.loops(everybody)]
    for state, kind in itertools.product(range(STATES), range(3)):
        each = [n for (_, *what), n in times.items() if what == [state, kinds[kind]]]
        assert often[state, kind] == sum(each)
    counted = np.zeros((2, STATES**2, 3), np.int64)
    fresh = np.full((STATES**2, 2), -1, np.int64)
    mark_all(cells.copy(), triples[:found, 0].copy(), owner, part, fresh, counted)
    bins = np.zeros((STATES**2, BINS), np.int64)
    bin_all(cells.copy(), took[:found].copy(), bins)
    expect = Counter((a * STATES + b, bin_of(ms)) for _, a, b, ms in naive.loops(everybody))
    assert {(int(a), int(b)): int(bins[a, b]) for a, b in np.argwhere(bins)} == expect
    for p, cell in itertools.product(range(2), range(STATES**2)):
        mine = [
            e
            for e, a, b, _ in naive.loops(everybody)
            if a * STATES + b == cell and (e // 2 % 2 if own else 0) == p
        ]
        whose = {e // 2 if own else e for e in mine}
        assert counted[p, cell].tolist() == [len(mine), len(set(mine)), len(whose)]
