"""An answer is at most so old as is promised, late events included, whoever is busy making a newer snapshot."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.store.handing_in import read
from tests.store.made import drawn, journeys, put

from pathworth.store import HandedIn, Inbox, Workspace
from pathworth.store.tail import live as live_module
from pathworth.store.tail.live import Live


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(live_module, "time", made)
    monkeypatch.setattr(live_module, "REFRESH_S", 0.5)
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "shop")
    put(made, [{**row, "entity": "a", "time_us": 10 * k} for k, row in enumerate(drawn(30, 1))])
    return made


def hand_in(workspace: Workspace, line: str) -> int:
    inbox = Inbox(workspace)
    inbox.append(HandedIn(line.encode()))
    inbox.number(read)
    return inbox.newest()


def test_a_late_event_is_counted_in_its_place_half_a_second_later(
    workspace: Workspace, clock: Clock
) -> None:
    before = workspace.snapshot()
    seq = hand_in(workspace, "a late 5 m1")
    clock.now += 0.4
    assert workspace.snapshot() is before
    clock.now += 0.2
    after = workspace.snapshot()
    assert (after.seq, after.events) == (seq, 31)
    assert [(time, name) for time, _, name, _ in journeys(after)["a"][:-1]][1] == (5, "late")
    assert workspace.snapshot() is after


def test_a_snapshot_that_takes_long_to_make_is_handed_out_for_longer(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = Live._fill

    def slowly(self: Live, *given: object) -> None:
        clock.now += 1.5
        fill(self, *given)

    monkeypatch.setattr(Live, "_fill", slowly)
    hand_in(workspace, "a late 5 m1")
    before = workspace.whole_snapshot(at_once=True)
    hand_in(workspace, "a late 6 m2")
    # It was asked for 1.5 s ago, and is good for three times half a second.
    clock.now -= 0.1
    assert workspace.snapshot() is before
    clock.now += 0.2
    assert workspace.snapshot().events == before.events + 1


def test_while_somebody_makes_a_newer_snapshot_others_get_the_old_one_for_two_seconds_at_most(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workspace.snapshot()
    seq = hand_in(workspace, "a late 5 m1")
    begun, go_on, refresh = threading.Event(), threading.Event(), Live._refresh

    def slowly(self: Live) -> object:
        begun.set()
        assert go_on.wait(20)
        return refresh(self)

    monkeypatch.setattr(Live, "_refresh", slowly)
    seen: list[int] = []
    clock.now += 1.0
    making = threading.Thread(target=lambda: seen.append(workspace.snapshot().seq))
    making.start()
    assert begun.wait(20)
    assert workspace.snapshot() is before, "who asks now does not wait"
    clock.now += 1.5
    waiting = threading.Thread(target=lambda: seen.append(workspace.snapshot().seq))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive(), "two seconds are over: an old answer is worse than a wait"
    go_on.set()
    making.join(20)
    waiting.join(20)
    assert seen == [seq, seq]


def test_what_is_behind_is_known_by_the_time_at_which_it_was_handed_in(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(workspace)
    wall = [5_000_000_000]
    monkeypatch.setattr("pathworth.store.records.data.arrivals.time.time_ns", lambda: wall[0])
    assert inbox.counted_until(workspace.snapshot().seq) == 5_000_000
    hand_in(workspace, "a late 5 m1")
    wall[0] += 300_000_000
    hand_in(workspace, "a late 6 m2")
    wall[0] += 100_000_000
    held = workspace.snapshot()
    assert (held.events, inbox.counted_until(held.seq)) == (30, 5_000_000)
    clock.now += 1.0
    held = workspace.snapshot()
    assert (held.events, inbox.counted_until(held.seq)) == (32, 5_400_000)
    inbox.append(HandedIn(b"a late 7 m3"))
    wall[0] += 50_000_000
    assert inbox.counted_until(workspace.snapshot().seq) == 5_400_000, "not even numbered"
