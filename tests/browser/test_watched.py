"""What sources send is watched on the page Data: audited, held against the plan, and live as it comes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import AXE, PHONE, WIDE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["empty-watched"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]


def section(page: Page, title: str) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=title, exact=True))


def hand_in(api: Ask, number: int, **said: str) -> None:
    event = {"person": "ann", "time": "2026-03-01T10:00:00Z", "id": f"m{number}", **said}
    api("collect/events", send={"source": "app", "events": [event]})


def expect_people(page: Page, event: str, people: int) -> None:
    """Ask the funnel of an event until it counts so many: what came in is counted a moment later."""
    step = event.replace(" ", "+")
    asked = f"fetch('/api/measure/funnel?step={step}').then(said => said.json())"
    page.wait_for_function(f"n => {asked}.then(it => it.steps?.[0].entities === n)", arg=people)


def test_a_source_is_looked_at_and_its_score_and_findings_stand_there(
    open_page: Open, api: Ask
) -> None:
    hand_in(api, 0, event="look")
    page = open_page("/data")
    audits = section(page, "Data quality")
    audits.get_by_role("button", name="Look now").click()
    expect(audits).to_contain_text(re.compile(r"\d+ of 100"))
    expect(audits.get_by_role("meter")).to_be_visible()
    expect(audits.get_by_role("heading", name="app")).to_be_visible()
    kept = api("collect/audit")
    (line,) = api("collect/audits")
    assert (line["day"], line["score"]) == (kept["day"], kept["score"])


def test_an_event_that_a_person_expects_is_a_hole_until_it_comes(open_page: Open, api: Ask) -> None:
    page = open_page("/data")
    for number, event in enumerate(("look", "choose", "pay"), 20):
        hand_in(api, number, event=event)
    expect_people(page, "pay", 1)
    # The first map is kept from now on, and has no step that plans what only comes later.
    assert not [step for step in api("atlas/map")["steps"] if "ift" in step["name"]]
    plan = section(page, "Tracking plan")
    plan.get_by_label("Event to expect").fill("gift sent")
    plan.get_by_label("Why it is expected").fill("from May on")
    plan.get_by_role("button", name="Expect it").click()
    row = plan.get_by_role("row").filter(has_text="gift sent")
    expect(row).to_contain_text("not seen")
    expect(row).to_contain_text("from May on")
    hand_in(api, 1, event="gift sent")
    page = open_page("/data")
    expect_people(page, "gift sent", 1)
    page = open_page("/data")
    row = section(page, "Tracking plan").get_by_role("row").filter(has_text="gift sent")
    expect(row).to_contain_text("app")
    row.get_by_role("button", name="Take back that gift sent is expected").click()
    expect(row).to_contain_text("not planned")


def test_events_stand_there_as_they_come_until_it_is_paused(open_page: Open, api: Ask) -> None:
    live = section(open_page("/data"), "Live events")
    rows = live.get_by_role("listitem")
    hand_in(api, 2, event="order held")
    expect(rows.first).to_contain_text("order held by ann")
    expect(rows.first.get_by_label("No step:")).to_be_visible()
    api("collect/events", send={"source": "app", "events": [{"event": "lost"}]})
    expect(rows.first).to_contain_text("Could not be read")
    live.get_by_role("button", name="Pause").click()
    hand_in(api, 3, event="order shipped")
    expect(live).to_contain_text("Paused")
    expect(rows.filter(has_text="order shipped")).to_have_count(0)
    live.get_by_role("button", name="Go on").click()
    expect(rows.first).to_contain_text("order shipped")
    live.get_by_label("Show").select_option("bad")
    expect(rows).to_have_count(1)


def test_an_event_that_could_not_be_read_is_seen_with_its_reason_mended_and_counted(
    open_page: Open, api: Ask
) -> None:
    hand_in(api, 4, event="gift kept")
    page = open_page("/data")
    expect_people(page, "gift kept", 1)
    rows = section(page, "Live events").get_by_role("listitem")
    hand_in(api, 5, event="gift kept", person="", note="of bea")
    expect(rows.first).to_contain_text("Could not be read")
    bad = api("collect/quarantine")[0]
    expect(rows.first).to_contain_text(bad["reason"])
    expect_people(page, "gift kept", 1)
    kept = re.compile(r"\d+ could not be read")
    section(page, "Sources").get_by_role("button", name=kept).click()
    drawer = page.get_by_role("dialog")
    row = drawer.get_by_role("listitem").filter(has_text="of bea")
    expect(row).to_contain_text(bad["reason"])
    row.get_by_role("button", name=f"Mend: {bad['reason']}").click()
    said = drawer.get_by_label("What it shall say")
    said.fill("no event")
    drawer.get_by_role("button", name="Hand in again").click()
    expect(drawer.get_by_role("alert")).to_be_visible()
    said.fill(json.dumps({**json.loads(bad["raw"]), "person": "bea"}))
    drawer.get_by_role("button", name="Hand in again").click()
    expect(row).to_have_count(0)
    page.keyboard.press("Escape")
    expect(rows.first).to_contain_text("gift kept by bea")
    assert bad["id"] not in [one["id"] for one in api("collect/quarantine")]
    expect_people(page, "gift kept", 2)


def test_the_three_sections_are_without_faults_wide_and_narrow(open_page: Open) -> None:
    for size, scheme in ((WIDE, "light"), (PHONE, "dark")):
        page = open_page("/data", size=size, scheme=scheme)
        page.evaluate(AXE.read_text())
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        for title in ("Data quality", "Tracking plan", "Live events"):
            held = section(page, title).element_handle()
            found = page.evaluate("one => axe.run(one).then(run => run.violations)", held)
            assert found == [], (title, scheme)


def test_a_part_of_the_page_is_jumped_to(open_page: Open) -> None:
    page = open_page("/data")
    live = page.get_by_role("heading", name="Live events", exact=True)
    expect(live).not_to_be_in_viewport()
    ways = page.get_by_role("navigation", name="On this page")
    ways.get_by_role("link", name="Live events", exact=True).click()
    expect(live).to_be_in_viewport()
