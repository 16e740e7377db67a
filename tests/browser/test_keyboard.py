"""Everything can be reached and closed by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_keys_one_to_three_choose_the_lens_and_the_address_keeps_it(open_page: Open) -> None:
    page = open_page("/map")
    for key, lens in (("1", "flow"), ("2", "time"), ("3", "money")):
        page.keyboard.press(key)
        page.wait_for_url(f"**lens={lens}**")
        assert page.get_by_role("radio", name=lens.capitalize()).is_checked()
    assert page.get_by_role("radiogroup", name="Lens").get_by_role("radio").count() == 3


def test_key_t_turns_picture_and_table(open_page: Open, picture: dict[str, Any]) -> None:
    page = open_page("/map")
    page.keyboard.press("t")
    page.wait_for_selector("table")
    rows = page.locator("table").nth(0).locator("tbody tr")
    assert rows.count() == len(picture["price"]["steps"])
    moves = page.locator("table").nth(1).locator("tbody tr")
    assert moves.count() == len(picture["arrows"])
    page.keyboard.press("t")
    page.wait_for_selector("[data-testid=map-canvas]")


def test_tab_goes_through_the_steps_in_the_order_of_the_flow(
    open_page: Open, picture: dict[str, Any]
) -> None:
    page = open_page("/map")
    page.locator("[data-step] button").first.focus()
    seen: list[str] = []
    for _ in range(200):
        step = page.evaluate(
            "document.activeElement.closest('[data-step]')?.getAttribute('data-step') ?? null"
        )
        if step and step not in seen:
            seen.append(step)
        if page.evaluate("document.activeElement.closest('[data-testid=map-canvas]') === null"):
            break
        page.keyboard.press("Tab")
    assert seen == [step for _, steps in picture["columns"] for step in steps]


def test_enter_opens_a_step_and_escape_closes_it_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page("/map")
    first = page.locator("[data-step] button").first
    first.focus()
    name = (first.get_attribute("aria-label") or "").split(":")[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name=name)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(name)


def test_question_mark_lists_the_keys(open_page: Open) -> None:
    page = open_page("/map")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def find(page: Page, what: str) -> None:
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_placeholder("Page, step, or a person's id")).to_be_focused()
    page.keyboard.type(what)


def test_control_k_finds_pages_steps_and_a_person(
    open_page: Open, picture: dict[str, Any], api: Callable[..., Any]
) -> None:
    page = open_page("/map")
    step = picture["document"]["steps"][-1]
    find(page, step["name"])
    page.get_by_role("dialog").get_by_role("button", name=step["name"]).first.click()
    expect(page.get_by_role("complementary", name=step["name"])).to_be_visible()
    page.keyboard.press("Escape")
    find(page, "page Value")
    page.keyboard.press("Enter")
    page.wait_for_url("**/value**")
    someone = api("journeys/people", step=picture["columns"][0][1][0], limit=1)["people"][0]["id"]
    find(page, someone)
    page.get_by_role("dialog").get_by_role("button", name=f"Open person {someone}").click()
    expect(page.get_by_role("dialog", name=f"Person {someone}")).to_be_visible()
    expect(page.get_by_role("dialog").locator("time").first).to_be_visible()
