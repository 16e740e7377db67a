from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pathworth.base.errors import WrongUsage
from pathworth.base.instants import to_instant_us, to_iso


def test_a_date_is_midnight_in_the_given_zone():
    assert to_instant_us("2026-03-01", "UTC") == 1_772_323_200_000_000
    assert to_instant_us("2026-03-01", "Europe/Amsterdam") == 1_772_323_200_000_000 - 3_600_000_000


def test_an_instant_with_a_zone_ignores_the_given_one():
    assert to_instant_us("2026-03-01T00:00:00Z", "Europe/Amsterdam") == 1_772_323_200_000_000


@given(st.integers(-(2**50), 2**51))
def test_an_instant_comes_back_from_its_text(us):
    assert to_instant_us(to_iso(us), "Asia/Tokyo") == us


def test_another_text_is_refused():
    with pytest.raises(WrongUsage) as found:
        to_instant_us("yesterday", "UTC")
    assert found.value.code == "BAD_INSTANT"
