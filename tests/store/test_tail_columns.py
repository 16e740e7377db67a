"""A property that is no column from the beginning has its values of shards and tail alike when it is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.store.handing_in import read
from tests.store.made import Row, decoded, drawn, put
from tests.store.making_columns import PROPERTIES
from tests.store.test_tail import arrived, built, newer

from pathworth import measure
from pathworth.journeys import Journeys
from pathworth.store import HandedIn, Inbox, OnUse, Snapshot, Workspace, check_store
from pathworth.store.shards import columns as columns_module
from pathworth.store.tail.batch import Base
from pathworth.store.tail.tail import Tail

ALL = (*PROPERTIES, "channel", "score")


@pytest.fixture
def nothing_promoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)


def said(snapshot: Snapshot, *names: str) -> dict[str, list[tuple]]:
    """What everybody's events say of some properties, and what is known of everybody in the end."""
    found: dict[str, list[tuple]] = {}
    for place, shard in enumerate(snapshot.shards):
        for entity in np.flatnonzero(snapshot.live(place)).tolist():
            rows = [
                (
                    int(shard.seq[event]),
                    *(decoded(snapshot, name, shard.columns[name][event]) for name in names),
                )
                for event in range(shard.offset[entity], shard.offset[entity + 1])
            ]
            known = [name for name in names if name in snapshot.traits]
            last = [decoded(snapshot, name, shard.traits[name][entity]) for name in known]
            found[shard.id_of(entity)] = [*rows, (*known, *last)]
    return found


def kinds(snapshot: Snapshot, *names: str) -> list[str]:
    return [snapshot.columns[name].kind for name in names]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_asked_for_says_the_same_as_a_column_from_the_beginning_over_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 1000 if seed % 2 else 100)
    old, new = drawn(300, seed), newer(120, seed + 100)
    wanted = built(tmp_path / "whole", old, new)
    half = built(tmp_path / "half", old, new[:70])
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    tail = Tail(Base(built(tmp_path / "base", old), alone={"source": "files"}))
    tail.add(arrived(new[:70], 300))
    first = tail.snapshot
    asked = ALL[:4] if seed < 2 else ALL
    assert said(first, *asked) == said(half, *asked)
    tail.add(arrived(new[70:], 370))
    assert said(tail.snapshot, *ALL) == said(wanted, *ALL)
    assert kinds(tail.snapshot, *ALL) == kinds(wanted, *ALL)
    assert said(first, *ALL) == said(half, *ALL), "and nothing changes for who has an older one"
    assert list(tail.snapshot.columns) == ["value", "cost"]
    assert set(tail.snapshot.on_use) == set(ALL)
    for one in (tail.snapshot, wanted):
        found = measure.transitions(
            Journeys(one, where="channel = 'ads' or note like '%7'", who="plan = 'team'")
        )
        assert found.events == sum(edge.count for edge in found.edges) + found.entities
        assert found.entities > 0


def test_a_column_of_the_shards_alone_is_null_in_new_events_and_the_other_way_round(
    tmp_path: Path, nothing_promoted: None
) -> None:
    base = built(tmp_path / "base", [_row("a", 1, plan="pro"), _row("b", 2, plan="free")])
    tail = Tail(Base(base))
    tail.add(arrived([_row("a", 3, stage="late"), _row("c", 4, stage="new")], 2))
    assert said(tail.snapshot, "plan", "stage") == {
        "a": [(1, "pro", None), (3, None, "late"), ("plan", "stage", "pro", "late")],
        "b": [(2, "free", None), ("plan", "stage", "free", None)],
        "c": [(4, None, "new"), ("plan", "stage", None, "new")],
    }
    assert dict(tail.snapshot.on_use) == {
        "plan": OnUse("text", built=True),
        "stage": OnUse("text", built=True),
    }


def test_numbers_in_the_shards_are_texts_from_the_first_new_event_on_that_says_a_word(
    tmp_path: Path, nothing_promoted: None
) -> None:
    rows = [_row("a", 1, size="7"), _row("b", 2, size="8e1"), _row("c", 3, size="2.50")]
    tail = Tail(Base(built(tmp_path / "base", rows)))
    tail.add(arrived([_row("a", 4, size="9")], 3))
    numbers = tail.snapshot
    assert said(numbers, "size")["a"] == [(1, 7.0), (4, 9.0), ("size", 9.0)]
    tail.add(arrived([_row("a", 5, size="big"), _row("d", 6, size="7")], 4))
    assert said(tail.snapshot, "size") == {
        "a": [(1, "7"), (4, "9"), (5, "big"), ("size", "big")],
        "b": [(2, "8e1"), ("size", "8e1")],
        "c": [(3, "2.50"), ("size", "2.50")],
        "d": [(6, "7"), ("size", "7")],
    }
    assert tail.stuck is None
    assert said(numbers, "size")["a"] == [(1, 7.0), (4, 9.0), ("size", 9.0)]
    assert (numbers.on_use["size"].kind, tail.snapshot.on_use["size"].kind) == ("number", "text")


def _row(entity: str, time_us: int, **more: str) -> Row:
    return {"entity": entity, "name": "visit", "time_us": time_us, **more}


def hand_in(workspace: Workspace, *lines: str) -> None:
    inbox = Inbox(workspace)
    inbox.append(HandedIn("\n".join(lines).encode()))
    inbox.number(read)


@pytest.mark.parametrize("how", ["merge", "build"])
def test_what_waits_what_entered_the_lake_and_what_new_shards_hold_are_told_alike(
    tmp_path: Path, nothing_promoted: None, how: str
) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, [_row("a", 1, plan="pro", age="3"), _row("b", 2, plan="free", age="4")])
    hand_in(workspace, "a visit 5 m1 plan=team age=old", "c visit 6 m2 plan=pro stage=new")
    asked = ("plan", "age", "stage")
    wanted = said(workspace.snapshot(), *asked)
    assert wanted == {
        "a": [(1, "pro", "3", None), (3, "team", "old", None), (*asked, "team", "old", None)],
        "b": [(2, "free", "4", None), (*asked, "free", "4", None)],
        "c": [(4, "pro", None, "new"), (*asked, "pro", None, "new")],
    }
    Inbox(workspace).drain()
    assert said(workspace.snapshot(), *asked) == wanted
    fresh = Workspace.open(workspace.path)
    assert all(one.built for one in fresh.snapshot().on_use.values())
    assert said(fresh.snapshot(), *asked) == wanted
    assert workspace.compact(how)  # type: ignore[arg-type]
    held = workspace.snapshot()
    assert {name: one.kind for name, one in held.on_use.items()} == dict.fromkeys(asked, "text")
    assert (held.on_use["plan"].built, held.on_use["age"].built) == (True, True)
    assert said(held, *asked) == wanted
    assert said(Workspace.open(workspace.path).snapshot(), *asked) == wanted
    hand_in(workspace, "b visit 9 m3 plan=team stage=last")
    put(workspace, [_row("a", 12, plan="pro")])
    found = said(workspace.snapshot(having=asked), *asked)
    assert found["b"] == [
        *wanted["b"][:1],
        (5, "team", None, "last"),
        (*asked, "team", "4", "last"),
    ]
    assert found["a"][-2:] == [(6, "pro", None, None), (*asked, "pro", "old", None)]
    assert all(check.state == "ok" for check in check_store(workspace.path))


def test_a_column_is_made_of_the_shards_while_events_enter_the_lake(
    tmp_path: Path, nothing_promoted: None
) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(60, 1))
    came = []

    def meanwhile(_what: str, _share: float) -> None:
        if not came:
            other = Workspace.open(workspace.path)
            hand_in(other, "a visit 5 m1 plan=team")
            came.append(Inbox(other).drain())

    workspace.tell_columns(meanwhile)
    snapshot = workspace.snapshot(having=["plan"])
    assert len(came) == 1
    assert snapshot.events == 60
    assert said(workspace.snapshot(), "plan")["a"] == [(61, "team"), ("plan", "team")]


@pytest.mark.parametrize("change", ["import", "compaction"])
def test_where_other_shards_come_meanwhile_the_column_is_made_of_those(
    tmp_path: Path, nothing_promoted: None, change: str
) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(60, 1))
    hand_in(workspace, "a visit 5 m1 plan=team")
    came = []

    def meanwhile(_what: str, _share: float) -> None:
        if not came:
            other = Workspace.open(workspace.path)
            came.append(put(other, drawn(40, 2)) if change == "import" else other.compact())

    workspace.tell_columns(meanwhile)
    snapshot = workspace.snapshot(having=["plan"])
    assert came[0]
    assert snapshot.id == Workspace.open(workspace.path).snapshot().id
    assert said(snapshot, "plan")["a"] == [(61, "team"), ("plan", "team")]
