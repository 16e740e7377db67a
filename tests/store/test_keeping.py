"""What is older than it is kept is in no answer and in no file after the batch, and does not come back."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import insert
from tests.store.crash_moments import Killed, end_at
from tests.store.erased_world import found_in, ledger_row, told
from tests.store.handing_in import read
from tests.store.made import Row, batch, put

from pathworth.store import (
    ArrivalNotes,
    HandedIn,
    Inbox,
    InputFile,
    Keeping,
    Kept,
    Ledger,
    Links,
    SaidLink,
    Workspace,
    check_database,
    check_store,
)
from pathworth.store.records.data.arrivals import QuarantineRow
from pathworth.store.records.experiments import ExperimentRow
from pathworth.store.records.ledger_rows import LedgerRow

DAY_US = 86_400_000_000
NOW = time.time_ns() // 1000
OLD = "said-long-ago"
LIMITS = {"events": "50d"}


def rows(days: int, *, some: int, seed: int = 0) -> list[Row]:
    """Events of a few people who all said something both long ago and lately."""
    words = {"note": OLD, "first": OLD} if days > 50 else {"note": "lately"}
    return [
        {
            "entity": f"p{k % 5}" if k else f"only-{days}",
            "name": f"event {k % 3}" if days <= 50 else f"old event {k % 3}",
            "time_us": NOW - days * DAY_US + (k + seed) * 1_000_000,
            "value": 2_000_000,
            "plan": ("free", "pro")[k % 2],
            **words,
        }
        for k in range(some)
    ]


def lines(days: int, k: int) -> str:
    at = NOW - days * DAY_US + k
    extra = f" said={OLD}" if days > 50 else ""
    return "\n".join(f"p{n} click {at + n} m{days}-{k}-{n}{extra}" for n in range(3))


def build(folder: Path, *, old: bool) -> Workspace:
    """Two imports that hold rows of each other, events handed in that wait, links, and what was refused."""
    made = Workspace.create(folder)
    past = [rows(days, some=12) if old else [] for days in (90, 70)]
    put(made, [*rows(10, some=20), *past[0]])
    with made.begin_import(files=[InputFile("again.csv", "f" * 64, 9)]) as transaction:
        transaction.add(batch([*rows(10, some=8), *past[0][:6], *rows(5, some=9), *past[1]]))
        transaction.commit()
    inbox = Inbox(made)
    for k in range(3):
        inbox.append(HandedIn("\n".join([lines(3, k), *([lines(80, k)] if old else [])]).encode()))
        inbox.number(read)
        if k == 0:
            inbox.drain()
    Links(made).say([SaidLink("p1", "p2", 1, "login")])
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built") / "shop", old=True).path


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(shutil.copytree(built, tmp_path / "shop"))


@pytest.fixture(scope="module")
def never(tmp_path_factory: pytest.TempPathFactory) -> tuple:
    return told(build(tmp_path_factory.mktemp("never") / "shop", old=False))


def removed(shop: Workspace) -> dict[tuple[str, str], int]:
    (one,) = Keeping(shop).batches()
    return {(gone.name, gone.place): gone.rows for gone in one.removed}


def test_answers_after_the_batch_are_those_of_a_workspace_that_never_had_what_is_too_old(
    shop: Workspace, never: tuple
) -> None:
    kept = Keeping(shop)
    assert kept.run() is None
    before = told(shop)
    assert before != never
    assert list(found_in(shop.path, (OLD,)))
    seen = kept.preview(Kept(LIMITS))
    assert told(shop) == before
    kept.save(LIMITS)
    assert told(shop) == before
    done = kept.run(by="ann")
    assert done is not None
    assert done.done_at is not None
    assert told(shop) == never
    assert told(Workspace.open(shop.path)) == never
    assert list(found_in(shop.path, (OLD,))) == []
    gone = removed(shop)
    assert gone == {
        ("events:files", "events"): 24,
        ("events:app", "events"): 9,
        ("events", "rows that other imports hold"): 6,
        ("events", "last events to be watched"): 9,
    }
    assert {one.name: one.rows for one in seen} == {"events:files": 24, "events:app": 9}
    assert [len(one.days) for one in seen] == [1, 2]
    assert all(one.state == "ok" for one in (*check_store(shop.path), check_database(shop.path)))
    assert all(OLD not in repr(one) for one in ArrivalNotes(shop).last())
    assert kept.preview() == ()


def test_what_is_too_old_does_not_come_back_by_any_door(shop: Workspace, never: tuple) -> None:
    Keeping(shop).save(LIMITS)
    Keeping(shop).run()
    again = put(shop, [*rows(10, some=20), *rows(90, some=12)])
    assert (again.accepted, again.duplicates, again.rejected) == (0, 20, 12)
    refused = shop.rejects(again.import_id).to_pylist()
    assert {(one["code"], one["raw"]) for one in refused} == {("OLDER_THAN_KEPT", "")}
    Inbox(shop).append(HandedIn(f"{lines(80, 0)}\n{lines(80, 9)}\n{lines(3, 0)}".encode()))
    assert Inbox(shop).number(read) == 0
    assert told(shop) == never
    assert [one.raw for one in Inbox(shop).quarantined()] == [""]
    shop.undo(1)
    assert told(shop)[0].keys() <= never[0].keys()
    Keeping(shop).run()
    assert list(found_in(shop.path, (OLD,))) == []
    # Once everything is kept again, the ids of the rows say that they were there before.
    Keeping(shop).save({})
    assert put(shop, [*rows(70, some=12)[:6], *rows(5, some=9)]).accepted == 0


def test_a_source_is_kept_for_as_long_as_it_says_itself(shop: Workspace, never: tuple) -> None:
    kept = Keeping(shop)
    kept.save({**LIMITS, "events:app": "for ever"})
    assert [one.name for one in kept.since()] == ["events"]
    kept.run()
    held = told(shop)
    assert held[1] == never[1] + 9
    kept.save({"events:app": "50d"})
    kept.run()
    assert told(shop) == never
    kept.save({"events": "8d", "events:app": "2d"})
    kept.run()
    assert told(shop)[1] == 9
    longest = max(len(path.name) for path in (shop.path / "lake").rglob("*.parquet"))
    assert longest <= len("import-00000001-1-00000002.parquet")
    assert all(one.state == "ok" for one in check_store(shop.path))


def test_when_everything_is_too_old_nothing_is_left_and_numbers_are_never_given_again(
    tmp_path: Path,
) -> None:
    made = Workspace.create(tmp_path / "shop")
    put(made, rows(90, some=12))
    seen = Keeping(made).preview(Kept(LIMITS))
    assert [(one.name, one.rows) for one in seen] == [("events:files", 12)]
    Keeping(made).save(LIMITS)
    Keeping(made).run()
    assert made.snapshot().events == 0
    assert list(found_in(made.path, (OLD,))) == []
    assert put(made, rows(90, some=12)).accepted == 0
    new = put(made, rows(5, some=9))
    assert (new.import_id, new.accepted) == (4, 9)


def test_decisions_and_what_was_refused_go_by_their_own_limits(shop: Workspace) -> None:
    at = {"old": 70, "young": 10, "on its way": 90, "read": 60}
    with shop.database.session() as session:
        for key, days in at.items():
            state = "sending" if key == "on its way" else "delivered"
            said = {"key": key, "decided_us": NOW - days * DAY_US, "state": state}
            session.execute(insert(LedgerRow), [{**ledger_row(), **said}])
        begun = NOW - 62 * DAY_US
        said = {"document": "", "author": "", "written_us": 1, "begun_us": begun}
        session.add(ExperimentRow(id="goes on", **said))
        said = {"batch": 1, "position": 1, "key": "", "code": "SHORT", "reason": "", "raw": OLD}
        session.add(QuarantineRow(**said, received_us=NOW - 60 * DAY_US, protocol="x", source=""))
    kept = Keeping(shop)
    limits = {"decisions": "40d", "refused": "40d"}
    seen = {one.name: one.rows for one in kept.preview(Kept(limits))}
    assert seen == {"decisions": 1, "refused": 1}
    kept.save(limits)
    before = told(shop)
    kept.run()
    assert told(shop) == before
    assert sorted(one.key for one in Ledger(shop).rows()) == ["on its way", "read", "young"]
    assert Inbox(shop).quarantined() == ()
    assert removed(shop) == {
        ("decisions", "ledger of messages and decisions"): 1,
        ("refused", "batches that could not be read"): 1,
    }


MOMENTS = [
    "keeping.begun",
    "commits.sync_tree",
    "Lake.replace",
    "commits.show",
    "erasing.note_erasure",
    "Lake.delete",
    "erasing.clear_former",
    "erasing.clear",
    "KeptAside.files",
    "KeptAside.rows",
    "Database.shred",
    "keeping.end",
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_batch_that_is_killed_at_any_step_is_gone_on_with(
    shop: Workspace, never: tuple, moment: str
) -> None:
    before = told(shop)
    Keeping(shop).save(LIMITS)
    with pytest.MonkeyPatch.context() as patch:
        end_at(patch, moment, after=MOMENTS.index(moment) % 2 == 0)
        with pytest.raises(Killed):
            Keeping(shop).run()
    again = Workspace.open(shop.path)
    assert told(again) in (before, never)
    Keeping(again).run()
    assert told(again) == never
    assert list(found_in(again.path, (OLD,))) == []
    assert removed(again)["events:files", "events"] == 24
    assert all(one.state == "ok" for one in check_store(again.path))
