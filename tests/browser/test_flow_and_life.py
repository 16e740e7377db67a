"""Flow of A against B, the life of people, sessions by an event, and marks of what was released on all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from .conftest import every_look
from .doing import pick, words
from .reading import count, percent
from .test_axe import complaints

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-life"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
OLD = "device = 'old phone'"
SIDES = {"who": OLD, "against_who": f"not ({OLD})"}
RELEASES = [
    {"name": "New checkout", "at": "2025-02-03T09:00:00Z", "note": "One page in place of three"},
    {"name": "Prices up", "at": "2025-03-05", "note": ""},
]


def asked(question: str, **said: str) -> str:
    return f"/explore/{question}?{urlencode(said)}"


@pytest.fixture
def marked(open_page: Open, api: Ask) -> list[str]:
    """Names of the releases, told by a deploy hook; telling them again changes nothing."""
    page = open_page("/data")
    for one in RELEASES:
        made = page.request.post(
            f"{page.url.rpartition('/data')[0]}/api/collect/releases", data=one
        )
        assert made.ok, made.text()
    return [one["name"] for one in api("collect/releases")]


def test_where_b_goes_more_often_than_a_is_said_drawn_and_opens_its_people(
    open_page: Open, api: Ask
) -> None:
    page = open_page(asked("flow", who=OLD, against="1", against_who=f"not ({OLD})"))
    found = api("measure/transitions/diff", entities=1, **SIDES)
    pay = next(one for one in found["edges"] if (one["from"], one["to"]) == ("Cart", "Pay"))
    assert pay["share"]["q"] <= found["rate"]
    a, b = (percent(pay["share"][side]) for side in ("a", "b"))
    said = f"After Cart, {a} of A and {b} of B go on to Pay. {pay['share']['words']}"
    expect(page.locator("main h1")).to_contain_text(said)
    table = page.get_by_role("table", name="A against B")
    expect(table.locator("tbody tr")).to_have_count(len(found["edges"]))
    row = table.get_by_role("row").filter(has_text="CartPay").first
    expect(row).to_contain_text(pay["share"]["words"])
    expect(row).to_contain_text(pay["seconds"]["words"])
    # What can be told apart is coloured and says by how many points; the rest is grey and says nothing.
    told = [one for one in found["edges"] if one["share"]["q"] <= found["rate"]]
    texts = page.locator("main svg text").all_text_contents()
    drawn = sorted(text for text in texts if text[:1] in {"▲", "▼"})
    assert drawn == sorted(
        f"{'▲' if one['share']['difference'] > 0 else '▼'} "
        f"{int(abs(one['share']['difference']) * 100 + 0.5)}"
        for one in told
    )
    row.get_by_role("button", name=count(pay["entities_b"]), exact=True).click()
    drawer = page.get_by_role("dialog", name="People who went from Cart to Pay in B")
    expect(drawer.locator("[data-part=count]")).to_have_text(f"{count(pay['entities_b'])} people")


def test_moves_inside_sessions_and_their_money_are_a_choice_each(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/flow")
    pick(page, "Inside", "sessions, by an event")
    pick(page, "A session begins with each", "Visit")
    found = api("measure/transitions", entities=1, of="session(event=Visit)")
    expect(page.locator("main h1")).to_contain_text(f"{count(found['entities'])} people make")
    expect(page.locator("main table tbody tr")).to_have_count(len(found["edges"]))
    page.get_by_role("switch").press(" ")
    page.wait_for_url("**money=value**")
    paid = api("measure/transitions", money="value", of="session(event=Visit)")["edges"]
    pay = next(one for one in paid if one["to"] == "Pay")
    row = page.locator("main table tbody tr").filter(has_text="CartPay")
    expect(row).to_contain_text(f"€{count(pay['money'])}")


def test_the_life_of_people_is_told_drawn_with_marks_and_opens_its_people(
    open_page: Open, api: Ask, marked: list[str]
) -> None:
    page = open_page("/explore/lifecycle")
    periods = api("measure/lifecycle")["periods"]
    last = [one for one in periods if one["dormant"] is not None][-1]
    there = last["new"] + last["returning"] + last["resurrecting"]
    expect(page.locator("main h1")).to_contain_text(f"{count(there)} people were there")
    marks = page.get_by_role("list", name="What was released, or happened")
    expect(marks.get_by_role("listitem")).to_have_count(len(marked))
    for k, name in enumerate(marked, start=1):
        expect(marks.get_by_role("listitem").nth(k - 1)).to_contain_text(f"{k}{name}")
    texts = page.locator("main svg text").all_text_contents()
    assert {"1", "2"} <= {text.strip() for text in texts}
    # The name of a mark says when and what on focus, for those who do not point.
    marks.get_by_text(marked[0]).focus()
    expect(page.get_by_role("tooltip")).to_contain_text(RELEASES[0]["note"])
    row = page.locator("main tbody tr").filter(has_text=f"◆ {marked[0]}")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Feb 3, 2025")
    most = max(periods, key=lambda one: one["new"])
    at = len(periods) - 1 - periods.index(most)
    own = page.locator("main tbody tr").nth(at)
    own.get_by_role("button").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-part=count]")).to_have_text(f"{count(most['new'])} people")


def test_who_stays_is_compared_and_a_mark_divides_before_and_after(
    open_page: Open, api: Ask, marked: list[str]
) -> None:
    page = open_page("/explore/lifecycle")
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("menuitem", name=marked[0]).click()
    page.wait_for_url("**against_from=2025-02-03**")
    expect(page.locator("main h1")).to_contain_text("Of those there in one week")
    found = api(
        "measure/lifecycle/diff",
        **{"from": "2025-01-06", "to": "2025-02-03"},
        against_from="2025-02-03",
        against_to="2025-03-03",
    )
    assert "to=2025-02-03&against=1&against_from=2025-02-03&against_to=2025-03-03" in page.url
    expect(page.locator("main h1")).to_contain_text(found["stayed"]["words"])
    tables = page.locator("main table caption")
    assert [words(one) for one in tables.all()] == ["A: by week", "B: by week"]


def test_the_rows_of_cohorts_carry_the_marks_and_the_second_use_begins_others(
    open_page: Open, api: Ask, marked: list[str]
) -> None:
    page = open_page(asked("retention", period="week", start="event = 'Pay'"))
    expect(page.locator("main tbody tr").filter(has_text=f"◆ {marked[1]}")).to_have_count(1)
    page.get_by_label("Which such event they begin with").fill("2")
    page.wait_for_url("**nth=2**")
    cohorts = api("measure/retention", period="week", start="event = 'Pay'", nth=2)["cohorts"]
    size = sum(
        one["size"]
        for one in cohorts
        if len(one["retained"]) > 1 and one["retained"][1] is not None
    )
    expect(page.locator("main h1")).to_contain_text(f"Of {count(size)} people whose next week")
    expect(page.locator("main tbody tr")).to_have_count(len(cohorts))


def test_sessions_say_what_they_end_with_and_open_whose(open_page: Open, api: Ask) -> None:
    page = open_page("/explore/sessions")
    pick(page, "Broken down by", "plan")
    found = api("measure/sessions", by="plan")
    parts = page.get_by_role("table", name="Broken down").locator("tbody tr")
    expect(parts).to_have_count(len(found["by"]))
    for one in found["by"]:
        expect(parts.filter(has_text=one["value"])).to_contain_text(count(one["sessions"]))
    ends = page.get_by_role("table", name="What sessions end with").locator("tbody tr")
    expect(ends).to_have_count(len(found["ends"]))
    first = found["ends"][0]
    expect(ends.first).to_contain_text(f"{first['event']}{count(first['sessions'])}")
    expect(ends.first).to_contain_text(percent(first["share"]))
    ends.first.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-part=count]")).to_have_text(f"{count(first['entities'])} people")


def test_every_room_says_how_many_people_it_left_out(open_page: Open, api: Ask) -> None:
    page = open_page("/data")
    base = page.url.rpartition("/data")[0]
    rule = {"name": "robots", "who": "person like 'p00%'"}
    made = page.request.post(f"{base}/api/collect/exclusions", data=rule)
    assert made.ok, made.text()
    try:
        assert api("workspace")["excluded"] == {"robots": 10}
        for room in ("flow", "funnel", "retention", "lifecycle", "sessions"):
            shown = open_page(f"/explore/{room}")
            expect(shown.locator("main [data-part=left-out]")).to_contain_text("10 robots")
        for path in ("/today", "/map", "/value", "/people", "/act", "/learn", "/data"):
            shown = open_page(path)
            expect(shown.locator("header [data-part=left-out]")).to_have_text(" · 10 left out")
    finally:
        page.request.delete(f"{base}/api/collect/exclusions/robots")


def test_a_mark_stands_on_a_timeline_between_the_visits_around_it(
    open_page: Open, api: Ask, marked: list[str]
) -> None:
    at = RELEASES[0]["at"].rstrip("Z")
    rows = api("journeys/people", step=api("atlas/map")["steps"][0]["id"], limit=1000)["people"]
    who = next(one["id"] for one in rows if one["first"] < at < one["last"])
    page = open_page(f"/people/{who}")
    mark = page.get_by_role("region", name="Timeline").get_by_role("note", name="Marks: ")
    expect(mark.filter(has_text=marked[0])).to_have_count(1)
    expect(mark.filter(has_text=marked[0])).to_contain_text("Feb 3, 2025")


@pytest.mark.parametrize("question", ["flow", "lifecycle", "retention", "sessions"])
def test_axe_finds_nothing_where_two_differ(open_page: Open, axe: str, question: str) -> None:
    page = open_page(asked(question, who=OLD, against="1", against_who=f"not ({OLD})"))
    for look in every_look(page):
        assert complaints(page, axe) == [], look
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, look


@pytest.mark.parametrize("path", ["/explore/lifecycle", "/explore/lifecycle?view=table"])
@pytest.mark.usefixtures("marked")
def test_axe_finds_nothing_where_marks_stand(open_page: Open, axe: str, path: str) -> None:
    page = open_page(path)
    for look in every_look(page):
        assert complaints(page, axe) == [], look
