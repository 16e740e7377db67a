"""What the company spends and where it is found: sums of weeks and days, of nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from pathworth.learn.company.draws import Purpose
from pathworth.learn.company.others.facts import Facts

Row = tuple[object, ...]
SPEND = ("week", "channel", "spend", "currency", "clicks")
SEARCH = ("Date", "Query", "Page", "Clicks", "Impressions", "CTR", "Position")


def spend_rows(facts: Facts) -> Iterator[Row]:
    """Yield what every channel cost in every week, and the clicks that it brought."""
    company = facts.company
    for place, (channel, (cost, click)) in enumerate(company.spend.channels().items()):
        who = np.arange(company.weeks, dtype=np.uint32)
        spread = facts.draws.normal(who, Purpose.SPEND, place=place) * company.spend.spread
        for week, factor in enumerate(np.exp(spread).tolist()):
            day = company.first_day + timedelta(weeks=week)
            spent = round(cost * factor, 2)
            clicks = round(spent / click) if click else ""
            yield day.isoformat(), channel, f"{spent:.2f}", company.currency, clicks


def search_rows(facts: Facts) -> Iterator[Row]:
    """Yield how often the company was shown and clicked for every query and day."""
    company = facts.company
    days = company.weeks * 7
    for place, one in enumerate(company.query):
        first = (one.from_week - 1) * 7
        day = np.arange(first, days)
        share = (day - first) / max(days - 1 - first, 1)
        weekday = np.array(company.clock.weekday)[day % 7]
        mean = one.impressions / 7.0 * (1.0 + (one.grows - 1.0) * share) * weekday
        luck = facts.draws.normal(day.astype(np.uint32), Purpose.SEARCH, place=place)
        shown = np.maximum(np.round(mean + np.sqrt(mean) * luck), 0).astype(np.int64)
        chance = facts.draws.pair(day.astype(np.uint32), Purpose.SEARCH, place=place, index=1)[0]
        clicks = np.minimum(np.floor(shown * one.click_rate + chance).astype(np.int64), shown)
        for at, seen, clicked in zip(day.tolist(), shown.tolist(), clicks.tolist(), strict=True):
            if seen:
                when = (company.first_day + timedelta(days=at)).isoformat()
                yield when, one.text, one.page, clicked, seen, f"{clicked / seen:.4f}", one.position


def calendar_text(facts: Facts, windows: tuple[tuple[str, str, str], ...]) -> str:
    """Return the dates that the company knows of as iCalendar (RFC 5545), whole days, ends excluded.

    Parameters
    ----------
    windows
        Quarter ends and quiet times: name, first and last day.
    """
    company = facts.company
    dates = [(name, date.fromisoformat(a), date.fromisoformat(b)) for name, a, b in windows]
    for one in company.diary:
        first = company.first_day + timedelta(weeks=one.weeks[0] - 1)
        last = company.first_day + timedelta(weeks=one.weeks[1], days=-1)
        dates.append((one.title, first, last))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lanternbook//Calendar//EN"]
    for number, (name, first, last) in enumerate(sorted(dates, key=lambda row: row[1:])):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{number}@lanternbook.example",
            f"DTSTAMP:{company.first_day:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{name}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
