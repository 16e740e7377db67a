"""Three interventions go through programs, ledger and read-out like any others; one small seed of the long proof."""

from __future__ import annotations

import pytest

from pathworth import act
from pathworth.learn.company import load_company
from pathworth.learn.company.live import Live, Loop
from pathworth.learn.company.live.plans import EXPERIMENTS
from pathworth.learn.proof.loop import (
    STOPPED,
    WORDS,
    LoopCase,
    graded_rows,
    loop_lines,
    loop_section,
)
from pathworth.store import Consents, Experiments, Ledger

pytestmark = pytest.mark.slow

CASE = LoopCase(people=2_000, seeds=40, until_week=16)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loop, dict]:
    live = Live(load_company(), people=CASE.people, seed=2)
    loop = Loop(live, tmp_path_factory.mktemp("loop"), until_week=CASE.until_week)
    weeks: list[str] = []
    driven = loop.run(lambda week, _: weeks.append(week))
    assert weeks == ["week 14", "week 15", "week 16"]
    return loop, {one.kind: one for one in driven}


def test_every_message_has_its_row_went_to_the_treated_and_reached_the_company(lived) -> None:
    loop, driven = lived
    for one in EXPERIMENTS:
        rows = Ledger(loop.workspace).rows(program=one.program)
        sent = [row for row in rows if row.action == "send"]
        assert driven[one.program].sent == len(sent)
        assert all(row.state == "delivered" for row in sent)
        for row in rows:
            held = row.arm == "held out"
            assert held == (act.arm_of(one.program, row.unit, holdout=0.5) == "held out")
            assert not (held and row.action == "send")
        kinds = [contact.kind for mine in loop.live.contacts.of.values() for contact in mine]
        taken = kinds.count(one.program) + sum(m.kind == one.program for m in loop.post.taken)
        muted = {loop.live.register.ids[one_].decode() for one_ in loop.live.contacts.muted}
        assert len(sent) - sum(row.entity in muted for row in sent) <= taken <= len(sent)
    assert driven["welcome-video"].sent > 5
    assert driven["weekly-tips"].sent > 5


def test_nobody_without_consent_was_written_to(lived) -> None:
    loop, _ = lived
    for one in EXPERIMENTS:
        for row in Ledger(loop.workspace).rows(program=one.program):
            if row.action == "send":
                channel = "webhook" if one.program == "security-kit" else "email"
                answers = Consents(loop.workspace).of(row.entity)
                mine = [a for a in answers if (a.channel, a.purpose) == (channel, "product")]
                assert any(a.given and a.at_us <= row.decided_us for a in mine)


def test_experiments_are_locked_before_the_programs_start_and_end_with_them(lived) -> None:
    loop, driven = lived
    for one in EXPERIMENTS:
        if loop.plans[one.program] is None:
            continue
        record = Experiments(loop.workspace).get(one.id)
        assert record.sound
        assert record.locked_us == record.begun_us == loop.start_us
        ended = driven[one.program].stopped_us is not None
        assert (record.ended_us is not None) == ended


def test_what_was_fed_can_be_imported_under_the_same_numbers(lived) -> None:
    loop, _ = lived
    loop.keep()
    assert loop.workspace.snapshot().seq == loop.seq


def test_a_seed_gives_a_row_for_every_verdict_and_the_report_says_what_holds(lived) -> None:
    loop, driven = lived
    row = graded_rows(list(driven.values()), start_us=loop.start_us)
    for id_ in ("I1", "I2", "I3"):
        assert sum(row[f"{id_} {word}"][1] for word in WORDS) == 1
    assert not row["I1 harms"][1]
    assert not row["I2 works"][1]
    good = {seed: row | {STOPPED: (9, seed > 4, 3.0)} for seed in range(1, 41)}
    assert {one.key: one.holds for one in loop_lines(CASE, good)}[STOPPED] is True
    worse = {seed: row | {STOPPED: (9, seed > 5, 3.0)} for seed in range(1, 41)}
    assert {one.key: one.holds for one in loop_lines(CASE, worse)}[STOPPED] is False
    wrong = {seed: row | {"I2 works": (9, seed <= 7, 0.1)} for seed in range(1, 41)}
    assert {one.key: one.holds for one in loop_lines(CASE, wrong)}["I2 works"] is False
    harmed = good | {7: row | {"I1 harms": (9, True, -0.1)}}
    assert {one.key: one.holds for one in loop_lines(CASE, harmed)}["I1 harms"] is False
    blind = good | {7: row | {"I1 no effect": (9, True, 0.1)}}
    assert {one.key: one.holds for one in loop_lines(CASE, blind)}["I1 no effect"] is False
    assert "| I1 harms | 40 | 1 |" in loop_section(CASE, harmed)
