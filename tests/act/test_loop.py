"""From an event to a message and its row: what is decided, when, and why nothing is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.act.made import DAY, HOUR, MINUTE, NOON, Kept, Stream, agree, program, shop

from pathworth import act
from pathworth.store import Exclusions, Ledger, PersonStates


def test_a_person_who_enters_is_decided_after_the_wait_and_gets_one_message(tmp_path: Path) -> None:
    workspace, stream, kept = shop(tmp_path / "w", program()), Stream(), Kept()
    agree(workspace, "ann")
    stream.add("ann", "Viewed", NOON)
    stream.add("ann", "Added", NOON + MINUTE)
    assert act.feed(workspace, stream.events) == 1
    assert act.decide_due(workspace, NOON + HOUR) == ()
    (row,) = act.decide_due(workspace, NOON + MINUTE + HOUR)
    assert (row.entity, row.action, row.state) == ("ann", "send", "decided")
    assert (row.reasons, row.address) == ((), "ann@people.example")
    assert act.deliver(workspace, kept, now_us=NOON + 2 * HOUR) == 1
    assert act.deliver(workspace, kept, now_us=NOON + 2 * HOUR) == 0
    assert [m.subject for m in kept.messages] == ["Your basket, Ann"]
    assert Ledger(workspace).row(row.id).state == "delivered"
    assert PersonStates(workspace).waiting() == ()


def test_feeding_the_same_events_again_changes_nothing(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program()), Stream()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    assert [act.feed(workspace, stream.events) for _ in range(3)] == [1, 0, 0]
    assert len(act.decide_due(workspace, NOON + HOUR)) == 1
    assert act.feed(workspace, stream.events) == 0
    assert act.decide_due(workspace, NOON + 2 * HOUR) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "no_consent"),
        ({"address": "mail"}, "no_address"),
        ({"who": "first = 'Bob'"}, "left_audience"),
        ({"message": act.Template("x", "{{ person.plan }} {{ unsubscribe }}")}, "not_writable"),
        ({"holdout": 0.9}, "held_out"),
    ],
)
def test_the_ledger_says_why_nothing_is_sent(tmp_path: Path, change: dict, reason: str) -> None:
    workspace, stream = shop(tmp_path / "w", program(**change)), Stream()
    if reason != "no_consent":
        agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert (row.action, row.state) == ("nothing", "none")
    assert reason in row.reasons
    assert act.deliver(workspace, Kept(), now_us=NOON + HOUR) == 0


def test_whom_no_number_counts_no_program_writes_to(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program()), Stream()
    agree(workspace, "ann", "bob", "cy")
    Exclusions(workspace).save("test accounts", ids=["ann"])
    Exclusions(workspace).save("employees", who="person like 'bo%'")
    for person in ("ann", "bob", "cy"):
        stream.add(person, "Added", NOON)
    act.feed(workspace, stream.events)
    rows = {row.entity: (row.action, row.reasons) for row in act.decide_due(workspace, NOON + HOUR)}
    nothing = ("nothing", ("excluded",))
    assert rows == {"ann": nothing, "bob": nothing, "cy": ("send", ())}


def test_who_reaches_the_goal_while_waiting_gets_nothing(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program(exit="event = 'Complained'")), Stream()
    agree(workspace, "ann", "bob")
    stream.add("ann", "Added", NOON)
    stream.add("ann", "Bought", NOON + MINUTE)
    stream.add("bob", "Added", NOON)
    stream.add("bob", "Complained", NOON + MINUTE)
    act.feed(workspace, stream.events)
    rows = {row.entity: row.reasons for row in act.decide_due(workspace, NOON + HOUR)}
    assert rows == {"ann": ("goal_reached",), "bob": ("exited",)}


def test_a_stall_is_one_only_when_no_other_step_comes_in_time(tmp_path: Path) -> None:
    stalls = program(trigger="stalls", stalls_after="2d", wait="0m")
    workspace, stream = shop(tmp_path / "w", stalls), Stream()
    agree(workspace, "ann", "bob", "cy")
    for person in ("ann", "bob", "cy"):
        stream.add(person, "Added", NOON)
    act.feed(workspace, stream.events)
    stream.add("ann", "Viewed", NOON + DAY)
    stream.add("cy", "Added", NOON + DAY)
    act.feed(workspace, stream.events)
    assert {one.entity for one in PersonStates(workspace).waiting()} == {"bob", "cy"}
    stream.add("ann", "Added", NOON + DAY + HOUR)
    act.feed(workspace, stream.events)
    rows = act.decide_due(workspace, NOON + 2 * DAY)
    assert {(row.entity, row.action) for row in rows} == {("bob", "send"), ("cy", "send")}
    (late,) = act.decide_due(workspace, NOON + 3 * DAY + HOUR)
    assert (late.entity, late.action) == ("ann", "send")


def test_events_from_before_the_start_give_no_occasion(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program()), Stream()
    stream.add("ann", "Added", NOON - 2 * DAY)
    assert act.feed(workspace, stream.events) == 0


def test_what_is_decided_much_too_late_is_not_sent(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program()), Stream()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON + 30 * DAY)
    assert (row.action, row.reasons) == ("nothing", ("too_late",))


def test_consent_that_is_withdrawn_after_the_decision_stops_the_message(tmp_path: Path) -> None:
    workspace, stream, kept = shop(tmp_path / "w", program()), Stream(), Kept()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON + HOUR)
    act.withdraw_consent(workspace, "ann", channel="email", purpose="offers")
    assert act.deliver(workspace, kept, now_us=NOON + HOUR) == 0
    after = Ledger(workspace).row(row.id)
    assert (after.action, after.state, after.reasons) == ("nothing", "none", ("no_consent",))
    assert kept.messages == []


def test_stopping_a_program_holds_what_waits_and_what_has_not_left(tmp_path: Path) -> None:
    workspace, stream, kept = shop(tmp_path / "w", program()), Stream(), Kept()
    agree(workspace, "ann", "bob")
    stream.add("ann", "Added", NOON)
    stream.add("bob", "Added", NOON + HOUR)
    act.feed(workspace, stream.events)
    act.decide_due(workspace, NOON + HOUR)
    act.stop_program(workspace, "basket", why="wrong text", now_us=NOON + HOUR)
    act.decide_due(workspace, NOON + 2 * HOUR)
    act.deliver(workspace, kept, now_us=NOON + 2 * HOUR)
    rows = Ledger(workspace).rows()
    assert {row.entity: row.reasons for row in rows} == {
        "ann": ("program_stopped",),
        "bob": ("program_stopped",),
    }
    assert kept.messages == []


def test_the_cap_counts_over_all_programs(tmp_path: Path) -> None:
    programs = [program(f"p{k}", wait="0m", cap=act.Cap(2, "14d")) for k in range(4)]
    workspace, stream = shop(tmp_path / "w", *programs), Stream()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    rows = act.decide_due(workspace, NOON)
    assert [row.action for row in rows] == ["send", "send", "nothing", "nothing"]
    assert [row.reasons for row in rows[2:]] == [("cap_reached",)] * 2


def test_what_a_page_asked_and_what_another_tool_sent_spends_the_same_budget(
    tmp_path: Path,
) -> None:
    asked = program(wait="0m", cap=act.Cap(2, "14d"))
    workspace, stream = shop(tmp_path / "w", asked), Stream()
    agree(workspace, "ann", "bob", "cy", "dan")
    stream.add("ann", "survey seen", NOON - 2 * DAY, survey="pulse")
    stream.add("ann", "Email sent", NOON - DAY)
    stream.add("bob", "survey seen", NOON - 20 * DAY, survey="pulse")
    stream.add("bob", "message seen", NOON - DAY, message="hello")
    stream.add("cy", "survey answered", NOON - DAY, survey="pulse")
    stream.add("cy", "survey closed", NOON - DAY, survey="pulse")
    for person in ("ann", "bob", "cy"):
        stream.add(person, "Added", NOON)
    act.feed(workspace, stream.events)
    rows = {row.entity: row.reasons for row in act.decide_due(workspace, NOON)}
    assert rows == {"ann": ("cap_reached",), "bob": (), "cy": ()}


def test_one_address_under_two_ids_gets_a_message_once(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program(wait="0m")), Stream()
    agree(workspace, "ann", "device-1")
    stream.add("ann", "Added", NOON)
    stream.add("device-1", "Added", NOON, email="ann@people.example")
    act.feed(workspace, stream.events)
    rows = {row.entity: row.reasons for row in act.decide_due(workspace, NOON)}
    assert rows == {"ann": (), "device-1": ("address_reached",)}


def test_a_temporary_refusal_is_tried_again_later_and_a_definite_one_is_not(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program(wait="0m")), Stream()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON)
    later = Kept("later")
    assert act.deliver(workspace, later, now_us=NOON) == 1
    assert act.deliver(workspace, later, now_us=NOON + MINUTE - 1) == 0
    assert act.deliver(workspace, Kept("failed"), now_us=NOON + MINUTE) == 1
    assert Ledger(workspace).row(row.id).state == "failed"
    assert act.deliver(workspace, Kept(), now_us=NOON + DAY) == 0


def test_an_unknown_outcome_is_never_tried_again_until_a_person_says_so(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program(wait="0m")), Stream()
    agree(workspace, "ann", "bob")
    stream.add("ann", "Added", NOON)
    stream.add("bob", "Added", NOON)
    act.feed(workspace, stream.events)
    rows = act.decide_due(workspace, NOON)
    act.deliver(workspace, Kept("unknown"), now_us=NOON)
    ledger, kept = Ledger(workspace), Kept()
    assert act.deliver(workspace, kept, now_us=NOON + DAY) == 0
    assert len(ledger.unknown()) == 2
    ledger.resolve(rows[0].id, again=True, by="Eva", at_us=NOON + DAY)
    ledger.resolve(rows[1].id, again=False, by="Eva", at_us=NOON + DAY)
    assert ledger.unknown() == ()
    assert act.deliver(workspace, kept, now_us=NOON + DAY) == 1
    assert [row.state for row in ledger.rows()] == ["delivered", "unknown"]
