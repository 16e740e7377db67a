"""The rungs R0 to R2d: visits and payments leave events, and nothing else does."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from pathworth.learn.company.accounts.life import Accounts, live_plainly, opening_book
from pathworth.learn.company.accounts.money import amounts, costs
from pathworth.learn.company.clock import DAY_MS, epoch_ms
from pathworth.learn.company.draws import Draws
from pathworth.learn.company.events.sheet import SINCE, Sheet, since_codes, since_values
from pathworth.learn.company.events.traces import (
    PHASES,
    SECTIONS,
    plans_bought,
    raw_ids,
    visit_columns,
    visit_names,
    visit_truth,
)
from pathworth.learn.company.moves.journey import BUYS
from pathworth.learn.company.moves.people import People, window_days
from pathworth.learn.company.moves.walk import Trail
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.world import Codes, Persons, World

RENEWED = "Subscription Renewed"


def plain_world(company: Company, name: str, *, draws: Draws, crowd: People, trail: Trail) -> World:
    """Return the world of a rung from R0 to R2d; everybody's clock is UTC."""
    rung = company.rung[name]
    count = round(company.size.opening_accounts * len(crowd) / company.size.entrants)
    book = opening_book(company, draws, count=count, rung=rung)
    persona = np.concatenate([crowd.persona, book.persona])
    known = persona + 1 if rung.persona_known else np.zeros(len(persona), dtype=np.int64)
    earliest = int(np.floor(book.start.min(initial=0.0)))
    sheet = _empty_sheet(company, earliest=earliest)
    first = epoch_ms(company.first_day)
    columns, value, cost = visit_columns(company, rung, trail=trail, earliest=earliest)
    columns["persona"] = known[trail.row[trail.visit]]
    names = visit_names(company, rung, sheet=sheet, trail=trail)
    sheet.add(
        trail.row[trail.visit],
        names,
        ms=trail.time_ms + first,
        value=value,
        cost=cost,
        codes=columns,
    )
    add_payments(
        company, sheet=sheet, draws=draws, crowd=crowd, trail=trail, book=book, known=known
    )
    until = first + round(window_days(company)) * DAY_MS
    return World(
        company=company,
        rung_name=name,
        seed=draws.seed,
        ids=raw_ids(draws, np.concatenate([crowd.key, book.key])),
        names=tuple(sheet.names),
        events=sheet.finish(from_ms=first, until_ms=until),
        persons=_persons(crowd, book, trail=trail),
        visits=visit_truth(trail, utc=lambda _, ms: ms + first),
        from_us=first * 1000,
        to_us=until * 1000,
    )


def _empty_sheet(company: Company, *, earliest: int) -> Sheet:
    return Sheet(
        {
            "section": SECTIONS,
            "phase": PHASES,
            "plan": tuple(company.plan),
            SINCE: since_values(company, earliest),
            "persona": company.personas,
        }
    )


def add_payments(
    company: Company,
    *,
    sheet: Sheet,
    draws: Draws,
    crowd: People,
    trail: Trail,
    book: Accounts,
    known: Codes,
) -> None:
    """Add every payment after the first; that one is part of the purchase."""
    bought = np.flatnonzero(trail.step == BUYS)
    buyer = trail.row[bought]
    new = Accounts(crowd.key[buyer], crowd.persona[buyer], trail.plan[bought], trail.start[bought])
    accounts = Accounts(
        *(np.concatenate([getattr(new, f.name), getattr(book, f.name)]) for f in fields(Accounts))
    )
    payer = np.concatenate([buyer, len(crowd) + np.arange(len(book.key))])
    paid = live_plainly(company, draws=draws, accounts=accounts)
    later = np.flatnonzero((paid.month > 0) | (paid.account >= len(bought)))
    account, plan = paid.account[later], paid.plan[later]
    earliest = int(np.floor(book.start.min(initial=0.0)))
    sheet.add(
        payer[account],
        sheet.name(RENEWED),
        ms=np.floor(paid.day[later] * DAY_MS).astype(np.int64) + epoch_ms(company.first_day),
        value=np.array(amounts(company))[plan],
        cost=np.array(costs(company))[plan],
        codes={
            "phase": PHASES.index("customer") + 1,
            "plan": plan + 1,
            SINCE: since_codes(accounts.start[account], earliest),
            "persona": known[payer[account]],
        },
    )


def _persons(crowd: People, book: Accounts, *, trail: Trail) -> Persons:
    none = np.full(len(book.key), -1)
    no = np.zeros(len(book.key), dtype=np.bool_)
    plan = np.concatenate([plans_bought(trail, len(crowd)), book.plan])
    return Persons(
        persona=np.concatenate([crowd.persona, book.persona]),
        ledger=np.concatenate([crowd.ledger, none]),
        big=np.concatenate([crowd.big, no]),
        skips=np.concatenate([crowd.skips, no]),
        part=np.concatenate([crowd.extra.astype(np.int64), none + 3]),
        plan=plan,
        account=np.where(plan >= 0, np.arange(len(plan)), -1),
    )
