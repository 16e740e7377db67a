from __future__ import annotations

from datetime import timedelta

import pytest

from pathworth.base.durations import spoken, to_us
from pathworth.base.errors import WrongUsage


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("30m", 1_800_000_000),
        ("7d", 604_800_000_000),
        ("1.5h", 5_400_000_000),
        ("250ms", 250_000),
        ("2w", 1_209_600_000_000),
        (" 10 s ", 10_000_000),
    ],
)
def test_text_becomes_microseconds(text, us):
    assert to_us(text) == us


def test_a_timedelta_is_exact():
    assert to_us(timedelta(days=1, microseconds=1)) == 86_400_000_001


@pytest.mark.parametrize("text", ["7", "d", "-1d", "7 days", ""])
def test_a_bare_number_or_other_text_is_refused(text):
    with pytest.raises(WrongUsage) as found:
        to_us(text)
    assert found.value.code == "BAD_DURATION"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2d", "2 days"),
        ("1d", "1 day"),
        ("36h", "36 hours"),
        ("1.5w", "1.5 weeks"),
        ("soon", "soon"),
    ],
)
def test_a_duration_is_spoken_as_people_say_it(text, said):
    assert spoken(text) == said
