"""The vectorised company and its naive twin write the same file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.naive.company import naive_lines
from tests.naive.company_files import naive_letters

from pathworth.learn.company import changed, history, load_company, write
from pathworth.learn.company.files.jsonl import write_events


@pytest.mark.parametrize(
    ("rung", "seed"), [("R0", 7), ("R1", 3), ("R2d", 5), ("R3", 7), ("R3", 11)]
)
def test_two_hundred_people_leave_the_same_bytes_as_people_told_one_by_one(
    rung: str, seed: int, tmp_path: Path
) -> None:
    company = load_company()
    world = history(company, people=200, seed=seed, rung=rung)
    write_events(world, tmp_path / "events.jsonl")
    written = (tmp_path / "events.jsonl").read_bytes()
    lines = naive_lines(company, people=200, seed=seed, rung=rung)
    assert written == "".join(line + "\n" for line in lines).encode()


def test_the_twins_agree_on_a_changed_world_too(tmp_path: Path) -> None:
    company = changed(load_company(), "frictions.ledger_wizard", value=0.0)
    company = changed(company, "frictions.rules_by_hand", value=2.0)
    company = changed(company, "noise.late", value=False)
    # So small a world has no kiosk, hardly an employee and nobody with a wrong clock unless there are many.
    company = changed(company, "noise.kiosks", value=400)
    company = changed(company, "noise.skew_share", value=0.2)
    company = changed(company, "stranger.1.count", value=300)
    world = history(company, people=200, seed=2)
    write_events(world, tmp_path / "events.jsonl")
    lines = naive_lines(company, people=200, seed=2, rung="R3")
    assert (tmp_path / "events.jsonl").read_text().splitlines() == lines


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    company = load_company()
    one, two, other = (history(company, people=500, seed=seed) for seed in (1, 1, 2))
    assert one.events.time_us.tobytes() == two.events.time_us.tobytes()
    assert one.ids.tobytes() == two.ids.tobytes()
    assert one.events.time_us.tobytes() != other.events.time_us.tobytes()


def test_letters_to_two_hundred_people_are_those_of_people_told_one_by_one(tmp_path: Path) -> None:
    company = changed(load_company(), "mail.leaves", value=0.05)
    write(history(company, people=200, seed=7), tmp_path)
    written = (tmp_path / "emails.csv").read_text()
    assert written.count("\n") > 500
    assert written.splitlines() == naive_letters(company, people=200, seed=7)
