"""What else is wrong with a source is found, said in words, and taken from its score; a sound one has 100."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.collect.audit.made import FIRST, orders, source

from pathworth.collect import Beside, CameIn, Finding, as_markdown, audit_source, report_of
from pathworth.collect.audit.report import score

DAYS = 84
ALONE = Beside()


@pytest.fixture(scope="module")
def calm():
    return orders(days=DAYS, a_day=60, seed=11)


def found(events, beside=ALONE, days=DAYS):
    return audit_source(source(events, days=days), beside)


def said(report, aspect):
    return [one for one in report.findings if one.aspect == aspect]


def test_a_sound_source_has_a_hundred_and_no_findings(calm) -> None:
    report = found(calm)
    assert (report.score, report.findings) == (100, ())
    assert (report.first, report.last) == ("2026-01-05", "2026-03-29")
    assert (report.bots, report.again, report.consent) == (0.0, None, None)
    assert "Nothing is wrong." in as_markdown(report_of([report], day="2026-03-29", made="now"))


def test_a_source_that_halves_or_doubles_is_named_with_its_days(calm) -> None:
    thin = [one for k, one in enumerate(calm) if not (70 <= one[2] < 73) or k % 3 == 0]
    (low,) = said(found(thin), "volume")
    assert (low.severity, low.event, low.since, low.until) == (
        "attention", None, "2026-03-16", "2026-03-18",
    )  # fmt: skip
    again = [(10**6 + who, *rest) for who, *rest in calm if rest[1] >= 80]
    (high,) = said(found([*calm, *again, *((10**7 + w, *r) for w, *r in again)]), "volume")
    assert (high.severity, high.since, high.until) == ("notice", "2026-03-26", None)
    assert "far more often than usual since 2026-03-26" in high.sentence


def test_days_that_a_calendar_declares_are_no_finding(calm) -> None:
    thin = [one for k, one in enumerate(calm) if not (70 <= one[2] < 73) or k % 3 == 0]
    quiet = np.zeros(DAYS, dtype=np.bool_)
    quiet[70:73] = True
    assert said(found(thin, Beside(calm=quiet)), "volume") == []


def test_events_and_properties_that_come_and_go_are_named(calm) -> None:
    def changed(who, name, day, told):
        land = {key: told[key] for key in told if key != "land" or day < 75 or name != "basket"}
        return who, name, day, {**land, **({"theme": "dark"} if day >= 70 else {})}

    drifted = [changed(*one) for one in calm]
    drifted += [(10**6 + k, "gift", 80, {}) for k in range(9)]
    drifted += [(10**6 + k, "BASKET", 81, {}) for k in range(5)]
    told = {(one.event, one.property): one for one in said(found(drifted), "schema")}
    assert told["basket", "land"].since == "2026-03-21"
    assert told["basket", "land"].severity == "attention"
    assert told["look", "theme"].since == "2026-03-16"
    assert told["gift", None].severity == "notice"
    assert "is basket written in another way" in told["BASKET", None].sentence


def test_a_property_that_turns_from_numbers_into_words_is_named() -> None:
    events = orders(days=60, a_day=60, seed=12)
    sized = [
        (who, name, day, {**told, "size": "many" if day >= 50 else str(who % 5)})
        for who, name, day, told in events
    ]
    told = [one for one in said(found(sized, days=60), "schema") if one.property == "size"]
    assert {one.event for one in told} == {"look", "basket", "order"}
    assert told[0].since == "2026-02-24"
    assert "holds words since 2026-02-24, where it held numbers before" in told[0].sentence


def test_what_came_twice_or_could_not_be_read_and_wrong_clocks_are_named(calm) -> None:
    rows = [CameIn("2026-03-20", 80, 20, 2, 30, timed=100, ahead=5, late=40)]
    report = found(calm, Beside(came_in=rows))
    assert [(one.aspect, one.severity, one.seen) for one in report.findings] == [
        ("schema", "broken", 30),
        ("duplicates", "attention", 2),
        ("clock", "attention", 5),
        ("duplicates", "notice", 20),
        ("clock", "notice", 40),
    ]
    assert (report.again, report.refused, report.ahead, report.late) == (0.2, 0.2308, 0.05, 0.4)
    assert report.score == 100 - 30 - 10 - 10 - 2 - 2


def test_robots_are_told_by_what_they_say_and_by_what_they_do(calm) -> None:
    agents = ["Mozilla/5.0 Firefox/130", "Mozilla/5.0 (compatible; Crawlbot/2.1)"]
    named = [
        (who, name, day, {**told, "agent": agents[who % 20 == 0]}) for who, name, day, told in calm
    ]
    report = found(named)
    assert report.bots == pytest.approx(0.05, abs=0.02)
    assert "say that they are robots" in said(report, "bots")[0].sentence
    quick = [*calm, *((10**6, "look", 83, {"app": "web"}) for _ in range(600))]
    report = found(quick)
    assert report.bots == pytest.approx(600 / sum(one[2] >= DAYS - 28 for one in quick), abs=1e-4)
    assert "do one thing only" in said(report, "bots")[0].sentence


def test_consents_are_asked_for_where_any_is_known(calm) -> None:
    report = found(calm, Beside(known=30, people=100))
    assert report.consent == 0.3
    assert "30% of the people of four weeks: 30 of 100" in said(report, "consent")[0].sentence
    assert said(found(calm, Beside(known=90, people=100)), "consent") == []


def test_what_is_over_takes_half_for_four_weeks_and_then_nothing() -> None:
    one = Finding("missing", "broken", "It stopped.", "Send it.", 0)
    day = date(2026, 3, 29)
    assert score([one], day) == 70
    assert score([replace(one, until="2026-03-20")], day) == 85
    assert score([replace(one, until="2026-02-20")], day) == 100
    assert score([one] * 9, day) == 50


def test_a_report_puts_the_worst_source_first_and_says_what_is_over() -> None:
    broken = orders(
        days=60, a_day=60, seed=4, loses=lambda day, app: 40 <= day < 50 and app == "web"
    )
    one = found(broken, days=60)
    other = replace(one, source="app", findings=(), score=100)
    text = as_markdown(report_of([other, one], day="2026-03-05", made="now"))
    assert text.index("## web: 85 of 100") < text.index("## app: 100 of 100")
    assert "Over:\n- **broken** order stopped coming where app is web" in text
    assert FIRST.isoformat() in text
