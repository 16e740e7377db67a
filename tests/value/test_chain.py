"""Moves, worth and gain of a chain against arithmetic done by hand and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from tests.value.semi_markov import EAGER, PLAIN, document, simulate

from pathworth.journeys import Journeys, LocalEngine
from pathworth.value import decide
from pathworth.value.chain.cells import Cells
from pathworth.value.chain.chains import Chains, chains, jackknife
from pathworth.value.chain.sojourns import SojournsOf
from pathworth.value.chain.solve import incidence
from pathworth.value.fit.memory import memory


def solved(snapshot, **more: object) -> Chains:
    engine = LocalEngine(1)
    plan, _ = decide(Journeys(snapshot), document(**more), engine=engine)
    return chains(engine.fold(plan.whole(Journeys(snapshot)), SojournsOf(plan)), plan)


def test_incidence_counts_who_is_censored_within_a_bin_as_half_at_risk() -> None:
    # 10 begin. Bin 0: 2 go to A, 1 to B. Bin 1: 2 censored, 1 goes to A. Then 4 exit at tau.
    table = np.zeros((1, 4, 3), np.int64)
    table[0, 0, :2] = 2, 1
    table[0, 1, 0] = 1
    table[0, 3, 1] = 2
    table[0, 2, 2] = 4
    found = incidence(table, 2)
    stay = 1 - 3 / 10
    assert found.share[0].tolist() == pytest.approx([2 / 10 + stay * 1 / (7 - 1), 1 / 10])
    assert found.at_risk[0] == 7


def test_incidence_without_censoring_is_the_plain_share() -> None:
    rng = np.random.default_rng(5)
    table = rng.integers(0, 9, size=(4, 5, 8))
    table[:, -1] = 0
    table[:, -2, :-1] = 0
    table[:, :-2, 7] = 0
    share = table[:, :-2].sum(axis=2) / table.sum(axis=(1, 2))[:, None]
    assert incidence(table, 7).share == pytest.approx(share)


def test_incidence_is_right_where_completed_only_and_open_is_lost_are_not() -> None:
    rng = np.random.default_rng(11)
    n, truth = 60_000, 0.38
    waits = np.exp(rng.normal(np.log(40.0), 1.0, n))
    moves = rng.random(n) < truth
    follow = rng.random(n) * 364
    edges = np.concatenate([[0.0], np.geomspace(0.1, 300, 62)])
    age = (
        np.searchsorted(edges, np.where(moves, np.minimum(waits, follow), follow), side="right") - 1
    )
    seen = moves & (waits < follow) & (waits < 300)
    gone = ~seen & (follow >= 300)
    table = np.zeros((1, 3, 64), np.int64)
    np.add.at(table[0, 0], age[seen], 1)
    table[0, 1, 63] = gone.sum()
    open_ = ~seen & ~gone
    np.add.at(table[0, 2], age[open_], 1)
    by_tau = truth * 0.978  # the rest of the lognormal lies beyond 300 days
    assert incidence(table, 62).share[0, 0] == pytest.approx(by_tau, abs=0.006)
    assert seen.sum() / (seen.sum() + gone.sum()) > 0.55
    assert seen.sum() / n < 0.33


@pytest.mark.parametrize("entry_weeks", [26, 52])
def test_prices_of_a_very_large_world_equal_the_closed_form(entry_weeks: int) -> None:
    found = solved(simulate([PLAIN], people=200_000, seed=21, entry_weeks=entry_weeks))
    taken = PLAIN.moves > 0
    gain = found.gain()
    low, high = jackknife(gain)
    error = (high[taken] - low[taken]) / 4
    assert (np.abs(gain[0][taken] - PLAIN.gain()[taken]) < 3.5 * error).all()
    assert (error / PLAIN.gain()[taken] < 0.01).all()
    assert found.worth_of_step()[0] == pytest.approx(PLAIN.worth(), rel=0.02)
    assert found.flow[0].sum(axis=0) == pytest.approx(PLAIN.visits(), rel=0.02)
    assert found.share()[0] == pytest.approx(PLAIN.moves, abs=0.006)


def test_personas_are_priced_apart_and_summed() -> None:
    snapshot = simulate([PLAIN, EAGER], people=100_000, seed=4, shares=(0.7, 0.3))
    truth = 0.7 * PLAIN.gain() + 0.3 * EAGER.gain()
    apart = solved(snapshot, persona="kind")
    together = solved(snapshot)
    taken = (PLAIN.moves > 0) & (EAGER.moves > 0)
    assert apart.personas == ("kind 0", "kind 1")
    assert apart.gain()[0][taken] == pytest.approx(truth[taken], rel=0.04)
    assert np.abs(together.gain()[0][taken] / truth[taken] - 1).max() > 0.15


def test_a_persona_under_200_entrants_joins_the_others() -> None:
    snapshot = simulate([PLAIN, EAGER], people=3_000, seed=4, shares=(0.97, 0.03))
    found = solved(snapshot, persona="kind")
    assert found.personas == ("kind 0", "others")
    assert found.entrants == pytest.approx(3_000, abs=5)
    assert found.weight[0].sum() == pytest.approx(1)


def test_a_point_taken_from_others_costs_what_they_would_have_earned() -> None:
    found = solved(simulate([PLAIN], people=50_000, seed=2))
    a, c = 0, 2
    moves, worth, flow = found.moves[0, 0, a], found.worth[0, 0], found.flow[0, 0, a]
    instead = sum(moves[k] * worth[k] for k in range(4) if k != c) / (1 - moves[c])
    assert found.gain("others")[0, a, c] == pytest.approx(0.01 * flow * (worth[c] - instead))
    assert found.gain("others")[0, a, c] < found.gain("exit")[0, a, c]


def test_without_a_unit_is_as_if_it_had_never_been() -> None:
    snapshot = simulate([PLAIN], people=2_000, seed=8, shards=1)
    engine = LocalEngine(1)
    plan, _ = decide(Journeys(snapshot), document(), engine=engine)
    sojourns = engine.fold(plan.whole(Journeys(snapshot)), SojournsOf(plan))
    everything = chains(sojourns, plan).gain()
    for unit in (0, 17, 63):
        rest = chains([s for k, s in enumerate(sojourns) if k != unit], plan).gain()
        assert rest[0] == pytest.approx(everything[unit + 1], rel=1e-9)


def test_the_jackknife_of_a_mean_is_its_textbook_interval() -> None:
    x = np.random.default_rng(1).normal(5, 1, 64)
    values = np.concatenate([[x.mean()], (x.sum() - x) / 63])
    low, high = jackknife(np.exp(values))
    reach = 1.99834 * x.std(ddof=1) / 8
    assert (np.log(low), np.log(high)) == pytest.approx(
        (x.mean() - reach, x.mean() + reach), rel=1e-5
    )
    low, high = jackknife(-values)
    assert (low, high) == pytest.approx((-x.mean() - reach, -x.mean() + reach), rel=1e-5)


def test_an_interval_of_money_never_reaches_below_nothing() -> None:
    low, high = jackknife(np.array([1.0, *np.linspace(0.2, 1.8, 20)]))
    assert 0 < low < 1 < high


def marks(seed: int, deadline_days: float | None, people: int):
    snapshot = simulate([EAGER], people=people, seed=seed, deadline_days=deadline_days)
    engine = LocalEngine(1)
    plan, _ = decide(Journeys(snapshot), document(), engine=engine)
    sojourns = engine.fold(plan.whole(Journeys(snapshot)), SojournsOf(plan))
    found = chains(sojourns, plan)
    pairs = Cells.counted(np.empty(0, np.int64))
    for unit in sojourns:
        pairs = pairs.plus(unit.pairs)
    return memory(pairs, found.ahead(), strata=found.strata)


def test_a_deadline_that_runs_across_steps_is_found_and_a_plain_chain_is_not_marked() -> None:
    assert all(marks(seed, 6.0, 3_000).marked[1:3].any() for seed in range(5))
    plain = [marks(seed, None, 1_500).marked.any() for seed in range(20)]
    assert sum(plain) <= 4


def test_cells_add_up_whatever_the_order() -> None:
    rng = np.random.default_rng(3)
    tables = [rng.integers(0, 2, size=(3, 4)) * rng.integers(1, 9, size=(3, 4)) for _ in range(5)]
    cells = [Cells.of(table) for table in tables]
    total = cells[0].plus(cells[1]).plus(cells[2].plus(cells[3])).plus(cells[4])
    assert (total.dense((3, 4)) == sum(tables)).all()
