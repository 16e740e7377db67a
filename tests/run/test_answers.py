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


def test_asking_ahead_rests_nine_times_as_long_as_it_took(clock, monkeypatch):
    snapshots = ["a"]
    workspace = SimpleNamespace(
        store=SimpleNamespace(snapshot=lambda: SimpleNamespace(id=snapshots[-1]))
    )

    def work(_):
        clock.at += 4.0

    monkeypatch.setattr(registered, "warm", work)
    monkeypatch.setattr(registered.act, "prepare", lambda _: None)
    warming = registered.Warming()
    assert warming.ready(workspace)
    warming.work(workspace, None)
    assert not warming.ready(workspace)
    snapshots.append("b")
    assert not warming.ready(workspace)
    clock.at += 35.9
    assert not warming.ready(workspace)
    clock.at += 0.2
    assert warming.ready(workspace)
