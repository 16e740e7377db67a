"""The kernels of visits and sojourns agree with their twins, compiled or not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.naive import visits as naive

from pathworth.kernels.visits import (
    CONTRACT,
    ENTRY,
    IN_CHAIN,
    LEAVING,
    count_people,
    count_sojourns,
    find_visits,
    follow_visits,
    sum_money,
)

STEPS = 5
GAP_US = 1_800_000_000
HOUR_MS = 3_600_000


class Case:
    """Random events of 40 entities, some without any, with ties and times that are no whole ms."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        lengths = rng.integers(0, 12, size=40)
        self.offset = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        events = int(self.offset[-1])
        self.codes = rng.integers(-1, STEPS, size=events).astype(np.int16)
        self.codes[rng.random(events) < 0.4] = 1
        pauses = rng.choice(
            [0, 1, 499, 1_800_000_000, 1_800_000_001, 3 * 3_600_000_000], size=events
        )
        self.time_us = np.cumsum(pauses + rng.integers(0, 3, size=events) * 700)
        self.net = rng.integers(-5, 9, size=events) * 1_000_000_007
        self.tau_ms = np.array([2, 4, 1, 24, 3], np.int64) * HOUR_MS
        self.ends = np.array([0, 0, 0, LEAVING, CONTRACT], np.int64)
        self.under_contract = (rng.random(40) < 0.1).astype(np.uint8)
        self.end_us = int(self.time_us[-1]) - 40 * 3_600_000_000
        n = np.empty(events, np.int64)
        columns = n.copy(), np.empty(events, np.int16), n.copy(), n.copy()
        found = find_visits(self.offset, self.codes, self.time_us, GAP_US, *columns)
        self.entity, self.step, self.first, self.last = (c[:found] for c in columns)
        self.start_us = self.time_us[self.first]
        self.rows = list(
            zip(*(c.tolist() for c in (self.entity, self.step, self.first, self.last)), strict=True)
        )

    def follow(self):
        n = len(self.entity)
        place, cause = np.zeros(n, np.uint8), np.zeros(n, np.int16)
        sojourn_ms = np.zeros(n, np.int64)
        follow_visits(
            self.entity,
            self.step,
            self.start_us,
            np.stack([self.tau_ms, self.ends]),
            self.under_contract,
            self.end_us,
            place,
            cause,
            sojourn_ms,
        )
        return place, cause, sojourn_ms

    def money(self, until_us):
        sums = np.zeros(len(self.entity), np.int64)
        sum_money(
            self.offset,
            self.time_us,
            self.net,
            self.entity,
            self.first,
            self.last,
            until_us,
            sums,
        )
        return sums


@pytest.mark.parametrize("seed", range(8))
def test_visits_are_runs_of_one_step_cut_by_the_gap_of_its_own_events(seed):
    case = Case(seed)
    twin = naive.find_visits(case.offset, case.codes, case.time_us, GAP_US)
    assert [list(row) for row in case.rows] == twin
    assert len(twin) > 40


@pytest.mark.parametrize("seed", range(8))
def test_every_visit_ends_as_its_twin_says(seed):
    case = Case(seed)
    place, cause, sojourn_ms = case.follow()
    twin = naive.follow(
        case.rows, case.start_us, case.tau_ms, case.ends, case.under_contract, case.end_us
    )
    found = zip(
        ((place & IN_CHAIN) > 0).tolist(),
        ((place & ENTRY) > 0).tolist(),
        cause.tolist(),
        sojourn_ms.tolist(),
        strict=True,
    )
    assert list(found) == twin
    assert {naive.EXIT, naive.CENSORED, 1} <= set(cause.tolist())
    assert {0, IN_CHAIN, IN_CHAIN + ENTRY} == set(place.tolist())


@pytest.mark.parametrize("seed", range(4))
def test_money_of_a_visit_is_all_that_comes_before_the_next_one(seed):
    case = Case(seed)
    until_us = case.start_us + 2 * 3_600_000_000
    twin = naive.money(case.offset, case.time_us, case.net, case.rows, until_us)
    assert case.money(until_us).tolist() == twin
    assert case.money(np.full(len(until_us), 2**62)).tolist() != twin


@pytest.mark.parametrize("seed", range(4))
def test_sojourns_are_counted_by_cell_with_exact_money(seed):
    case = Case(seed)
    place, cause, sojourn_ms = case.follow()
    earned = case.money(np.full(len(place), 2**62))
    persona = (case.entity % 3).astype(np.uint8)
    edges = np.array([1, HOUR_MS, 2 * HOUR_MS, 30 * HOUR_MS], np.int64)
    counts = np.zeros((3, STEPS, STEPS + 2, 5), np.int64)
    limbs = np.zeros((2, 3, STEPS, STEPS + 2), np.int64)
    entrants = np.zeros((3, STEPS), np.int64)
    count_sojourns(
        place, persona, case.step, cause, sojourn_ms, earned, edges, counts, limbs, entrants
    )
    rows = zip(
        ((place & IN_CHAIN) > 0).tolist(),
        ((place & ENTRY) > 0).tolist(),
        *(c.tolist() for c in (persona, case.step, cause, sojourn_ms, earned)),
        strict=True,
    )
    twin_counts, twin_sums, twin_entrants = naive.sojourns(rows, edges, STEPS)
    assert {tuple(map(int, k)): int(counts[tuple(k)]) for k in np.argwhere(counts)} == twin_counts
    sums = (limbs[0] << 32) + limbs[1]
    assert {k: int(sums[k]) for k in twin_sums} == twin_sums
    assert (limbs[1] >= 0).all()
    assert {tuple(map(int, k)): int(entrants[tuple(k)]) for k in np.argwhere(entrants)} == (
        twin_entrants
    )


@pytest.mark.parametrize("seed", range(4))
def test_people_are_counted_once_per_move_and_once_per_step(seed):
    case = Case(seed)
    place, cause, sojourn_ms = case.follow()
    seen = np.full((STEPS, STEPS + 2), -1, np.int64)
    people, elapsed = np.zeros_like(seen), np.zeros((STEPS, STEPS + 1), np.int64)
    count_people(case.entity, place, case.step, cause, sojourn_ms, seen, people, elapsed)
    rows = zip(
        case.entity.tolist(),
        ((place & IN_CHAIN) > 0).tolist(),
        *(c.tolist() for c in (case.step, cause, sojourn_ms)),
        strict=True,
    )
    who, times = naive.people(rows, STEPS)
    assert {tuple(map(int, k)): int(people[tuple(k)]) for k in np.argwhere(people)} == {
        k: len(v) for k, v in who.items()
    }
    assert {k: int(elapsed[k]) for k in times} == times
