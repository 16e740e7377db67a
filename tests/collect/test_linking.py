"""A row with an id from before somebody was known says that two are one person, for as long as its import stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.collect.conftest import Write

from pathworth.base.errors import BadInput
from pathworth.collect import FileMapping, import_files
from pathworth.store import Links, Workspace

MAPPING = FileMapping(
    entity="userId|anonymousId", event="event", time="timestamp", anonymous="anonymousId"
)


def line(event: str, at: int, *, known: str | None = None, anonymous: str | None = None) -> str:
    row = {"event": event, "timestamp": f"2026-03-01T10:{at:02d}:00Z", "userId": known}
    return json.dumps({**row, "anonymousId": anonymous}) + "\n"


def browsing(known: str, *devices: str) -> str:
    """Somebody reads on devices, and signs up on each of them."""
    return "".join(
        line("read", 2 * k, anonymous=one) + line("sign up", 2 * k + 1, known=known, anonymous=one)
        for k, one in enumerate(devices)
    )


def people(workspace: Workspace) -> int:
    return workspace.whole_snapshot(at_once=True).entities


def test_devices_on_which_somebody_signed_up_are_one_person_at_once(
    workspace: Workspace, write: Write
) -> None:
    text = browsing("p1", "d1", "d2") + browsing("p2", "d3") + line("read", 9, anonymous="d4")
    answer = import_files(workspace, [write("a.jsonl", text)], mapping=MAPPING)
    assert (answer.accepted, answer.entities) == (7, 3)
    snapshot = workspace.whole_snapshot(at_once=True)
    assert snapshot.ids_of("d2") == ("d1", "d2", "p1")
    assert snapshot.ids_of("d4") == ("d4",)
    said = Links(workspace).newest(10)
    assert {(one.one, one.other, one.rule) for one in said} == {
        ("d1", "p1", "sent together"),
        ("d2", "p1", "sent together"),
        ("d3", "p2", "sent together"),
    }


def test_an_undo_takes_back_what_the_file_said_and_the_file_again_says_it_anew(
    workspace: Workspace, write: Write
) -> None:
    first = write("a.jsonl", line("read", 1, anonymous="d1") + line("read", 2, known="d2"))
    second = write("b.jsonl", browsing("p1", "d1", "d2"))
    import_files(workspace, [first], mapping=MAPPING)
    done = import_files(workspace, [second], mapping=MAPPING)
    assert people(workspace) == 1
    assert done.import_ is not None
    workspace.undo(done.import_)
    assert people(workspace) == 2
    assert Links(workspace).count().standing == 0
    import_files(workspace, [second], mapping=MAPPING)
    assert people(workspace) == 1


def test_what_two_files_say_stands_until_both_are_undone(
    workspace: Workspace, write: Write
) -> None:
    done = [
        import_files(workspace, [write(name, text)], mapping=MAPPING).import_
        for name, text in (
            ("a.jsonl", browsing("p1", "d1")),
            ("b.jsonl", line("read", 30, known="d1") + browsing("p1", "d1")),
        )
    ]
    assert people(workspace) == 1
    workspace.undo(done[0] or 0)
    assert people(workspace) == 1
    workspace.undo(done[1] or 0)
    assert Links(workspace).count().standing == 0


def test_a_refused_import_leaves_nobody_joined(workspace: Workspace, write: Write) -> None:
    text = browsing("p1", "d1") + "".join(
        json.dumps({"event": "read", "timestamp": "2026-03-01T10:00:00Z"}) + "\n" for _ in range(30)
    )
    with pytest.raises(BadInput):
        import_files(workspace, [write("a.jsonl", text)], mapping=MAPPING)
    assert Links(workspace).count().standing == 0
    assert Links(workspace).count().taken == 1


def test_tables_of_a_segment_warehouse_join_their_people(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    text = (
        "id,anonymous_id,user_id,received_at,timestamp,event,event_text\n"
        "m1,d1,,2026-03-01T10:00:00Z,2026-03-01T10:00:00Z,read,Read\n"
        "m2,d1,p1,2026-03-01T10:05:00Z,2026-03-01T10:05:00Z,signed_up,Signed Up\n"
    )
    answer = import_files(workspace, [write("tracks.csv", text)])
    assert (answer.accepted, answer.entities) == (2, 1)
    assert workspace.whole_snapshot(at_once=True).ids_of("p1") == ("d1", "p1")
