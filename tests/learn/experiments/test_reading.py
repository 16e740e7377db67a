"""The read-out counts by intention to treat: the arm decides, once a unit, and only whose time is over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.learn.experiments.made import ASKED, BEGIN, DAY, MAP, Did, decision, journeys_of

from pathworth.base.errors import NotSupported, PathworthError, UnknownName, WrongUsage
from pathworth.journeys import Journeys
from pathworth.learn import (
    Experiment,
    ReadOut,
    check,
    dump_experiment,
    dump_plan,
    load_experiment,
    load_plan,
    plan_size,
    read_out,
)
from pathworth.learn.experiments.contracts import Count, Protest
from pathworth.store import Decision

END = Did("zz", "seen", 100)


def read(
    events: list[Did],
    decisions: list[Decision],
    *,
    asked: Experiment = ASKED,
    protests: tuple[Protest, ...] = (),
    planned: int = 1000,
) -> ReadOut:
    return read_out(
        asked,
        decisions,
        journeys=Journeys(journeys_of([*events, END])),
        document=MAP,
        planned_units=planned,
        protests=protests,
    )


def test_the_arm_decides_delivered_or_not() -> None:
    treated = [decision("a", 10, treated=True), decision("b", 10, treated=True)]
    failed = [replace(one, action="nothing", state="none", reasons=("CAP",)) for one in treated]
    events = [Did("a", "bought", 12), Did("b", "seen", 12), Did("c", "bought", 12)]
    held_out = [decision("c", 10, treated=False)]
    for rows in (treated, failed):
        metric = read(events, [*rows, *held_out]).used[0]
        assert (metric.treated, metric.held_out) == (Count(1, 2), Count(1, 1))


def test_only_the_first_occasion_of_a_unit_counts() -> None:
    rows = [decision("a", 10, treated=True), decision("a", 40, treated=True)]
    found = read([Did("a", "bought", 45)], rows)
    assert found.used[0].treated == Count(0, 1)
    assert any("1 later occasions" in note for note in found.notes)


def test_what_happens_before_the_occasion_at_it_or_after_the_horizon_does_not_count() -> None:
    rows = [decision("a", 10, treated=True)]
    for day, counts in ((9.9, 0), (10, 0), (10.01, 1), (24, 1), (24.01, 0)):
        assert read([Did("a", "bought", day)], rows).used[0].treated.did == counts, day


def test_units_whose_horizon_is_not_over_are_left_out_and_counted() -> None:
    rows = [decision("a", 10, treated=True), decision("b", 90, treated=True)]
    found = read([Did("b", "bought", 91)], rows)
    assert (found.finished, found.waiting, found.used[0].treated) == (1, 1, Count(0, 1))
    assert any("Left out: 1 whose time of 14d is not over" in note for note in found.notes)
    assert found.ratio.treated == 2


def test_an_account_is_one_unit_and_any_of_its_people_can_get_there() -> None:
    rows = [
        decision("acme", 10, treated=True, entity="ann"),
        decision("acme", 11, treated=True, entity="bob"),
        decision("beta", 10, treated=False, entity="cat"),
    ]
    events = [
        Did("ann", "seen", 9, account="acme"),
        Did("dan", "seen", 10, account="acme"),
        Did("dan", "bought", 12),
        Did("cat", "seen", 9, account="beta"),
        Did("eve", "bought", 12, account="other"),
    ]
    metric = read(events, rows).used[0]
    assert (metric.treated, metric.held_out) == (Count(1, 1), Count(0, 1))


def test_a_person_without_account_on_any_event_still_belongs_to_the_unit_of_the_ledger() -> None:
    rows = [decision("acme", 10, treated=True, entity="ann")]
    assert read([Did("ann", "bought", 12)], rows).used[0].treated == Count(1, 1)


def test_an_event_counts_for_the_first_step_whose_rule_holds_only() -> None:
    early = replace(
        MAP, steps=(replace(MAP.steps[0], rule="event in ('asked', 'bought')"), *MAP.steps[1:])
    )
    rows = [decision("a", 10, treated=True)]
    snapshot = journeys_of([Did("a", "bought", 12), END])
    found = read_out(ASKED, rows, journeys=Journeys(snapshot), document=early, planned_units=10)
    assert found.used[0].treated == Count(0, 1)


def test_the_goal_step_stands_beside_and_never_decides() -> None:
    rows = [decision("a", 10, treated=True), decision("c", 10, treated=False)]
    used = read([Did("a", "stayed", 15)], rows).used
    assert [row.name for row in used] == ["Buys", "Stays"]
    assert used[1].treated == Count(1, 1)


def test_protests_come_from_events_and_from_withdrawn_consents_by_kind() -> None:
    rows = [decision("a", 10, treated=True), decision("c", 10, treated=False)]
    events = [Did("a", "muted", 11), Did("a", "muted", 12), Did("c", "muted", 5)]
    gone = Protest("c", BEGIN + 12 * DAY, "Withdrew consent: mail")
    found = read(events, rows, protests=(gone,))
    said = {row.name: (row.treated.did, row.held_out.did) for row in found.said}
    assert said == {"muted": (1, 0), "Withdrew consent: mail": (0, 1)}
    assert (found.guardrail.treated.did, found.guardrail.held_out.did) == (1, 1)


def test_net_money_is_that_of_the_horizon_and_agrees_with_the_plain_mean() -> None:
    random = np.random.default_rng(4)
    rows, events, plain = [], [], {True: [], False: []}
    for k in range(700):
        treated = bool(random.random() < 0.5)
        paid = float(np.round(random.exponential(20 if treated else 10), 2))
        rows.append(decision(f"p{k}", 10, treated=treated))
        events += [Did(f"p{k}", "bought", 12, value=paid), Did(f"p{k}", "bought", 60, value=500.0)]
        plain[treated].append(paid)
    money = read(events, rows).money
    means = {side: float(np.mean(values)) for side, values in plain.items()}
    assert money.treated == pytest.approx(means[True], abs=1e-6)
    assert money.held_out == pytest.approx(means[False], abs=1e-6)
    assert money.interval is not None
    error = np.sqrt(sum(np.var(values) / len(values) for values in plain.values()))
    width = (money.interval[1] - money.interval[0]) / 2
    assert width == pytest.approx(1.998 * error, rel=0.3)


def test_the_planned_units_decide_once_their_time_is_over() -> None:
    rows = [decision(f"p{k}", 10 + k / 100, treated=k % 2 == 0) for k in range(400)]
    events = [Did(f"p{k}", "bought", 20) for k in range(0, 400, 2)]
    early = read(events, rows, planned=401)
    late = read(events, rows, planned=200)
    assert (early.interval_kind, early.metric.treated.of) == ("always valid", 200)
    assert (late.interval_kind, late.metric.treated.of) == ("planned", 100)
    assert late.verdict.word == "works"


def test_without_decisions_or_events_it_says_so() -> None:
    found = read([], [])
    assert found.verdict.sentence == "Cannot tell yet. Nobody has met the occasion so far."
    assert found.money.why is not None


def test_a_plan_comes_from_those_who_met_the_trigger_in_the_last_weeks() -> None:
    events = [END]
    for k in range(300):
        events.append(Did(f"p{k}", "asked", k % 60))
        if k % 4 == 0:
            events.append(Did(f"p{k}", "bought", k % 60 + 5))
        if k % 50 == 0:
            events.append(Did(f"p{k}", "muted", k % 60 + 3))
    events.append(Did("late", "asked", 99))
    plan = plan_size(ASKED, Journeys(journeys_of(events)), document=MAP, revision=3)
    assert (plan.units_seen, plan.rate, plan.revision) == (300, 0.25, 3)
    assert plan.treated == plan.held_out == 1251
    assert plan.usual_protests is not None
    assert load_plan(dump_plan(plan)) == plan
    assert "settle 5 points" in plan.sentence


def test_too_few_to_plan_is_said() -> None:
    snapshot = journeys_of([Did("a", "asked", 3), Did("a", "bought", 4), END])
    with pytest.raises(NotSupported, match="TOO_FEW_TO_PLAN"):
        plan_size(ASKED, Journeys(snapshot), document=MAP, revision=1)


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"id": "A kit"}, WrongUsage, "BAD_ID"),
        ({"hypothesis": "more"}, WrongUsage, "HYPOTHESIS_MISSING"),
        ({"program": " "}, WrongUsage, "PROGRAM_MISSING"),
        ({"horizon": "1s"}, WrongUsage, "BAD_HORIZON"),
        ({"horizon": "soon"}, WrongUsage, "BAD_DURATION"),
        ({"smallest": 0.0}, WrongUsage, "BAD_EFFECT"),
        ({"treated_share": 1.0}, WrongUsage, "BAD_SHARE"),
        ({"better": "other"}, WrongUsage, "BAD_CHOICE"),
        ({"step": "buy"}, UnknownName, "UNKNOWN_STEP"),
        ({"step": "thinks"}, NotSupported, "STEP_WITHOUT_RULE"),
        ({"step": "asks"}, WrongUsage, "SAME_STEP"),
    ],
)
def test_what_could_not_be_read_is_refused(
    change: dict[str, object], error: type[PathworthError], code: str
) -> None:
    with pytest.raises(error) as caught:
        check(replace(ASKED, **change), MAP)
    assert caught.value.code == code


def test_an_experiment_comes_back_as_it_was_written() -> None:
    check(ASKED, MAP)
    assert load_experiment(dump_experiment(ASKED)) == ASKED
