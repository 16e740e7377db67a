"""The deals of the sales team: stages entered late, reviews skipped, lost ones closed in bulk for a stated reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from pathworth.learn.company.clock import DAY_MS, epoch_ms, is_frozen
from pathworth.learn.company.draws import Floats, Purpose, pick
from pathworth.learn.company.moves.sessions import LEFT
from pathworth.learn.company.others.facts import FAR, HOUR_MS, Facts
from pathworth.learn.company.world import Codes, Flags

STAGES = ("New", "Qualified", "Proposal", "Security", "Closed Won", "Closed Lost")
NEW, QUALIFIED, PROPOSAL, SECURITY, WON, LOST = range(6)
CHOSEN, LAG, STATED, MEETING = range(4)
SHORTEST_MS = 10 * 60_000
NEVER = -1


@dataclass(frozen=True)
class Deals:
    """Deals, one row each, by when they were begun.

    Parameters
    ----------
    person
        Whose deal it is.
    entered
        int64[n, stages]: when it was written that a stage was entered (ms); -1 for never.
    truly
        int64[n, stages]: when what it stands for happened (ms); -1 for never.
    plan
        Place in the plans; for lost ones the one that was meant.
    cause
        Place in the true causes of losing; -1 for won ones.
    reason
        Place in the reasons that reps state; -1 for won and open ones.
    rep
        Place in the reps.
    """

    person: Codes
    entered: Codes
    truly: Codes
    plan: Codes
    cause: Codes
    reason: Codes
    rep: Codes

    @staticmethod
    def number(row: int) -> str:
        """Return the id under which a deal is kept."""
        return str(9_100_000 + row)


def deals_of(facts: Facts) -> Deals:
    """Return the deals of a world."""
    won, plan = _won(facts)
    lost, cause, left = _lost(facts, round(facts.company.crm.lost_per_won * len(won)))
    person = np.concatenate([won, lost])
    team = list(facts.company.plan).index("Team")
    plan = np.concatenate([plan, np.full(len(lost), team)])
    cause = np.concatenate([np.full(len(won), NEVER), cause])
    truly = _truly(facts, person)
    truly[: len(won), WON] = facts.visits_first("buys")[won]
    truly[len(won) :, LOST] = left
    entered = _entered(facts, person, truly=truly)
    lost_now = entered[:, LOST] >= 0
    stated, rep = facts.pair(Purpose.DEAL, person, place=STATED)
    shares = np.array(list(facts.company.crm.reasons.values()))
    order = np.lexsort((person, entered[:, NEW]))
    order = order[entered[order, NEW] >= 0]
    return Deals(
        person=person[order],
        entered=entered[order],
        truly=truly[order],
        plan=plan[order],
        cause=cause[order],
        reason=np.where(lost_now, pick(shares, stated), NEVER)[order],
        rep=np.floor(rep * len(facts.company.crm.reps)).astype(np.int64)[order],
    )


def _won(facts: Facts) -> tuple[Codes, Codes]:
    """Return who bought with the help of sales, and which plan."""
    plan = facts.world.persons.plan
    bought = np.flatnonzero(
        (facts.visits_first("buys") < FAR) & (facts.visits_first("trial") < FAR)
    )
    share = np.array([facts.company.crm.deal_share[name] for name in facts.company.plan])
    chosen = facts.pair(Purpose.DEAL, bought, place=CHOSEN)[0] < share[plan[bought]]
    return bought[chosen], plan[bought[chosen]]


def _lost(facts: Facts, wanted: int) -> tuple[Codes, Codes, Codes]:
    """Return who did not buy though sales hoped so, the true cause, and when each left (ms)."""
    pools, left = _pools(facts)
    taken = np.zeros(len(facts.ids), dtype=np.bool_)
    people, causes = [], []
    for place, (cause, share) in enumerate(facts.company.crm.causes.items()):
        pool = np.flatnonzero(pools[cause] & ~taken)
        luck = facts.pair(Purpose.DEAL, pool, place=CHOSEN)[1]
        chosen = pool[np.argsort(luck, kind="stable")[: round(share * wanted)]]
        taken[chosen] = True
        people.append(chosen)
        causes.append(np.full(len(chosen), place))
    person = np.concatenate(people)
    return person, np.concatenate(causes), left[person]


def _pools(facts: Facts) -> tuple[Mapping[str, Flags], Codes]:
    """Return who can have been lost by each cause, and when everybody left a trial for good (ms)."""
    world, company = facts.world, facts.company
    visits, steps = world.visits, company.steps
    last = np.flatnonzero(np.append(np.diff(visits.person) != 0, True))
    gone = last[(visits.to[last] == LEFT) & (visits.end_us[last] < world.to_us)]
    gone = gone[visits.step[gone] >= steps.index("trial")]
    n = len(facts.ids)
    left, step = np.full(n, FAR), np.full(n, NEVER)
    left[visits.person[gone]] = visits.end_us[gone] // 1000
    step[visits.person[gone]] = visits.step[gone]
    expired = np.zeros(n, dtype=np.bool_)
    expired[visits.person[gone]] = visits.expired[gone]
    frozen = _in_freeze(facts, left)
    connector = world.persons.ledger == company.ledgers.index(company.planted.connector_ledger)
    risk, connects = steps.index("risk"), steps.index("connects")
    plain = (step >= connects) & (step != risk) & ~connector & ~(expired & frozen)
    return {
        "security": step == risk,
        "connector": connector & (step == connects),
        "timing": expired & frozen & (step != risk) & (step >= connects),
        "price": plain,
        "other": plain,
    }, left


def _in_freeze(facts: Facts, ms: Codes) -> Flags:
    """Return which times fall into the freeze around a quarter end."""
    known = ms < FAR
    day = np.where(known, ms // DAY_MS, 0)
    frozen = {
        one: is_frozen(facts.company, date.fromordinal(date(1970, 1, 1).toordinal() + one))
        for one in np.unique(day).tolist()
    }
    return known & np.array([frozen[one] for one in day.tolist()], dtype=np.bool_)


def _truly(facts: Facts, person: Codes) -> Codes:
    """Return when what each stage stands for happened."""
    truly = np.full((len(person), len(STAGES)), NEVER)
    for stage, step in (
        (NEW, "trial"),
        (QUALIFIED, "first-value"),
        (PROPOSAL, "team"),
        (SECURITY, "risk"),
    ):
        first = facts.visits_first(step)[person]
        truly[:, stage] = np.where(first < FAR, first, NEVER)
    return truly


def _entered(facts: Facts, person: Codes, *, truly: Codes) -> Codes:
    """Return when each stage was written down: late, in their order, some of them never."""
    crm = facts.company.crm
    entered = np.full_like(truly, NEVER)
    latest = np.zeros(len(person), dtype=np.int64)
    for stage in range(len(STAGES)):
        normal = facts.normal(Purpose.DEAL, person, place=LAG, index=stage)
        wait = np.floor(crm.lag_days * np.exp(crm.lag_sigma * normal) * DAY_MS).astype(np.int64)
        when = np.maximum(truly[:, stage] + wait, latest + SHORTEST_MS)
        there = truly[:, stage] >= 0
        if stage == SECURITY:
            there &= facts.pair(Purpose.DEAL, person, place=MEETING)[0] >= crm.skips_security
        if stage == LOST:
            when = _in_bulk(facts, person, when=when)
        there &= when < facts.end_ms
        entered[:, stage] = np.where(there, when, NEVER)
        latest = np.where(there, when, latest)
    return entered


def _in_bulk(facts: Facts, person: Codes, *, when: Codes) -> Codes:
    """Move the end of most lost deals to the next day on which the books are closed."""
    bulk, hour = facts.pair(Purpose.DEAL, person, place=MEETING, index=1)
    first, last = facts.company.crm.office_hours
    days = np.array(closing_days(facts)) + round(first * HOUR_MS)
    place = np.searchsorted(days, when)
    moves = (bulk < facts.company.crm.bulk) & (place < len(days))
    at = days[np.minimum(place, len(days) - 1)] + np.floor(hour * (last - first) * HOUR_MS).astype(
        np.int64
    )
    return np.where(moves, at, when)


def closing_days(facts: Facts) -> list[int]:
    """Return the days (ms) of the window on which the reps close what is lost."""
    year = facts.company.first_day.year
    days = [
        epoch_ms(date.fromisoformat(f"{one}-{text}"))
        for one in (year, year + 1)
        for text in facts.company.crm.closing_days
    ]
    return sorted(day for day in days if facts.begin_ms <= day < facts.end_ms)


def meetings_of(facts: Facts, deals: Deals) -> tuple[Codes, Codes, Floats]:
    """Return which deals had a call on the day of their proposal, when (ms), and how long it took (minutes)."""
    crm = facts.company.crm
    met, long = facts.pair(Purpose.DEAL, deals.person, place=MEETING, index=2)
    hour = facts.pair(Purpose.DEAL, deals.person, place=MEETING, index=3)[0]
    rows = np.flatnonzero((deals.entered[:, PROPOSAL] >= 0) & (met < crm.meets))
    first, last = crm.office_hours
    day = deals.truly[rows, PROPOSAL] // DAY_MS * DAY_MS
    when = day + np.floor((first + (last - first) * hour[rows]) * HOUR_MS).astype(np.int64)
    low, high = crm.meeting_minutes
    return rows, when, low + np.floor((high - low + 1) * long[rows])
