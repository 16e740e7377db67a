"""A funnel is built without code: every way to ask it stands in the address, and every number opens its people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PHONE
from .doing import held, pick, words
from .reading import count, percent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
WAY = ["Visit", "Look", "Cart", "Pay"]


def room(steps: list[str], **said: str | list[str]) -> str:
    return f"/explore/funnel?{urlencode({'step': steps, **said}, doseq=True)}"


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def rows(page: Page, caption: str = "The steps") -> Locator:
    return page.get_by_role("table", name=caption).locator("tbody tr")


def expect_steps(page: Page, steps: list[dict[str, Any]]) -> None:
    """The table says of every step what the API says."""
    expect(rows(page)).to_have_count(len(steps))
    for row, step in enumerate(steps):
        cells = rows(page).nth(row).locator("td")
        expect(cells.nth(0)).to_contain_text(f"{row + 1}. {step['name']}")
        expect(cells.nth(1)).to_have_text(count(step["entities"]))
        expect(cells.nth(2)).to_have_text(percent(step["from_first"]))


def opened(page: Page, number: Locator) -> Locator:
    """Press a number; what the drawer says of how many there are."""
    number.click()
    return page.get_by_role("dialog").locator("[data-part=count]")


def test_steps_may_be_left_out_or_be_either_of_several(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/funnel")
    pick(page, "First step", "Visit")
    pick(page, "Add a step", "Look")
    pick(page, "Add a step", "Cart")
    page.get_by_role("button", name="More for Look").click()
    page.get_by_role("menuitem", name="May be left out").click()
    page.get_by_role("button", name="More for Cart").click()
    page.get_by_role("menuitem", name="Or another step").click()
    pick(page, "Or, in place of Cart", "Pay")
    steps = api("measure/funnel", step=["Visit", "Look?", "Cart | Pay"])["steps"]
    assert steps[1]["optional"]
    assert steps[1]["entities"] < steps[0]["entities"]
    expect_steps(page, steps)
    without = steps[0]["entities"] - steps[1]["entities"]
    said = opened(page, rows(page).nth(1).get_by_role("button", name=count(without), exact=True))
    expect(said).to_have_text(f"{count(without)} people")
    page.keyboard.press("Escape")
    headline = page.locator("main h1").inner_text()
    page.reload()
    expect(page.locator("main h1")).to_have_text(headline)
    expect_steps(page, steps)
    # What may be left out is taken up again when it comes to stand first.
    page.get_by_role("button", name="Move Look up").click()
    expect_steps(page, api("measure/funnel", step=["Look", "Visit", "Cart | Pay"])["steps"])
    page.get_by_role("button", name="Take Visit away").click()
    expect_steps(page, api("measure/funnel", step=["Look", "Cart | Pay"])["steps"])


def test_what_must_not_lie_in_between_is_said_and_taken_back(open_page: Open, api: Ask) -> None:
    page = open_page(room(["Visit", "Cart", "Pay"]))
    page.get_by_role("button", name="+ What must not lie in between").click()
    pick(page, "What must not lie in between", "Look")
    page.wait_for_url("**exclude=**")
    pick(page, "Before", "2 Cart")
    page.wait_for_url("**before+2")
    way = ["Visit", "Cart", "Pay"]
    found = api("measure/funnel", step=way, exclude="Look after 1 before 2")["steps"]
    expect_steps(page, found)
    # A step that may be left out is no place where it can end.
    page.get_by_role("button", name="More for Cart").click()
    page.get_by_role("menuitem", name="May be left out").click()
    page.wait_for_url("**before+3")
    found = api("measure/funnel", step=["Visit", "Cart?", "Pay"], exclude="Look after 1 before 3")
    expect_steps(page, found["steps"])
    page.get_by_role("button", name="Allow Look again").click()
    expect_steps(page, api("measure/funnel", step=["Visit", "Cart?", "Pay"])["steps"])
    # In any order nothing lies between and nothing is left out.
    pick(page, "Taken", "in any order")
    expect_steps(page, api("measure/funnel", step=way, order="any")["steps"])
    expect(page.get_by_role("combobox", name="Step to step within")).to_have_count(0)


def test_any_time_can_be_typed(open_page: Open, api: Ask) -> None:
    page = open_page(room(WAY))
    for label, typed, shown in (
        ("Within", "25 min", "25 minutes"),
        ("Step to step within", "12m", "12 minutes"),
    ):
        field = page.get_by_role("combobox", name=label, exact=True)
        field.fill(typed)
        page.get_by_role("option", name=shown).click()
        expect(field).to_have_value(shown)
    assert (asked(page)["within"], asked(page)["step_within"]) == (["25m"], ["12m"])
    found = api("measure/funnel", step=WAY, within="25m", step_within="12m")["steps"]
    assert found[3]["entities"] < api("measure/funnel", step=WAY)["steps"][3]["entities"]
    expect_steps(page, found)
    field.fill("soon")
    expect(page.get_by_text("Write a time, such as 45 minutes or 12h")).to_be_visible()


def test_sessions_attempts_and_values_are_counted_and_open_whose_they_are(
    open_page: Open, api: Ask
) -> None:
    page = open_page(room(WAY))
    pick(page, "All steps inside", "a session")
    pick(page, "of more than", "10 minutes")
    found = api("measure/funnel", step=WAY, of="session(gap=10m)")["steps"]
    expect_steps(page, found)
    expect(page.locator("main h1")).to_contain_text(f"Of {count(found[0]['entities'])} sessions")
    pick(page, "A session begins", "Visit")
    expect_steps(page, api("measure/funnel", step=WAY, of="session(event=Visit)")["steps"])
    pick(page, "All steps inside", "a journey")
    pick(page, "Counted", "every attempt")
    found = api("measure/funnel", step=WAY, count="occurrences")["steps"]
    expect_steps(page, found)
    assert found[0]["entities"] > found[0]["owners"]
    number = rows(page).nth(3).get_by_role("button", name=count(found[3]["entities"]), exact=True)
    expect(opened(page, number)).to_have_text(
        f"{count(found[3]['owners'])} people, {count(found[3]['entities'])} times in all"
    )
    page.keyboard.press("Escape")
    pick(page, "Counted", "the best attempt")
    pick(page, "All steps inside", "a property's value")
    pick(page, "The property that stays the same", "device")
    found = api("measure/funnel", step=WAY, holding="device")["steps"]
    expect_steps(page, found)
    expect(page.locator("main h1")).to_contain_text("values of device that take Visit")


def test_a_curve_says_who_is_not_there_yet_and_its_numbers_open(
    open_page: Open, api: Ask, tmp_path: Path
) -> None:
    way = ["Visit", "Pay"]
    page = open_page(room(way, within="7d", count="occurrences"))
    pick(page, "Time to a step", "of all, as a curve")
    found = api("measure/funnel", step=way, within="7d", count="occurrences", times="survival")
    curve = found["steps"][1]["survival"]
    assert curve["over"] > 0
    expect(page.get_by_role("img", name="Which share has reached")).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        f"Pay: {count(curve['reached'])} attempts were seen to get there, "
        f"{count(curve['over'])} ended without it, {count(curve['censored'])} had not when the data ended."
    )
    over = rows(page).nth(1).get_by_role("button", name=count(curve["over"]), exact=True).last
    expect(opened(page, over)).to_contain_text(f"{count(curve['over'])} times in all")
    page.keyboard.press("Escape")
    point = next(one for one in reversed(curve["curve"]) if one["seconds"] <= 3_600)
    shown = page.get_by_role("table", name="When they get there")
    number = shown.get_by_role("button", name=count(point["entities"]), exact=True).first
    expect(opened(page, number)).to_contain_text(f"{count(point['entities'])} times in all")
    page.keyboard.press("Escape")
    lines = download(page, tmp_path).splitlines()
    assert lines[0].endswith("within_seconds,within_count,within_share,within_low,within_high")
    assert len(lines) == 1 + len(way) + len(curve["curve"])
    page.keyboard.press("t")
    expect(page.get_by_role("img", name="Which share has reached")).to_have_count(0)
    expect(rows(page, "When they get there").last).to_be_visible()


def download(page: Page, folder: Path) -> str:
    """Save the room's numbers as a person does."""
    page.get_by_role("button", name="Funnel: table, files and link").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="CSV").first.click()
    kept.value.save_as(folder / "numbers.csv")
    return (folder / "numbers.csv").read_text()


def test_a_and_b_are_asked_the_same_full_funnel(open_page: Open, api: Ask) -> None:
    old = "device = 'old phone'"
    steps = ["Visit", "Look?", "Cart", "Pay"]
    said = {"exclude": "Pay after 1 before 3", "of": "session", "times": "survival"}
    page = open_page(room(steps, **said, who=old))
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("menuitem", name="Everybody else").click()
    found = api("measure/funnel/diff", step=steps, **said, who=old, against_who=f"not ({old})")
    table = page.get_by_role("table", name="A against B")
    expect(table).to_contain_text(found["steps"][-1]["from_first"]["words"])
    for place, side in enumerate(("a", "b")):
        last = found[side]["steps"][-1]
        row = table.locator("tbody tr").nth(6 + place)
        expect(row.locator("td").nth(2)).to_have_text(count(last["entities"]))
        over = count(last["survival"]["over"])
        number = row.get_by_role("button", name=over, exact=True).last
        expect(opened(page, number)).to_contain_text(f"{over} times in all")
        page.keyboard.press("Escape")


def test_parts_stand_beside_each_other_and_open_their_own(open_page: Open, api: Ask) -> None:
    page = open_page(room(["Visit", "Pay"], by="device", times="survival"))
    found = api("measure/funnel", step=["Visit", "Pay"], by="device", times="survival")["by"]
    for part in found:
        row = rows(page).filter(has_text=part["value"]).last
        lost = part["steps"][0]["entities"] - part["steps"][1]["entities"]
        number = row.get_by_role("button", name=count(lost), exact=True).first
        expect(opened(page, number)).to_have_text(f"{count(lost)} people")
        page.keyboard.press("Escape")


def test_a_funnel_is_built_by_keyboard_alone(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/funnel")
    for name in ("Visit", "Pay"):
        page.get_by_role("combobox", name="First step" if name == "Visit" else "Add a step").focus()
        page.keyboard.type(name)
        # The list opens a frame after the typing; nobody presses a key that fast.
        expect(page.get_by_role("option", name=name).first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"Take {name} away")).to_be_visible()
    page.get_by_role("button", name="More for Pay").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Or another step")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect_steps(page, api("measure/funnel", step=["Visit", "Pay?"])["steps"])


def test_what_is_typed_and_chosen_while_an_answer_comes_is_kept(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/funnel")
    with held(page, "**/api/measure/funnel*"):
        pick(page, "First step", "Visit")
        # On a page that is drawing, what a timer does comes after the keys.
        page.evaluate(
            "() => { const set = setTimeout; window.setTimeout = (f, ms, ...a) => set(f, ms || 300, ...a) }"
        )
        field = page.get_by_role("combobox", name="Add a step")
        field.focus()
        page.keyboard.type("Pay")
        expect(page.get_by_role("option", name="Pay").first).to_be_visible()
        page.keyboard.press("ArrowDown")
    expect(rows(page)).to_have_count(1)
    page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    expect(field).to_have_value("Pay")
    page.keyboard.press("Enter")
    expect_steps(page, api("measure/funnel", step=["Visit", "Pay"])["steps"])


def test_on_a_phone_the_answer_comes_before_the_rarer_choices(open_page: Open, api: Ask) -> None:
    page = open_page(room(["Visit", "Pay"], times="survival"), PHONE)
    expect(page.get_by_role("combobox", name="Taken")).not_to_be_visible()
    page.get_by_text("How it is counted").click()
    pick(page, "Taken", "nothing in between")
    page.wait_for_url("**order=strict**")
    expect_steps(page, api("measure/funnel", step=["Visit", "Pay"], order="strict")["steps"])
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_nobody_and_a_refusal_are_said(open_page: Open, api: Ask) -> None:
    page = open_page(room(["Visit", "Pay"], who="device = 'none such'", times="survival"))
    expect(page.locator("main h1")).to_have_text("Nobody in this selection takes Visit.")
    page = open_page(room(["Visit?", "Pay"]))
    assert "cannot be left out" in words(page.get_by_role("alert"))
    page.get_by_role("button", name="More for Visit").click()
    page.get_by_role("menuitem", name="Must be taken").click()
    expect_steps(page, api("measure/funnel", step=["Visit", "Pay"])["steps"])
