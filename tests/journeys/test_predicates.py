"""Predicates over columns keep what SQL keeps: compared with DuckDB on random rows."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.journeys.build import EPOCH, snapshot

from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.predicate import parse
from pathworth.journeys import EventFields, Part, event_mask, event_rule, whole

COUNT = 60
RNG = np.random.default_rng(4)
WORDS = ["ads", "mail", "Mail", "a_b", "100%", ""]


def some(values, share=0.25):
    return [
        None if RNG.random() < share else values[RNG.integers(len(values))] for _ in range(COUNT)
    ]


COLUMNS = {
    "plan": some(WORDS),
    "channel": some(["mail", "ads", "tv"]),
    "size": some([1.0, 2.0, 2.5, -3.0]),
    "age": some([1.0, 2.0, 4.0]),
    "member": some([True, False]),
    "since": some([EPOCH + timedelta(days=d) for d in range(5)]),
    "value": [float(RNG.integers(0, 4)) for _ in range(COUNT)],
}
ROWS = [(f"p{k}", f"e{RNG.integers(4)}", int(k) * 3_600_000_000) for k in range(COUNT)]
WORLD = snapshot(ROWS, columns=COLUMNS)


def rows_in_order():
    """Return which row each event of the shard is: entities lie by hash, one event each."""
    shard = WORLD.shards[0]
    return [int(shard.id_of(e)[1:]) for e in range(shard.entities)]


def ours(text):
    part = whole(WORLD, WORLD.shards[0])
    kept = event_mask(part, text)
    return {row for row, one in zip(rows_in_order(), kept, strict=True) if one}


@cache
def database():
    opened = duckdb.connect()
    opened.execute("set timezone = 'UTC'")
    opened.execute(
        "create table t (row int, event text, time timestamptz, plan text, channel text,"
        " size double, age double, member boolean, since timestamptz, value double)"
    )
    rows = [
        (
            k,
            ROWS[k][1],
            EPOCH + timedelta(microseconds=ROWS[k][2]),
            *(v[k] for v in COLUMNS.values()),
        )
        for k in range(COUNT)
    ]
    opened.executemany(f"insert into t values ({', '.join('?' * 10)})", rows)
    return opened


def in_duckdb(text):
    return {row for (row,) in database().execute(f"select row from t where {text}").fetchall()}


def listed(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(", ".join)


def compared(column, literals):
    operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    one = st.sampled_from(literals)
    return st.one_of(
        st.tuples(operators, one).map(lambda t: f"{column} {t[0]} {t[1]}"),
        listed([*literals, "null"]).map(lambda v: f"{column} in ({v})"),
        listed([*literals, "null"]).map(lambda v: f"{column} not in ({v})"),
        st.tuples(one, one).map(lambda t: f"{column} between {t[0]} and {t[1]}"),
        st.just(f"{column} is null"),
        st.just(f"{column} is not null"),
        st.just(f"{column} = null"),
    )


TEXTS = ["'ads'", "'mail'", "'a_b'", "'zz'", "''"]
LEAVES = st.one_of(
    compared("plan", TEXTS),
    compared("event", ["'e1'", "'e2'", "'none'"]),
    compared("size", ["1", "2.0", "-3", "2.25"]),
    compared("value", ["0", "1", "2.5"]),
    compared("time", ["'1970-01-02'", "'1970-01-01T05:00:00Z'"]),
    compared("since", ["'1970-01-02'", "'1970-01-04T00:00:00Z'"]),
    st.sampled_from(
        ["plan like '%a%'", "plan not like 'a\\_b'".replace("\\", ""), "plan like '100%'"]
    ),
    st.sampled_from(["member", "member = false", "member <> true", "not member", "member is null"]),
    st.sampled_from(
        ["plan = channel", "plan <> channel", "plan < channel", "size >= age", "not size < age"]
    ),
    st.sampled_from(["true", "false"]),
)
PREDICATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: f"({t[0]} and {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} or {t[1]})"),
        inner.map(lambda t: f"(not {t})"),
    ),
    max_leaves=6,
)


@given(PREDICATES)
@settings(deadline=None, max_examples=100)
def test_predicates_keep_the_rows_that_sql_keeps(text):
    assert ours(text) == in_duckdb(text)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("plan = 3", "plan = '3'"),
        ("size = 'big'", "without quotes"),
        ("size like 'a%'", "between"),
        ("member = 'yes'", "true"),
        ("plan > true", "plan = 'true'"),
        ("time > 5", "time >= '2026-03-01'"),
        ("value = '1'", "without quotes"),
        ("plan", "plan = 'true'"),
        ("plan = size", "one kind"),
        ("size in (1, 'x')", "without quotes"),
    ],
)
def test_types_come_from_the_column_and_nothing_is_cast(text, remedy):
    with pytest.raises(WrongUsage) as caught:
        event_rule(WORLD, text)
    assert caught.value.code == "TYPE_MISMATCH"
    assert remedy in caught.value.hint


def test_an_unknown_column_names_the_near_one():
    with pytest.raises(UnknownName) as caught:
        EventFields(WORLD).find(next(iter([parse("plna = 'x'").operand])))
    assert caught.value.code == "UNKNOWN_COLUMN"
    assert "plan" in caught.value.hint


def test_a_time_without_a_zone_is_read_in_the_zone_of_the_workspace():
    rows = [("p", "a", 82_800_000_000), ("p", "b", 82_799_999_999)]
    world = snapshot(rows, timezone="Europe/Amsterdam")
    kept = event_mask(whole(world, world.shards[0]), "time >= '1970-01-02'")
    assert kept.tolist() == [0, 1]


def test_trait_in_a_rule_is_the_latest_known_value_at_that_event():
    rows = [("p", "a", 1), ("p", "b", 2), ("p", "c", 3), ("p", "d", 4), ("q", "a", 5)]
    world = snapshot(rows, columns={"plan": [None, "pro", None, "free", None]})
    shard = world.shards[0]
    part = Part(0, shard, world, 0, 2, np.empty(0, np.uint8))
    kept = event_mask(part, "trait('plan') = 'pro'")
    names = [world.names[k] for k in shard.name[kept.view(bool)]]
    assert names == ["b", "c"]
