"""An event that is handed in is decided at once, and survives whoever dies in between."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.act.made import DAY, agree, program, shop

from pathworth import act, run
from pathworth.act.watching import feed as feeding
from pathworth.store import Ledger, PersonStates


def handed_in(person: str) -> bytes:
    event = {
        "event": "Added",
        "person": person,
        "time": datetime.now(UTC).isoformat(),
        "properties": {"first": person, "email": f"{person}@people.example"},
    }
    return json.dumps({"source": "app", "events": [event]}).encode()


def running(folder: Path) -> run.Workspace:
    workspace = shop(folder, program(wait="0m"))
    agree(workspace, "ann", "bob")
    act.stop_program(workspace, "basket")
    act.start_program(workspace, "basket", now_us=time.time_ns() // 1000 - DAY)
    return run.open_workspace(folder)


def test_an_event_handed_in_is_decided_before_its_sender_has_the_answer(tmp_path: Path) -> None:
    opened = running(tmp_path / "w")
    run.arrive(opened, handed_in("ann"))
    (row,) = Ledger(opened.store).rows()
    assert (row.entity, row.action, row.state) == ("ann", "send", "decided")
    assert run.decisions(opened)[0].sentence == "Basket reminder is about to be sent to ann."


def test_an_event_whose_feeding_breaks_off_is_fed_once_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = running(tmp_path / "w")

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the power fails")

    with monkeypatch.context() as broken:
        broken.setattr(feeding, "_notes", breaks)
        run.arrive(opened, handed_in("ann"))
    assert Ledger(opened.store).rows() == ()
    assert PersonStates(opened.store).of("ann") is None
    run.arrive(opened, handed_in("bob"))
    assert sorted(row.entity for row in Ledger(opened.store).rows()) == ["ann", "bob"]
