"""Retention: calendars and zones, what is over, and the three ways to come back."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.journeys.build import EPOCH, random_rows, snapshot, us

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.period import Period
from pathworth.journeys import Journeys

DAY = 86_400_000_000


def key(when, period, zone):
    """Return the first local day of the period of an instant."""
    day = (EPOCH + timedelta(microseconds=when)).astimezone(ZoneInfo(zone)).date()
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day


def by_hand(rows, period, zone):
    """Return cohort -> period -> entities, and the order of all periods from the first to the last."""
    people = defaultdict(list)
    for who, _, when in rows:
        people[who].append(when)
    days = sorted(when for _, _, when in rows)
    instants = [*range(days[0], days[-1], DAY // 4), days[-1]]
    every = sorted({key(t, period, zone) for t in instants})
    cells = defaultdict(set)
    for who, times in people.items():
        cohort = every.index(key(min(times), period, zone))
        for when in times:
            cells[cohort, every.index(key(when, period, zone)) - cohort].add(who)
    return every, {place: len(them) for place, them in cells.items()}


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Amsterdam", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
def test_calendar_periods_follow_the_zone_of_the_workspace(period, zone):
    rows = random_rows(9, people=40, events=600)
    every, cells = by_hand(rows, period, zone)
    answer = measure.retention(Journeys(snapshot(rows, timezone=zone, shards=2)), period=period)
    for cohort in answer.cohorts:
        at = every.index(key(us(cohort.start), period, zone))
        assert cohort.size == cells[at, 0]
        for k, n in enumerate(cohort.retained):
            assert n is None or n == cells.get((at, k), 0)
        assert len(cohort.retained) == len(every) - at
    assert sum(cohort.size for cohort in answer.cohorts) == len({who for who, _, _ in rows})


def test_a_cell_whose_period_is_not_over_is_null_and_never_zero():
    rows = [("p", "a", us("2024-01-05")), ("q", "a", us("2024-03-15T10:00:00"))]
    cohorts = measure.retention(Journeys(snapshot(rows))).cohorts
    assert [one.retained for one in cohorts] == [(1, 0, None), (1,)]
    on_last_day = [*rows, ("q", "a", us("2024-03-31T00:00:00"))]
    assert measure.retention(Journeys(snapshot(on_last_day))).cohorts[0].retained == (1, 0, 0)


def test_a_day_is_over_when_something_follows_or_times_are_whole_days():
    rows = [("p", "a", us("2024-01-05T09:00:00")), ("q", "a", us("2024-01-06T10:00:00"))]
    assert measure.retention(Journeys(snapshot(rows)), period="day").cohorts[0].retained == (
        1,
        None,
    )
    whole = [("p", "a", us("2024-01-05")), ("q", "a", us("2024-01-06"))]
    assert measure.retention(Journeys(snapshot(whole)), period="day").cohorts[0].retained == (1, 0)


def test_a_cohort_begins_with_the_first_start_event_of_all_time():
    rows = [
        ("old", "a", us("2023-11-05")),
        ("old", "a", us("2024-01-07")),
        ("new", "x", us("2023-12-05")),
        ("new", "a", us("2024-01-05")),
        ("new", "x", us("2024-02-05")),
        ("end", "y", us("2024-03-05")),
    ]
    cut = Journeys(snapshot(rows), period=Period(us("2024-01-01"), us("2024-03-05")))
    answer = measure.retention(cut, start="event = 'a'", return_="event = 'x'")
    assert [(one.start, one.size, one.retained) for one in answer.cohorts] == [
        ("2024-01-01T00:00:00Z", 1, (1, 1, None))
    ]


def test_rolling_counts_from_each_own_start_and_unbounded_counts_later_ones():
    start = us("2024-01-01T20:00:00")
    rows = [
        ("p", "a", start),
        ("p", "a", start + DAY),
        ("p", "a", start + 3 * DAY - 1),
        ("end", "a", start + 9 * DAY),
    ]
    world = Journeys(snapshot(rows))
    rolling = measure.retention(world, period="day", mode="rolling").cohorts[0].retained
    assert rolling[:4] == (1, 1, 1, 0)
    unbounded = measure.retention(world, period="day", mode="unbounded").cohorts[0].retained
    assert unbounded[:5] == (1, 1, 1, 1, 0)


def test_a_rolling_cell_waits_for_the_youngest_of_its_cohort():
    rows = [("p", "a", us("2024-01-01")), ("q", "b", us("2024-03-10T12:00:00"))]
    retained = measure.retention(Journeys(snapshot(rows)), mode="rolling").cohorts[0].retained
    assert retained == (1, None, None)
    later = [*rows, ("q", "b", us("2024-04-05"))]
    assert measure.retention(Journeys(snapshot(later)), mode="rolling").cohorts[0].retained[:2] == (
        1,
        0,
    )


def test_the_fourth_use_begins_a_cohort_in_the_period_of_the_fourth_use():
    uses = ["2024-01-02", "2024-01-09", "2024-02-01", "2024-02-20", "2024-03-03"]
    rows = [
        *(("often", "use", us(day)) for day in uses),
        *(("thrice", "use", us(day)) for day in uses[:3]),
        ("end", "x", us("2024-04-30")),
    ]
    asked = {"start": "event = 'use'", "return_": "event = 'use'"}
    (fourth,) = measure.retention(Journeys(snapshot(rows)), nth=4, **asked).cohorts
    assert (fourth.start[:7], fourth.size, fourth.retained) == ("2024-02", 1, (1, 1, 0))
    (first,) = measure.retention(Journeys(snapshot(rows)), **asked).cohorts
    assert (first.start[:7], first.size, first.retained[:3]) == ("2024-01", 2, (2, 2, 1))
    stretches = measure.retention(Journeys(snapshot(rows)), nth=4, mode="rolling", **asked)
    assert stretches.cohorts[0].retained[0] == 1
    assert stretches.cohorts[0].start[:7] == "2024-02"


def test_recurring_cohorts_take_everybody_who_begins_in_a_period():
    rows = [
        ("p", "a", us("2024-01-05")),
        ("p", "a", us("2024-02-05")),
        ("p", "b", us("2024-04-05")),
        ("q", "a", us("2024-02-06")),
        ("end", "x", us("2024-04-30")),
    ]
    answer = measure.retention(
        Journeys(snapshot(rows)), start="event = 'a'", return_="event = 'b'", mode="recurring"
    )
    assert [(one.start[:7], one.retained) for one in answer.cohorts] == [
        ("2024-01", (1, 0, 0, 1)),
        ("2024-02", (2, 0, 1)),
    ]
    ask = measure.AskRetention(start="event = 'a'", return_="event = 'b'", mode="recurring")
    lost = measure.people(Journeys(snapshot(rows)), ask, cell=f"{answer.cohorts[1].start} 2 lost")
    assert lost.ids == ("q",)


def test_shares_have_wilson_intervals_from_thirty_entities_on():
    rows = [(f"p{k}", "a", 0) for k in range(30)] + [("p0", "a", 40 * DAY), ("z", "a", 100 * DAY)]
    first, *_, last = measure.retention(Journeys(snapshot(rows))).cohorts
    assert first.intervals[:2] == (None, measure.wilson(1, 30))
    assert last.intervals == (None,)


def test_nothing_in_the_period_gives_no_cohorts():
    world = snapshot([("p", "a", 0)])
    assert measure.retention(Journeys(world, period=Period(5 * DAY, 6 * DAY))).cohorts == ()
    assert measure.retention(Journeys(snapshot([]))).cohorts == ()


@pytest.mark.parametrize(
    ("asked", "code", "kind"),
    [
        ({"period": "year"}, "UNKNOWN_PERIOD", UnknownName),
        ({"mode": "loose"}, "UNKNOWN_MODE", UnknownName),
        ({"nth": 0}, "NOT_ONCE", WrongUsage),
        ({"nth": 2**31}, "NOT_ONCE", WrongUsage),
        ({"nth": 2, "mode": "recurring"}, "RECURRING_HAS_NO_NTH", NotSupported),
        ({"start": "event = 5"}, "TYPE_MISMATCH", WrongUsage),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_code(asked, code, kind):
    with pytest.raises(kind) as caught:
        measure.retention(Journeys(snapshot([("p", "a", 0)])), **asked)
    assert caught.value.code == code


def test_a_start_is_an_instant_in_utc():
    world = snapshot([("p", "a", us("2024-06-15"))], timezone="Europe/Amsterdam")
    start = measure.retention(Journeys(world)).cohorts[0].start
    assert datetime.fromisoformat(start) == datetime(2024, 5, 31, 22, tzinfo=UTC)
