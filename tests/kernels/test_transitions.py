"""The kernels of moves agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import CODES, worlds
from tests.naive import transitions as naive

from pathworth.kernels.folds.transitions import (
    BINS,
    bin_of,
    moves,
    moves_by_part,
    moves_in_detail,
    moves_of_many,
    took,
)
from pathworth.kernels.weights import heaviest, money_of_moves

STATES = 3
NONE = np.empty(0, np.uint8)
lookups = st.lists(st.integers(-1, STATES - 1), min_size=CODES, max_size=CODES).map(
    lambda row: np.array(row, np.int32)
)


def place(move, states=STATES):
    part, source, target = move
    at = [states if one in ("start", "end") else one for one in (source, target)]
    width = states + 1
    return part * width * width + at[0] * width + at[1]


def as_cells(counter, states=STATES):
    return {place(move, states): n for move, n in counter.items() if n}


def filled(column):
    return {int(i): int(column[i]) for i in np.flatnonzero(column)}


def check_moves(world, lookup, states):
    count = np.zeros((states + 1) ** 2 + 1, np.uint32)
    whole_ms = np.zeros(len(count), np.int64)
    read = (world.offset, world.codes, lookup, world.time_us, world.keep)
    moves(*read, states, count, whole_ms)
    wanted = naive.moves(world.offset, world.codes, lookup, world.time_us, world.keep)
    assert filled(count[:-1]) == as_cells(wanted.moves, states)
    assert filled(whole_ms[: states * (states + 1)]) == as_cells(wanted.ms, states)


@given(worlds(), lookups)
@settings(deadline=None, max_examples=60)
def test_moves_and_their_ms_are_those_of_consecutive_kept_events(world, lookup):
    check_moves(world, lookup, STATES)


@given(worlds())
@settings(deadline=None, max_examples=30)
def test_moves_are_the_same_where_every_code_is_its_own_state(world):
    check_moves(world, np.arange(CODES, dtype=np.int32), CODES)


def slots(parts=3):
    """Return every second cell of the matrices of some parts, and the row of each cell."""
    area = parts * (STATES + 1) ** 2
    asked = np.flatnonzero(np.arange(area) % 2 == 0)
    slot = np.full(area, -1, np.int32)
    slot[asked] = np.arange(len(asked))
    return asked.tolist(), slot


@given(worlds(), lookups, st.booleans(), st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_heaviest_entity_of_a_cell_is_the_one_whose_moves_weigh_most(
    world, lookup, parted, paid
):
    split = world.split if parted else NONE
    weight = world.split.astype(np.int64) * 7 if paid else np.empty(0, np.int64)
    asked, slot = slots()
    slot[np.arange(len(slot)) % (STATES + 1) ** 2 >= STATES * (STATES + 1)] = -1
    slot = np.append(slot, np.int32(-1))
    own, touched = np.zeros((2, len(asked)), np.int64)
    out = np.full((len(asked), 2), -1, np.int64)
    read = (world.offset, world.codes, lookup, world.time_us, world.keep, split, weight)
    heaviest(*read, slot, STATES, own, touched, out)
    wanted = {place(move): best for move, best in naive.heaviest(*read).items()}
    rows = zip(asked, out.tolist(), strict=True)
    assert {cell: tuple(row) for cell, row in rows if row[1] >= 0} == {
        cell: best for cell, best in wanted.items() if slot[cell] >= 0
    }
    assert not own.any()


@given(worlds(), lookups, st.booleans(), st.sampled_from([1, -(2**31) - 5, 2**40 + 3]))
@settings(deadline=None, max_examples=60)
def test_the_money_of_a_move_is_that_of_the_event_it_enters(world, lookup, parted, amount):
    split = world.split if parted else NONE
    micro = (np.arange(len(world.codes)) - 2) * amount
    asked, slot = slots()
    out = np.zeros((len(asked), 3), np.int64)
    money_of_moves(world.offset, world.codes, lookup, world.keep, split, micro, slot, STATES, out)
    found = {cell: (int(a) << 32) + int(b) for cell, (a, b, _) in zip(asked, out, strict=True)}
    money = naive.money(world.offset, world.codes, lookup, world.keep, split, micro)
    wanted = {place(move): sum_ for move, sum_ in money.items()}
    assert found == {cell: wanted.get(cell, 0) for cell in asked}
    read = (world.offset, world.codes, lookup, world.time_us, world.keep, split)
    moved = as_cells(
        {move: n for move, n in naive.moves(*read).moves.items() if move[1] != "start"}
    )
    moved = {cell: n for cell, n in moved.items() if cell % (STATES + 1) < STATES}
    counted = {cell: int(n) for cell, n in zip(asked, out[:, 2], strict=True) if n}
    assert counted == {cell: n for cell, n in moved.items() if slot[cell] >= 0}


@given(worlds(), lookups, st.booleans(), st.booleans())
@settings(deadline=None, max_examples=60)
def test_moves_in_detail_add_people_parts_and_bins(world, lookup, parted, binned):
    area = (STATES + 1) ** 2
    split = world.split if parted else NONE
    slot = np.where(np.arange(area) % 3 == 0, np.arange(area) // 3, -1).astype(np.int32)
    slot = slot if binned else np.empty(0, np.int32)
    out, last = np.zeros((3 * area, 3), np.int64), np.full(3 * area, -1, np.int64)
    bins, movers = np.zeros((area, BINS), np.int32), np.zeros(4, np.int64)
    moves_in_detail(
        world.offset,
        world.codes,
        lookup,
        world.time_us,
        world.keep,
        split,
        slot,
        STATES,
        out,
        last,
        bins,
        movers,
    )
    wanted = naive.moves(world.offset, world.codes, lookup, world.time_us, world.keep, split)
    assert filled(out[:, 0]) == as_cells(wanted.moves)
    assert filled(out[:, 1]) == as_cells(wanted.ms)
    assert filled(out[:, 2]) == as_cells(wanted.entities)
    moved = naive.movers(world.offset, world.codes, lookup, world.keep, split)
    assert movers.tolist() == [moved[part] for part in (0, 1, 2, "any")]
    expected = np.zeros_like(bins)
    for move, gaps in wanted.gaps.items():
        cell = place(move) % area
        for ms in gaps:
            if binned and slot[cell] >= 0:
                expected[slot[cell], naive.bin_of(ms)] += 1
    starts = slice(STATES * (STATES + 1), area)
    for cell in range(area)[starts]:  # what a start's row says of time means nothing
        if binned and slot[cell] >= 0:
            bins[slot[cell]] = 0
    assert (bins == expected).all()


@given(worlds(), lookups, st.sampled_from([np.uint8, np.uint16, np.uint32]))
@settings(deadline=None, max_examples=60)
def test_moves_by_part_are_those_in_detail_without_people(world, lookup, width):
    out, movers = np.zeros((3 * (STATES + 1) ** 2 + 1, 2), np.int64), np.zeros(4, np.int64)
    read = (world.offset, world.codes, lookup, world.time_us, world.keep, world.split)
    back = np.array([2, 1, 0], np.uint8)
    moves_by_part(*read[:5], back[world.split].astype(width), back, STATES, out, movers)
    count, ms = out.T
    ms[STATES * (STATES + 1) : (STATES + 1) ** 2] = 0  # what a start's row says means nothing
    wanted = naive.moves(*read)
    assert filled(count[:-1]) == as_cells(wanted.moves)
    assert filled(ms[:-1]) == as_cells(wanted.ms)
    moved = naive.movers(*read[:3], world.keep, world.split)
    assert movers.tolist() == [moved[part] for part in (0, 1, 2, "any")]


@given(worlds(), lookups)
@settings(deadline=None, max_examples=60)
def test_a_hash_table_holds_the_same_moves_as_a_matrix(world, lookup):
    keys, out = np.full(64, -1, np.int64), np.zeros((64, 4), np.int64)
    with np.errstate(over="ignore"):  # uncompiled, numpy warns that the hash wraps
        used = moves_of_many(
            world.offset, world.codes, lookup, world.time_us, world.keep, STATES, keys, out
        )
    wanted = naive.moves(world.offset, world.codes, lookup, world.time_us, world.keep)
    found = {int(key): out[i, :3].tolist() for i, key in enumerate(keys) if key >= 0}
    assert found == {
        place(move): [n, wanted.ms[move], wanted.entities[move]] for move, n in wanted.moves.items()
    }
    assert used == len(found)


def test_a_hash_table_that_is_too_small_says_so():
    offset, codes = np.array([0, 5]), np.arange(5, dtype=np.uint16)
    lookup, time_us = np.arange(5, dtype=np.int32), np.zeros(5, np.int64)
    keys, out = np.full(4, -1, np.int64), np.zeros((4, 4), np.int64)
    with np.errstate(over="ignore"):
        assert moves_of_many(offset, codes, lookup, time_us, NONE, 5, keys, out) == -1


@given(worlds(), lookups, st.integers(0, STATES - 1), st.integers(0, STATES - 1), st.integers(0, 2))
@settings(deadline=None, max_examples=60)
def test_an_edge_lists_as_many_entities_as_it_counts(world, lookup, source, target, part):
    for split in (NONE, world.split):
        out = np.zeros(len(world.offset) - 1, np.uint8)
        cell = np.array([source, target, part], np.int64)
        took(world.offset, world.codes, lookup, world.keep, split, cell, out)
        wanted = naive.moves(world.offset, world.codes, lookup, world.time_us, world.keep, split)
        assert out.sum() == wanted.entities[part if len(split) else 0, source, target]


def test_every_ms_lies_in_the_bin_of_its_sixteenth_of_a_power_of_two():
    edges = {2**k + d for k in range(53) for d in (-1, 0, 1)}
    for ms in [*range(300), *sorted(edges), 10**12, 2**53 - 1]:
        assert bin_of(np.uint64(max(ms, 0))) == naive.bin_of(max(ms, 0))
    assert bin_of(np.uint64(2**63 // 1000)) < BINS
