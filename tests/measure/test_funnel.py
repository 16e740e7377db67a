"""Funnels: what a step may be, windows, and who is counted in which part."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.journeys.build import snapshot

from pathworth import measure
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.json import to_json
from pathworth.journeys import Journeys, Step

HOUR = 3_600_000_000


@dataclass
class MapStep:
    name: str
    rule: str | None


def counts(rows, steps, **asked):
    world = snapshot(rows, columns=asked.pop("columns", None))
    return [step.entities for step in measure.funnel(Journeys(world), steps, **asked).steps]


def test_a_step_is_an_event_a_predicate_or_anything_with_a_name_and_a_rule():
    world = snapshot([("p", "it's", 0), ("p", "b", 1)], columns={"size": [1.0, 5.0]})
    steps = ["it's", "big := size > 3", MapStep("b too", "event = 'b'"), Step("any", "true")]
    answer = measure.funnel(Journeys(world), steps[:2])
    assert [(step.name, step.entities) for step in answer.steps] == [("it's", 1), ("big", 1)]
    again = measure.funnel(Journeys(world), [steps[0], steps[2]])
    assert [step.name for step in again.steps] == ["it's", "b too"]
    assert measure.funnel(Journeys(world), steps[3:]).steps[0].entities == 1


def test_a_later_start_can_be_the_better_attempt():
    rows = [("p", "a", 0), ("p", "a", 5 * HOUR), ("p", "b", 6 * HOUR)]
    assert counts(rows, ["a", "b"], within="1h") == [1, 1]
    assert counts(rows, ["a", "b"], within="59m") == [1, 0]


def test_the_window_runs_from_the_first_step_and_includes_its_end():
    rows = [("p", "a", 0), ("p", "b", 2 * HOUR), ("p", "c", 3 * HOUR)]
    assert counts(rows, ["a", "b", "c"], within="3h") == [1, 1, 1]
    assert counts(rows, ["a", "b", "c"], within="2h") == [1, 1, 0]


def test_events_of_one_instant_follow_the_file():
    assert counts([("p", "a", 0), ("p", "b", 0)], ["a", "b"]) == [1, 1]
    assert counts([("p", "b", 0), ("p", "a", 0)], ["a", "b"]) == [1, 0]


def test_an_event_serves_one_step():
    assert counts([("p", "a", 0)], ["a", "again := event = 'a'"]) == [1, 0]
    assert counts([("p", "a", 0), ("p", "a", 1)], ["a", "again := event = 'a'"], order="any") == [
        1,
        1,
    ]


def test_strict_forgives_no_other_kept_event():
    rows = [("p", "a", 0), ("p", "x", 1), ("p", "b", 2)]
    assert counts(rows, ["a", "b"], order="strict") == [1, 0]
    world = snapshot(rows)
    kept = measure.funnel(Journeys(world, where="event <> 'x'"), ["a", "b"], order="strict")
    assert [step.entities for step in kept.steps] == [1, 1]


def test_any_order_needs_all_steps_inside_one_window():
    rows = [("p", "c", 0), ("p", "a", HOUR), ("p", "b", 3 * HOUR)]
    assert counts(rows, ["a", "b", "c"], order="any") == [1, 1, 1]
    assert counts(rows, ["a", "b", "c"], order="any", within="2h") == [1, 1, 0]


def test_shares_are_of_the_first_step_and_few_people_have_no_interval():
    rows = [(f"p{k}", "a", 0) for k in range(29)] + [("p0", "b", 1)]
    few = measure.funnel(Journeys(snapshot(rows)), ["a", "b"]).steps[1]
    assert (few.from_first, few.interval, few.why) == (1 / 29, None, "too few")
    enough = measure.funnel(Journeys(snapshot([*rows, ("q", "a", 0)])), ["a", "b"]).steps
    assert enough[0].interval == (1.0, 1.0)
    assert enough[1].interval == measure.wilson(1, 30)
    assert enough[1].why is None


def test_a_funnel_that_nobody_enters_has_no_shares():
    answer = measure.funnel(
        Journeys(snapshot([("p", "a", 0)]), where="event = 'z'"), ["a", "a2 := event = 'b'"]
    )
    assert [(s.entities, s.from_first, s.from_previous) for s in answer.steps] == [
        (0, None, None)
    ] * 2


def test_everybody_stands_in_one_part_under_the_last_known_value():
    rows = [("p", "a", 0), ("p", "b", 1), ("q", "a", 0), ("r", "a", 0), ("r", "b", 1)]
    plans = ["free", "pro", "free", None, None]
    answer = measure.funnel(
        Journeys(snapshot(rows, columns={"plan": plans})), ["a", "b"], by="plan"
    )
    found = {part.value: [step.entities for step in part.steps] for part in answer.by}
    assert found == {"free": [1, 0], "pro": [1, 1], None: [1, 1]}
    assert answer.overlap == 0


@pytest.mark.parametrize(
    ("steps", "asked", "code", "kind"),
    [
        ([], {}, "NO_STEPS", WrongUsage),
        (["a"] * 65, {}, "TOO_MANY_STEPS", WrongUsage),
        (["a", "bb"], {}, "UNKNOWN_EVENT", UnknownName),
        (["a"], {"within": "0s"}, "EMPTY_WINDOW", WrongUsage),
        (["a"], {"within": "week"}, "BAD_DURATION", WrongUsage),
        (["a"], {"order": "loose"}, "UNKNOWN_ORDER", UnknownName),
        (["a"], {"by": "pln"}, "UNKNOWN_TRAIT", UnknownName),
        (["a"], {"by": "size"}, "BY_NEEDS_VALUES", NotSupported),
        ([MapStep("felt", None)], {}, "STEP_WITHOUT_RULE", NotSupported),
        (["x := event = 3"], {}, "TYPE_MISMATCH", WrongUsage),
        (["x := event ="], {}, "BAD_PREDICATE", WrongUsage),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_code(steps, asked, code, kind):
    columns = {"plan": ["x", None], "size": [1.0, 2.0]}
    world = snapshot([("p", "a", 0), ("p", "b", 1)], columns=columns)
    with pytest.raises(kind) as caught:
        measure.funnel(Journeys(world), steps, **asked)
    assert caught.value.code == code
    assert caught.value.hint


def test_an_unknown_event_names_the_near_one():
    with pytest.raises(UnknownName) as caught:
        measure.funnel(Journeys(snapshot([("p", "purchase", 0)])), ["purchse"])
    assert "purchase" in caught.value.hint


def test_the_time_to_a_step_is_the_middle_of_those_who_reached_it():
    """Half of the others began twice: their last start counts, and those who never came are said beside."""
    hour = 3_600_000_000
    rows = []
    for k in range(60):
        rows += [(f"p{k}", "a", 0), (f"p{k}", "a", hour), (f"p{k}", "b", hour + (k + 1) * hour)]
    rows += [(f"q{k}", "a", 0) for k in range(15)]
    first, second = measure.funnel(Journeys(snapshot(rows)), ["a", "b"], times="quantiles").steps
    assert (first.median_seconds, first.censored) == (None, None)
    assert second.median_seconds == pytest.approx(30.5 * 3600, rel=1 / 16)
    low, high = second.median_interval
    assert low < 30.5 * 3600 < high
    assert second.censored == 15


def test_the_times_of_a_split_funnel_are_those_of_each_part():
    hour = 3_600_000_000
    rows, plans = [], []
    for k in range(80):
        rows += [(f"p{k}", "a", 0), (f"p{k}", "b", hour * (1 if k % 2 else 9))]
        plans += ["fast" if k % 2 else "slow"] * 2
    world = snapshot(rows, columns={"plan": plans}, shards=2)
    answer = measure.funnel(Journeys(world), ["a", "b"], by="plan", times="quantiles")
    middle = {part.value: part.steps[1].median_seconds for part in answer.by}
    assert middle == {
        "fast": pytest.approx(3600, rel=1 / 16),
        "slow": pytest.approx(9 * 3600, rel=1 / 16),
    }


def test_times_are_left_out_unless_asked_for():
    answer = measure.funnel(Journeys(snapshot([("p", "a", 0)])), ["a"])
    assert "median_seconds" not in to_json(answer)["steps"][0]
    with pytest.raises(UnknownName) as caught:
        measure.funnel(Journeys(snapshot([("p", "a", 0)])), ["a"], times="mean")
    assert caught.value.code == "UNKNOWN_TIMES"
