"""The full life of accounts (rung R3): months with champions, seat limits, cancelling and coming back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from pathworth.learn.company.accounts.life import MONTH_DAYS, anniversary, first_months
from pathworth.learn.company.accounts.money import (
    ADMIN_LOST,
    MANY_ADMINS,
    STARTER,
    STAYS_ADMIN,
    TEAM,
    limit_shares,
)
from pathworth.learn.company.clock import week_day
from pathworth.learn.company.draws import Draws, Floats, Purpose, poisson_edges
from pathworth.learn.company.moves.people import window_days
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.world import Codes, Flags, Keys

TERM = 1_000


@dataclass(frozen=True)
class Contracts:
    """Contracts, one row each; a payer who comes back begins another.

    ``payer`` is the payer's place among the persons, ``key`` the payer's number in the stream, ``term`` counts the
    payer's earlier contracts, ``start`` is in days since the first day and may be negative.
    """

    payer: Codes
    key: Keys
    persona: Codes
    plan: Codes
    start: Floats
    late: Codes
    term: Codes

    def take(self, rows: Codes) -> Contracts:
        """Return the contracts in these places."""
        return Contracts(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})


@dataclass(frozen=True)
class Months:
    """Months of contracts, one row each.

    ``contract`` is a place in the contracts; ``begin`` and ``end`` in days; ``when`` is the share of the month that
    has passed when something happens in it; ``partial`` marks the month that was running when the window opened.
    """

    contract: Codes
    month: Codes
    begin: Floats
    end: Floats
    plan: Codes
    cancels: Flags
    hits: Flags
    moves: Codes
    gone: Flags
    when: Floats
    partial: Flags


def joined(first: Contracts, second: Contracts) -> Contracts:
    """Return the contracts of both."""
    return Contracts(
        **{
            one.name: np.concatenate([getattr(first, one.name), getattr(second, one.name)])
            for one in fields(Contracts)
        }
    )


def live_fully(company: Company, *, draws: Draws, contracts: Contracts) -> Months:
    """Live every contract month by month until it is cancelled or the window ends."""
    end_of_window = window_days(company)
    row = np.arange(len(contracts.key))
    month = np.maximum(first_months(company, contracts.start) - 1, 0)
    plan = contracts.plan
    cramped = np.zeros(len(row), dtype=np.bool_)
    alone = company.life.one_admin * company.frictions.champion_leaves
    chance = draws.pair(contracts.key, Purpose.CHAMPION, place=contracts.term, index=1)[0]
    admin = np.where(chance < alone, STAYS_ADMIN, MANY_ADMINS)
    found: list[Months] = []
    while len(row) or not found:
        begin = anniversary(company, contracts.start[row], month=month)
        seen = np.flatnonzero(begin < end_of_window)
        row, month, plan = row[seen], month[seen], plan[seen]
        cramped, admin, begin = cramped[seen], admin[seen], begin[seen]
        on = contracts.take(row)
        step = _one_month(
            company, draws=draws, on=on, month=month, plan=plan, cramped=cramped, admin=admin,
            begin=begin,
        )  # fmt: skip
        rows, admin, cramped = step
        found.append(replace(rows, contract=row))
        stays = np.flatnonzero(~rows.cancels)
        row, month, plan = row[stays], month[stays] + 1, (plan + rows.moves)[stays]
        cramped, admin = cramped[stays], admin[stays]
    return Months(
        **{
            one.name: np.concatenate([getattr(piece, one.name) for piece in found])
            for one in fields(Months)
        }
    )


def _one_month(
    company: Company,
    *,
    draws: Draws,
    on: Contracts,
    month: Codes,
    plan: Codes,
    cramped: Flags,
    admin: Codes,
    begin: Floats,
) -> tuple[Months, Codes, Flags]:
    """Return what happens in one month, with the champion and the seats as they are after it."""
    life = company.life
    place = on.term * TERM + month
    leaves, quits = draws.pair(on.key, Purpose.CHAMPION, place=place)
    luck, moving = draws.pair(on.key, Purpose.LIFE, place=place)
    when = draws.pair(on.key, Purpose.LIFE_TIME, place=place)[0]
    partial = begin < 0.0
    lost = (admin == STAYS_ADMIN) & (leaves < life.admin_lost) & ~partial
    share = np.where(plan == STARTER, life.admin_cancels_starter, 1.0) * life.admin_cancels
    hazard = np.array([one.cancel for one in company.plan.values()])[plan]
    hazard = hazard * np.where(month < life.early_months, life.early_factor, 1.0)
    hazard = hazard * np.where(on.late == 1, life.late_factor, 1.0)
    cancels = (lost & (quits < share)) | (luck < hazard)
    up_share, cancel_share = limit_shares(company)
    limit = np.where(plan == TEAM, np.array(life.seat_limit)[on.persona], 0.0)
    hits = (moving < limit) & ~cramped & ~cancels & ~partial
    cancels |= hits & (moving >= limit * up_share) & (moving < limit * (up_share + cancel_share))
    up = hits & (moving < limit * up_share)
    up |= (plan == STARTER) & (moving < np.array(life.starter_up)[on.persona])
    down = (plan == TEAM) & (moving >= limit) & (moving < limit + life.team_down)
    cancels &= ~partial
    quiet = cancels | partial
    moves = np.where(quiet, 0, up.astype(np.int64) - down.astype(np.int64))
    end = anniversary(company, on.start, month=month + 1)
    gone = (admin == ADMIN_LOST) | lost
    rows = Months(month, month, begin, end, plan, cancels, hits, moves, gone, when, partial)
    after = np.where(lost, ADMIN_LOST, admin)
    return rows, after, (cramped | (hits & ~up)) & (moves == 0)


def come_back_to_pay(
    company: Company, *, draws: Draws, contracts: Contracts, months: Months
) -> Contracts:
    """Return the contracts of those who cancelled and come back within the window."""
    life, back = company.life, company.returns
    rows = np.flatnonzero(months.cancels)
    on = contracts.take(months.contract[rows])
    day = months.begin[rows] + months.when[rows] * (months.end[rows] - months.begin[rows])
    slowly, launched = draws.pair(on.key, Purpose.REACTIVATE, place=on.term)
    wait = np.log(1.0 - slowly) / np.log(1.0 - life.reactivates)
    when = np.where(wait < life.reactivate_months, day + wait * MONTH_DAYS, np.inf)
    launch = week_day(back.launch_week)
    names = list(company.plan)
    called = (months.plan[rows] == names.index(back.launch_plan)) & (day < launch)
    called &= launched < back.launch_cancelled
    when = np.where(called, np.minimum(when, launch + 7.0 * launched / back.launch_cancelled), when)
    inside = np.flatnonzero(when < window_days(company))
    on = on.take(inside)
    return replace(on, plan=months.plan[rows][inside], start=when[inside], term=on.term + 1)


def seats_of(company: Company, *, draws: Draws, contracts: Contracts, months: Months) -> Codes:
    """Return how many seats are taken in each month: drawn at the purchase, growing up to the plan's limit."""
    edges = [poisson_edges(plan.seats_at_purchase) for plan in company.plan.values()]
    chance = draws.pair(contracts.key, Purpose.SEATS, place=contracts.term)[0]
    first = np.ones(len(chance), dtype=np.int64)
    for plan, edge in enumerate(edges):
        rows = np.flatnonzero(contracts.plan == plan)
        first[rows] += np.searchsorted(edge, chance[rows], side="right")
    growth = np.full(len(company.personas), company.use.growth)
    growth[company.personas.index(company.use.fast_persona)] = company.use.growth_fast
    age = months.month - np.maximum(first_months(company, contracts.start) - 1, 0)[months.contract]
    rate = 1.0 + growth[contracts.persona[months.contract]]
    seats = np.floor(first[months.contract] * np.power(rate, age)).astype(np.int64)
    limits = np.array([plan.seats for plan in company.plan.values()])
    taken: Codes = np.minimum(seats, limits[months.plan])
    return taken
