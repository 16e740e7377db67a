"""On other seeds of the full company, what is planted stands where it belongs: the short form of the proof."""

from __future__ import annotations

import pytest

from pathworth.learn.proof.findings import (
    CASES,
    FindingsCase,
    Row,
    findings_section,
    grade_findings,
    summed,
)

pytestmark = pytest.mark.slow

SEEDS = [range(1001, 1006), pytest.param(range(1001, 1011), marks=pytest.mark.soak)]
CASE = FindingsCase("true")


@pytest.fixture(scope="module", params=SEEDS, ids=len)
def rows(request: pytest.FixtureRequest) -> dict[int, Row]:
    return {seed: grade_findings(CASE, seed) for seed in request.param}


def share(rows: dict[int, Row], key: str) -> float:
    return sum(row[key][1] for row in rows.values()) / len(rows)


@pytest.mark.slow
def test_planted_frictions_are_among_the_first_five(rows):
    assert share(rows, "F2") >= 0.9
    assert share(rows, "F4") >= 0.7


@pytest.mark.slow
def test_the_mismatch_stands_under_what_cannot_be_fixed_and_never_in_do_next(rows):
    assert share(rows, "M1") >= 0.9
    assert share(rows, "M1 in Do next") == 0


@pytest.mark.slow
def test_harmless_things_are_ignored_for_the_right_reason_and_not_worth_doing(rows):
    assert share(rows, "N1") >= 0.8
    assert share(rows, "N2") >= 0.8
    assert share(rows, "N1 in Do next") <= 0.1
    assert share(rows, "N2 in Do next") <= 0.1


@pytest.mark.slow
def test_hardly_anything_else_is_listed(rows):
    assert sum(row["others"][0] for row in rows.values()) <= 2 * len(rows)


def test_a_bar_holds_by_the_share_of_the_seeds():
    row: Row = {"F2": (1, True, 10.0), "N1 in Do next": (0, False, 0.0), "F4": (0, False, 0.0)}
    kept = {line.key: line for line in summed(CASE, {1: row, 2: row})}
    assert kept["F2"].holds is True
    assert kept["F2"].mean_worth == 10.0
    assert kept["N1 in Do next"].holds is True
    assert kept["F4"].holds is False
    text = findings_section(CASE, {1: row})
    assert "| F4 | 1 | 0 |" in text
    assert "**no**" in text


def test_both_maps_are_graded():
    assert [case.map_ for case in CASES] == ["true", "discovered"]
