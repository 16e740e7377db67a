"""Calendar files say what happens when; whatever else stands in them is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathworth.base.errors import BadInput
from pathworth.collect import Dated, read_calendar

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
TAIL = "END:VCALENDAR\r\n"


def written(folder: Path, *events: str, head: str = HEAD, tail: str = TAIL) -> Path:
    path = folder / "dates.ics"
    inside = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in events)
    path.write_text(head + inside + tail, newline="", encoding="utf-8")
    return path


def test_whole_days_end_before_the_day_that_is_named(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "DTSTART;VALUE=DATE:20260518\r\nDTEND;VALUE=DATE:20260601\r\nSUMMARY:Outage",
        "DTSTART;VALUE=DATE:20260701\r\nDTEND;VALUE=DATE:20260702\r\nSUMMARY:One day",
        "SUMMARY:No end\r\nDTSTART;VALUE=DATE:20260801",
    )
    assert read_calendar(path) == (
        Dated("Outage", "2026-05-18", "2026-05-31"),
        Dated("One day", "2026-07-01"),
        Dated("No end", "2026-08-01"),
    )


def test_times_keep_their_zone_and_midnight_belongs_to_the_day_before(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "SUMMARY:a\r\nDTSTART:20260301T090000Z\r\nDTEND:20260301T100000Z",
        "SUMMARY:b\r\nDTSTART;TZID=Europe/Amsterdam:20260301T090000",
        'SUMMARY:c\r\nDTSTART;X-A="x:y;z";TZID="Europe/Amsterdam":20260701T090000',
        "SUMMARY:d\r\nDTSTART:20260301T090000\r\nDTEND:20260302T000000",
    )
    assert [(one.at, one.last) for one in read_calendar(path)] == [
        ("2026-03-01T09:00:00+00:00", None),
        ("2026-03-01T09:00:00+01:00", None),
        ("2026-07-01T09:00:00+02:00", None),
        ("2026-03-01T09:00:00", None),
    ]


def test_long_lines_escapes_alarms_and_repetitions_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "SUMMARY:Fair\\, hall 4\\; a\r\n  long name\\nof it\r\nDTSTART;VALUE=DATE:20260910\r\n"
        "BEGIN:VALARM\r\nSUMMARY:wake up\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nRRULE:FREQ=YEARLY",
        head=HEAD + "BEGIN:VTODO\r\nSUMMARY:no date\r\nEND:VTODO\r\n",
    )
    assert read_calendar(path) == (
        Dated("Fair, hall 4; a long name of it", "2026-09-10", again=True),
    )


def test_what_is_no_calendar_is_refused_with_the_reason(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path / "none.ics", "NO_FILE"),
        (written(tmp_path, head="name,date\r\n"), "BAD_CALENDAR"),
    ):
        with pytest.raises(BadInput, match=code):
            read_calendar(path)
    for event in (
        "SUMMARY:x",
        "SUMMARY:x\r\nDTSTART:soon",
        "DTSTART;TZID=Mars/One:20260301T090000",
    ):
        with pytest.raises(BadInput, match="BAD_CALENDAR"):
            read_calendar(written(tmp_path, event))
    with pytest.raises(BadInput, match="BAD_CALENDAR"):
        read_calendar(written(tmp_path, "DTSTART;VALUE=DATE:20260101", tail=""))
