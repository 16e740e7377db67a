"""The trial journey: everybody's moves through the steps, all people at once, move after move."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.clock import DAY_MS, Clock, clock_of, week_day
from pathworth.learn.company.draws import Draws, Floats, Purpose, pick
from pathworth.learn.company.moves.people import People, window_days
from pathworth.learn.company.moves.sessions import LEFT, Visits
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung

READS, COMPARES, TRIAL, CONNECTS, FIRST_VALUE, TEAM, RISK, BUYS = range(8)
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Walkers:
    """People on their way, one row each, at the start of a visit.

    Days are calendar days since the first day. ``row`` is the place in the people, ``move`` counts
    the visits before this one, ``deadline`` the trial's end
    (infinite without one), ``trial_day`` when the last of so many ``trials`` began, ``late`` whether first value
    came late (-1 before it).
    """

    row: Codes
    key: NDArray[np.uint32]
    persona: Codes
    ledger: Codes
    big: Flags
    skips: Flags
    move: Codes
    step: Codes
    start: Floats
    deadline: Floats
    trial_day: Floats
    trials: Codes
    late: Codes

    def __len__(self) -> int:
        """Return how many walk."""
        return len(self.row)

    def take(self, rows: NDArray) -> Walkers:
        """Return the walkers in these places."""
        return Walkers(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class Moves:
    """How visits ended: ``to`` is the next step, LEFT or DONE, at ``end`` (days)."""

    dest: Codes
    to: Codes
    end: Floats
    extended: Flags
    expired: Flags


@lru_cache(maxsize=32)
def rows_of(company: Company, rung: Rung) -> Floats:
    """Return float64[personas, ledgers, 7, 9]: the probability of each next move, frictions applied."""
    names = company.steps[:-1]
    table = np.array([[company.rows[p][step] for step in names] for p in company.personas])
    rows = np.repeat(table[:, None], len(company.ledgers), axis=1)
    if not rung.full:
        return rows
    what, how = company.planted, company.frictions
    wizard = company.ledgers.index(what.wizard_ledger)
    taken = np.minimum(
        rows[:, wizard, CONNECTS, FIRST_VALUE],
        how.ledger_wizard * (what.wizard_again + what.wizard_left),
    )
    again = what.wizard_again / (what.wizard_again + what.wizard_left)
    rows[:, wizard, CONNECTS, FIRST_VALUE] -= taken
    rows[:, wizard, CONNECTS, CONNECTS] += taken * again
    rows[:, wizard, CONNECTS, LEFT] += taken * (1.0 - again)
    none = company.ledgers.index(what.connector_ledger)
    there = rows[:, none, CONNECTS, FIRST_VALUE]
    lost = np.minimum(there, how.missing_connector * (there - what.connector_first_value))
    rows[:, none, CONNECTS, FIRST_VALUE] -= lost
    rows[:, none, CONNECTS, LEFT] += lost
    for name in what.risk_personas:
        persona = company.personas.index(name)
        gain = (1.0 - how.security_review) * what.risk_buys_repaired
        rows[persona, :, RISK, BUYS] += gain
        rows[persona, :, RISK, LEFT] -= gain
    return rows


def set_out(company: Company, people: People, *, rung: Rung) -> Walkers:
    """Return everybody at the start of the first visit."""
    n = len(people)
    walkers = Walkers(
        row=np.arange(n),
        key=people.key,
        persona=people.persona,
        ledger=people.ledger if rung.full else np.zeros(n, dtype=np.int64),
        big=people.big if rung.full else np.zeros(n, dtype=np.bool_),
        skips=people.skips,
        move=np.zeros(n, dtype=np.int64),
        step=people.first,
        start=_whole_ms(people.entry),
        deadline=np.full(n, np.inf),
        trial_day=np.full(n, np.nan),
        trials=np.zeros(n, dtype=np.int64),
        late=np.full(n, -1),
    )
    return arrive(company, rung, walkers=walkers)


def arrive(company: Company, rung: Rung, *, walkers: Walkers) -> Walkers:
    """Return the walkers with what the step they just reached brings: a trial's clock, a late first value."""
    at_trial = walkers.step == TRIAL
    trial_day = np.where(at_trial, walkers.start, walkers.trial_day)
    outside = walkers.step <= COMPARES
    deadline = np.where(outside, np.inf, walkers.deadline)
    if rung.deadline:
        ends = trial_end(company, rung, start=walkers.start, persona=walkers.persona)
        deadline = np.where(at_trial, ends, deadline)
    late_now = walkers.start - trial_day > company.life.late_first_value_days
    first = (walkers.step == FIRST_VALUE) & (walkers.late < 0)
    late = np.where(first, late_now.astype(np.int64), walkers.late)
    trials = walkers.trials + at_trial
    return replace(walkers, trial_day=trial_day, trials=trials, deadline=deadline, late=late)


def trial_end(company: Company, rung: Rung, *, start: Floats, persona: Codes) -> Floats:
    """Return the day at which a trial begun then ends; without the friction its clock pauses in freezes."""
    days = company.deadline.days
    ends = start + days
    kept = company.frictions.freeze_eats_trial
    if kept == 1.0:
        return ends
    paused = clock_of(company, rung).pause(start, days)
    who = persona == company.personas.index(company.planted.freeze_persona)
    return np.where(who, ends + (1.0 - kept) * (paused - ends), ends)


def choose(company: Company, rung: Rung, *, walkers: Walkers, chance: Floats) -> Codes:
    """Return everybody's intended next move."""
    rows = rows_of(company, rung)[walkers.persona, walkers.ledger, walkers.step]
    if rung.full:
        rows = _happenings(company, walkers, rows)
    return pick(rows, chance)


def _happenings(company: Company, walkers: Walkers, rows: Floats) -> Floats:
    """Apply what differs by date, and the tour that is harmless as planted."""
    on = company.incidents
    if on.outage:
        begin = week_day(company.outage.week)
        hit = (walkers.start >= begin) & (walkers.start < begin + company.outage.days)
        hit &= walkers.step == CONNECTS
        lost = np.where(hit, rows[:, FIRST_VALUE] * (1.0 - company.outage.factor), 0.0)
        rows = _shift(rows, FIRST_VALUE, lost)
    if on.competitor:
        hit = walkers.persona == company.personas.index(company.competitor.persona)
        hit &= (walkers.start >= week_day(company.competitor.week)) & (walkers.step == COMPARES)
        rows = _shift(rows, TRIAL, np.where(hit, company.competitor.left, 0.0))
    if company.frictions.tour_skipped:
        hit = walkers.skips & (walkers.step == TRIAL)
        lost = np.minimum(rows[:, CONNECTS], company.frictions.tour_skipped)
        rows = _shift(rows, CONNECTS, np.where(hit, lost, 0.0))
    return rows


def _shift(rows: Floats, column: int, lost: Floats) -> Floats:
    rows = rows.copy()
    rows[:, column] -= lost
    rows[:, LEFT] += lost
    return rows


def hold(company: Company, rung: Rung, *, walkers: Walkers, dest: Codes, normal: Floats) -> Floats:
    """Return the day at which each move happens by the activity clock, no deadline considered."""
    shape = company.holding
    pace = np.array([company.persona[name].pace for name in company.personas])[walkers.persona]
    factor = pace * np.array(shape.median)[walkers.step]
    if rung.full:
        what, how = company.planted, company.frictions
        by_hand = 1.0 + (what.rules_time - 1.0) * how.rules_by_hand
        slow = walkers.big & (walkers.step == CONNECTS) & (dest == FIRST_VALUE)
        factor = np.where(slow, factor * by_hand, factor)
        quick = 1.0 - (1.0 - what.risk_pace_repaired) * (1.0 - how.security_review)
        at_risk = np.isin(walkers.persona, [company.personas.index(p) for p in what.risk_personas])
        factor = np.where((walkers.step == RISK) & at_risk, factor * quick, factor)
    active = factor * np.exp(np.array(shape.sigma)[walkers.step] * normal)
    clock: Clock = clock_of(company, rung)
    return clock.to_day(clock.to_active(walkers.start, walkers.persona) + active, walkers.persona)


def at_least(company: Company, *, walkers: Walkers, length_ms: Codes) -> Floats:
    """Return the earliest day of a next visit: after the session and a pause that ends it."""
    return walkers.start + length_ms / DAY_MS + company.session.pause_minutes / 1440.0


def settle(
    company: Company,
    *,
    draws: Draws,
    walkers: Walkers,
    dest: Codes,
    end: Floats,
    earliest: Floats,
) -> Moves:
    """Let the trial's deadline decide which moves happen, none before the earliest day."""
    end = np.maximum(end, earliest)
    over = end > walkers.deadline
    extend, restart = draws.pair(walkers.key, Purpose.EXPIRY, place=walkers.move)
    extended = over & (extend < np.array(company.deadline.extended)[walkers.step])
    expired = over & ~extended
    wait = draws.pair(walkers.key, Purpose.RESTART, place=walkers.move)[0]
    wait = -company.deadline.restart_days * np.log(1.0 - wait)
    again = expired & (restart < company.deadline.restarts)
    to = np.where(expired, np.where(again, walkers.step, LEFT), dest)
    begins_again = np.maximum(walkers.deadline + wait, earliest)
    at = np.where(expired, np.where(again, begins_again, walkers.deadline), end)
    return Moves(dest, to, _whole_ms(at), extended, expired)


def follow(company: Company, rung: Rung, *, walkers: Walkers, moves: Moves) -> Walkers:
    """Return those who go on, at the start of their next visit."""
    rows = np.flatnonzero(moves.to < LEFT)
    on = walkers.take(rows)
    restarted = moves.expired[rows]
    start = moves.end[rows]
    deadline = np.where(moves.extended[rows], np.inf, on.deadline)
    if rung.deadline:
        again = trial_end(company, rung, start=start, persona=on.persona)
        deadline = np.where(restarted, again, deadline)
    after = replace(on, move=on.move + 1, step=moves.to[rows], start=start, deadline=deadline)
    return arrive(company, rung, walkers=after)


def visits_of(
    company: Company, *, draws: Draws, walkers: Walkers, dest: Codes
) -> tuple[Visits, Codes]:
    """Return the visits to act out, and the plan of those who buy (0 for others)."""
    shares = np.array([company.persona[name].plan for name in company.personas])
    buys = np.flatnonzero(walkers.step == BUYS)
    plan = np.zeros(len(walkers), dtype=np.int64)
    chance = draws.pair(walkers.key[buys], Purpose.PLAN, place=walkers.move[buys])[0]
    plan[buys] = pick(shares[walkers.persona[buys]], chance)
    cls = (walkers.persona * len(company.ledgers) + walkers.ledger) * 2 + walkers.big
    visits = Visits(
        walkers.key,
        walkers.move,
        walkers.step,
        dest,
        np.where(walkers.step == BUYS, plan, cls),
        walkers.persona,
        walkers.trials == 1,
        walkers.skips,
    )
    return visits, plan


def _whole_ms(day: Floats) -> Floats:
    return np.floor(day * DAY_MS) / DAY_MS


def come_back(company: Company, *, draws: Draws, walkers: Walkers, moves: Moves) -> Walkers:
    """Return those who left after a trial and come back to compare, within the window."""
    back = company.returns
    left = np.flatnonzero((moves.to == LEFT) & ~np.isnan(walkers.trial_day))
    on, day = walkers.take(left), moves.end[left]
    slowly, launched = draws.pair(on.key, Purpose.RETURN, place=on.move)
    month = 365.25 / 12
    when = day - month / back.a_month * np.log(1.0 - slowly)
    launch = week_day(back.launch_week)
    recent = (day < launch) & (day >= launch - 7.0 * back.launch_weeks)
    recent &= on.persona == company.personas.index(back.launch_persona)
    called = recent & (launched < back.launch_share)
    when = np.where(called, np.minimum(when, launch + 7.0 * launched / back.launch_share), when)
    inside = np.flatnonzero(when < window_days(company))
    on = on.take(inside)
    return replace(
        on,
        move=on.move + 1,
        step=np.full(len(on), COMPARES),
        start=_whole_ms(when[inside]),
        deadline=np.full(len(on), np.inf),
    )
