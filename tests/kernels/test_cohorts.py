"""The kernels of cohorts and of what comes before a moment agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st
from tests.kernels.worlds import CODES, worlds
from tests.naive import before as naive_before, money as naive

from pathworth.kernels.cohorts.before import AT_LEAST, held_before, tally_before
from pathworth.kernels.cohorts.money import first_places, paid_since

ROLES = np.array([1, 2, 3, 0, 2], np.uint8)
STATES = np.array([0, 1, 2, -1, 2], np.int32)
WIDTH, AGES = 1_000_000, 4


def kept(world, i):
    return not world.keep.size or bool(world.keep[i])


def spans(world):
    return [range(a, b) for a, b in zip(world.offset[:-1], world.offset[1:], strict=True)]


@given(worlds())
@settings(deadline=None, max_examples=80)
def test_the_first_events_of_two_roles_stand_where_the_twin_says(world):
    out = np.empty((len(world.offset) - 1, 2), np.int64)
    first_places(world.offset, world.codes, ROLES, world.keep, out)
    for e, span in enumerate(spans(world)):
        events = [(ROLES[world.codes[i]], kept(world, i)) for i in span]
        for role in (0, 1):
            place = naive.first_of(events, 1 << role)
            assert out[e, role] == (place + span.start if place >= 0 else -1)


@given(worlds(), st.lists(st.integers(-3, 10**12), min_size=48, max_size=48))
@settings(deadline=None, max_examples=80)
def test_money_is_added_by_the_age_that_the_twin_says(world, amounts):
    amount = np.array(amounts[: len(world.codes)], np.int64)
    people = len(world.offset) - 1
    places = np.empty((people, 2), np.int64)
    read = (world.offset, world.codes, ROLES)
    first_places(*read, world.keep, places)
    cohort = np.where(places[:, 0] >= 0, np.arange(people) % 3 - 1, -1).astype(np.int32)
    paid = np.empty(people, np.int32)
    out = np.zeros((2, AGES, 3), np.int64)
    best = np.zeros((2, AGES, 2), np.int64)
    best[:, :, 1] = -1
    begin = places[:, 0].copy()
    paid_since(*read, world.time_us, world.keep, amount, begin, cohort, WIDTH, paid, out, best)
    money, payers = np.zeros((2, AGES), object), np.zeros((2, AGES), int)
    largest = [[(0, -1)] * AGES for _ in range(2)]
    for e, span in enumerate(spans(world)):
        expected = -1
        if cohort[e] >= 0:
            events = [
                (
                    int(world.time_us[i]),
                    kept(world, i) and bool(ROLES[world.codes[i]] & 2),
                    int(amount[i]),
                )
                for i in span
                if i >= begin[e]
            ]
            earned, expected = naive.paid_by_age(events, width=WIDTH, ages=AGES)
            money[cohort[e]] += earned
            if expected >= 0:
                payers[cohort[e], expected] += 1
            for k in range(AGES):
                if sum(earned[: k + 1]) > largest[cohort[e]][k][0]:
                    largest[cohort[e]][k] = (sum(earned[: k + 1]), e)
        assert paid[e] == expected
    assert (out[:, :, 0].astype(object) * 2**32 + out[:, :, 1] == money).all()
    assert (out[:, :, 2] == payers).all()
    assert best.tolist() == [[list(one) for one in row] for row in largest]


@given(worlds(), st.sampled_from([0, 500, 2_000_000, 10**13]))
@settings(deadline=None, max_examples=80)
def test_what_was_done_before_a_moment_is_what_the_twin_says(world, length):
    people = len(world.offset) - 1
    begins = np.array([world.time_us[s.start] if len(s) else 0 for s in spans(world)], np.int64)
    cut = begins + length
    cell = (np.arange(people) % 3 - 1).astype(np.int32)
    often, order = np.zeros((2, 3, len(AT_LEAST)), np.int64), np.zeros((2, 3, 3), np.int64)
    read = (world.offset, world.codes, STATES, world.time_us, world.keep, cut)
    tally_before(*read, cell, np.zeros((2, 3), np.int64), often, order)
    each = [
        [(int(world.time_us[i]), int(STATES[world.codes[i]]), kept(world, i)) for i in span]
        for span in spans(world)
    ]
    assert len(STATES) == CODES
    for state in range(3):
        for column, times in enumerate(AT_LEAST):
            mask = [
                naive_before.at_least(one, cut=cut[e], state=state, times=times)
                for e, one in enumerate(each)
            ]
            check(mask, cell, often[:, state, column])
            out = np.empty(people, np.uint8)
            held_before(*read, state, -1, times, out)
            assert out.tolist() == mask
        for then in range(3):
            mask = [
                naive_before.comes_first(one, cut=cut[e], first=state, then=then)
                for e, one in enumerate(each)
            ]
            if then == state:
                assert order[:, state, then].tolist() == [0, 0]
                continue
            check(mask, cell, order[:, state, then])
            out = np.empty(people, np.uint8)
            held_before(*read, state, then, 1, out)
            assert out.tolist() == mask


def check(mask, cell, counted):
    for place in range(2):
        assert counted[place] == sum(m for m, c in zip(mask, cell, strict=True) if c == place)
