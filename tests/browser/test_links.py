"""Which ids are a person's stands on their page, where it is taken back; shared ids stand on the page Data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-links"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]


def test_a_person_of_several_ids_is_taken_apart_on_their_page(open_page: Open, api: Ask) -> None:
    one, other = sorted(row["id"] for row in api("journeys/listed", limit=2)["people"])
    apart = api("journeys/head", id=one)["events"]
    done = api("collect/links", send={"one": other, "other": one})
    assert done == {"changed": 1, "one": one, "other": one, "joined": True}
    page = open_page(f"/people/{other}")
    page.get_by_text("Known under 2 ids").click()
    expect(page.locator("details")).to_contain_text(f"is {one}: by hand")
    page.get_by_role("button", name=f"Take back that {other} is {one}").click()
    expect(page.get_by_text("Known under 2 ids")).to_have_count(0)
    assert api("journeys/head", id=one)["events"] == apart
    (link,) = api("collect/links")["links"]
    assert (link["one"], link["other"], link["state"]) == (other, one, "taken back")


def test_an_id_that_was_told_to_be_many_is_listed_and_joins_nobody(
    open_page: Open, api: Ask
) -> None:
    people = [row["id"] for row in api("journeys/listed", limit=9)["people"]]
    for who in people:
        api("collect/links", send={"one": "front desk", "other": who})
    page = open_page("/data")
    row = page.get_by_role("row").filter(has_text="front desk")
    expect(row).to_contain_text("was told to be 9 others")
    expect(row).to_contain_text("by hand")
    assert [row["id"] for row in api("journeys/listed", limit=9)["people"]] == people
