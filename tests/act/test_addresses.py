"""Whoever is known from a file alone is written to at the address in it, however many different ones there are."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.act.made import DAY, HOUR, MAP, NOON, Kept, Stream, agree, program
from tests.store.made import Row, put

from pathworth import act, atlas, run
from pathworth.store import (
    ArrivedEvent,
    Exclusions,
    InputFile,
    Ledger,
    PersonStates,
    Workspace,
    row_digests,
)
from pathworth.store.shards.on_use import ColumnMaker

MANY = 160_000


def shop(folder: Path) -> Workspace:
    workspace = Workspace.create(folder)
    workspace.save_map("shop", atlas.dump_map(MAP), author="test")
    return workspace


def small(people: int = 1200, *, first: int = 0) -> list[Row]:
    """One visit each, with an address of their own, which is too seldom the same to be promoted."""
    return [
        {
            "entity": f"p{k}",
            "name": "Viewed",
            "time_us": NOON + k,
            "email": f"{k}@people.example",
            "first": "Ann",
        }
        for k in range(first, first + people)
    ]


def start(workspace: Workspace, one: act.Program | None = None, *, at_us: int = NOON) -> None:
    act.save_program(workspace, one or program(wait="0m"))
    act.start_program(workspace, "basket", now_us=at_us)


def added(workspace: Workspace, person: str, at_us: int, *, seq: int | None = None) -> ArrivedEvent:
    number = workspace.snapshot().seq + 1 if seq is None else seq
    return ArrivedEvent(number, "app", f"m{number}", person, "Added", at_us)


def many(workspace: Workspace) -> None:
    """Import people with an address on their first event, a few of whom fill the basket later without it."""
    numbers = pa.array(np.arange(MANY)).cast(pa.string())
    ids = pa.compute.binary_join_element_wise("p", numbers, "")
    filled = ids.slice(0, 40)
    rows = MANY + len(filled)
    times = np.concatenate([NOON + np.arange(MANY), NOON + DAY + np.arange(len(filled))])
    nothing = pa.nulls(len(filled), pa.string())
    mails = pa.compute.binary_join_element_wise(numbers, "people.example", "@")
    columns = {
        "entity": pa.concat_arrays([ids, filled]),
        "name": pa.array(["Viewed"] * MANY + ["Added"] * len(filled)),
        "email": pa.concat_arrays([mails, nothing]),
        "first": pa.concat_arrays([pa.repeat(pa.scalar("Ann"), MANY), nothing]),
    }
    fixed = {
        "file": pa.array(np.zeros(rows, np.int32)),
        "row": pa.array(np.arange(rows)),
        "time_us": pa.array(times),
        "digest": row_digests({k: columns[k] for k in ("entity", "name")}),
        "message_id": pa.nulls(rows, pa.string()),
        "value": pa.nulls(rows, pa.int64()),
        "cost": pa.nulls(rows, pa.int64()),
        "currency": pa.nulls(rows, pa.string()),
    }
    with workspace.begin_import(files=[InputFile("people.csv", "a", 1)]) as transaction:
        transaction.add(pa.table({**fixed, **columns}))
        transaction.commit()


def test_of_very_many_people_of_a_file_each_is_written_to_at_their_own_address(
    tmp_path: Path,
) -> None:
    held = shop(tmp_path / "w")
    many(held)
    opened = run.open_workspace(tmp_path / "w")
    assert "email" not in list(opened.store.snapshot().columns)
    act.save_program(opened.store, program(wait="0m"))
    agree(held, *(f"p{k}" for k in (7, 150_123, 3)))
    dry = act.rehearse(opened.store, "basket")
    assert dry.occasions == 40
    assert dry.sends == 2, "of the forty in the file two agreed, and both have an address"
    assert {row.reasons for row in dry.rows} == {(), ("no_consent",)}
    act.start_program(opened.store, "basket", now_us=time.time_ns() // 1000 - DAY)
    assert opened.store.snapshot().on_use["email"].built
    event = {"event": "Added", "person": "p150123", "time": datetime.now(UTC).isoformat()}
    run.arrive(opened, json.dumps({"source": "app", "events": [event]}).encode())
    (row,) = Ledger(opened.store).rows()
    assert (row.entity, row.action, row.address) == ("p150123", "send", "150123@people.example")
    sender = Kept()
    assert act.deliver(opened.store, sender) == 1
    assert [(one.address, one.subject) for one in sender.messages] == [
        ("150123@people.example", "Your basket, Ann")
    ]


def test_a_program_that_runs_before_the_file_comes_finds_the_addresses_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = shop(tmp_path / "w")
    start(workspace)
    agree(workspace, "p5", "p6", "p1207")
    put(workspace, small())
    act.prepare(workspace)
    monkeypatch.setattr(ColumnMaker, "make", never)
    act.feed(workspace, [added(workspace, "p5", NOON + HOUR)])
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert row.address == "5@people.example"
    put(workspace, small(20, first=1200))
    act.feed(workspace, [added(workspace, "p1207", NOON + HOUR)])
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert row.address == "1207@people.example"


def never(*_: object) -> None:
    raise AssertionError("the column is there")


def test_the_first_event_makes_the_column_when_nobody_did_before(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    start(workspace)
    agree(workspace, "p5")
    put(workspace, small())
    assert not workspace.snapshot().on_use["email"].built
    act.feed(workspace, [added(workspace, "p5", NOON + HOUR)])
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert row.address == "5@people.example"


def test_a_person_known_before_the_file_gets_the_address_that_it_brings(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    start(workspace, program(wait="0m", again="1m"))
    agree(workspace, "p5")
    stream = Stream()
    first = stream.add("p5", "Added", NOON + HOUR, email="", first="")
    act.feed(workspace, [first])
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert row.reasons[:1] == ("no_address",)
    put(workspace, small())
    act.feed(workspace, [added(workspace, "p5", NOON + 2 * HOUR)])
    (row,) = act.decide_due(workspace, NOON + 2 * HOUR)
    assert (row.action, row.address) == ("send", "5@people.example")


def test_what_nobody_ever_said_is_looked_for_once_in_each_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = shop(tmp_path / "w")
    start(workspace)
    put(workspace, [{"entity": f"p{k}", "name": "Viewed", "time_us": NOON} for k in range(3)])
    asked = []
    from pathworth.act.watching import remember

    real = remember.recall

    def recall(*given: object, **named: object) -> dict[str, str]:
        asked.append(given[1])
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(remember, "recall", recall)
    seq = workspace.snapshot().seq
    for k in range(4):
        act.feed(workspace, [added(workspace, "p1", NOON + HOUR + k, seq=seq + k + 1)])
    assert asked == []
    put(workspace, small(2, first=9))
    for k in range(4, 8):
        act.feed(workspace, [added(workspace, "p1", NOON + HOUR + k, seq=seq + k + 1)])
    assert asked == ["p1"]


def test_whom_no_number_counts_by_an_address_in_a_file_no_program_writes_to(
    tmp_path: Path,
) -> None:
    workspace = shop(tmp_path / "w")
    rows = [{**row, "mail2": row["email"]} for row in small()]
    put(workspace, rows)
    Exclusions(workspace).save("us", who="mail2 = '7@people.example'", ids=(), author="test")
    start(workspace)
    agree(workspace, "p7", "p8")
    seq = workspace.snapshot().seq
    act.feed(
        workspace,
        [added(workspace, f"p{k}", NOON + HOUR, seq=seq + k) for k in (7, 8)],
    )
    rows_of = {row.entity: row for row in act.decide_due(workspace, NOON + HOUR)}
    assert rows_of["p7"].reasons[:1] == ("excluded",)
    assert rows_of["p8"].action == "send"


def test_a_rule_over_numbers_that_are_no_column_yet_reads_them_as_numbers(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    rows: list[Row] = [
        {**row, **{f"a{c:02d}": "x" for c in range(40)}, "zz": f"{k}.50"}
        for k, row in enumerate(small(60))
    ]
    put(workspace, rows)
    assert not workspace.snapshot().on_use["zz"].built
    start(workspace, program(wait="0m", who="zz > 8.4 and zz < 10"))
    people = ["p7", "p8", "p9", "p10"]
    agree(workspace, *people)
    seq = workspace.snapshot().seq
    act.feed(
        workspace,
        [added(workspace, one, NOON + HOUR, seq=seq + k) for k, one in enumerate(people, 1)],
    )
    sent = {row.entity for row in act.decide_due(workspace, NOON + HOUR) if row.action == "send"}
    assert sent == {"p8", "p9"}
    assert PersonStates(workspace).of("p8") is not None


def test_a_preview_and_the_checks_know_what_only_a_file_says(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    put(workspace, small())
    one = program(message=act.Template("For {{ person.email }}", "{{ unsubscribe }}"))
    assert [finding.code for finding in act.check(workspace, one)] == ["NO_HOLDOUT"]
    assert not workspace.snapshot().on_use["email"].built, "a check makes no column"
    assert act.draft_program(workspace, "shop", step="fills").address == "email"
    seen = act.preview(workspace, one, entity="p77")
    assert (seen.subject, seen.address) == ("For 77@people.example", "77@people.example")
    act.save_program(workspace, one)
    start(workspace, one)
    act.feed(workspace, [added(workspace, "p77", NOON + HOUR)])
    assert act.preview(workspace, one, entity="p77").address == "77@people.example"
