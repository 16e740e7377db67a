"""No word of the trade stands in a heading, a label or a column without its meaning."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from .conftest import settle
from .trade import bare

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
WAY = "step=Visit&step=Pay"
OLD = quote("device = 'old phone'")
PATHS = [
    "/today",
    "/map",
    "/map?view=table",
    "/map?step=cart",
    "/map?arrow=cart/pay",
    "/map?people=step/cart",
    "/plan",
    f"/explore/funnel?{WAY}&by=device",
    f"/explore/funnel?{WAY}&who={OLD}&against=1",
    "/explore/flow",
    f"/explore/retention?against=1&against_who={OLD}",
    f"/explore/sessions?against=1&against_who={OLD}",
    "/value",
    "/people",
    "/people?q=p001",
    "/people/p001",
    "/act",
    "/act?do=new&about=cart",
    "/act?show=channels",
    "/act?show=calendar",
    "/learn",
    "/learn?do=new",
    "/data",
    "/settings",
]


def test_every_word_of_the_trade_carries_its_meaning(open_page: Open, at: str) -> None:
    page = open_page("/today")
    found = {}
    for path in PATHS:
        page.goto(at + path)
        settle(page)
        found[path] = bare(page)
    assert {path: rows for path, rows in found.items() if rows} == {}


def test_a_word_taken_out_of_its_place_would_be_found(open_page: Open) -> None:
    page = open_page("/explore/sessions")
    page.evaluate(
        "document.querySelectorAll('[data-term]').forEach(e => e.removeAttribute('data-term'))"
    )
    assert any(one.startswith("sessions: ") for one in bare(page))


def test_the_meaning_is_shown_on_hover_on_focus_and_on_a_column(open_page: Open) -> None:
    page = open_page("/explore/sessions")
    means = page.get_by_role("tooltip")
    page.locator("dt dfn").first.hover()
    expect(means).to_have_text("Events of one person with no longer pause between them.")
    page.mouse.move(0, 0)
    expect(means).to_have_count(0)
    page.locator("dt dfn[data-term^=middle]").first.focus()
    expect(means).to_have_text("Half take less and half take more: the median.")
    page = open_page("/value")
    page.get_by_role("button", name="Arrow", exact=True).focus()
    expect(page.get_by_role("tooltip")).to_contain_text(
        "from one step of the map straight to another"
    )
