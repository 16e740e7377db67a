"""A server that nobody hands anything in to does not ask its database again and again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pathworth import run, store
from pathworth.run.intake.arrivals import Numbering
from pathworth.run.serving import changes
from pathworth.store import HandedIn, Inbox

ONE = json.dumps({"events": [{"event": "a", "person": "p", "time": 1_760_000_000_000}]}).encode()


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    return run.init(tmp_path / "shop")


def aged(workspace: run.Workspace) -> None:
    """Let the last write lie a while back."""
    for file in workspace.store.path.glob("workspace.db*"):
        long_ago = file.stat().st_mtime_ns - 10**9
        os.utime(file, ns=(long_ago, long_ago))


def test_only_what_was_written_since_is_a_change(workspace: run.Workspace) -> None:
    held = changes.Changes()
    assert held.any(workspace)
    aged(workspace)
    assert [held.any(workspace) for _ in range(3)] == [True, False, False]
    Inbox(workspace.store).append(HandedIn(ONE))
    # Just written: it may be written to again without a sign.
    assert [held.any(workspace) for _ in range(2)] == [True, True]


def test_it_is_asked_now_and_then_in_any_case(
    workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = changes.Changes()
    aged(workspace)
    assert [held.any(workspace) for _ in range(2)] == [True, False]
    monkeypatch.setattr(changes, "SURE_S", 0.0)
    assert held.any(workspace)


def test_numbering_asks_nothing_while_nothing_changes_and_numbers_what_comes(
    workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbering, asked = Numbering(), list[int]()
    count = store.Inbox.count
    monkeypatch.setattr(
        store.Inbox, "count", lambda self, **named: asked.append(1) or count(self, **named)
    )
    aged(workspace)
    for _ in range(5):
        assert numbering.work(workspace) == "0 events numbered."
    assert len(asked) == 1
    run.receive(workspace, ONE)
    assert numbering.work(workspace) == "1 events numbered."
