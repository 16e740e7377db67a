"""What was imported counts: first states from the snapshot, a dry run equal to the real thing, reasons in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.act.made import DAY, HOUR, MAP, MINUTE, NOON, Kept, Stream, agree, program, shop
from tests.store.made import put

from pathworth import act, atlas, run
from pathworth.base.period import Period
from pathworth.store import ArrivedEvent, Ledger, PersonStates, Workspace
from pathworth.web import build_app

pytestmark = pytest.mark.slow


def history(people: int) -> list[dict[str, str | int | None]]:
    """Rows of a fortnight: everybody looks, most fill the basket, some buy, some come back under an account."""
    rows: list[dict[str, str | int | None]] = []
    for k in range(people):
        at = NOON + (k % 14) * DAY + k * MINUTE
        said = {"first": f"P{k}", "email": f"p{k}@people.example", "plan": "pro" if k % 3 else None}
        rows.append({"entity": f"p{k}", "name": "Viewed", "time_us": at, "value": 0, **said})
        if k % 4:
            rows.append(
                {"entity": f"p{k}", "name": "Added", "time_us": at + 9 * MINUTE, "value": 0}
            )
        if k % 5 == 0:
            rows.append(
                {"entity": f"p{k}", "name": "Bought", "time_us": at + 40 * MINUTE, "value": 7}
            )
        if k % 6 == 0:
            rows.append({"entity": f"p{k}", "name": "Added", "time_us": at + 2 * DAY, "value": 0})
    return [{**row, "account_id": f"a{int(str(row['entity'])[1:]) % 20}"} for row in rows]


def as_events(rows: list[dict[str, str | int | None]]) -> list[ArrivedEvent]:
    """The same rows as they would have come in."""
    known = ("entity", "name", "time_us", "value")
    ordered = sorted(rows, key=lambda row: (row["time_us"], row["entity"]))
    return [
        ArrivedEvent(
            k + 1,
            "test",
            f"m{k}",
            str(row["entity"]),
            str(row["name"]),
            int(row["time_us"] or 0),
            {name: str(v) for name, v in row.items() if name not in known and v is not None},
        )
        for k, row in enumerate(ordered)
    ]


def imported(folder: Path, rows: list[dict[str, str | int | None]]) -> Workspace:
    workspace = Workspace.create(folder)
    workspace.save_map("shop", atlas.dump_map(MAP), author="test")
    put(workspace, rows)
    return workspace


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"again": "1d", "who": "plan = 'pro'", "holdout": 0.3},
        {"trigger": "stalls", "stalls_after": "1h", "wait": "0m", "again": "1d"},
        {"quiet_hours": act.QuietHours("11:00", "20:00"), "wait": "10m"},
        {"who": "not did('buys')", "wait": "1d", "goal": None},
    ],
)
def test_a_dry_run_says_what_the_program_then_decides(tmp_path: Path, change: dict) -> None:
    rows, one = history(26), program(**change)
    past = imported(tmp_path / "past", rows)
    live = shop(tmp_path / "live", one)
    act.start_program(live, one.id)
    for workspace in (past, live):
        agree(workspace, *(f"p{k}" for k in range(26) if k % 7))
    end = past.snapshot().last_us + 1
    told = act.rehearse(past, one, period=Period(NOON - DAY, end))
    found = []
    for event in as_events(rows):
        while (due := PersonStates(live).next_due()) is not None and due < event.time_us:
            found += act.decide_due(live, due)
        act.feed(live, [event], now_us=event.time_us)
    while (due := PersonStates(live).next_due()) is not None and due < end:
        found += act.decide_due(live, due)
    real = sorted((r.entity, r.trigger_us, r.decided_us, r.arm, r.action, r.reasons) for r in found)
    from pathworth.base.instants import to_instant_us

    dry = sorted(
        (
            r.entity,
            to_instant_us(r.trigger, "UTC"),
            to_instant_us(r.decided, "UTC"),
            r.arm,
            r.action,
            r.reasons,
        )
        for r in told.rows
    )
    assert dry == real
    assert real
    assert told.sends == sum(1 for r in found if r.action == "send")
    assert Ledger(past).rows() == ()
    assert PersonStates(past).waiting() == ()


def test_the_first_event_of_a_person_finds_what_was_imported(tmp_path: Path) -> None:
    workspace = imported(tmp_path / "w", history(30))
    act.save_program(workspace, program(who="plan = 'pro' and did('buys')", wait="0m", goal=None))
    later = workspace.snapshot().last_us + DAY
    act.start_program(workspace, "basket", now_us=later - HOUR)
    people = ["p5", "p1", "p0"]
    agree(workspace, *people)
    seq = workspace.snapshot().seq
    new = [
        ArrivedEvent(seq + k + 1, "t", str(k), p, "Added", later + k) for k, p in enumerate(people)
    ]
    act.feed(workspace, new)
    rows = {row.entity: row for row in act.decide_due(workspace, later + MINUTE)}
    # p5 bought and is pro; p1 is pro and never bought; p0 bought and has no plan.
    assert {e: row.reasons for e, row in rows.items()} == {
        "p5": (),
        "p1": ("left_audience",),
        "p0": ("left_audience",),
    }
    assert (rows["p5"].unit, rows["p5"].address) == ("a5", "p5@people.example")


def test_the_same_step_again_within_the_session_is_no_new_visit(tmp_path: Path) -> None:
    workspace = imported(tmp_path / "w", history(8))
    act.save_program(workspace, program(again="1m"))
    row = workspace.snapshot()
    added = max(int(one["time_us"] or 0) for one in history(8) if one["entity"] == "p1")
    act.start_program(workspace, "basket", now_us=added)
    event = ArrivedEvent(row.seq + 1, "t", "1", "p1", "Added", added + 5 * MINUTE)
    assert act.feed(workspace, [event]) == 0
    assert (
        act.feed(workspace, [ArrivedEvent(row.seq + 2, "t", "2", "p1", "Added", added + HOUR)]) == 1
    )


def test_why_says_one_reason_first_and_then_the_others(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program(holdout=0.9)), Stream()
    stream.add("ann", "Added", NOON, email="")
    act.feed(workspace, stream.events)
    assert "decides on 9 Jan 2026 at 13:00 UTC" in act.why(workspace, "ann")[0].sentence
    assert "have not entered Fills the basket" in act.why(workspace, "bob")[0].sentence
    act.give_consent(workspace, "ann", channel="email", purpose="offers", proof="x", now_us=NOON)
    act.withdraw_consent(workspace, "ann", channel="email", purpose="offers", now_us=NOON)
    act.decide_due(workspace, NOON + HOUR)
    (said,) = act.why(workspace, "ann", program_id="basket")
    assert said.sentence == (
        "Nothing was sent to ann: no consent to offers by email (withdrawn 9 Jan 2026)."
    )
    assert "they are in the comparison group" in said.others


def test_who_rests_gets_nothing_until_the_rest_is_over(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program(again="1h")), Stream()
    agree(workspace, "ann")
    act.let_rest(workspace, "ann", why="upset", until_us=NOON + DAY)
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON + HOUR)
    assert row.reasons == ("suppressed",)
    assert "left in peace until 10 Jan 2026 (upset)" in act.why(workspace, "ann")[0].sentence
    act.end_rest(workspace, "ann")
    stream.add("ann", "Viewed", NOON + HOUR)
    stream.add("ann", "Added", NOON + 2 * HOUR)
    act.feed(workspace, stream.events)
    assert act.decide_due(workspace, NOON + 3 * HOUR)[0].action == "send"


def test_a_program_goes_once_round_over_the_api_and_out_by_its_link(tmp_path: Path) -> None:
    workspace, kept = imported(tmp_path / "w", history(30)), Kept()
    with TestClient(
        build_app(run.open_workspace(workspace.path)), base_url="http://127.0.0.1"
    ) as api:
        drafted = api.post("/api/act/programs/draft", json={"map": "shop", "step": "fills"}).json()
        drafted |= {"trigger": "enters", "stalls_after": None, "quiet_hours": None, "holdout": 0.0}
        found = api.post("/api/act/programs/check", json={"program": drafted}).json()
        assert [one["code"] for one in found] == ["NO_HOLDOUT"]
        address = f"/api/act/programs/{drafted['id']}"
        assert api.put(address, json={"program": drafted}).json()["line"]["state"] == "draft"
        dry = api.post("/api/act/programs/rehearse", json={"program": drafted}).json()
        assert dry["occasions"] > 0
        seen = api.post(
            "/api/act/programs/preview", json={"program": drafted, "person": "p5"}
        ).json()
        assert (seen["address"], seen["missing"]) == ("p5@people.example", None)
        said = {
            "person": "p5",
            "channel": "email",
            "purpose": "product mail",
            "given": True,
            "proof": "call",
        }
        assert api.post("/api/act/consents", json=said).status_code == 200
        assert api.post(f"{address}/start").json()["line"]["state"] == "running"
        now = act.program(workspace, drafted["id"]).record.started_us or 0
        act.feed(workspace, [ArrivedEvent(10**6, "t", "1", "p5", "Added", now + 1)])
        act.decide_due(workspace, now + 2)
        act.deliver(workspace, kept, now_us=now + 2)
        (row,) = api.get("/api/act/decisions").json()
        assert row["state"] == "delivered"
        assert api.get("/api/act/calendar").json()[0]["sent"] == 1
        link, why = (
            one.rpartition("8710")[2]
            for one in (kept.messages[0].unsubscribe, kept.messages[0].why)
        )
        assert "Fills the basket" in api.get(why).text
        assert "Stop them" in api.get(link).text
        assert "was sent to p5" in api.get("/api/act/why/p5").json()[0]["sentence"]
        assert act.channels(workspace).address.startswith("http")
        assert api.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert api.get("/api/act/settings").json()["consents"][0]["withdrawn"] == 1
        assert api.get(f"{link}x").status_code == 404
        assert api.post(f"{address}/stop", json={"why": "done"}).json()["line"]["why"] == "done"
        assert (
            api.post(f"/api/act/decisions/{row['id']}/settle", json={"again": True}).status_code
            == 409
        )
