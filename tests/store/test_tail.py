"""A tail beside its base says the same as shards that were built of everything."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.store.made import Row, drawn, journeys, put

from pathworth.store import Snapshot, Workspace
from pathworth.store.identity.persons import Persons
from pathworth.store.tail import tail as tail_module
from pathworth.store.tail.batch import Base, Batch
from pathworth.store.tail.tail import Tail

pytestmark = pytest.mark.slow


def built(folder: Path, *imports: Sequence[Row]) -> Snapshot:
    """The shards of several imports, one after the other."""
    workspace = Workspace.create(folder)
    for rows in imports:
        put(workspace, rows)
    return workspace.snapshot()


def arrived(rows: Sequence[Row], first: int) -> Batch:
    """The rows as events that arrive after so many."""
    known = {"entity", "name", "time_us", "value", "cost"}
    texts = sorted({key for row in rows for key in row} - known)
    said = {key: [None if row.get(key) is None else str(row[key]) for row in rows] for key in texts}
    return Batch(
        seq=np.arange(first + 1, first + 1 + len(rows)),
        time_us=np.array([row["time_us"] for row in rows], np.int64),
        entity=pa.array([row["entity"] for row in rows], pa.string()),
        name=pa.array([row["name"] for row in rows], pa.string()),
        value=np.array([row.get("value") or 0 for row in rows], np.int64),
        cost=np.array([row.get("cost") or 0 for row in rows], np.int64),
        texts={key: pa.array(held, pa.string()) for key, held in said.items()},
    )


def newer(events: int, seed: int) -> list[Row]:
    """Rows that touch old people and bring new people, names, values and properties, early and late."""
    rows = drawn(events, seed, entities=60)
    for k, row in enumerate(rows):
        row["name"] = f"event {k % 11}"
        row["plan"] = ["free", "team", None, "basic"][k % 4]
        row["channel"] = [None, "ads", "mail"][k % 3]
        row["score"] = f"{k % 5}" if k % 2 else None
    return rows


def same(found: Snapshot, wanted: Snapshot) -> None:
    """Everything that two snapshots say is the same, whatever their shards and codes."""
    assert journeys(found) == journeys(wanted)
    assert list(found.columns) == list(wanted.columns)
    assert list(found.traits) == list(wanted.traits)
    for name, info in wanted.columns.items():
        assert found.columns[name].kind == info.kind
        assert set(found.columns[name].values) == set(info.values)
    assert set(found.names) == set(wanted.names)
    for name in ("seq", "events", "entities", "first_us", "last_us", "currency", "timezone"):
        assert getattr(found, name) == getattr(wanted, name), name
    assert groups_of(found) == groups_of(wanted)


def groups_of(snapshot: Snapshot) -> dict[str, int]:
    """The group in which everybody lies."""
    found = {}
    for place, shard in enumerate(snapshot.shards):
        group = np.repeat(np.arange(64), np.diff(shard.group_start)).tolist()
        live = np.flatnonzero(snapshot.live(place)).tolist()
        found.update({shard.id_of(entity): group[entity] for entity in live})
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("room", [1, 150, 10**9])
def test_events_in_any_pieces_say_the_same_as_a_build_of_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, room: int
) -> None:
    monkeypatch.setattr(tail_module, "SCRATCH_EVENTS", room)
    monkeypatch.setattr("pathworth.store.tail.scratch._BLOCK", (1, 3, 64, 1000)[seed % 4])
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 1000 if seed % 2 else 100)
    old, new = drawn(300, seed), newer(200, seed + 100)
    base = built(tmp_path / "base", old)
    tail = Tail(Base(base, alone={"source": "files"}))
    rng = np.random.default_rng(seed)
    cuts = [0, *sorted(rng.integers(0, len(new), 9).tolist()), len(new)]
    seen = [(tail.snapshot, journeys(tail.snapshot))]
    for first, last in pairwise(cuts):
        tail.add(arrived(new[first:last], len(old) + first))
        if last in cuts[3:6]:
            same(tail.snapshot, built(tmp_path / f"{last}", old, new[:last]))
        seen.append((tail.snapshot, journeys(tail.snapshot)))
    same(tail.snapshot, built(tmp_path / "whole", old, new))
    for snapshot, before in seen:
        assert journeys(snapshot) == before


def test_of_gathered_journeys_no_more_are_replaced_than_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "SCRATCH_EVENTS", 1)
    old, new = drawn(300, 1), newer(400, 2)
    tail = Tail(Base(built(tmp_path / "base", old), alone={"source": "files"}))
    most = 0
    for first in range(0, len(new), 10):
        tail.add(arrived(new[first : first + 10], len(old) + first))
        most = max(most, len(tail.snapshot.shards))
        assert tail.scratch_events <= 2 * tail.snapshot.events
    assert most > len(tail.base.snapshot.shards) + 2
    same(tail.snapshot, built(tmp_path / "whole", old, new))


def people_of(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(str(row["entity"]) for row in rows))


@pytest.mark.parametrize("seed", range(3))
def test_journeys_that_change_hands_and_people_who_are_erased_are_lists_of_who_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 100)
    old, new, late = drawn(300, seed), newer(120, seed + 50), newer(80, seed + 70)
    tail = Tail(Base(built(tmp_path / "base", old), alone={"source": "files"}))
    tail.add(arrived(new, len(old)))
    everybody = sorted({*people_of(old), *people_of(new)})
    a, b, c, d, e = np.random.default_rng(seed).choice(everybody, 5, replace=False).tolist()
    before = journeys(tail.snapshot)
    snapshot = tail.snapshot
    owner = {a: c, b: c, d: "somebody new", "nobody": "somebody new"}
    ids, takers = (pa.array(list(one), pa.large_string()) for one in (owner, owner.values()))
    assert tail.join(Persons(1, ids, takers), lambda _seqs, _ids: None)
    tail.erase([e, "who"])
    renamed = [
        [{**row, "entity": owner.get(str(row["entity"]), row["entity"])} for row in rows]
        for rows in (old, new, late)
    ]
    wanted = journeys(built(tmp_path / "renamed", *renamed[:2]))
    del wanted[e]
    assert journeys(tail.snapshot) == wanted
    assert tail.snapshot.entities == len(wanted)
    assert tail.snapshot.events == sum(len(rows) - 1 for rows in wanted.values())
    times = [row[0] for rows in wanted.values() for row in rows[:-1]]
    assert (tail.snapshot.first_us, tail.snapshot.last_us) == (min(times), max(times))
    assert journeys(snapshot) == before
    late = [row for row in late if row["entity"] != e]
    tail.add(arrived(late, len(old) + len(new)))
    after = [row for row in renamed[2] if row["entity"] != e]
    wanted = journeys(built(tmp_path / "later", *renamed[:2], after))
    del wanted[e]
    assert journeys(tail.snapshot) == wanted


def test_a_person_who_was_erased_and_comes_again_begins_anew(tmp_path: Path) -> None:
    old = drawn(60, 1)
    tail = Tail(Base(built(tmp_path / "base", old)))
    who = str(old[0]["entity"])
    tail.erase([who])
    assert who not in journeys(tail.snapshot)
    tail.add(arrived([{"entity": who, "name": "again", "time_us": 5}], 60))
    assert [row[2] for row in journeys(tail.snapshot)[who][:-1]] == ["again"]


def test_the_last_person_who_is_erased_leaves_nothing(tmp_path: Path) -> None:
    old = drawn(20, 1, entities=1)
    tail = Tail(Base(built(tmp_path / "base", old)))
    tail.erase(people_of(old))
    assert journeys(tail.snapshot) == {}
    found = tail.snapshot
    assert (found.events, found.entities, found.first_us, found.last_us) == (0, 0, 0, 0)


def test_a_tail_without_a_base_is_all_there_is(tmp_path: Path) -> None:
    rows = newer(150, 3)
    empty = Workspace.create(tmp_path / "empty").snapshot()
    tail = Tail(Base(empty, alone={"source": "files"}))
    for first in range(0, 150, 40):
        tail.add(arrived(rows[first : first + 40], first))
    wanted = built(tmp_path / "whole", rows)
    assert journeys(tail.snapshot) == journeys(wanted)
    assert list(tail.snapshot.columns) == list(wanted.columns)


def test_a_value_of_another_kind_stops_the_tail_before_its_event_and_nothing_is_lost_or_wrong(
    tmp_path: Path,
) -> None:
    old, new = drawn(80, 1), newer(40, 2)
    new[25]["Price (EUR)"] = "much"
    tail = Tail(Base(built(tmp_path / "base", old), alone={"source": "files"}))
    tail.add(arrived(new[:10], 80))
    tail.add(arrived(new[10:], 90))
    same(tail.snapshot, built(tmp_path / "until", old, new[:25]))
    assert tail.stuck == "Price (EUR)"
    before = tail.snapshot
    tail.add(arrived(new[26:], 106))
    assert tail.snapshot is before
    for rows, fit in (([{"since": None}, {"since": "2024-01-05"}], 2), ([{"paid": "maybe"}], 0)):
        other = Tail(Base(built(tmp_path / f"{fit}", old)))
        event: Row = {"entity": "p", "name": "x", "time_us": 1}
        other.add(arrived([{**event, **row} for row in rows], 80))
        assert other.snapshot.events == 80 + fit


def test_a_new_property_may_turn_from_numbers_into_texts_and_old_snapshots_keep_the_numbers(
    tmp_path: Path,
) -> None:
    old = drawn(50, 1)
    event: Row = {"entity": str(old[0]["entity"]), "name": "x", "time_us": 1}
    new = [{**event, "size": text} for text in ("1", "2", "XL", "3")]
    tail = Tail(Base(built(tmp_path / "base", old), alone={"source": "files"}))
    tail.add(arrived(new[:2], 50))
    before = tail.snapshot
    assert before.columns["size"].kind == "number"
    tail.add(arrived(new[2:], 52))
    assert tail.snapshot.columns["size"].kind == "text"
    same(before, built(tmp_path / "before", old, new[:2]))
    same(tail.snapshot, built(tmp_path / "after", old, new))


def test_a_second_source_makes_sources_a_column_and_the_base_says_which_it_had(
    tmp_path: Path,
) -> None:
    old = drawn(50, 1)
    new = [{**row, "source": "app"} for row in newer(30, 2)]
    tail = Tail(Base(built(tmp_path / "base", old), alone={"source": "files"}))
    tail.add(arrived(new, 50))
    assert tail.snapshot.columns["source"].values == ("files", "app")
    said = {
        row[1] <= 50: row[3]["source"]
        for rows in journeys(tail.snapshot).values()
        for row in rows[:-1]
    }
    assert said == {True: "files", False: "app"}
    assert list(tail.snapshot.columns)[-1] == "source"


def test_a_second_currency_waits_for_a_build_where_only_some_events_had_the_first(
    tmp_path: Path,
) -> None:
    old = drawn(50, 1)
    base = built(tmp_path / "base", old)
    event: Row = {"entity": "p", "name": "x", "time_us": 1, "value": 5}
    some = Base(base, alone={"currency": "EUR"}, torn=frozenset({"currency"}))
    tail = Tail(some)
    tail.add(arrived([{**event, "currency": one} for one in ("EUR", "USD")], 50))
    assert (tail.stuck, tail.snapshot.events, tail.snapshot.currency) == ("currency", 51, "EUR")
    every = Tail(Base(base, currency="CHF", alone={"currency": "EUR"}))
    every.add(arrived([{**event, "currency": one} for one in ("EUR", "USD")], 50))
    assert (every.stuck, every.snapshot.currency) == (None, "CHF")
    assert every.snapshot.columns["currency"].values == ("EUR", "USD")


def test_what_the_lake_knows_of_old_events_alone_is_no_column_of_the_new_ones(
    tmp_path: Path,
) -> None:
    old = [{**row, "channel": f"c{k}"} for k, row in enumerate(drawn(1200, 1))]
    tail = Tail(Base(built(tmp_path / "base", old)))
    assert "channel" in tail.snapshot.on_use
    tail.add(arrived(newer(30, 2), 1200))
    assert "channel" not in list(tail.snapshot.columns)
    assert "score" in list(tail.snapshot.columns)


def test_only_columns_that_somebody_reads_are_gathered_and_others_are_none_the_wiser(
    tmp_path: Path,
) -> None:
    tail = Tail(Base(built(tmp_path / "base", drawn(200, 1))))
    tail.add(arrived(newer(50, 2), 200))
    scratch = tail.snapshot.shards[-1].columns
    gathered = tail._scratch[-1].columns
    assert gathered._made == {}
    first = scratch["plan"]
    assert set(gathered._made) == {"plan"}
    assert scratch["plan"] is first


def test_nothing_of_the_base_is_copied_for_people_whom_no_event_touches(tmp_path: Path) -> None:
    old = drawn(500, 1)
    tail = Tail(Base(built(tmp_path / "base", old)))
    who = str(old[7]["entity"])
    tail.add(arrived([{"entity": who, "name": "x", "time_us": 3}], 500))
    own = sum(row["entity"] == who for row in old)
    assert tail.scratch_events == own + 1
    assert [one.entities for one in tail.snapshot.shards[1:]] == [1]


def test_pages_of_small_batches_leave_few_shards_and_no_event_behind(tmp_path: Path) -> None:
    tail = Tail(Base(built(tmp_path / "base", drawn(400, 1, entities=400))))
    rows = [{"entity": f"new-{k % 700}", "name": "x", "time_us": k * 10} for k in range(1500)]
    most = 0
    for first in range(0, 1500, 5):
        tail.add(arrived(rows[first : first + 5], 400 + first))
        most = max(most, len(tail.snapshot.shards))
    assert most <= 12
    assert tail.snapshot.events == 1900
