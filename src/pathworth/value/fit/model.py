"""Model error: the price computed again within the halves of the covariate that tells visits apart most."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.journeys import Engine, Journeys, Part
from pathworth.kernels.gaps import known_at
from pathworth.kernels.visits import CENSORED, count_sojourns
from pathworth.value.chain.cells import Cells
from pathworth.value.chain.chains import POINT, Chains, worths
from pathworth.value.chain.plan import BIN_EDGES_MS, BINS, Plan
from pathworth.value.chain.sojourns import Sojourns
from pathworth.value.chain.solve import Chain, Tables, solve
from pathworth.value.chain.visits import Visits, part_visits

NULL = {"text": 0, "flag": 2}
MOST_VALUES = 50
MOST_STEPS = 30
ENOUGH_VISITS = 50
CLASSES = 3
"""Not known when the visit began, and the two halves."""


@dataclass(frozen=True)
class Halves:
    """A covariate cut in two: ``half`` is int64[codes]: 0 unknown, 1 worth less, 2 worth more."""

    column: str
    half: NDArray[np.int64]
    lower: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """The gain per entrant of one point, float64[S, S], with unlike visits apart, and what told them apart."""

    gain: NDArray[np.float64]
    halves: Halves


def model_spread(
    journeys: Journeys, plan: Plan, *, solved: Chains, sojourns: list[Sojourns], engine: Engine
) -> Spread | None:
    """Price again within the halves of the strongest covariate; nothing where none tells visits apart.

    Parameters
    ----------
    journeys
        The selection.
    plan
        Of the price.
    solved, sojourns
        The chains of the price and what they were made from.
    engine
        Runs two more folds.

    Notes
    -----
    A state is then a step and a half, as known when the visit began, so that what becomes known on the way (which
    would sort people by how far they came, if it split them from the beginning) splits later visits alone.
    """
    columns = _candidates(journeys, plan)
    if not columns or plan.steps > MOST_STEPS:
        return None
    question = AfterOf(plan, columns)
    counts = engine.fold(plan.whole(journeys), question)
    total = counts[0]
    for one in counts[1:]:
        total = question.merge(total, one)
    halves = strongest(total.dense(question.shape), journeys, columns=columns, ahead=_ahead(solved))
    if halves is None:
        return None
    split = SplitOf(plan, halves)
    cells = engine.fold(plan.whole(journeys), split)
    merged = cells[0]
    for more in cells[1:]:
        merged = split.merge(merged, more)
    return Spread(
        _gain(merged, split.expanded, solved=solved, sojourns=sojourns, plan=plan), halves
    )


def _candidates(journeys: Journeys, plan: Plan) -> tuple[str, ...]:
    """Return properties that may be covariates, by name; the persona too where it does not split the chain."""
    contract = plan.document.contract
    aside = {plan.document.persona} if len(plan.personas) > 1 else set()
    if contract is not None:
        aside |= {contract.plan, contract.since, contract.months}
    columns = journeys.snapshot.columns
    return tuple(
        name
        for name in sorted(columns)
        if name not in aside
        and columns[name].kind in NULL
        and (columns[name].kind == "flag" or 2 <= len(columns[name].values) <= MOST_VALUES)
    )


def _ahead(solved: Chains) -> NDArray[np.float64]:
    """Return float64[S, S + 1]: what a visit earns by what comes next, over all personas as they visit."""
    weight = solved.flow[0] / np.maximum(solved.flow[0].sum(axis=0), 1e-300)
    ahead: NDArray[np.float64] = (weight[:, :, None] * solved.ahead()).sum(axis=0)
    return ahead


def known_before(part: Part, visits: Visits, *, column: str) -> NDArray[np.int64]:
    """Return the code of a property at the start of each visit: 0 unknown, k the k-th value."""
    info = part.snapshot.columns[column]
    if column not in part.shard.columns or not len(visits):
        return np.zeros(len(visits), np.int64)
    low, high = int(part.offset[0]), int(part.offset[-1])
    codes = np.ascontiguousarray(part.shard.columns[column][low:high])
    known = np.empty(len(visits), np.int32)
    places = visits.entity - part.first, visits.first_event - low
    known_at(part.offset - low, codes, NULL[info.kind], *places, known)
    return (known + (info.kind == "flag")).clip(0).astype(np.int64)


@dataclass(frozen=True)
class AfterOf:
    """The question of how often each step comes next, by step and by what was known, for every column."""

    plan: Plan
    columns: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the counts: columns, codes, steps, next step or exit."""
        return len(self.columns), MOST_VALUES + 1, self.plan.steps, self.plan.steps + 1

    def fold(self, part: Part) -> Cells:
        """Count the visits of a part that were followed up to tau."""
        visits, plan = part_visits(part, self.plan), self.plan
        whole = visits.start_us + plan.tau_ms[visits.step] * 1000 <= plan.span.to_us
        whole &= visits.in_chain & (visits.cause != CENSORED) & (plan.ends[visits.step] == 0)
        cause = visits.cause.astype(np.int64)
        after = np.where(cause < 0, plan.steps, cause)
        tail = visits.step.astype(np.int64) * (plan.steps + 1) + after
        size = plan.steps * (plan.steps + 1)
        places = [
            ((k * (MOST_VALUES + 1) + known_before(part, visits, column=column)) * size + tail)[
                whole
            ]
            for k, column in enumerate(self.columns)
        ]
        return Cells.counted(np.concatenate(places))

    def merge(self, left: Cells, right: Cells) -> Cells:
        """Add two counts."""
        return left.plus(right)


def strongest(
    counts: NDArray[np.int64],
    journeys: Journeys,
    *,
    columns: tuple[str, ...],
    ahead: NDArray[np.float64],
) -> Halves | None:
    """Choose the column whose values differ most in what comes next, and cut its values in two by worth.

    Parameters
    ----------
    counts
        int64[columns, codes, S, S + 1], code 0 unknown.
    journeys
        Names the values.
    columns
        Names of the columns.
    ahead
        float64[S, S + 1]: what a visit earns by what comes next.
    """
    excess = [_excess(table[1:]) for table in counts]
    if max(excess) <= 0:
        return None
    best = int(np.argmax(excess))
    table = counts[best, 1:].astype(float)
    total = table.sum(axis=0)
    usual = (total * ahead).sum(axis=1) / np.maximum(total.sum(axis=1), 1)
    visits = table.sum(axis=2)
    above = ((table * ahead).sum(axis=2) - visits * usual).sum(axis=1)
    mean = above / np.maximum(visits.sum(axis=1), 1)
    order = np.lexsort((np.arange(len(mean)), mean))
    weight = np.cumsum(visits.sum(axis=1)[order])
    half = np.zeros(len(mean) + 1, np.int64)
    half[1 + order] = np.where(weight - visits.sum(axis=1)[order] / 2 <= weight[-1] / 2, 1, 2)
    info = journeys.snapshot.columns[columns[best]]
    names = ("false", "true") if info.kind == "flag" else info.values
    used = visits.sum(axis=1) > 0
    lower = tuple(name for k, name in enumerate(names) if half[k + 1] == 1 and used[k])
    if not lower or len(lower) == used.sum():
        return None
    return Halves(columns[best], half, lower)


def _excess(table: NDArray[np.int64]) -> float:
    """Return the chi-square statistic of value against next move, summed over steps, less its freedom."""
    excess = 0.0
    for step in range(table.shape[1]):
        kept = table[:, step].astype(float)
        kept = kept[kept.sum(axis=1) >= ENOUGH_VISITS]
        kept = kept[:, kept.sum(axis=0) > 0]
        if min(kept.shape) < 2:
            continue
        expected = kept.sum(axis=1)[:, None] * kept.sum(axis=0)[None, :] / kept.sum()
        freedom = (kept.shape[0] - 1) * (kept.shape[1] - 1)
        excess += float(((kept - expected) ** 2 / expected).sum()) - freedom
    return excess


@dataclass(frozen=True)
class SplitOf:
    """The question for sojourns whose state is a step and a half of the covariate."""

    plan: Plan
    halves: Halves

    @property
    def expanded(self) -> Plan:
        """Return the plan with three states for every step."""
        plan = self.plan
        steps = tuple(s for s in plan.document.steps for _ in range(CLASSES))
        document = replace(plan.document, steps=steps)
        tau_ms, ends = np.repeat(plan.tau_ms, CLASSES), np.repeat(plan.ends, CLASSES)
        return replace(plan, document=document, tau_ms=tau_ms, ends=ends)

    def fold(self, part: Part) -> tuple[Cells, Cells, Cells, NDArray[np.int64]]:
        """Count the sojourns of a part: ages, both limbs of the money, entrants."""
        visits = part_visits(part, self.plan)
        half = self.halves.half[known_before(part, visits, column=self.halves.column)]
        step = visits.step * CLASSES + half
        following = np.append(step[1:], 0)[: len(step)]
        cause = np.where(visits.cause >= 0, following, visits.cause)
        personas, states = len(self.plan.personas), self.plan.steps * CLASSES
        counts = np.zeros((personas, states, states + 2, BINS), np.int64)
        limbs = np.zeros((2, personas, states, states + 2), np.int64)
        entrants = np.zeros((personas, states), np.int64)
        count_sojourns(
            visits.place,
            visits.persona,
            step.astype(np.int16),
            cause.astype(np.int16),
            visits.sojourn_ms,
            visits.money_micro,
            BIN_EDGES_MS,
            counts,
            limbs,
            entrants,
        )
        return Cells.of(counts), Cells.of(limbs[0]), Cells.of(limbs[1]), entrants

    def merge(
        self,
        left: tuple[Cells, Cells, Cells, NDArray[np.int64]],
        right: tuple[Cells, Cells, Cells, NDArray[np.int64]],
    ) -> tuple[Cells, Cells, Cells, NDArray[np.int64]]:
        """Add two counts."""
        ages, high, low = (a.plus(b) for a, b in zip(left[:3], right[:3], strict=True))
        return ages, high, low, left[3] + right[3]


def _gain(
    cells: tuple[Cells, Cells, Cells, NDArray[np.int64]],
    expanded: Plan,
    *,
    solved: Chains,
    sojourns: list[Sojourns],
    plan: Plan,
) -> NDArray[np.float64]:
    """Return float64[S, S]: the gain of a point, summed over halves and personas."""
    ages, high, low, entrants = cells
    shape = (len(plan.personas), expanded.steps, expanded.steps + 2)
    money: NDArray[np.float64] = high.dense(shape) * (2.0**32 / MICRO) + low.dense(shape) / MICRO
    unit = np.zeros(len(ages.place), np.int64)
    tables = Tables(1, unit, ages.place, ages.number, money[None], entrants[None])
    strata = [list(some) for some in solved.strata]
    at_purchase = worths(sojourns, plan, strata=strata)[0]
    gain = np.zeros((plan.steps, plan.steps))
    for h, some in enumerate(strata):
        chain = solve(tables, expanded, personas=some, worth=np.full(2, at_purchase[h]))
        gain += solved.weight[0, h] * _gain_of(chain, solved.gains[0, h])
    return gain


def _gain_of(chain: Chain, gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[S, S]: the gain of a point per entrant of one persona, its halves summed."""
    steps = len(gains)
    shape = (steps, CLASSES, steps, CLASSES)
    moves = chain.moves[0].reshape(shape)
    after = (chain.gains[0] + chain.worth[0][None, :]).reshape(shape)
    visits, leaves = (a.reshape(steps, CLASSES) for a in (chain.visits[0], chain.leaves[0]))
    share = moves.sum(axis=3)
    own = np.divide((moves * after).sum(axis=3), share, out=np.zeros_like(share), where=share > 0)
    # Nobody of this half moved so: they would have earned what the half earns from there on.
    same = gains[:, None, :] + chain.worth[0].reshape(steps, CLASSES).T[None]
    own = np.where(share > 0, own, same)
    gain: NDArray[np.float64] = POINT * (visits[:, :, None] * (own - leaves[:, :, None])).sum(
        axis=1
    )
    return gain
