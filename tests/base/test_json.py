"""Answers become JSON in one way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

import numpy as np
import pytest

from pathworth.base.json import ON_REQUEST, to_json, to_text


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Edge:
    from_: str
    to: str
    share: float | None
    people: int | None = field(default=None, metadata=ON_REQUEST)


def test_a_record_loses_the_underscore_that_python_needs():
    assert to_json(Edge("a", "b", 0.5)) == {"from": "a", "to": "b", "share": 0.5}


def test_what_is_not_known_is_null_and_what_was_not_asked_for_is_absent():
    assert to_json(Edge("a", "b", None)) == {"from": "a", "to": "b", "share": None}
    assert to_json(Edge("a", "b", None, 0))["people"] == 0


@pytest.mark.parametrize("number", [float("nan"), float("inf"), np.float64("nan")])
def test_numbers_that_are_not_finite_are_null(number):
    assert to_json([number]) == [None]


def test_times_are_in_utc_with_a_z_and_days_stay_days():
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert to_json((noon, date(2026, 3, 1))) == ["2026-03-01T11:00:00Z", "2026-03-01"]
    assert to_json(datetime(2026, 3, 1, 0, 0, 0, 5, tzinfo=UTC)) == "2026-03-01T00:00:00.000005Z"


def test_numbers_of_numpy_maps_and_enums_become_plain():
    plain = to_json({"a": np.int64(3), "b": np.array([1.5, np.nan]), "c": Colour.RED, "d": True})
    assert plain == {"a": 3, "b": [1.5, None], "c": "red", "d": True}
    assert type(plain["a"]) is int


def test_text_is_the_same_bytes_in_every_face():
    assert to_text(to_json({"é": (1, 2)})) == '{"é":[1,2]}'
    with pytest.raises(TypeError, match="no form in JSON"):
        to_json(object())
