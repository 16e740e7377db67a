"""The rung R3: everything on, people seen by hints only, accounts that live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.accounts.life import Accounts, opening_book
from pathworth.learn.company.accounts.money import amounts, costs
from pathworth.learn.company.accounts.months import (
    Contracts,
    Months,
    Pressure,
    come_back_to_pay,
    joined,
    live_fully,
)
from pathworth.learn.company.accounts.use import customer_events
from pathworth.learn.company.clock import DAY_MS, utc_ms, week_day
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.events.cast import Cast, gather
from pathworth.learn.company.events.hints import BROWSERS
from pathworth.learn.company.events.noise import add_noise
from pathworth.learn.company.events.sheet import ACCOUNT, SINCE, Sheet, since_codes, since_values
from pathworth.learn.company.events.traces import (
    PAID,
    PHASES,
    SECTIONS,
    STARTED,
    plans_bought,
    visit_columns,
    visit_names,
    visit_truth,
)
from pathworth.learn.company.moves.journey import BUYS, CONNECTS
from pathworth.learn.company.moves.people import People, window_days
from pathworth.learn.company.moves.sessions import kinds_of
from pathworth.learn.company.moves.walk import Trail
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.world import Codes, Flags, Keys, Persons, World

RENEWED = "Subscription Renewed"
FAILED = "Payment Failed"
CANCELLED = "Subscription Cancelled"
TRIAL_PHASE, CUSTOMER_PHASE = 1, 2
NEVER = 10**6


@dataclass(frozen=True)
class Firsts:
    """How first payments went, one row per purchase: whether they failed, healed, and after how many days."""

    visit: Codes
    fails: Flags
    heals: Flags
    wait: Floats


def first_payments(company: Company, *, draws: Draws, crowd: People, trail: Trail) -> Firsts:
    """Draw how first payments go."""
    visit = np.flatnonzero(trail.step == BUYS)
    key = crowd.key[trail.row[visit]]
    fails, heals = draws.pair(key, Purpose.PAYMENT, place=trail.move[visit])
    life = company.life
    healed = heals < life.payment_heals
    wait = np.where(healed, heals / life.payment_heals, 1.0) * life.heal_days
    return Firsts(visit, fails < life.payment_fails, healed, wait)


def contracts_of(crowd: People, book: Accounts, *, trail: Trail, firsts: Firsts) -> Contracts:
    """Return the contracts that begin with a purchase, and those of the opening book."""
    visit = firsts.visit[~firsts.fails | firsts.heals]
    buyer = trail.row[visit]
    none = np.zeros(len(book.key), dtype=np.int64)
    new = Contracts(
        payer=buyer,
        key=crowd.key[buyer],
        persona=crowd.persona[buyer],
        plan=trail.plan[visit],
        start=trail.start[visit],
        late=np.maximum(trail.late[visit], 0),
        term=np.zeros(len(buyer), dtype=np.int64),
    )
    old = Contracts(
        payer=len(crowd) + np.arange(len(none)),
        key=book.key,
        persona=book.persona,
        plan=book.plan,
        start=book.start,
        late=none,
        term=none,
    )
    return joined(new, old)


def empty_sheet(company: Company, *, cast: Cast, earliest: int) -> Sheet:
    """Return the sheet with the values of every property of R3."""
    hints = company.hints
    return Sheet(
        {
            "section": SECTIONS,
            "phase": PHASES,
            "plan": tuple(company.plan),
            SINCE: since_values(company, earliest),
            "ledger": company.ledgers,
            "lines_a_month": hints.lines_a_month,
            "job_title": tuple(company.persona[name].job_title for name in company.personas),
            "company_size": hints.company_sizes,
            "country": hints.countries,
            "browser": BROWSERS,
            ACCOUNT: [one.decode() for one in cast.account_ids.tolist()],
        }
    )


class Stage:
    """One R3 world in the making: its cast, its contracts, and the sheet that fills up."""

    def __init__(
        self,
        company: Company,
        *,
        draws: Draws,
        crowd: People,
        trail: Trail,
        book: Accounts | None = None,
        whole: Stage | None = None,
    ) -> None:
        """Set the stage; that of some accounts only takes their part of the book and the whole's words."""
        self.company, self.draws, self.crowd, self.trail = company, draws, crowd, trail
        self.rung = company.rung["R3"]
        usual = int((~crowd.extra).sum())
        count = round(company.size.opening_accounts * usual / company.size.entrants)
        self.book = (
            opening_book(company, draws, count=count, rung=self.rung) if book is None else book
        )
        self.cast: Cast = gather(
            company, self.rung, draws=draws, crowd=crowd, trail=trail, book=self.book
        )
        self.firsts = first_payments(company, draws=draws, crowd=crowd, trail=trail)
        self.contracts = contracts_of(crowd, self.book, trail=trail, firsts=self.firsts)
        first = int(np.floor(self.book.start.min(initial=0.0)))
        self.earliest: int = first if whole is None else whole.earliest
        self.sheet = empty_sheet(company, cast=self.cast, earliest=self.earliest)
        self.sheet.names.extend(() if whole is None else whole.sheet.names)
        self.first_connect: Codes = np.full(len(crowd), NEVER)
        rows = np.flatnonzero(trail.step == CONNECTS)
        np.minimum.at(self.first_connect, trail.row[rows], trail.move[rows])

    def utc(self, person: Codes, ms: Codes) -> Codes:
        """Return UTC ms of local ms of persons."""
        hours = self.cast.seen.hours[self.cast.owner[person]]
        return utc_ms(self.company, ms, hours=hours)

    def product(self, person: Codes, phase: int) -> dict[str, Codes | int]:
        """Return the properties of product events of people whose ledger is connected."""
        owner = self.cast.owner[person]
        return {
            "phase": phase,
            "ledger": self.cast.seen.ledger[owner],
            "lines_a_month": self.cast.seen.lines[owner],
            ACCOUNT: owner + 1,
        }

    def add(self, person: Codes, event: str, *, ms: Codes, codes: dict[str, Codes | int]) -> None:
        """Add events of one name at local times."""
        self.sheet.add(person, self.sheet.name(event), ms=self.utc(person, ms), codes=codes)

    def add_paid(
        self, person: Codes, event: str, *, ms: Codes, plan: Codes, codes: dict[str, Codes | int]
    ) -> None:
        """Add payments."""
        self.sheet.add(
            person,
            self.sheet.name(event),
            ms=self.utc(person, ms),
            value=np.array(amounts(self.company))[plan],
            cost=np.array(costs(self.company))[plan],
            codes=codes,
        )


def full_world(company: Company, *, draws: Draws, crowd: People, trail: Trail) -> World:
    """Return the world of rung R3."""
    stage = Stage(company, draws=draws, crowd=crowd, trail=trail)
    perform(stage)
    begin, end = window_ms(company)
    events = stage.sheet.finish(from_ms=begin, until_ms=end)
    return World(
        company=company,
        rung_name="R3",
        seed=draws.seed,
        ids=stage.cast.ids,
        names=tuple(stage.sheet.names),
        events=add_noise(company.noise, draws=draws, events=events, who=numbers_of(stage.cast.ids)),
        persons=persons_of(stage),
        visits=visit_truth(trail, utc=stage.utc),
        from_us=begin * 1000,
        to_us=end * 1000,
    )


def perform(stage: Stage, pressure: Pressure | None = None) -> None:
    """Fill the stage's sheet with everything that its people and accounts do."""
    company, draws = stage.company, stage.draws
    add_visits(stage)
    add_deadlines(stage)
    add_first_payments(stage)
    accepted = stage.cast.accepted
    invited = stage.cast.first_invited + np.arange(len(accepted.inviter))
    codes: dict[str, Codes | int] = {"phase": TRIAL_PHASE, ACCOUNT: accepted.inviter + 1}
    stage.add(invited, company.invitation.event, ms=accepted.time_ms, codes=codes)
    contracts = stage.contracts
    while len(contracts.key):
        months = live_fully(company, draws=draws, contracts=contracts, pressure=pressure)
        add_months(stage, contracts=contracts, months=months)
        if not company.incidents.returns:
            break
        contracts = come_back_to_pay(company, draws=draws, contracts=contracts, months=months)


def window_ms(company: Company) -> tuple[int, int]:
    """Return the window's begin and end at home, in UTC ms since 1970."""
    home = np.zeros(1, dtype=np.int64)
    ends = np.array([0, round(window_days(company)) * DAY_MS])
    begin, end = (int(utc_ms(company, home + one, hours=home + 1)[0]) for one in ends)
    return begin, end


def numbers_of(ids: NDArray[np.bytes_]) -> Keys:
    """Return a number in the stream for each raw id."""
    return np.array([int(one[-8:], 16) for one in ids.tolist()], dtype=np.uint32)


def add_visits(stage: Stage) -> None:
    """Add the events of the trial journey, first payments aside where they fail."""
    company, trail, seen = stage.company, stage.trail, stage.cast.seen
    kinds = kinds_of(company, stage.rung)
    row = trail.row[trail.visit]
    codes, value, cost = visit_columns(company, stage.rung, trail=trail, earliest=stage.earliest)
    hinted = np.array([kind.row.hints for kind in kinds])[trail.kind]
    browsed = np.array([kind.row.browser for kind in kinds])[trail.kind]
    product = codes["phase"] > 0
    known = product & (trail.move[trail.visit] >= stage.first_connect[row])
    codes["ledger"] = np.where(known | (hinted & seen.form[row]), seen.ledger[row], 0)
    codes["lines_a_month"] = np.where(known, seen.lines[row], 0)
    codes[ACCOUNT] = np.where(product, row + 1, 0)
    codes["job_title"] = np.where(hinted, seen.job_title[row], 0)
    codes["company_size"] = np.where(hinted, seen.company_size[row], 0)
    codes["country"] = np.where(hinted, seen.country[row], 0)
    codes["browser"] = np.where(browsed, seen.browser[row], 0)
    names = visit_names(company, stage.rung, sheet=stage.sheet, trail=trail)
    failed = np.zeros(len(trail.row), dtype=np.bool_)
    failed[stage.firsts.visit[stage.firsts.fails]] = True
    failing = (names == stage.sheet.name(PAID)) & failed[trail.visit]
    names = np.where(failing, stage.sheet.name(FAILED), names)
    sent = np.flatnonzero(_sent(stage, names=names, row=row))
    stage.sheet.add(
        row[sent],
        names[sent],
        ms=stage.utc(row, trail.time_ms)[sent],
        value=np.where(failing, 0, value)[sent],
        cost=np.where(failing, 0, cost)[sent],
        codes={key: one[sent] for key, one in codes.items()},
    )


def _sent(stage: Stage, *, names: Codes, row: Codes) -> Flags:
    """Return which events reach us: one browser does not send one event for some days."""
    company, what = stage.company, stage.company.tracking
    if not company.incidents.tracking:
        return np.ones(len(names), dtype=np.bool_)
    day = stage.trail.time_ms / DAY_MS
    lost = (day >= week_day(*what.first)) & (day < week_day(*what.last) + 1.0)
    lost &= stage.cast.seen.browser[row] == BROWSERS.index(what.browser) + 1
    heard: Flags = ~(lost & (names == stage.sheet.name(what.event)))
    return heard


def add_deadlines(stage: Stage) -> None:
    """Add what the trial's deadline makes the product say."""
    trail = stage.trail
    for event, chosen in (("Trial Extended", trail.extended), ("Trial Expired", trail.expired)):
        rows = np.flatnonzero(chosen)
        person = trail.row[rows]
        codes = stage.product(person, TRIAL_PHASE)
        known = trail.move[rows] >= stage.first_connect[person]
        for key in ("ledger", "lines_a_month"):
            codes[key] = np.where(known, codes[key], 0)
        ms = np.floor(trail.deadline[rows] * DAY_MS).astype(np.int64)
        stage.add(person, event, ms=ms, codes=codes)


def add_first_payments(stage: Stage) -> None:
    """Add the first payments that succeed after having failed, and the end of those that never do."""
    trail, firsts = stage.trail, stage.firsts
    ms = np.floor((trail.start[firsts.visit] + firsts.wait) * DAY_MS).astype(np.int64)
    for chosen, event in (
        (firsts.fails & firsts.heals, PAID),
        (firsts.fails & ~firsts.heals, CANCELLED),
    ):
        visit = firsts.visit[chosen]
        person, plan = trail.row[visit], trail.plan[visit]
        codes = stage.product(person, CUSTOMER_PHASE)
        if event == PAID:
            since = since_codes(trail.start[visit], stage.earliest)
            codes |= {"plan": plan + 1, SINCE: since}
            stage.add_paid(person, event, ms=ms[chosen], plan=plan, codes=codes)
        else:
            stage.add(person, event, ms=ms[chosen], codes=codes)


def add_months(stage: Stage, *, contracts: Contracts, months: Months) -> None:
    """Add payments and everything that customers do."""
    payer = contracts.payer[months.contract]
    since = since_codes(contracts.start[months.contract], stage.earliest)
    ms = np.floor(months.begin * DAY_MS).astype(np.int64)
    returned = (months.month == 0) & (contracts.term[months.contract] > 0)
    for event, chosen in (
        (STARTED, returned),
        (PAID, returned),
        (RENEWED, (months.month > 0) & ~months.partial),
    ):
        rows = np.flatnonzero(chosen)
        codes = stage.product(payer[rows], CUSTOMER_PHASE)
        codes |= {"plan": months.plan[rows] + 1, SINCE: since[rows]}
        if event == STARTED:
            stage.add(payer[rows], event, ms=ms[rows], codes=codes)
        else:
            stage.add_paid(payer[rows], event, ms=ms[rows], plan=months.plan[rows], codes=codes)
    for acting in customer_events(
        stage.company,
        stage.rung,
        draws=stage.draws,
        contracts=contracts,
        months=months,
        members=stage.cast.members,
    ):
        codes = stage.product(acting.person, CUSTOMER_PHASE)
        local = np.floor(acting.day * DAY_MS).astype(np.int64)
        stage.add(acting.person, acting.event, ms=local, codes=codes)


def persons_of(stage: Stage) -> Persons:
    """Return the truth about everybody."""
    cast, crowd = stage.cast, stage.crowd
    n, owner = len(cast.owner), cast.owner
    plan = np.full(n, -1)
    plan[: len(crowd)] = plans_bought(stage.trail, len(crowd))
    plan[len(crowd) : len(cast.key)] = stage.book.plan
    skips = np.zeros(n, dtype=np.bool_)
    skips[: len(crowd)] = crowd.skips
    return Persons(
        persona=np.where(cast.part == 3, -1, cast.persona[owner]),
        ledger=cast.ledger[owner],
        big=cast.big[owner],
        skips=skips,
        part=cast.part,
        plan=plan,
        account=owner,
    )
