"""The report of the proof keeps what was not run again."""

from __future__ import annotations

from pathlib import Path

from pathworth.learn.proof.report import write_report


def test_a_part_that_ran_again_takes_its_place_and_the_others_stay(tmp_path: Path) -> None:
    target = tmp_path / "proof.md"
    write_report(
        target,
        ["## Prices, 5 of 9 seeds\n\nreplaced\n", "## The loop, 1 of 2 seeds\n\nkept\n"],
        made_by="Commit: `a`.",
    )
    write_report(target, ["## Prices, 9 of 9 seeds\n\nnew\n"], made_by="Commit: `b`.")
    text = target.read_text()
    assert "replaced" not in text
    assert text.index("## Prices, 9 of 9 seeds\n\nnew\n\nCommit: `b`.") < text.index("kept")
    assert text.count("Commit: `a`.") == 1


def test_writing_the_same_part_twice_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "proof.md"
    for _ in range(2):
        write_report(target, ["## Prices, 5 of 9 seeds\n\nsame\n"], made_by="Commit: `a`.")
        first = target.read_text()
    assert target.read_text() == first
