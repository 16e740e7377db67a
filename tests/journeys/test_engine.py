"""Folds give the same bytes whatever the threads and shards, and selections keep what they say."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth.base.errors import UnknownName
from pathworth.base.period import Period
from pathworth.journeys import (
    Journeys,
    LocalEngine,
    Step,
    engine,
    entity_mask,
    event_mask,
    hit_lane,
    state_lane,
    step_codes,
    whole,
)
from pathworth.journeys.predicates import terms
from pathworth.journeys.selection import step_plan

ROWS = random_rows(1, people=300, events=4_000)
PLANS = [None if k % 3 == 0 else ("pro", "free")[k % 2] for k in range(len(ROWS))]
SIZES = [float(k % 7) for k in range(len(ROWS))]
WORLDS = {k: snapshot(ROWS, columns={"plan": PLANS, "size": SIZES}, shards=k) for k in (1, 2, 8)}
NAMED = (Step("one", "event in ('e1', 'e2')"), Step("two", "event = 'e2' or event like '%3'"))
MIXED = (
    Step("a", "event = 'e1' and plan = 'pro'"),
    Step("b", "(event = 'e1' or plan is null) and size > 3"),
    Step("c", "trait('plan') = 'free' or plan = 'pro' and not size between 1 and 2"),
    Step("d", "true"),
)
SELECTIONS = [
    {},
    {"where": "plan = 'pro' or size = 3"},
    {"who": "plan = 'pro'"},
    {"period": Period(1_702_000_000_000_000, 1_705_000_000_000_000), "who": "plan = 'pro'"},
]


@dataclass(frozen=True)
class Codes:
    """Kept events by step."""

    steps: tuple[Step, ...]

    def fold(self, part):
        return np.bincount(step_codes(part, self.steps) + 1, minlength=len(self.steps) + 1)

    def merge(self, left, right):
        return left + right


@pytest.mark.parametrize("steps", [NAMED, MIXED])
@pytest.mark.parametrize("selection", SELECTIONS)
def test_partials_are_the_same_with_any_number_of_threads_and_shards(steps, selection, monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    found = {
        np.stack(LocalEngine(threads).fold(Journeys(world, **selection), Codes(steps))).tobytes()
        for world in WORLDS.values()
        for threads in (1, 2, 8)
    }
    assert len(found) == 1


def test_the_total_and_the_units_add_up_to_the_groups():
    for selection in SELECTIONS:
        for world in WORLDS.values():
            chosen, runs = Journeys(world, **selection), LocalEngine(2)
            groups = runs.fold(chosen, Codes(NAMED))
            assert len(groups) == 64
            total = runs.total(chosen, Codes(NAMED))
            assert total.tolist() == np.sum(groups, axis=0).tolist()
            units = runs.units(chosen, Codes(NAMED))
            assert np.sum(units, axis=0)[1:].tolist() == total[1:].tolist()
            assert all(one.sum() > 0 for one in units)


@pytest.mark.parametrize("steps", [NAMED, MIXED])
def test_an_event_takes_the_first_step_whose_rule_holds(steps):
    world = WORLDS[1]
    part = whole(world, world.shards[0])
    masks = np.stack([event_mask(part, step.rule) for step in steps])
    wanted = np.where(masks.any(axis=0), masks.argmax(axis=0), -1)
    assert step_codes(part, steps).tolist() == wanted.tolist()
    bits = (masks.astype(np.uint64) << np.arange(len(steps), dtype=np.uint64)[:, None]).sum(axis=0)
    lane = hit_lane(part, steps)
    assert lane.table[lane.codes].tolist() == bits.tolist()
    states = state_lane(part, steps)
    assert states.table[states.codes].tolist() == wanted.tolist()


def test_rules_by_name_bits_and_masks_give_the_same_steps(monkeypatch):
    world = WORLDS[1]
    part = whole(world, world.shards[0])
    chosen = step_plan(world, MIXED)
    assert isinstance(chosen, terms.ByBits)
    assert isinstance(step_plan(world, NAMED), terms.ByName)
    monkeypatch.setattr(terms, "TERMS", 2)
    again = (*MIXED, Step("e", "size = 1"))
    assert isinstance(step_plan(world, again), terms.ByRules)
    assert step_codes(part, again).tolist() == step_codes(part, MIXED).tolist()
    lane, other = hit_lane(part, again), hit_lane(part, MIXED)
    assert ((lane.table[lane.codes] & 15) == other.table[other.codes]).all()


def test_more_than_sixteen_steps_over_several_columns_keep_all_their_bits():
    world = WORLDS[1]
    part = whole(world, world.shards[0])
    steps = tuple(Step(f"s{k}", f"size = {k % 7} and event <> 'e{k % 6}'") for k in range(20))
    lane = hit_lane(part, steps)
    bits = lane.table[lane.codes]
    for k, step in enumerate(steps):
        assert ((bits >> np.uint64(k)) & np.uint64(1)).tolist() == event_mask(
            part, step.rule
        ).tolist()


def test_a_period_keeps_its_first_instant_and_not_its_last():
    world = snapshot([("p", "a", 10), ("p", "b", 20), ("p", "c", 30)])
    chosen = Journeys(world, period=Period(10, 30))
    assert np.sum(LocalEngine(1).fold(chosen, Codes((Step("x", "true"),))), axis=0)[1] == 2


def test_who_is_judged_at_the_end_of_the_period():
    rows = [("p", "a", 10), ("p", "b", 20), ("p", "c", 30), ("q", "a", 10)]
    world = snapshot(rows, columns={"plan": ["free", "pro", None, "free"]})
    shard = world.shards[0]
    ids = [shard.id_of(e) for e in range(2)]

    def are(who, until):
        return {
            one
            for one, yes in zip(
                ids, entity_mask(world, shard, who=who, until_us=until), strict=True
            )
            if yes
        }

    assert are("plan = 'pro'", None) == {"p"}
    assert are("plan = 'free'", 20) == {"p", "q"}
    assert are("trait('plan') = 'free'", 21) == {"q"}
    assert are("plan is null", 10) == {"p", "q"}
    with pytest.raises(UnknownName) as caught:
        entity_mask(world, shard, who="event = 'a'")
    assert caught.value.code == "UNKNOWN_TRAIT"


def test_a_snapshot_without_events_folds_sixty_four_empty_parts():
    empty = snapshot([])
    for world in (empty, type(empty)(**{**vars(empty), "shards": ()})):
        found = LocalEngine(2).fold(Journeys(world, where="event = 'x'"), Codes(NAMED))
        assert len(found) == 64
        assert np.sum(found) == 0
        assert LocalEngine(2).total(Journeys(world), Codes(NAMED)).sum() == 0
        assert LocalEngine(2).units(Journeys(world), Codes(NAMED)) == []


def test_an_error_inside_a_thread_reaches_the_asker(monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    with pytest.raises(UnknownName, match="nothing"):
        LocalEngine(2).fold(Journeys(WORLDS[1]), Codes((Step("x", "nothing = 'a'"),)))


def fold_in_child(runs, answer):
    answer.send(np.sum(runs.fold(Journeys(WORLDS[1]), Codes(NAMED)), axis=0).tolist())


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_an_engine_works_in_a_process_forked_from_its_own(monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    runs, fork = LocalEngine(2), multiprocessing.get_context("fork")
    wanted = np.sum(runs.fold(Journeys(WORLDS[1]), Codes(NAMED)), axis=0).tolist()
    receive, send = fork.Pipe(duplex=False)
    child = fork.Process(target=fold_in_child, args=(runs, send))
    child.start()
    assert receive.poll(30)
    assert receive.recv() == wanted
    child.join()


def test_only_so_many_masks_are_kept(monkeypatch):
    monkeypatch.setattr(engine, "_KEPT_BYTES", 3 * len(ROWS))
    runs = LocalEngine(1)
    for k in range(6):
        runs.keeps(Journeys(WORLDS[1], where=f"size = {k}"))
    assert len(runs._keeps) == 3
