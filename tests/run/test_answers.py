"""Answers that are kept hold no journeys in memory, and asking ahead leaves most of the time to others."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace

import pytest

from pathworth import collect, run, value
from pathworth.run.serving import registered


def test_a_kept_price_holds_no_journeys(tmp_path, monkeypatch):
    workspace = run.init(tmp_path / "shop")
    lines = [
        f"p{k % 40},{('visit', 'cart', 'order')[k % 3]},{1_700_000_000 + k * 900}"
        for k in range(600)
    ]
    file = tmp_path / "events.csv"
    file.write_text("\n".join(["person,event,time", *lines]))
    mapping = collect.FileMapping(entity="person", event="event", time="time")
    collect.import_files(workspace.store, [file], mapping=mapping)
    seen = []
    asked = value.price

    def price(journeys, document, *, engine):
        seen.append(weakref.ref(journeys))
        return asked(journeys, document, engine=engine)

    monkeypatch.setattr(value, "price", price)
    first = run.price(workspace)
    gc.collect()
    assert [one() for one in seen] == [None]
    assert run.price(workspace) == first
    assert len(seen) == 1


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(at=100.0)
    monkeypatch.setattr(registered, "monotonic", lambda: now.at)
    return now


@pytest.fixture
def held(clock, monkeypatch):
    """Return a snapshot that can be another one at once, and takes four seconds to be asked ahead."""

    def work(_):
        clock.at += 4.0

    monkeypatch.setattr(registered, "warm", work)
    monkeypatch.setattr(registered.act, "prepare", lambda _: None)
    return SimpleNamespace(id="a", seq=10)


def test_asking_ahead_rests_nine_times_as_long_as_it_took(clock, held):
    workspace = SimpleNamespace(store=SimpleNamespace(snapshot=lambda: held))
    warming = registered.Warming()
    assert warming.ready(workspace)
    warming.work(workspace, None)
    assert not warming.ready(workspace)
    held.id = "b"
    assert not warming.ready(workspace)
    clock.at += 35.9
    assert not warming.ready(workspace)
    clock.at += 0.2
    assert warming.ready(workspace)


def test_asking_ahead_takes_a_hundredth_of_the_time_while_events_rush_in(clock, held):
    workspace = SimpleNamespace(store=SimpleNamespace(snapshot=lambda: held))
    warming = registered.Warming()
    warming.work(workspace, None)
    ready = []
    for _ in range(400):
        clock.at, held.id, held.seq = clock.at + 1, "b", held.seq + 5_000
        ready.append(warming.ready(workspace))
    assert ready.index(True) == 395
    held.id = "c"
    warming.work(workspace, None)
    clock.at, held.id = clock.at + 37, "d"
    assert warming.ready(workspace)


def test_a_server_that_had_nothing_to_ask_ahead_does_not_begin_with_it_in_a_rush(
    clock, held, monkeypatch
):
    monkeypatch.setattr(registered, "warm", lambda _: None)
    workspace = SimpleNamespace(store=SimpleNamespace(snapshot=lambda: held))
    warming = registered.Warming()
    warming.work(workspace, None)
    clock.at, held.id, held.seq = clock.at + 1, "b", held.seq + 5_000
    assert not warming.ready(workspace)
    clock.at, held.seq = clock.at + 1, held.seq + 5
    assert warming.ready(workspace)


def test_shards_are_written_anew_when_due_and_for_a_third_of_the_time_at_most(clock, monkeypatch):
    def work(*_, **__):
        clock.at += 6.0
        return SimpleNamespace(added=3)

    monkeypatch.setattr(registered, "rebuild", work)
    store = SimpleNamespace(compaction_due=False)
    workspace, compacting = SimpleNamespace(store=store), registered.Compacting()
    assert not compacting.ready(workspace)
    store.compaction_due = True
    assert compacting.ready(workspace)
    assert compacting.work(workspace, None) == "3 events came into the shards."
    ready = []
    for _ in range(13):
        clock.at += 1.0
        ready.append(compacting.ready(workspace))
    assert ready.index(True) == 11
