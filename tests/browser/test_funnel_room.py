"""A funnel is built without code: steps left out or either of several, exclusions, attempts, and the curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .reading import count

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
FIRST = 60_000
"""The first list waits for the picture of the map, whose names a list may need."""


@pytest.fixture(scope="session")
def words(api: Callable[..., Any]) -> list[str]:
    """Return the commonest events that no step of the map goes by."""
    found = api("measure/choices")
    taken = {word for step in found["steps"] for word in (step["name"], step["id"])}
    return [one["value"] for one in found["events"] if one["value"] not in taken][:4]


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_funnel_is_built_step_by_step_and_its_numbers_open_their_people(
    open_page: Open, api: Callable[..., Any], words: list[str]
) -> None:
    first, second, third, other = words
    page = open_page(f"/explore/funnel?step={quote(first)}")
    for word in (second, third):
        box = page.get_by_role("combobox", name="Add a step")
        box.fill(word)
        page.get_by_role("option", name=word).first.click()
    page.get_by_role("button", name=f"More for {second}").click()
    page.get_by_role("menuitem", name="May be left out").click()
    page.get_by_role("button", name=f"More for {third}").click()
    page.get_by_role("menuitem", name="Or another step").click()
    page.get_by_role("combobox", name=f"Or, in place of {third}").fill(other)
    page.get_by_role("option", name=other).first.click()
    page.wait_for_url("**%7C**")
    assert asked(page)["step"] == [first, f"{second}?", f"{third} | {other}"]
    steps = api("measure/funnel", step=asked(page)["step"])["steps"]
    table = page.get_by_role("region", name="The steps", exact=True)
    for step in steps:
        expect(table).to_contain_text(step["name"])
    row = table.locator("tbody tr").nth(2)
    row.get_by_role("button", name=count(steps[2]["entities"]), exact=True).click()
    said = page.get_by_role("dialog").locator("[data-part=count]")
    expect(said).to_have_text(f"{count(steps[2]['entities'])} people", timeout=FIRST)


def test_an_exclusion_stands_between_two_steps_and_can_be_taken_back(
    open_page: Open, api: Callable[..., Any], words: list[str]
) -> None:
    first, second, third, other = words
    page = open_page(
        f"/explore/funnel?step={quote(first)}&step={quote(second)}&step={quote(third)}"
    )
    page.get_by_role("button", name="+ Nothing like").click()
    page.get_by_role("combobox", name="What must not lie between").fill(other)
    page.get_by_role("option", name=other).first.click()
    page.wait_for_url("**exclude=**")
    assert asked(page)["exclude"] == [f"{other} after 1 before 3"]
    page.get_by_role("combobox", name="Before").click()
    page.get_by_role("option", name=f"2 {second}").click()
    page.wait_for_function("() => location.search.includes('before+2')")
    steps = api("measure/funnel", step=[first, second, third], exclude=f"{other} after 1 before 2")
    table = page.get_by_role("region", name="The steps", exact=True)
    expect(table.locator("tbody tr").nth(1)).to_contain_text(count(steps["steps"][1]["entities"]))
    page.get_by_role("button", name=f"Allow {other} again").click()
    page.wait_for_function("() => !location.search.includes('exclude')")


def test_attempts_have_a_curve_that_says_who_is_not_there_yet(
    open_page: Open, api: Callable[..., Any], words: list[str]
) -> None:
    steps = words[:2]
    path = "&".join(f"step={quote(word)}" for word in steps)
    page = open_page(f"/explore/funnel?{path}&within=30d&count=occurrences&times=survival")
    found = api("measure/funnel", step=steps, within="30d", count="occurrences", times="survival")
    last = found["steps"][1]
    curve = last["survival"]
    expect(page.get_by_role("img", name="Which share has reached")).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        f"{count(curve['over'])} ended without it, {count(curve['censored'])} had not when the data ended."
    )
    row = page.get_by_role("region", name="The steps", exact=True).locator("tbody tr").nth(1)
    row.get_by_role("button", name=count(curve["over"]), exact=True).click()
    said = page.get_by_role("dialog").locator("[data-part=count]")
    expect(said).to_contain_text(f"{count(curve['over'])} times in all", timeout=FIRST)
