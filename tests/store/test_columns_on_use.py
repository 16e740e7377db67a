"""A property becomes a column when it is first asked for, the same as if it had been promoted from the beginning."""

from __future__ import annotations

import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from tests.forked import forks
from tests.store.crash_moments import Killed, end_at
from tests.store.made import Row, bytes_of, drawn, journeys, put
from tests.store.making_columns import PROPERTIES

from pathworth import measure
from pathworth.base.errors import NotSupported, StoreTrouble, UnknownName
from pathworth.base.json import to_json
from pathworth.journeys import Journeys
from pathworth.store import OnUse, Snapshot, Workspace, accept as accept_module, check_store
from pathworth.store.shards import build as build_module, columns as columns_module

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


@pytest.fixture
def making() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture
def nothing_promoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)


def simple(entity: str, time_us: int = 0, **more: str | int | None) -> Row:
    return {"entity": entity, "name": "visit", "time_us": time_us, **more}


def same_columns(one: Snapshot, other: Snapshot, names: tuple[str, ...] = PROPERTIES) -> None:
    """Both say the same of every property, to the last byte of every array."""
    for name in names:
        assert one.columns[name].kind == other.columns[name].kind
        assert list(one.columns[name].values) == list(other.columns[name].values)
        assert (name in one.traits) == (name in other.traits)
        for left, right in zip(one.shards, other.shards, strict=True):
            held, asked = left.columns[name], right.columns[name]
            assert held.dtype == asked.dtype
            assert held.tobytes() == asked.tobytes()
            if name in one.traits:
                assert left.traits[name].tobytes() == right.traits[name].tobytes()


def answers(snapshot: Snapshot) -> list[object]:
    asked = [
        measure.transitions(Journeys(snapshot, where="plan = 'pro' or paid"), by="plan"),
        measure.transitions(Journeys(snapshot, who='"Price (EUR)" >= 2.5 and plan is not null')),
        measure.transitions(Journeys(snapshot, where="since >= '2024-05-01'"), by="paid"),
        measure.transitions(Journeys(snapshot, who="trait('note') like '%1'")),
        measure.funnel(Journeys(snapshot), ["a := plan = 'free'", "b := note like '%-2%'"]),
        measure.retention(Journeys(snapshot), start="paid = true", period="week"),
    ]
    plain = [json.loads(json.dumps(to_json(one))) for one in asked]
    for one in plain:
        one.pop("as_of", None)
    return plain


@pytest.mark.filterwarnings(
    "ignore:overflow encountered in exp"
)  # of intervals, which this is not about
@pytest.mark.parametrize("shard_events", [4_000_000, 100])
@pytest.mark.parametrize("zoned_from", [1_000_000, 10])
def test_a_column_made_on_use_holds_and_answers_what_a_promoted_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shard_events: int, zoned_from: int
) -> None:
    monkeypatch.setattr(build_module, "SHARD_EVENTS", shard_events)
    monkeypatch.setattr(accept_module, "ZONED_FROM", zoned_from)
    made = {}
    for promoted in (32, 0):
        monkeypatch.setattr(columns_module, "PROMOTED", promoted)
        made[promoted] = Workspace.create(tmp_path / f"{promoted}")
        for seed, events in ((1, 300), (2, 150)):
            put(made[promoted], drawn(events, seed))
    one, other = made[0].snapshot(), made[32].snapshot()
    assert set(one.columns) == {"value", "cost"}
    assert set(one.on_use) == set(PROPERTIES)
    assert set(other.columns) == {"value", "cost", *PROPERTIES}
    assert dict(other.on_use) == {}
    assert answers(one) == answers(other)
    same_columns(one, other)
    again = Workspace.open(made[0].path).snapshot()
    assert all(again.on_use[name].built for name in PROPERTIES)
    assert answers(again) == answers(other)


def test_kinds_that_are_known_are_said_and_no_column_is_made_for_that(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(200, 1))
    snapshot = workspace.snapshot()
    kinds = {name: one.kind for name, one in snapshot.on_use.items()}
    assert kinds == {
        "Price (EUR)": "number",
        "note": "text",
        "paid": "flag",
        "plan": "text",
        "since": "time",
    }
    assert "note" in snapshot.columns
    assert "nothing" not in snapshot.columns
    assert not (workspace.path / "columns").exists()
    assert snapshot.columns["note"].kind == "text"
    assert snapshot.on_use["note"] == OnUse("text", built=True)


def test_walking_through_columns_gives_the_promoted_ones_alone_whatever_was_asked(
    workspace: Workspace,
) -> None:
    put(workspace, [simple(f"e{k % 9}", k, note=f"n{k}", plan="pro") for k in range(1200)])
    snapshot = workspace.snapshot()
    before = list(snapshot.columns), list(snapshot.traits)
    assert "note" not in before[0]
    assert snapshot.traits["note"].kind == "text"
    assert (list(snapshot.columns), list(snapshot.traits)) == before
    assert len(snapshot.columns) == len(before[0])
    put(workspace, [simple("e1", 5000, note="one more")])
    assert (list(workspace.snapshot().columns), list(workspace.snapshot().traits)) == before


def test_a_property_that_is_nowhere_is_unknown_and_near_names_include_those_on_use(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(60, 1))
    snapshot = workspace.snapshot()
    with pytest.raises(UnknownName, match="Did you mean plan") as trouble:
        measure.transitions(Journeys(snapshot, where="plann = 'pro'"))
    assert trouble.value.code == "UNKNOWN_COLUMN"
    with pytest.raises(UnknownName, match="Did you mean plan") as trouble:
        measure.transitions(Journeys(snapshot, who="plann = 'pro'"))
    assert trouble.value.code == "UNKNOWN_TRAIT"
    with pytest.raises(UnknownName) as trouble:
        measure.transitions(Journeys(snapshot, who="since = '2024-01-01'"))
    assert trouble.value.code == "UNKNOWN_TRAIT", "a time is no trait, promoted or not"


def test_a_property_whose_last_row_was_undone_is_nowhere(workspace: Workspace) -> None:
    put(workspace, [simple("a", 1)])
    last = put(workspace, [simple("b", k, note=f"n{k}") for k in range(1200)])
    assert list(workspace.snapshot().on_use) == ["note"]
    workspace.undo(last.import_id)
    assert "note" not in workspace.snapshot().columns
    assert dict(workspace.snapshot().on_use) == {}


def test_what_was_asked_for_is_carried_into_the_next_snapshots_and_stays_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    workspace, other = Workspace.create(tmp_path / "a"), Workspace.create(tmp_path / "b")
    put(workspace, drawn(200, 1))
    for name in PROPERTIES:
        assert workspace.snapshot().columns[name]
    second = put(workspace, drawn(100, 2))
    opened = Workspace.open(workspace.path)
    held = opened.snapshot()
    assert set(held.columns) == {"value", "cost"}
    assert all(one.built for one in held.on_use.values())
    assert [place.name for place in (workspace.path / "columns").iterdir()] == ["00000001"]
    monkeypatch.setattr(columns_module, "PROMOTED", 32)
    put(other, drawn(200, 1))
    put(other, drawn(100, 2))
    same_columns(held, other.snapshot())
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    opened.undo(second.import_id)
    assert all(one.built for one in opened.snapshot().on_use.values())
    other.undo(second.import_id)
    same_columns(opened.snapshot(), other.snapshot())
    assert list((workspace.path / "columns").iterdir()) == [], "gone with their snapshot"


def test_of_very_many_columns_that_were_asked_for_some_are_made_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    monkeypatch.setattr("pathworth.store.shards.on_use.CARRIED", 2)
    put(workspace, drawn(100, 1))
    for name in PROPERTIES:
        assert workspace.snapshot().columns[name]
    put(workspace, drawn(50, 2))
    built = [name for name, one in workspace.snapshot().on_use.items() if one.built]
    assert built == sorted(PROPERTIES)[:2]
    assert workspace.snapshot().columns["plan"].kind == "text"


def test_a_column_behind_all_candidates_is_carried_and_never_promoted_for_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_module, "CANDIDATES", 2)
    rows = [simple("a", k, p1="x", p2="y", p3="z" if k else None) for k in range(5)]
    put(workspace, rows)
    assert workspace.snapshot().on_use["p3"] == OnUse(None, built=False)
    assert workspace.snapshot().columns["p3"].values[0] == "z"
    put(workspace, [simple("a", 9, p1="x", p3="w")])
    held = workspace.snapshot()
    assert list(held.columns) == ["value", "cost", "p1", "p2"]
    assert held.on_use["p3"] == OnUse("text", built=True)
    assert list(held.columns["p3"].values) == ["z", "w"]
    assert held.shards[0].columns["p3"].tolist() == [0, 1, 1, 1, 1, 2]


def test_numbers_read_as_they_come_that_turn_out_to_be_words_are_read_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, nothing_promoted: None
) -> None:
    monkeypatch.setattr(columns_module, "DISTINCT", 100)
    put(workspace, [simple("a", k, number=f"{k}.5", day=f"{k}") for k in range(600)])
    held = workspace.snapshot()
    assert held.columns["number"].kind == "number"
    assert held.shards[0].columns["number"].tolist() == [k + 0.5 for k in range(600)]
    put(workspace, [simple("a", 600, number="many")])
    held = workspace.snapshot()
    assert held.columns["number"].kind == "text"
    assert list(held.columns["number"].values)[599:] == ["599.5", "many"]
    assert held.shards[0].columns["number"].tolist() == list(range(1, 602))


def test_more_values_than_the_memory_may_hold_are_refused_with_the_way_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, [simple(f"e{k % 9}", k, note=f"n{k}") for k in range(1200)])
    monkeypatch.setenv("PATHWORTH_COLUMN_MIB", "0")
    with pytest.raises(NotSupported, match="PATHWORTH_COLUMN_MIB") as trouble:
        measure.transitions(Journeys(workspace.snapshot(), where="note = 'n7'"))
    assert trouble.value.code == "COLUMN_TOO_LARGE"
    assert "1,200" in trouble.value.message
    assert not (workspace.path / "scratch").exists()
    monkeypatch.delenv("PATHWORTH_COLUMN_MIB")
    assert measure.transitions(Journeys(workspace.snapshot(), where="note = 'n7'")).events == 1


def test_a_snapshot_that_is_no_longer_the_current_one_keeps_what_it_has_and_gets_no_more(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(60, 1))
    old = workspace.snapshot()
    plans = np.bincount(old.shards[0].columns["plan"]).tolist()
    put(workspace, drawn(60, 2))
    assert np.bincount(old.shards[0].columns["plan"]).tolist() == plans
    with pytest.raises(StoreTrouble, match="Ask again") as trouble:
        measure.transitions(Journeys(old, where="note is null"))
    assert trouble.value.code == "SNAPSHOT_MOVED"
    assert workspace.snapshot().columns["note"].kind == "text"


def test_a_lens_that_needs_a_column_sees_the_newest_snapshot(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(60, 1))
    workspace.whole_snapshot()
    came = []

    def lens(snapshot: Snapshot) -> Snapshot:
        if not came:
            came.append(put(Workspace.open(workspace.path), drawn(60, 2)))
        assert snapshot.columns["note"]
        return snapshot

    workspace.look_through(lens)
    assert workspace.snapshot().events == 120


def test_progress_is_told_from_the_beginning_to_the_end(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(200, 1))
    said: list[tuple[str, float]] = []
    snapshot = workspace.snapshot()
    workspace.tell_columns(lambda what, share: said.append((what, share)))
    assert snapshot.columns["plan"]
    assert {what for what, _ in said} == {"making the column plan"}
    shares = [share for _, share in said]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert snapshot.columns["plan"]
    assert len(shares) == len(said), "a second use makes nothing"


def test_a_torn_column_is_said_by_the_checks_and_made_again(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(100, 1))
    whole = journeys_of(workspace.snapshot(), "plan")
    assert columns_check(workspace) == ("ok", "1 columns made on use.")
    for torn in sorted((workspace.path / "columns").rglob("*")):
        if not torn.is_file() or torn.name == "name":
            continue
        torn.write_bytes(torn.read_bytes()[:-1])
        state, says = columns_check(workspace)
        assert (state, says) == ("look", "1 of 1 columns made on use are not whole.")
        assert journeys_of(Workspace.open(workspace.path).snapshot(), "plan") == whole
        assert columns_check(workspace)[0] == "ok"


def columns_check(workspace: Workspace) -> tuple[str, str]:
    found = next(one for one in check_store(workspace.path) if one.name == "columns")
    return found.state, found.says


def journeys_of(snapshot: Snapshot, name: str) -> list[list[int]]:
    return [shard.columns[name].tolist() for shard in snapshot.shards]


MOMENTS = [
    "on_use.drop_empty",
    "on_use.move_in",
    "on_use.open_snapshot",
    "on_use.spread",
    "on_use.sync_tree",
    "on_use.write_column",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_end_before_or_after_every_step_leaves_no_column_or_a_whole_one(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    nothing_promoted: None,
    moment: str,
    after: bool,
) -> None:
    put(workspace, drawn(200, 1))
    clean = workspace.path.with_name("clean")
    shutil.copytree(workspace.path, clean)
    whole = journeys_of(Workspace.open(clean).snapshot(), "plan")
    with monkeypatch.context() as patch:
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            assert Workspace.open(workspace.path).snapshot().columns["plan"]
    for place in (workspace.path / "columns").glob("*/*"):
        assert bytes_of(place) == bytes_of(clean / place.relative_to(workspace.path))
    assert columns_check(workspace)[0] == "ok"
    assert journeys_of(Workspace.open(workspace.path).snapshot(), "plan") == whole
    assert bytes_of(workspace.path / "columns") == bytes_of(clean / "columns")
    assert Workspace.open(workspace.path).snapshot().columns["paid"]
    assert not (workspace.path / "scratch").exists(), "the next one clears away what was staged"


def test_a_full_disk_leaves_nothing_and_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, nothing_promoted: None
) -> None:
    put(workspace, drawn(100, 1))
    before = {name for name in bytes_of(workspace.path) if not name.startswith("workspace.db")}

    def full(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    for target in ("spread", "write_column", "sync_tree", "move_in"):
        with monkeypatch.context() as patch:
            patch.setattr(f"pathworth.store.shards.on_use.{target}", full)
            with pytest.raises(StoreTrouble, match="DISK_FULL"):
                assert workspace.snapshot().columns["plan"]
        held = {name for name in bytes_of(workspace.path) if not name.startswith("workspace.db")}
        assert held - before <= {"columns.lock"}
    assert workspace.snapshot().columns["plan"].kind == "text"


def test_where_nothing_can_be_written_what_is_there_can_be_asked_and_the_rest_says_why(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, nothing_promoted: None
) -> None:
    put(workspace, drawn(100, 1))
    assert workspace.snapshot().columns["plan"]

    def forbidden(*_args: object, **_named: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("pathworth.store.shards.on_use.alone", forbidden)
    again = Workspace.open(workspace.path).snapshot()
    assert again.columns["plan"].kind == "text"
    with pytest.raises(StoreTrouble, match="from then on everybody") as trouble:
        assert again.columns["note"]
    assert trouble.value.code == "COLUMN_NOT_WRITABLE"


MAKING = "tests.store.making_columns"


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.soak)])
def test_killed_again_and_again_there_is_no_column_or_a_whole_one(
    tmp_path: Path, nothing_promoted: None, kills: int
) -> None:
    folder = tmp_path / "shop"
    put(Workspace.create(folder), drawn(3_000, 1))
    clean = tmp_path / "clean"
    shutil.copytree(folder, clean)
    rng, killed = random.Random(5), 0
    with forks(MAKING) as making:
        making.begin(clean)
        assert making.line() == "ready"
        begun = time.monotonic()
        assert making.end() == ([f"making the column {name}" for name in PROPERTIES], 0)
        whole = time.monotonic() - begun
        while killed < kills:
            shutil.rmtree(folder / "columns", ignore_errors=True)
            making.begin(folder)
            assert making.line() == "ready"
            time.sleep(rng.uniform(0, whole))
            came_in_time = making.kill()[1]
            killed += came_in_time
            # The machine may be quicker now than when it was timed.
            whole *= 1.0 if came_in_time else 0.8
            for place in (folder / "columns").glob("*/*"):
                assert bytes_of(place) == bytes_of(clean / place.relative_to(folder))
            assert columns_check(Workspace.open(folder))[0] == "ok"
    same_columns(Workspace.open(folder).snapshot(), Workspace.open(clean).snapshot())
    assert bytes_of(folder / "columns") == bytes_of(clean / "columns")


def test_processes_and_threads_that_make_one_column_at_once_all_get_it_and_it_is_made_once(
    tmp_path: Path, nothing_promoted: None, making: ExitStack
) -> None:
    folder = tmp_path / "shop"
    put(Workspace.create(folder), drawn(2_000, 1))
    clean = tmp_path / "clean"
    shutil.copytree(folder, clean)
    others = [making.enter_context(forks(MAKING)) for _ in range(2)]
    for other in others:
        other.begin(folder)
    assert [other.line() for other in others] == ["ready", "ready"]
    shared, own = Workspace.open(folder), [Workspace.open(folder) for _ in range(2)]
    said: list[str] = []
    for one in (shared, *own):
        one.tell_columns(lambda what, share: said.append(what) if share == 1.0 else None)
    snapshots = [shared.snapshot(), shared.snapshot(), *(one.snapshot() for one in own)]
    asked: list[Callable[[], object]] = [
        lambda held=held: [held.columns[name] for name in PROPERTIES]  # type: ignore[misc]
        for held in snapshots
    ]
    threads = [threading.Thread(target=ask) for ask in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        told, ended = other.end()
        assert ended == 0
        said += told
    assert sorted(said) == sorted(f"making the column {name}" for name in PROPERTIES)
    for held in snapshots:
        same_columns(held, Workspace.open(clean).snapshot())


def test_events_come_in_and_are_imported_while_a_column_is_made(
    workspace: Workspace, nothing_promoted: None
) -> None:
    put(workspace, drawn(60, 1))
    snapshot = workspace.snapshot()
    done = []

    def meanwhile(_what: str, _share: float) -> None:
        if not done:
            done.append(put(Workspace.open(workspace.path), drawn(40, 2)))

    workspace.tell_columns(meanwhile)
    with pytest.raises(StoreTrouble, match="SNAPSHOT_MOVED"):
        assert snapshot.columns["note"]
    assert done[0].events == 100
    held = workspace.snapshot()
    assert held.columns["note"].kind == "text"
    assert len({seq for rows in journeys(held).values() for _, seq, *_ in rows[:-1]}) == 100


def test_two_hundred_thousand_addresses_of_their_own_are_found_by_a_predicate(
    workspace: Workspace,
) -> None:
    import pyarrow as pa

    from pathworth.store import InputFile, row_digests

    rows = 200_000
    numbers = pa.array(np.arange(rows)).cast(pa.string())
    ids = pa.compute.binary_join_element_wise("p", numbers, "")
    mails = pa.compute.binary_join_element_wise(numbers, "people.example", "@")
    fixed = {
        "file": pa.array(np.zeros(rows, np.int32)),
        "row": pa.array(np.arange(rows)),
        "entity": ids,
        "name": pa.repeat(pa.scalar("signup"), rows),
        "time_us": pa.array(np.arange(rows) * 1_000_000),
        "digest": row_digests({"id": ids}),
        "message_id": pa.nulls(rows, pa.string()),
        "value": pa.nulls(rows, pa.int64()),
        "cost": pa.nulls(rows, pa.int64()),
        "currency": pa.nulls(rows, pa.string()),
        "email": mails,
    }
    with workspace.begin_import(files=[InputFile("a", "a", 1)]) as transaction:
        transaction.add(pa.table(fixed))
        transaction.commit()
    snapshot = workspace.snapshot()
    assert "email" not in list(snapshot.columns)
    found = measure.transitions(Journeys(snapshot, who="email = '150000@people.example'"))
    assert (found.entities, found.events) == (1, 1)
    assert measure.transitions(Journeys(snapshot, where="email like '%77777@%'")).events == 2
    held = snapshot.columns["email"].values
    assert (len(held), held[77], held.index("150000@people.example")) == (
        rows,
        "77@people.example",
        150_000,
    )
    assert "nobody@people.example" not in held
