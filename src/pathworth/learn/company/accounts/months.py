"""The full life of accounts (rung R3): months with champions, seat limits, cancelling and coming back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Protocol

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
from pathworth.learn.company.clock import clock_of, week_day
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


class Pressure(Protocol):
    """What messages do to payers: times the hazard of cancelling, and times the odds of upgrading."""

    def hazard(self, key: Keys, *, day: Floats) -> Floats:
        """Return by how much each payer's hazard of cancelling is multiplied on a day; 1 without messages."""
        ...

    def odds(self, key: Keys, *, day: Floats) -> Floats:
        """Return by how much each payer's odds of upgrading are multiplied on a day; 1 without messages."""
        ...


@dataclass(frozen=True)
class Standing:
    """How contracts stand at the beginning of a month, one row each."""

    month: Codes
    plan: Codes
    cramped: Flags
    admin: Codes
    begin: Floats


def joined(first: Contracts, second: Contracts) -> Contracts:
    """Return the contracts of both."""
    return Contracts(
        **{
            one.name: np.concatenate([getattr(first, one.name), getattr(second, one.name)])
            for one in fields(Contracts)
        }
    )


def live_fully(
    company: Company, *, draws: Draws, contracts: Contracts, pressure: Pressure | None = None
) -> Months:
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
        standing = Standing(month, plan, cramped, admin, begin)
        rows, admin, cramped = _one_month(
            company, draws=draws, on=on, standing=standing, pressure=pressure
        )
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
    standing: Standing,
    pressure: Pressure | None,
) -> tuple[Months, Codes, Flags]:
    """Return what happens in one month, with the champion and the seats as they are after it."""
    life = company.life
    month, plan, cramped = standing.month, standing.plan, standing.cramped
    admin, begin = standing.admin, standing.begin
    place = on.term * TERM + month
    leaves, quits = draws.pair(on.key, Purpose.CHAMPION, place=place)
    luck, moving = draws.pair(on.key, Purpose.LIFE, place=place)
    when = draws.pair(on.key, Purpose.LIFE_TIME, place=place)[0]
    end = anniversary(company, on.start, month=month + 1)
    harder, easier = _pressed(company, pressure, on=on, begin=begin, end=end, when=when)
    partial = begin < 0.0
    lost = (admin == STAYS_ADMIN) & (leaves < life.admin_lost) & ~partial
    share = np.where(plan == STARTER, life.admin_cancels_starter, 1.0) * life.admin_cancels
    hazard = np.array([one.cancel for one in company.plan.values()])[plan]
    hazard = hazard * np.where(month < life.early_months, life.early_factor, 1.0)
    hazard = hazard * np.where(on.late == 1, life.late_factor, 1.0) * harder
    cancels = (lost & (quits < share)) | (luck < hazard)
    up_share, cancel_share = limit_shares(company)
    limit = np.where(plan == TEAM, np.array(life.seat_limit)[on.persona], 0.0)
    hits = (moving < limit) & ~cramped & ~cancels & ~partial
    raised = eased(np.full(len(plan), up_share), easier)
    cancels |= hits & (moving >= limit * raised) & (moving < limit * (raised + cancel_share))
    up = hits & (moving < limit * raised)
    from_starter = eased(np.array(life.starter_up)[on.persona], easier)
    up |= (plan == STARTER) & (moving < from_starter)
    down = (plan == TEAM) & (moving >= limit) & (moving < limit + life.team_down)
    cancels &= ~partial
    quiet = cancels | partial
    moves = np.where(quiet, 0, up.astype(np.int64) - down.astype(np.int64))
    gone = (admin == ADMIN_LOST) | lost
    rows = Months(month, month, begin, end, plan, cancels, hits, moves, gone, when, partial)
    after = np.where(lost, ADMIN_LOST, admin)
    return rows, after, (cramped | (hits & ~up)) & (moves == 0)


def _pressed(
    company: Company,
    pressure: Pressure | None,
    *,
    on: Contracts,
    begin: Floats,
    end: Floats,
    when: Floats,
) -> tuple[Floats, Floats]:
    """Return what messages do to the hazard and to the odds at the moment of the month that decides."""
    if pressure is None:
        return np.ones(len(when)), np.ones(len(when))
    clock = clock_of(company, company.rung["R3"])
    first, last = (clock.to_active(day, on.persona) for day in (begin, end))
    day = clock.to_day(first + when * (last - first), on.persona)
    return pressure.hazard(on.key, day=day), pressure.odds(on.key, day=day)


def eased(share: Floats, odds: Floats) -> Floats:
    """Return a chance whose odds are multiplied; to the last bit the same where they are multiplied by one."""
    return np.where(odds == 1.0, share, odds * share / (1.0 - share + odds * share))


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
