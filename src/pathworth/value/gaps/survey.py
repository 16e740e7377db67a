"""Counts every visit by what was known of it, and prices steps by persona hint: what findings are made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, local_engine
from pathworth.store import Snapshot
from pathworth.value.chain.plan import OTHERS, Plan
from pathworth.value.chain.sojourns import Sojourns, count as count_sojourns
from pathworth.value.chain.solve import Chain, solve, tables
from pathworth.value.chain.visits import part_visits
from pathworth.value.chain.worth import account_months, worth_at_purchase
from pathworth.value.covariates import (
    Column,
    carried,
    cases_of,
    columns_of,
    done_names,
    held,
    known_codes,
    shape_of,
    with_hint,
)
from pathworth.value.gaps.cells import UNKNOWN, Counts, Shape, Table, count
from pathworth.value.gaps.compare import Terms

ENOUGH_PEOPLE = 200
MOST_HINTS = 8
HINTED = 0.5
"""A step carries a hint when at least this share of its visits begin with one."""
FEWEST_TO_PRICE = 20
"""With fewer visits of a step and hint, the step is priced as for everyone."""


@dataclass(frozen=True)
class Known:
    """What one independent unit adds.

    Parameters
    ----------
    counts
        Visits by what was known of them.
    sojourns
        Sojourns and contracts by hint.
    held
        int64[steps, names]: visits that hold an event of each name of `done_names`.
    carried
        int64[columns]: events of the map's steps that carry each property.
    """

    counts: Counts
    sojourns: Sojourns
    held: NDArray[np.int64]
    carried: NDArray[np.int64]

    def plus(self, other: Known) -> Known:
        """Add two parts of one unit."""
        return Known(
            self.counts.plus(other.counts),
            self.sojourns.plus(other.sojourns),
            self.held + other.held,
            self.carried + other.carried,
        )


@dataclass(frozen=True)
class KnownOf:
    """The question: how many visits are there of every value at every step, and what came of them.

    Parameters
    ----------
    plan
        The priced map, its strata being the persona hints known at the start of a visit, unknown first.
    columns
        What visits are told apart by.
    """

    plan: Plan
    columns: tuple[Column, ...]

    @property
    def shape(self) -> Shape:
        """Return the sizes of the counts."""
        return shape_of(self.columns, self.plan, hints=len(self.plan.personas))

    def fold(self, part: Part) -> Known:
        """Count the visits of a part."""
        visits = part_visits(part, self.plan)
        hint = self.plan.stratum[known_codes(part, visits, name=self.plan.document.persona)].astype(
            np.int64
        )
        cases = cases_of(part, visits, plan=self.plan, columns=self.columns, hint=hint)
        sojourns = count_sojourns(with_hint(visits, hint), part, plan=self.plan)
        nobody = visits.where(np.zeros(len(visits), bool))
        accounts = account_months(part, nobody, plan=self.plan)
        counts = count(cases.only(visits.in_chain), self.shape)
        names = done_names(self.columns)
        holding = held(part, visits.where(visits.in_chain), steps=self.plan.steps, names=names)
        said = carried(part, self.plan, columns=self.columns)
        return Known(counts, replace(sojourns, accounts=accounts), holding, said)

    def merge(self, left: Known, right: Known) -> Known:
        """Add two parts."""
        return left.plus(right)


@dataclass(frozen=True)
class Survey:
    """Everything that findings are made from.

    Parameters
    ----------
    question
        What was asked.
    table
        Visits in the chain by what was known of them, unit by unit.
    terms
        Worth of every step by hint, and the months.
    hinted
        bool[steps]: whether enough visits of a step carry a hint.
    depth
        float64[steps]: mean number of visits before a visit of the step; larger is later.
    held
        int64[steps, names]: visits that hold an event of each name of `done_names`.
    told
        bool[columns]: properties that no event of the map's steps carries: only other tools tell of them.
    """

    journeys: Journeys
    engine: Engine
    few: bool
    question: KnownOf
    table: Table
    terms: Terms
    hinted: NDArray[np.bool_]
    depth: NDArray[np.float64]
    held: NDArray[np.int64]
    told: NDArray[np.bool_]

    @property
    def plan(self) -> Plan:
        """Return the plan, by hints."""
        return self.question.plan

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return what visits are told apart by."""
        return self.question.columns

    def totals(self, step: int) -> NDArray[np.int64]:
        """Return int64[hints, causes]: all visits of a step."""
        return self.table.totals(column=len(self.columns) - 1, step=step)


def survey(
    journeys: Journeys, plan: Plan, *, few: bool = False, engine: Engine | None = None
) -> Survey:
    """Count every visit once, and price every step by persona hint.

    Parameters
    ----------
    journeys
        The selection.
    plan
        The plan that the arrows are priced by: period, tau, map.
    few
        Whether single entities are left out in turn, because there are few, or groups.
    engine
        Runs the fold; the local one unless given.
    """
    engine = engine or local_engine()
    by_hint = hints_of(journeys.snapshot, plan)
    question = KnownOf(by_hint, columns_of(journeys.snapshot, by_hint))
    parts = fold_units(journeys, question, few=few, engine=engine)
    table = Table.beside([part.counts for part in parts], question.shape)
    sojourns = reduce(Sojourns.plus, (part.sojourns for part in parts))
    chains = _chains(sojourns, by_hint)
    terms = Terms(_worth(chains, sojourns, by_hint), plan.span.months)
    last = len(question.columns) - 1
    totals = [table.totals(column=last, step=s) for s in range(plan.steps)]
    return Survey(
        journeys, engine, few, question, table, terms,
        hinted=np.array([_hinted(t) for t in totals]),
        depth=_depth(chains[0].moves[0], sojourns.entrants.sum(axis=0)),
        held=np.sum([part.held for part in parts], axis=0),
        told=_told(question.columns, sum(part.carried for part in parts)),
    )  # fmt: skip


def _told(columns: tuple[Column, ...], carried: NDArray[np.int64] | int) -> NDArray[np.bool_]:
    """Return which columns are properties that only other tools tell of."""
    properties = np.array([column.kind == "property" for column in columns], np.bool_)
    told: NDArray[np.bool_] = properties & (np.broadcast_to(carried, len(columns)) == 0)
    return told


def fold_units(journeys: Journeys, question: KnownOf, *, few: bool, engine: Engine) -> list[Known]:
    """Return one partial per independent unit."""
    whole = question.plan.whole(journeys)
    if few:
        return engine.units(whole, question)
    return engine.fold(whole, question)


def hints_of(snapshot: Snapshot, plan: Plan) -> Plan:
    """Return the plan with the persona hints as strata: unknown first, then the common ones, then the others."""
    name = plan.document.persona
    info = snapshot.traits.get(name or "")
    if name is None or info is None or info.kind != "text":
        codes = 2 if info is not None and info.kind == "flag" else 0
        known = tuple(("false", "true")[:codes])
        return replace(plan, personas=("", *known), stratum=np.arange(codes + 1, dtype=np.uint8))
    people = np.zeros(len(info.values) + 1, np.int64)
    for number, shard in enumerate(snapshot.shards):
        shown = shard.traits[name][snapshot.shown(number)]
        people += np.bincount(shown, minlength=len(people))
    large = [c for c in range(1, len(people)) if people[c] >= ENOUGH_PEOPLE]
    large = sorted(large, key=lambda c: (-people[c], info.values[c - 1]))[:MOST_HINTS]
    stratum = np.full(len(people), len(large) + 1, np.uint8)
    stratum[0] = UNKNOWN
    stratum[large] = np.arange(1, len(large) + 1)
    names = ("", *(info.values[c - 1] for c in large), OTHERS)
    return replace(plan, personas=names, stratum=stratum)


def _hinted(totals: NDArray[np.int64]) -> bool:
    visits = totals.sum(axis=1)
    return bool(visits.sum() > 0 and visits[1:].sum() >= HINTED * visits.sum())


def _groups(plan: Plan) -> list[list[int]]:
    """Return the strata of everyone, then of each hint."""
    return [list(range(len(plan.personas))), *([k] for k in range(1, len(plan.personas)))]


def _chains(sojourns: Sojourns, plan: Plan) -> list[Chain]:
    """Solve the chain of everyone and of each hint, visits belonging to the hint known at their start."""
    laid, groups = tables([sojourns], plan), _groups(plan)
    contract, bought = plan.document.contract, np.zeros((2, len(groups)))
    accounts = sojourns.accounts
    if contract is not None and accounts is not None:
        bought = worth_at_purchase([accounts], contract, strata=groups)
    return [solve(laid, plan, personas=some, worth=bought[:, k]) for k, some in enumerate(groups)]


def _worth(chains: list[Chain], sojourns: Sojourns, plan: Plan) -> NDArray[np.float64]:
    """Return float64[hints + 1, steps]: expected net money from entering a step; row 0 is everyone."""
    worth = np.stack([chain.worth[0] for chain in chains])
    seen = np.stack([_seen(sojourns, plan, some) for some in _groups(plan)])
    alone = (seen >= FEWEST_TO_PRICE) & np.isfinite(worth)
    return np.nan_to_num(np.where(alone, worth, worth[:1]))


def _depth(moves: NDArray[np.float64], entrants: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return float64[steps]: expected visits before a visit of each step, from the fundamental matrix."""
    begin = entrants / max(int(entrants.sum()), 1)
    try:
        often = np.linalg.inv(np.eye(len(moves)) - moves)
    except np.linalg.LinAlgError:
        return np.arange(len(moves), dtype=np.float64)
    visits = begin @ often
    depth: NDArray[np.float64] = np.zeros(len(moves))
    np.divide(visits @ often, visits, out=depth, where=visits > 0)
    return depth


def _seen(sojourns: Sojourns, plan: Plan, strata: list[int]) -> NDArray[np.int64]:
    """Return int64[steps]: sojourns of some strata."""
    shape = (len(plan.personas), plan.steps, plan.steps + 2, -1)
    ages = sojourns.ages.dense((shape[0] * shape[1] * shape[2] * 64,)).reshape(shape)
    counted: NDArray[np.int64] = ages[strata].sum(axis=(0, 2, 3))
    return counted
