"""Events by JSON or by file give the same answers, and whoever listens hears of each of them."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from pathworth import collect, measure, run, store
from pathworth.base.errors import BadInput
from pathworth.base.json import to_json
from pathworth.run.intake import arrivals as arrivals_module

EVENTS: list[dict[str, object]] = [
    {
        "event": ("visit", "order")[k % 2],
        "person": f"p{k % 7}",
        "time": f"2026-03-{1 + k % 28:02d}T10:00:00Z",
        "value": 20 if k % 2 else None,
        "account_id": f"a{k % 3}",
        "properties": {"plan": ("Team", "Free")[k % 2], "depth": {"of": k % 4}},
    }
    for k in range(60)
]


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    return run.init(tmp_path / "json", timezone="Europe/Amsterdam")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[store.ArrivedEvent]:
    """A listener in place of those that there are."""
    found: list[store.ArrivedEvent] = []
    listen = {"act": arrivals_module.Listener(lambda _, events: found.extend(events))}
    monkeypatch.setattr(arrivals_module, "LISTENERS", listen)
    return found


def body(events: list[dict[str, object]], source: str = "app") -> bytes:
    return json.dumps({"source": source, "events": events}).encode()


def answers(workspace: run.Workspace) -> list[object]:
    """What the workspace says, apart from which state of it that is."""
    chosen = workspace.journeys(who="plan = 'Team'")
    found = [
        to_json(measure.transitions(workspace.journeys(), entities=True)),
        to_json(measure.transitions(chosen)),
        to_json(measure.funnel(workspace.journeys(), ["visit", "order"], within="7d")),
        to_json(measure.retention(workspace.journeys(), period="week")),
        to_json(run.columns(workspace)),
    ]
    for one in found:
        if isinstance(one, dict):
            one.pop("as_of", None)
    return found


def test_json_and_a_file_of_the_same_lines_give_the_same_answers(
    tmp_path: Path, workspace: run.Workspace
) -> None:
    for first in (0, 20, 40):
        assert run.arrive(workspace, body(EVENTS[first : first + 20])).accepted == 20
    at_once = answers(workspace)
    assert run.rebuild(workspace).added == 60
    assert answers(workspace) == at_once
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in EVENTS))
    other = run.init(tmp_path / "file", timezone="Europe/Amsterdam")
    mapping = collect.FileMapping(
        entity="person", event="event", time="time", value="value", source="app"
    )
    collect.import_files(other.store, [file], mapping=mapping)
    assert answers(workspace) == answers(other)
    assert run.arrive(other, body(EVENTS)).duplicates == 60
    again = collect.import_files(workspace.store, [file], mapping=mapping)
    assert (again.accepted, again.duplicates) == (0, 60)


def test_times_are_iso_or_milliseconds_and_may_stand_in_one_batch(workspace: run.Workspace) -> None:
    sent: list[dict[str, object]] = [
        {"event": "a", "person": "p", "time": 1_767_225_600_000},
        {"event": "b", "person": "p", "time": "2026-01-01T00:00:00.5Z"},
        {"event": "c", "person": "p", "time": "2026-01-01 01:00:01"},
    ]
    run.arrive(workspace, body(sent))
    waits = store.Inbox(workspace.store).waiting()
    begin = 1_767_225_600_000_000
    assert [(e.name, e.time_us - begin) for e in waits] == [
        ("a", 0),
        ("b", 500_000),
        ("c", 1_000_000),
    ]


def test_one_bad_event_does_not_fail_its_batch_and_no_batch_at_all_is_refused(
    workspace: run.Workspace,
) -> None:
    sent = [
        *EVENTS[:2],
        {"event": "x", "time": 1},
        {"person": "p", "time": 1},
        7,
        {"event": "x", "person": "p", "time": "soon"},
    ]
    found = run.arrive(workspace, body(sent))  # type: ignore[arg-type]
    assert (found.accepted, found.rejected, found.seq) == (2, 4, 2)
    codes = {row.code for row in run.quarantined(workspace)}
    assert codes == {"NO_ENTITY", "NO_EVENT", "NOT_AN_EVENT", "BAD_TIME"}
    for wrong in (b"", b"[]", b'{"events": 3}', b'{"events": [', b"\xff"):
        with pytest.raises(BadInput, match="BAD_BATCH_BODY"):
            run.arrive(workspace, wrong)
    with pytest.raises(BadInput, match="BATCH_TOO_LARGE"):
        run.arrive(workspace, b'{"events": [' + b"{}," * 10_000 + b"{}]}")
    assert run.waiting(workspace).batches == 0


def test_what_was_handed_in_twice_is_one_event_by_its_id(workspace: run.Workspace) -> None:
    one: dict[str, object] = {**EVENTS[0], "id": "m1"}
    assert run.arrive(workspace, body([one, {**one, "value": 3}])).duplicates == 1
    run.rebuild(workspace)
    assert run.arrive(workspace, body([one])) == run.Arrived(0, 1, 0, None)


def test_whoever_listens_hears_every_event_once_in_order(
    workspace: run.Workspace, heard: list[store.ArrivedEvent]
) -> None:
    run.arrive(workspace, body(EVENTS[:3]))
    run.arrive(workspace, body(EVENTS[:5]))
    run.rebuild(workspace)
    run.arrive(workspace, body(EVENTS[:6]))
    assert [one.seq for one in heard] == [1, 2, 3, 4, 5, 6]
    assert heard[1].properties["account_id"] == "a1"
    assert heard[1].value == 20_000_000


def test_an_arrival_never_fails_because_a_listener_does_and_it_is_told_again(
    workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[list[int]] = []

    def listen(_: store.Workspace, events: object) -> None:
        calls.append([one.seq for one in events])  # type: ignore[attr-defined]
        if len(calls) == 1:
            raise RuntimeError("no room")

    monkeypatch.setattr(arrivals_module, "LISTENERS", {"act": arrivals_module.Listener(listen)})
    with caplog.at_level(logging.CRITICAL):
        assert run.arrive(workspace, body(EVENTS[:2])).accepted == 2
    assert "no room" in run.waiting(workspace).notes["act"]
    run.rebuild(workspace)
    assert calls == [[1, 2], [1, 2]]
    assert run.waiting(workspace).notes == {}
    assert run.arrive(workspace, body(EVENTS[2:3])).seq == 3
    assert calls[-1] == [3]


def test_while_an_import_is_written_a_batch_is_safe_and_numbered_afterwards(
    workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch, heard: list[store.ArrivedEvent]
) -> None:
    monkeypatch.setattr("pathworth.store.workspace.PATIENCE_S", 0.02)
    with workspace.store.begin_import(files=[store.InputFile("a", "a", 1)]):
        assert run.arrive(workspace, body(EVENTS[:2])) == run.Arrived(0, 0, 0, None, waits=True)
        assert run.waiting(workspace).batches == 1
    assert run.number(workspace) == 2
    assert run.tell(workspace) == len(heard) == 2


def test_the_overview_counts_what_arrived_and_says_what_cannot_be_counted_yet(
    workspace: run.Workspace,
) -> None:
    run.arrive(workspace, body(EVENTS[:5]))
    run.rebuild(workspace)
    run.arrive(workspace, body(EVENTS[5:9]))
    seen = run.overview(workspace)
    assert (seen.events, seen.waiting, seen.as_of.seq) == (9, 0, 9)
    odd = {**EVENTS[9], "properties": {"depth": {"of": "deep"}}}
    run.arrive(workspace, body([EVENTS[10], odd, EVENTS[11]]))
    seen, waits = run.overview(workspace), run.waiting(workspace)
    assert (seen.events, seen.waiting, seen.as_of.seq) == (10, 2, 10)
    assert (waits.events, waits.stuck) == (2, "of")
    run.rebuild(workspace)
    seen, waits = run.overview(workspace), run.waiting(workspace)
    assert (seen.events, seen.waiting, waits.events, waits.stuck) == (12, 0, 0, None)


def test_undo_of_a_file_whose_events_were_handed_in_too_changes_no_answer(
    workspace: run.Workspace, tmp_path: Path, heard: list[store.ArrivedEvent]
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in EVENTS))
    mapping = collect.FileMapping(
        entity="person", event="event", time="time", value="value", source="app"
    )
    assert collect.import_files(workspace.store, [file], mapping=mapping).accepted == 60
    before = answers(workspace)
    found = run.arrive(workspace, body(EVENTS))
    assert (found.accepted, found.duplicates, found.seq) == (0, 60, None)
    assert run.waiting(workspace).events == 0
    undone = workspace.store.undo(1)
    assert (undone.removed, undone.restored) == (60, 60)
    assert answers(workspace) == before
    assert heard == []
