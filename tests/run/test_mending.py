"""What could not be read is mended, handed in again, and then counts as if it had come so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathworth import run
from pathworth.base.errors import BadInput, UnknownName
from pathworth.collect import About
from pathworth.store import Inbox

GOOD = {"event": "order", "person": "p1", "time": "2026-03-01T10:00:00Z", "id": "o1"}
NOBODY = {
    "event": "order",
    "time": "2026-03-01T10:00:00Z",
    "id": "o2",
    "properties": {"plan": "Team"},
}
SEGMENT = {"type": "track", "event": "paid", "messageId": "m1", "timestamp": "2026-03-01T10:00:00Z"}
REFUSED = [
    ("segment", {"batch": [SEGMENT]}, {**SEGMENT, "userId": "u1"}),
    (
        "posthog",
        {"batch": [{"event": "seen", "uuid": "a"}]},
        {"event": "seen", "distinct_id": "u1"},
    ),
    ("amplitude", {"events": [{"event_type": "seen"}]}, {"event_type": "seen", "user_id": "u1"}),
    ("mixpanel", [{"event": "seen"}], {"event": "seen", "properties": {"distinct_id": "u1"}}),
]


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    return run.init(tmp_path / "shop")


def test_a_mended_event_counts_and_is_no_longer_set_aside(workspace: run.Workspace) -> None:
    body = json.dumps({"source": "till", "events": [GOOD, NOBODY]})
    assert run.arrive(workspace, body, key="shop").rejected == 1
    (row,) = run.quarantined(workspace)
    assert (row.code, row.key) == ("NO_ENTITY", "shop")
    text = json.dumps({**json.loads(row.raw), "person": "p2"})
    found = run.mend(workspace, row.id, text=text)
    assert (found.accepted, found.rejected) == (1, 0)
    assert run.quarantined(workspace) == ()
    (first, second) = Inbox(workspace.store).waiting()
    assert (second.source, second.entity, second.message_id) == ("till", "p2", "o2")
    assert second.properties == {"plan": "Team"}
    assert first.time_us == second.time_us


def test_what_still_cannot_be_read_stays_where_it_is(workspace: run.Workspace) -> None:
    run.arrive(workspace, json.dumps({"events": [NOBODY, 7]}))
    for row in run.quarantined(workspace):
        with pytest.raises(BadInput, match=row.code):
            run.mend(workspace, row.id)
    (row, *_) = run.quarantined(workspace)
    with pytest.raises(BadInput, match="BAD_BATCH_BODY"):
        run.mend(workspace, row.id, text="{")
    assert len(run.quarantined(workspace)) == 2
    with pytest.raises(UnknownName, match="UNKNOWN_QUARANTINED"):
        run.mend(workspace, 99)


def test_a_whole_batch_that_was_none_is_mended_as_a_whole(workspace: run.Workspace) -> None:
    run.receive(workspace, b'{"batch": [', protocol="segment", about=About(5))
    run.number(workspace)
    (row,) = run.quarantined(workspace)
    assert row.place == 0
    whole = {"batch": [{**SEGMENT, "userId": f"u{k}", "messageId": f"m{k}"} for k in range(3)]}
    assert run.mend(workspace, row.id, text=json.dumps(whole)).accepted == 3


@pytest.mark.parametrize(
    ("protocol", "request_", "better"), REFUSED, ids=[one[0] for one in REFUSED]
)
def test_an_event_of_a_client_is_mended_in_the_client_s_own_words(
    workspace: run.Workspace, protocol: str, request_: object, better: dict[str, object]
) -> None:
    run.receive(workspace, json.dumps(request_).encode(), protocol=protocol)
    assert run.number(workspace) == 0
    (row,) = run.quarantined(workspace)
    with pytest.raises(BadInput, match="NO_ENTITY"):
        run.mend(workspace, row.id)
    assert run.mend(workspace, row.id, text=json.dumps(better)).accepted == 1
    (event,) = Inbox(workspace.store).waiting()
    assert (event.source, event.entity) == (protocol, "u1")


def test_a_mended_event_that_came_meanwhile_counts_once(workspace: run.Workspace) -> None:
    run.arrive(workspace, json.dumps({"events": [NOBODY]}))
    (row,) = run.quarantined(workspace)
    better = {**NOBODY, "person": "p2"}
    run.arrive(workspace, json.dumps({"events": [better]}))
    found = run.mend(workspace, row.id, text=json.dumps(better))
    assert (found.accepted, found.duplicates) == (0, 1)
