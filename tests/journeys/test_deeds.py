"""`did` in `who=` keeps those of plain code, as of the end of the period, with the same bytes everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.errors import UnknownName
from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, Step, engine, event_mask, step_codes, whole

DAY = 86_400_000_000
ROWS = random_rows(11, people=300, events=2_400)
SIZE = [float(k % 4) for k in range(len(ROWS))]
PLAN = [None if k % 3 == 0 else ("pro", "free")[k % 2] for k in range(len(ROWS))]
WORLDS = [snapshot(ROWS, columns={"size": SIZE, "plan": PLAN}, shards=k) for k in (1, 3)]
STEPS = (Step("Big one", "event = 'e1' and size >= 2"), Step("e2", "event = 'e3'"))
TESTS = {"Big one": lambda k: ROWS[k][1] == "e1" and SIZE[k] >= 2}
LAST = max(row[2] for row in ROWS)


def naive_did(step, at_least, within_days, until_us):
    """Return who took a step so often before an instant, event by event."""
    rule = TESTS.get(step, lambda k: ROWS[k][1] == step)
    begin = -(2**62) if within_days is None else until_us - within_days * DAY
    return {
        person
        for person in {row[0] for row in ROWS}
        if sum(
            1
            for k, (who, _, when) in enumerate(ROWS)
            if who == person and begin <= when < until_us and rule(k)
        )
        >= at_least
    }


def chosen(who, *, until_us=None, world=WORLDS[1]):
    period = Period() if until_us is None else Period(to_us=until_us)
    return set(everybody_in(Journeys(world, who=who, period=period, steps=STEPS)))


def everybody_in(journeys):
    """Return the ids of a selection."""
    return measure.people(journeys, measure.AskSessions(), cell="entities").ids


def seen_by(until_us):
    return {row[0] for row in ROWS if row[2] < until_us}


@given(
    st.sampled_from(["e0", "e5", "Big one"]),
    st.integers(1, 4),
    st.sampled_from([None, 1, 7, 40]),
    st.sampled_from([None, LAST - 20 * DAY, LAST - 60 * DAY]),
    st.booleans(),
)
@settings(deadline=None, max_examples=40)
def test_did_keeps_those_of_plain_code(step, at_least, within, until_us, negated):
    window = "" if within is None else f", within='{within}d'"
    who = f"{'not ' if negated else ''}did('{step}', at_least={at_least}{window})"
    end = LAST + 1 if until_us is None else until_us
    did = naive_did(step, at_least, within, end)
    everybody = seen_by(end)
    assert chosen(who, until_us=until_us) == (everybody - did if negated else everybody & did)


def test_did_joins_with_traits_and_a_trait_is_its_column():
    both = chosen("did('e0') and trait('plan') = 'pro'")
    assert both == chosen("did('e0')") & chosen("plan = 'pro'")
    assert chosen("trait('plan') = 'pro'") == chosen("plan = 'pro'")
    assert chosen("did('e0') or plan is null") == chosen("did('e0')") | chosen("plan is null")


def test_a_step_of_the_map_stands_before_an_event_of_its_name():
    assert chosen("did('e2')") == naive_did("e3", 1, None, LAST + 1)


def test_a_window_begins_with_its_first_moment_and_ends_before_the_instant():
    world = snapshot([("p", "a", 0), ("p", "b", 2 * DAY), ("q", "a", 1), ("q", "b", 3 * DAY)])

    def kept(until_us):
        asked = Journeys(world, who="did('a', within='1d')", period=Period(to_us=until_us))
        return everybody_in(asked)

    assert kept(DAY) == ("p", "q")
    assert kept(DAY + 1) == ("q",)
    assert kept(DAY + 2) == ()


def test_without_a_period_the_window_counts_back_from_the_last_event():
    world = snapshot([("p", "a", 0), ("q", "a", 9 * DAY + 1), ("r", "b", 10 * DAY)])
    asked = Journeys(world, who="did('a', within='1d')")
    assert everybody_in(asked) == ("q",)


def test_what_people_did_does_not_depend_on_the_kept_events_or_the_first_day():
    asked = Journeys(WORLDS[0], where="event = 'e4'", who="did('e0')")
    kept = set(everybody_in(asked))
    assert kept == naive_did("e0", 1, None, LAST + 1) & naive_did("e4", 1, None, LAST + 1)


def test_the_people_who_did_a_step_are_the_first_step_of_its_funnel():
    reached = measure.funnel(Journeys(WORLDS[0]), ["e0", "e1"]).steps[0].entities
    assert len(chosen("did('e0')")) == reached


def test_the_bytes_do_not_depend_on_threads_or_shards(monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    who = "did('Big one', at_least=2, within='40d') or not did('e0', at_least=3)"
    found = {
        to_text(to_json(measure.transitions(Journeys(world, who=who, steps=STEPS), engine=hands)))
        for world in WORLDS
        for hands in map(LocalEngine, (1, 2, 8))
    }
    assert len(found) == 1


def test_another_set_of_steps_is_another_selection():
    hands = LocalEngine(1)

    def ask(rule):
        asked = Journeys(WORLDS[0], who="did('x')", steps=(Step("x", rule),))
        return measure.sessions(asked, engine=hands).entities

    assert ask("event = 'e0' and size = 1") != ask("event = 'e0'")


def test_an_unknown_step_names_the_near_one_at_its_character():
    with pytest.raises(UnknownName) as caught:
        chosen("plan = 'pro' and did('Bigone')")
    assert caught.value.code == "UNKNOWN_STEP"
    assert "character 23" in caught.value.message
    assert "Big one" in caught.value.hint


def test_in_where_and_in_rules_did_counts_up_to_the_event_itself():
    world = snapshot([("p", "a", 0), ("p", "b", DAY), ("p", "a", 2 * DAY), ("q", "b", 0)])
    part = whole(world, world.shards[0])

    def kept(text):
        held = event_mask(part, text).view(bool)
        ids = np.repeat([world.shards[0].id_of(e) for e in range(2)], np.diff(part.offset))
        names = np.array(world.names)[world.shards[0].name]
        return [f"{one}{name}" for one, name in zip(ids[held], names[held], strict=True)]

    assert sorted(kept("did('a')")) == ["pa", "pa", "pb"]
    assert kept("event = 'a' and did('a', at_least=2)") == ["pa"]
    assert kept("event = 'b' and did('a', within='1d')") == []
    assert kept("event = 'b' and did('a', within='25h')") == ["pb"]
    assert kept("event = 'b' and not did('a')") == ["qb"]


def test_a_rule_of_a_step_names_events_and_never_another_step():
    rules = (Step("e1", "event = 'e0'"), Step("again", "event = 'e0' and did('e1')"))
    # Were e1 the step here, every e0 would have done it at once: it is the event.
    wanted = set()
    for person in {row[0] for row in ROWS}:
        mine = sorted((row for row in ROWS if row[0] == person), key=lambda row: row[2])
        names = [row[1] for row in mine]
        if any("e1" in names[:k] for k, name in enumerate(names) if name == "e0"):
            wanted.add(person)
    asked = Journeys(WORLDS[0], who="did('again')", steps=rules)
    assert set(everybody_in(asked)) == wanted
    assert wanted != naive_did("e0", 1, None, LAST + 1)
    with pytest.raises(UnknownName) as caught:
        step_codes(whole(WORLDS[0], WORLDS[0].shards[0]), (Step("x", "did('Big one')"), *STEPS))
    assert caught.value.code == "UNKNOWN_STEP"


def test_nobody_has_done_anything_in_an_empty_snapshot():
    empty = Journeys(snapshot([]), who="did('none')")
    assert everybody_in(empty) == ()
