"""`matches` as filter of people, as rule of events and as number: the same journeys, and those of plain code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from tests.journeys.build import random_rows, snapshot
from tests.naive import past as naive

from pathworth import measure
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import (
    Journeys,
    LocalEngine,
    Pattern,
    Step,
    engine,
    event_mask,
    matched,
    parse_pattern,
    pattern_lane,
    pattern_steps,
    whole,
)

DAY = 86_400_000_000
ROWS = random_rows(21, people=150, events=2_000)
SIZE = [float(k % 4) for k in range(len(ROWS))]
WORLDS = [snapshot(ROWS, columns={"size": SIZE}, shards=k) for k in (1, 3)]
STEPS = (Step("Big one", "event = 'e1' and size >= 2"), Step("e2", "event = 'e3'"))
LAST = max(row[2] for row in ROWS)
PATTERNS = [
    ("e0 -> e1", None),
    ('"Big one" ->> e4', 10),
    ("e0 -> [^e1]* -> end", 20),
    ("start -> .{0,3} -> e2", None),
    ("(e0 | e5) -> [e1 e2]{2}", 30),
    ("e2 ->> e2 ->> e2", 15),
]


def names_of(k):
    """The names that an event has, a step before an event of its name."""
    found = {ROWS[k][1]} - {"e2"} | ({"e2"} if ROWS[k][1] == "e3" else set())
    return found | ({"Big one"} if ROWS[k][1] == "e1" and SIZE[k] >= 2 else set())


def journeys_of(until=2**62, kept=lambda k: True):
    """Return everybody's events in order, as (names, times)."""
    found = {row[0]: [] for row in ROWS}
    for k in sorted(range(len(ROWS)), key=lambda k: (ROWS[k][2], k)):
        if ROWS[k][2] < until and kept(k):
            found[ROWS[k][0]].append((names_of(k), ROWS[k][2]))
    return {who: ([n for n, _ in some], [t for _, t in some]) for who, some in found.items()}


def naive_times(text, days, **given):
    within = 2**62 if days is None else days * DAY
    tree = parse_pattern(text).tree
    return {who: naive.matches(tree, *some, within) for who, some in journeys_of(**given).items()}


def call(text, days):
    window = "" if days is None else f", within='{days}d'"
    return f"matches('{text}'{window})"


def everybody_in(journeys):
    """Return the ids of a selection."""
    return measure.people(journeys, measure.AskSessions(), cell="entities").ids


def chosen(who, *, until_us=None, world=WORLDS[1], where=None):
    period = Period() if until_us is None else Period(to_us=until_us)
    asked = Journeys(world, where=where, who=who, period=period, steps=STEPS)
    return set(everybody_in(asked))


@pytest.mark.parametrize(("text", "days"), PATTERNS)
@pytest.mark.parametrize("until_us", [None, LAST - 30 * DAY])
def test_people_whose_journey_holds_a_pattern_are_those_of_plain_code(text, days, until_us):
    until = LAST + 1 if until_us is None else until_us
    found = naive_times(text, days, until=until)
    wanted = {who for who, matches in found.items() if matches}
    everybody = {row[0] for row in ROWS if row[2] < until}
    assert wanted
    assert chosen(call(text, days), until_us=until_us) == wanted
    assert chosen(f"not {call(text, days)}", until_us=until_us) == everybody - wanted


@dataclass(frozen=True)
class Times:
    """Matches and people with one, and the shortest first matches added up."""

    pattern: Pattern
    steps: tuple[Step, ...]
    within_us: int | None

    def fold(self, part):
        lane = pattern_lane(part, self.pattern, steps=self.steps)
        found = matched(lane, self.pattern, within_us=self.within_us)
        took = found.took_us[found.first >= 0]
        return np.array([found.times.sum(), (found.times > 0).sum(), took.sum()])

    def merge(self, left, right):
        return left + right


def as_number(text, days, world=WORLDS[0], *, hands=None, **selection):
    pattern = parse_pattern(text)
    steps = pattern_steps(pattern, world, steps=STEPS)
    question = Times(pattern, steps, None if days is None else days * DAY)
    asked = Journeys(world, steps=STEPS, **selection)
    return (hands or LocalEngine(1)).total(asked, question).tolist()


@pytest.mark.parametrize(("text", "days"), PATTERNS)
def test_a_pattern_as_number_counts_matches_among_the_kept_events(text, days):
    keeps = {None: lambda k: True, "size >= 1": lambda k: SIZE[k] >= 1}
    for where, kept in keeps.items():
        found = naive_times(text, days, kept=kept)
        wanted = [
            sum(map(len, found.values())),
            sum(map(bool, found.values())),
            sum(matches[0][1] for matches in found.values() if matches),
        ]
        assert as_number(text, days, where=where) == wanted


@pytest.mark.parametrize(("text", "days"), [one for one in PATTERNS if "end" not in one[0]])
def test_as_a_rule_it_holds_at_each_event_that_completes_a_match(text, days):
    world = WORLDS[0]
    part = whole(world, world.shards[0])
    held = event_mask(part, call(text, days), steps=STEPS)
    assert held.sum() == as_number(text, days)[0]
    found = naive_times(text, days)
    offset, shard = part.offset.tolist(), world.shards[0]
    for e in range(shard.entities):
        places = np.flatnonzero(held[offset[e] : offset[e + 1]]).tolist()
        assert places == [place for place, _ in found[shard.id_of(e)]]


def test_the_people_of_a_filter_of_a_number_and_of_a_rule_are_as_many():
    text, days = PATTERNS[1]
    people = len(chosen(call(text, days)))
    assert people == as_number(text, days)[1]
    asked = Journeys(WORLDS[0], where=call(text, days), steps=STEPS)
    assert people == measure.sessions(asked).entities


def test_two_steps_straight_after_each_other_are_the_second_step_of_a_strict_funnel():
    asked = Journeys(WORLDS[0])
    strict = measure.funnel(asked, ["e0", "e1", "e4"], order="strict", within="20d")
    ordered = measure.funnel(asked, ["e0", "e1", "e4"], within="20d")

    def people(text):
        who = f"matches('{text}', within='20d')"
        return len(everybody_in(Journeys(WORLDS[0], who=who)))

    assert people("e0 -> e1 -> e4") == strict.steps[2].entities
    assert people("e0 ->> e1 ->> e4") == ordered.steps[2].entities


def test_the_number_of_people_does_not_depend_on_what_where_keeps():
    text, days = PATTERNS[0]
    both = chosen(call(text, days), where="event = 'e4'")
    assert both == chosen(call(text, days)) & {row[0] for row in ROWS if row[1] == "e4"}


def test_the_bytes_do_not_depend_on_threads_or_shards(monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    who = " or ".join(call(*one) for one in PATTERNS[:3])
    where = f"{call(*PATTERNS[4])} or event = 'e1'"
    found = {
        to_text(
            to_json(
                measure.transitions(
                    Journeys(world, where=where, who=who, steps=STEPS), engine=hands
                )
            )
        )
        for world in WORLDS
        for hands in map(LocalEngine, (1, 2, 8))
    }
    assert len(found) == 1
    counts = {
        tuple(as_number(*PATTERNS[1], world, hands=hands))
        for world in WORLDS
        for hands in map(LocalEngine, (1, 8))
    }
    assert len(counts) == 1


def test_more_than_sixteen_names_over_several_columns_keep_their_places():
    world = WORLDS[0]
    steps = tuple(Step(f"s{k}", f"size = {k % 4} and event <> 'e{k % 6}'") for k in range(20))
    text = " | ".join(f"s{k} -> s{(k * 7 + 3) % 20}" for k in range(20))
    asked = Journeys(world, who=f"matches('{text}')", steps=steps)
    each = [
        set(
            everybody_in(
                Journeys(world, who=f"matches('s{k} -> s{(k * 7 + 3) % 20}')", steps=steps)
            )
        )
        for k in range(20)
    ]
    assert set(everybody_in(asked)) == set().union(*each)


def test_an_unknown_name_in_a_pattern_names_the_near_one_at_its_character():
    with pytest.raises(UnknownName) as caught:
        chosen("size > 1 and matches('e0 -> \"Big won\"')")
    assert caught.value.code == "UNKNOWN_STEP"
    assert "character 29" in caught.value.message
    assert "Big one" in caught.value.hint


def test_an_end_cannot_be_known_at_an_event():
    with pytest.raises(WrongUsage) as caught:
        event_mask(whole(WORLDS[0], WORLDS[0].shards[0]), "size > 1 and matches('e0 -> end')")
    assert caught.value.code == "PATTERN_END_IN_RULE"
    assert "character 14" in caught.value.message
    assert "who=" in caught.value.hint
