"""An entity is declared on Data, asked about in the rooms of Explore in its own word, and taken away again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from pathworth.store.entities.shelf import LOCK
from pathworth.store.files import alone

from .conftest import settle
from .doing import pick, words
from .reading import count
from .test_axe import complaints
from .test_data_and_settings import section

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-entities"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]


@contextmanager
def kept_waiting(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Be the one who builds an entity, so that the server has to wait."""
    with alone(factory.getbasetemp() / "shop-entities0" / "workspace" / LOCK):
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
        expect(beside).to_contain_text("Journeys of accounts: waiting for its turn")
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


@pytest.fixture
def accounts(api: Ask) -> None:
    """Declare accounts as a program does, and wait until they are there."""
    api("collect/entities", send={"name": "account", "by": "account_id"})
    for _ in range(600):
        if api("collect/building")[0]["state"] == "done":
            return
        time.sleep(0.1)
    raise AssertionError(api("collect/building"))


def last_over(answer: Any) -> int:
    """How many are there in the last period that is over."""
    one = next(one for one in reversed(answer["periods"]) if one["dormant"] is not None)
    return int(one["new"] + one["returning"] + one["resurrecting"])


def pooled(answer: Any) -> int:
    """How many began so long ago that the next period is over."""
    return sum(
        one["size"]
        for one in answer["cohorts"]
        if one["retained"][1:] and one["retained"][1] is not None
    )


Counted = Callable[[Any], int]
ROOMS: list[tuple[str, str, dict[str, str | list[str]], str, Counted]] = [
    ("flow", "transitions", {}, "{} accounts make", lambda a: a["entities"]),
    (
        "funnel",
        "funnel",
        {"step": ["Visit", "Pay"]},
        "Of {} accounts that take Visit",
        lambda a: a["steps"][0]["entities"],
    ),
    ("paths", "paths", {"anchor": "Look"}, "{} accounts come to Look", lambda a: a["anchored"]),
    ("around", "step_matrix", {"anchor": "Pay"}, "{} accounts come to", lambda a: a["anchored"]),
    ("variants", "variants", {"length": "5"}, "{} accounts take", lambda a: a["entities"]),
    ("rework", "rework", {}, "times by {} accounts.", lambda a: a["states"][0]["returning"]),
    (
        "matches",
        "matches",
        {"pattern": "Visit -> Look"},
        "of {} accounts have a journey",
        lambda a: a["found"]["entities"],
    ),
    ("trends", "trends", {}, "times to {} accounts", lambda a: a["series"][0]["whole"]["entities"]),
    ("stickiness", "stickiness", {}, "of {} accounts are there", lambda a: a["entities"]),
    ("retention", "retention", {"period": "month"}, "Of {} accounts whose next", pooled),
    ("lifecycle", "lifecycle", {"period": "week"}, "{} accounts were there", last_over),
    ("sessions", "sessions", {"gap": "1h"}, "{} accounts have", lambda a: a["entities"]),
    (
        "cohorts",
        "cohorts",
        {},
        "{} accounts in",
        lambda a: sum(one["size"] for one in a["cohorts"]),
    ),
    (
        "separates",
        "separates",
        {"goal": "Pay"},
        "B: {} those who reached Pay",
        lambda a: a["b"]["size"],
    ),
]


@pytest.mark.usefixtures("accounts")
def test_every_room_speaks_of_the_entity_and_opens_it(open_page: Open, api: Ask, at: str) -> None:
    page = open_page("/data")
    for question, word, said, sentence, number in ROOMS:
        query = urlencode({**said, "of": "account"}, doseq=True)
        page.goto(f"{at}/explore/{question}?{query}")
        settle(page)
        found = api(f"measure/{word}", **said, of="account")
        place = page.get_by_role("region", name="Answer")
        expect(place).to_contain_text(sentence.format(count(number(found))))
        expect(page.get_by_role("combobox", name="Journeys of")).to_have_value("accounts")
        labels = place.locator("[aria-label]").evaluate_all("all => all.map(one => one.ariaLabel)")
        for text in (words(place), *labels):
            assert not re.search(r"\b(people|persons?)\b", text, re.IGNORECASE), (question, text)
        numbers = place.get_by_role("button", name=re.compile(r"^[1-9][\d,]*$"))
        opening = numbers if numbers.count() else place.get_by_role("button", name="%")
        shown = words(opening.first)
        opening.first.click()
        drawer = page.get_by_role("dialog")
        told = drawer.locator("[data-part=count]")
        expect(told).to_contain_text(re.compile(r"^[\d,]+ accounts?\b"))
        assert "%" in shown or words(told).split()[0] == shown, question
        expect(drawer.get_by_role("columnheader", name="Account")).to_be_visible()
        assert not re.search(r"\b(people|persons?)\b", words(drawer), re.IGNORECASE), question
