"""An entity is declared on Data, asked about in the rooms of Explore in its own word, and taken away again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pathworth.store.entities.shelf import LOCK
from pathworth.store.files import alone

from .doing import pick, words
from .reading import count
from .test_axe import complaints
from .test_data_and_settings import section

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-entities"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]


@contextmanager
def kept_waiting(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Be the one who builds an entity, so that the server has to wait."""
    (root,) = factory.getbasetemp().glob("shop-entities*/workspace")
    with alone(root / LOCK):
        yield


def test_an_entity_is_declared_asked_and_taken_away(
    open_page: Open, api: Ask, axe: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert api("collect/entities") == []
    page = open_page("/explore/flow")
    expect(page.get_by_role("combobox", name="Journeys of")).to_have_count(0)

    page = open_page("/data")
    place = section(page, "Entities")
    place.get_by_label("What one is called").fill("Account")
    pick(page, "The property that names it", "account_id")
    place.get_by_role("button", name="Say what it takes").click()
    expect(place).to_contain_text("cannot be the name of an entity")
    place.get_by_label("What one is called").fill("account")
    place.get_by_role("button", name="Say what it takes").click()
    cost = api("collect/entities/cost", name="account", by="account_id")
    expect(place).to_contain_text(f"{count(cost['entities'])} with {count(cost['events'])} events")
    expect(place).to_contain_text(f"{count(cost['without'])} events belong to none")
    other = open_page("/data")
    with kept_waiting(tmp_path_factory):
        place.get_by_role("button", name="Build it").click()
        expect(place).to_contain_text("Journeys of accounts: waiting for its turn")
        other.reload()
        beside = section(other, "Entities")
        expect(beside.get_by_role("progressbar")).to_be_visible()
        beside.get_by_role("button", name="Cancel").click()
    for shown in (place, beside):
        expect(shown).to_contain_text("The building of accounts was cancelled.")
    assert api("collect/entities") == []
    place.get_by_role("button", name="Close").click()
    place.get_by_role("button", name="Build it").click()
    expect(place).to_contain_text("The journeys of accounts are there: ")
    row = place.get_by_role("row").filter(has_text="account_id")
    expect(row).to_contain_text("newest")
    (made,) = api("collect/entities")
    shown = words(row)
    assert count(made["entities"]) in shown
    assert count(made["events"]) in shown
    assert complaints(page, axe) == []

    page = open_page("/explore/flow")
    people = api("measure/transitions")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        f"{count(people['entities'])} people make"
    )
    pick(page, "Journeys of", "accounts")
    accounts = api("measure/transitions", of="account")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{count(accounts['entities'])} accounts make")
    assert accounts["entities"] == made["entities"] < people["entities"]
    assert "of=account" in page.url
    assert complaints(page, axe) == []

    edge = max(accounts["edges"], key=lambda one: one["count"])
    behind = api("measure/transitions/people", of="account", cell=f"{edge['from']} > {edge['to']}")
    page.get_by_role("button", name=count(behind["count"]), exact=True).first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("accounts")
    expect(drawer.get_by_role("columnheader", name="Account")).to_be_visible()
    expect(drawer.get_by_role("cell", name=behind["people"][0]["id"], exact=True)).to_be_visible()
    assert drawer.get_by_role("cell").get_by_role("button").count() == 0
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Retention", exact=True).click()
    cohorts = api("measure/retention", of="account", period="month")["cohorts"]
    page.wait_for_url("**/explore/retention?*of=account*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("accounts")
    expect(page.get_by_role("columnheader", name="Accounts")).to_be_visible()
    table = page.get_by_role("table").first
    for one in cohorts[:3]:
        assert count(one["size"]) in words(table)

    page = open_page("/explore/funnel?step=Visit&step=Pay&of=account")
    funnel = api("measure/funnel", step=["Visit", "Pay"], of="account")
    first, last = (one["entities"] for one in funnel["steps"])
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        f"Of {count(first)} accounts that take Visit, {count(last)} reach Pay"
    )
    page = open_page("/explore/lifecycle?of=account")
    expect(page.get_by_role("heading", level=1)).to_contain_text("account")

    page = open_page("/data")
    section(page, "Entities").get_by_role("button", name="Remove account").click()
    expect(section(page, "Entities")).to_contain_text("Only people have journeys so far")
    assert api("collect/entities") == []
    page = open_page("/explore/flow?of=account")
    expect(page.get_by_text("ENTITY_NOT_BUILT")).to_be_visible()
