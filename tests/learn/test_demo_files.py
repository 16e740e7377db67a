"""The demo takes in every file of the company that something can be done with, and says how many."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from pathworth import run

SPEND, SEARCH = "ad spend", "google search console"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> run.Demo:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return run.demo(run.DemoQuestion(data="company", folder=folder, people=300))


@pytest.fixture(scope="module")
def workspace(shown: run.Demo) -> run.Workspace:
    return run.open_workspace(Path(shown.workspace))


def test_spend_and_searches_are_numbers_by_the_day_and_sum_as_their_files_do(
    shown: run.Demo, workspace: run.Workspace
) -> None:
    source = workspace.store.path / "source"
    rows = {(one.source, one.measure): one for one in run.daily(workspace)}
    assert sum(one.values for one in rows.values()) == shown.import_.daily
    wanted: dict[tuple[str, str], float] = defaultdict(float)
    for name, of, measures in (
        ("spend.csv", SPEND, ("spend", "clicks")),
        ("gsc.csv", SEARCH, ("Clicks", "Impressions")),
    ):
        with (source / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for measure in measures:
                    wanted[of, measure.lower()] += float(row[measure] or 0)
    for key, total in wanted.items():
        assert rows[key].sum == pytest.approx(total), key
    assert (rows[SPEND, "spend"].currency, rows[SPEND, "spend"].days) == ("EUR", 364)
    assert rows[SPEND, "spend"].gaps == 0
    channels = run.daily_numbers(workspace, source=SPEND, measure="spend")
    assert len({one.dimensions["channel"] for one in channels}) == 7
    assert (rows[SEARCH, "position"].sum, rows[SEARCH, "ctr"].sum) == (None, None)


def test_dates_of_the_calendar_are_marks_with_their_ends(
    shown: run.Demo, workspace: run.Workspace
) -> None:
    marks = {one.name: one for one in run.releases(workspace)}
    assert len(marks) == shown.import_.marks > 8
    outage = marks["Bank feed outage"]
    assert (outage.time, outage.source) == ("2026-05-17T22:00:00Z", "calendar.ics")
    assert outage.note == "until 2026-05-31"
    before = run.releases(workspace)
    run.add_calendar(workspace, workspace.store.path / "source" / "calendar.ics")
    assert run.releases(workspace) == before, "the same file again marks nothing twice"


def test_what_people_say_stays_as_files_and_becomes_no_event(
    shown: run.Demo, workspace: run.Workspace
) -> None:
    source = workspace.store.path / "source"
    kept = {"interviews", "diaries", "sales_notes.csv", "posts.csv", "reviews.csv", "promises.csv"}
    assert kept <= {one.name for one in source.iterdir()}
    read = {name for one in run.imports(workspace) for name in one.files}
    assert not kept & read
    assert {"spend.csv", "gsc.csv"} <= read
