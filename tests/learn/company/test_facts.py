"""The generator's pass conditions: the facts of company.md 4 and 9 come out within three standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from pathworth.learn.company import Company, load_company
from pathworth.learn.company.clock import freezes
from pathworth.learn.company.draws import Draws
from pathworth.learn.company.moves.journey import (
    BUYS,
    COMPARES,
    CONNECTS,
    FIRST_VALUE,
    TRIAL,
    set_out,
)
from pathworth.learn.company.moves.people import People, draw_people
from pathworth.learn.company.moves.sessions import LEFT, kinds_of
from pathworth.learn.company.moves.walk import Trail, walk
from pathworth.learn.company.truths.prices import calm

PEOPLE = 300_000


@dataclass
class Year:
    company: Company
    crowd: People
    trail: Trail

    def reached(self, step: int) -> np.ndarray:
        out = np.zeros(len(self.crowd), dtype=bool)
        out[self.trail.row[self.trail.step == step]] = True
        return out

    def of(self, persona: str) -> np.ndarray:
        return self.crowd.persona == self.company.personas.index(persona)


@pytest.fixture(scope="module")
def year() -> Year:
    company = calm(load_company())
    rung, draws = company.rung["R3"], Draws(20250929)
    crowd = draw_people(company, draws, people=PEOPLE, rung=rung)
    walkers = set_out(company, crowd, rung=rung)
    return Year(company, crowd, walk(company, rung, draws=draws, walkers=walkers))


def near(flags: np.ndarray, share: float, rounded: float) -> bool:
    """Whether a share is the stated one, within three standard errors and its rounding."""
    error = np.sqrt(share * (1 - share) / len(flags))
    return abs(flags.mean() - share) <= 3 * error + rounded


@pytest.mark.parametrize(
    ("step", "share"),
    [
        ("trial", 0.400),
        ("connects", 0.278),
        ("first-value", 0.168),
        ("team", 0.083),
        ("risk", 0.039),
        ("buys", 0.074),
    ],
)
def test_as_many_entrants_reach_each_step_as_stated(year: Year, step: str, share: float) -> None:
    assert near(year.reached(year.company.steps.index(step)), share, 0.0005)


@pytest.mark.parametrize(
    ("persona", "share"),
    [("controller", 0.062), ("scale_up", 0.179), ("bookkeeper", 0.059), ("curious", 0.0)],
)
def test_each_persona_buys_as_often_as_stated(year: Year, persona: str, share: float) -> None:
    assert near(year.reached(BUYS)[year.of(persona)], share, 0.0005)


@pytest.mark.parametrize(
    ("persona", "value", "paid", "days"),
    [
        ("controller", 0.46, 0.15, 45),
        ("scale_up", 0.58, 0.39, 11),
        ("bookkeeper", 0.34, 0.12, 13),
    ],
)
def test_trials_lead_to_value_and_payment_as_stated(
    year: Year, persona: str, value: float, paid: float, days: float
) -> None:
    trials = year.reached(TRIAL) & year.of(persona)
    assert near(year.reached(FIRST_VALUE)[trials], value, 0.005)
    assert near(year.reached(BUYS)[trials], paid, 0.005)
    rows = np.flatnonzero((year.trail.step == BUYS) & year.of(persona)[year.trail.row])
    wait = year.trail.start[rows] - year.crowd.entry[year.trail.row[rows]]
    error = 1.25 * wait.std() / np.sqrt(len(wait))
    assert abs(np.median(wait) - days) <= 3 * error + 0.5


def test_first_value_comes_after_the_stated_time(year: Year) -> None:
    trail = year.trail
    rows = np.flatnonzero(trail.step == FIRST_VALUE)
    order = rows[np.lexsort((trail.move[rows], trail.row[rows]))]
    first = order[np.unique(trail.row[order], return_index=True)[1]]
    wait = trail.start[first] - trail.trial_day[first]
    # Hardly anybody acts at night, so the median itself jumps; the share below it does not.
    assert (wait <= 1.4).mean() == pytest.approx(0.5, abs=0.015)
    assert (wait <= 6.7).mean() == pytest.approx(0.9, abs=0.02)
    big = year.crowd.big[trail.row[first]]
    assert near(wait[big] > 7, 0.24, 0.005)
    assert near(wait[~big] > 7, 0.05, 0.01)


def test_trials_begun_in_a_freeze_pay_less(year: Year) -> None:
    company, trail = year.company, year.trail
    trials = (trail.step == TRIAL) & year.of("controller")[trail.row]
    bought = year.reached(BUYS)[trail.row]
    frozen, before = np.zeros(len(trials), dtype=bool), np.zeros(len(trials), dtype=bool)
    for first, last in freezes(company, range(2025, 2027)):
        begin, end = ((day - company.first_day).days for day in (first, last))
        if begin >= 0:
            frozen |= trials & (trail.start >= begin) & (trail.start < end + 1)
            before |= trials & (trail.start >= begin - 35) & (trail.start < end + 1 - 35)
    assert near(bought[frozen], 0.105, 0.005)
    assert near(bought[before], 0.17, 0.005)


@pytest.mark.parametrize("persona", ["controller", "scale_up", "bookkeeper"])
def test_skipping_the_tour_changes_nothing_within_a_persona(year: Year, persona: str) -> None:
    trials, skips = year.reached(TRIAL) & year.of(persona), year.crowd.skips
    bought = year.reached(BUYS)
    one, other = bought[trials & skips], bought[trials & ~skips]
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    assert abs(one.mean() - other.mean()) <= 3 * error


def test_skippers_of_all_personas_pay_less_because_of_who_skips(year: Year) -> None:
    trials, skips = year.reached(TRIAL), year.crowd.skips
    assert near(skips[trials], 0.60, 0.02)
    assert near(year.reached(BUYS)[trials & skips], 0.16, 0.005)
    assert near(year.reached(BUYS)[trials & ~skips], 0.23, 0.008)


def test_pricing_ends_most_visits_it_is_part_of_and_as_many_come_back(year: Year) -> None:
    trail, session = year.trail, year.company.session
    kinds = kinds_of(year.company, year.company.rung["R3"])
    views = [k.row.event == session.last_event and k.row.step == session.last_step for k in kinds]
    viewed = np.zeros(len(trail.row), dtype=bool)
    viewed[trail.visit[np.array(views)[trail.kind]]] = True
    last = np.full(len(trail.row), -1)
    last[trail.visit] = trail.kind
    ends = np.array([*views, False])[last] & viewed
    assert near(ends[viewed], session.last_share, 0.0)
    compares = trail.step == COMPARES
    back = (trail.to < LEFT) & (trail.end - trail.start < 14.0)
    one, other = back[compares & ends], back[compares & ~ends]
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    assert abs(one.mean() - other.mean()) <= 3 * error
    assert one.mean() == pytest.approx(0.55, abs=0.03)


def test_the_connector_that_is_missing_leaves_four_in_a_hundred(year: Year) -> None:
    trail, crowd = year.trail, year.crowd
    ledger = year.company.ledgers.index(year.company.planted.connector_ledger)
    rows = (trail.step == CONNECTS) & (crowd.ledger[trail.row] == ledger)
    assert near(trail.dest[rows] == FIRST_VALUE, 0.04, 0.0)
