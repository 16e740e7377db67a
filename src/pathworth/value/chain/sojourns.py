"""The two folds behind a price: how long waits take, then sojourns by persona, state, cause and age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.kernels.visits import count_people, count_sojourns
from pathworth.value.chain.cells import Cells
from pathworth.value.chain.plan import BIN_EDGES_MS, BINS, NEVER_MS, Plan
from pathworth.value.chain.visits import Visits, part_visits
from pathworth.value.chain.worth import Accounts, account_months
from pathworth.value.fit.memory import pairs_of


@dataclass(frozen=True)
class Waits:
    """Completed waits int64[steps, bins], and entities with a visit by persona code at entry int64[256]."""

    waits: NDArray[np.int64]
    entered: NDArray[np.int64]


@dataclass(frozen=True)
class WaitsOf:
    """The question of the first pass: how long do completed sojourns take, and who enters."""

    plan: Plan

    def fold(self, part: Part) -> Waits:
        """Count the waits of a part."""
        visits = part_visits(part, self.plan)
        done = visits.where(visits.in_chain & (visits.cause >= 0) & (visits.sojourn_ms < NEVER_MS))
        age = np.searchsorted(BIN_EDGES_MS, done.sojourn_ms, side="right")
        cells = np.bincount(
            done.step.astype(np.int64) * BINS + age, minlength=self.plan.steps * BINS
        )
        entered = np.bincount(visits.persona[visits.entry & visits.in_chain], minlength=256)
        return Waits(cells.reshape(self.plan.steps, BINS), entered)

    def merge(self, left: Waits, right: Waits) -> Waits:
        """Add two counts."""
        return Waits(left.waits + right.waits, left.entered + right.entered)


@dataclass(frozen=True)
class Sojourns:
    """What one independent unit (a group, or an entity where there are few) adds to a price.

    Parameters
    ----------
    unit
        Id of the entity, or nothing for a group.
    ages
        Cells of int64[persona, state, cause, bin]; causes are the next step, exit, censored.
    high, low
        Cells of int64[persona, state, cause]: both 32-bit limbs of the money.
    entrants
        int64[persona, state]: journeys that begin there.
    people
        int64[state, cause + 1]: entities by next step, exit, and any visit in the period.
    elapsed_ms
        int64[state, cause]: time until the next step or exit.
    visits
        int64[state]: every visit of the period, in the chain or not.
    pairs
        Cells of two-visit counts, as `pathworth.value.fit.memory.pairs_of` lays them out.
    richest
        The largest sum of money of one entity in micro-units, and that entity.
    money_micro
        The sum of money of all entities, in micro-units.
    accounts
        Account-months, where the map declares a contract.
    """

    unit: str
    ages: Cells
    high: Cells
    low: Cells
    entrants: NDArray[np.int64]
    people: NDArray[np.int64]
    elapsed_ms: NDArray[np.int64]
    visits: NDArray[np.int64]
    pairs: Cells
    richest: tuple[int, str]
    money_micro: int
    accounts: Accounts | None

    def plus(self, other: Sojourns) -> Sojourns:
        """Add two parts of one unit; entities never lie in both."""
        return Sojourns(
            self.unit,
            self.ages.plus(other.ages),
            self.high.plus(other.high),
            self.low.plus(other.low),
            self.entrants + other.entrants,
            self.people + other.people,
            self.elapsed_ms + other.elapsed_ms,
            self.visits + other.visits,
            self.pairs.plus(other.pairs),
            max(self.richest, other.richest),
            self.money_micro + other.money_micro,
            self.accounts.plus(other.accounts) if self.accounts and other.accounts else None,
        )


@dataclass(frozen=True)
class SojournsOf:
    """The question of the second pass; its parts are groups, or single entities where there are few."""

    plan: Plan

    def fold(self, part: Part) -> Sojourns:
        """Count the sojourns of a part."""
        visits = part_visits(part, self.plan)
        span = self.plan.span
        inside = (visits.start_us >= span.from_us) & (visits.start_us < span.to_us)
        return count(visits.where(inside), part, plan=self.plan)

    def merge(self, left: Sojourns, right: Sojourns) -> Sojourns:
        """Add two parts of one group."""
        return left.plus(right)


def count(visits: Visits, part: Part, *, plan: Plan) -> Sojourns:
    """Count visits of the period into the table of one unit."""
    personas, steps = len(plan.personas), plan.steps
    counts = np.zeros((personas, steps, steps + 2, BINS), np.int64)
    limbs = np.zeros((2, personas, steps, steps + 2), np.int64)
    entrants = np.zeros((personas, steps), np.int64)
    count_sojourns(
        visits.place,
        visits.persona,
        visits.step,
        visits.cause,
        visits.sojourn_ms,
        visits.money_micro,
        BIN_EDGES_MS,
        counts,
        limbs,
        entrants,
    )
    people, elapsed_ms = _people(visits, steps)
    return Sojourns(
        part.shard.id_of(part.first) if part.group < 0 and part.last == part.first + 1 else "",
        Cells.of(counts),
        Cells.of(limbs[0]),
        Cells.of(limbs[1]),
        entrants,
        people,
        elapsed_ms,
        np.bincount(visits.step, minlength=steps),
        pairs_of(visits, plan),
        *_richest(visits, part),
        account_months(part, visits, plan=plan),
    )


def _people(visits: Visits, steps: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    seen = np.full((steps, steps + 2), -1, np.int64)
    people, elapsed_ms = np.zeros_like(seen), np.zeros((steps, steps + 1), np.int64)
    count_people(
        visits.entity,
        visits.place,
        visits.step,
        visits.cause,
        visits.sojourn_ms,
        seen,
        people,
        elapsed_ms,
    )
    return people, elapsed_ms


def _richest(visits: Visits, part: Part) -> tuple[tuple[int, str], int]:
    earning = visits.where(visits.in_chain)
    if not len(earning):
        return (0, ""), 0
    starts = np.flatnonzero(np.diff(earning.entity, prepend=-1))
    sums = np.add.reduceat(earning.money_micro, starts)
    top = int(np.argmax(sums))
    whose = part.shard.id_of(int(earning.entity[starts[top]]))
    return (int(sums[top]), whose), int(sums.sum())
