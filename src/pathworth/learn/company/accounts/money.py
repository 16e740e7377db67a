"""What plans earn, how accounts move between them from month to month, and what a purchase is worth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from pathworth.base.money import to_micro
from pathworth.learn.company.draws import Floats
from pathworth.learn.company.parameters import Company

STARTER, TEAM, SCALE = range(3)
STAYS_ADMIN, MANY_ADMINS, ADMIN_LOST = range(3)


def amounts(company: Company) -> list[int]:
    """Return the monthly price of each plan, in micro-units."""
    return [to_micro(plan.price) for plan in company.plan.values()]


def costs(company: Company) -> list[int]:
    """Return the monthly variable cost of each plan, payment fee included, in micro-units."""
    life = company.life
    return [
        to_micro(plan.variable_cost + life.fee_share * plan.price + life.fee_fixed)
        for plan in company.plan.values()
    ]


def margins(company: Company) -> Floats:
    """Return the monthly margin of each plan, in units of the currency."""
    margin: Floats = (np.array(amounts(company)) - np.array(costs(company))) / 1e6
    return margin


def monthly(company: Company, *, early: bool, late: bool = False) -> tuple[Floats, Floats, Floats]:
    """Return float64[personas, plans] chances a month: cancels, moves up, moves down.

    The seat limit counts as hit without memory; champions and late first value come on top of it.

    Parameters
    ----------
    early
        Whether the month is one of the first.
    late
        Whether first value came late.
    """
    life = company.life
    base = np.array([plan.cancel for plan in company.plan.values()])
    base = base * (life.early_factor if early else 1.0) * (life.late_factor if late else 1.0)
    cancel = np.repeat(base[None, :], len(company.personas), axis=0)
    limit = np.array(life.seat_limit)
    up_share, cancel_share = limit_shares(company)
    cancel[:, TEAM] += limit * cancel_share
    up = np.zeros_like(cancel)
    up[:, STARTER] = life.starter_up
    up[:, TEAM] = limit * up_share
    down = np.zeros_like(cancel)
    down[:, TEAM] = life.team_down
    return cancel, up, down


def limit_shares(company: Company) -> tuple[float, float]:
    """Return which share of accounts at the seat limit upgrades, and which cancels."""
    life, kept = company.life, company.frictions.seat_price
    return (
        life.limit_up_repaired + (life.limit_up - life.limit_up_repaired) * kept,
        life.limit_cancel_repaired + (life.limit_cancel - life.limit_cancel_repaired) * kept,
    )


@lru_cache(maxsize=64)
def worth_plain(company: Company) -> Floats:
    """Return float64[personas, plans]: discounted margin of the horizon from purchase on, rungs R0 to R2d."""
    out = np.empty((len(company.personas), len(company.plan)))
    for persona in range(len(out)):
        steps = []
        for early in (True, False):
            cancel, up, down = (one[persona] for one in monthly(company, early=early))
            move = np.diag(1.0 - cancel - up - down)
            move += np.diag(up[:-1], 1) + np.diag(down[1:], -1)
            steps.append(move)
        out[persona] = _horizon(company, steps=steps, margin=margins(company))
    return out


def _horizon(company: Company, *, steps: list[Floats], margin: Floats) -> Floats:
    """Add up the months: the first at once, each later one if the account is still there."""
    life = company.life
    month = (1.0 + life.discount) ** (-1.0 / 12.0)
    value = margin.copy()
    for tenure in range(life.horizon_months - 1, 0, -1):
        value = margin + month * steps[0 if tenure <= life.early_months else 1] @ value
    return value


@lru_cache(maxsize=64)
def worth_full(company: Company) -> Floats:
    """Return float64[personas, plans, 2]: the same on R3, by whether first value came late.

    States are plan x cramped at the seat limit x champion (alone and there, one of many, lost).
    """
    out = np.empty((len(company.personas), len(company.plan), 2))
    life = company.life
    for persona in range(len(out)):
        for late in (0, 1):
            steps = [
                full_step(company, persona, early=early, late=bool(late)) for early in (True, False)
            ]
            margin = np.repeat(margins(company), 6)
            value = _horizon(company, steps=steps, margin=margin).reshape(3, 2, 3)
            one = life.one_admin * company.frictions.champion_leaves
            fresh = value[:, 0, STAYS_ADMIN], value[:, 0, MANY_ADMINS]
            out[persona, :, late] = one * fresh[0] + (1.0 - one) * fresh[1]
    return out


def full_step(company: Company, persona: int, *, early: bool, late: bool) -> Floats:
    """Return float64[18, 18]: the chances of one month on R3, leaving excluded."""
    life = company.life
    step = np.zeros((3, 2, 3, 3, 2, 3))
    base = np.array([plan.cancel for plan in company.plan.values()])
    base = base * (life.early_factor if early else 1.0) * (life.late_factor if late else 1.0)
    up_share, cancel_share = limit_shares(company)
    for plan in range(3):
        for cramped in range(2):
            for admin in range(3):
                lost = life.admin_lost if admin == STAYS_ADMIN else 0.0
                quits = life.admin_cancels * (
                    life.admin_cancels_starter if plan == STARTER else 1.0
                )
                for after, share in ((admin, 1.0 - lost), (ADMIN_LOST, lost * (1.0 - quits))):
                    here = step[plan, cramped, admin, :, :, after]
                    stays = share * (1.0 - base[plan])
                    hit = life.seat_limit[persona] if plan == TEAM and not cramped else 0.0
                    up = life.starter_up[persona] if plan == STARTER else hit * up_share
                    down = life.team_down if plan == TEAM else 0.0
                    cramps = hit * (1.0 - up_share - cancel_share)
                    if up:
                        here[plan + 1, 0] += stays * up
                    if down:
                        here[plan - 1, 0] += stays * down
                    if cramps:
                        here[plan, 1] += stays * cramps
                    here[plan, cramped] += stays * (1.0 - up - down - cramps - hit * cancel_share)
    return step.reshape(18, 18)
