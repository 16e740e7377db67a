"""Folds give the same bytes whatever the threads and shards, and selections keep what they say."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, field, replace

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
    find,
    hit_lane,
    masks,
    state_lane,
    step_codes,
    whole,
)
from pathworth.journeys.predicates import terms
from pathworth.journeys.selection import step_plan
from pathworth.store import Replaced

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


@dataclass(frozen=True)
class CodesOfMany(Codes):
    """The same, of several parts in one partial; ``asked`` counts the parts of each call."""

    asked: list[int] = field(default_factory=list)

    def fold_all(self, parts):
        self.asked.append(len(parts))
        out = np.zeros(len(self.steps) + 1, np.int64)
        for part in parts:
            out += self.fold(part)
        return out


def test_partials_that_hold_several_parts_are_made_once_for_each_group(monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    for world in WORLDS.values():
        chosen, many = Journeys(world), CodesOfMany(NAMED)
        found = LocalEngine(2).fold(chosen, many)
        assert len(many.asked) == 64
        assert sum(many.asked) == len(LocalEngine(2).parts(chosen))
        plain = LocalEngine(1).fold(chosen, Codes(NAMED))
        assert np.stack(found).tolist() == np.stack(plain).tolist()


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
    monkeypatch.setattr(masks, "_KEPT_BYTES", 3 * len(ROWS))
    runs = LocalEngine(1)
    for k in range(6):
        runs.keeps(Journeys(WORLDS[1], where=f"size = {k}"))
    assert len(runs.masks._chosen) == 3


def moved(world, *, every):
    """The same people, every so many of them in a later shard as well and replaced where they lay."""
    shard = world.shards[0]
    mask = np.zeros(shard.entities, np.uint8)
    mask[::every] = 1
    rows = [
        (shard.id_of(e), world.names[shard.name[k]], int(shard.time_us[k]))
        for e in np.flatnonzero(mask)
        for k in range(shard.offset[e], shard.offset[e + 1])
    ]
    columns = {
        "plan": [
            (None, *world.columns["plan"].values)[shard.columns["plan"][k]]
            for e in np.flatnonzero(mask)
            for k in range(shard.offset[e], shard.offset[e + 1])
        ]
    }
    later = snapshot(rows, columns=columns).shards[0]
    words = sorted({one for one in columns["plan"] if one})
    recoded = np.array([0, *(world.columns["plan"].values.index(w) + 1 for w in words)], np.uint16)
    names = list(dict.fromkeys(name for _, name, _ in rows))
    held = dict(later.columns)
    held["plan"] = recoded[later.columns["plan"]]
    held["size"] = np.zeros(len(later.name))
    later = replace(
        later,
        name=np.array([world.names.index(n) for n in names], np.uint16)[later.name],
        columns=held,
        traits={"plan": recoded[later.traits["plan"]], "size": np.zeros(later.entities)},
    )
    events = int(np.diff(shard.offset)[mask != 0].sum())
    gone = Replaced((mask, np.empty(0, np.uint8)), int(mask.sum()), events)
    return replace(world, shards=(shard, later), replaced=gone)


def test_where_everything_is_chosen_steps_make_no_other_masks():
    runs, world = LocalEngine(1), moved(WORLDS[1], every=3)
    plain, mapped = Journeys(world), Journeys(world, steps=(Step("e1", "event = 'e1'"),))
    assert runs.keeps(plain) is runs.keeps(mapped)
    assert runs.keeps(replace(plain, where="event <> 'e1'")) is not runs.keeps(plain)


def test_of_a_snapshot_that_is_no_longer_there_no_masks_are_left_while_others_are_made(monkeypatch):
    runs, held, without = LocalEngine(1), [], masks._without
    monkeypatch.setattr(
        masks, "_without", lambda *given: held.append(len(runs.masks._shown)) or without(*given)
    )
    for every in (3, 2, 4):
        runs.keeps(Journeys(moved(WORLDS[1], every=every)))
    assert held == [0, 0, 0]


def test_people_who_lie_in_a_later_shard_are_seen_once_and_no_shard_is_asked_again(monkeypatch):
    world, runs = WORLDS[1], LocalEngine(1)
    asked = Journeys(world, where="event <> 'e1'", who="plan = 'pro'")
    counts = lambda one: runs.total(one, Codes(NAMED))[1:].tolist()  # noqa: E731
    wanted = [counts(Journeys(world)), counts(asked)]
    seen = []
    fill = masks.fill_keep
    monkeypatch.setattr(
        masks, "fill_keep", lambda j, piece, **k: (seen.append(piece.shard), fill(j, piece, **k))
    )
    for every in (3, 2):
        tailed = moved(world, every=every)
        assert (tailed.events, tailed.entities) == (world.events, world.entities)
        again = replace(asked, snapshot=tailed)
        assert [counts(Journeys(tailed)), counts(again)] == wanted
        assert len(runs.units(Journeys(tailed), Codes(NAMED))) == world.entities
        somebody = tailed.shards[1].id_of(0)
        assert find(tailed, somebody) == (tailed.shards[1], 0)
        assert seen == [tailed.shards[1]]
        seen.clear()
