"""Nothing is fetched from elsewhere, trouble is told in words, and motion can be switched off."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


def test_nothing_is_fetched_from_elsewhere(open_page: Open, at: str) -> None:
    page = open_page("/map")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.reload()
    page.wait_for_selector("[data-step]")
    page.goto(f"{at}/value?view=picture")
    page.wait_for_selector("[role=img]")
    assert hosts == {urlsplit(at).netloc}


def test_a_refused_question_says_what_to_do_and_offers_a_way_out(open_page: Open) -> None:
    page = open_page("/map?where=nowhere%20%3D%20%27x%27")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing was changed")
    expect(alert).to_contain_text("UNKNOWN_")
    alert.get_by_role("button", name="Clear the selection").click()
    page.wait_for_selector("[data-step]")


def test_a_server_that_is_gone_is_told_with_what_is_safe(open_page: Open) -> None:
    page = open_page("/map")
    gone: Callable[[Route], None] = lambda route: route.abort()  # noqa: E731
    page.route("**/api/**", gone)
    page.locator("[data-step] button[class*=opens], [data-part=people]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer", timeout=15_000)
    page.unroute("**/api/**")
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()


def test_an_address_that_no_page_has_leads_back(open_page: Open) -> None:
    page = open_page("/nowhere")
    page.get_by_role("link", name="Open the map").click()
    page.wait_for_selector("[data-step]")


def test_nothing_moves_for_those_who_asked_for_that(open_page: Open) -> None:
    page = open_page("/map", reduced_motion="reduce")
    longest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].map(e => parseFloat(getComputedStyle(e).transitionDuration)))"
    )
    assert longest < 0.01


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_the_theme_is_kept_over_a_reload(open_page: Open, theme: str) -> None:
    page = open_page("/map")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitem", name=theme).click()
    page.reload()
    page.wait_for_selector("[data-step]")
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == theme.lower()


PAGES = ["Today", "Map", "Plan", "Explore", "Value", "People", "Act", "Learn", "Data", "Settings"]


def test_only_pages_and_lenses_that_exist_are_offered(open_page: Open) -> None:
    page = open_page("/map")
    offered = page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts()
    assert [text.strip() for text in offered] == PAGES
    assert page.get_by_text("coming soon").count() == 0
    for name in PAGES:
        shown = open_page(f"/{name.lower()}")
        assert shown.get_by_text("There is no page at this address").count() == 0
        assert shown.get_by_role("main").inner_text().strip()


def test_the_phone_never_scrolls_sideways(open_page: Open) -> None:
    for path in (f"/{name.lower()}" for name in PAGES):
        page = open_page(path, {"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.querySelector('main').scrollWidth") <= 390
