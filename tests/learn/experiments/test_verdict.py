"""The verdict follows from written rules, in the words of the product, and errs no more often than it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.learn.experiments.made import ASKED

from pathworth.learn.experiments.contracts import Count, Guardrail, Interval, Shares, Verdict
from pathworth.learn.experiments.ratio import sample_ratio
from pathworth.learn.experiments.reading import deciding
from pathworth.learn.experiments.verdict import judge

QUIET = Guardrail(False, Count(1, 500), Count(2, 500), 0.5, 100.0, None, "")
METRIC = Shares("Buys", Count(295, 500), Count(225, 500), 0.14, None)


def verdict(
    interval: Interval | None,
    *,
    weeks: float | None = 6.2,
    guardrail: Guardrail = QUIET,
    treated: int = 500,
    better: str = "more",
) -> Verdict:
    return judge(
        replace(ASKED, better=better),
        replace(METRIC, interval=interval),
        ratio=sample_ratio(treated, 500, treated_share=0.5),
        guardrail=guardrail,
        weeks_left=weeks,
        waiting=3,
    )


def test_an_interval_above_nothing_works() -> None:
    assert verdict((0.06, 0.23)) == Verdict(
        "works",
        "It works. Of those treated 59 in 100 got there, of those held out 45; "
        "the difference is likely +6 to +23 points.",
        None,
    )


def test_an_interval_below_nothing_harms_and_the_other_way_round_where_fewer_is_better() -> None:
    assert verdict((-0.23, -0.06)).word == "harms"
    assert verdict((-0.23, -0.06), better="fewer").word == "works"
    assert verdict((0.06, 0.23), better="fewer").word == "harms"


def test_an_interval_within_the_smallest_effect_says_above_what_there_is_none() -> None:
    found = verdict((-0.024, 0.021))
    assert (found.word, found.sentence.split(". ")[0]) == ("no effect", "No effect above 3 points")
    assert verdict((-0.05, 0.05)).word == "no effect"
    assert verdict((-0.051, 0.05)).word == "cannot tell yet"


def test_an_effect_beyond_nothing_is_no_no_effect_even_when_small() -> None:
    assert verdict((0.01, 0.04)).word == "works"


def test_else_it_cannot_be_told_and_the_weeks_that_would_settle_it_are_said() -> None:
    assert verdict((-0.02, 0.11), weeks=6.2).sentence == (
        "Cannot tell yet. The difference is likely between −2 and +11 points. "
        "About 7 more weeks at this pace would settle 5 points."
    )
    assert "About 1 more week at this pace" in verdict((-0.02, 0.11), weeks=0.4).sentence
    assert "would never be settled" in verdict((-0.02, 0.11), weeks=None).sentence
    assert verdict(None).sentence.startswith("Cannot tell yet. 1,000 of 1,003 have had their time")


def test_uneven_arms_silence_every_other_verdict() -> None:
    found = verdict((0.06, 0.23), treated=700)
    assert found.word == "cannot tell yet"
    assert "Do not believe the difference" in found.sentence


def test_a_guardrail_that_says_stop_harms_whatever_the_metric() -> None:
    stop = replace(QUIET, stop=True, treated=Count(21, 450), held_out=Count(2, 450))
    found = verdict((0.06, 0.23), guardrail=stop)
    assert found.word == "harms"
    assert "21 of 450 treated protested, 2 of 450 held out" in found.sentence


def _words(seed: int, *, rate: float, effect: float, runs: int, planned: int) -> list[set[str]]:
    """Return the verdicts of each of many experiments over weekly looks to one and a half times the plan."""
    random = np.random.default_rng(seed)
    weekly, said = planned // 26, []
    for _ in range(runs):
        treated = random.random(planned * 3 // 2) < 0.5
        reached = random.random(len(treated)) < np.where(treated, rate + effect, rate)
        words = set()
        for seen in range(weekly, len(treated) + 1, weekly):
            row = deciding(
                "Buys", treated=treated[:seen], reached=reached[:seen], planned_units=planned
            ).metric
            ratio = sample_ratio(500, 500, treated_share=0.5)
            words.add(judge(ASKED, row, ratio=ratio, guardrail=QUIET, weeks_left=1.0).word)
        said.append(words)
    return said


def test_a_program_without_effect_is_called_working_at_most_at_the_stated_rate_under_weekly_looks() -> (
    None
):
    said = _words(5, rate=0.3, effect=0.0, runs=2000, planned=1300)
    assert sum("works" in words for words in said) / 2000 <= 0.05
    assert sum("harms" in words for words in said) / 2000 <= 0.05


@pytest.mark.parametrize(("effect", "least"), [(0.05, 0.45), (0.10, 0.93)])
def test_a_program_with_effect_is_found_and_hardly_ever_called_harmful(
    effect: float, least: float
) -> None:
    said = _words(6, rate=0.3, effect=effect, runs=300, planned=1300)
    assert sum("works" in words for words in said) / 300 >= least
    assert sum("harms" in words for words in said) <= 2


def test_once_the_planned_units_are_read_no_later_look_changes_the_verdict() -> None:
    random = np.random.default_rng(9)
    treated, reached = random.random((2, 900)) < 0.5
    rows = {
        deciding("Buys", treated=treated[:seen], reached=reached[:seen], planned_units=600).metric
        for seen in range(600, 901, 20)
    }
    assert len(rows) == 1
