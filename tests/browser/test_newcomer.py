"""A newcomer goes from an empty workspace to a map, a funnel, a person and a dry run, by what the pages offer."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from pathworth import run

from .conftest import PHONE, WIDE
from .reading import count

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["empty"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
PACKAGED = Path(run.__file__).parent / "data" / "ecom.csv.gz"


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's events as somebody would have exported them."""
    file = tmp_path_factory.mktemp("orders") / "orders.csv"
    with gzip.open(PACKAGED) as packed, file.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    return file


def choose(page: Page, file: Path) -> None:
    page.set_input_files("input[type=file]", str(file))


def test_a_page_without_events_offers_the_import(open_page: Open) -> None:
    page = open_page("/map")
    offer = page.get_by_role("main").get_by_role("link", name="Import a file")
    for name in ("Map", "Value", "Explore", "People", "Plan", "Act", "Learn", "Today"):
        page.get_by_role("link", name=name, exact=True).click()
        for size in (PHONE, WIDE):
            page.set_viewport_size(ViewportSize(**size))
            expect(offer).to_be_visible()
    offer.click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()


def test_a_file_that_holds_no_rows_is_refused_with_what_to_do(
    open_page: Open, api: Ask, tmp_path: Path
) -> None:
    junk = tmp_path / "junk.csv"
    junk.write_text("hello\n")
    page = open_page("/data")
    choose(page, junk)
    expect(page.get_by_role("alert")).to_contain_text("junk.csv has no rows. Export it again.")
    assert api("workspace")["events"] == 0


def test_a_column_that_is_not_sure_says_why_and_waits_for_a_person(
    open_page: Open, api: Ask, tmp_path: Path
) -> None:
    unsure = tmp_path / "unsure.csv"
    unsure.write_text("user,event,time\nu1,go,01/02/2024\nu2,go,03/02/2024\n")
    page = open_page("/data")
    choose(page, unsure)
    expect(page.get_by_text("One column is not sure: say what it is.")).to_be_visible()
    expect(page.get_by_text("Not sure: time can be read as")).to_be_visible()
    button = page.get_by_role("button", name="Import", exact=True)
    expect(button).to_be_disabled()
    page.get_by_role("button", name="Yes, these are the columns").click()
    expect(button).to_be_enabled()
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    assert api("workspace")["events"] == 0


def test_the_walk_from_a_file_to_a_dry_run(open_page: Open, api: Ask, orders: Path) -> None:
    page = open_page("/map")
    page.get_by_role("link", name="Import a file").click()
    choose(page, orders)
    expect(page.get_by_label("Whose event it is")).to_have_value("user_id")
    expect(page.get_by_label("What happened", exact=True).first).to_have_value("event")
    expect(page.get_by_label("When", exact=True).first).to_have_value("timestamp")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("31,106 events are new.")).to_be_visible(timeout=60_000)

    page.get_by_role("link", name="Open the map").click()
    expect(page.locator("main h1")).to_have_text(api("value/picture")["headline"])
    steps = api("atlas/map")["steps"]
    expect(page.locator("[data-step]")).to_have_count(len(steps))
    said = page.get_by_text("no price")
    assert said.count() == 0, "the headline says once that no money is recorded"

    _funnel(page, api)
    _timeline(page, api)
    _program(page, api, step=steps[-2]["id"])


def _funnel(page: Page, api: Ask) -> None:
    page.get_by_role("link", name="Explore", exact=True).click()
    begin = page.get_by_role("button", name="Start with")
    names = begin.inner_text().removeprefix("Start with ").split(" → ")
    begin.click()
    headline = page.locator("main h1")
    expect(headline).to_contain_text("Half of those who get there")
    rules = {one["name"]: one["rule"] for one in api("atlas/map")["steps"]}
    words = [("step", f"{name} := {rules[name]}") for name in names]
    found = api("measure/funnel", *words)["steps"]
    assert headline.inner_text().startswith(
        f"Of {count(found[0]['entities'])} people who take {names[0]}, "
        f"{count(found[-1]['entities'])} reach {names[-1]}"
    )
    people = page.locator("main table tbody td:nth-child(2)")
    expect(people).to_have_text([count(one["entities"]) for one in found])


def _timeline(page: Page, api: Ask) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    first = page.locator("main table tbody a").first
    person = first.inner_text()
    assert person == api("journeys/listed", order="last", limit=1)["people"][0]["id"]
    first.click()
    expect(page.locator("main h1")).to_have_text(f"Person {person}")
    moments = api("journeys/moments", kind="person", id=person, limit=100)
    shown = min(100, moments["total"])
    said = f"{count(shown)} of {count(moments['total'])} moments shown"
    expect(page.get_by_role("main")).to_contain_text(said)


def _program(page: Page, api: Ask, *, step: str) -> None:
    page.get_by_role("link", name="Map", exact=True).click()
    # Anywhere on the card opens it, its figures aside; then the two clicks from a step to a program.
    page.locator(f"[data-step='{step}']").click(position={"x": 100, "y": 10})
    page.get_by_role("link", name="Draft a program").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text("Why you get this")
    save = page.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_in_viewport()
    save.click()
    page.wait_for_url("**program=**")
    dry = page.get_by_role("region", name="Dry run")
    dry.get_by_role("button", name="Run it").click()
    (line,) = api("act/programs")
    program = api(f"act/programs/{line['id']}")["program"]
    told = api("act/programs/rehearse", send={"program": program})
    assert told["occasions"] > 0
    expect(dry).to_contain_text(
        f"it would have met {count(told['people'])} people and sent {count(told['sends'])} messages"
    )
    because = dry.get_by_role("table", name="Nothing would have been sent because")
    expect(because.locator("tbody tr")).to_have_count(len(told["reasons"]))
    expect(because.get_by_role("link", name="Write down who agreed")).to_be_visible()
    assert api("act/decisions") == [], "a dry run writes nothing"
