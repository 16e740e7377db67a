"""Worth at purchase: what a contract is worth on the day it begins, from the months that accounts stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import Contract
from pathworth.base.errors import NotSupported
from pathworth.base.money import MICRO
from pathworth.journeys import Part
from pathworth.value.chain.known import NOT_SAID, matching, net_money, persona_codes, since_us
from pathworth.value.chain.period import DAY_US, MONTH_DAYS
from pathworth.value.chain.plan import Plan
from pathworth.value.chain.visits import Visits

MONTH_US = int(MONTH_DAYS * DAY_US)
GRACE_US = MONTH_US // 2
EARLY_MONTHS = 3
ENOUGH_MONTHS = 100
MOST_PLANS = 32


@dataclass(frozen=True)
class Accounts:
    """What one unit's payments say, whole numbers only.

    Parameters
    ----------
    months
        int64[persona, plan, tenure class, outcome]: account-months by what came next: a plan, or (last)
        leaving; months not seen to their end are left out. Tenure class 0 is months 1 to 3, class 1 later.
    bought
        int64[persona, plan]: contracts that began in the period.
    paid
        int64[3, plan]: months paid for, and both 32-bit limbs of their net money.
    oldest
        The oldest tenure seen, in months.
    """

    months: NDArray[np.int64]
    bought: NDArray[np.int64]
    paid: NDArray[np.int64]
    oldest: int

    def plus(self, other: Accounts) -> Accounts:
        """Add two counts."""
        return Accounts(
            self.months + other.months,
            self.bought + other.bought,
            self.paid + other.paid,
            max(self.oldest, other.oldest),
        )


@dataclass(frozen=True)
class Terms:
    """Paid terms in time order: payer, plan, months, begin, tenure at its begin in months, net money."""

    entity: NDArray[np.int64]
    plan: NDArray[np.int64]
    months: NDArray[np.int64]
    begin_us: NDArray[np.int64]
    tenure: NDArray[np.int64]
    net_micro: NDArray[np.int64]


def plan_names(part: Part, contract: Contract) -> tuple[str, ...]:
    """Return the plans by code, the first being the one without a name."""
    info = part.snapshot.columns.get(contract.plan or "")
    names = info.values if info is not None and info.kind == "text" else ()
    if len(names) >= MOST_PLANS:
        raise NotSupported(
            "TOO_MANY_PLANS",
            f"{contract.plan!r} has {len(names)} values; a contract has {MOST_PLANS - 1} plans at most.",
            "Name a property with fewer values as the contract's plan.",
        )
    return ("", *names)


def account_months(part: Part, visits: Visits, *, plan: Plan) -> Accounts | None:
    """Count the account-months of a part; nothing where the map declares no contract.

    Parameters
    ----------
    part
        Whole entities, the payer's payments among its own events.
    visits
        Of the part: a payer whose journey is in the chain belongs to its stratum.
    plan
        With the priced period and the strata.
    """
    contract = plan.document.contract
    if contract is None:
        return None
    plans = len(plan_names(part, contract))
    terms = _terms(part, contract)
    span = plan.span
    inside = (terms.begin_us >= span.from_us) & (terms.begin_us < span.to_us)
    persona = _strata(part, plan, visits)[terms.entity]
    months = np.zeros((len(plan.personas), plans, 2, plans + 1), np.int64)
    row, late, what = _months(terms, plans=plans, inside=inside, end_us=span.to_us)
    np.add.at(months, (persona[row], terms.plan[row], late, what), 1)
    bought = np.zeros((len(plan.personas), plans), np.int64)
    new = inside & (terms.tenure == 0) & _first_of(terms.entity)
    np.add.at(bought, (persona[new], terms.plan[new]), 1)
    paid = np.zeros((3, plans), np.int64)
    numbers = [terms.months, terms.net_micro >> 32, terms.net_micro & 0xFFFFFFFF]
    for kind, number in enumerate(numbers):
        np.add.at(paid[kind], terms.plan[inside], number[inside])
    oldest = int((terms.tenure + terms.months)[inside].max(initial=0))
    return Accounts(months, bought, paid, oldest)


def _terms(part: Part, contract: Contract) -> Terms:
    """Return the paid terms; payments within half a month of a term's first one belong to it."""
    low, high = int(part.offset[0]), int(part.offset[-1])
    rows = np.flatnonzero(matching(part, contract.payments))
    time_us = part.shard.time_us[low:high][rows]
    entity = np.searchsorted(part.offset - low, rows, side="right") - 1
    first = _first_of(entity)
    begins = first | (np.diff(time_us, prepend=0) > GRACE_US)
    term = np.cumsum(begins) - 1
    heads = np.flatnonzero(begins)
    net = np.zeros(len(heads), np.int64)
    np.add.at(net, term, net_money(part)[rows])
    entity, time_us = entity[heads], time_us[heads]
    since = _since(part, contract, rows[heads], entity, time_us)
    tenure = np.maximum((time_us - since + GRACE_US) // MONTH_US, 0)
    plans = _column(part, contract.plan, rows[heads], 0)
    months = np.maximum(_column(part, contract.months, rows[heads], 1), 1)
    return Terms(entity, plans, months, time_us, tenure, net)


def _since(
    part: Part,
    contract: Contract,
    rows: NDArray[np.int64],
    entity: NDArray[np.int64],
    time_us: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the day on which each term's contract began: as said, else the payer's first payment."""
    starts = np.flatnonzero(_first_of(entity))
    lengths = np.diff(np.append(starts, len(entity)))
    firsts = np.repeat(time_us[starts], lengths)
    if contract.since is None:
        return firsts
    said = since_us(part, contract.since)[rows]
    return np.where(said == NOT_SAID, firsts, said)


def _column(part: Part, name: str | None, rows: NDArray[np.int64], empty: int) -> NDArray[np.int64]:
    if name is None or name not in part.shard.columns:
        return np.full(len(rows), empty, np.int64)
    low, high = int(part.offset[0]), int(part.offset[-1])
    values = part.shard.columns[name][low:high][rows]
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), empty, np.rint(values))
    return values.astype(np.int64)


def _first_of(entity: NDArray[np.int64]) -> NDArray[np.bool_]:
    changed: NDArray[np.bool_] = np.diff(entity, prepend=-1) != 0
    return changed


def _months(
    terms: Terms, *, plans: int, inside: NDArray[np.bool_], end_us: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the term, the tenure class and the outcome of every month that was seen to its end.

    Within a term nobody can leave; its last month shows whether they did. Staying and leaving are both believed only
    after the same time has passed, since else the last months would hold those alone who stay.
    """
    rows = np.flatnonzero(inside)
    row = np.repeat(rows, terms.months[rows])
    ends = np.cumsum(terms.months[rows])
    month = np.arange(len(row)) - np.repeat(ends - terms.months[rows], terms.months[rows])
    seen = terms.begin_us[row] + (month + 1) * MONTH_US + GRACE_US <= end_us
    row, month = row[seen], month[seen]
    due = terms.begin_us + terms.months * MONTH_US + GRACE_US
    following = np.append(terms.begin_us[1:], 0)
    same = np.append(terms.entity[1:] == terms.entity[:-1], False)[: len(due)]
    goes_on = same & (following <= due)
    then = np.where(goes_on, np.append(terms.plan[1:], 0), plans)
    what = np.where(month == terms.months[row] - 1, then[row], terms.plan[row])
    return row, (terms.tenure[row] + month >= EARLY_MONTHS).astype(np.int64), what


def _strata(part: Part, plan: Plan, visits: Visits) -> NDArray[np.int64]:
    """Return the stratum of every entity: of its first journey in the chain, else by the persona it names."""
    known, _ = persona_codes(part, plan.document.persona)
    strata = plan.stratum[known].astype(np.int64)
    begun = visits.where(visits.entry)
    whose, rows = np.unique(begun.entity - part.first, return_index=True)
    strata[whose] = begun.persona[rows]
    return strata


def worth_at_purchase(
    accounts: list[Accounts], contract: Contract, *, strata: list[list[int]]
) -> NDArray[np.float64]:
    """Return the discounted margin of a contract's first months, by persona, also without each unit in turn.

    Parameters
    ----------
    accounts
        Of every unit.
    contract
        Horizon in months and discount a year.
    strata
        The strata that make each persona.

    Returns
    -------
    float64[1 + units, personas] in units of the currency.
    """
    months = np.stack([a.months for a in accounts]).astype(float)
    bought = np.stack([a.bought for a in accounts]).astype(float)
    paid = _without_each(np.stack([a.paid for a in accounts]).astype(float))
    net = paid[:, 1] * (2.0**32 / MICRO) + paid[:, 2] / MICRO
    margin = np.divide(net, paid[:, 0], out=np.zeros_like(net), where=paid[:, 0] > 0)
    everybody = _without_each(months.sum(axis=1))
    all_bought = _without_each(bought.sum(axis=1))
    columns = []
    for some in strata:
        own = _without_each(months[:, some].sum(axis=1))
        enough = own[0].sum(axis=-1) >= ENOUGH_MONTHS
        stays = _stays(np.where(enough[None, :, :, None], own, everybody), everybody)
        begin = _without_each(bought[:, some].sum(axis=1))
        begin = np.where(begin.sum(axis=1, keepdims=True) > 0, begin, all_bought)
        columns.append(_discounted(_shares(begin), stays, margin, contract))
    return np.stack(columns, axis=1)


def _without_each(units: NDArray) -> NDArray:
    total = units.sum(axis=0)
    return np.concatenate([total[None], total[None] - units])


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    total = counts.sum(axis=-1, keepdims=True)
    shares: NDArray[np.float64] = np.zeros_like(counts)
    np.divide(counts, total, out=shares, where=total > 0)
    return shares


def _stays(months: NDArray[np.float64], everybody: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[resamples, plan, tenure class, next plan]; a class never seen moves as the other."""
    months = np.where(months.sum(axis=-1, keepdims=True) > 0, months, everybody)
    other = months[:, :, ::-1]
    return _shares(np.where(months.sum(axis=-1, keepdims=True) > 0, months, other))[..., :-1]


def _discounted(
    begin: NDArray[np.float64],
    stays: NDArray[np.float64],
    margin: NDArray[np.float64],
    contract: Contract,
) -> NDArray[np.float64]:
    """Add up pi * sum over months of d^(m-1) Q_1 .. Q_(m-1) margin."""
    discount = (1 + contract.discount_a_year) ** (-1 / 12)
    total = np.zeros(len(begin))
    holds = begin
    for month in range(contract.horizon_months):
        total += discount**month * (holds * margin).sum(axis=1)
        holds = np.einsum("rk,rkj->rj", holds, stays[:, :, int(month >= EARLY_MONTHS)])
    return total
