from __future__ import annotations

from pathworth.base.money import from_micro, to_micro


def test_money_is_rounded_half_away_from_zero():
    assert to_micro(0.0000005) == 1
    assert to_micro(-0.0000005) == -1
    assert to_micro(11.77) == 11_770_000


def test_money_comes_back():
    assert from_micro(to_micro(-164.98)) == -164.98
