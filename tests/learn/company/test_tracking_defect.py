"""The audit names the company's tracking defect within two days, from what was known then, by no name it knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pathworth.collect import missing_events, sources_of
from pathworth.learn.company import World, as_snapshot, changed, history, load_company, renamed

# Daily use after the purchase is most of the events and none of these questions.
QUIET = changed(load_company(), "use.events_a_seat", value=0.0)


@pytest.fixture(scope="module")
def world() -> World:
    return history(QUIET, people=20_000, seed=1)


def begins(world: World) -> date:
    week, day = world.company.tracking.first
    return world.company.first_day + timedelta(weeks=week - 1, days=day - 1)


def ends(world: World) -> date:
    week, day = world.company.tracking.last
    return world.company.first_day + timedelta(weeks=week - 1, days=day - 1)


def named(world: World, until: date | None = None):
    (source,) = sources_of(as_snapshot(world), source="files", until=until)
    return missing_events(source)


def test_the_defect_is_named_within_two_days_and_not_before(world: World) -> None:
    first = begins(world)
    assert named(world, first - timedelta(days=1)) == ()
    (found,) = named(world, first + timedelta(days=1))
    what = world.company.tracking
    assert (found.event, found.property, found.value) == (what.event, "browser", what.browser)
    assert found.since == first.isoformat()
    assert (found.until, found.severity) == (None, "broken")
    assert found.seen == 0
    assert "the data is broken, not the step" in found.sentence


def test_afterwards_it_says_from_when_to_when_and_names_nothing_else(world: World) -> None:
    (found,) = named(world)
    assert (found.since, found.until) == (begins(world).isoformat(), ends(world).isoformat())


def test_in_other_words_it_names_the_same(world: World) -> None:
    other = renamed(world, 5)
    (found,) = named(other, begins(world) + timedelta(days=1))
    what = world.company.tracking
    assert found.event == other.words[what.event]
    assert (found.property, found.value) == (other.words["browser"], other.words[what.browser])
    assert found.since == begins(world).isoformat()


def test_without_the_defect_nothing_is_named() -> None:
    calm = changed(QUIET, "incidents.tracking", value=False)
    assert named(history(calm, people=20_000, seed=2)) == ()
