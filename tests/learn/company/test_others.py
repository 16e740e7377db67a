"""The files of other tools show what was planted in them, each within three standard errors."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from pathworth.learn.company import changed, history, load_company, write
from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.files.jsonl import write_events
from pathworth.learn.company.maps import calendar
from pathworth.learn.company.others import market
from pathworth.learn.company.others.deals import LOST, NEW, SECURITY, WON, closing_days, deals_of
from pathworth.learn.company.others.facts import FAR, Facts
from pathworth.learn.company.others.invoices import invoice_lines
from pathworth.learn.company.others.letters import letters_of
from pathworth.learn.company.others.surveys import (
    CANCEL,
    CES,
    DEMO,
    EXIT,
    NPS,
    answers_of,
    asked_for_nps,
    is_happy,
)
from pathworth.learn.company.others.tickets import STEPS, causes, texts, tickets_of, words_of
from pathworth.learn.company.voices.interviews import content, interviews

COMPANY = load_company()


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts(history(COMPANY, people=20_000, seed=3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("company")
    write(history(COMPANY, people=1_000, seed=3), place)
    return place


def near(found: int, of: int, share: float) -> bool:
    """Whether a count is within three standard errors of its share."""
    return abs(found / of - share) < 3 * (share * (1 - share) / of) ** 0.5


def test_tickets_come_as_often_as_planted_in_every_step(facts: Facts) -> None:
    tickets, what = tickets_of(facts), COMPANY.tickets
    failed = facts.firsts("Ledger Connection Failed") < FAR
    count = Counter(tickets.step.tolist())
    for step in ("trial", "first-value", "team", "risk"):
        person, _, _ = facts.visits(step)
        assert near(count[STEPS.index(step)], len(person), what.rate[step]), step
    person, _, _ = facts.visits("connects")
    assert near(count[STEPS.index("connects")], int((~failed[person]).sum()), what.rate["connects"])
    assert near(count[STEPS.index("failure")], int(failed.sum()), what.after_failure)
    hit = int((facts.firsts("Seat Limit Reached") < FAR).sum())
    assert near(count[STEPS.index("seat-limit")], hit, what.rate["seat-limit"])
    # Only months that are over, and a day for writing, when the window ends: of the others some tickets lie behind it.
    paid: dict[int, list[int]] = defaultdict(list)
    for event in ("Payment Succeeded", "Subscription Renewed"):
        for person, ms in zip(*(one.tolist() for one in facts.of(event)), strict=True):
            paid[person].append(ms)
    over = facts.end_ms - 31 * DAY_MS
    months = sum(ms < over for held in paid.values() for ms in held)
    rows = tickets.step == STEPS.index("customer")
    asked = zip(tickets.person[rows].tolist(), tickets.place[rows].tolist(), strict=True)
    came = sum(sorted(paid[person])[place - 100] < over for person, place in asked)
    assert near(came, months, what.customer_rate)


def test_tickets_are_misfiled_german_and_long_as_planted(facts: Facts) -> None:
    tickets, what = tickets_of(facts), COMPANY.tickets
    n = len(tickets.person)
    assert near(int((tickets.tag != tickets.cause).sum()), n, what.misfiled)
    assert near(int(tickets.language.sum()), n, what.german)
    security = tickets.cause == causes().index("security")
    for chosen, median in ((security, 35.0), (~security, what.handling_minutes)):
        error = 1.2533 * what.handling_sigma / chosen.sum() ** 0.5
        # Minutes are whole, which moves a median by half of one at most.
        assert abs(np.log(np.median(tickets.minutes[chosen]) / median)) < 3 * error + 0.5 / median
    risk = tickets.step == STEPS.index("risk")
    assert near(int(security[risk].sum()), int(risk.sum()), 0.8)


def test_each_cause_is_said_in_sixty_ways(facts: Facts) -> None:
    english = texts()["english"]
    for cause in causes():
        one = english[cause]
        assert len(english["openings"]) * len(one["bodies"]) * len(one["asks"]) == 60
    words = list(words_of(facts, tickets_of(facts)))
    assert len(set(words)) > 600
    assert not any("{" in text for said in words for text in said)


def test_stages_are_entered_late_and_reviews_are_skipped(facts: Facts) -> None:
    deals, crm = deals_of(facts), COMPANY.crm
    lag = (deals.entered[:, NEW] - deals.truly[:, NEW]) / DAY_MS
    assert abs(np.log(np.median(lag) / crm.lag_days)) < 3 * 1.2533 * crm.lag_sigma / len(lag) ** 0.5
    reviewed = (deals.truly[:, SECURITY] >= 0) & (
        deals.truly[:, SECURITY] < facts.end_ms - 20 * DAY_MS
    )
    assert near(
        int((deals.entered[reviewed, SECURITY] < 0).sum()), int(reviewed.sum()), crm.skips_security
    )
    for row in deals.entered.tolist():
        there = [when for when in row if when >= 0]
        assert there == sorted(there)
        assert row[WON] < 0 or row[LOST] < 0


def test_most_lost_deals_are_dated_on_five_days(facts: Facts) -> None:
    deals = deals_of(facts)
    lost = deals.entered[:, LOST]
    days = Counter((lost[lost >= 0] // DAY_MS).tolist())
    five = sum(count for _, count in days.most_common(5))
    assert near(five, sum(days.values()), 0.61)
    assert {day for day, _ in days.most_common(3)} <= {ms // DAY_MS for ms in closing_days(facts)}


def test_what_reps_state_is_not_why_deals_were_lost(facts: Facts) -> None:
    deals, crm = deals_of(facts), COMPANY.crm
    stated = deals.reason[deals.reason >= 0]
    for place, share in enumerate(crm.reasons.values()):
        assert near(int((stated == place).sum()), len(stated), share)
    cause = deals.cause[deals.cause >= 0]
    for place, share in enumerate(crm.causes.values()):
        # Taken by share and not by chance, so nearer than three standard errors: what is left out are deals that the
        # window ends before anybody wrote them down.
        assert (cause == place).mean() == pytest.approx(share, abs=0.02)
    security = deals.person[deals.cause == list(crm.causes).index("security")]
    assert (facts.visits_first("risk")[security] < FAR).all()
    connector = deals.person[deals.cause == list(crm.causes).index("connector")]
    assert set(facts.world.persons.ledger[connector].tolist()) == {
        COMPANY.ledgers.index("netsuite")
    }


def test_surveys_are_answered_as_often_as_planted_and_by_happy_people_more(facts: Facts) -> None:
    answers, what = answers_of(facts), COMPANY.surveys
    count = Counter(answers.kind.tolist())
    for event, kind, chance in (
        ("Ledger Connected", CES, what.ces_response),
        ("Pricing Viewed", EXIT, what.exit_response),
        ("Demo Requested", DEMO, what.demo_response),
        ("Subscription Cancelled", CANCEL, what.cancel_response),
    ):
        assert near(count[kind], int((facts.firsts(event) < FAR).sum()), chance), event
    asked = answered = happy_asked = happy_answered = 0
    for number, month in enumerate(what.nps_months):
        ms = facts.begin_ms + round((month - 0.5) * 30.4) * DAY_MS
        wave = asked_for_nps(facts, ms=ms, index=number)
        there = answers.person[(answers.kind == NPS) & (np.abs(answers.ms - ms) < 20 * DAY_MS)]
        asked, answered = asked + len(wave.person), answered + len(there)
        happy_asked += int(is_happy(facts, wave.person, ms=ms).sum())
        happy_answered += int(is_happy(facts, there, ms=ms).sum())
    assert near(answered, asked, what.nps_response)
    others, others_asked = answered - happy_answered, asked - happy_asked
    ratio = (happy_answered / happy_asked) / (others / others_asked)
    # The error of the logarithm of a ratio of two shares (Katz, 1978).
    error = (1 / happy_answered - 1 / happy_asked + 1 / others - 1 / others_asked) ** 0.5
    assert abs(np.log(ratio / what.happy_answers)) < 3 * error


def test_few_who_look_at_prices_look_for_the_price(facts: Facts) -> None:
    answers = answers_of(facts)
    said = [text for text, kind in zip(answers.answer, answers.kind, strict=True) if kind == EXIT]
    for text, share in COMPANY.surveys.looked_for.items():
        assert near(said.count(text), len(said), share)


def test_letters_are_read_and_left_as_planted(facts: Facts) -> None:
    letters, what = letters_of(facts), COMPANY.mail
    # Letters of the last ten days are opened after the window as well, which nobody sees.
    sent = letters.sent < facts.end_ms - 10 * DAY_MS
    assert near(int((letters.left[sent] >= 0).sum()), int(sent.sum()), what.leaves)
    opened = letters.opened[sent] >= 0
    # Whoever leaves has opened the letter, too, and clicks nothing else.
    opens = what.opens + (1 - what.opens) * what.leaves
    clicks = what.clicks * what.opens * (1 - what.leaves) / opens
    assert near(int(opened.sum()), int(sent.sum()), opens)
    assert near(int((letters.clicked[sent] >= 0)[opened].sum()), int(opened.sum()), clicks)
    assert (letters.sent >= facts.known[letters.person]).all()
    left = dict(
        zip(letters.person[letters.left >= 0], letters.number[letters.left >= 0], strict=True)
    )
    assert all(k <= left.get(who, k) for who, k in zip(letters.person, letters.number, strict=True))


def test_invoices_hold_the_money_of_the_events(facts: Facts) -> None:
    rows = [json.loads(line) for line in invoice_lines(facts)]
    _, first = np.unique(facts.world.events.message, return_index=True)
    assert (
        sum(row["amount_paid"] for row in rows)
        == facts.world.events.value_micro[first].sum() // 10_000
    )
    assert len({row["id"] for row in rows}) == len(rows)
    late = [
        row
        for row in rows
        if row["status"] == "paid" and row["status_transitions"]["paid_at"] > row["created"]
    ]
    bought = [row for row in rows if row["billing_reason"] == "subscription_create"]
    life = COMPANY.life
    assert near(len(late), len(bought), life.payment_fails * life.payment_heals)
    assert any(row["status"] == "uncollectible" and row["amount_remaining"] for row in rows)


def test_searches_grow_and_begin_as_planted(facts: Facts) -> None:
    rows = [dict(zip(market.SEARCH, row, strict=True)) for row in market.search_rows(facts)]
    last = max(row["Date"] for row in rows)
    shown = Counter()
    for row in rows:
        early, late = row["Date"] < "2025-10-27", row["Date"] > "2026-08-30"
        shown[row["Query"], "early" if early else "late" if late else ""] += row["Impressions"]
    # Four weeks at either end stand nearer to each other than the ends: each day grows evenly from once to three times.
    days = np.arange(COMPANY.weeks * 7) / (COMPANY.weeks * 7 - 1)
    weekday = np.array(COMPANY.clock.weekday)[np.arange(len(days)) % 7]
    planted = (1.0 + (3.0 - 1.0) * days) * weekday
    late, early = (shown["security questionnaire template", when] for when in ("late", "early"))
    expected = planted[-28:].sum() / planted[:28].sum()
    # Each day's number spreads by the root of its mean.
    assert abs(np.log(late / early / expected)) < 3 * (1 / late + 1 / early) ** 0.5
    affordable = [row["Date"] for row in rows if row["Query"] == "affordable close software"]
    assert (min(affordable), max(affordable)) == ("2026-06-01", last)
    assert all(row["Clicks"] <= row["Impressions"] for row in rows)


def test_channels_cost_what_they_are_said_to_cost(facts: Facts) -> None:
    spent: dict[str, list[float]] = {}
    for _, channel, cost, _, _ in market.spend_rows(facts):
        spent.setdefault(str(channel), []).append(float(str(cost)))
    for channel, (cost, _) in COMPANY.spend.channels().items():
        assert len(spent[channel]) == COMPANY.weeks
        # A week's factor is lognormal with median 1, so the mean of weeks lies above by half of its variance.
        square = COMPANY.spend.spread**2
        error = cost * np.exp(square / 2) * (np.expm1(square) / COMPANY.weeks) ** 0.5
        assert abs(np.mean(spent[channel]) - cost * np.exp(square / 2)) < 3 * error


def test_the_calendar_holds_what_the_company_knows_of(facts: Facts) -> None:
    text = market.calendar_text(facts, calendar(COMPANY))
    for title in (
        "quarter end December 2025",
        "Bank feed outage",
        "Launch of Multi-entity",
        "Trade fair",
    ):
        assert f"SUMMARY:{title}\r\n" in text
    outage = text.split("SUMMARY:Bank feed outage")[0].rsplit("BEGIN:VEVENT", 1)[1]
    assert "DTSTART;VALUE=DATE:20260518" in outage
    assert "DTEND;VALUE=DATE:20260601" in outage
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_interviews_say_their_sentence_and_what_was_planted_beside_it() -> None:
    written = interviews(COMPANY)
    rows = content()["interview"]
    assert len(written) == len(rows) == 18
    assert Counter(row["outcome"] for row in rows) == {"won": 6, "lost": 6, "churned": 6}
    assert not any(row["outcome"] == "lost" and row["persona"] == "scale_up" for row in rows)
    for row, text in zip(rows, written.values(), strict=True):
        assert 25 <= len(text.splitlines()) <= 40
        assert text.count(row["said"]) == 1
        assert 25 <= row["minutes"] <= 44
    mentions = Counter(name for row in rows for name in row["mentions"])
    assert (mentions["security"], mentions["netsuite"], mentions["unclear"]) == (6, 3, 8)
    pricing = Counter(row["pricing"] for row in rows if row["outcome"] != "won")
    assert (pricing["ledger"] + pricing["contents"], pricing["price"], pricing["never"]) == (
        9,
        2,
        1,
    )


def test_other_files_change_no_event(tmp_path: Path) -> None:
    louder = changed(COMPANY, "tickets.customer_rate", value=0.5)
    louder = changed(louder, "mail.every_days", value=3.0)
    for name, company in (("a", COMPANY), ("b", louder)):
        write_events(history(company, people=300, seed=8), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_can_be_sent_to_anybody_and_no_file_tells_the_truth(folder: Path) -> None:
    named = ("crm_deals.csv", "crm_contacts.csv", "tickets.csv", "emails.csv", "employees.csv")
    for name in named:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count("@") == text.count(".example"), name
    assert b"netsuite" not in (folder / "crm_deals.csv").read_bytes()
    with (folder / "truth" / "deals.csv").open(encoding="utf-8") as file:
        assert {row["cause"] for row in csv.DictReader(file)} <= {"", *COMPANY.crm.causes}
    seen = {path.name for path in folder.iterdir()}
    assert {
        "spend.csv",
        "gsc.csv",
        "calendar.ics",
        "invoices.jsonl",
        "surveys.csv",
        "interviews",
    } <= seen
