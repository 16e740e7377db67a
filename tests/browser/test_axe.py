"""Axe finds nothing on any page, in any theme, size or state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import BOTH, CROSSED, LOOKS, WIDE, every_look

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FUNNEL = (
    "step=one := true&step=two := true?&step=three := true&exclude=four := false after 1 before 3"
)
"""Steps that every workspace has."""
PAGES = [
    "/map",
    "/map?lens=flow",
    "/map?lens=time",
    "/map?view=table",
    "/value",
    "/value?view=picture",
    "/today",
    "/plan",
    "/explore/flow",
    "/explore/flow?against=1",
    "/explore/lifecycle",
    "/explore/sessions",
    f"/explore/funnel?{FUNNEL}&times=survival",
    f"/explore/funnel?{FUNNEL}&count=occurrences&view=table",
    "/explore/retention",
    "/explore/paths",
    "/explore/around",
    "/explore/variants",
    "/explore/matches?pattern=Visit+-%3E+Cart",
    "/explore/rework",
    "/explore/numbers",
    "/explore/numbers?a=paths%3Fcell%3D0%2520a&a_title=Ours",
    "/explore/trends",
    "/explore/stickiness",
    "/explore/cohorts",
    "/explore/separates",
    "/people",
    "/act",
    "/learn",
    "/data",
    "/settings",
]
IN_EVERY_LOOK = {"/map", "/value", "/today", "/explore/flow", "/data"}
"""One of each kind; of the others every second is shown light and wide, dark and narrow, the rest the other way."""
RUN = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  const where = (node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(where).join(" | ")}`);
}"""


def complaints(page: Page, axe: str) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    return page.evaluate(RUN)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_page(open_page: Callable[..., Page], axe: str, path: str) -> None:
    page = open_page(path)
    two = BOTH if PAGES.index(path) % 2 else CROSSED
    for look in every_look(page, LOOKS if path in IN_EVERY_LOOK else two):
        assert complaints(page, axe) == [], look


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(
    open_page: Callable[..., Page], axe: str, picture: dict[str, Any], scheme: str
) -> None:
    step = picture["columns"][0][1][0]
    arrow = next(
        one["arrow"] for one in picture["arrows"] if one["shown"] and one["arrow"]["to"] != "exit"
    )
    for word in (f"step={step}", f"arrow={arrow['from']}/{arrow['to']}", f"people=step/{step}"):
        page = open_page(f"/map?{word}", WIDE, scheme)
        page.wait_for_timeout(400)
        assert complaints(page, axe) == [], word
    page = open_page("/map", WIDE, scheme)
    for press in ("?", "Control+k"):
        page.keyboard.press(press)
        page.wait_for_selector("[role=dialog]")
        page.wait_for_timeout(400)
        assert complaints(page, axe) == [], press
        page.keyboard.press("Escape")
        page.wait_for_selector("[role=dialog]", state="detached")
    page.get_by_role("button", name="filter", exact=True).click()
    page.wait_for_timeout(400)
    assert complaints(page, axe) == [], "filter"
    page.get_by_role("button", name="Write it as text").click()
    page.get_by_role("textbox", name="Whom it keeps").fill("plan is")
    page.get_by_role("button", name="Add the filter").click()
    page.get_by_role("alert").wait_for()
    assert complaints(page, axe) == [], "filter as text"
