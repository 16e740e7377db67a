"""Steps are added where they take their events; properties that could carry the persona are found."""

from __future__ import annotations

import pytest
from tests.journeys.build import snapshot

from pathworth import atlas
from pathworth.journeys import Journeys, LocalEngine, Step

MINUTE = 60_000_000
MAP = atlas.MapDocument(
    "m",
    steps=(
        atlas.MapStep("look", "Look", "event in ('a', 'b')", stage="First", entry=True),
        atlas.MapStep("buy", "Buy", "event = 'd'", stage="Last"),
    ),
    stages=("First", "Last"),
    noise=("e",),
)


def test_a_new_step_stands_before_the_one_that_took_its_events_in_the_same_stage():
    found = atlas.add_steps(MAP, [Step("Second look", "event = 'b'")])
    assert [one.id for one in found.document.steps] == ["second-look", "look", "buy"]
    new = found.document.steps[0]
    assert (new.stage, new.entry, found.added) == ("First", True, ("second-look",))


def test_a_step_that_is_there_is_kept_however_its_rule_is_written():
    found = atlas.add_steps(MAP, [Step("Pays", "event in ('d')")])
    assert (found.document, found.kept, found.added) == (MAP, ("buy",), ())


def test_a_step_that_nothing_took_stands_last_under_the_stage_of_the_one_before():
    steps = [Step("Buy", "event = 'd'"), Step("Buy", "event = 'e'"), Step("start", "event = 'f'")]
    found = atlas.add_steps(MAP, steps)
    new = found.document.steps[-2:]
    assert [(one.id, one.name, one.stage) for one in new] == [
        ("buy-2", "Buy 2", "Last"),
        ("start-2", "start", "Last"),
    ]
    assert found.document.noise == ()
    assert not [one for one in atlas.check_map(found.document) if one.level == "error"]


def people(early, late=None, *, count=100):
    rows, kinds = [], []
    for k in range(count):
        rows += [(f"p{k}", "a", 0), (f"p{k}", "a", 30 * MINUTE), (f"p{k}", "a", 31 * MINUTE)]
        kinds += [None, early(k), (late or early)(k)]
    return Journeys(snapshot(rows, columns={"kind": kinds}, shards=2))


def test_a_property_known_in_the_first_half_hour_of_half_of_the_people_is_a_choice():
    (found,) = atlas.persona_choices(people(lambda k: "xy"[k % 2] if k < 50 else None))
    assert (found.property, found.known, found.steady) == ("kind", 0.5, 1.0)
    assert [(one.value, one.people) for one in found.values] == [("x", 25), ("y", 25)]
    assert atlas.persona_choices(people(lambda k: "xy"[k % 2] if k < 49 else None)) == ()


def test_what_is_known_later_is_not_known_early():
    late = people(lambda _: None, lambda k: "xy"[k % 2])
    assert atlas.persona_choices(late) == ()


def test_steady_is_the_share_of_those_who_never_have_another_value():
    (found,) = atlas.persona_choices(
        people(lambda k: "xy"[k % 2], lambda k: "xy"[(k % 2) or k % 4 == 0])
    )
    assert found.steady == 0.75


@pytest.mark.parametrize("values", [1, 21])
def test_one_value_and_more_than_twenty_tell_nobody_apart(values):
    assert atlas.persona_choices(people(lambda k: f"v{k % values}")) == ()


def test_the_choices_do_not_depend_on_threads():
    asked = people(lambda k: "xyz"[k % 3])
    assert atlas.persona_choices(asked, engine=LocalEngine(1)) == atlas.persona_choices(
        asked, engine=LocalEngine(3)
    )


def test_nobody_has_no_persona():
    assert atlas.persona_choices(Journeys(snapshot([]))) == ()
