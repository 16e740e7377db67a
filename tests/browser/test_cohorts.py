"""Explore's cohorts and what separates two groups, pressed through on the shop and each held against the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE
from .doing import pick
from .reading import count, percent, signs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
OLD = "device = 'old phone'"


def asked(question: str, *said: tuple[str, str]) -> str:
    return f"/explore/{question}?{urlencode(said)}"


def told(page: Page) -> Any:
    return page.get_by_role("dialog").locator("[data-part=count]")


def test_cohorts_say_what_people_bring_in_and_open_who_paid(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/cohorts")
    page.get_by_label("Winning one person cost").fill("20")
    page.keyboard.press("Enter")
    found = api("measure/cohorts", cost="20")
    first = found["cohorts"][0]
    expect(page.locator("main h1")).to_contain_text(f"people in {len(found['cohorts'])} cohorts")
    expect(page.locator("main h1")).to_contain_text(signs(first["payback"]["words"], "EUR"))
    rows = page.get_by_role("table", name="Money per person").locator("tbody tr")
    expect(rows).to_have_count(len(found["cohorts"]))
    rows.first.get_by_role("button", name=count(first["size"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(first['size'])} people")
    page.keyboard.press("Escape")
    rows.first.get_by_role("button").nth(1).click()
    expect(told(page)).to_have_text(f"{count(first['ages'][0]['payers'])} people")


def test_cohorts_of_two_selections_are_told_apart_in_words(open_page: Open, api: Ask) -> None:
    page = open_page(asked("cohorts", ("who", OLD)))
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("menuitem", name="Everybody else").click()
    diff = api("measure/cohorts/diff", who=OLD, against_who=f"not ({OLD})")
    rows = page.get_by_role("table", name="A against B").locator("tbody tr")
    expect(rows).to_have_count(len(diff["ages"]))
    expect(rows.first).to_contain_text(signs(diff["ages"][0]["money"]["words"], "EUR"))


def test_what_goes_together_with_a_goal_is_said_as_correlation(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/separates", PHONE)
    expect(page.get_by_role("heading", name="Which goal?")).to_be_visible()
    page = open_page("/explore/separates")
    pick(page, "The goal", "Pay")
    found = api("measure/separates", goal="Pay")
    expect(page.locator("main h1")).to_contain_text("That is correlation")
    rows = page.get_by_role("table", name="What goes together").locator("tbody tr")
    expect(rows).to_have_count(len(found["things"]))
    first = found["things"][0]
    expect(rows.first).to_contain_text(first["words"])
    rows.first.get_by_role("button", name=percent(first["a_share"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(first['a_count'])} people")


def test_two_selections_are_separated_and_every_number_opens_its_people(
    open_page: Open, api: Ask
) -> None:
    page = open_page(asked("separates", ("who", OLD)))
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("menuitem", name="Everybody else").click()
    found = api("measure/separates/diff", who=OLD, against_who=f"not ({OLD})")
    expect(page.locator("main h1")).to_contain_text(found["words"])
    rows = page.get_by_role("table", name="What goes together").locator("tbody tr")
    expect(rows).to_have_count(len(found["things"]))
    one = next(each for each in found["things"] if each["b_count"])
    row = rows.filter(has=page.get_by_role("cell", name=one["label"], exact=True))
    row.get_by_role("button", name=percent(one["b_share"]), exact=True).last.click()
    expect(told(page)).to_have_text(f"{count(one['b_count'])} people")


def test_who_is_in_neither_of_two_selections_is_opened_for_each_of_them(
    open_page: Open, api: Ask
) -> None:
    begins, goes_on = "2025-02-03", "2025-03-03"
    found = api(
        "measure/separates/diff",
        goal="Pay",
        **{"from": begins, "against_from": goes_on},
    )
    said = ("goal", "Pay"), ("from", begins), ("against", "1"), ("against_from", goes_on)
    page = open_page(asked("separates", *said))
    for side in ("A", "B"):
        number = found["aside"][f"began before in {side}"]
        text = f"{count(number)} began before the period in {side}."
        place = page.get_by_text(text).first
        expect(place).to_be_visible()
        place.get_by_role("button", name=count(number), exact=True).click()
        expect(told(page)).to_have_text(f"{count(number)} people")
        page.keyboard.press("Escape")
