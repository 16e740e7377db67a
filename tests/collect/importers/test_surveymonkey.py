"""Answers under a header of two rows become one event for each person who answered."""

from __future__ import annotations

import csv
import io

from tests.collect.importers.conftest import Tried

FIXED = [
    "Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
    "Last Name", "Custom Data 1",
]  # fmt: skip
ABOVE = [
    *FIXED, "How likely are you to recommend us?", "What do you use, if anything?\nTick all.", "", "",
    "Anything else, e.g. ideas?",
]  # fmt: skip
BELOW = [
    *[""] * len(FIXED),
    "Response",
    "Phone",
    "Mail",
    "Other (please specify)",
    "Open-Ended Response",
]


def answer(number: str, end: str, email: str, *answers: str) -> list[str]:
    return [number, "77", "02/13/2024 10:00:00", end, "192.0.2.1", email, "", "", "", *answers]


ROWS = [
    answer(
        "1001",
        "02/13/2024 10:04:05",
        "ann@example.com",
        "9",
        "Phone",
        "",
        "",
        'Nice, "really"\nyes',
    ),
    answer("1002", "02/14/2024 23:30:00", "", "3", "", "Mail", "fax", ""),
    answer("1003", "02/31/2024 09:00:00", "cy@example.com", "5", "", "", "", ""),
]


def export(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([ABOVE, BELOW, *rows])
    return out.getvalue()


def test_questions_and_options_become_properties(tried: Tried) -> None:
    path = tried.write("Survey.csv", "\ufeff" + export(*ROWS))
    assert tried.format(path) == "surveymonkey"
    answer = tried.take(path)
    assert (answer.accepted, answer.rejected) == (2, 1)
    assert tried.refused(answer.import_) == [(3, "BAD_TIME")]
    assert tried.events() == [
        {
            "entity": "1002",
            "name": "Survey answered",
            "time": "2024-02-14 23:30:00",
            "Respondent ID": "1002",
            "Collector ID": "77",
            "How likely are you to recommend us?": "3",
            "What do you use, if anything? Tick all: Mail": "Mail",
            "What do you use, if anything? Tick all: Other (please specify)": "fax",
        },
        {
            "entity": "ann@example.com",
            "name": "Survey answered",
            "time": "2024-02-13 10:04:05",
            "Respondent ID": "1001",
            "Collector ID": "77",
            "How likely are you to recommend us?": "9",
            "What do you use, if anything? Tick all: Phone": "Phone",
            "Anything else, e g ideas?": 'Nice, "really"\nyes',
        },
    ]


def test_a_later_export_with_the_same_answers_adds_only_new_ones(tried: Tried) -> None:
    tried.take(tried.write("monday.csv", export(*ROWS[:1])))
    answer = tried.take(tried.write("tuesday.csv", export(*ROWS[:2])))
    assert (answer.accepted, answer.duplicates) == (1, 1)


def test_the_newer_header_is_known_too(tried: Tried) -> None:
    newer = "respondent_id,collector_id,date_created,date_modified,ip_address,email_address,custom_1,Rate us"
    row = "7,1,2024-02-13 10:00:00,2024-02-13 10:01:00,192.0.2.1,,acme,4"
    path = tried.write("Survey.csv", f"{newer}\n,,,,,,,Response\n{row}\n")
    assert tried.format(path) == "surveymonkey"
    tried.take(path)
    assert tried.told() == [("acme", "Survey answered", "2024-02-13 10:01:00")]
