"""What customers do between payments (rung R3): closes, daily use, limits, moves of plan, leaving, referring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pathworth.learn.company.accounts.money import STARTER
from pathworth.learn.company.accounts.months import TERM, Contracts, Months, seats_of
from pathworth.learn.company.clock import clock_of
from pathworth.learn.company.draws import Draws, Floats, Purpose, pick, poisson_edges
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung
from pathworth.learn.company.world import Codes, Flags


@dataclass(frozen=True)
class Members:
    """Colleagues by payer: those of payer p are ``colleague[first[p]:first[p + 1]]``, places among the persons."""

    first: Codes
    colleague: Codes

    def one_of(self, payer: Codes, chance: Floats) -> tuple[Codes, Floats]:
        """Return a member of each payer's account, the payer included, and what is left of the chance."""
        count = self.first[payer + 1] - self.first[payer] + 1
        place = np.floor(chance * count)
        which = place.astype(np.int64)
        if len(self.colleague) == 0:
            return payer, chance
        at = np.minimum(self.first[payer] + which - 1, len(self.colleague) - 1)
        return np.where(which == 0, payer, self.colleague[at]), chance * count - place


@dataclass(frozen=True)
class Acting:
    """Events of customers: who, what, on which day, in which month row."""

    person: Codes
    event: str
    day: Floats
    row: Codes


def customer_events(
    company: Company,
    rung: Rung,
    *,
    draws: Draws,
    contracts: Contracts,
    months: Months,
    members: Members,
) -> Iterator[Acting]:
    """Yield everything that customers do; the payments themselves aside."""
    span = _Span(company, rung, contracts=contracts, months=months)
    payer = contracts.payer[months.contract]
    key = contracts.key[months.contract]
    place = contracts.term[months.contract] * TERM + months.month
    yield from _turns(months, span=span, payer=payer)
    closes, when = draws.pair(key, Purpose.CLOSE, place=place)
    rows = np.flatnonzero(_inside(months, when))
    begun = span.day(rows, when[rows])
    yield Acting(payer[rows], "Close Started", begun, rows)
    done = closes[rows] < _close_chance(company, contracts=contracts, months=months)[rows]
    wait = company.use.close_minutes / 1440.0
    yield Acting(payer[rows][done], "Close Completed", begun[done] + wait, rows[done])
    refers, when = draws.pair(key, Purpose.REFER, place=place)
    often = (refers < company.use.refers) & (months.month >= company.use.refers_after)
    rows = np.flatnonzero(often & _inside(months, when))
    yield Acting(payer[rows], "Referral Sent", span.day(rows, when[rows]), rows)
    seats = seats_of(company, draws=draws, contracts=contracts, months=months)
    count = _use_counts(
        company, chance=draws.pair(key, Purpose.USE_COUNT, place=place)[0], seats=seats
    )
    rows = np.repeat(np.arange(len(count)), count)
    j = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    who, when = draws.pair(key[rows], Purpose.USE, place=place[rows], index=j)
    kept = np.flatnonzero(when < _until(months)[rows])
    rows, who, when = rows[kept], who[kept], when[kept]
    person, rest = members.one_of(payer[rows], who)
    what = pick(np.array(company.use.mix), rest)
    day = span.day(rows, when)
    for code, event in enumerate(company.use.events):
        mine = np.flatnonzero(what == code)
        yield Acting(person[mine], event, day[mine], rows[mine])


def _turns(months: Months, *, span: _Span, payer: Codes) -> Iterator[Acting]:
    """Yield the turns of a contract: limit, upgrade, downgrade, cancelling; all at one time of the month."""
    up, down = months.moves > 0, months.moves < 0
    for event, chosen, pause in (
        ("Seat Limit Reached", months.hits, 0.0),
        ("Plan Upgraded", up & (months.plan == STARTER), 0.0),
        ("Plan Upgraded", up & months.hits, 4.0),
        ("Plan Downgraded", down, 0.0),
        ("Subscription Cancelled", months.cancels, 6.0),
    ):
        rows = np.flatnonzero(chosen)
        yield Acting(payer[rows], event, span.day(rows, months.when[rows]) + pause / 1440.0, rows)


class _Span:
    """Places shares of a month on its days, by the activity clock of the account's persona."""

    def __init__(
        self, company: Company, rung: Rung, *, contracts: Contracts, months: Months
    ) -> None:
        self.persona = contracts.persona[months.contract]
        self.clock = clock_of(company, rung)
        self.begin = self.clock.to_active(months.begin, self.persona)
        self.length = self.clock.to_active(months.end, self.persona) - self.begin

    def day(self, rows: Codes, share: Floats) -> Floats:
        active = self.begin[rows] + share * self.length[rows]
        return self.clock.to_day(active, self.persona[rows])


def _until(months: Months) -> Floats:
    return np.where(months.cancels, months.when, 1.0)


def _inside(months: Months, when: Floats) -> Flags:
    return when < _until(months)


def _close_chance(company: Company, *, contracts: Contracts, months: Months) -> Floats:
    """Return the chance that each month is closed: less before a cancel, less without a champion."""
    last = np.full(len(contracts.key), np.iinfo(np.int64).max)
    rows = np.flatnonzero(months.cancels)
    last[months.contract[rows]] = months.month[rows]
    fading = months.month >= last[months.contract] - 1
    use = company.use
    chance = use.closes * np.where(fading, use.closes_before_cancel, 1.0)
    return chance * np.where(months.gone, use.closes_without_champion, 1.0)


def _use_counts(company: Company, *, chance: Floats, seats: Codes) -> Codes:
    """Return how often an account uses the product in a month: Poisson, in proportion to its seats."""
    count = np.zeros(len(seats), dtype=np.int64)
    for size in np.unique(seats):
        rows = np.flatnonzero(seats == size)
        edges = poisson_edges(company.use.events_a_seat * float(size))
        count[rows] = np.searchsorted(edges, chance[rows], side="right")
    return count
