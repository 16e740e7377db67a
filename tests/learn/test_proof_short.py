"""The proof in short: 40 seeds of its own per rung with a trip-wire, and the machinery that runs the long one."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from scipy import stats

from pathworth.learn.proof import PriceCase, Runs, exact_interval, grade_prices, graded
from pathworth.learn.proof.__main__ import main
from pathworth.learn.proof.coverage import Row
from pathworth.learn.proof.report import holds

pytestmark = pytest.mark.slow

SEEDS = range(10_001, 10_041)


@pytest.mark.slow
@pytest.mark.parametrize(("rung", "people"), [("R0", 3_000), ("R1", 5_000), ("R2", 3_000)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(rung: str, people: int) -> None:
    case = PriceCase(rung, people, len(SEEDS), (0.93, 0.97), 0.025)
    rows = [row for row in graded(grade_prices(case, seed) for seed in SEEDS) if row.seeds >= 20]
    assert len(rows) >= 17
    assert 0.91 <= sum(row.share for row in rows) / len(rows) <= 0.98
    assert min(row.share for row in rows) >= 0.82
    assert max(abs(row.bias) for row in rows) < 0.06


def test_the_exact_interval_of_a_share_is_the_one_of_clopper_and_pearson() -> None:
    for hits, trials in ((95, 100), (0, 50), (50, 50), (930, 1_000)):
        known = stats.binomtest(hits, trials).proportion_ci(0.99, "exact")
        assert exact_interval(hits, trials) == pytest.approx((known.low, known.high))


def test_a_bar_holds_for_each_number_by_itself() -> None:
    case = PriceCase("R0", 10, 100, (0.93, 0.97), 0.025)
    good: list[Row] = [{"a": (30, k % 20 != 0, 1.01)} for k in range(100)]
    assert [holds(case, row) for row in graded(good)] == [True]
    wide: list[Row] = [{"a": (30, k % 5 != 0, 1.01)} for k in range(100)]
    assert [holds(case, row) for row in graded(wide)] == [False]
    biased: list[Row] = [{"a": (30, k % 20 != 0, 1.04)} for k in range(100)]
    assert [holds(case, row) for row in graded(biased)] == [False]
    assert holds(PriceCase("R3", 10, 100, None, None), graded(wide)[0]) is None


def grade_slowly(folder: Path, seed: int) -> Row:
    (folder / f"graded-{seed}").touch()
    return {"a": (seed, seed % 2 == 0, 1.0)}


def test_a_run_goes_on_where_it_was_killed_and_reads_no_lines_of_other_code(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "case", "new")
    lines = [
        json.dumps({"seed": 1, "code": "old", "row": {"a": [1, True, 1.0]}}),
        json.dumps({"seed": 2, "code": "new", "row": {"a": [2, True, 1.0]}}),
        '{"seed": 3, "code": "new", "row": {"a"',
    ]
    runs.path.write_text("\n".join(lines))
    told: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        grade = partial(grade_slowly, tmp_path)
        runs.run(grade, seeds=range(1, 5), pool=pool, told=told.append)
    assert sorted(p.name for p in tmp_path.glob("graded-*")) == [f"graded-{k}" for k in (1, 3, 4)]
    assert sorted(runs.finished()) == [1, 2, 3, 4]
    assert runs.finished()[4] == {"a": (4, True, 1.0)}
    assert told[-1].startswith("case: 3 of 3 seeds, 0.0 minutes left")


def test_the_command_writes_its_report(tmp_path: Path) -> None:
    out = tmp_path / "proof.md"
    asked = ["--part", "prices", "--rung", "R0", "--people", "3000", "--seeds", "1-2"]
    main([*asked, "--runs", str(tmp_path / "runs"), "--out", str(out)])
    text = out.read_text()
    assert "Prices on R0, 3,000 people, 2 of 1,000 seeds" in text
    assert "| reads -> compares |" in text
    assert "Commit: `" in text
