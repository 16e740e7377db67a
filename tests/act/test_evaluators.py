"""A predicate means the same over columns and over one event with its person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journeys.build import snapshot

from pathworth.journeys import Kinds, Seen, entity_mask, event_mask, may_hold, rule_of, whole

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


def predicates(*, traits_only: bool) -> st.SearchStrategy[str]:
    def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds(lambda a, b: f"({a} and {b})", inner, inner),
            st.builds(lambda a, b: f"({a} or {b})", inner, inner),
            st.builds(lambda a: f"(not {a})", inner),
        )

    return st.recursive(leaves(traits_only), joined, max_leaves=5)


@st.composite
def worlds(draw: Any) -> tuple[list[tuple[str, str, int]], dict[str, list[Any]]]:
    n = draw(st.integers(1, 14))
    rows = [
        (f"p{draw(st.integers(0, 3))}", f"e{draw(st.integers(0, 2))}", START + k * DAY)
        for k in range(n)
    ]
    columns = {
        name: [draw(st.sampled_from(some)) for _ in range(n)] for name, some in COLUMNS.items()
    }
    for name, some in COLUMNS.items():
        columns[name][0] = some[0]  # So that every column has its kind.
    columns["value"] = [draw(st.sampled_from([0, 12, 12.5, None])) for _ in range(n)]
    return rows, columns


def text_of(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)


def played(
    rows: list[tuple[str, str, int]], columns: dict[str, list[Any]]
) -> list[tuple[str, Seen]]:
    """Every event in order with its person's latest values, as they would come in."""
    known: dict[str, dict[str, str]] = {}
    found = []
    for k, (entity, name, at) in enumerate(rows):
        said = {c: text_of(columns[c][k]) for c in COLUMNS}
        properties = {c: text for c, text in said.items() if text is not None}
        known[entity] = {**known.get(entity, {}), **properties}
        value = round((columns["value"][k] or 0) * 1e6)
        found.append((entity, Seen(name, at, value, 0, properties, dict(known[entity]))))
    return found


@settings(max_examples=300, deadline=None)
@given(worlds(), predicates(traits_only=False))
def test_an_event_predicate_holds_alike_over_columns_and_over_one_event(
    world: tuple[list[Any], dict[str, list[Any]]], text: str
) -> None:
    rows, columns = world
    shot = snapshot(rows, columns=columns)
    rule = rule_of(text, Kinds.of(shot))
    by_key = {(entity, seen.time_us): seen for entity, seen in played(rows, columns)}
    for shard in shot.shards:
        mask = event_mask(whole(shot, shard), text)
        whose = np.repeat(np.arange(shard.entities), np.diff(shard.offset))
        for k, held in enumerate(mask):
            seen = by_key[shard.id_of(int(whose[k])), int(shard.time_us[k])]
            assert rule(seen) == bool(held), (text, seen)
            # What the name alone rules out is never true.
            assert may_hold(text, seen.name) or not held


@settings(max_examples=200, deadline=None)
@given(worlds(), predicates(traits_only=True), st.integers(1, 3), st.sampled_from([None, 3, 30]))
def test_a_person_predicate_holds_alike_over_columns_and_over_one_state(
    world: tuple[list[Any], dict[str, list[Any]]], text: str, least: int, days: int | None
) -> None:
    rows, columns = world
    within = "" if days is None else f", within='{days}d'"
    text = f"({text}) or did('e0', at_least={least}{within})"
    shot = snapshot(rows, columns=columns)
    if not {"plan", "size", "paid"} <= set(shot.traits) or "e0" not in shot.names:
        return
    if "since" in text and "since" not in shot.traits:
        return
    rule = rule_of(text, Kinds.of(shot), speaks="people")
    until = START + 20 * DAY
    last = {entity: seen.traits for entity, seen in played(rows, columns)}
    for shard in shot.shards:
        mask = entity_mask(shot, shard, who=text, until_us=until)
        for k, held in enumerate(mask):
            entity = shard.id_of(k)
            times = [at for e, name, at in rows if e == entity and name == "e0"]
            seen = Seen(time_us=until, traits=last[entity], times=lambda _, t=times: t)
            assert rule(seen) == bool(held), text
