"""A workspace that is put back keeps its ledger and its arms, and sends nothing until a person says so."""

from __future__ import annotations

from pathlib import Path

from tests.act.made import DAY, HOUR, MINUTE, NOON, Kept, Stream, agree, program, shop

from pathworth import act
from pathworth.store import Ledger, Programs, Workspace, put_back, take_backup

PEOPLE = [f"person{k}" for k in range(40)]


def test_what_may_have_been_sent_since_is_not_sent_again(tmp_path: Path) -> None:
    workspace, stream, kept = shop(tmp_path / "w", program(holdout=0.3)), Stream(), Kept()
    agree(workspace, *PEOPLE, "late", "later")
    for one in PEOPLE:
        stream.add(one, "Added", NOON)
    act.feed(workspace, stream.events)
    assert len(act.decide_due(workspace, NOON + HOUR)) == len(PEOPLE)
    act.deliver(workspace, kept, now_us=NOON + HOUR)
    # One more is decided and did not leave, and one waits to be decided, when the backup is taken.
    stream.add("late", "Added", NOON + MINUTE)
    act.feed(workspace, stream.events)
    (late,) = act.decide_due(workspace, NOON + MINUTE + HOUR)
    stream.add("later", "Added", NOON + 2 * MINUTE)
    act.feed(workspace, stream.events)
    take_backup(
        workspace, tmp_path / "w.tar", until_us=None, now_us=NOON + DAY, tell=lambda *_: None
    )
    before = Ledger(workspace).rows()
    act.deliver(workspace, kept, now_us=NOON + 2 * HOUR)
    act.decide_due(workspace, NOON + 2 * HOUR)
    act.deliver(workspace, kept, now_us=NOON + 2 * HOUR)
    sent = len(kept.messages)

    done = put_back(tmp_path / "w.tar", tmp_path / "back", now_us=NOON + DAY, tell=lambda *_: None)
    restored = Workspace.open(tmp_path / "back")
    assert done.stopped == ("basket",)
    assert done.unknown == int(late.action == "send")
    rows = Ledger(restored).rows()
    assert [row for row in rows if row.id != late.id] == [
        row for row in before if row.id != late.id
    ]
    assert {row.arm for row in rows} == {"treated", "held out"}
    record = Programs(restored).get("basket")
    assert (record.state, "backup" in (record.why or "")) == ("stopped", True)
    # Hours later, with the programs at rest and the unknown ones not settled, nobody gets anything.
    act.decide_due(restored, NOON + 2 * DAY)
    assert act.deliver(restored, kept, now_us=NOON + 2 * DAY) == 0
    assert len(kept.messages) == sent
    assert [row.entity for row in Ledger(restored).unknown()] == ["late"] * done.unknown
    # Started again, it goes on with who comes from then on, and everybody has the arm they had.
    act.start_program(restored, "basket", now_us=NOON + 2 * DAY)
    stream.add("person7", "Viewed", NOON + 2 * DAY + MINUTE)
    assert {row.entity: row.arm for row in Ledger(restored).rows()}.items() >= {
        row.entity: row.arm for row in before
    }.items()
