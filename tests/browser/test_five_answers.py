"""A stranger reads five answers from the visible page, and each number is the API's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from .conftest import PHONE, WIDE
from .reading import about_money, count, has_money, percent, shown_losses, signs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize(
        "served", ["company", "renamed", "ecom"], indirect=True, scope="session"
    ),
    pytest.mark.usefixtures("served"),
]
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
PAGES = pytest.mark.parametrize("path", ["/map", "/value"])
Open = Callable[..., Page]


def words(place: Locator) -> str:
    return " ".join(place.inner_text().split())


@SIZES
@PAGES
def test_the_first_sentence_is_the_one_that_the_api_says(
    open_page: Open, picture: dict[str, Any], size: dict[str, int], path: str
) -> None:
    page = open_page(path, size)
    heading = page.locator("main h1")
    assert words(heading) == signs(picture["headline"], picture["price"]["currency"])
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < size["height"]


@SIZES
def test_every_step_says_its_people_and_share(
    open_page: Open, picture: dict[str, Any], size: dict[str, int]
) -> None:
    page = open_page("/map", size)
    names = {step["id"]: step["name"] for step in picture["document"]["steps"]}
    for step in picture["price"]["steps"]:
        card = page.locator(f"[data-step='{step['id']}']")
        assert words(card.locator("h3")) == names[step["id"]]
        assert words(card.locator("[data-part=people]")) == count(step["people_per_month"])
        assert words(card.locator("[data-part=share]")).lstrip("· ") == percent(step["share"])


@SIZES
def test_where_people_loop_is_drawn_and_said_with_its_share(
    open_page: Open, picture: dict[str, Any], size: dict[str, int]
) -> None:
    page = open_page("/map", size)
    names = {step["id"]: step["name"] for step in picture["document"]["steps"]}
    again = [one for one in picture["arrows"] if one["kind"] != "forward" and one["shown"]]
    assert again, "this demo has loops or returns to show"
    for one in again:
        arrow, loop = one["arrow"], one["kind"] == "loop"
        if arrow["share"] is None:
            continue
        if size == WIDE:
            label = page.locator(f"[data-arrow='{arrow['from']}/{arrow['to']}']")
            said = f"{percent(arrow['share'])} {'again' if loop else 'back'}"
            # Where a return's label would hide another, the arrow keeps it for those who point at it.
            assert words(label) == said or (not loop and words(label) == "")
            assert (label.get_attribute("aria-label") or "") != ""
        else:
            where = "again" if loop else f"back to {names[arrow['to']]}"
            rows = page.locator(f"li:has([data-step='{arrow['from']}']) [data-kind={one['kind']}]")
            texts = {words(row) for row in rows.all()}
            assert f"{where} {percent(arrow['share'])}" in texts
    if size == WIDE:
        drawn = page.locator("g[data-kind=loop] path[stroke-width]")
        assert drawn.count() == sum(one["kind"] == "loop" for one in again)


@SIZES
def test_what_costs_most_stands_on_the_cards(
    open_page: Open, picture: dict[str, Any], size: dict[str, int]
) -> None:
    page = open_page("/map", size)
    losses = shown_losses(picture["price"])
    shown = page.locator("[data-part=lost]")
    assert shown.count() == len(losses)
    for step, lost in losses.items():
        text = words(page.locator(f"[data-step='{step}'] [data-part=lost]"))
        assert text == about_money(-lost, picture["price"]["currency"])


@SIZES
@PAGES
def test_what_to_do_and_what_to_ignore_stand_on_the_first_screen(
    open_page: Open, picture: dict[str, Any], size: dict[str, int], path: str
) -> None:
    page = open_page(path, size)
    price = picture["price"]
    for row in price["do_next"][:3]:
        card = page.locator(f"li[data-row='{row['id']}']").first
        assert words(card.locator("[data-part=title]")) == signs(row["title"], price["currency"])
        assert words(card.locator("[data-part=worth]")) == about_money(
            row["per_month"], price["currency"]
        )
    for row in price["ignore"][:3]:
        item = page.locator(f"li[data-row='{row['id']}']").first
        assert words(item.locator("[data-part=title]")) == signs(row["title"], price["currency"])
    bottom = page.evaluate(
        "Math.max(...[...document.querySelectorAll('main section')]"
        ".filter(s => /^(DO NEXT|IGNORE WITHOUT GUILT)/i.test(s.innerText))"
        ".map(s => s.getBoundingClientRect().bottom))"
    )
    assert bottom <= size["height"]


def test_the_price_on_every_arrow_is_the_api_s(open_page: Open, picture: dict[str, Any]) -> None:
    page = open_page("/map?lens=money")
    currency = picture["price"]["currency"]
    seen = 0
    for one in picture["arrows"]:
        arrow = one["arrow"]
        if not one["shown"] or one["kind"] != "forward" or arrow["to"] == "exit":
            continue
        label = page.locator(f"[data-arrow='{arrow['from']}/{arrow['to']}']")
        assert label.count() == 1
        text = words(label)
        worth = arrow["per_month"]
        assert text in {"", "?" if worth is None else about_money(worth, currency)}
        if worth is not None:
            assert f"worth about {about_money(worth, currency)} a month" in (
                label.get_attribute("aria-label") or ""
            )
            seen += text != ""
    assert seen > 0 or not has_money(picture)


def test_one_denominator_is_printed_and_hidden_moves_are_counted(
    open_page: Open, picture: dict[str, Any]
) -> None:
    page = open_page("/map")
    denominator = words(page.locator("[data-part=denominator]"))
    assert (
        denominator
        == f"Shares are of {count(picture['price']['entrants_per_month'])} who come in a month"
    )
    hidden = picture["hidden_moves"]
    note = page.locator("[data-part=hidden]")
    assert note.count() == min(hidden, 1)
    if hidden:
        before = page.locator("[data-arrow]").count()
        note.get_by_role("button").click()
        page.wait_for_url("**/map?**smaller=show**")
        page.wait_for_function(f"() => document.querySelectorAll('[data-arrow]').length > {before}")


def test_those_who_leave_are_counted_below_their_step(
    open_page: Open, picture: dict[str, Any]
) -> None:
    page = open_page("/map")
    for step in picture["price"]["steps"]:
        stub = page.locator(f"[data-exit='{step['id']}']")
        assert stub.count() == (1 if step["leave"] > 0 else 0)
        if step["leave"] > 0:
            assert words(stub) == f"{count(step['leave_per_month'])} leave"
