"""An experiment is locked before it starts, never changed after, read from the ledger, and stopped in time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from tests.learn.experiments.made import ASKED, BEGIN, DAY, MAP, decision

from pathworth import atlas, learn, run, store
from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.collect import import_files
from pathworth.store.records.ledger_rows import LedgerRow

PEOPLE = 400
LOCK = BEGIN + 99 * DAY
START = BEGIN + 100 * DAY


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    """Two hundred days: half of them history, then treated people buy twice as often and protest more."""
    opened = run.init(tmp_path / "shop")
    rows = ["user_id,event,timestamp,value"]
    for k in range(2 * PEOPLE):
        later = k >= PEOPLE
        asked = 20 + (k % PEOPLE) / 10 + (80 if later else 0)
        treated = later and k % 2 == 0
        rows.append(f"p{k},asked,{to_iso(BEGIN + round(asked * DAY))},")
        if k % 10 < (6 if treated else 3) if not later else (k // 2) % 10 < (6 if treated else 3):
            rows.append(f"p{k},bought,{to_iso(BEGIN + round((asked + 3) * DAY))},20")
        if treated and k % 8 == 0:
            rows.append(f"p{k},muted,{to_iso(BEGIN + round((asked + 1) * DAY))},")
    rows.append(f"zz,seen,{to_iso(BEGIN + 200 * DAY)},")
    file = tmp_path / "events.csv"
    file.write_text("\n".join(rows))
    import_files(opened.store, [file])
    opened.store.save_map(MAP.name, atlas.dump_map(MAP), author="test")
    store.Programs(opened.store).save("kit", "id: kit", author="test")
    return opened


def fill(workspace: run.Workspace) -> None:
    """Put the decisions of the second half into the ledger, and three before the start."""
    with workspace.store.database.session() as session:
        for k in range(PEOPLE - 3, 2 * PEOPLE):
            day = 20 + (k % PEOPLE) / 10 + (80 if k >= PEOPLE else 0)
            one = decision(f"p{k}", day, treated=k % 2 == 0)
            said = {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "id"}
            said |= {"reasons": "[]", "purpose": "product", "facts": "{}"}
            session.add(LedgerRow(**said, attempts=0, not_before_us=0, left=False))


QUIET = replace(ASKED, protest=None, smallest=0.2)


def started(workspace: run.Workspace, asked: learn.Experiment = QUIET) -> run.ExperimentView:
    run.write_experiment(workspace, asked, author="ann", at_us=LOCK - DAY)
    run.lock_experiment(workspace, asked.id, at_us=LOCK)
    return run.begin_experiment(workspace, asked.id, at_us=START)


def test_a_start_without_a_lock_is_refused(workspace: run.Workspace) -> None:
    run.write_experiment(workspace, QUIET, author="ann")
    with pytest.raises(Refused, match="EXPERIMENT_NOT_LOCKED"):
        run.begin_experiment(workspace, "kit")
    run.lock_experiment(workspace, "kit", at_us=LOCK)
    with pytest.raises(Refused, match="EXPERIMENT_NOT_LOCKED"):
        run.begin_experiment(workspace, "kit", at_us=LOCK - 1)
    assert run.begin_experiment(workspace, "kit", at_us=START).state == "running"
    with pytest.raises(Refused, match="EXPERIMENT_BEGUN"):
        run.begin_experiment(workspace, "kit", at_us=START)


def test_after_the_lock_nothing_can_be_changed_only_ended_with_a_reason(
    workspace: run.Workspace,
) -> None:
    before = started(workspace)
    with pytest.raises(Refused, match="EXPERIMENT_LOCKED"):
        run.write_experiment(workspace, replace(QUIET, horizon="30d"), author="bob")
    with pytest.raises(Refused, match="EXPERIMENT_LOCKED"):
        run.lock_experiment(workspace, "kit")
    with pytest.raises(Refused, match="EXPERIMENT_LOCKED"):
        run.drop_experiment(workspace, "kit")
    with pytest.raises(Refused, match="REASON_MISSING"):
        run.end_experiment(workspace, "kit", why="  ", author="ann")
    after = run.experiment_view(workspace, "kit")
    assert (after.experiment, after.plan) == (before.experiment, before.plan)
    ended = run.end_experiment(workspace, "kit", why="Everybody gets it.", author="ann")
    assert (ended.state, ended.ended_why) == ("ended", "Everybody gets it.")
    with pytest.raises(Refused, match="EXPERIMENT_ENDED"):
        run.end_experiment(workspace, "kit", why="Again.", author="ann")


def test_the_map_that_was_locked_is_read_even_when_it_is_changed_later(
    workspace: run.Workspace,
) -> None:
    started(workspace)
    fill(workspace)
    before = run.experiment_view(workspace, "kit").reading
    changed = replace(MAP, steps=(MAP.steps[0], replace(MAP.steps[1], rule="event = 'seen'")))
    workspace.store.save_map(MAP.name, atlas.dump_map(changed), author="test")
    assert run.experiment_view(workspace, "kit").reading == before


def test_what_was_locked_and_then_changed_in_the_database_is_not_read(
    workspace: run.Workspace,
) -> None:
    started(workspace)
    with workspace.store.database.session() as session:
        session.execute(text("update experiments set document = replace(document, '14d', '30d')"))
    view = run.experiment_view(workspace, "kit")
    assert view.reading is None
    assert "was changed in the database" in str(view.reading_why)
    assert run.watch_experiments(workspace) == ()


def test_it_is_read_from_the_ledger_and_only_from_its_start_on(workspace: run.Workspace) -> None:
    started(workspace)
    assert run.experiments(workspace)[0].sentence.startswith("Cannot tell yet. Nobody has met")
    fill(workspace)
    reading = run.experiment_view(workspace, "kit").reading
    assert reading is not None
    assert (reading.ratio.treated, reading.ratio.held_out) == (200, 200)
    assert reading.used[0].treated.share == pytest.approx(0.6, abs=0.02)
    assert reading.used[0].held_out.share == pytest.approx(0.3, abs=0.02)
    assert reading.verdict.word == "works"
    assert reading.interval_kind == "planned"


def test_a_withdrawn_consent_is_a_protest(workspace: run.Workspace) -> None:
    started(workspace)
    fill(workspace)
    answer = store.Consent("p402", "email", "product", False, BEGIN + 130 * DAY, "link")
    store.Consents(workspace.store).add([answer])
    reading = run.experiment_view(workspace, "kit").reading
    assert reading is not None
    assert [(row.name, row.treated.did) for row in reading.said] == [
        ("Withdrew consent: email", 0 if _end("p402") < BEGIN + 130 * DAY else 1)
    ]


def _end(person: str) -> int:
    day = 20 + (int(person[1:]) % PEOPLE) / 10 + 80
    return BEGIN + round((day + 14) * DAY)


def test_the_guardrail_ends_the_experiment_and_stops_its_program(workspace: run.Workspace) -> None:
    started(workspace, ASKED)
    fill(workspace)
    programs = store.Programs(workspace.store)
    programs.start("kit", at_us=START)
    assert run.watch_experiments(workspace, until_us=START + DAY) == ()
    assert run.watch_experiments(workspace, at_us=START + 90 * DAY) == ("kit",)
    line = run.experiments(workspace)[0]
    assert (line.state, line.word) == ("ended", "harms")
    assert str(line.ended_why).startswith("The guardrail stopped it. Stop: ")
    assert programs.get("kit").state == "stopped"
    assert run.watch_experiments(workspace) == ()
    assert any(one.kind == "stop" for one in run.today(workspace).lines)


def test_a_harmless_one_goes_on(workspace: run.Workspace) -> None:
    started(workspace)
    fill(workspace)
    assert run.watch_experiments(workspace) == ()
    assert run.experiments(workspace)[0].state == "running"


def test_what_is_not_there_is_refused_with_its_name(workspace: run.Workspace) -> None:
    with pytest.raises(UnknownName, match="UNKNOWN_EXPERIMENT"):
        run.experiment_view(workspace, "kit")
    with pytest.raises(UnknownName, match="UNKNOWN_STEP"):
        run.write_experiment(workspace, replace(QUIET, step="bys"), author="ann")
    with pytest.raises(WrongUsage):
        run.write_experiment(workspace, replace(QUIET, protest="event ="), author="ann")
    run.write_experiment(workspace, replace(QUIET, program="none"), author="ann", at_us=LOCK)
    run.lock_experiment(workspace, "kit", at_us=LOCK)
    with pytest.raises(UnknownName, match="UNKNOWN_PROGRAM"):
        run.begin_experiment(workspace, "kit", at_us=START)


def test_a_draft_can_be_changed_and_dropped(workspace: run.Workspace) -> None:
    run.write_experiment(workspace, QUIET, author="ann")
    view = run.write_experiment(workspace, replace(QUIET, horizon="7d"), author="bob")
    assert (view.experiment.horizon, view.author, view.state) == ("7d", "bob", "draft")
    assert view.plan is not None
    assert run.drop_experiment(workspace, "kit") == ()


def test_a_thousand_looks_at_the_same_data_say_the_same(workspace: run.Workspace) -> None:
    started(workspace)
    fill(workspace)
    found = {str(run.experiment_view(workspace, "kit").reading) for _ in range(5)}
    assert len(found) == 1
    assert np.isfinite(run.experiment_view(workspace, "kit").reading.metric.difference)  # type: ignore[union-attr]
