"""What arrives is watched: with its step or the reason why none, against what is expected, and by dated audits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pathworth import atlas, collect, run, store
from pathworth.base.errors import BadInput, UnknownName, WrongUsage
from pathworth.collect import sources_of

NOW = datetime.now(UTC).replace(microsecond=0)
STEPS = (
    atlas.MapStep(
        "reads",
        "Reads",
        "event = 'view' and section = 'help'",
        signs=(atlas.Sign("Plays it", "event = 'video played'"),),
    ),
    atlas.MapStep("pays", "Pays", "event in ('order', 'invoice') or did('view', at_least=9)"),
)


def event(
    name: str, number: int, *, person: str = "p1", hours: float = 1, **properties: str
) -> dict:
    at = NOW - timedelta(hours=hours)
    return {
        "event": name,
        "person": person,
        "time": at.isoformat().replace("+00:00", "Z"),
        "id": f"m{number}",
        "properties": properties,
    }


def hand_in(workspace: run.Workspace, *events: dict, source: str = "app") -> run.Arrived:
    return run.arrive(workspace, json.dumps({"source": source, "events": events}), key="phone")


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    made = run.init(tmp_path / "shop")
    document = atlas.MapDocument(name="shop", steps=STEPS, stages=(), noise=("ping",))
    made.store.save_map("shop", atlas.dump_map(document), author="ann")
    return made


def test_an_event_is_watched_after_one_turn_with_its_step_or_why_it_has_none(
    workspace: run.Workspace,
) -> None:
    hand_in(
        workspace,
        event("view", 1, section="help"),
        event("view", 2, section="shop", person="p2"),
        event("ping", 3),
        event("look", 4),
        {"event": "order"},
    )
    found = run.tail(workspace)
    assert (found.map, len(found.events)) == ("shop", 5)
    by = {one.id: one for one in found.events}
    good = by["event 1"]
    assert (good.person, good.event, good.source, good.key) == ("p1", "view", "app", "phone")
    assert good.properties == {"section": "help"}
    assert [(one.id, one.rule) for one in good.steps] == [("reads", STEPS[0].rule)]
    assert good.why is None
    assert datetime.fromisoformat(good.received) >= NOW
    assert (
        by["event 2"].why
        == "Reads asks for another section (section is shop here); Pays asks for something that was done before."
    )
    assert by["event 3"].why == "The map shop declares that ping is no step."
    assert by["event 4"].why is not None
    bad = by["refused 1"]
    assert (bad.good, bad.refused, bad.person) == (False, 1, None)
    assert bad.why
    assert json.loads(bad.raw or "") == {"event": "order"}


def test_only_what_came_since_is_told_and_only_what_is_asked_for(workspace: run.Workspace) -> None:
    assert run.tail(workspace).events == ()
    hand_in(workspace, event("view", 1), {"event": "order"})
    first = run.tail(workspace)
    assert run.tail(workspace, after=first.next).events == ()
    hand_in(workspace, event("order", 2, person="p2"), source="shop")
    (new,) = run.tail(workspace, after=first.next).events
    assert (new.event, new.source, new.steps[0].name) == ("order", "shop", "Pays")
    assert [one.good for one in run.tail(workspace, only="bad").events] == [False]
    assert [one.id for one in run.tail(workspace, only="good").events] == ["event 2", "event 1"]
    assert [one.id for one in run.tail(workspace, source="shop").events] == ["event 2"]
    assert [one.id for one in run.tail(workspace, person="p1").events] == ["event 1"]
    assert len(run.tail(workspace, limit=1).events) == 1
    with pytest.raises(WrongUsage):
        run.tail(workspace, after="yesterday")


def test_the_last_events_stay_when_the_lake_holds_them_and_no_more_than_some_hundreds(
    workspace: run.Workspace,
) -> None:
    for turn in range(3):
        hand_in(workspace, *(event("view", 100 * turn + k) for k in range(90)))
    store.Inbox(workspace.store).drain()
    found = run.tail(workspace, limit=200)
    assert [one.id for one in found.events] == [f"event {k}" for k in range(270, 70, -1)]


def test_what_is_expected_is_held_against_what_came(workspace: run.Workspace) -> None:
    hand_in(
        workspace,
        event("view", 1, hours=24 * 20),
        event("view", 2),
        event("look", 3),
        event("ping", 4),
    )
    run.expect_event(workspace, "gift", note="from May on", author="ann")
    found = run.tracking(workspace)
    assert (found.seen, found.not_seen, found.not_planned) == (2, 4, 1)
    by = {one.event: one for one in found.events}
    assert {name: one.state for name, one in by.items()} == {
        "gift": "not seen",
        "invoice": "not seen",
        "order": "not seen",
        "video played": "not seen",
        "look": "not planned",
        "ping": "seen",
        "view": "seen",
    }
    view = by["view"]
    assert view.expected_by == ("step Reads of the map shop", "step Pays of the map shop")
    assert (view.count, view.week, view.month, view.sources) == (2, 1, 2, ("app",))
    assert view.lacks == ("section",)
    assert (by["gift"].expected_by, by["gift"].by_hand) == (("ann: from May on",), True)
    assert by["ping"].expected_by == ("no step, says the map shop",)
    sign = by["video played"].expected_by
    assert sign == ("sign Plays it of the step Reads of the map shop",)
    assert run.unexpect_event(workspace, "gift").not_seen == 3
    with pytest.raises(UnknownName):
        run.unexpect_event(workspace, "gift")
    with pytest.raises(BadInput):
        run.expect_event(workspace, " ")


def test_an_audit_is_kept_by_its_day_and_says_what_came_twice_too_late_or_from_the_future(
    workspace: run.Workspace,
) -> None:
    assert run.kept_audit(workspace) is None
    old = [event("view", k, person=f"p{k}", hours=24 * 3 + k) for k in range(20)]
    hand_in(workspace, *old, source="shop")
    hand_in(workspace, *old[:10], source="shop")
    hand_in(workspace, event("view", 99, hours=-2), {"event": "x"}, source="shop")
    report = run.keep_audit(workspace)
    assert report.day == (NOW - timedelta(days=1)).date().isoformat()
    (one,) = report.sources
    assert (one.source, one.events) == ("shop", 20)
    assert (one.again, one.ahead, one.late) == (0.3226, 0.0323, 0.9677)
    assert one.refused == 0.0312
    aspects = [(row.aspect, row.severity) for row in one.findings]
    assert sorted(aspects[:3]) == [
        ("clock", "attention"),
        ("duplicates", "attention"),
        ("schema", "attention"),
    ]
    assert aspects[3:] == [("clock", "notice")]
    assert run.kept_audit(workspace) == report == run.kept_audit(workspace, report.day)
    (line,) = run.audits(workspace)
    assert (line.day, line.score, line.attention, line.notice) == (report.day, one.score, 3, 1)
    run.keep_audit(workspace)
    assert len(run.audits(workspace)) == 1
    with pytest.raises(UnknownName):
        run.kept_audit(workspace, "2020-01-01")


def test_a_release_is_named_beside_what_began_then_and_consents_are_counted(
    workspace: run.Workspace,
) -> None:
    hand_in(
        workspace,
        *(event("view", k, person=f"p{k % 4}", hours=24 * (6 + k)) for k in range(40)),
        *(event("VIEW", 100 + k, hours=24 * (k / 9)) for k in range(44)),
    )
    first = (NOW - timedelta(hours=24 * 43 / 9)).date().isoformat()
    run.add_release(workspace, "app 4", at=first)
    answer = store.Consent("p1", "email", "marketing", given=True, at_us=1, proof="form")
    store.Consents(workspace.store).add([answer])
    (one,) = run.audit(workspace).sources
    (spelled,) = [row for row in one.findings if row.event == "VIEW"]
    assert spelled.since == first
    assert spelled.remedy.startswith("Released then: app 4. Send one")
    assert one.consent == 0.25
    before = (NOW - timedelta(hours=24 * 43 / 9, days=1)).date().isoformat()
    (early,) = run.audit(workspace, until=before).sources
    assert [row for row in early.findings if row.event == "VIEW"] == []


def test_a_workspace_without_events_has_nothing_to_look_at(tmp_path: Path) -> None:
    empty = run.init(tmp_path / "empty")
    assert run.keep_audit(empty).sources == ()
    assert run.tracking(empty).events == ()
    assert run.tail(empty).map is None


def test_what_breaks_numbers_now_stands_on_today_until_it_is_over(workspace: run.Workspace) -> None:
    hand_in(workspace, event("view", 1))
    report = run.audit(workspace)
    broken = collect.Finding("missing", "broken", "view stopped.", "Send it.", 0, event="view")
    for until, said in ((None, ["view stopped."]), ("2026-03-01", [])):
        one = replace(report.sources[0], findings=(replace(broken, until=until),))
        text = msgspec.json.encode(replace(report, sources=(one,))).decode()
        store.Audits(workspace.store).keep(store.KeptAudit(report.day, 1, text))
        lines = run.today(workspace).lines
        assert [line.text for line in lines if line.link == "/data"] == said


def test_every_kind_of_property_is_gathered_by_source_and_local_day() -> None:
    noon = 1_767_225_600_000_000 + 12 * 3_600_000_000
    nothing = np.iinfo(np.int64).min
    columns = {
        "source": np.array([1, 2, 2]),
        "size": np.array([np.nan, 2.0, 0.0]),
        "since": np.array([nothing, nothing, 5]),
        "member": np.array([2, 0, 1]),
        "plan": np.array([0, 1, 2]),
        "value": np.array([0, 0, 7]),
    }
    kinds = {"size": "number", "since": "time", "member": "flag"}
    infos = {name: store.ColumnInfo(kind) for name, kind in kinds.items()}
    infos["source"] = store.ColumnInfo("text", ("app", "web"))
    infos["plan"] = store.ColumnInfo("text", ("free", "team"))
    days = np.array([0, 1, 3]) * 86_400_000_000
    rows = store.EventArrays(np.zeros(3, int), np.array([0, 1, 1]), noon + days, columns=columns)
    held = store.snapshot_from_arrays(["p"], rows, names=("a", "b"), infos=infos)
    app, web = sources_of(held, source="files", until=date(2026, 1, 2))
    assert (app.source, app.days, web.day.tolist()) == ("app", 2, [1])
    (_, web) = sources_of(held, source="files")
    assert (web.source, web.days, web.first_day) == ("web", 4, date(2026, 1, 1))
    assert (web.name.tolist(), web.day.tolist()) == ([1, 1], [1, 3])
    said = {name: web.columns[name].codes.tolist() for name in web.columns}
    assert said == {
        "cost": [0, 0],
        "member": [1, 2],
        "plan": [1, 2],
        "since": [0, 1],
        "size": [1, 1],
        "value": [0, 1],
    }
