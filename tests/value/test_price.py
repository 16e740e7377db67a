"""What a price says of every step and arrow, and what it says where it cannot know."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from tests.value.semi_markov import DAY_US, EAGER, MONDAY_US, PLAIN, document, simulate

from pathworth.atlas import MapDocument, MapStep
from pathworth.journeys import Journeys, LocalEngine
from pathworth.store import EventArrays, Snapshot, snapshot_from_arrays
from pathworth.value import Price, price_arrows, sampling_price


@pytest.fixture(scope="module")
def world() -> Snapshot:
    return simulate([PLAIN], people=4_000, seed=5)


@pytest.fixture(scope="module")
def found(world: Snapshot) -> Price:
    return sampling_price(Journeys(world), document())


def arrow(price: Price, from_: str, to: str):
    return next(a for a in price.arrows if (a.from_, a.to) == (from_, to))


def step(price: Price, name: str):
    return next(s for s in price.steps if s.id == name)


def test_a_month_is_what_a_point_gains_times_a_months_entrants(found: Price) -> None:
    one = arrow(found, "b", "c")
    assert found.entrants_per_month == pytest.approx(found.entrants / found.months)
    assert one.per_month == pytest.approx(one.gain_per_point * found.entrants_per_month)
    assert one.per_month_interval[0] < one.per_month < one.per_month_interval[1]
    assert one.interval[0] < one.value_per_person < one.interval[1]
    assert one.value_per_person == pytest.approx(PLAIN.worth()[2], rel=0.15)
    assert one.gain_per_point == pytest.approx(PLAIN.gain()[1, 2], rel=0.15)


def test_loops_are_arrows_and_shares_of_a_step_add_up_to_one(found: Price) -> None:
    for name in "abc":
        assert sum(a.share for a in found.arrows if a.from_ == name) == pytest.approx(1)
    loop = arrow(found, "a", "a")
    assert loop.share == step(found, "a").again_share == pytest.approx(0.2, abs=0.03)
    assert loop.per_month is not None
    assert step(found, "a").leave_share == arrow(found, "a", "exit").share


def test_people_are_counted_once_and_visits_each_time(world: Snapshot, found: Price) -> None:
    places = [world.names.index(name) for name in "ab"]
    both = visits = 0
    for shard in world.shards:
        for e in range(shard.entities):
            names = shard.name[shard.offset[e] : shard.offset[e + 1]].tolist()
            moves = list(pairwise(names)).count(tuple(places))
            both, visits = both + (moves > 0), visits + moves
    one = arrow(found, "a", "b")
    assert (one.people, one.visits) == (both, pytest.approx(visits, abs=2))
    assert one.people < one.visits
    assert step(found, "a").visits == sum((s.name == places[0]).sum() for s in world.shards)


def test_times_of_a_move_are_its_mean_and_median(found: Price) -> None:
    one = arrow(found, "b", "c")
    assert one.median_seconds == pytest.approx(3 * 86_400, rel=0.12)
    assert one.mean_seconds == pytest.approx(3 * 86_400 * np.exp(0.5), rel=0.15)


def test_leaving_has_people_and_no_price_and_says_why(found: Price) -> None:
    one = arrow(found, "c", "exit")
    assert one.people > 100
    assert one.per_month is None
    assert one.value_per_person is None
    assert "leaving" in one.why


def test_what_leaving_costs_is_what_moving_on_would_have_earned(found: Price) -> None:
    c = step(found, "c")
    moves, worth = PLAIN.moves[2], PLAIN.worth()
    lost = PLAIN.visits()[2] * (1 - moves.sum()) * (moves @ worth / moves.sum())
    assert c.lost_per_month == pytest.approx(lost * found.entrants_per_month, rel=0.15)
    assert c.worth_interval[0] < c.worth_per_person < c.worth_interval[1]


def test_the_same_bytes_whatever_the_threads_and_shards() -> None:
    def answer(shards: int, threads: int) -> Price:
        snapshot = simulate([PLAIN, EAGER], people=3_000, seed=6, shares=(0.6, 0.4), shards=shards)
        return price_arrows(
            Journeys(snapshot), document(persona="kind"), engine=LocalEngine(threads)
        )

    assert answer(1, 1) == answer(4, 2)


def test_few_people_are_priced_person_by_person_and_the_same_whatever_the_shards() -> None:
    def answer(shards: int) -> Price:
        snapshot = simulate([EAGER], people=260, seed=7, shards=shards)
        return sampling_price(Journeys(snapshot), document())

    found = answer(1)
    assert found == answer(3)
    assert any("person by person" in note for note in found.notes)
    one = arrow(found, "b", "c")
    assert one.per_month_interval[0] < EAGER.gain()[1, 2] * found.entrants_per_month
    assert one.per_month_interval[1] > EAGER.gain()[1, 2] * found.entrants_per_month


def test_an_arrow_with_too_few_takers_has_no_price_and_says_so() -> None:
    found = sampling_price(Journeys(simulate([PLAIN], people=300, seed=9)), document())
    one = arrow(found, "c", "b")
    assert one.people < 20
    assert (one.per_month, one.value_per_person, one.interval) == (None, None, None)
    assert one.why == f"too few: {one.people} took it, a price needs 20"


def test_without_money_nothing_is_invented() -> None:
    free = dataclasses.replace(PLAIN, money=np.zeros(4))
    found = price_arrows(Journeys(simulate([free], people=1_000, seed=3)), document())
    assert {a.per_month for a in found.arrows} == {None}
    assert {s.worth_per_person for s in found.steps} == {None}
    assert arrow(found, "a", "b").why == "no money is recorded"
    assert arrow(found, "a", "b").share == pytest.approx(0.4, abs=0.06)
    assert any("No money is recorded" in note for note in found.notes)


def test_a_chain_that_nobody_leaves_is_refused_and_says_so() -> None:
    n, rounds = 600, 60
    entity = np.repeat(np.arange(n), rounds)
    time = MONDAY_US + np.tile(np.arange(rounds) * 4 * DAY_US, n) + entity * 1_000_000
    snapshot = snapshot_from_arrays(
        [f"p{k}" for k in range(n)],
        EventArrays(
            entity=entity,
            name=np.zeros(len(entity), int),
            time_us=time,
            seq=None,
            columns={"value": np.full(len(entity), 1_000_000)},
        ),
        names=["a"],
        infos={},
    )
    found = sampling_price(
        Journeys(snapshot), MapDocument("m", (MapStep("a", "A", "event = 'a'"),))
    )
    assert arrow(found, "a", "a").per_month is None
    assert "nobody is seen to leave" in arrow(found, "a", "a").why
    assert any("no end" in note for note in found.notes)


def test_a_step_without_a_rule_is_evidence_and_a_step_nobody_reaches_says_so(
    world: Snapshot,
) -> None:
    steps = (*document().steps, MapStep("e", "E", None), MapStep("f", "F", "event = 'nothing'"))
    found = sampling_price(Journeys(world), MapDocument("m", steps))
    assert step(found, "e").why.startswith("known from evidence only")
    assert step(found, "f").why == "nobody is seen here"
    assert step(found, "b").worth_per_person is not None


def test_one_person_who_carries_much_of_the_money_is_named() -> None:
    snapshot = simulate([PLAIN], people=800, seed=12)
    shard = snapshot.shards[0]
    value = np.array(shard.columns["value"])
    rich = int(np.flatnonzero(shard.name == 3)[0])
    value[rich] = 10**12
    columns = {name: shard.columns[name] for name in ("value", "cost", "kind")} | {"value": value}
    rich_shard = dataclasses.replace(shard, columns=columns)
    changed = dataclasses.replace(snapshot, shards=(rich_shard, *snapshot.shards[1:]))
    entity = int(np.searchsorted(shard.offset, rich, side="right") - 1)
    notes = sampling_price(Journeys(changed), document()).notes
    assert any(shard.id_of(entity) in note and "alone carries" in note for note in notes)
    assert not any("alone" in n for n in sampling_price(Journeys(snapshot), document()).notes)


def test_cost_is_subtracted_and_money_outside_of_steps_counts_from_the_visit_on() -> None:
    n = 1_200
    entity = np.repeat(np.arange(n), 3)
    begin = np.repeat(MONDAY_US + np.arange(n) * (300 * DAY_US // n), 3)
    time = begin + np.tile([0, 3_600_000_000, 7_200_000_000], n)
    snapshot = snapshot_from_arrays(
        [f"p{k}" for k in range(n)],
        EventArrays(
            entity=entity,
            name=np.tile([0, 1, 2], n),
            time_us=time,
            seq=None,
            columns={
                "value": np.tile([0, 0, 50_000_000], n),
                "cost": np.tile([1_000_000, 0, 20_000_000], n),
            },
        ),
        names=["a", "b", "paid"],
        infos={},
    )
    chart = MapDocument("m", tuple(MapStep(x, x, f"event = '{x}'") for x in "ab"))
    found = sampling_price(Journeys(snapshot), chart)
    assert step(found, "b").worth_per_person == pytest.approx(30)
    assert step(found, "a").worth_per_person == pytest.approx(29)


def test_a_persona_that_is_known_later_than_entry_does_not_split_the_chain() -> None:
    snapshot = simulate([PLAIN, EAGER], people=3_000, seed=4, shares=(0.6, 0.4))
    late = []
    for shard in snapshot.shards:
        kind = np.array(shard.columns["kind"])
        kind[shard.name < 2] = 0
        columns = {"value": shard.columns["value"], "cost": shard.columns["cost"], "kind": kind}
        late.append(dataclasses.replace(shard, columns=columns))
    changed = dataclasses.replace(snapshot, shards=tuple(late))
    found = sampling_price(Journeys(changed), document(persona="kind"))
    assert found.personas == ("everybody",)
    assert any("known at entry for" in note for note in found.notes)
    assert sampling_price(Journeys(snapshot), document(persona="kind")).personas == (
        "kind 0",
        "kind 1",
    )


def test_model_error_is_the_price_with_unlike_visits_apart() -> None:
    snapshot = simulate([PLAIN, EAGER], people=20_000, seed=4, shares=(0.7, 0.3))
    found = price_arrows(Journeys(snapshot), document())
    truth = (0.7 * PLAIN.gain() + 0.3 * EAGER.gain())[0, 2] * found.entrants_per_month
    one = arrow(found, "a", "c")
    assert one.per_month == one.model_spread[1]
    assert one.model_spread[0] == pytest.approx(truth, rel=0.06)
    assert one.per_month_interval[0] > truth * 1.1
    assert any("'kind'" in note for note in found.notes)


def test_where_nothing_tells_visits_apart_there_is_no_model_error(world: Snapshot) -> None:
    found = price_arrows(Journeys(world), document())
    assert {a.model_spread for a in found.arrows} == {None}


def test_a_where_that_takes_money_away_takes_it_out_of_the_price(world: Snapshot) -> None:
    found = sampling_price(Journeys(world, where="event in ('a', 'b', 'c')"), document())
    assert step(found, "c").worth_per_person == pytest.approx(0.0, abs=0.5)
    assert step(found, "d").why == "nobody is seen here"
