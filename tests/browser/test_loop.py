"""The loop in the browser: planned, sent or not with its reason, read as an experiment, told on Today."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .doing import pick, words
from .hook_room import hook_room
from .reading import about_money, count
from .trade import bare

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-loop"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
SECRET = "whsec_" + b64encode(b"k" * 32).decode()
AGREED, SILENT = "p001", "p002"


@pytest.fixture(scope="module")
def decided(api: Ask) -> Iterator[dict[str, Any]]:
    """A program that sent one message to who agreed, and nothing to who did not."""
    with hook_room() as (address, kept):
        settings = api("act/settings")["channels"]
        settings["webhook"] |= {"url": address, "secret": SECRET}
        api("act/settings/channels", send=settings, method="PUT")
        program = api("act/programs/draft", send={"map": "journey", "step": "look"})
        program |= {"id": "looked", "name": "After a look", "channel": "webhook", "holdout": 0.0}
        program |= {"trigger": "enters", "stalls_after": None, "quiet_hours": None, "goal": None}
        api("act/programs/looked", send={"program": program}, method="PUT")
        proof = {"channel": "webhook", "purpose": program["purpose"], "proof": "form 7"}
        api("act/consents", send={"person": AGREED, "given": True, **proof})
        api("act/programs/looked/start", method="POST")
        now = datetime.now(UTC).isoformat()
        events = [
            {"event": "Look", "person": person, "time": now, "id": f"live-{person}"}
            for person in (AGREED, SILENT)
        ]
        api("collect/events", wait=1, send={"source": "site", "events": events})
        for _ in range(600):
            rows = {row["entity"]: row for row in api("act/decisions")}
            if len(rows) == 2 and rows[AGREED]["state"] == "delivered":
                break
            time.sleep(0.1)
        assert [one["person"] for one in kept] == [AGREED]
        yield rows


def test_a_decision_taken_and_one_not_taken_stand_in_the_feed_with_why(
    open_page: Open, decided: dict[str, Any]
) -> None:
    page = open_page("/act?show=decisions")
    rows = page.get_by_role("region", name="Decisions").get_by_role("listitem")
    expect(rows).to_have_count(len(decided))
    for row in decided.values():
        expect(rows.filter(has_text=row["sentence"])).to_have_count(1)
    assert bare(page) == []
    silent = rows.filter(has_text=decided[SILENT]["sentence"])
    expect(silent.get_by_role("img", name="Nothing sent")).to_be_visible()
    silent.get_by_role("link", name="Journey").click()
    expect(page.locator("main h1")).to_have_text(f"Person {SILENT}")


def test_a_timeline_shows_decisions_taken_and_not_taken(
    open_page: Open, api: Ask, decided: dict[str, Any]
) -> None:
    for person in decided:
        page = open_page(f"/people/{person}")
        moments = api("journeys/moments", kind="person", id=person, only="decision")["moments"]
        (one,) = moments
        line = page.get_by_role("region", name="Timeline")
        expect(line.locator("li[data-kind=decision]")).to_contain_text(one["decision"]["words"][0])
        # What arrived stands there like any other event: it is in every number already.
        (last,) = api("journeys/moments", kind="person", id=person, only="event", limit=1)[
            "moments"
        ]
        since = datetime.now(UTC) - datetime.fromisoformat(last["time"])
        assert (last["name"], since < timedelta(hours=1)) == ("Look", True)
        expect(line.locator("li[data-kind=event]").first).to_contain_text(last["name"])
        expect(line.locator("li[data-kind=waiting]")).to_have_count(0)


def test_the_calendar_counts_what_left_and_what_did_not(
    open_page: Open, api: Ask, decided: dict[str, Any]
) -> None:
    page = open_page("/act?show=calendar")
    (day,) = api("act/calendar", days_back=28)
    assert (day["sent"], day["nothing"]) == (1, len(decided) - 1)
    cells = page.get_by_role("table").locator("tbody td")
    expect(cells.nth(1)).to_have_text(day["program_name"])
    expect(cells.nth(2)).to_have_text(count(day["sent"]))
    expect(cells.nth(3)).to_have_text(count(day["nothing"]))


def test_a_program_is_drafted_from_a_step_corrected_started_and_stopped(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/map?step=cart")
    page.get_by_role("link", name="Draft a program").click()
    form = page.get_by_role("form", name="Program")
    form.get_by_label("Name").fill("Cart left alone")
    form.get_by_label("Stays for").fill("soon")
    expect(form.get_by_role("list", name="What to mend")).to_contain_text("Must be mended")
    form.get_by_label("Stays for").fill("36h")
    expect(form.get_by_text("Must be mended")).to_have_count(0)
    preview = form.get_by_role("region", name="Preview")
    someone = preview.get_by_label("Person").input_value()
    assert someone in {one["id"] for one in api("journeys/people", step="cart", limit=50)["people"]}
    form.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**program=**")
    expect(page.locator("main h1").last).to_have_text("Cart left alone")
    expect(page.get_by_role("main")).to_contain_text("stays at “Cart” for 36 hours")
    assert bare(page) == []
    line = next(one for one in api("act/programs") if one["name"] == "Cart left alone")
    assert line["state"] == "draft"
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_label("Why it is stopped").fill("enough seen")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    stopped = next(one for one in api("act/programs") if one["id"] == line["id"])
    assert (stopped["state"], stopped["why"]) == ("stopped", "enough seen")


def test_channels_and_one_person_s_consent_are_written_down(open_page: Open, api: Ask) -> None:
    page = open_page("/act?show=channels")
    page.get_by_role("textbox", name="Server", exact=True).fill("smtp.shop.example")
    page.get_by_role("textbox", name="From", exact=True).fill("news@shop.example")
    page.get_by_role("form", name="Channels").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Mail ● ready")).to_be_visible()
    form = page.get_by_role("form", name="One person's answer")
    form.get_by_label("Person").fill("p003")
    form.get_by_label("How one knows").fill("said so on the phone")
    form.get_by_role("button", name="Write it down").click()
    expect(form.get_by_role("status")).to_contain_text("Written down")
    settings = api("act/settings")
    assert settings["email_ready"]
    mail = next(one for one in settings["consents"] if one["channel"] == "email")
    row = (
        page.get_by_role("table", name="Who agrees now").get_by_role("row").filter(has_text="email")
    )
    expect(row.locator("td").nth(2)).to_have_text(count(mail["given"]))


def test_do_next_is_worked_out_for_a_persona_and_accepted_into_the_plan(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/plan")
    page.get_by_role("link", name="Go to Do next").click()
    page.get_by_role("button", name="Choose the persona").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="plan").check()
    dialog.get_by_label("Who says so").fill("Ann")
    dialog.get_by_role("button", name="Tell people apart by plan").click()
    dialog.get_by_role("button", name="Done").click()
    (row,) = api("value/picture")["price"]["do_next"]
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_role("link", name=f"Planned: {row['title']}").click()
    card = page.get_by_role("article")
    (kept,) = api("run/plan")
    assert kept["expected"]["per_month"] == pytest.approx(row["per_month"], abs=1e-6)
    expect(card).to_contain_text(f"about {about_money(row['per_month'], 'EUR')} a month")
    card.get_by_label("Owner").fill("Ben")
    card.get_by_label("Due").fill("2025-05-01")
    card.get_by_label("Note").fill("ask the phone team")
    card.get_by_label("Note").press("Enter")
    expect(card).to_contain_text("Due since May 1, 2025")
    assert bare(page) == []
    pick(page, "State", "Waiting")
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    (kept,) = api("run/plan")
    said = {name: kept[name] for name in ("owner", "due", "note", "state")}
    assert said == {
        "owner": "Ben",
        "due": "2025-05-01",
        "note": "ask the phone team",
        "state": "waiting",
    }
    card.get_by_text("History").click()
    card.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Waiting")).to_have_count(0)
    assert api("run/plan")[0]["state"] != "waiting"

    page.get_by_role("link", name="Today", exact=True).click()
    told = api("run/today")["lines"]
    lines = page.get_by_role("main").get_by_role("listitem")
    expect(lines).to_have_count(len(told))
    late = next(line for line in told if line["kind"] == "late")
    expect(lines.filter(has_text=late["verb"])).to_have_count(1)


def test_an_experiment_goes_from_a_hypothesis_to_its_end(
    open_page: Open, api: Ask, decided: dict[str, Any]
) -> None:
    assert decided
    page = open_page("/learn")
    page.get_by_role("button", name="Write an experiment").click()
    form = page.get_by_role("form", name="Experiment")
    form.get_by_label("Hypothesis").fill("People who look and hear from us pay more often")
    program = form.get_by_label("Program")
    program.fill("looked")
    page.get_by_role("option", name="looked").click()
    # What is still blank comes from the program.
    expect(form.get_by_label("The occasion")).to_have_value("Look")
    pick(page, "Read is", "Pay")
    form.get_by_label("Treated").first.fill("50")
    form.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="Lock it").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("button", name="Begin", exact=True)).to_have_count(0)
    (line,) = api("learn/experiments")
    assert line["state"] == "running"
    view = api(f"learn/experiment/{line['id']}")
    detail = page.get_by_role("main").get_by_role("article")
    expect(detail).to_contain_text(view["plan"]["sentence"])
    if view["reading"] is not None:
        expect(detail.locator("[data-part=verdict]")).to_contain_text(
            view["reading"]["verdict"]["sentence"]
        )
    assert bare(page) == []
    page.get_by_label("End it, because").fill("only a trial of the page")
    page.get_by_role("button", name="End it", exact=True).click()
    expect(detail).to_contain_text("only a trial of the page")
    assert api("learn/experiments")[0]["state"] == "ended"
    retired = page.get_by_role("region", name="Retired work")
    assert "People who look" in words(retired)


def test_signs_of_a_step_are_declared_in_its_panel_counted_and_shown_as_holes(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/map?step=look")
    panel = page.get_by_role("complementary").filter(has_text="Signs of progress")

    def declare(told: str, name: str) -> None:
        panel.get_by_role("button", name="Declare a sign").click()
        panel.get_by_label("Event or rule").fill(told)
        panel.get_by_label("What it is called").fill(name)
        panel.get_by_role("button", name="Declare it").click()
        expect(panel.get_by_role("listitem").filter(has_text=name)).to_be_visible()

    declare("event = 'Cart' and plan = 'team'", "Fills a cart")
    declare("Video played", "Watches it")
    filled, watched = api("atlas/signs")
    assert (filled["events"] > 0, watched["events"], watched["rule"]) == (
        True,
        0,
        "event = 'Video played'",
    )
    expect(panel.get_by_role("listitem").filter(has_text="Watches it")).to_contain_text(
        "never came"
    )
    expect(
        page.get_by_role("button", name=re.compile("^Look: .*one sign never came"))
    ).to_be_visible()
    number = panel.locator("[data-part=sign]").get_by_role("button")
    expect(number).to_have_text(count(filled["people"]))
    number.click()
    expect(page.locator("[data-part=count]")).to_contain_text(count(filled["people"]))
    page = open_page("/map?step=look")
    panel = page.get_by_role("complementary").filter(has_text="Signs of progress")
    panel.get_by_role("button", name="Take Watches it away").click()
    expect(panel.get_by_text("Watches it")).to_have_count(0)
    panel.get_by_role("button", name="Undo").click()
    expect(panel.get_by_text("Watches it")).to_have_count(1)
    by = {one["event"]: one for one in api("collect/tracking")["events"]}
    assert by["Video played"]["state"] == "not seen"


def test_a_question_on_pages_is_written_with_its_preview_shown_and_stopped(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/act?show=pages")
    page.get_by_role("button", name="New question or message").click()
    form = page.get_by_role("form", name="Question or message")
    form.get_by_label("Name").fill("After the cart")
    form.get_by_label("What it says").fill("What nearly stopped you?")
    form.get_by_label("On pages").fill("cart")
    expect(form.get_by_role("list", name="What to mend")).to_contain_text("is no path of a page")
    form.get_by_label("On pages").fill("/cart*")
    expect(form.get_by_role("list", name="What to mend")).to_have_count(0)
    expect(form.get_by_role("figure", name="Preview")).to_contain_text("What nearly stopped you?")
    form.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Show it", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    (one,) = api("act/asks")
    assert (one["state"], one["ask"]["id"], one["ask"]["page"]) == (
        "running",
        "after-the-cart",
        "/cart*",
    )
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Show it again")).to_be_visible()
    assert [one["state"] for one in api("act/asks")] == ["stopped"]
