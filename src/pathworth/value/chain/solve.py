"""From counted sojourns to the worth of every step and move, for everybody and without each unit in turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.kernels.visits import CONTRACT
from pathworth.value.chain.plan import BIN_EDGES_MS, BINS, Plan
from pathworth.value.chain.sojourns import Sojourns

LARGEST_RADIUS = 0.999


@dataclass(frozen=True)
class Chain:
    """The chain of one persona; resample 0 is everybody, resample u + 1 is without unit u.

    Parameters
    ----------
    moves
        float64[resamples, S, S]: p_ij, the share of visits of i whose next visit before tau is of j.
    gains
        float64[resamples, S, S]: r_ij, mean net money from the start of i to the start of j.
    leaves
        float64[resamples, S]: r_i,exit, mean net money of a visit of i that exits, with worth at purchase.
    worth
        float64[resamples, S]: v_i, expected net money from entering i on.
    visits
        float64[resamples, S]: N_0i, expected visits of i per entrant.
    entrants
        float64[resamples]: journeys that begin.
    taken, open_
        int64[S, S] moves seen, and float64[S] sojourns still open just before tau, of everybody.
    """

    moves: NDArray[np.float64]
    gains: NDArray[np.float64]
    leaves: NDArray[np.float64]
    worth: NDArray[np.float64]
    visits: NDArray[np.float64]
    entrants: NDArray[np.float64]
    taken: NDArray[np.int64]
    open_: NDArray[np.float64]
    singular: bool


@dataclass(frozen=True)
class Tables:
    """All units' sojourns side by side, persona by persona.

    Parameters
    ----------
    units
        How many.
    unit, place, number
        int64[n]: the cells of int64[persona, state, cause, bin] of each unit, ordered by place.
    money
        float64[units, persona, state, cause]: net money in units of the currency.
    entrants
        int64[units, persona, state].
    """

    units: int
    unit: NDArray[np.int64]
    place: NDArray[np.int64]
    number: NDArray[np.int64]
    money: NDArray[np.float64]
    entrants: NDArray[np.int64]


def tables(sojourns: list[Sojourns], plan: Plan) -> Tables:
    """Lay the units' cells side by side."""
    steps, personas = plan.steps, len(plan.personas)
    unit = np.concatenate([np.full(len(s.ages.place), u) for u, s in enumerate(sojourns)])
    place = np.concatenate([s.ages.place for s in sojourns])
    number = np.concatenate([s.ages.number for s in sojourns])
    order = np.argsort(place, kind="stable")
    shape = (personas, steps, steps + 2)
    money = [s.high.dense(shape) * (2.0**32 / MICRO) + s.low.dense(shape) / MICRO for s in sojourns]
    entrants = np.stack([s.entrants for s in sojourns])
    return Tables(
        len(sojourns), unit[order], place[order], number[order], np.stack(money), entrants
    )


def without_each(units: NDArray) -> NDArray:
    """Return the sum over units, then the sum without each unit in turn: [1 + units, ...]."""
    total = units.sum(axis=0)
    return np.concatenate([total[None], total[None] - units])


def solve(tables: Tables, plan: Plan, *, personas: list[int], worth: NDArray[np.float64]) -> Chain:
    """Solve the chain of some strata taken together.

    Parameters
    ----------
    tables
        Sojourns of all units.
    plan
        Names the states, tau and the steps that end a journey.
    personas
        The strata that make this chain.
    worth
        float64[resamples]: worth at purchase in units of the currency, for the step that begins a contract;
        zeros where there is none.
    """
    shape = (tables.units + 1, plan.steps, plan.steps)
    moves, seen, open_ = np.zeros(shape), np.zeros((*shape[:2], plan.steps + 1)), np.zeros(shape[1])
    for state in range(plan.steps):
        ages = without_each(_ages(tables, plan, personas, state))
        seen[:, state] = ages[:, :-1].sum(axis=2)
        if not plan.ends[state] and ages[0].any():
            bins = int(np.searchsorted(BIN_EDGES_MS, plan.tau_ms[state])) + 1
            found = incidence(ages, bins)
            moves[:, state], open_[state] = found.share, found.at_risk[0]
    money = without_each(tables.money[:, personas].sum(axis=1))[:, :, :-1]
    mean = np.divide(money, seen, out=np.zeros_like(money), where=seen > 0)
    gains, leaves = mean[:, :, :-1], mean[:, :, -1].copy()
    leaves[:, plan.ends == CONTRACT] += worth[:, None]
    entrants = without_each(tables.entrants[:, personas].sum(axis=1)).astype(float)
    return _closed(moves, gains, leaves, entrants, seen[0, :, :-1].astype(np.int64), open_)


def _ages(tables: Tables, plan: Plan, personas: list[int], state: int) -> NDArray[np.int64]:
    """Return int64[units, cause, bin] of one state."""
    size = (plan.steps + 2) * BINS
    table = np.zeros(tables.units * size, np.int64)
    for persona in personas:
        begin = (persona * plan.steps + state) * size
        low, high = np.searchsorted(tables.place, [begin, begin + size])
        places = tables.unit[low:high] * size + tables.place[low:high] - begin
        table[places] += tables.number[low:high]
    return table.reshape(tables.units, plan.steps + 2, BINS)


def _closed(
    moves: NDArray[np.float64],
    gains: NDArray[np.float64],
    leaves: NDArray[np.float64],
    entrants: NDArray[np.float64],
    taken: NDArray[np.int64],
    open_: NDArray[np.float64],
) -> Chain:
    """Solve v = r + P v and the expected visits, or say that the chain has no finite answer."""
    each = entrants.sum(axis=1)
    begin = np.divide(entrants, each[:, None], out=np.zeros_like(entrants), where=each[:, None] > 0)
    reward = (moves * gains).sum(axis=2) + (1 - moves.sum(axis=2)) * leaves
    radius = float(np.abs(np.linalg.eigvals(moves[0])).max(initial=0.0))
    system = np.eye(moves.shape[1]) - moves
    try:
        worth = np.linalg.solve(system, reward[:, :, None])[:, :, 0]
        visits = np.linalg.solve(system.transpose(0, 2, 1), begin[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        radius, worth, visits = 1.0, np.full_like(reward, np.nan), np.full_like(begin, np.nan)
    singular = radius >= LARGEST_RADIUS
    return Chain(moves, gains, leaves, worth, visits, each, taken, open_, singular)


@dataclass(frozen=True)
class Moves:
    """The moves out of one state for every resample.

    Parameters
    ----------
    share
        float64[resamples, steps]: cumulative incidence of each next step before tau.
    at_risk
        float64[resamples]: sojourns still open at the beginning of the last bin before tau.
    """

    share: NDArray[np.float64]
    at_risk: NDArray[np.float64]


def incidence(table: NDArray[np.int64], bins: int) -> Moves:
    """Compute the cumulative incidence of each cause before tau.

    Parameters
    ----------
    table
        int64[resamples, steps + 2, bins]: sojourns by cause (the next step, exit, censored) and age.
    bins
        How many bins lie before tau; exits lie in the next one.

    Notes
    -----
    Whoever is censored within a bin counts as half at risk in it (the actuarial rule).
    Source: Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978).
    """
    moves = table[:, :-2, :bins]
    censored = table[:, -1, :bins]
    moved = moves.sum(axis=1)
    left = np.cumsum(moved + censored, axis=1)
    open_ = table.sum(axis=(1, 2))[:, None] - left + moved + censored
    exposed = open_ - censored / 2
    safe = np.where(exposed > 0, exposed, 1.0)
    stays = np.cumprod(1 - moved / safe, axis=1)
    before = np.concatenate([np.ones((len(table), 1)), stays[:, :-1]], axis=1)
    return Moves(np.einsum("rb,rcb->rc", before / safe, moves), open_[:, -1].astype(float))
