"""What a visit is, how it ends, and which period is priced."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.value.semi_markov import DAY_US, MONDAY_US, PLAIN, document, simulate

from pathworth.atlas import Contract, MapDocument, MapStep
from pathworth.base.errors import BadInput
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine
from pathworth.kernels.visits import CENSORED, EXIT
from pathworth.store import EventArrays, Snapshot, snapshot_from_arrays
from pathworth.value import visits
from pathworth.value.chain.period import priced_period
from pathworth.value.chain.plan import BIN_EDGES_MS, quantile_ms

HOUR_US = 3_600_000_000
WEEKS = 20


def snapshot_of(events: list[tuple[str, str, float, float]]) -> Snapshot:
    """Return events (person, name, hours after the first Monday, money), with one person far away at the end."""
    events = [*events, ("z", "end", 24 * (7 * WEEKS - 0.5), 0.0)]
    ids, names = (sorted({e[k] for e in events}) for k in (0, 1))
    return snapshot_from_arrays(
        ids,
        EventArrays(
            entity=np.array([ids.index(e[0]) for e in events]),
            name=np.array([names.index(e[1]) for e in events]),
            time_us=np.array([MONDAY_US + int(e[2] * HOUR_US) for e in events]),
            seq=None,
            columns={"value": np.array([int(e[3] * 1e6) for e in events])},
        ),
        names=names,
        infos={},
        shards=3,
    )


def map_of(*names: str, **more: object) -> MapDocument:
    steps = tuple(MapStep(name, name, f"event = '{name}'", tau="30d") for name in names)
    return MapDocument(**{"name": "m", "steps": steps, **more})


def rows_of(snapshot: Snapshot, chart: MapDocument) -> list[tuple]:
    found = visits(Journeys(snapshot), chart)
    hours = (found.start_us - MONDAY_US) / HOUR_US
    waited = found.sojourn_ms / 3_600_000
    money = found.money_micro / 1e6
    columns = (hours, found.step, found.cause, waited, money, found.in_chain, found.entry)
    ids = [snapshot.shards[s].id_of(e) for s, e in zip(found.shard, found.entity, strict=True)]
    rows = zip(ids, *(c.tolist() for c in columns), strict=True)
    return sorted(row for row in rows if row[0] != "z")


TAU_H = int(BIN_EDGES_MS[np.searchsorted(BIN_EDGES_MS, 30 * 86_400_000)]) / 3_600_000


def test_noise_between_two_events_of_a_step_does_not_part_them_and_a_long_gap_does() -> None:
    events = [("p", "a", 0, 0), ("p", "x", 0.2, 7), ("p", "a", 0.4, 0), ("p", "a", 1.0, 0)]
    assert rows_of(snapshot_of(events), map_of("a")) == [
        ("p", 0.0, 0, 0, 1.0, 7.0, True, True),
        ("p", 1.0, 0, EXIT, TAU_H, 0.0, True, False),
    ]


def test_another_step_in_between_parts_a_visit_and_the_return_is_a_loop() -> None:
    events = [("p", "a", 0, 1), ("p", "b", 0.1, 2), ("p", "a", 0.2, 4)]
    assert rows_of(snapshot_of(events), map_of("a", "b")) == [
        ("p", 0.0, 0, 1, pytest.approx(0.1), 1.0, True, True),
        ("p", 0.1, 1, 0, pytest.approx(0.1), 2.0, True, False),
        ("p", 0.2, 0, EXIT, TAU_H, 4.0, True, False),
    ]


def test_a_visit_after_tau_is_a_new_entry_and_money_after_tau_belongs_to_nobody() -> None:
    late = TAU_H + 1
    events = [("p", "a", 0, 1), ("p", "x", 5, 2), ("p", "x", late, 40), ("p", "b", late + 1, 3)]
    assert rows_of(snapshot_of(events), map_of("a", "b")) == [
        ("p", 0.0, 0, EXIT, TAU_H, 3.0, True, True),
        ("p", late + 1, 1, EXIT, TAU_H, 3.0, True, True),
    ]


def test_who_is_younger_than_tau_at_the_end_is_censored() -> None:
    begin = 24 * 7 * WEEKS - 100.0
    rows = rows_of(snapshot_of([("p", "a", begin, 1)]), map_of("a"))
    assert rows == [("p", begin, 0, CENSORED, 100.0, 1.0, True, True)]


def test_nothing_follows_a_leaving_step_until_somebody_comes_back() -> None:
    steps = (MapStep("a", "A", "event = 'a'"), MapStep("b", "B", "event = 'b'", leaving=True))
    chart = MapDocument("m", tuple(dataclasses.replace(s, tau="30d") for s in steps))
    late = TAU_H + 3
    events = [("p", "a", 0, 0), ("p", "b", 2, 0), ("p", "a", 5, 0), ("p", "a", late, 0)]
    assert [row[1:4] + row[6:] for row in rows_of(snapshot_of(events), chart)] == [
        (0.0, 0, 1, True, True),
        (2.0, 1, EXIT, True, False),
        (5.0, 0, 0, False, False),
        (late, 0, EXIT, True, True),
    ]


def test_nothing_after_a_contract_is_in_the_chain_and_its_payments_earn_nothing() -> None:
    chart = map_of("a", "b", contract=Contract("b", "event in ('b', 'pay')"))
    events = [("p", "a", 0, 5), ("p", "b", 2, 100), ("p", "pay", 722, 100), ("p", "a", 1500, 0)]
    assert [row[1:3] + row[5:] for row in rows_of(snapshot_of(events), chart)] == [
        (0.0, 0, 5.0, True, True),
        (2.0, 1, 0.0, True, False),
        (1500.0, 0, 0.0, False, False),
    ]


def test_the_first_rule_that_holds_takes_an_event_and_declared_noise_is_no_step() -> None:
    steps = (MapStep("a", "A", "event = 'a'"), MapStep("all", "All", "event in ('a', 'b', 'c')"))
    chart = MapDocument("m", steps, noise=("c",))
    events = [("p", "a", 0, 0), ("p", "b", 1, 0), ("p", "c", 2, 0)]
    assert [row[2] for row in rows_of(snapshot_of(events), chart)] == [0, 1]


def test_sojourns_begun_before_the_period_are_left_out_and_no_entry_is_invented() -> None:
    snapshot = snapshot_of([("p", "a", 0, 0), ("p", "a", 100, 0), ("p", "a", 400, 0)])
    cut = Period(MONDAY_US + 2 * DAY_US, MONDAY_US + 14 * DAY_US)
    found = visits(Journeys(snapshot, period=cut), map_of("a"))
    mine = found.where(found.start_us < MONDAY_US + 30 * DAY_US)
    assert mine.in_chain.tolist() == [False, True, False]
    assert mine.entry.tolist() == [False, False, False]
    assert mine.cause.tolist()[1] == CENSORED


def test_every_event_of_the_selection_lies_in_one_visit_at_most() -> None:
    snapshot = simulate([PLAIN], people=400, seed=1)
    found = visits(Journeys(snapshot), document())
    assert len(found) == snapshot.events
    for place, shard in enumerate(snapshot.shards):
        mine = found.where(found.shard == place)
        assert sorted(mine.first_event.tolist()) == list(range(len(shard.name)))


def test_visits_do_not_depend_on_shards_or_threads() -> None:
    def rows(shards: int, threads: int) -> list[tuple]:
        snapshot = simulate([PLAIN], people=400, seed=1, shards=shards)
        found = visits(Journeys(snapshot), document(), engine=LocalEngine(threads))
        ids = [snapshot.shards[s].id_of(e) for s, e in zip(found.shard, found.entity, strict=True)]
        columns = (found.start_us, found.step, found.cause, found.sojourn_ms, found.money_micro)
        return sorted(zip(ids, *(c.tolist() for c in columns), strict=True))

    assert rows(1, 1) == rows(3, 2)


def test_an_endless_map_and_a_contract_nowhere_are_refused() -> None:
    snapshot = snapshot_of([("p", "a", 0, 0)])
    many = MapDocument("m", tuple(MapStep(f"s{k}", "S", "event = 'a'") for k in range(65)))
    with pytest.raises(BadInput, match="TOO_MANY_STEPS"):
        visits(Journeys(snapshot), many)
    with pytest.raises(BadInput, match="UNKNOWN_STEP"):
        visits(Journeys(snapshot), map_of("a", contract=Contract("z", "event = 'a'")))


class TestPeriod:
    """The priced period ends with the last whole week that no declared window overlaps."""

    snapshot = dataclasses.replace(
        snapshot_of([]),
        first_us=to_instant_us("2026-01-07T13:00:00Z", "UTC"),
        last_us=to_instant_us("2026-03-20T13:00:00Z", "UTC"),
    )

    def span(
        self, *calendar: tuple[str, str, str], zone: str = "UTC", period: Period | None = None
    ):
        return priced_period(
            dataclasses.replace(self.snapshot, timezone=zone),
            period or Period(),
            calendar=calendar,
        )

    def test_it_runs_from_the_first_day_to_the_last_whole_week(self) -> None:
        span = self.span()
        assert to_iso(span.from_us) == "2026-01-07T00:00:00Z"
        assert to_iso(span.to_us) == "2026-03-16T00:00:00Z"
        assert span.months == pytest.approx(68 / 30.4375)

    def test_a_window_at_the_end_moves_it_back_by_whole_weeks_and_is_named(self) -> None:
        span = self.span(
            ("quarter end", "2026-03-08", "2026-03-31"), ("old", "2026-02-01", "2026-02-03")
        )
        assert to_iso(span.to_us) == "2026-03-02T00:00:00Z"
        assert "quarter end" in span.notes[0]
        assert "old" not in span.notes[0]

    def test_the_last_day_of_a_window_belongs_to_it(self) -> None:
        assert to_iso(self.span(("w", "2026-03-09", "2026-03-09")).to_us) == "2026-03-09T00:00:00Z"

    def test_weeks_begin_where_the_workspace_is(self) -> None:
        span = self.span(zone="Europe/Amsterdam")
        assert to_iso(span.to_us) == "2026-03-15T23:00:00Z"

    def test_a_selection_cuts_it_on_both_sides(self) -> None:
        cut = Period(to_instant_us("2026-02-01", "UTC"), to_instant_us("2026-02-20", "UTC"))
        span = self.span(period=cut)
        assert (to_iso(span.from_us), to_iso(span.to_us)) == (
            "2026-02-01T00:00:00Z",
            "2026-02-16T00:00:00Z",
        )

    def test_without_a_free_week_it_runs_to_the_end_of_the_data_and_says_so(self) -> None:
        span = self.span(("always", "2025-01-01", "2027-01-01"))
        assert to_iso(span.to_us) == "2026-03-21T00:00:00Z"
        assert "no whole week" in span.notes[0]


def test_bin_edges_are_whole_ms_from_five_minutes_to_400_days_in_equal_steps() -> None:
    assert (len(BIN_EDGES_MS), BIN_EDGES_MS[0], BIN_EDGES_MS[-1]) == (63, 300_000, 34_560_000_000)
    steps = np.diff(np.log(BIN_EDGES_MS.astype(float)))
    assert steps.max() - steps.min() < 1e-5
    assert (np.rint(300_000 * 115_200 ** (np.arange(63) / 62)) == BIN_EDGES_MS).all()


def test_a_quantile_of_bins_is_linear_within_its_bin() -> None:
    row = np.zeros(64, np.int64)
    row[[0, 10]] = 30, 10
    assert quantile_ms(row, 0.5) == pytest.approx(300_000 * 20 / 30)
    assert quantile_ms(row, 0.875) == pytest.approx((BIN_EDGES_MS[9] + BIN_EDGES_MS[10]) / 2)


def test_tau_is_ten_times_the_95th_percentile_on_a_bin_edge() -> None:
    from pathworth.value import decide

    snapshot = simulate([PLAIN], people=4000, seed=3)
    plan, few = decide(Journeys(snapshot), document(), engine=LocalEngine(1))
    assert not few
    for place, median in enumerate(PLAIN.days[:3]):
        aim = 10 * median * np.exp(1.645) * DAY_US / 1000
        edges = BIN_EDGES_MS[np.searchsorted(BIN_EDGES_MS, aim * 0.9) :][:3]
        assert plan.tau_ms[place] in edges
    assert plan.tau_ms[3] == BIN_EDGES_MS[np.searchsorted(BIN_EDGES_MS, 86_400_000)]
