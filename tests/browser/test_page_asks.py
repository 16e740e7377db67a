"""A question on pages: what came of it, and what everybody who saw it would have answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.surveys import answers_of

from .doing import words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["empty-asks"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
PULSE = {"name": "Pulse", "text": "How easy was that?", "enough": 10_000}


def test_what_everybody_would_have_answered_stands_beside_what_was(
    open_page: Open, api: Ask
) -> None:
    api("act/asks/pulse", send={"ask": PULSE}, method="PUT")
    api("collect/events", send={"events": answers_of(400)}, method="POST")
    for _ in range(600):
        seen = api("act/asks/pulse")
        if seen["results"]["done"] == 240:
            break
        time.sleep(0.1)
    page = open_page("/act?show=pages&ask=pulse")
    beside = page.get_by_role("group", name="Had everybody answered")
    expect(beside).to_contain_text("240 of 400 who saw it answered, 60%")
    mean = seen["weighted"]["mean"]
    low, high = mean["weighted"]["interval"]
    said = f"The mean would be {mean['weighted']['value']:.1f} (likely {low:.1f} to {high:.1f})"
    expect(beside).to_contain_text(f"{said}; of those who answered it is 8.0")
    rows = beside.locator("tbody tr")
    assert [words(row).split()[:2] for row in rows.all()] == [["9", "75%"], ["5", "25%"]]
    expect(beside).to_contain_text(seen["weighted"]["notes"][-1])
