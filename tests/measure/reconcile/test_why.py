"""Two numbers are led from one to the other without a remainder, and to their people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, Slicing
from pathworth.measure import AskLifecycle, Number
from pathworth.store import Hidden

ENGINE = LocalEngine(1)
ROWS = random_rows(5, people=400, events=6_000)
PLANS = [("pro", "free", None)[k % 3] for k in range(len(ROWS))]
WORLD = snapshot(ROWS, columns={"plan": PLANS}, shards=2)


def number(kind="returning", place=2, *, ask=None, **chosen):
    journeys = Journeys(WORLD, **chosen)
    asked = ask or AskLifecycle(period="month")
    start = asked.answer(journeys, engine=ENGINE).periods[place].start
    return Number(journeys, asked, f"{start} {kind}")


def explained(a, b):
    return measure.why_differ(a, b, engine=ENGINE)


def test_the_same_definition_is_said_to_be_the_same():
    found = explained(number(), number())
    assert found.changes == ()
    assert (found.a, found.only_a, found.only_b) == (found.both, 0, 0)
    assert found.words.startswith("They are the same number")


def test_every_difference_is_put_right_in_turn_and_the_last_one_gives_b():
    a = number()
    b = number(
        who="plan = 'pro'",
        where="event <> 'e1'",
        ask=AskLifecycle(period="month", active="event <> 'e2'"),
    )
    found = explained(a, b)
    assert [one.what for one in found.changes] == ["filter of events", "filter of people", "active"]
    at = found.a
    for one in found.changes:
        assert at + one.came - one.went == one.number
        at = one.number
    assert at == found.b
    assert found.changes[1].a == "none"
    assert found.changes[1].b == "plan = 'pro'"


def test_the_lists_of_people_add_up_to_both_numbers():
    a, b = number(), number(who="plan = 'pro'")
    found = explained(a, b)
    lists = {one: measure.listed(a, b, which=one, engine=ENGINE) for one in found.cells()}
    assert {name: len(one) for name, one in lists.items()} == found.cells()
    assert (found.only_a + found.both, found.only_b + found.both) == (found.a, found.b)
    ids = [{one.id for one in some} for some in lists.values()]
    assert ids[0].isdisjoint(ids[1] | ids[2])
    assert ids[1].isdisjoint(ids[2])


def test_people_left_out_are_a_difference_of_their_own():
    masks = tuple((one.offset[1:] % 3 == 0).astype("uint8") for one in WORLD.shards)
    left = sum(int(mask.sum()) for mask in masks)
    without = replace(
        WORLD, hidden=Hidden(masks, left, 0, "employees"), excluded={"employees": left}
    )
    a = number()
    found = explained(a, replace(a, journeys=Journeys(without)))
    assert [one.what for one in found.changes] == ["people left out"]
    assert found.changes[0].went == found.a - found.b > 0


def test_parts_that_only_exist_together_are_put_right_together():
    """A week never begins on the first of February 2024, so the cell goes with the period."""
    a, b = number(place=3), number(ask=AskLifecycle(period="week"), place=8)
    assert a.cell.startswith("2024-02-01")
    found = explained(a, b)
    assert [one.what for one in found.changes] == ["period and cell"]
    assert found.changes[0].number == found.b


def test_numbers_of_people_and_of_units_are_not_compared():
    a = number()
    cut = replace(a.journeys, slicing=Slicing("session", gap_us=1))
    with pytest.raises(WrongUsage, match="NOT_PEOPLE"):
        explained(a, replace(a, journeys=cut))
    with pytest.raises(UnknownName, match="UNKNOWN_CELL"):
        explained(a, replace(a, cell="nowhere"))


def march(world=WORLD, **chosen):
    journeys = Journeys(world, **chosen)
    ask = AskLifecycle(period="month")
    start = ask.answer(journeys, engine=ENGINE).periods[0].start
    return Number(journeys, ask, f"{start} new")


def test_a_number_from_outside_is_found_among_other_readings():
    ours = march(who="plan = 'pro'")
    unfiltered = len(replace(ours, journeys=Journeys(WORLD)).people(ENGINE))
    found = measure.reconcile(ours, unfiltered, engine=ENGINE)
    assert found.number < unfiltered
    assert (found.readings[0].words, found.readings[0].left) == ("people are not filtered", 0)
    assert "people are not filtered" in found.words


def test_a_number_that_nothing_explains_is_not_explained_away():
    found = measure.reconcile(march(), 10**6, engine=ENGINE)
    assert "Nothing we know of" in found.words
    with pytest.raises(WrongUsage, match="NO_OUTSIDE_NUMBER"):
        measure.reconcile(march(), engine=ENGINE)


def test_the_last_day_and_the_zone_are_readings_of_a_period():
    first = WORLD.first_us - WORLD.first_us % 86_400_000_000
    cut = Period(first, first + 3 * 86_400_000_000)
    ours = march(period=cut)
    longer = march(period=replace(cut, to_us=cut.to_us + 86_400_000_000))
    wanted = len(longer.people(ENGINE))
    assert wanted != len(ours.people(ENGINE)), to_iso(first)
    words = {
        one.words
        for one in measure.reconcile(ours, wanted, engine=ENGINE).readings
        if one.left == 0
    }
    assert "the day after the last one counts too" in words
    away = march(replace(WORLD, timezone="Asia/Tokyo"), period=cut)
    told = measure.reconcile(away, wanted, engine=ENGINE)
    assert any("UTC" in one.words for one in told.readings)


def test_a_list_of_ids_says_who_is_missing_and_why():
    ours = march(who="plan = 'pro'")
    mine = [one.decode() for one in ours.people(ENGINE)]
    others = [one.decode() for one in march().people(ENGINE) if one.decode() not in mine]
    stranger = "never seen"
    found = measure.reconcile(ours, ids=[*mine[:-1], *others[:5], stranger], engine=ENGINE)
    assert (found.outside, found.both, found.only_here) == (len(mine) + 5, len(mine) - 1, 1)
    reasons = {one.words: one.people for one in found.only_outside}
    assert reasons == {
        "counted when people are not filtered": 5,
        "not in the data under this id": 1,
    }
    assert found.only_outside[-1].some == (stranger,)
