"""What arrives is read as a file of the same lines would be, one batch at a time or many at once."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pathworth.collect import about_text, read_batches
from pathworth.collect.arrivals.contracts import About
from pathworth.collect.arrivals.flat import DECODER, Columns
from pathworth.collect.arrivals.reading import about_of
from pathworth.collect.readers.json_rows import JsonReader
from pathworth.store import HandedIn

KEYS = st.sampled_from(["a", "b", "plan", "x y", "é", "a.b", "deep", 'q"', ""])
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
# Only at the top may two keys make one column, and then which of them comes first is of no account.
EVENTS = st.dictionaries(st.sampled_from(["a", "b", "plan", "deep"]), VALUES, max_size=4)


def columns_of(lines: list[str]) -> dict[str, list[str | None]]:
    held = Columns()
    for line in lines:
        held.add(DECODER.decode(line))
    return {name: column.to_pylist() for name, column in held.arrays().items()}


def of_a_file(lines: list[str]) -> dict[str, list[str | None]]:
    rows = np.arange(1, len(lines) + 1)
    read = JsonReader().read(pa.array(lines, pa.large_string()), rows, torn={}, position=0)
    return {name: column.to_pylist() for name, column in read.columns.items()}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.fixed_dictionaries({"k": st.integers(0, 5)}, optional={"p": PLAIN}), min_size=1))
def test_flat_objects_are_the_columns_that_a_file_of_them_has(events: list[dict]) -> None:
    lines = [json.dumps(one) for one in events]
    assert columns_of(lines) == of_a_file(lines)


@pytest.mark.parametrize(
    "event",
    [
        {"a": {"b": {"c": 1, "d": {"e": 2}}}, "list": [1, 2.5, "x", {"y": None}], "f": 1.50},
        {"a": {}, "b": {"c": {}}, "wide": {f"k{k}": k for k in range(201)}},
        {"a": "", "b": " ", "t": True, "n": None, "big": 12345678901234567890123, "e": "é"},
    ],
)
def test_nested_objects_lists_and_numbers_stand_as_a_file_of_them_has_them(event: dict) -> None:
    lines = [json.dumps(event)]
    assert columns_of(lines) == of_a_file(lines)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENTS, min_size=1, max_size=6))
def test_any_object_is_laid_out_with_every_row_as_long(events: list[dict]) -> None:
    found = columns_of([json.dumps(one) for one in events])
    assert all(len(cells) == len(events) for cells in found.values())


def body(events: list[dict], source: str = "app") -> HandedIn:
    return HandedIn(json.dumps({"source": source, "events": events}).encode())


def event(k: int, **more: object) -> dict[str, object]:
    return {"event": "e", "person": f"p{k}", "time": 1_760_000_000_000 + k, **more}


BATCHES = [
    body(
        [event(1, properties={"plan": "Team", "address": {"city": "Utrecht"}}), event(1), event(1)]
    ),
    body([event(2, id="m2", value=3), event(3), {"event": "x"}, 7], "site"),  # type: ignore[list-item]
    HandedIn(b"no batch"),
    body([event(4, time="2026-01-01T10:00:00Z", city="Delft"), event(5, id="m5"), event(5)]),
    body([event(6, properties={"origin": {"city": "Leiden"}}, currency="EUR", value="2.50")]),
]


def test_many_batches_at_once_say_what_each_says_alone() -> None:
    whole = read_batches(BATCHES, {})
    names: dict[str, str] = {}
    for number, batch in enumerate(BATCHES):
        alone = read_batches([batch], names)
        names = dict(alone.names)
        mine = pa.array(whole.batch == number)
        assert rows(whole.events.filter(mine)) == rows(alone.events)
        assert list(whole.hashed[whole.batch == number]) == list(alone.hashed)
        told = [row for row in whole.rejects.to_pylist() if row.pop("batch") == number]
        assert told == alone.rejects.drop_columns(["batch"]).to_pylist()
    assert names == whole.names


def rows(events: pa.Table) -> list[dict]:
    return [
        {name: cell for name, cell in row.items() if cell is not None} for row in events.to_pylist()
    ]


def test_a_property_keeps_the_name_that_it_was_given_first() -> None:
    first = read_batches(BATCHES[:1], {})
    named = {"properties.plan": "plan", "properties.address.city": "city"}
    assert named.items() <= first.names.items()
    later = read_batches(BATCHES[3:], first.names)
    assert later.names["city"] == "city_"
    assert later.names["properties.origin.city"] == "properties_origin_city"
    assert later.events["city_"].to_pylist() == ["Delft", None, None, None]


def test_an_account_is_one_property_wherever_an_event_names_it() -> None:
    events = [
        event(1, account_id="a1"),
        event(2, properties={"account_id": "a2"}),
        event(3, account_id="a3", properties={"account_id": "a4"}),
    ]
    for batches in ([body(events)], [body([one]) for one in reversed(events)]):
        read = read_batches(batches, {})
        assert sorted(read.events["account_id"].to_pylist())[:2] == ["a1", "a2"]
        assert "account_id_" not in read.events.column_names


def test_events_come_in_the_order_in_which_they_stand_and_say_which_have_an_id() -> None:
    read = read_batches(BATCHES, {})
    assert read.batch.tolist() == [0, 0, 0, 1, 1, 3, 3, 3, 4]
    assert read.events["row"].to_pylist() == [1, 2, 3, 1, 2, 1, 2, 3, 1]
    assert read.hashed.tolist() == [True, True, True, False, True, True, False, True, True]
    assert read.events["source"].to_pylist()[2:4] == ["app", "site"]
    refused = [(row["batch"], row["row"], row["code"]) for row in read.rejects.to_pylist()]
    assert refused == [
        (1, 3, "NO_ENTITY"),
        (1, 4, "NOT_AN_EVENT"),
        (2, 0, "BAD_BATCH_BODY"),
    ]


def test_what_is_known_beside_a_body_comes_back_as_it_was() -> None:
    for about in (About(5), About(5, "Firefox"), About(5, "curl", refuses=True)):
        assert about_of(HandedIn(b"", about=about_text(about), received_us=5)) == about
    assert msgspec.json.decode(about_text(About(5, "curl"))) == {"agent": "curl"}
