"""The chains of all personas together: one price per arrow, summed over personas, for every resample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pathworth.value.chain.plan import EVERYBODY, Plan
from pathworth.value.chain.sojourns import Sojourns
from pathworth.value.chain.solve import Chain, solve, tables
from pathworth.value.chain.worth import worth_at_purchase

POINT = 0.01
CONFIDENCE = 0.95
NEAR_NOTHING = 0.01
ENOUGH_ENTRANTS = 200

TakenFrom = Literal["exit", "others"]


@dataclass(frozen=True)
class Chains:
    """What a price is made of; every array begins with the resamples, 0 being everybody.

    Parameters
    ----------
    personas
        Names of the chains that were solved apart.
    entrants
        Journeys that began in the period.
    weight
        float64[resamples, personas]: share of entrants.
    moves, gains
        float64[resamples, personas, S, S]: p_ij and r_ij.
    worth, visits, leaves
        float64[resamples, personas, S]: v_i, expected visits of i per entrant, r_i,exit.
    taken, open_
        int64[S, S]: moves seen; float64[S]: sojourns still open in the last bin before tau.
    singular
        Nobody is seen to leave, so the sums have no end.
    strata
        Which of the plan's strata make each persona.
    """

    personas: tuple[str, ...]
    entrants: int
    weight: NDArray[np.float64]
    moves: NDArray[np.float64]
    gains: NDArray[np.float64]
    worth: NDArray[np.float64]
    visits: NDArray[np.float64]
    leaves: NDArray[np.float64]
    taken: NDArray[np.int64]
    open_: NDArray[np.float64]
    singular: bool
    strata: tuple[tuple[int, ...], ...]

    @property
    def flow(self) -> NDArray[np.float64]:
        """Return float64[resamples, personas, S]: visits of each step per entrant of everybody."""
        return self.weight[:, :, None] * self.visits

    def after(self) -> NDArray[np.float64]:
        """Return float64[resamples, personas, S, S]: r_ij + v_j, what a visit of i earns with j next."""
        after: NDArray[np.float64] = self.gains + self.worth[:, :, None, :]
        return after

    def ahead(self) -> NDArray[np.float64]:
        """Return float64[personas, S, S + 1]: what a visit of i earns by its next step or (last) exit."""
        return np.concatenate([self.after()[0], self.leaves[0][..., None]], axis=2)

    def gain(self, taken_from: TakenFrom = "exit") -> NDArray[np.float64]:
        """Return float64[resamples, S, S]: money per entrant of one more realised move in 100 visits."""
        after = self.after()
        instead = np.broadcast_to(self.leaves[..., None], after.shape)
        if taken_from == "others":
            rest = 1 - self.moves
            other = self.worth[..., None] - self.moves * after
            instead = np.divide(other, rest, out=np.zeros_like(after), where=rest > 1e-9)
        gain: NDArray[np.float64] = np.einsum("rhi,rhij->rij", self.flow, after - instead)
        return POINT * gain

    def share(self) -> NDArray[np.float64]:
        """Return float64[resamples, S, S]: cumulative incidence of each move over all personas."""
        return _ratio(
            np.einsum("rhi,rhij->rij", self.flow, self.moves), self.flow.sum(1)[..., None]
        )

    def worth_of_move(self) -> NDArray[np.float64]:
        """Return float64[resamples, S, S]: v_j over the personas as they take the arrow i -> j."""
        taking = self.flow[..., None] * self.moves
        return _ratio((taking * self.worth[:, :, None, :]).sum(1), taking.sum(1))

    def worth_of_step(self) -> NDArray[np.float64]:
        """Return float64[resamples, S]: v_i over the personas as they enter the step."""
        return _ratio((self.flow * self.worth).sum(1), self.flow.sum(1))

    def lost(self) -> NDArray[np.float64]:
        """Return float64[resamples, S]: money per entrant that leaving at a step costs against moving on."""
        on = self.moves.sum(axis=3)
        mean = _ratio((self.moves * self.after()).sum(axis=3), on)
        lost: NDArray[np.float64] = (self.flow * (1 - on) * (mean - self.leaves)).sum(axis=1)
        return lost


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    top, bottom = np.broadcast_arrays(top, bottom)
    ratio: NDArray[np.float64] = np.zeros(top.shape)
    np.divide(top, bottom, out=ratio, where=bottom > 0)
    return ratio


def chains(sojourns: list[Sojourns], plan: Plan) -> Chains:
    """Solve the chain of every persona; the small and the endless ones join the others.

    Parameters
    ----------
    sojourns
        Of every unit.
    plan
        That they were counted by.
    """
    tabled = tables(sojourns, plan)
    groups = _large(tabled.entrants.sum(axis=(0, 2)))
    while True:
        worth = worths(sojourns, plan, strata=groups)
        solved = [solve(tabled, plan, personas=g, worth=worth[:, k]) for k, g in enumerate(groups)]
        endless = [k for k, chain in enumerate(solved) if chain.singular]
        if not endless or len(groups) == 1:
            break
        joined = sorted({*groups[-1], *(p for k in endless for p in groups[k])})
        kept = [g for k, g in enumerate(groups[:-1]) if k not in endless]
        groups = [*kept, joined] if kept != groups[:-1] else [list(range(len(plan.personas)))]
    everybody = list(range(len(plan.personas)))
    pooled = solved[0]
    if len(groups) > 1:
        together = worths(sojourns, plan, strata=[everybody])
        pooled = solve(tabled, plan, personas=everybody, worth=together[:, 0])
    return _joined(groups, solved, pooled, names=_names(plan, groups, tabled.entrants))


def _large(entrants: NDArray[np.int64]) -> list[list[int]]:
    """Return the strata that are priced apart, and (last) all smaller ones together with the others."""
    last = len(entrants) - 1
    apart = [[p] for p in range(last) if entrants[p] >= ENOUGH_ENTRANTS]
    rest = [p for p in range(last) if [p] not in apart] + [last]
    if not apart or entrants[rest].sum() > 0:
        return [*apart, rest]
    apart[-1] += rest
    return apart


def _names(plan: Plan, groups: list[list[int]], entrants: NDArray[np.int64]) -> tuple[str, ...]:
    """Name each chain by its only persona with entrants, else as the others."""
    if len(groups) == 1 and len(groups[0]) == len(plan.personas):
        return (EVERYBODY,)
    there = entrants.sum(axis=(0, 2)) > 0
    kept = [[p for p in g if there[p]] for g in groups]
    return tuple(plan.personas[g[0] if len(g) == 1 else -1] for g in kept)


def worths(sojourns: list[Sojourns], plan: Plan, *, strata: list[list[int]]) -> NDArray[np.float64]:
    """Return float64[1 + units, personas]: worth at purchase, or zeros where no contract is declared."""
    contract = plan.document.contract
    accounts = [s.accounts for s in sojourns if s.accounts is not None]
    if contract is None or not accounts:
        return np.zeros((len(sojourns) + 1, len(strata)))
    return worth_at_purchase(accounts, contract, strata=strata)


def _joined(
    groups: list[list[int]], solved: list[Chain], pooled: Chain, *, names: tuple[str, ...]
) -> Chains:
    """Put the personas side by side; what a persona was never seen to do is taken from everybody."""
    entrants = np.stack([c.entrants for c in solved], axis=1)
    moves = np.stack([c.moves for c in solved], axis=1)
    visits = np.stack([c.visits for c in solved], axis=1)
    gains = np.stack([c.gains for c in solved], axis=1)
    worth = np.stack([c.worth for c in solved], axis=1)
    leaves = np.stack([c.leaves for c in solved], axis=1)
    stays = moves.sum(axis=3) > 1 - 1e-9
    return Chains(
        personas=names,
        entrants=int(entrants[0].sum()),
        weight=_ratio(entrants, entrants.sum(axis=1, keepdims=True)),
        moves=moves,
        gains=np.where(moves > 0, gains, pooled.gains[:, None]),
        worth=np.where(visits > 0, worth, pooled.worth[:, None]),
        visits=visits,
        leaves=np.where(stays, pooled.leaves[:, None], leaves),
        taken=np.sum([c.taken for c in solved], axis=0),
        open_=np.sum([c.open_ for c in solved], axis=0),
        singular=any(c.singular for c in solved),
        strata=tuple(tuple(g) for g in groups),
    )


def jackknife(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper ends of 95 % intervals.

    Parameters
    ----------
    values
        float64[1 + units, ...]: first with everybody, then without each unit in turn.

    Notes
    -----
    Student's t with one degree of freedom less than units (63 for 64 groups). Where every value is positive,
    and none falls below a hundredth of the estimate, the interval is symmetric in the logarithm, which suits
    sums of money that are never negative.
    Source: Efron and Stein, "The jackknife estimate of variance", Annals of Statistics 9 (1981).
    """
    positive = (values[0] > 0) & (values.min(axis=0) > NEAR_NOTHING * values[0])
    scaled = np.where(positive, np.log(np.where(positive, values, 1.0)), values)
    units = len(values) - 1
    off = scaled[1:] - scaled[1:].mean(axis=0)
    error = np.sqrt((units - 1) / units * (off**2).sum(axis=0))
    reach = float(special.stdtrit(units - 1, 0.5 + CONFIDENCE / 2)) * error
    low, high = scaled[0] - reach, scaled[0] + reach
    return np.where(positive, np.exp(np.where(positive, low, 0.0)), low), np.where(
        positive, np.exp(np.where(positive, high, 0.0)), high
    )
