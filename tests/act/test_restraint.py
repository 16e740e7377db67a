"""Arms, quiet hours, caps and guardrails hold for any program, person and moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.act.made import DAY, HOUR, MINUTE, NOON, Kept, Stream, agree, program, shop

from pathworth import act
from pathworth.act.deciding.assign import draw
from pathworth.act.deciding.quiet import quiet_until
from pathworth.base.errors import Refused
from pathworth.store import Ledger

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}", fullmatch=True)
ZONES = st.sampled_from(
    ["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"]
)


def times_of_day() -> st.SearchStrategy[str]:
    return st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))


@settings(max_examples=40, deadline=None)
@given(ids, st.floats(0.05, 0.9), st.integers(0, 10**9))
def test_arms_are_balanced_for_any_program_and_any_people(
    id_: str, holdout: float, first: int
) -> None:
    n = 4000
    held = sum(
        act.arm_of(id_, f"u{k}", holdout=holdout) == "held out" for k in range(first, first + n)
    )
    # Sample-ratio check: five standard errors, so that forty examples raise a false alarm once in 40,000 runs.
    assert abs(held - n * holdout) < 5 * np.sqrt(n * holdout * (1 - holdout))


@settings(max_examples=20, deadline=None)
@given(ids, ids)
def test_arms_of_two_programs_are_independent(one: str, two: str) -> None:
    if one == two:
        return
    pairs = np.array([(draw(one, f"u{k}"), draw(two, f"u{k}")) for k in range(2000)])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 5 / np.sqrt(2000)


@given(ids, st.text(max_size=20), st.floats(0, 0.9), st.floats(0, 0.9))
def test_a_larger_holdout_keeps_whoever_was_held_out(
    id_: str, unit: str, one: float, two: float
) -> None:
    small, large = sorted((one, two))
    if act.arm_of(id_, unit, holdout=small) == "held out":
        assert act.arm_of(id_, unit, holdout=large) == "held out"


def test_a_person_keeps_the_arm_when_an_account_becomes_known(tmp_path: Path) -> None:
    one = program(again="1h", holdout=0.5, wait="0m")
    workspace, stream = shop(tmp_path / "w", one), Stream()
    people = [f"p{k}" for k in range(30)]
    for k, person in enumerate(people):
        stream.add(person, "Added", NOON + k)
    act.feed(workspace, stream.events)
    before = {row.entity: (row.unit, row.arm) for row in act.decide_due(workspace, NOON + MINUTE)}
    for k, person in enumerate(people):
        stream.add(person, "Added", NOON + DAY + k, account_id=f"a{k % 3}")
    stream.add("new", "Added", NOON + DAY, account_id="a1")
    act.feed(workspace, stream.events)
    rows = {row.entity: row for row in act.decide_due(workspace, NOON + DAY + MINUTE)}
    assert {e: (rows[e].unit, rows[e].arm) for e in people} == before
    assert rows["new"].unit == "a1"


def test_the_share_that_is_held_out_cannot_change_after_the_first_start(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w", program(holdout=0.2))
    act.save_program(workspace, program(holdout=0.2, name="Other words"))
    with pytest.raises(Refused, match="HOLDOUT_LOCKED"):
        act.save_program(workspace, program(holdout=0.3))


@settings(max_examples=300, deadline=None)
@given(
    begin=times_of_day(),
    end=times_of_day(),
    zone=ZONES,
    at=st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
)
def test_quiet_hours_end_at_the_first_moment_that_is_not_quiet(
    begin: str, end: str, zone: str, at: datetime
) -> None:
    quiet, place = act.QuietHours(begin, end), ZoneInfo(zone)
    at_us = (at.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    until = quiet_until(quiet, at_us, zone=place)
    if until is None:
        return
    assert at_us < until <= at_us + DAY + 2 * HOUR
    # The naive twin: walk on minute by minute until the wall clock is out of the quiet hours.
    step = at_us
    while quiet_until(quiet, step, zone=place) is not None:
        step = (step // MINUTE + 1) * MINUTE
        assert step <= at_us + DAY + 3 * HOUR
    assert until == step


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (
            "2026-03-28T22:30:00+00:00",
            "2026-03-29T06:00:00+00:00",
        ),  # the clock goes forward in the night
        ("2026-10-24T20:30:00+00:00", "2026-10-25T07:00:00+00:00"),  # and back: an hour longer
        ("2026-06-01T05:59:59+00:00", "2026-06-01T06:00:00+00:00"),
    ],
)
def test_quiet_hours_end_at_eight_on_the_wall_over_a_change_of_the_clock(
    at: str, until: str
) -> None:
    ends = [
        (datetime.fromisoformat(one) - EPOCH) // timedelta(microseconds=1) for one in (at, until)
    ]
    quiet = act.QuietHours("21:00", "08:00")
    assert quiet_until(quiet, ends[0], zone=ZoneInfo("Europe/Amsterdam")) == ends[1]


def test_what_falls_into_quiet_hours_waits_for_their_end_in_both_arms(tmp_path: Path) -> None:
    night = act.QuietHours("21:00", "08:00", zone="tz")
    one = program(quiet_hours=night, wait="0m", holdout=0.5)
    workspace, stream = shop(tmp_path / "w", one), Stream()
    people = [f"p{k}" for k in range(12)]
    agree(workspace, *people, "far")
    at = NOON + 11 * HOUR  # 23:00 UTC
    for k, person in enumerate(people):
        stream.add(person, "Added", at + k)
    stream.add("far", "Added", at, tz="Asia/Tokyo")  # 08:00 there
    act.feed(workspace, stream.events)
    assert [row.entity for row in act.decide_due(workspace, at + MINUTE)] in (["far"], [])
    assert act.decide_due(workspace, at + 8 * HOUR) == ()
    rows = act.decide_due(workspace, NOON + 20 * HOUR)  # 08:00 UTC
    assert {row.arm for row in rows} == {"treated", "held out"}
    assert all(row.reasons[-1] == "quiet_hours" for row in rows)
    assert {row.arm for row in rows if row.action == "send"} == {"treated"}


@settings(max_examples=4, deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.randoms(use_true_random=False))
def test_no_person_is_contacted_more_often_than_the_cap_over_all_programs(
    tmp_path_factory: pytest.TempPathFactory, most: int, programs: int, random: object
) -> None:
    cap = act.Cap(most, "7d")
    made = [program(f"p{k}", wait="0m", again="1h", cap=cap) for k in range(programs)]
    workspace, stream = shop(tmp_path_factory.mktemp("cap") / "w", *made), Stream()
    agree(workspace, "ann", "bob")
    at = NOON
    for _ in range(6):
        at += random.randrange(2 * HOUR, 2 * DAY)  # type: ignore[attr-defined]
        for person in ("ann", "bob"):
            stream.add(person, "Viewed", at)
            stream.add(person, "Added", at + MINUTE)
        act.feed(workspace, stream.events[-4:])
        act.decide_due(workspace, at + 2 * MINUTE)
        act.deliver(workspace, Kept(), now_us=at + 2 * MINUTE)
    rows = [row for row in Ledger(workspace).rows() if row.action == "send"]
    for row in rows:
        window = [
            one
            for one in rows
            if one.entity == row.entity
            and row.decided_us - 7 * DAY < one.decided_us <= row.decided_us
        ]
        assert len(window) <= most
    assert rows


def test_the_guardrail_seldom_stops_a_harmless_program_however_often_one_looks() -> None:
    rng, limit, error = np.random.default_rng(11), 0.01, 0.05
    stopped = 0
    for _ in range(400):
        mutes = rng.random(3000) < limit
        counted = np.cumsum(mutes)
        looks = np.flatnonzero(mutes)
        stopped += any(
            act.evidence(int(n + 1), int(counted[n]), limit=limit) >= 1 / error for n in looks
        )
    # The bound promises at most 5 in 100; 400 runs at exactly that exceed 38 once in 10,000.
    assert stopped <= 38


def test_the_guardrail_stops_a_harmful_program_and_says_why(tmp_path: Path) -> None:
    rail = act.MuteGuardrail(mutes_per_send=0.01, event="event = 'Muted'")
    workspace, stream = shop(tmp_path / "w", program(wait="0m", guardrail=rail)), Stream()
    people = [f"p{k}" for k in range(60)]
    agree(workspace, *people)
    for k, person in enumerate(people):
        stream.add(person, "Added", NOON + k)
    act.feed(workspace, stream.events)
    act.decide_due(workspace, NOON + MINUTE)
    act.deliver(workspace, Kept(), now_us=NOON + MINUTE)
    mutes = [stream.add(person, "Muted", NOON + HOUR + k) for k, person in enumerate(people[:6])]
    act.feed(workspace, mutes, now_us=NOON + HOUR)
    kept = act.program(workspace, "basket")
    assert kept.record.state == "stopped"
    assert "guardrail" in (kept.record.why or "")
    (left,) = [one for one in act.why(workspace, "p0") if one.decision]
    assert "was sent to p0" in left.sentence


def test_a_mute_by_event_withdraws_consent(tmp_path: Path) -> None:
    rail = act.MuteGuardrail(event="event = 'Muted'")
    workspace, stream = shop(tmp_path / "w", program(wait="1h", guardrail=rail)), Stream()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    stream.add("ann", "Muted", NOON + MINUTE)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert row.reasons == ("no_consent",)
