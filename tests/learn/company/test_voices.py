"""Notes, posts, reviews, diaries and promises are as many, and as many of each kind, as was planted."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from pathworth.learn.company import history, load_company, write
from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.others.deals import LOST, WON, deals_of
from pathworth.learn.company.others.facts import Facts
from pathworth.learn.company.others.tickets import tickets_of
from pathworth.learn.company.voices.files import answered_late, diaries
from pathworth.learn.company.voices.said import notes_of, posts_of, quarter_ends, reviews_of

COMPANY = load_company()
FILES = ("sales_notes.csv", "posts.csv", "reviews.csv", "promises.csv")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts(history(COMPANY, people=2_000, seed=3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("voices")
    write(history(COMPANY, people=300, seed=3), place)
    return place


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_as_many_of_each_as_was_planted(folder: Path) -> None:
    assert [len(rows_of(folder / name)) for name in FILES] == [40, 120, 90, 3]
    assert len([*(folder / "diaries").iterdir()]) == 2
    assert len([*(folder / "interviews").iterdir()]) == 18


def test_half_of_the_posts_are_about_auditors_and_quarter_ends_and_five_about_a_price(
    folder: Path,
) -> None:
    truth = rows_of(folder / "truth" / "voices.csv")
    about = Counter(row["about"] for row in truth if row["file"] == "posts.csv")
    assert (about["auditors"] + about["closing"], about["price"], about.total()) == (60, 5, 120)
    # The words alone tell as much: a reader without the truth can find them.
    posts = [row["Text"].lower() for row in rows_of(folder / "posts.csv")]
    kinds = {int(row["row"]): row["about"] for row in truth if row["file"] == "posts.csv"}
    for place, text in enumerate(posts, 1):
        if kinds[place] == "closing":
            assert "quarter" in text or "close" in text, text
        if kinds[place] == "price":
            assert any(word in text for word in ("pay", "price", "month", "saves")), text


def test_no_two_texts_of_a_kind_are_alike_and_no_slot_is_left_open(facts: Facts) -> None:
    for said in (posts_of(facts), reviews_of(facts)):
        assert len({one.text for one in said}) == len(said)
        assert not any("{" in one.text for one in said)
        assert [one.ms for one in said] == sorted(one.ms for one in said)
        assert all(facts.begin_ms <= one.ms < facts.end_ms for one in said)


def test_posts_about_a_quarter_end_stand_around_one(facts: Facts) -> None:
    ends = np.array(quarter_ends(facts))
    near = (COMPANY.voices.near_days + 2) * DAY_MS
    for one in posts_of(facts):
        if one.about == "closing":
            assert np.abs(ends - one.ms).min() <= near


def test_reviews_have_the_stars_of_what_they_are_about(facts: Facts) -> None:
    found = reviews_of(facts)
    assert Counter(one.about for one in found) == dict(COMPANY.voices.reviews)
    for one in found:
        low, high = COMPANY.voices.stars[one.about]
        assert low <= one.number <= high


def test_notes_say_why_a_deal_was_truly_lost(facts: Facts) -> None:
    deals, causes = deals_of(facts), list(COMPANY.crm.causes)
    notes = notes_of(facts, deals)
    assert len(notes) == COMPANY.voices.notes
    for one in notes:
        lost, won = (int(deals.entered[one.place, stage]) for stage in (LOST, WON))
        truly = causes[int(deals.cause[one.place])] if lost >= 0 else "won" if won >= 0 else "open"
        assert one.about == truly
        assert one.ms == int(deals.entered[one.place].max())


def test_the_promise_of_an_answer_is_broken_in_its_weeks_and_the_truth_counts_it(
    facts: Facts, folder: Path
) -> None:
    tickets = tickets_of(facts)
    week, (first, last) = facts.week(tickets.opened_ms), COMPANY.tickets.slow_weeks
    late, slow = answered_late(tickets), (week >= first) & (week <= last)
    # 60 hours more are more than a working day, a weekend aside.
    hours = (tickets.solved_ms - tickets.opened_ms)[slow] / 3_600_000
    assert hours.min() > COMPANY.tickets.slow_hours
    assert late[slow].mean() > 5 * late[~slow].mean()
    kept = {row["promise"]: row for row in rows_of(folder / "truth" / "promises.csv")}
    small = answered_late(tickets_of(Facts(history(COMPANY, people=300, seed=3))))
    assert (int(kept["answer"]["cases"]), int(kept["answer"]["broken"])) == (
        len(small),
        int(small.sum()),
    )


def test_diaries_tell_working_days_only(folder: Path) -> None:
    for name, text in diaries(COMPANY).items():
        assert (folder / "diaries" / name).read_text(encoding="utf-8") == text
        days = [line[2:12] for line in text.splitlines() if line.startswith("- ")]
        assert len(days) == len(set(days)) == 8
        assert all(np.is_busday(days))


def test_the_same_seed_says_the_same_and_another_seed_does_not(facts: Facts, folder: Path) -> None:
    again, other = (Facts(history(COMPANY, people=300, seed=seed)) for seed in (3, 4))
    written = [row["Text"] for row in rows_of(folder / "posts.csv")]
    assert [one.text for one in posts_of(again)] == written
    assert [one.text for one in posts_of(other)] != written
    assert [one.text for one in posts_of(facts)] == written, "posts hang on no size"


def test_no_voice_names_a_real_address_or_tells_the_truth(folder: Path) -> None:
    for name in FILES:
        header, *_ = (folder / name).read_text(encoding="utf-8").splitlines()
        assert "@" not in (folder / name).read_text(encoding="utf-8")
        assert "about" not in header.lower()
