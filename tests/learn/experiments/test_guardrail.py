"""The guardrail stops a program that tires people out, and leaves harmless ones alone."""

from __future__ import annotations

import numpy as np
from tests.learn.experiments.made import BEGIN, DAY, decision

from pathworth.learn.experiments import Protest, guardrail
from pathworth.store import Decision

ACCOUNTS = 900
EVERY = 12
"""Days between two ordinary contacts of one person."""
USUAL = 0.0017
"""Protests of a rested account a week, as its own history would say."""


def tired(
    random: np.random.Generator, *, weeks: int, weekly: bool, season: float = 1.0
) -> tuple[list[Decision], list[Protest]]:
    """Return the ledger and the protests of half-treated accounts that get a weekly message, or are left alone.

    Fatigue is the sum of exp(-age / 14 days) over contacts, 1.7 at an ordinary one and 4.3 at a weekly one in the
    end; each contact is one chance to say no, 0.25 % rested and 1.2 % tired.
    """
    treated = random.random(ACCOUNTS) < 0.5
    begins = random.integers(0, 7, ACCOUNTS)
    decisions = [decision(f"a{k}", begins[k], treated=bool(treated[k])) for k in range(ACCOUNTS)]
    phase = random.integers(0, EVERY, ACCOUNTS)
    fatigue, said_no = 1.737 * np.exp(-phase / 14), np.zeros(ACCOUNTS, bool)
    protests = []
    for day in range(7 * weeks):
        fatigue *= np.exp(-1 / 14)
        tip = treated & ((day - begins) % 7 == 0) & (day >= begins) & weekly
        for contact in ((day + phase) % EVERY == 0, tip):
            fatigue += contact
            hazard = season * (0.0008 + 0.0006 * fatigue**2)
            no = contact & ~said_no & (random.random(ACCOUNTS) < hazard)
            said_no |= no
            at_us = BEGIN + (day + 1) * DAY - 1
            protests += [Protest(f"a{k}", at_us) for k in np.flatnonzero(no)]
    return decisions, protests


def test_weekly_messages_that_tire_people_are_stopped_within_four_weeks() -> None:
    random = np.random.default_rng(21)
    until = BEGIN + 28 * DAY
    stopped = [
        guardrail(*tired(random, weeks=4, weekly=True), until_us=until, usual=USUAL).stop
        for _ in range(200)
    ]
    assert sum(stopped) >= 180, sum(stopped)


def test_without_its_own_history_it_still_stops_most_of_them() -> None:
    random = np.random.default_rng(24)
    until = BEGIN + 28 * DAY
    runs = [guardrail(*tired(random, weeks=4, weekly=True), until_us=until) for _ in range(100)]
    assert sum(one.stop for one in runs) >= 65


def test_a_harmless_program_is_hardly_ever_stopped_in_half_a_year_of_daily_looks() -> None:
    random = np.random.default_rng(22)
    stopped = [
        guardrail(*tired(random, weeks=26, weekly=False), usual=USUAL).stop for _ in range(200)
    ]
    assert sum(stopped) <= 8, sum(stopped)


def test_a_season_in_which_everybody_protests_more_stops_at_most_one_program_in_four() -> None:
    """Against the usual rate alone nearly every one of them would be stopped."""
    random = np.random.default_rng(23)
    runs = [
        guardrail(*tired(random, weeks=13, weekly=False, season=2.5), usual=USUAL).stop
        for _ in range(100)
    ]
    assert sum(runs) <= 25, sum(runs)


def test_what_a_unit_said_before_its_occasion_or_a_stranger_said_does_not_count() -> None:
    decisions = [decision(f"a{k}", 10, treated=k % 2 == 0) for k in range(100)]
    before = [Protest(f"a{k}", BEGIN + DAY) for k in range(0, 100, 2)]
    strange = [Protest(f"b{k}", BEGIN + 20 * DAY) for k in range(100)]
    found = guardrail(decisions, [*before, *strange])
    assert (found.stop, found.treated.did, found.held_out.did) == (False, 0, 0)


def test_it_says_since_when_it_would_have_stopped_and_not_before() -> None:
    decisions = [decision(f"a{k}", 0, treated=k % 2 == 0) for k in range(400)]
    protests = [Protest(f"a{2 * k}", BEGIN + (k + 1) * DAY) for k in range(30)]
    found = guardrail(decisions, protests)
    assert found.stop
    assert found.since_us is not None
    assert not guardrail(decisions, protests, until_us=found.since_us).stop
    assert guardrail(decisions, protests, until_us=found.since_us + 1).stop
    assert found.sentence.startswith("Stop: 30 of 200 treated protested, 0 of 200 held out.")


def test_more_protests_among_the_held_out_never_stop() -> None:
    decisions = [decision(f"a{k}", 0, treated=k % 2 == 0) for k in range(400)]
    protests = [Protest(f"a{2 * k + 1}", BEGIN + (k + 1) * DAY) for k in range(60)]
    assert not guardrail(decisions, protests).stop
