"""The canonical text of a value is the same whether a file shows it as text or holds it typed."""

# ruff: noqa: DTZ001 - files hold times without a zone, and so do these tests.
from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from pathworth.collect.texts.canonical import canonical, canonical_columns
from pathworth.store import row_digests

floats = st.floats(allow_infinity=False)
moments = st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 30))
quick = settings(max_examples=150, deadline=None)


def texts(values: list, kind: pa.DataType | None = None) -> list[str | None]:
    """The canonical texts, which are the same row by row and coded, and so are the digests of rows."""
    column = pa.array(values, kind)
    found = canonical(column).to_pylist()
    again = pa.concat_arrays([column] * 3)
    assert canonical(again).to_pylist() == found * 3
    digests = row_digests({"c": pa.array(found, pa.string())}).to_pylist()
    for held, wanted in ((column, digests), (again, digests * 3)):
        taken = canonical_columns({"c": held}) or {"": pa.nulls(len(held), pa.string())}
        assert row_digests(taken).to_pylist() == wanted
    return found


@quick
@given(st.lists(floats, min_size=1, max_size=10))
def test_floats_agree_with_their_texts(values: list[float]) -> None:
    typed = texts(values, pa.float64())
    assert typed == texts([repr(v) for v in values])
    assert typed == texts([f"{v:.20e}" if not math.isnan(v) else "" for v in values])
    for value, text in zip(values, typed, strict=True):
        assert (text is None) if math.isnan(value) else float(text) == value


@quick
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=10))
def test_whole_numbers_agree_with_their_texts(values: list[int]) -> None:
    assert texts(values, pa.int64()) == texts([str(v) for v in values]) == [str(v) for v in values]


@quick
@given(st.lists(st.integers(-(2**53), 2**53), min_size=1, max_size=10))
def test_whole_numbers_held_as_floats_agree(values: list[int]) -> None:
    expected = texts(values, pa.int64())
    assert texts([float(v) for v in values], pa.float64()) == expected
    assert texts([f"{v}.0" for v in values]) == expected


@quick
@given(st.lists(moments, min_size=1, max_size=10), st.integers(-720, 720))
def test_times_agree_with_their_texts_in_any_offset(values: list[datetime], minutes: int) -> None:
    naive = texts(values, pa.timestamp("us"))
    assert naive == texts([v.isoformat() for v in values]) == texts([str(v) for v in values])
    zone = timezone(timedelta(minutes=minutes))
    zoned = [v.replace(tzinfo=UTC) for v in values]
    typed = texts(zoned, pa.timestamp("us", "UTC"))
    assert typed == texts([v.astimezone(zone).isoformat() for v in zoned])
    assert typed == texts([f"{v:%Y-%m-%d %H:%M:%S.%f} UTC" for v in zoned])
    assert not set(typed) & set(naive)


@quick
@given(st.lists(st.decimals(-1e9, 1e9, places=2), min_size=1, max_size=5))
def test_decimals_agree_with_their_texts(values: list[Decimal]) -> None:
    assert texts(values, pa.decimal128(18, 2)) == texts([str(v) for v in values])


@quick
@given(st.lists(st.text(), min_size=1, max_size=10))
def test_different_texts_stay_different_unless_they_show_the_same_value(values: list[str]) -> None:
    for value, text in zip(values, texts(values), strict=True):
        if not any(c.isdigit() for c in value) and value.lower() not in {
            "true",
            "false",
            "nan",
            "",
        }:
            assert text == value


def test_what_shows_nothing_is_null() -> None:
    assert texts(["", None, "nan", "NaN", "x"]) == [None, None, None, None, "x"]
    assert texts([math.nan, None, 1.0]) == [None, None, "1"]


def test_numbers_in_a_codes_clothing_stay_codes() -> None:
    codes = [
        "007",
        "+1",
        "1.2.3",
        "1_000",
        " 1",
        "0x10",
        "1e",
        "12-34",
        "2013J",
        ".5",
        "5.",
        "1e999",
        "00.5",
    ]
    assert texts(codes) == codes


def test_the_documented_examples_hold() -> None:
    assert texts(["33.20", "1e3", "-0", "-0.0", "0.00"]) == ["33.2", "1000", "0", "0", "0"]
    assert texts([33.2, 1000.0, -0.0]) == ["33.2", "1000", "0"]
    assert texts([33.2], pa.float32()) == ["33.2"]
    assert (
        texts(["True", "FALSE", "true"]) == texts([True, False, True]) == ["true", "false", "true"]
    )
    assert texts([date(1997, 1, 1)]) == texts(["1997-01-01"]) == texts([datetime(1997, 1, 1)])
    assert texts(["1997-01-01"]) == ["@852076800000000"]
    assert texts(["2024-02-30", "2024-02-29 x", "2024-"]) == ["2024-02-30", "2024-02-29 x", "2024-"]


@pytest.mark.parametrize(
    "column", [pa.array(["a", "b", "a"]).dictionary_encode(), pa.array([b"a", b"b", b"a"])]
)
def test_the_way_a_column_is_stored_does_not_matter(column: pa.Array) -> None:
    assert canonical(column).to_pylist() == ["a", "b", "a"]


def test_lists_become_compact_json() -> None:
    assert texts([[1, 2], None, []]) == ["[1,2]", None, "[]"]
    assert texts([[{"a": "x"}]]) == ['[{"a":"x"}]']


def test_a_sliced_column_is_read_from_its_own_rows() -> None:
    column = pa.array(["z", "1.50", "2024-01-01", None, "q"])
    whole = canonical(column).to_pylist()
    assert canonical(column.slice(1, 3)).to_pylist() == whole[1:4]
