"""Explore's trends and stickiness, each held against the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .doing import pick
from .reading import count

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]


def told(page: Page) -> Any:
    return page.get_by_role("dialog").locator("[data-part=count]")


def test_trends_are_built_by_name_and_every_week_opens_its_people(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/explore/trends")
    expect(page.locator("main h1")).to_contain_text("Something happens")
    pick(page, "Of what", "Cart")
    pick(page, "Added up", "value")
    found = api("measure/trends", ("step", "Cart"), number="value")
    [series] = found["series"]
    expect(page.locator("main h1")).to_contain_text(
        f"Cart happens {count(series['whole']['events'])} times"
    )
    rows = page.get_by_role("table", name="Cart, by week").locator("tbody tr")
    expect(rows).to_have_count(len(series["points"]) + 1)
    first = series["points"][0]
    cell = f"{first['start']} Cart"
    people = api("measure/trends/people", ("step", "Cart"), number="value", cell=cell)
    assert people["count"] == first["entities"]
    rows.first.get_by_role("button", name=count(first["entities"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(first['entities'])} people")
    for word in ("step=Cart", "number=value", "people=cell"):
        assert word in page.url


def test_parts_have_a_line_each_and_open_their_own_people(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/trends?by=device&by_from=property&period=month")
    found = api("measure/trends", by="device", by_from="property", period="month")
    [series] = found["series"]
    expect(page.locator("main table")).to_have_count(len(series["by"]) + 1)
    part = series["by"][0]
    table = page.get_by_role("table", name=f"{part['value']}, by month")
    table.locator("tbody tr").last.get_by_role("button").first.click()
    expect(told(page)).to_have_text(f"{count(part['whole']['entities'])} people")


def test_two_sides_are_told_apart_in_words(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/trends?against=1&against_who=device+%3D+'old+phone'")
    found = api("measure/trends/diff", against_who="device = 'old phone'")
    expect(page.locator("main h1")).to_contain_text(found["series"][0]["per_period"]["words"])
    table = page.get_by_role("table", name="A against B")
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table).to_contain_text(found["series"][0]["events"]["words"])


def test_stickiness_opens_who_is_there_so_often_and_who_more_often(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/explore/stickiness?period=week")
    found = api("measure/stickiness", period="week")
    expect(page.locator("main h1")).to_contain_text(f"of {found['periods']} weeks on average")
    row = page.locator("main tbody tr").first
    expect(page.locator("main tbody tr")).to_have_count(len(found["levels"]))
    level = found["levels"][0]
    row.get_by_role("button").first.click()
    expect(told(page)).to_have_text(f"{count(level['entities'])} people")
    page.keyboard.press("Escape")
    row.get_by_role("button").nth(1).click()
    expect(told(page)).to_have_text(f"{count(level['at_least'])} people")


def test_a_room_says_which_journeys_its_period_cuts_and_opens_them(
    open_page: Open, api: Ask
) -> None:
    trends = api("measure/trends", period="day")
    [series] = trends["series"]
    middle = series["points"][len(series["points"]) // 2]["start"][:10]
    page = open_page(f"/explore/lifecycle?from={middle}")
    found = api("measure/cut", ("from", middle))
    assert 0 < found["began_before"] < found["entities"]
    line = page.locator("[data-part=cut]")
    expect(line).to_contain_text(f"Of {count(found['entities'])} people in this period")
    line.get_by_role("button", name=count(found["began_before"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(found['began_before'])} people")
