"""People: search, a person, an account, a timeline; the numbers are those of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .doing import held, pick, words
from .reading import count

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def buyer(api: Ask) -> dict[str, Any]:
    """The person of an account who brought the most."""
    listed = api("journeys/listed", order="money", limit=200)["people"]
    return next(one for one in listed if one["account"])


def test_many_are_listed_a_page_at_a_time_in_the_order_asked_for(open_page: Open, api: Ask) -> None:
    page = open_page("/people")
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(100)
    everybody = count(api("workspace")["entities"])
    expect(page.get_by_role("table", name=f"100 of {everybody} shown")).to_be_visible()
    pick(page, "Order", "most money first")
    first = api("journeys/listed", order="money", limit=1)["people"][0]
    expect(rows.first.get_by_role("link").first).to_have_text(first["id"])


def test_a_search_finds_one_person_an_account_and_people_by_what_is_known(
    open_page: Open, api: Ask, buyer: dict[str, Any]
) -> None:
    page = open_page("/people")
    field = page.get_by_role("textbox", name="Find a person or account")
    field.fill(buyer["id"].upper())
    people = page.get_by_role("table", name="People")
    expect(people.locator("tbody tr")).to_have_count(1)
    expect(people).to_contain_text(buyer["account"])
    field.fill("old ph")
    found = next(one for one in api("journeys/search", q="old ph")["traits"])
    page.get_by_role("button", name=f"device old phone: {count(found['people'])}").click()
    page.wait_for_url("**who=**")
    expect(page.get_by_text(f"{count(found['people'])} people", exact=True)).to_be_visible()
    field.fill("none such")
    expect(page.get_by_role("heading", name="Nothing holds none such")).to_be_visible()


def test_a_person_leads_to_the_account_and_its_people(
    open_page: Open, api: Ask, buyer: dict[str, Any]
) -> None:
    page = open_page(f"/people/{buyer['id']}")
    head = api("journeys/head", kind="person", id=buyer["id"])
    expect(page.get_by_role("main")).to_contain_text(f"In {head['standing']['name']} since")
    expect(page.get_by_role("main")).to_contain_text("none so far")
    page.get_by_role("main").get_by_role("link", name=buyer["account"], exact=True).click()
    account = api("journeys/head", kind="account", id=buyer["account"])
    expect(page.locator("main h1")).to_have_text(f"Account {buyer['account']}")
    members = page.get_by_role("main").get_by_text(f"{count(account['count'])} people:")
    expect(members.get_by_role("link")).to_have_count(account["count"])


def test_a_timeline_is_narrowed_by_kind_and_month(
    open_page: Open, api: Ask, buyer: dict[str, Any]
) -> None:
    page = open_page(f"/people/{buyer['id']}")
    line = page.get_by_role("region", name="Timeline")
    whole = api("journeys/moments", kind="person", id=buyer["id"])
    rows = line.locator("time")
    expect(rows).to_have_count(whole["total"])
    shown = [one.get_attribute("datetime") for one in rows.all()]
    assert shown == [one["time"] for one in whole["moments"]]
    pick(page, "Kind of moment", "Pay")
    paid = api("journeys/moments", ("name", "Pay"), kind="person", id=buyer["id"])
    assert 0 < paid["total"] < whole["total"]
    expect(rows).to_have_count(paid["total"])
    assert "€" in words(line)
    with held(page, "**/api/journeys/moments?*"):
        pick(page, "Kind of moment", "Look")
        expect(page.get_by_role("status")).to_contain_text("Reading this journey")
    looked = api("journeys/moments", ("name", "Look"), kind="person", id=buyer["id"])
    expect(rows).to_have_count(looked["total"])


def test_nobody_and_somebody_unknown_are_said_with_a_way_on(open_page: Open) -> None:
    page = open_page("/people?who=device%20%3D%20'none%20such'")
    expect(page.get_by_role("heading", name="Nobody", exact=True)).to_be_visible()
    page.get_by_role("button", name="Everybody").click()
    expect(page.locator("main tbody tr")).to_have_count(50)
    page = open_page("/people/somebody-else")
    expect(page.get_by_role("alert")).to_contain_text("somebody-else")
