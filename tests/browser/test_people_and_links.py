"""A number opens its people, as many as it says; a copied link shows the same view."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from .reading import count

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


def test_a_step_s_number_opens_exactly_its_people(open_page: Open, picture: dict[str, Any]) -> None:
    page = open_page("/map")
    step = max(picture["price"]["steps"], key=lambda one: one["people"])
    page.locator(f"[data-step='{step['id']}'] [data-part=people]").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-part=count]")).to_have_text(f"{count(step['people'])} people")
    rows = drawer.locator("tbody tr")
    expect(rows).to_have_count(min(50, step["people"]))
    if step["people"] > 50:
        drawer.get_by_role("button", name="Show more").click()
        expect(rows).to_have_count(min(100, step["people"]))


def test_a_press_on_a_card_an_arrow_and_a_stub_opens_what_it_shows(
    open_page: Open, picture: dict[str, Any]
) -> None:
    page = open_page("/map")
    names = {step["id"]: step["name"] for step in picture["document"]["steps"]}
    step = picture["columns"][0][1][0]
    card = page.locator(f"[data-step='{step}']")
    card.click(position={"x": 100, "y": 10})
    expect(page.get_by_role("complementary", name=names[step])).to_be_visible()
    arrow = page.locator("[data-arrow]").first
    source, target = (arrow.get_attribute("data-arrow") or "/").split("/")
    arrow.click()
    title = f"{names[source]}, again" if source == target else f"{names[source]} → {names[target]}"
    expect(page.get_by_role("complementary", name=title)).to_be_visible()


def test_those_who_left_open_exactly_as_many_as_the_stub_counts(
    open_page: Open, picture: dict[str, Any]
) -> None:
    page = open_page("/map")
    exits = [one["arrow"] for one in picture["arrows"] if one["arrow"]["to"] == "exit"]
    most = max(exits, key=lambda arrow: arrow["people"])
    page.locator(f"[data-exit='{most['from']}'] button").click()
    said = page.get_by_role("dialog").locator("[data-part=count]")
    expect(said).to_have_text(f"{count(most['people'])} people")


def test_every_step_and_arrow_has_as_many_people_as_it_says(
    api: Callable[..., Any], picture: dict[str, Any]
) -> None:
    def listed(**cell: str) -> int:
        return api("journeys/people", limit=1, **cell)["count"]

    steps = {one["id"]: one["people"] for one in picture["price"]["steps"]}
    assert {step: listed(step=step) for step in steps} == steps
    arrows = {(a["from"], a["to"]): a["people"] for a in picture["price"]["arrows"]}
    assert {pair: listed(step=pair[0], to_step=pair[1]) for pair in arrows} == arrows


def test_the_people_come_as_csv_all_of_them(
    open_page: Open, picture: dict[str, Any], tmp_path: Path
) -> None:
    priced = [one for one in picture["price"]["steps"] if one["people"] > 0 and one["why"] is None]
    step = min(priced or picture["price"]["steps"], key=lambda one: one["people"])
    page = open_page(f"/map?people=step/{step['id']}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV of all").click()
    file = tmp_path / "people.csv"
    waiting.value.save_as(file)
    with file.open(newline="") as text:
        assert len(list(csv.DictReader(text))) == step["people"]


def test_a_copied_link_shows_the_same_view(open_page: Open, picture: dict[str, Any]) -> None:
    step = picture["columns"][-1][1][0]
    first = open_page("/map")
    first.keyboard.press("2")
    first.locator(f"[data-step='{step}'] > button").press("Enter")
    first.wait_for_selector("aside")
    link = urlsplit(first.url)
    second = open_page(f"{link.path}?{link.query}")
    assert second.get_by_role("radio", name="Time").is_checked()
    assert second.locator("aside h2").inner_text() == first.locator("aside h2").inner_text()


def test_back_undoes_a_change_of_the_selection(open_page: Open) -> None:
    page = open_page("/map")
    page.keyboard.press("1")
    page.wait_for_url("**lens=flow**")
    page.go_back()
    page.wait_for_function("() => !location.search.includes('lens')")


def test_a_filter_becomes_a_chip_and_part_of_the_address(
    open_page: Open, api: Callable[..., Any]
) -> None:
    column = next(
        one
        for one in api("columns")
        if one["name"] != "event" and one["kind"] == "text" and one["values"]
    )
    page = open_page("/map")
    page.get_by_role("button", name="filter", exact=True).click()
    page.get_by_role("combobox", name="Column").fill(column["name"])
    page.get_by_role("option", name=column["name"], exact=True).click()
    value = column["values"][0]["value"]
    page.get_by_role("combobox", name="Value").fill(value)
    page.get_by_role("option", name=value).first.click()
    page.get_by_role("button", name="Add the filter").click()
    page.wait_for_url("**who=**")
    chip = page.get_by_role("button", name="Take the filter")
    expect(chip).to_have_count(1)
    chip.click()
    page.wait_for_function("() => !location.search.includes('who')")


def test_a_filter_written_as_text_takes_every_function_and_shows_its_mistake(
    open_page: Open, api: Callable[..., Any]
) -> None:
    first, second = (one["value"] for one in api("measure/choices")["events"][:2])
    pattern = f"""matches('"{first}" ->> "{second}"', within='30d')"""
    page = open_page("/map")
    page.get_by_role("button", name="filter", exact=True).click()
    page.get_by_role("button", name="Write it as text").click()
    field = page.get_by_role("textbox", name="Whom it keeps")
    field.fill(f"did('{first}') and " + pattern.replace("->>", "=>"))
    page.get_by_role("button", name="Add the filter").click()
    wrong = page.get_by_role("alert")
    expect(wrong).to_contain_text("Did you mean ->?")
    expect(wrong.locator("mark")).to_have_text("=")
    selected = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    assert field.evaluate(selected) == "="
    field.fill(f"did('{first}') and {pattern}")
    expect(wrong).to_have_count(0)
    page.get_by_role("button", name="Add the filter").click()
    page.wait_for_url("**who=**")
    chip = page.get_by_role("button", name="Take the filter")
    expect(chip).to_have_count(1)
    expect(page.get_by_role("region", name="Selection")).to_contain_text("matches(")


def test_the_map_leaves_as_csv_svg_and_png(
    open_page: Open, picture: dict[str, Any], tmp_path: Path
) -> None:
    page = open_page("/map")
    for name in ("CSV: steps", "CSV: moves", "SVG", "PNG"):
        page.get_by_role("button", name="Map: table, files and link").click()
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=name, exact=True).click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        content = file.read_bytes()
        if name == "CSV: steps":
            assert len(list(csv.DictReader(content.decode().splitlines()))) == len(
                picture["price"]["steps"]
            )
        elif name == "CSV: moves":
            assert len(list(csv.DictReader(content.decode().splitlines()))) == len(
                picture["arrows"]
            )
        elif name == "SVG":
            assert content.startswith(b"<svg")
            assert all(
                step["name"].split()[0].encode() in content for step in picture["document"]["steps"]
            )
        else:
            assert content.startswith(b"\x89PNG")
            assert len(content) > 20_000


def test_the_chart_leaves_as_svg_with_every_priced_arrow(
    open_page: Open, picture: dict[str, Any], tmp_path: Path
) -> None:
    page = open_page("/value?view=picture")
    page.get_by_role("button", name="Price of arrows: table, files and link").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="SVG", exact=True).click()
    file = tmp_path / "chart.svg"
    waiting.value.save_as(file)
    text = file.read_text()
    names = {step["id"]: step["name"] for step in picture["document"]["steps"]}
    priced = [
        a
        for a in picture["price"]["arrows"]
        if a["per_month"] is not None and a["to"] != "exit" and a["people"]
    ]
    assert all(names[arrow["from"]].split()[0] in text for arrow in priced)
