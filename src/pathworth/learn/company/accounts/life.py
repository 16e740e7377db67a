"""Payments of accounts month after month: those who bought in the window, and the book that was open before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.accounts.money import monthly
from pathworth.learn.company.draws import Draws, Floats, Purpose, pick
from pathworth.learn.company.moves.people import window_days
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung

OPENING_KEY = 2**31
MONTH_DAYS = 365.25 / 12
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Accounts:
    """Accounts, one row each: the payer's number in the stream, persona, plan and first day (may be negative)."""

    key: NDArray[np.uint32]
    persona: Codes
    plan: Codes
    start: Floats


@dataclass(frozen=True)
class Payments:
    """Payments of accounts: which account, in which month of its life (0 is the first), when, for which plan."""

    account: Codes
    month: Codes
    day: Floats
    plan: Codes


def opening_book(company: Company, draws: Draws, *, count: int, rung: Rung) -> Accounts:
    """Draw accounts that bought in the months before the window and are still there."""
    life = company.life
    key = np.arange(OPENING_KEY, OPENING_KEY + count, dtype=np.uint32)
    plan_chance, age_chance = draws.pair(key, Purpose.OPENING)
    plan = pick(np.array([one.opening for one in company.plan.values()]), plan_chance)
    known = np.array([name in rung.personas for name in company.personas])
    weights = np.array([company.persona[name].plan for name in company.personas])
    weights = (weights * np.array(life.opening_weights)[:, None] * known[:, None]).T
    weights = weights / weights.sum(axis=1, keepdims=True)
    persona = pick(weights[plan], draws.pair(key, Purpose.OPENING_PERSONA)[0])
    kept = 1.0 - np.exp(-life.opening_decay * life.opening_months)
    age = -np.log(1.0 - age_chance * kept) / life.opening_decay * MONTH_DAYS
    return Accounts(key, persona, plan, -age)


def anniversary(company: Company, start: Floats, *, month: NDArray) -> Floats:
    """Return the day on which a later month of an account begins: the same day of the month, or its last."""
    first = np.datetime64(company.first_day, "D")
    whole = np.floor(start)
    day = first + whole.astype(np.int64)
    begin = day.astype("datetime64[M]")
    of_month = (day - begin.astype("datetime64[D]")).astype(np.int64)
    target = begin + month
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(
        np.int64
    )
    then = target.astype("datetime64[D]") + np.minimum(of_month, length - 1)
    day_then: Floats = (then - first).astype(np.int64) + (start - whole)
    return day_then


def first_months(company: Company, start: Floats) -> Codes:
    """Return the first month of each account that begins inside the window; 0 for those who buy in it."""
    month = np.maximum(np.floor(-start / MONTH_DAYS).astype(np.int64) - 1, 0)
    for _ in range(4):
        month = month + (anniversary(company, start, month=month) < 0.0)
    return month


def live_plainly(company: Company, *, draws: Draws, accounts: Accounts) -> Payments:
    """Let accounts pay, move between plans and leave, by plan and tenure alone (rungs R0 to R2d)."""
    end = window_days(company)
    chances = [monthly(company, early=early) for early in (True, False)]
    row = np.arange(len(accounts.key))
    plan = accounts.plan
    month = first_months(company, accounts.start)
    found: list[tuple[Codes, Codes, Floats, Codes]] = []
    while len(row):
        day = anniversary(company, accounts.start[row], month=month)
        seen = np.flatnonzero(day < end)
        row, plan, month, day = row[seen], plan[seen], month[seen], day[seen]
        found.append((row, month, day, plan))
        luck = draws.pair(accounts.key[row], Purpose.LIFE, place=month)[0]
        persona = accounts.persona[row]
        early = month < company.life.early_months
        cancel, up, down = (
            np.where(early, first[persona, plan], then[persona, plan])
            for first, then in zip(*chances, strict=True)
        )
        plan = plan + ((luck >= cancel) & (luck < cancel + up))
        plan = plan - ((luck >= cancel + up) & (luck < cancel + up + down))
        stays = np.flatnonzero(luck >= cancel)
        row, plan, month = row[stays], plan[stays], month[stays] + 1
    return Payments(*(np.concatenate(column) for column in zip(*found, strict=True)))
