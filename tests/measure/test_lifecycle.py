"""Who is new, there again, back or gone: another product's answer, and sets of periods counted by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.journeys.build import random_rows, snapshot, us

from pathworth import measure
from pathworth.base.errors import NotSupported
from pathworth.base.period import Period
from pathworth.journeys import Journeys, Slicing, local_engine

DAY = 86_400_000_000


def by_day(world, **asked):
    return measure.lifecycle(Journeys(world, **asked), period="day").periods


def test_the_published_case(shared):
    cases = json.loads((shared / "oracles/cases_open.json").read_text())
    case = next(one for one in cases if one["kind"] == "lifecycle")
    rows = [(who, e[0], us(e[1])) for who, events in case["events"].items() for e in events]
    # The last day is over because something happens after it.
    world = snapshot([*rows, ("later", "other", us(case["ask"]["end"]) + DAY)])
    answer = measure.lifecycle(Journeys(world), active="event = 'pv'", period="day")
    shown = answer.periods[:-1]
    expect = case["expect"]
    assert [one.new for one in shown] == expect["new"]
    assert [one.returning for one in shown] == expect["returning"]
    assert [one.resurrecting for one in shown] == expect["resurrecting"]
    assert [one.dormant for one in shown] == [-n for n in expect["dormant"]]


def test_a_selection_of_time_makes_nobody_new_who_was_there_before():
    rows = [("a", "x", 0), ("a", "x", 3 * DAY), ("b", "x", 2 * DAY), ("b", "x", 3 * DAY)]
    world = snapshot([*rows, ("c", "x", 9 * DAY)])
    third = by_day(world, period=Period(from_us=3 * DAY, to_us=4 * DAY))
    assert [(one.new, one.returning, one.resurrecting, one.dormant) for one in third] == [
        (0, 1, 1, 0)
    ]


def test_who_is_gone_is_not_known_before_the_period_is_over():
    world = snapshot([("a", "x", 0), ("b", "x", DAY + 5)])
    assert [one.dormant for one in by_day(world)] == [0, None]


def test_parts_add_up_to_the_total():
    rows = random_rows(3, people=200, events=2_000)
    plans = [("pro", "free", None)[k % 3] for k in range(len(rows))]
    answer = measure.lifecycle(Journeys(snapshot(rows, columns={"plan": plans})), by="plan")
    for place, whole in enumerate(answer.periods):
        for kind in ("new", "returning", "resurrecting"):
            assert sum(getattr(part.periods[place], kind) for part in answer.by) == getattr(
                whole, kind
            )


def test_a_value_that_only_those_before_the_period_have_is_a_part_too():
    rows = [("a", "x", 2 * DAY), ("b", "x", 3 * DAY), ("c", "x", 3 * DAY), ("c", "x", 9 * DAY)]
    world = snapshot(rows, columns={"plan": ["free", "pro", "pro", "pro"]})
    chosen = Journeys(world, period=Period(from_us=3 * DAY, to_us=5 * DAY))
    answer = measure.lifecycle(chosen, period="day", by="plan")
    assert answer.periods[0].dormant == 1
    found = {part.value: part.periods[0] for part in answer.by}
    assert {value: (one.new, one.dormant) for value, one in found.items()} == {
        "free": (0, 1),
        "pro": (2, 0),
    }
    ask = measure.AskLifecycle(period="day", by="plan")
    cell = f"{answer.periods[0].start} dormant free"
    assert measure.people(chosen, ask, cell=cell).ids == ("a",)


def test_what_stays_is_a_share_of_those_who_were_there():
    rows = [(f"p{k}", "x", day * DAY) for k in range(60) for day in range(3) if day < 2 or k % 2]
    rows.append(("later", "x", 5 * DAY))
    second, third = by_day(snapshot(rows))[1:3]
    assert (second.stayed, third.stayed) == (1.0, 0.5)
    assert third.interval[0] < 0.5 < third.interval[1]
    assert third.why is None


def test_sessions_have_no_lifecycle():
    journeys = Journeys(snapshot([("a", "x", 0)]), slicing=Slicing("session", gap_us=DAY))
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        measure.lifecycle(journeys)


def test_two_selections_with_another_share_are_told_apart():
    rows = [
        (f"p{k}", "x", day * DAY)
        for k in range(900)
        for day in range(6)
        if day == 0 or (k * day) % (2 + k % 2)
    ]
    kinds = ["even" if int(row[0][1:]) % 2 == 0 else "odd" for row in rows]
    journeys = Journeys(
        snapshot([*rows, ("later", "x", 9 * DAY)], columns={"kind": [*kinds, None]})
    )
    ask = measure.AskLifecycle(period="day")
    pair = tuple(replace(journeys, who=f"kind = '{kind}'") for kind in ("even", "odd"))
    found = ask.differ(pair, engine=local_engine()).stayed
    assert found.interval[0] < found.difference < found.interval[1]
    assert found.a is not None
    assert found.words.startswith("B is likely")
