"""Data and Settings: what came in and goes out again, whom nobody counts, what runs, who may log in."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.collect.pulling.fakes import fake_api

from .doing import pick, words
from .reading import count
from .test_axe import complaints

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.parametrize("served", ["shop-data"], indirect=True, scope="session"),
    pytest.mark.usefixtures("served"),
]
Open = Callable[..., Page]
Ask = Callable[..., Any]
PASSWORD = "a long enough password"


def section(page: Page, title: str) -> Locator:
    named = page.get_by_role("heading", name=title, exact=True)
    return page.locator("section").filter(has=named)


def test_an_import_with_refused_rows_is_read_through_and_undone(
    open_page: Open, api: Ask, tmp_path: Path
) -> None:
    before = api("workspace")
    more = tmp_path / "more.csv"
    rows = [f"n{k % 90},Visit,2025-04-{1 + k // 90:02}T10:00:00Z" for k in range(1000)]
    rows[500] = "n50,Visit,yesterday"
    more.write_text("\n".join(["person,event,time", *rows]))
    page = open_page("/data")
    page.set_input_files("input[type=file]", str(more))
    expect(
        page.get_by_text("1 of the 1,000 rows that were looked at cannot be stored")
    ).to_be_visible()
    section(page, "Import a file").get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("999 events are new, 1 row was refused")).to_be_visible(timeout=60_000)
    last = max(api("collect/imports"), key=lambda one: one["id"])
    page.get_by_role("button", name=f"1 row refused by import {last['id']}: show them").click()
    drawer = page.get_by_role("dialog")
    (refused,) = api(f"collect/imports/{last['id']}/rejects")["rows"]
    expect(drawer).to_contain_text(refused["reason"])
    assert "yesterday" in refused["raw"]
    expect(drawer).to_contain_text(refused["raw"])
    with page.expect_download() as waiting:
        drawer.get_by_role("link", name="CSV").click()
    waiting.value.save_as(tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(newline="") as text:
        assert len(list(csv.DictReader(text))) == 1
    page.keyboard.press("Escape")
    page.get_by_role("button", name=f"Undo import {last['id']}").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("999 events will go.")
    asked.get_by_role("button", name="Undo the import").click()
    expect(asked).to_have_count(0)
    said = f"{count(before['events'])} events of {count(before['entities'])} people are counted"
    expect(page.locator("main h1")).to_contain_text(said)
    after = api("workspace")
    assert (after["events"], after["entities"]) == (before["events"], before["entities"])


def test_numbers_that_tell_no_people_are_imported_listed_and_say_what_they_miss(
    open_page: Open, api: Ask, tmp_path: Path
) -> None:
    spend = tmp_path / "spend.csv"
    spend.write_text("channel,day,spend\nsearch,2026-01-05,1200.50\nsearch,2026-01-08,800\n")
    page = open_page("/data")
    page.set_input_files("input[type=file]", str(spend))
    expect(page.get_by_text("It tells no people: spend")).to_be_visible()
    section(page, "Import a file").get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("2 numbers by the day are new")).to_be_visible(timeout=60_000)
    expect(section(page, "Pulled by itself")).to_contain_text("Nothing is pulled so far.")
    row = section(page, "Numbers by the day").get_by_role("row").filter(has_text="ad spend")
    expect(row).to_contain_text("channel")
    expect(row).to_contain_text("Jan 8, 2026")
    expect(row).to_contain_text("€2,001")
    row.get_by_role("button", name="what ad spend shows of all that happens").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("Bills come late.")
    dialog.get_by_role("button", name="Keep it").click()
    expect(row).to_contain_text("60 to 95 %")
    expect(row.get_by_title("Bills come late.")).to_be_visible()
    (spot,) = [one for one in api("collect/blind-spots") if one["source"] == "ad spend"]
    assert (spot["least"], spot["most"], spot["by_hand"]) == (0.6, 0.95, True)
    last = max(api("collect/imports"), key=lambda one: one["id"])
    page.get_by_role("button", name=f"Undo import {last['id']}").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 numbers by the day will go.")
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("None so far. Import a spend report")).to_be_visible()


def test_a_list_of_another_tool_is_pulled_paused_resumed_and_no_more(
    open_page: Open, api: Ask, axe: str
) -> None:
    page = open_page("/data")
    pulled = section(page, "Pulled by itself")
    expect(pulled).to_contain_text("Nothing is pulled so far.")
    with fake_api() as tool:
        tool.say = lambda _: {"data": [], "has_more": False}
        pick(page, "What to pull from now on", "Stripe charges")
        expect(pulled.get_by_label("What to call it")).to_have_value("stripe-charges")
        pulled.get_by_role("textbox", name="Secret").fill(PASSWORD)
        pulled.get_by_label("More, one a line").fill(f"adress={tool.address}")
        pulled.get_by_role("button", name="Pull it from now on").click()
        expect(pulled.get_by_role("alert")).to_contain_text("Did you mean address?")
        assert complaints(page, axe) == []
        pulled.get_by_label("More, one a line").fill(f"address={tool.address}")
        pulled.get_by_role("button", name="Pull it from now on").click()
        row = pulled.get_by_role("row").filter(has_text="stripe-charges")
        expect(row).to_contain_text("kept here")
        expect(row).to_contain_text("Nothing new.")
        assert tool.asked[0].headers["authorization"] == f"Bearer {PASSWORD}"
        row.get_by_role("button", name="Pause: stripe-charges").click()
        expect(pulled).to_contain_text("1 pulled, 1 of them paused")
        (said,) = api("collect/pulls")
        assert (said["paused"], said["next"]) == (True, None)
        row.get_by_role("button", name="Resume: stripe-charges").click()
        expect(row.get_by_role("button", name="Pull now: stripe-charges")).to_be_visible()
    row.get_by_role("button", name="Remove: stripe-charges").click()
    expect(pulled).to_contain_text("Nothing is pulled so far.")
    assert api("collect/pulls") == []


def test_events_handed_in_are_counted_at_once_and_what_cannot_be_read_is_kept(
    open_page: Open, api: Ask
) -> None:
    before = api("workspace")["events"]
    good = {"event": "Visit", "person": "live", "time": "2025-04-19T09:00:00Z", "id": "1"}
    bad = {"event": "Visit", "person": "", "time": "2025-04-19T09:00:00Z", "id": "2"}
    api("collect/events", wait=1, send={"source": "site", "events": [good, bad]})
    page = open_page("/data")
    sources = section(page, "Sources")
    expect(sources).to_contain_text("Nothing waits")
    sources.get_by_role("button", name="1 could not be read").click()
    (kept,) = api("collect/quarantine")
    expect(page.get_by_role("dialog")).to_contain_text(kept["reason"])
    page.keyboard.press("Escape")
    found = {one["name"]: one["events"] for one in api("collect/sources")}
    assert (found["site"], api("workspace")["events"]) == (1, before + 1)
    row = sources.get_by_role("row").filter(has_text="site")
    expect(row.locator("td").nth(1)).to_have_text("1")


def test_colleagues_are_left_out_and_let_in_again(open_page: Open, api: Ask) -> None:
    everybody = api("workspace")["entities"]
    page = open_page("/data")
    left = section(page, "Left out")
    left.get_by_label("What they are").fill("colleagues")
    left.get_by_role("textbox", name="Who", exact=True).fill("device = 'no such thing' and")
    left.get_by_role("button", name="Leave them out").click()
    expect(left.get_by_role("alert")).to_be_visible()
    left.get_by_role("textbox", name="Who", exact=True).fill("person in ('p001', 'p002')")
    left.get_by_role("button", name="Leave them out").click()
    expect(left).to_contain_text("2 people are left out")
    expect(page.locator("main h1")).to_contain_text("2 people are left out.")
    assert api("workspace")["entities"] == everybody - 2
    left.get_by_role("switch", name="Leave out colleagues").press("Space")
    expect(left).to_contain_text("0 people are left out")
    assert api("workspace")["entities"] == everybody
    left.get_by_role("button", name="Remove the rule colleagues").click()
    expect(left).to_contain_text("Everybody counts.")
    assert api("collect/exclusions") == []


def test_a_release_and_a_calendar_are_marked_and_a_job_is_run_by_hand(
    open_page: Open, api: Ask, tmp_path: Path
) -> None:
    page = open_page("/data")
    marks = section(page, "Releases")
    marks.get_by_label("What happened").fill("New prices")
    marks.get_by_label("When").fill("2025-03-01T09:00")
    marks.get_by_role("button", name="Add the mark").click()
    expect(marks.get_by_role("table")).to_contain_text("New prices")
    assert [one["name"] for one in api("collect/releases")] == ["New prices"]
    dates = tmp_path / "dates.ics"
    fair = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20250309\nSUMMARY:Fair\nEND:VEVENT\n"
    dates.write_text(fair)
    marks.get_by_label("Calendar file").set_input_files(str(dates))
    expect(marks.get_by_role("alert")).to_contain_text("does not begin like a calendar")
    dates.write_text(f"BEGIN:VCALENDAR\n{fair}END:VCALENDAR\n")
    marks.get_by_label("Calendar file").set_input_files(str(dates))
    expect(marks.get_by_role("status")).to_have_text("The calendar's one date is marked.")
    expect(marks.get_by_role("row").filter(has_text="Fair")).to_contain_text("dates.ics")
    jobs = section(page, "Jobs")
    jobs.get_by_role("button", name="Run now: check").click()
    row = jobs.get_by_role("row").filter(has_text="check").first
    expect(row.locator("td").nth(4)).not_to_have_text("never")
    ran = next(one for one in api("run/jobs") if one["name"] == "check")
    assert ran["ended"] is not None
    expect(row).to_contain_text(ran["result"])


def test_a_person_is_exported_and_erased_and_the_certificate_is_read(
    open_page: Open, api: Ask, axe: str
) -> None:
    people = api("journeys/listed", limit=2)["people"]
    who, before = people[1]["id"], api("workspace")["entities"]
    page = open_page(f"/people/{who}")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Export", exact=True).click()
    with zipfile.ZipFile(loaded.value.path()) as held:
        events = json.loads(held.read("events.json"))
    assert len(events) == people[1]["events"]
    page.get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog")
    press = dialog.get_by_role("button", name="Erase for good")
    dialog.get_by_label("Why").fill("asked by letter")
    dialog.get_by_label(f"Type {who}").fill(who[:-1])
    expect(press).to_be_disabled()
    dialog.get_by_label(f"Type {who}").fill(who)
    assert complaints(page, axe) == []
    press.click()
    page.wait_for_url("**/people")
    assert api("workspace")["entities"] == before - 1
    assert api("journeys/search", q=who)["people"] == []
    page = open_page("/settings")
    erased = section(page, "Erased people")
    expect(erased).to_contain_text("unseen; files follow tonight")
    erased.get_by_role("button", name="Write the files anew now").click()
    expect(section(page, "Jobs")).to_contain_text("1 erased, with")
    page = open_page("/settings")
    section(page, "Erased people").get_by_role("button", name="Open certificate E-1").click()
    certificate = page.get_by_role("dialog")
    expect(certificate).to_contain_text("found nowhere")
    expect(certificate).not_to_contain_text(who)
    assert complaints(page, axe) == []


def test_a_column_that_looks_personal_is_masked_once_somebody_says_so(
    open_page: Open, api: Ask
) -> None:
    page = open_page("/settings")
    personal = section(page, "Personal columns")
    expect(personal).to_contain_text("looks so by its name")
    personal.get_by_role("button", name="Mask email", exact=True).click()
    expect(personal.get_by_role("button", name="Show email to all")).to_be_visible()
    assert api("privacy/columns")["columns"] == ["email"]
    personal.get_by_role("button", name="Show email to all").click()
    expect(personal.get_by_role("button", name="Mask email", exact=True)).to_be_visible()


def test_a_limit_is_set_by_somebody_who_saw_what_would_go(
    open_page: Open, api: Ask, axe: str
) -> None:
    page = open_page("/settings")
    kept = section(page, "How long data is kept")
    expect(kept).to_contain_text("No batch has run yet.")
    kept.get_by_role("button", name="Change how long events is kept").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kept").fill("1d")
    expect(dialog).to_contain_text("That is final")
    seen = api("privacy/keep/preview", name="events", keep="1d")
    expect(dialog).to_contain_text(f"{seen['rows']:,} rows go")
    assert complaints(page, axe) == []
    dialog.get_by_label("Kept").fill("soon")
    expect(dialog).to_contain_text("is not a duration")
    expect(dialog.get_by_role("button", name="Keep for so long")).to_be_disabled()
    # Long enough that nothing of this workspace goes, which other tests ask.
    dialog.get_by_label("Kept").fill("36500d")
    expect(dialog).to_contain_text("Nothing would go by now.")
    dialog.get_by_role("button", name="Keep for so long").click()
    expect(kept).to_contain_text("36500d, as others")
    assert api("privacy/keep")["classes"][0]["keep"] == "36500d"
    kept.get_by_role("button", name="Remove what is too old now").click()
    expect(section(page, "Jobs")).to_contain_text("Nothing was too old.")


def test_a_key_is_shown_once_and_the_first_login_closes_the_door(
    open_page: Open, api: Ask, at: str
) -> None:
    page = open_page("/settings")
    keys = section(page, "Keys")
    keys.get_by_label("What the key is for").fill("till")
    keys.get_by_role("button", name="Make a key").click()
    expect(keys.get_by_role("status")).to_contain_text("It is shown this once.")
    assert [one["name"] for one in api("run/keys")] == ["till"]
    logins = section(page, "People and roles")
    logins.get_by_label("Name").fill("ann")
    logins.get_by_role("textbox", name="Password").fill(PASSWORD)
    logins.get_by_role("button", name="Add a login").click()
    expect(page.get_by_role("heading", name="Log in to Pathworth")).to_be_visible()
    page.get_by_label("Name").fill("ann")
    page.get_by_role("textbox", name="Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    logins = section(page, "People and roles")
    expect(logins).to_contain_text("ann (you)")
    logins.get_by_label("Name").fill("ben")
    logins.get_by_role("textbox", name="Password").fill(PASSWORD)
    logins.get_by_role("button", name="Add a login").click()
    expect(logins).to_contain_text("2 people")
    with page.expect_response(lambda said: said.request.method == "PUT" and said.ok):
        pick(page, "Role of ben", "editor")
    page.reload()
    row = section(page, "People and roles").get_by_role("row").filter(has_text="ben")
    expect(row.get_by_label("Role of ben")).to_have_value("editor")
    assert "Log out everywhere" in words(row)
