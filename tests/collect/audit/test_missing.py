"""Events that stop within one value are named with the day, and nothing is named without a cause."""

from __future__ import annotations

import numpy as np
import pytest
from tests.collect.audit.made import orders, source
from tests.naive import audit as naive

from pathworth.collect import missing_events
from pathworth.collect.audit.series import series_of
from pathworth.collect.audit.tails import fewer
from pathworth.collect.audit.units import together, units_of

DAYS = 60
GONE = 45


@pytest.fixture(scope="module")
def broken():
    return orders(days=DAYS, a_day=60, seed=3, loses=lambda day, app: day >= GONE and app == "ios")


def until(events, day):
    return source([one for one in events if one[2] <= day], days=day + 1)


def test_cells_are_those_counted_one_entity_day_at_a_time(broken) -> None:
    events = [one for one in broken if one[2] < 40]
    held = source(events, days=40)
    units = units_of(held)
    found = together(units, len(held.names))
    names = [tuple(held.names[k] for k in pair) for pair in found.pairs.tolist()]
    assert names == naive.companions(events)
    series = series_of(held, units, found=found)
    expected = naive.cells(events, names, days=40)
    large = {key: rows for key, rows in expected.items() if sum(n for n, _ in rows) >= 50}
    assert len(series.pair) == len(large) > 10
    for cell, pair in enumerate(series.pair.tolist()):
        number = int(series.property[cell])
        key = (names[pair], series.properties[number], series.texts[number][series.value[cell]])
        counted = np.stack([series.chances[cell], series.came[cell]], axis=1).tolist()
        assert counted == [list(row) for row in large[key]], key
        others = [rows for other, rows in large.items() if other[:2] == key[:2] and other != key]
        rest = np.sum([np.array(rows) for rows in others], axis=0) if others else np.zeros((40, 2))
        assert (
            np.stack([series.elsewhere[cell], series.there[cell]], axis=1).tolist() == rest.tolist()
        )


def test_the_tail_is_bounded_from_above_and_closely_where_it_matters() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        of_before, of = int(rng.integers(20, 400)), int(rng.integers(3, 60))
        before = int(rng.integers(of_before // 10, of_before + 1))
        seen = int(rng.integers(0, int(0.5 * of * before / of_before) + 1))
        if seen > 0.5 * of * before / of_before:
            continue
        sides = (np.array([one]) for one in (seen, of))
        bound = float(fewer(*sides, before=np.array([before]), of_before=np.array([of_before]))[0])
        exact = float(naive.fewer(seen, of, before=before, of_before=of_before))
        assert exact * (1 - 1e-9) <= bound <= 3 * exact


def test_an_event_that_one_value_stops_sending_is_named_with_its_day(broken) -> None:
    assert missing_events(until(broken, GONE - 1)) == ()
    (found,) = missing_events(until(broken, GONE + 1))
    assert (found.event, found.property, found.value) == ("order", "app", "ios")
    assert found.since == until(broken, 0).date_of(GONE)
    assert found.until is None
    assert found.seen == 0
    assert found.expected == pytest.approx(2 * 60 * 0.5 * 0.3 * 0.9, rel=0.4)
    assert "stopped coming where app is ios" in found.sentence


def test_a_fall_that_is_over_says_until_when() -> None:
    events = orders(
        days=60, a_day=60, seed=4, loses=lambda day, app: 30 <= day < 40 and app == "web"
    )
    (found,) = missing_events(source(events, days=60))
    held = source(events, days=60)
    assert (found.value, found.since, found.until) == ("web", held.date_of(30), held.date_of(39))
    assert f"from {found.since} to {found.until}" in found.sentence


def test_what_falls_for_everybody_is_no_matter_of_one_value() -> None:
    events = orders(days=60, a_day=60, seed=5, loses=lambda day, app: day >= 50)
    (found,) = missing_events(source(events, days=60))
    assert (found.event, found.property) == ("order", None)
    assert "though basket went on" in found.sentence


def test_half_as_many_orders_from_everybody_are_what_people_do_and_no_finding() -> None:
    rng = np.random.default_rng(6)
    less = orders(
        days=60, a_day=60, seed=6, loses=lambda day, app: day >= 50 and rng.random() < 0.4
    )
    assert missing_events(source(less, days=60)) == ()


def test_without_a_fault_nothing_is_named() -> None:
    for seed in range(8):
        calm = source(orders(days=91, a_day=40, seed=100 + seed), days=91)
        assert missing_events(calm) == ()


def test_nothing_at_all_is_no_finding() -> None:
    assert missing_events(source([], days=10, names=["a"])) == ()
