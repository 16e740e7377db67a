"""A predicate means the same over columns and over one event with its person, functions included."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.journeys.build import snapshot

from pathworth.base.errors import NotSupported, Refused, WrongUsage
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.journeys import (
    Kinds,
    Names,
    Remembering,
    Run,
    Seen,
    Step,
    asked_of_past,
    each_once,
    entity_mask,
    event_mask,
    may_hold,
    rule_of,
    whole,
)

START = 1_767_225_600_000_000
DAY = 86_400_000_000
WORDS = ["a", "b", "ab", None]
COLUMNS = {
    "plan": WORDS,
    "size": [1.0, 2.5, 10.0, None],
    "paid": [True, False, None],
    "since": [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=k) for k in (0, 5)] + [None],
}
LITERALS = {
    "plan": ["'a'", "'b'", "'ab'", "'zz'"],
    "size": ["1", "2.5", "7", "-1"],
    "paid": ["true", "false"],
    "since": ["'2026-01-01'", "'2026-01-03T12:00:00Z'"],
    "event": ["'e0'", "'e1'", "'e9'"],
    "value": ["0", "12", "12.5"],
}


@st.composite
def leaves(draw: Any, traits_only: bool) -> str:
    names = list(COLUMNS) if traits_only else [*COLUMNS, "event", "value"]
    name = draw(st.sampled_from(names))
    operand = f"trait('{name}')" if name in COLUMNS and draw(st.booleans()) else name
    literals = st.sampled_from(LITERALS[name])
    kind = draw(st.sampled_from(["compare", "in", "between", "null", "like", "flag", "pair"]))
    sign = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
    if kind == "in":
        among = draw(st.lists(literals, min_size=1, max_size=3))
        null = ", null" if draw(st.booleans()) else ""
        return f"{operand} in ({', '.join(among)}{null})"
    if kind == "between" and name not in {"paid"}:
        return f"{operand} between {draw(literals)} and {draw(literals)}"
    if kind == "null" and name not in {"event", "value"}:
        return f"{operand} is {'not ' if draw(st.booleans()) else ''}null"
    if kind == "like" and name == "plan":
        return f"{operand} like {draw(st.sampled_from(['a%', '_', '%b%']))!r}"
    if kind == "flag" and name == "paid":
        return operand
    if kind == "pair" and name in {"plan", "size", "since"}:
        return f"{operand} {sign} {name}"
    return f"{operand} {sign} {draw(literals)}"


STEPS = (
    Step("Big", "event = 'e0' and size > 1"),
    Step("Again", "event = 'e1' and did('e1', at_least=2)"),
    Step("e2", "event = 'e2' and (plan = 'a' or matches('e0 -> e2'))"),
)
NAMES = ["e0", "e1", "e2", "Big", "Again"]
PATTERNS = [
    "e0 -> e1",
    "Big ->> Again",
    "e0 ->> e1",
    "e0 -> [^e1]* -> e2",
    "[e0 e1]{2,3} -> .",
    "(e0 | start) -> e2+",
    "start -> .? -> Big",
]
AT_END = ["e0 -> [^e1]* -> end", "(e0 -> e1) | (e2 -> . -> end)", "start ->> Again -> end"]
SEGMENTS = ["paying", "busy", "both"]


def functions(*, traits_only: bool) -> st.SearchStrategy[str]:
    days = st.sampled_from(["", ", within='1d'", ", within='3d'"])
    patterns = st.sampled_from([*PATTERNS, *AT_END] if traits_only else PATTERNS)
    return st.one_of(
        st.builds(
            lambda name, least, within: f"did('{name}', at_least={least}{within})",
            st.sampled_from(NAMES),
            st.integers(1, 3),
            days,
        ),
        st.builds(lambda pattern, within: f"matches('{pattern}'{within})", patterns, days),
        st.sampled_from(SEGMENTS).map(lambda name: f"in_segment('{name}')"),
    )


def predicates(*, traits_only: bool) -> st.SearchStrategy[str]:
    def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds(lambda a, b: f"({a} and {b})", inner, inner),
            st.builds(lambda a, b: f"({a} or {b})", inner, inner),
            st.builds(lambda a: f"(not {a})", inner),
        )

    alone = st.one_of(leaves(traits_only), functions(traits_only=traits_only))
    return st.recursive(alone, joined, max_leaves=5)


@st.composite
def segments(draw: Any) -> tuple[Segment, ...]:
    """Three segments of up to three revisions; the last one asks for the others."""

    def saved(name: str, whos: list[str]) -> Segment:
        many = draw(st.integers(1, 3))
        times = sorted(START + draw(st.integers(-1, 8)) * DAY for _ in range(many))
        steps = tuple((one.name, one.rule) for one in STEPS)
        revisions = tuple(
            SegmentRevision(k + 1, draw(st.sampled_from(whos)), "ann", at, steps)
            for k, at in enumerate(times)
        )
        return Segment(name, revisions)

    deeds = [f"matches('{one}')" for one in AT_END]
    deeds += ["did('Big')", "not did('e1', within='2d')", "matches('e0 ->> Big', within='3d')"]
    return (
        saved("paying", ["paid", "size > 1 and plan = 'a'", "person = 'p1' or plan is null"]),
        saved("busy", deeds),
        saved("both", ["in_segment('paying') and in_segment('busy')", "not in_segment('busy')"]),
    )


@st.composite
def worlds(draw: Any) -> tuple[list[tuple[str, str, int]], dict[str, list[Any]]]:
    """Rows in order of time, two at a time."""
    n = draw(st.integers(1, 14))
    rows = [
        (f"p{draw(st.integers(0, 2))}", f"e{draw(st.integers(0, 2))}", START + k // 2 * DAY)
        for k in range(n)
    ]
    columns = {
        name: [draw(st.sampled_from(some)) for _ in range(n)] for name, some in COLUMNS.items()
    }
    for name, some in COLUMNS.items():
        columns[name][0] = some[0]  # So that every column has its kind.
    columns["value"] = [draw(st.sampled_from([0, 12, 12.5, None])) for _ in range(n)]
    # So that every name is known, long before.
    rows = [("zz", f"e{k}", START - 99 * DAY) for k in range(3)] + rows
    nothing = {name: [None] * 3 for name in columns}
    return rows, {name: nothing[name] + column for name, column in columns.items()}


def text_of(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)


@dataclass
class Memory:
    """What is remembered of one person."""

    values: dict[str, str] = field(default_factory=dict)
    deeds: dict[str, list[int]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)


def come_in(world: Any, remembering: Remembering, take: Any, *, until: int = 2**62) -> Any:
    """Let every event come in, in order, and hand each to a function with its person's memory."""
    rows, columns = world
    known: dict[str, Memory] = {}
    for k, (entity, name, at) in enumerate(rows):
        if at >= until:
            break
        memory = known.setdefault(entity, Memory())
        said = {c: text_of(columns[c][k]) for c in COLUMNS}
        properties = {c: text for c, text in said.items() if text is not None}
        memory.values |= properties
        value = round((columns["value"][k] or 0) * 1e6)
        seen = Seen(name, at, value, 0, properties, memory.values, entity, memory)
        remembering.take(memory, seen)
        take(entity, seen)
    return known


@settings(max_examples=500, deadline=None)
@given(worlds(), predicates(traits_only=False), segments())
def test_an_event_predicate_holds_alike_over_columns_and_over_one_event(
    world: Any, text: str, saved: tuple[Segment, ...]
) -> None:
    rows, columns = world
    shot = replace(snapshot(rows, columns=columns), segments=saved)
    names = Names.of(shot, STEPS)
    rule = rule_of(text, Kinds.of(shot), names=names)
    remembering = Remembering(each_once(asked_of_past(text, names)), Kinds.of(shot), names)
    held: dict[str, list[bool]] = {}

    def take(entity: str, seen: Seen) -> None:
        held.setdefault(entity, []).append(rule(seen))
        # What the name alone rules out is never true.
        assert may_hold(text, seen.name) or not held[entity][-1]

    come_in(world, remembering, take)
    for shard in shot.shards:
        mask = event_mask(whole(shot, shard), text, steps=STEPS).view(bool).tolist()
        for e in range(shard.entities):
            mine = mask[shard.offset[e] : shard.offset[e + 1]]
            assert held[shard.id_of(e)] == mine, (text, saved)


@settings(max_examples=500, deadline=None)
@given(worlds(), predicates(traits_only=True), segments(), st.integers(0, 9))
def test_a_person_predicate_holds_alike_over_columns_and_over_one_state(
    world: Any, text: str, saved: tuple[Segment, ...], day: int
) -> None:
    rows, columns = world
    shot = replace(snapshot(rows, columns=columns), segments=saved)
    if "since" in text and "since" not in shot.traits:
        return
    names = Names.of(shot, STEPS)
    rule = rule_of(text, Kinds.of(shot), speaks="people", names=names)
    remembering = Remembering(each_once(asked_of_past(text, names)), Kinds.of(shot), names)
    until = START + day * DAY
    known = come_in(world, remembering, lambda *_: None, until=until)
    for shard in shot.shards:
        mask = entity_mask(shot, shard, who=text, until_us=until, steps=STEPS)
        for k, held in enumerate(mask):
            entity = shard.id_of(k)
            memory = known.get(entity, Memory())
            seen = Seen(time_us=until, traits=memory.values, entity=entity, past=memory)
            assert rule(seen) == bool(held), (text, saved)


def test_what_is_remembered_stays_small_however_long_the_journey() -> None:
    names = Names(STEPS)
    asked = each_once(
        asked_of_past("did('e0', at_least=7) and matches('e0{2,9} ->> [^e1]{3} -> Big')", names)
    )
    remembering, memory = Remembering(asked, Kinds({"size": "number"}), names), Memory()
    for k in range(3_000):
        name = f"e{k * k % 3}"
        remembering.take(memory, Seen(name, START + k, properties={"size": "0"}, past=memory))
    assert [len(times) for times in memory.deeds.values()] == [7]
    (run,) = memory.runs.values()
    assert len(run.starts) <= 14
    assert run.begun


def test_an_event_that_comes_late_completes_no_pattern_and_changes_none() -> None:
    (asked,) = asked_of_past("matches('a -> b')", Names())
    run = Run()
    run.take(asked, 0b01, time_us=10)
    run.take(asked, 0b10, time_us=5)
    assert not run.matched
    run.take(asked, 0b10, time_us=20)
    assert run.complete


def test_what_cannot_be_asked_of_one_event_is_refused_with_its_remedy() -> None:
    with pytest.raises(NotSupported, match="at most 100") as caught:
        tuple(asked_of_past("did('a', at_least=101)", Names()))
    assert caught.value.code == "DEED_TOO_OFTEN"
    with pytest.raises(WrongUsage) as ended:
        rule_of("matches('a -> end')", Kinds({}))
    assert ended.value.code == "PATTERN_END_IN_RULE"
    with pytest.raises(WrongUsage) as alone:
        rule_of("did('a')", Kinds({}))(Seen(name="a"))
    assert alone.value.code == "FUNCTION_NOT_AVAILABLE"
    knot = tuple(
        Segment(a, (SegmentRevision(1, f"in_segment('{b}')", "", 0),)) for a, b in ("xy", "yx")
    )
    with pytest.raises(Refused, match="x -> y -> x") as cycle:
        rule_of("in_segment('x')", Kinds({}), speaks="people", names=Names(segments=knot))
    assert cycle.value.code == "SEGMENT_CYCLE"
