"""Events that are handed in get dense numbers, come into the shards under them, and never twice."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import select
from tests.forked import Forks, forks
from tests.store.crash_moments import Killed, end_at, look_at
from tests.store.handing_in import BATCHES, body_of, read
from tests.store.made import batch, drawn, journeys, put

from pathworth.base.errors import StoreTrouble
from pathworth.store import ArrivedEvent, HandedIn, Inbox, InputFile, Workspace
from pathworth.store.commits import Journal
from pathworth.store.records.data.arrivals import InboxRow
from pathworth.store.tail import drain

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


def handed(workspace: Workspace, *batches: bytes) -> list[ArrivedEvent]:
    inbox = Inbox(workspace)
    before = inbox.newest()
    for body in batches:
        inbox.append(HandedIn(body))
    new = inbox.number(read)
    found = [one for one in inbox.waiting() if one.seq > before]
    assert len(found) == new
    return found


def unheard(workspace: Workspace) -> list[ArrivedEvent]:
    return [one for events in Inbox(workspace).unheard("act") for one in events]


def events_of(workspace: Workspace) -> list[tuple[int, str, str, int]]:
    """Every event of the shards by its number: number, person, name, time."""
    found = []
    for entity, rows in journeys(workspace.snapshot()).items():
        found += [(seq, entity, name, time) for time, seq, name, _ in rows[:-1]]
    return sorted(found)


def told(events: list[ArrivedEvent]) -> list[tuple[int, str, str, int]]:
    return [(one.seq, one.entity, one.name, one.time_us) for one in events]


def test_numbers_go_on_from_the_snapshot_s_without_a_gap_and_stay_in_the_shards(
    workspace: Workspace,
) -> None:
    put(workspace, drawn(50, 1))
    before = events_of(workspace)
    events = handed(workspace, body_of(0), body_of(1))
    assert [one.seq for one in events] == list(range(51, 51 + len(events)))
    assert Inbox(workspace).waiting() == tuple(events)
    one = events[3]
    assert Inbox(workspace).waiting([one.entity]) == tuple(
        e for e in events if e.entity == one.entity
    )
    done = Inbox(workspace).drain(author="ann")
    assert done is not None
    assert (done.accepted, done.duplicates) == (len(events), 0)
    assert events_of(workspace) == before + told(events)
    assert Inbox(workspace).waiting() == ()
    assert workspace.snapshot().seq == events[-1].seq
    assert workspace.imports()[-1].author == "ann"
    assert Inbox(workspace).drain() is None


def test_an_append_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    Workspace.create(folder)
    program = (
        "import os, sys; from pathworth.store import HandedIn, Inbox, Workspace; "
        "print(Inbox(Workspace.open(sys.argv[1])).append(HandedIn(b'{}')), flush=True); os.kill(os.getpid(), 9)"
    )
    made = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, check=False
    )
    assert (made.returncode, made.stdout.strip()) == (-signal.SIGKILL, b"1")
    assert Inbox(Workspace.open(folder)).count() == (0, 1)


def test_the_bytes_of_a_batch_are_kept_until_it_is_numbered_and_not_beside_its_events(
    workspace: Workspace,
) -> None:
    inbox = Inbox(workspace)
    inbox.append(HandedIn(body_of(0)))
    kept = select(InboxRow.body)
    with workspace.database.session() as session:
        assert session.scalars(kept).all() == [body_of(0)]
    inbox.number(read)
    with workspace.database.session() as session:
        assert session.scalars(kept).all() == [b""]
    assert inbox.waiting()


def test_replaying_a_batch_changes_nothing_while_it_waits_and_after(workspace: Workspace) -> None:
    events = handed(workspace, body_of(0))
    assert handed(workspace, body_of(0)) == []
    assert Inbox(workspace).drain() is not None
    before, imports = events_of(workspace), workspace.imports()
    assert handed(workspace, body_of(0), body_of(0)) == []
    assert Inbox(workspace).drain() is None
    assert events_of(workspace) == before == told(events)
    assert workspace.imports() == imports
    outcome = Inbox(workspace).outcome(4)
    assert outcome is not None
    assert (outcome.accepted, outcome.duplicates, outcome.seq) == (0, len(events), None)


def test_identical_events_without_an_id_are_real_inside_one_batch_and_a_repeat_in_the_next(
    workspace: Workspace,
) -> None:
    events = handed(
        workspace, b"a click 5\na click 5\na click 6", b"a click 5\na click 5\na click 5"
    )
    assert [one.name for one in events] == ["click"] * 4
    assert len({one.message_id for one in events}) == 4


def test_a_retry_with_the_same_id_that_differs_is_counted_as_conflicting(
    workspace: Workspace,
) -> None:
    inbox = Inbox(workspace)
    handed(workspace, b"a click 5 m1", b"a click 7 m1\na click 5 m1\nb click 5 m2")
    outcome = inbox.outcome(2)
    assert outcome is not None
    assert (outcome.accepted, outcome.duplicates, outcome.conflicting) == (1, 2, 1)
    inbox.drain()
    handed(workspace, b"a click 9 m1")
    outcome = inbox.outcome(3)
    assert outcome is not None
    assert (outcome.duplicates, outcome.conflicting) == (1, 1)


def test_what_cannot_be_read_is_kept_with_its_reason_and_stops_nothing(
    workspace: Workspace,
) -> None:
    inbox = Inbox(workspace)
    inbox.append(HandedIn(b"boom", key="app"))
    inbox.append(HandedIn(b"a click 5\nbroken\nb click 6", key="app"))
    assert inbox.number(read) == 2
    assert [one.entity for one in inbox.waiting()] == ["a", "b"]
    kept = inbox.quarantined()
    assert [(one.batch, one.position, one.raw, one.key) for one in kept] == [
        (2, 2, "broken", "app"),
        (1, 0, "boom", "app"),
    ]
    assert kept[0].reason == "three words are needed"
    assert "no batch" in kept[1].reason
    assert inbox.quarantined_count() == 2
    inbox.append(HandedIn(b"a click 5\nbroken\nb click 6", key="app"))
    inbox.number(read)
    assert inbox.quarantined_count() == 2


def test_an_import_brings_what_waits_in_first_and_numbering_waits_while_it_writes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathworth.store.workspace.PATIENCE_S", 0.02)
    waited = handed(workspace, body_of(0))
    with workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        assert events_of(workspace) == told(waited)
        assert handed(Workspace.open(workspace.path), body_of(1)) == []
        assert Inbox(workspace).count() == (0, 1)
        with pytest.raises(StoreTrouble, match="WORKSPACE_BUSY"):
            Inbox(workspace).drain()
        transaction.add(batch(drawn(30, 3)))
        transaction.commit()
    assert handed(workspace)[0].seq == len(waited) + 31
    Inbox(workspace).drain()
    seqs = [event[0] for event in events_of(workspace)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_events_are_numbered_while_others_enter_the_lake_and_count_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = handed(workspace, body_of(0))
    other, stage, seen = Workspace.open(workspace.path), drain._Staging.stage, []

    def while_others_come(self: drain._Staging, *rows: pa.Table) -> Journal:
        journal = stage(self, *rows)
        seen.append(handed(other, b"\n".join([body_of(1), body_of(0)])))
        return journal

    monkeypatch.setattr(drain._Staging, "stage", while_others_come)
    for turn in range(2):
        Inbox(workspace).drain()
        assert [len(found) for found in seen] == [10, 0][: turn + 1]
    assert events_of(workspace) == told([*sent, *seen[0]])
    assert handed(workspace, body_of(0) + b"\n" + body_of(1)) == []
    assert Inbox(workspace).count() == (0, 0)


def test_an_import_of_nothing_new_counts_what_came_since_the_shards_were_written(
    workspace: Workspace,
) -> None:
    put(workspace, drawn(30, 3))
    handed(workspace, body_of(0))
    seen = workspace.snapshot()
    assert seen.events > 30
    done = put(workspace, drawn(30, 3)[:20])
    assert (done.accepted, done.duplicates) == (0, 20)
    assert (done.events, done.entities) == (seen.events, seen.entities)
    assert (done.from_us, done.to_us) == (seen.first_us, seen.last_us)


def test_events_that_a_file_holds_too_are_one_event_and_come_back_as_the_file_s(
    workspace: Workspace,
) -> None:
    rows = [{"entity": "a", "name": "click", "time_us": k, "id": f"m{k}"} for k in range(3)]
    handed(workspace, b"source files\na click 0 m0\na click 1 m1")
    Inbox(workspace).drain()
    found = put(workspace, rows, ids="id")
    assert (found.accepted, found.duplicates) == (1, 2)
    assert workspace.undo(1).restored == 2
    assert workspace.snapshot().events == 3


def test_a_listener_hears_every_event_once_also_those_that_came_into_the_shards_meanwhile(
    workspace: Workspace,
) -> None:
    inbox = Inbox(workspace)
    assert unheard(workspace) == []
    first = handed(workspace, body_of(0))
    inbox.drain()
    second = handed(workspace, body_of(1))
    assert unheard(workspace) == first + second
    inbox.failed("act", "no room")
    assert inbox.notes() == {"act": "no room"}
    inbox.heard("act", first[1].seq)
    assert unheard(workspace) == first[2:] + second
    inbox.heard("act", first[-1].seq)
    assert inbox.notes() == {}
    assert unheard(workspace) == second
    inbox.heard("act", second[-1].seq)
    assert unheard(workspace) == []
    assert list(inbox.waiting()) == second


def test_several_programs_hand_in_at_once_and_every_event_is_numbered_once(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    Workspace.create(folder)

    def work(k: int) -> None:
        inbox = Inbox(Workspace.open(folder))
        inbox.append(HandedIn(body_of(k)))
        inbox.number(read)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(BATCHES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened = Workspace.open(folder)
    Inbox(opened).number(read)
    events = Inbox(opened).waiting()
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    assert len({one.message_id for one in events}) == len(events) == 10 * BATCHES


DRAINING = [
    "drain._events",
    "drain.stage_lake",
    "commits.sync_tree",
    "commits.write_whole",
    "Lake.commit",
    "commits.move_in",
    "commits._note",
    "commits.mark_drained",
    "commits.clear",
]
NUMBERING = ["numbering._write", "numbering.add_quarantine", "numbering._tell"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", [*NUMBERING, *DRAINING])
def test_an_end_before_or_after_every_step_loses_nothing_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    folder = tmp_path / "shop"
    put(Workspace.create(folder), drawn(20, 1))
    Inbox(Workspace.open(folder)).append(HandedIn(body_of(0)))
    Inbox(Workspace.open(folder)).append(HandedIn(b"a click 5\nbroken"))
    with monkeypatch.context() as patch:
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            number_and_drain(folder)
    opened = Workspace.open(folder)
    Inbox(opened).number(read)
    Inbox(opened).drain()
    found = events_of(opened)
    assert [event[0] for event in found] == list(range(1, 32))
    assert [event[1:] for event in found[20:]] == expected([body_of(0), b"a click 5"])
    assert Inbox(opened).count() == (0, 0)
    assert Inbox(opened).quarantined_count() == 1
    assert sum(record.result.accepted for record in opened.imports()) == 31
    assert not (folder / "staging").exists()
    assert handed(opened, body_of(0), b"a click 5\nbroken") == []


@pytest.mark.parametrize("moment", ["drain.stage_snapshot", *DRAINING])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_the_first_drain_of_all_may_end_anywhere_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    folder = tmp_path / "shop"
    handed(Workspace.create(folder), body_of(0))
    with monkeypatch.context() as patch:
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            Inbox(Workspace.open(folder)).drain()
    seen = events_of(Workspace(folder))
    opened = Workspace.open(folder)
    assert seen == events_of(opened)
    Inbox(opened).drain()
    assert events_of(opened) == seen
    assert [event[1:] for event in seen] == expected([body_of(0)])
    assert handed(opened, body_of(0)) == []


@pytest.mark.parametrize("moment", [*DRAINING, "drain.stage_snapshot"])
@pytest.mark.parametrize("based", [False, True])
def test_no_event_is_missed_or_seen_twice_at_any_moment_of_a_drain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, based: bool
) -> None:
    folder = tmp_path / "shop"
    workspace = Workspace.create(folder)
    if based:
        put(workspace, drawn(20, 1))
    handed(workspace, body_of(0))
    Inbox(workspace).drain()
    handed(workspace, body_of(1), body_of(2))
    wanted = events_of(workspace)
    before = Workspace(folder)
    before.snapshot()
    unread = Workspace(folder)
    looks = []

    def look() -> None:
        for reader in (before, workspace, Workspace(folder)):
            assert events_of(reader) == wanted
        looks.append(moment)

    with monkeypatch.context() as patch:
        look_at(patch, moment, look=look)
        Inbox(workspace).drain()
    assert bool(looks) == (moment != "drain.stage_snapshot")
    for reader in (before, workspace, unread, Workspace.open(folder)):
        assert events_of(reader) == wanted
    assert wanted == sorted(wanted)


def number_and_drain(folder: Path) -> None:
    Inbox(Workspace.open(folder)).number(read)
    Inbox(Workspace.open(folder)).drain()


def expected(bodies: list[bytes]) -> list[tuple[str, str, int]]:
    rows = [line.split() for body in bodies for line in body.decode().splitlines()]
    return [(row[0], row[1], int(row[2])) for row in rows]


def test_killed_again_and_again_every_acknowledged_batch_is_in_the_shards_once(
    tmp_path: Path, handing: Forks
) -> None:
    folder = tmp_path / "shop"
    put(Workspace.create(folder), drawn(20, 1))
    rng = random.Random(31)
    acknowledged: set[int] = set()
    killed = 0
    for _ in range(6):
        left = [k for k in range(BATCHES) if k not in acknowledged]
        said, ended = hand_in(handing, folder, left, kill_after=rng.uniform(0.0, 0.45))
        acknowledged |= said
        killed += ended
        seen = [event[1:] for event in events_of(Workspace.open(folder))[20:]]
        assert len(seen) == len(set(seen))
        assert set(seen) <= set(expected([body_of(k) for k in range(BATCHES)]))
    assert killed >= 3
    assert acknowledged
    opened = Workspace.open(folder)
    Inbox(opened).number(read)
    Inbox(opened).drain()
    found = events_of(opened)
    assert [event[0] for event in found] == list(range(1, len(found) + 1))
    there = [event[1:] for event in found[20:]]
    assert len(there) == len(set(there))
    assert set(there) >= set(expected([body_of(k) for k in sorted(acknowledged)]))
    assert set(there) <= set(expected([body_of(k) for k in range(BATCHES)]))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def handing() -> Iterator[Forks]:
    """What children that hand batches in are made with."""
    with forks("tests.store.handing_in") as held:
        yield held


def hand_in(
    program: Forks, folder: Path, batches: list[int], *, kill_after: float
) -> tuple[set[int], bool]:
    """Let a child hand batches in, kill it, and return what it was told is safe, and whether it was killed."""
    program.begin(folder, batches)
    assert program.line() == "ready"
    time.sleep(kill_after)
    said, killed = program.kill()
    return set(map(int, said)), killed
