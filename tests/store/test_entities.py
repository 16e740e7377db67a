"""A declared entity has journeys of its own: whose an event is, is settled once, and nothing of it is half there."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from tests.forked import Forks
from tests.store.crash_moments import Killed, end_at
from tests.store.made import Row, drawn, journeys, put
from tests.store.test_compaction import hand_in

from pathworth.base.errors import NotSupported, Refused, StoreTrouble, UnknownName, WrongUsage
from pathworth.store import Snapshot, Workspace, accept as accept_module, check_store
from pathworth.store.entities import cost as cost_module
from pathworth.store.entities.contracts import Belonging
from pathworth.store.entities.members import belonging, latest
from pathworth.store.shards import build as build_module, columns as columns_module

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


def said(person: str, name: str, second: int, account: str | None = None, **more: object) -> Row:
    row = {"entity": person, "name": name, "time_us": second * 1_000_000, "account_id": account}
    return {**row, **more}  # type: ignore[dict-item]


MOVES = [
    said("p", "visit", 1),
    said("p", "start", 2, "A", plan="free"),
    said("p", "use", 3),
    said("q", "visit", 2),
    said("q", "start", 3, "A", plan="pro", value=5_000_000),
    said("p", "move", 5, "B"),
    said("p", "use", 6),
    said("q", "use", 6, value=1_000_000),
    said("r", "visit", 1),
]


def short(snapshot: Snapshot) -> dict[str, list[str]]:
    """The names of the events of each entity, in order."""
    return {who: [row[2] for row in held[:-1]] for who, held in journeys(snapshot).items()}


def test_an_event_belongs_to_whom_it_names_or_whom_its_person_named_last(
    workspace: Workspace,
) -> None:
    put(workspace, MOVES)
    made = workspace.entities.add("account", "account_id")
    snapshot = workspace.entities.snapshot("account")
    # p moves from A to B; r and the first visits belong to none.
    assert short(snapshot) == {"A": ["start", "use", "start", "use"], "B": ["move", "use"]}
    assert made.built is not None
    assert made.built.belonging == Belonging(events=6, without=3, people_without=1)
    assert (made.built.entities, made.built.seq, made.stale, made.behind) == (2, 9, None, 0)
    assert snapshot.excluded == {"without account_id": 1}
    assert (snapshot.seq, snapshot.first_us, snapshot.last_us) == (9, 1_000_000, 6_000_000)


def test_money_and_properties_stay_on_events_and_traits_are_the_entitys_own_last_values(
    workspace: Workspace,
) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    held = journeys(workspace.entities.snapshot("account"))
    assert [row[3]["value"] for row in held["A"][:-1]] == [0, 0, 5_000_000, 1_000_000]
    assert [row[3]["plan"] for row in held["A"][:-1]] == ["free", None, "pro", None]
    assert held["A"][-1] == {"account_id": "A", "plan": "pro"}
    assert held["B"][-1] == {"account_id": "B", "plan": None}


def test_events_of_one_time_are_in_the_order_of_their_numbers(workspace: Workspace) -> None:
    put(
        workspace,
        [said("p", "two", 7), said("p", "one", 7, "A"), said("q", "three", 7, "A")],
    )
    workspace.entities.add("account", "account_id")
    # At the same instant "two" came before "one" named the account.
    assert short(workspace.entities.snapshot("account")) == {"A": ["one", "three"]}


def test_an_empty_text_names_nobody(workspace: Workspace) -> None:
    put(workspace, [said("p", "one", 1, ""), said("p", "two", 2, "A"), said("p", "three", 3, "")])
    workspace.entities.add("account", "account_id")
    assert short(workspace.entities.snapshot("account")) == {"A": ["two", "three"]}


def test_ids_are_texts_whatever_they_look_like(workspace: Workspace) -> None:
    ids = ["1", "1.0", "2024-01-01", "true", "é", "1e3"]
    put(workspace, [said(f"p{k}", "visit", k, one) for k, one in enumerate(ids)])
    workspace.entities.add("account", "account_id")
    assert set(journeys(workspace.entities.snapshot("account"))) == set(ids)


def naive(rows: list[Row]) -> tuple[list[Row], Belonging]:
    """The rows that belong to an account as rows of that account, found person by person in a loop."""
    whose: dict[int, str] = {}
    for person in {row["entity"] for row in rows}:
        now = None
        own = [k for k, row in enumerate(rows) if row["entity"] == person]
        for k in sorted(own, key=lambda k: (rows[k]["time_us"], k)):
            now = rows[k]["account_id"] or now
            if now is not None:
                whose[k] = str(now)
    members = {rows[k]["entity"] for k in whose}
    never = {row["entity"] for row in rows} - members
    kept = [{**row, "entity": whose[k]} for k, row in enumerate(rows) if k in whose]
    return kept, Belonging(len(kept), len(rows) - len(kept), len(never))


def world(events: int, seed: int) -> list[Row]:
    rng = random.Random(seed)
    rows = drawn(events, seed, entities=60)
    for row in rows:
        row["account_id"] = f"a{rng.randrange(12)}" if rng.random() < 0.2 else None
    return rows


def without_numbers(snapshot: Snapshot) -> dict[str, list[object]]:
    """What a snapshot says but for the numbers of events, whose order is told all the same."""
    return {
        who: [*((row[0], row[2], row[3]) for row in held[:-1]), held[-1]]
        for who, held in journeys(snapshot).items()
    }


@pytest.mark.parametrize("promoted", [32, 0], ids=["promoted", "on use"])
@pytest.mark.parametrize("shard_events", [4_000_000, 100])
@pytest.mark.parametrize("zoned_from", [1_000_000, 10])
def test_a_set_holds_what_an_import_of_the_entitys_events_would(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    promoted: int,
    shard_events: int,
    zoned_from: int,
) -> None:
    monkeypatch.setattr(build_module, "SHARD_EVENTS", shard_events)
    monkeypatch.setattr(accept_module, "ZONED_FROM", zoned_from)
    monkeypatch.setattr(columns_module, "PROMOTED", promoted)
    rows = world(700, 3)
    kept, counted = naive(rows)
    one, other = (Workspace.create(tmp_path / name) for name in ("people", "accounts"))
    put(one, rows[:500])
    put(one, rows[500:])
    put(other, kept)
    made = one.entities.add("account", "account_id")
    assert made.built is not None
    assert made.built.belonging == counted
    found, wanted = one.entities.snapshot("account"), other.snapshot()
    assert without_numbers(found) == without_numbers(wanted)
    assert set(found.on_use) == set(wanted.on_use)
    for name in wanted.on_use:
        assert found.columns[name].kind == wanted.columns[name].kind
        assert by_event(found, name) == by_event(wanted, name)
    cost = one.entities.cost("account", "account_id")
    assert (cost.entities, cost.events, cost.without) == (
        wanted.entities,
        counted.events,
        counted.without,
    )
    assert cost.exact
    assert all(check.state == "ok" for check in check_store(one.path))


def by_event(snapshot: Snapshot, name: str) -> dict[str, list[object]]:
    """The values of a column, entity by entity."""
    info, found = snapshot.columns[name], {}
    for shard in snapshot.shards:
        values = shard.columns[name]
        said = (
            [info.values[v - 1] if v else None for v in values] if info.kind == "text" else values
        )
        for entity in range(shard.entities):
            a, b = shard.offset[entity], shard.offset[entity + 1]
            found[shard.id_of(entity)] = [str(one) for one in said[a:b]]
    return found


@pytest.mark.parametrize("seed", range(5))
def test_whose_an_event_is_equals_a_loop(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    sizes = rng.integers(1, 9, 50)
    offset = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    own = (rng.integers(0, 4, offset[-1]) * (rng.random(offset[-1]) < 0.3)).astype(np.uint32)
    shown = rng.random(50) < 0.8
    wanted, without, never, out = [], 0, 0, 0
    for person in range(50):
        now, kept = 0, []
        for event in range(offset[person], offset[person + 1]):
            now = int(own[event]) or now
            kept.append(now)
        wanted += kept
        out += 0 if shown[person] else len(kept)
        without += kept.count(0) if shown[person] else 0
        never += int(shown[person] and not any(kept))
    found = latest(offset, own)
    assert found.tolist() == wanted
    counted = belonging(offset, found, shown=shown)
    assert counted == Belonging(len(wanted) - out - without, without, never, out)


def test_a_sample_of_people_says_about_what_all_of_them_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, [row for k in range(4) for row in world(900, k)])
    exact = workspace.entities.cost("account", "account_id")
    monkeypatch.setattr(cost_module, "SAMPLE", 900)
    sampled = workspace.entities.cost("account", "account_id")
    assert exact.exact
    assert not sampled.exact
    assert sampled.entities == exact.entities
    assert abs(sampled.events / exact.events - 1) < 0.2
    assert abs((sampled.events + sampled.without) / 3600 - 1) < 0.01


def test_imports_undos_and_rebuilds_bring_the_set_along(workspace: Workspace) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    put(workspace, [said("q", "leave", 9), said("r", "start", 10, "C")])
    snapshot = workspace.entities.snapshot("account")
    assert short(snapshot)["A"][-1] == "leave"
    assert short(snapshot)["C"] == ["start"]
    assert snapshot.seq == 11
    workspace.undo(1)
    # Without the first import nobody knows any more whom q named.
    assert short(workspace.entities.snapshot("account")) == {"C": ["start"]}
    workspace.undo(2)
    assert workspace.entities.snapshot("account").entities == 0
    put(workspace, [said("s", "start", 11, "D")])
    assert short(workspace.entities.snapshot("account")) == {"D": ["start"]}
    assert len(list((workspace.path / "entities" / "account").iterdir())) == 1


def test_events_that_were_handed_in_count_with_the_next_rebuild(workspace: Workspace) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    hand_in(workspace, [said("q", "later", 20), said("z", "later", 21)])
    assert workspace.snapshot().events == 11
    held = workspace.entities.standing("account")
    assert (held.behind, held.stale) == (2, None)
    assert workspace.entities.snapshot("account").seq == 9
    assert workspace.compact()
    assert workspace.entities.standing("account").behind == 0
    snapshot = workspace.entities.snapshot("account")
    assert (snapshot.seq, short(snapshot)["A"][-1]) == (11, "later")


def test_a_property_of_which_only_the_tail_knows_gives_nobody_a_journey_yet(
    workspace: Workspace,
) -> None:
    put(workspace, [{"entity": "p", "name": "visit", "time_us": 1}])
    hand_in(workspace, [{"entity": "p", "name": "visit", "time_us": 2}])
    known = {*workspace.snapshot().columns, *workspace.snapshot().on_use}
    new = sorted(known - {"value", "cost", "source", "currency"})
    for by in new:
        assert workspace.entities.cost("thing", by).events == 0
        assert workspace.entities.add("thing", by).built is not None
        assert workspace.entities.snapshot("thing").entities == 0
        workspace.entities.remove("thing")


def test_a_set_that_an_undo_has_overtaken_is_never_asked(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, MOVES)
    put(workspace, [said("r", "start", 10, "C")])
    workspace.entities.add("account", "account_id")

    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathworth.store.entities.sets.make_set", full)
        workspace.undo(1)
    with pytest.raises(NotSupported, match=r"undo took back.*account --by account_id") as caught:
        workspace.entities.snapshot("account")
    assert caught.value.code == "ENTITY_STALE"
    held = workspace.entities.standing("account")
    assert held.stale is not None
    assert "undo" in held.stale
    assert workspace.entities.lacking() == ("account-00000003-28a708cd",)
    workspace.entities.add("account", "account_id")
    assert short(workspace.entities.snapshot("account")) == {"C": ["start"]}


def test_after_an_import_whose_set_could_not_be_built_the_old_one_says_what_it_holds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    before = journeys(workspace.entities.snapshot("account"))

    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathworth.store.entities.sets.make_set", full)
        put(workspace, [said("q", "leave", 9, more="x")])
    held = workspace.entities.snapshot("account")
    assert journeys(held) == before
    assert held.seq == 9
    # A column that is made now is of the events that the set holds.
    assert [row[2] for row in journeys(held)["A"][:-1]] == ["start", "use", "start", "use"]
    assert workspace.entities.standing("account").behind == 1
    assert workspace.entities.renew() == ("account",)
    assert workspace.entities.renew() == ()
    assert short(workspace.entities.snapshot("account"))["A"][-1] == "leave"


def test_an_older_set_makes_columns_of_its_own_events_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    monkeypatch.setattr("pathworth.store.entities.sets.make_set", lambda *_, **__: None)
    put(workspace, [said("q", "leave", 9, plan="gone")])
    held = workspace.entities.snapshot("account")
    assert by_event(held, "plan") == {
        "A": ["free", "None", "pro", "None"],
        "B": ["None", "None"],
    }


@pytest.mark.parametrize("promoted", [32, 0])
def test_a_property_that_no_entity_has_is_null_everywhere(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, promoted: int
) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", promoted)
    put(workspace, [*MOVES, said("r", "visit", 4, odd="7")])
    workspace.entities.add("account", "account_id")
    held = workspace.entities.snapshot("account")
    assert "odd" in held.on_use
    assert by_event(held, "odd") == {"A": ["None"] * 4, "B": ["None"] * 2}


def test_what_cannot_be_declared_is_refused(workspace: Workspace) -> None:
    put(workspace, MOVES)
    for name in ("person", "session", "Account", "", "a b", "a" * 41):
        with pytest.raises(WrongUsage, match="BAD_ENTITY_NAME"):
            workspace.entities.cost(name, "account_id")
    for by in ("acount_id", "value", "source"):
        with pytest.raises(UnknownName, match="UNKNOWN_COLUMN"):
            workspace.entities.add("account", by)
    with pytest.raises(UnknownName, match="UNKNOWN_ENTITY"):
        workspace.entities.remove("account")
    workspace.entities.add("account", "account_id")
    with pytest.raises(Refused, match=r"declared by account_id.*ENTITY_EXISTS"):
        workspace.entities.add("account", "plan")
    workspace.entities.remove("account")
    assert not (workspace.path / "entities").exists()
    assert [one.name for one in workspace.entities.declared()] == []


def test_more_ids_than_memory_is_allowed_for_are_refused(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, MOVES)
    monkeypatch.setenv(columns_module.ROOM_VARIABLE, "0")
    with pytest.raises(NotSupported, match="COLUMN_TOO_LARGE"):
        workspace.entities.add("account", "account_id")
    assert workspace.entities.declared() == ()
    assert not (workspace.path / "scratch").exists()


def test_a_full_disk_declares_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, MOVES)

    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathworth.store.entities.building.stage_snapshot", full)
    with pytest.raises(StoreTrouble, match="DISK_FULL"):
        workspace.entities.add("account", "account_id")
    assert workspace.entities.declared() == ()
    assert not (workspace.path / "scratch").exists()


MOMENTS = [
    "building.files_now",
    "building.plan_for",
    "building.stage_snapshot",
    "building.sync_tree",
    "building.move_in",
    "sets.make_set",
    "sets.declare_entity",
    "Shelf.sweep",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_end_before_or_after_every_step_of_a_first_build_leaves_all_or_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    put(workspace, MOVES)
    with monkeypatch.context() as patch:
        patch.setattr("pathworth.store.entities.building.shutil.rmtree", lambda *_, **__: None)
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            workspace.entities.add("account", "account_id")
    opened = Workspace.open(workspace.path)
    assert not (opened.path / "scratch").exists()
    if opened.entities.declared():
        assert short(opened.entities.snapshot("account"))["B"] == ["move", "use"]
    opened.entities.add("account", "account_id")
    assert short(opened.entities.snapshot("account"))["B"] == ["move", "use"]
    assert len(list((opened.path / "entities" / "account").iterdir())) == 1
    assert all(check.state == "ok" for check in check_store(opened.path))


@pytest.mark.parametrize("change", ["import", "undo"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", [*MOMENTS[:6], "Shelf.sweep"])
def test_an_end_while_a_set_is_built_anew_leaves_the_old_one_or_the_new_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, change: str, after: bool, moment: str
) -> None:
    put(workspace, MOVES)
    put(workspace, [said("r", "start", 10, "C")])
    workspace.entities.add("account", "account_id")
    before = short(workspace.entities.snapshot("account"))
    changes = {
        "import": lambda: put(workspace, [said("r", "use", 11)]),
        "undo": lambda: workspace.undo(1),
    }
    with monkeypatch.context() as patch:
        patch.setattr("pathworth.store.entities.building.shutil.rmtree", lambda *_, **__: None)
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            changes[change]()
    opened = Workspace.open(workspace.path)
    new = {**before, "C": ["start", "use"]} if change == "import" else {"C": ["start"]}
    if opened.entities.standing("account").stale is not None:
        assert change == "undo"
        with pytest.raises(NotSupported, match="ENTITY_STALE"):
            opened.entities.snapshot("account")
    else:
        found = short(opened.entities.snapshot("account"))
        assert found in ([before, new] if change == "import" else [new])
    opened.entities.renew()
    assert short(opened.entities.snapshot("account")) == new
    assert len(list((opened.path / "entities" / "account").iterdir())) == 1
    assert not (opened.path / "scratch").exists()


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.soak)])
def test_killed_at_random_moments_the_set_is_the_old_or_the_new_one(
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writing: Forks,
    kills: int,
) -> None:
    put(workspace, world(400, 1))
    workspace.entities.add("account", "account_id")
    old = journeys(workspace.entities.snapshot("account"))
    with monkeypatch.context() as patch:
        patch.setattr("pathworth.store.entities.sets.make_set", lambda *_, **__: None)
        put(workspace, world(200, 2))
    assert workspace.entities.lacking()
    copies = [tmp_path / f"copy-{k}" for k in range(kills)]
    for folder in copies:
        shutil.copytree(workspace.path, folder)
    workspace.entities.renew()
    new = journeys(workspace.entities.snapshot("account"))
    assert old != new
    rng, ends = random.Random(4), []
    for folder in copies:
        writing.begin(folder, "entities")
        assert writing.line() == "begun"
        time.sleep(rng.random() * 0.5)
        writing.kill()
        opened = Workspace.open(folder)
        found = journeys(opened.entities.snapshot("account"))
        assert found in (old, new)
        ends.append(found == new)
        opened.entities.renew()
        assert journeys(opened.entities.snapshot("account")) == new
        assert not (folder / "scratch").exists()
    assert False in ends


def test_an_import_in_between_makes_the_build_begin_anew(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, MOVES)
    other, done = Workspace.open(workspace.path), []
    real = accept_module.plan_for

    def overtaken(*given: object, **named: object) -> object:
        if not done:
            done.append(other.undo(1))
            put(other, [said("r", "start", 10, "C")])
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("pathworth.store.entities.building.plan_for", overtaken)
    workspace.entities.add("account", "account_id")
    assert done
    assert short(workspace.entities.snapshot("account")) == {"C": ["start"]}


def test_a_reader_keeps_its_set_whatever_becomes_of_the_files(workspace: Workspace) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    held = workspace.entities.snapshot("account")
    before = journeys(held)
    put(workspace, [said("r", "start", 10, "C")])
    workspace.entities.remove("account")
    assert journeys(held) == before


def test_one_snapshot_object_is_handed_out_for_as_long_as_nothing_changes(
    workspace: Workspace,
) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    first = workspace.entities.snapshot("account")
    assert workspace.entities.snapshot("account") is first
    put(workspace, [said("r", "start", 10, "C")])
    assert workspace.entities.snapshot("account") is not first


def test_a_torn_set_is_told_with_the_commands_that_mend_it(workspace: Workspace) -> None:
    put(workspace, MOVES)
    workspace.entities.add("account", "account_id")
    (torn,) = (workspace.path / "entities").glob("account/*/00000.shard")
    torn.write_bytes(torn.read_bytes()[:-8])
    (found,) = (check for check in check_store(workspace.path) if check.name == "entities")
    assert found.state == "broken"
    assert found.remedy is not None
    assert "entity remove account" in found.remedy
    workspace.entities.remove("account")
    workspace.entities.add("account", "account_id")
    assert all(check.state == "ok" for check in check_store(workspace.path))
