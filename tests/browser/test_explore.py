"""Explore: a person asks four questions without code, compares A with B, and saves to the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from .doing import held, pick, words
from .reading import count, percent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-explored"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
OLD = "device = 'old phone'"
WAY = [("step", "Visit"), ("step", "Cart"), ("step", "Pay")]


def asked(question: str, *said: tuple[str, str]) -> str:
    return f"/explore/{question}?{urlencode(said)}"


def test_a_funnel_is_built_by_name_and_broken_down(open_page: Open, api: Ask) -> None:
    page = open_page("/explore")
    expect(page.get_by_role("heading", name="Which steps?")).to_be_visible()
    pick(page, "First step", "Visit")
    expect(page.locator("main h1")).to_contain_text("Add the step that should follow.")
    pick(page, "Add a step", "Cart")
    pick(page, "Add a step", "Pay")
    # A step of the map carries its rule, and the answer is that of the plain events.
    first, *_, last = api("measure/funnel", *WAY)["steps"]
    said = (
        f"Of {count(first['entities'])} people who take Visit, {count(last['entities'])} reach Pay"
    )
    expect(page.locator("main h1")).to_contain_text(said)
    pick(page, "Broken down by", "device")
    parts = api("measure/funnel", *WAY, by="device")["by"]
    rows = page.get_by_role("table", name="The steps").locator("tbody tr")
    expect(rows).to_have_count(sum(len(part["steps"]) for part in parts))
    for part in parts:
        own = rows.filter(has_text=part["value"]).locator("td:nth-child(3)")
        expect(own).to_have_text([count(one["entities"]) for one in part["steps"]])


def test_a_number_of_a_funnel_opens_as_many_people(open_page: Open, api: Ask) -> None:
    page = open_page(asked("funnel", *WAY))
    _, cart, pay = api("measure/funnel", *WAY)["steps"]
    lost = cart["entities"] - pay["entities"]
    page.locator("main table").get_by_role("button", name=count(lost), exact=True).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-part=count]")).to_have_text(f"{count(lost)} people")


def test_a_is_compared_with_everybody_else(open_page: Open, api: Ask) -> None:
    page = open_page(asked("funnel", *WAY, ("who", OLD)))
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("menuitem", name="Everybody else").click()
    found = api("measure/funnel/diff", *WAY, who=OLD, against_who=f"not ({OLD})")
    a, b = (percent(found[side]["steps"][-1]["from_first"]) for side in ("a", "b"))
    expect(page.locator("main h1")).to_contain_text(f"{a} of A and {b} of B reach Pay.")
    said = found["steps"][-1]["from_first"]["words"]
    expect(page.get_by_role("table", name="A against B")).to_contain_text(said)
    page.get_by_role("button", name="Stop comparing").click()
    expect(page.locator("main h1")).to_contain_text("people who take Visit")


def test_who_comes_back_and_how_long_visits_are_is_what_the_api_says(
    open_page: Open, api: Ask
) -> None:
    page = open_page(asked("retention", ("period", "week")))
    cohorts = api("measure/retention", period="week")["cohorts"]
    over = [one for one in cohorts if len(one["retained"]) > 1 and one["retained"][1] is not None]
    size, came = sum(one["size"] for one in over), sum(one["retained"][1] for one in over)
    said = (
        f"Of {count(size)} people whose next week is over, {percent(came / size)} come back in it."
    )
    expect(page.locator("main h1")).to_contain_text(said)
    page.get_by_role("link", name="Sessions", exact=True).click()
    found = api("measure/sessions")
    said = f"{count(found['entities'])} people have {count(found['sessions'])} sessions"
    expect(page.locator("main h1")).to_contain_text(said)
    pick(page, "A session ends with a pause of more than", "10 minutes")
    shorter = api("measure/sessions", gap="10m")
    assert shorter["sessions"] > found["sessions"]
    expect(page.locator("main h1")).to_contain_text(f"{count(shorter['sessions'])} sessions")


def test_where_people_go_next_opens_those_who_went(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/flow")
    edges = api("measure/transitions", entities=1)["edges"]
    most = max(edges, key=lambda edge: edge["count"])
    said = f"{most['from']} to {most['to']}: {count(most['count'])} times"
    expect(page.locator("main h1")).to_contain_text(said)
    rows = page.locator("main table tbody tr")
    expect(rows).to_have_count(len(edges))
    rows.first.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-part=count]")).to_have_text(f"{count(most['entities'])} people")


def test_steps_of_a_funnel_are_saved_to_the_map_and_taken_back(open_page: Open, api: Ask) -> None:
    before = api("atlas/map")
    dear = ("step", "Dear pay := event = 'Pay' and value >= 60")
    page = open_page(asked("funnel", ("step", "Visit"), dear))
    page.get_by_role("button", name="Save to the map").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_contain_text("Dear pay")
    dialog.get_by_label("Who says so").fill("Ann")
    dialog.get_by_role("button", name="Add 1 step").click()
    expect(dialog.get_by_role("status")).to_contain_text("by Ann")
    assert "Dear pay" in {step["name"] for step in api("atlas/map")["steps"]}
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_role("status")).to_contain_text("the map is as it was")
    assert api("atlas/map") == before


def test_waiting_nobody_and_a_refusal_are_said(open_page: Open) -> None:
    page = open_page(asked("sessions", ("who", "device = 'none such'")))
    expect(page.locator("main h1")).to_have_text("Nobody in this selection has a session.")
    with held(page, "**/api/measure/retention?*"):
        page.get_by_role("link", name="Retention", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Counting who comes back")
    expect(page.locator("main h1")).to_have_text("Nobody in this selection began.")
    page = open_page(asked("funnel", ("step", "No such thing")))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing was changed.")
    assert "No such thing" in words(alert)
