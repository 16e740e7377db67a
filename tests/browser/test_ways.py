"""Explore's ways: paths, before and after, whole journeys, returns, each held against the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from .doing import pick
from .reading import count, percent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
OLD = "device = 'old phone'"
SHOWN = {"most": 7, "depth": 4}


def asked(question: str, *said: tuple[str, str]) -> str:
    return f"/explore/{question}?{urlencode(said)}"


def told(page: Page) -> Any:
    return page.get_by_role("dialog").locator("[data-part=count]")


def test_paths_are_built_by_name_and_a_drop_off_opens_exactly_its_people(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/explore/paths")
    expect(page.locator("main h1")).to_contain_text("people begin, most often with Visit")
    pick(page, "From", "Cart")
    found = api("measure/paths", ("anchor", "Cart"), **SHOWN)
    expect(page.locator("main h1")).to_contain_text(
        f"{count(found['anchored'])} people come to Cart"
    )
    rows = page.get_by_role("table", name="Where they are, step by step").locator("tbody tr")
    expect(rows).to_have_count(len(found["nodes"]))
    [cart] = [node for node in found["nodes"] if node["level"] == 0]
    [ended] = [stop for stop in cart["stops"] if stop["kind"] == "ended"]
    people = api("measure/paths/people", ("anchor", "Cart"), cell="0 Cart > (ended)", **SHOWN)
    assert people["count"] == ended["count"]
    rows.first.get_by_role("button", name=count(ended["count"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(ended['count'])} people")
    assert "people=cell" in page.url


def test_a_picture_opens_people_and_shows_rarer_steps_one_by_one(open_page: Open, api: Ask) -> None:
    page = open_page(asked("paths", ("most", "1"), ("repeats", "keep")))
    found = api("measure/paths", most=1, depth=4, repeats="keep")
    other = next(node for node in found["nodes"] if node.get("joins"))
    page.get_by_role("button", name=f"{other['joins']} others: show them").first.click()
    whole = api("measure/paths", most=1, depth=4, repeats="keep", opened=other["level"])
    rows = page.get_by_role("table", name="Where they are, step by step").locator("tbody tr")
    expect(rows).to_have_count(len(whole["nodes"]))
    expect(page.get_by_text(f"Every step is shown {other['level']} step")).to_be_visible()
    begins = max((n for n in whole["nodes"] if n["level"] == 0), key=lambda n: n["count"])
    page.locator("main [role=img]").click(position={"x": 11, "y": 40})
    expect(told(page)).to_have_text(f"{count(begins['count'])} people")


def test_what_lies_before_and_after_adds_up_in_every_column(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/around")
    expect(page.get_by_role("heading", name="Around which step?")).to_be_visible()
    pick(page, "Around", "Cart")
    matrix = api("measure/step_matrix", ("anchor", "Cart"), depth=3, most=9)
    for column in range(len(matrix["positions"])):
        assert sum(row["counts"][column] for row in matrix["rows"]) == matrix["walks"]
    table = page.locator("main table")
    expect(table.locator("tbody tr")).to_have_count(len(matrix["rows"]))
    ended = next(row for row in matrix["rows"] if row["kind"] == "ended")
    last = table.locator("tbody tr").filter(has_text="ended").locator("td").last
    expect(last).to_have_text(percent(ended["shares"][-1]))
    last.get_by_role("button").click()
    expect(told(page)).to_have_text(f"{count(ended['counts'][-1])} people")


def test_whole_journeys_are_counted_with_all_others(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/variants")
    found = api("measure/variants", length=5)
    expect(page.locator("main h1")).to_contain_text(
        f"{count(found['entities'])} people take {count(found['variants'])} different journeys"
    )
    rows = page.locator("main table tbody tr")
    expect(rows).to_have_count(len(found["shown"]) + 1)
    rows.first.get_by_role("button", name=count(found["shown"][0]["count"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(found['shown'][0]['count'])} people")


def test_returns_and_loops_are_what_the_api_says_and_are_compared(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/explore/rework")
    found = api("measure/rework")
    first, loop = found["states"][0], found["loops"][0]
    said = f"of those who come to {first['state']} come back to it"
    expect(page.locator("main h1")).to_contain_text(said)
    back = page.get_by_role("table", name="What people come back to").locator("tbody tr")
    expect(back).to_have_count(len(found["states"]))
    loops = page.get_by_role("table", name="Loops through one other step").locator("tbody tr")
    expect(loops.first).to_contain_text(f"{loop['state']} → {loop['through']} → {loop['state']}")
    loops.first.get_by_role("button", name=count(loop["entities"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(loop['entities'])} people")
    page = open_page(asked("rework", ("who", OLD)))
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("menuitem", name="Everybody else").click()
    diff = api("measure/rework/diff", who=OLD, against_who=f"not ({OLD})")
    told_words = page.get_by_role("table", name="A against B, the clearest first")
    expect(told_words).to_contain_text(diff["states"][0]["share"]["words"])


def test_a_pattern_is_written_counted_and_pointed_at_where_it_is_wrong(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/explore/matches")
    expect(page.get_by_role("heading", name="Which pattern?")).to_be_visible()
    pick(page, "Put in a step", "Visit")
    pick(page, "Put in a step", "Look")
    field = page.get_by_label("Pattern", exact=True)
    expect(field).to_have_value("Visit -> Look")
    page.get_by_role("button", name="Look for it").click()
    found = api("measure/matches", pattern="Visit -> Look")["found"]
    expect(page.locator("main h1")).to_contain_text(
        f"{percent(found['share'])} of {count(found['entities'])} people have a journey with"
    )
    often = page.get_by_role("table", name="How often each journey holds it").locator("tbody tr")
    expect(often).to_have_count(6)
    for row, n in zip(range(6), found["often"], strict=True):
        expect(often.nth(row).locator("td").last).to_have_text(count(n) if n else "")
    whole = page.get_by_role("table", name="How many journeys hold the pattern")
    whole.get_by_role("button", name=count(found["matching"]), exact=True).click()
    expect(told(page)).to_have_text(f"{count(found['matching'])} people")
    page = open_page(asked("matches", ("pattern", "Visit - Cart")))
    expect(page.get_by_text("Did you mean ->?")).to_be_visible()
    expect(page.get_by_text("(character 7 of 'Visit - Cart')")).to_be_visible()


def test_what_is_asked_comes_along_from_one_question_to_the_next(open_page: Open) -> None:
    page = open_page(asked("paths", ("anchor", "Cart"), ("repeats", "keep"), ("who", OLD)))
    page.get_by_role("link", name="Before and after").click()
    expect(page.locator("main h1")).to_contain_text("come to Cart")
    assert "repeats=keep" in page.url
    assert "old+phone" in page.url
    page.get_by_role("link", name="Funnel").click()
    expect(page.get_by_role("heading", name="Which steps?")).to_be_visible()
    assert "repeats" not in page.url
