"""What messages truly do belongs to the parameters, comes out again, and stands beside what was found."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pathworth.act import load_program
from pathworth.base.errors import BadInput, UnknownName
from pathworth.learn.company import load_company
from pathworth.learn.company.live import Driven, load_interventions
from pathworth.learn.company.live.parameters import sha256
from pathworth.learn.company.live.plans import EXPERIMENTS, documents, loop_map
from pathworth.learn.company.live.truths import compute_effects, load_effects, write_effects
from pathworth.learn.company.parameters import sha256 as company_sha256
from pathworth.learn.company.report import beside
from pathworth.learn.experiments import check

COMPANY, PLAN, TRUTH = load_company(), load_interventions(), load_effects()


def test_the_effects_were_computed_from_these_parameters() -> None:
    assert TRUTH.interventions_sha256 == sha256(), "interventions.toml changed: run `make truth`"
    assert TRUTH.company_sha256 == company_sha256(), "company.toml changed: run `make truth`"
    assert TRUTH.people >= 1_000_000


def test_the_kit_wins_what_is_stated_and_mostly_controllers() -> None:
    kit = TRUTH.effect("I1", "bought in 60 days")
    assert kit.units_a_month == pytest.approx(59, rel=0.07)
    assert kit.untreated == pytest.approx(0.447, abs=0.01)
    assert kit.effect == pytest.approx(0.142, abs=0.01)
    by = {name: TRUTH.effect("I1", kit.outcome, persona=name).effect for name in COMPANY.personas}
    assert (
        by["controller"] > 0.15 > 0.06 > by["scale_up"] > 0.0 == by["bookkeeper"] == by["curious"]
    )


def test_the_video_does_exactly_nothing_and_the_tips_cost_what_is_stated() -> None:
    assert TRUTH.effect("I2", "bought in 45 days").effect == 0.0
    margin = TRUTH.effect("I3", "margin of an account")
    assert margin.effect * margin.units_a_month == pytest.approx(-17_000, rel=0.15)
    assert TRUTH.effect("I3", "cancelled in 26 weeks").effect > 0.03
    assert TRUTH.effect("I3", "upgraded in 26 weeks").effect > 0.0


def test_effects_come_out_again_at_small_size(tmp_path: Path) -> None:
    again = compute_effects(COMPANY, PLAN, people=60_000, seed=3)
    for row in again.effects:
        kept = TRUTH.effect(row.id, row.outcome, persona=row.persona)
        if row.units_a_month > 5:
            apart = 4 * (row.error**2 + kept.error**2) ** 0.5
            assert abs(row.effect - kept.effect) <= apart, (row, kept)
    write_effects(again, tmp_path / "effects.toml")
    read = load_effects(tmp_path / "effects.toml")
    assert [row.id for row in read.effects] == [row.id for row in again.effects]
    assert read.effects[0].effect == pytest.approx(again.effects[0].effect, abs=1e-6)


def test_what_was_never_computed_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="NO_SUCH_TRUTH"):
        TRUTH.effect("I1", "was happy")
    with pytest.raises(BadInput, match="NO_TRUTH"):
        load_effects(tmp_path / "none.toml")
    with pytest.raises(UnknownName, match="UNKNOWN_INTERVENTION"):
        PLAN.kind("weekly-tip")


def test_programs_experiments_and_interventions_speak_of_the_same() -> None:
    document = loop_map(COMPANY)
    for one in EXPERIMENTS:
        check(one, document)
        program, kind = load_program(documents()[one.program]), PLAN.kind(one.program)
        assert (program.id, program.map, program.step) == (kind.kind, one.map, one.trigger)
        assert 1 - program.holdout == one.treated_share
        watched = None if program.guardrail is None else program.guardrail.event
        assert watched == one.protest
        assert (one.protest is None) == (kind.channel == "in-app")


def driven(kind: str, *, stopped_us: int | None, why: str | None) -> Driven:
    verdict = SimpleNamespace(word="harms", sentence="It harms.")
    metric = SimpleNamespace(name="Buys", difference=0.1)
    reading = SimpleNamespace(verdict=verdict, metric=metric, finished=9, interval=(0.0, 0.2))
    return Driven(kind, 7, 9, stopped_us, why, reading)  # type: ignore[arg-type]


def test_a_verdict_stands_beside_its_truth_and_only_a_guardrail_counts_as_a_stop() -> None:
    day = 86_400_000_000
    rows = beside(
        [
            driven("security-kit", stopped_us=None, why=None),
            driven("welcome-video", stopped_us=50 * day, why="Its weeks are over."),
            driven("weekly-tips", stopped_us=12 * day, why="Its guardrail stopped it."),
        ],
        start_us=2 * day,
    )
    assert [row.id for row in rows] == ["I1", "I2", "I3"]
    assert [row.stopped for row in rows] == [None, None, 10.0]
    assert rows[0].truth == TRUTH.effect("I1", "bought in 60 days").effect
    assert (rows[1].truth, rows[1].found, rows[1].interval) == (0.0, 0.1, (0.0, 0.2))
