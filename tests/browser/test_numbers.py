"""Two numbers that disagree, and a number of another system: pressed through on the page, each held against the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE
from .reading import count

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
JANUARY = ("to", "2025-01-31")


def address(*said: tuple[str, str]) -> str:
    """Return where a number of the paths from Cart is: who begins there."""
    return f"paths?{urlencode([('anchor', 'Cart'), *said, ('cell', '0 Cart')])}"


def begin(page: Page) -> None:
    """Open the people who come to Cart."""
    rows = page.get_by_role("table", name="Where they are, step by step").locator("tbody tr")
    rows.first.get_by_role("button").first.click()


def test_two_numbers_of_two_pages_are_held_against_each_other(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/paths?anchor=Cart")
    begin(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Compare with another number").click()
    expect(dialog.get_by_role("button", name="Kept: open another number")).to_be_visible()
    page.goto(
        page.url.split("/explore")[0] + f"/explore/paths?{urlencode([('anchor', 'Cart'), JANUARY])}"
    )
    begin(page)
    dialog.get_by_role("link", name="Why is it not").click()
    asked = parse_qs(urlsplit(page.url).query)
    found = api("measure/why_differ", a=asked["a"][0], b=asked["b"][0])
    assert found["a"] > found["b"] > 0
    assert found["changes"][-1]["number"] == found["b"]
    expect(page.locator("main h1")).to_have_text(found["words"])
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(len(found["changes"]) + 1)
    expect(rows.last.locator("td").last).to_have_text(count(found["b"]))
    page.locator("dl").get_by_role("button", name=count(found["only_a"]), exact=True).click()
    expect(page.get_by_role("dialog").locator("[data-part=count]")).to_have_text(
        f"{count(found['only_a'])} people"
    )
    expect(page.get_by_role("dialog").get_by_role("button", name="Compare")).to_have_count(0)


def test_a_number_of_another_system_finds_the_reading_that_comes_nearest(
    open_page: Open, api: Ask
) -> None:
    page = open_page(f"/explore/paths?{urlencode([('anchor', 'Cart'), JANUARY])}")
    begin(page)
    page.get_by_role("link", name="Another system says").click()
    number = parse_qs(urlsplit(page.url).query)["a"][0]
    everybody = api(
        "measure/paths/people", anchor="Cart", cell="0 Cart", limit=1000, to="2025-01-31"
    )
    listed = [one["id"] for one in everybody["people"]]
    page.get_by_label("The other system says").fill("100")
    page.get_by_label("Whom it counts").fill("\n".join([*listed[:5], "nobody"]))
    page.get_by_role("button", name="Look for the reason").click()
    given = {"number": number, "outside": 100, "ids": [*listed[:5], "nobody"]}
    found = api("measure/reconcile", send=given, method="POST")
    expect(page.locator("main h1")).to_have_text(found["words"])
    expect(page.get_by_text("5 stand in both")).to_be_visible()
    readings = page.get_by_role("table", name="Other readings").locator("tbody tr")
    expect(readings).to_have_count(len(found["readings"]))
    expect(page.get_by_role("table", name="Of the list")).to_contain_text("nobody")


def test_without_a_number_the_page_says_where_one_is_found(open_page: Open) -> None:
    page = open_page("/explore/numbers", PHONE)
    expect(page.get_by_role("heading", name="No number is chosen")).to_be_visible()
    page.get_by_role("link", name="Go to Explore").click()
    expect(page).to_have_url(re.compile("/explore/funnel"))


def test_a_number_that_is_not_there_is_refused_with_what_to_do(open_page: Open) -> None:
    broken = urlencode({"a": address(), "b": "path?cell=0 Cart", "a_title": "A", "b_title": "B"})
    page = open_page(f"/explore/numbers?{broken}")
    expect(page.get_by_text("UNKNOWN_QUESTION")).to_be_visible()
