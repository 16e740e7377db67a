"""What happens in the year can be seen in the events, and what is planted there is there."""

from __future__ import annotations

import numpy as np
import pytest

from pathworth.learn.company import World, changed, history, load_company

WEEK_US = 7 * 86_400_000_000


# Daily use after the purchase is most of the events and none of these questions.
QUIET = changed(load_company(), "use.events_a_seat", value=0.0)


@pytest.fixture(scope="module")
def world() -> World:
    return history(QUIET, people=40_000, seed=4)


def week_of(world: World, time_us: np.ndarray) -> np.ndarray:
    return (time_us - world.from_us) // WEEK_US + 1


def count(world: World, event: str, first: int, last: int) -> int:
    week = week_of(world, world.events.time_us)
    here = world.events.name == world.names.index(event)
    return int((here & (week >= first) & (week <= last)).sum())


def moved_on(world: World, source: str, target: str, first: int, last: int) -> np.ndarray:
    steps, visits = world.company.steps, world.visits
    week = week_of(world, visits.start_us)
    here = (visits.step == steps.index(source)) & (week >= first) & (week <= last)
    return visits.to[here] == steps.index(target)


def test_the_size_is_about_the_stated_one() -> None:
    world = history(load_company(), people=20_000, seed=4)
    parts = np.bincount(world.persons.part)
    assert parts[:3].tolist() == [13_600, 2_300, 560]
    assert len(world.ids) == pytest.approx(20_000, rel=0.06)
    assert len(world.events.time_us) == pytest.approx(650_000, rel=0.1)


def test_one_browser_stops_sending_one_event_for_three_weeks(world: World) -> None:
    before = count(world, "Trial Started", 14, 17) / count(world, "Workspace Created", 14, 17)
    during = count(world, "Trial Started", 19, 20) / count(world, "Workspace Created", 19, 20)
    after = count(world, "Trial Started", 21, 24) / count(world, "Workspace Created", 21, 24)
    assert before > 0.98
    assert after > 0.98
    assert during == pytest.approx(1 - world.company.hints.safari, abs=0.06)


def test_the_outage_halves_first_values_and_then_is_over(world: World) -> None:
    usual = moved_on(world, "connects", "first-value", 26, 33).mean()
    assert moved_on(world, "connects", "first-value", 34, 34).mean() < 0.75 * usual
    assert moved_on(world, "connects", "first-value", 36, 44).mean() > 0.85 * usual


def test_the_mix_shift_changes_who_comes_and_not_what_they_do(world: World) -> None:
    persons, visits = world.persons, world.visits
    trial = world.company.steps.index("trial")
    value = np.zeros(len(world.ids), dtype=bool)
    value[visits.person[visits.step == world.company.steps.index("first-value")]] = True
    week = week_of(world, visits.start_us)
    trials = visits.step == trial
    shifted = trials & (week >= 23) & (week <= 30)
    calm = trials & (week >= 5) & (week <= 22)
    got = value[visits.person[shifted]].mean(), value[visits.person[calm]].mean()
    assert got[0] < got[1] - 0.04
    for persona in range(3):
        of = persons.persona[visits.person] == persona
        one, other = (value[visits.person[part & of]] for part in (shifted, calm))
        error = np.sqrt(one.var() / len(one) + other.var() / len(other))
        assert abs(one.mean() - other.mean()) < 4 * error


def test_many_views_of_prices_in_a_trial_go_with_fewer_purchases_because_of_the_ledger() -> None:
    world = history(QUIET, people=60_000, seed=8)
    events, phase = world.events, world.events.columns["phase"]
    priced = events.name == world.names.index("Pricing Viewed")
    priced &= phase.codes == phase.values.index("trial") + 1
    priced &= np.isin(np.arange(len(priced)), np.unique(events.message, return_index=True)[1])
    views = np.bincount(events.person[priced], minlength=len(world.ids))
    steps, visits = world.company.steps, world.visits
    tried, bought = (
        np.isin(np.arange(len(world.ids)), visits.person[visits.step == steps.index(step)])
        for step in ("trial", "buys")
    )
    assert bought[tried & (views >= 3)].mean() == pytest.approx(0.12, abs=0.03)
    assert bought[tried & (views < 3)].mean() == pytest.approx(0.20, abs=0.03)
    others = tried & np.isin(world.persons.ledger, [0, 1, 4]) & (world.persons.persona == 1)
    one, other = bought[others & (views >= 3)], bought[others & (views < 3)]
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    assert abs(one.mean() - other.mean()) < 4 * error


def test_some_events_are_sent_twice_and_some_arrive_days_late(world: World) -> None:
    events, noise = world.events, world.company.noise
    unique = len(np.unique(events.message))
    assert 1 - unique / len(events.message) == pytest.approx(noise.duplicate_share, rel=0.1)
    behind = np.maximum.accumulate(events.time_us) - events.time_us
    assert (behind > 0.9 * 86_400e6).mean() == pytest.approx(noise.late_share, rel=0.2)
    clean = changed(
        changed(world.company, "noise.late", value=False), "noise.duplicates", value=False
    )
    plain = history(clean, people=2_000, seed=4).events
    assert (np.diff(plain.time_us) >= 0).all()
    assert (np.diff(plain.message) == 1).all()


def test_every_event_belongs_to_the_window_and_to_a_person(world: World) -> None:
    events = world.events
    assert events.time_us.min() >= world.from_us
    assert events.time_us.max() < world.to_us
    assert (world.to_us - world.from_us) % 1_000 == 0
    assert (events.time_us % 1_000 == 0).all()
    assert len(np.unique(world.ids)) == len(world.ids)
