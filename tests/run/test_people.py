"""People and accounts are found, listed and told whole: against slow, obvious twins."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert
from tests.store.made import put

from pathworth import atlas, journeys, run
from pathworth.base.errors import PathworthError
from pathworth.base.instants import to_instant_us
from pathworth.run import MomentsAsked, Selection, Subject
from pathworth.store.records.ledger_rows import LedgerRow
from pathworth.web import build_app

MINUTE = 60_000_000
DAY = 1440 * MINUTE
START = to_instant_us("2026-01-30T22:00:00", "UTC")
IDS = ["a", "aa", "aaa", "ab", "b/1", "ba", "é-7", "Zoë", "x%y", "x.y", "xzy", "account"]


def made():
    """Rows of a dozen people over three months: visits of one to three events, some for an account."""
    rows = []
    for k, entity in enumerate(IDS):
        for visit in range(k + 1):
            begin = START + visit * 9 * DAY + k * 7 * MINUTE
            for step in range(1 + (k + visit) % 3):
                rows.append(
                    {
                        "entity": entity,
                        "name": ("look", "try", "pay")[step],
                        "time_us": begin + step * 11 * MINUTE,
                        "value": 5_000_000 if step == 2 else None,
                        "cost": 1_000_000 if step == 2 else None,
                        "plan": ("free", "Large plan")[k % 2],
                        "account_id": f"acc-{k % 3}" if k % 4 else None,
                    }
                )
    return rows


ROWS = made()
MAP = atlas.MapDocument(
    "journey",
    (
        atlas.MapStep("pays", "Pays", "event = 'pay'"),
        atlas.MapStep("looks", "Looks around", "event in ('look', 'try')"),
    ),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people") / "shop"
    opened = run.init(folder, timezone="Europe/Amsterdam")
    put(opened.store, ROWS)
    opened.store.save_map("journey", atlas.dump_map(MAP), author="test")
    return opened


@pytest.fixture
def own(tmp_path):
    opened = run.init(tmp_path / "shop", timezone="Europe/Amsterdam")
    put(opened.store, ROWS)
    opened.store.save_map("journey", atlas.dump_map(MAP), author="test")
    return opened


@pytest.fixture
def api(shop):
    with TestClient(build_app(shop), base_url="http://127.0.0.1:8710") as client:
        yield client


def of(entity):
    return sorted((r for r in ROWS if r["entity"] == entity), key=lambda r: r["time_us"])


def whole(workspace, subject, **asked):
    """Every moment, the newest first, gathered in small pages."""
    page = run.moments(workspace, subject, asked=MomentsAsked(limit=4, **asked))
    found = list(page.moments)
    while page.older:
        page = run.moments(
            workspace, subject, asked=MomentsAsked(limit=4, older=page.older, **asked)
        )
        found += page.moments
    return found


def test_everybody_is_found_by_their_id_and_by_nothing_else(shop):
    snapshot = shop.store.snapshot()
    for entity in IDS:
        shard, place = journeys.find(snapshot, entity)
        assert shard.id_of(place) == entity
    for nobody in ("", "aaaa", "a" * 400, "A", "é", "xy", "b"):
        with pytest.raises(PathworthError) as found:
            journeys.find(snapshot, nobody)
        assert found.value.code == "UNKNOWN_PERSON"


@pytest.mark.parametrize(
    "text", ["a", "aa", "A", "é", "zo", "x%y", "x.y", "/", "7", "zz", "y", "*"]
)
def test_a_search_finds_the_ids_that_hold_a_text_and_no_others(shop, text):
    found = [one.id for one in run.search(shop, text).people]
    holds = {one for one in IDS if text.lower() in one.lower()}
    # Letters beyond ASCII are compared as they are: ids are bytes.
    assert set(found) == holds
    if text in holds:
        assert found[0] == text
    last = {one: of(one)[-1]["time_us"] for one in IDS}
    rest = [one for one in found if one != text]
    assert rest == sorted(rest, key=lambda one: -last[one])


def test_a_text_that_begins_in_one_id_and_ends_in_the_next_is_not_found(shop):
    shard = shop.store.snapshot().shards[0]
    ids = [shard.id_of(k) for k in range(shard.entities)]
    pairs = [a[-1] + b[0] for a, b in itertools.pairwise(ids)]
    across = [text for text in pairs if not any(text.lower() in one.lower() for one in IDS)]
    assert across
    for text in across:
        assert run.search(shop, text).people == ()


def test_a_find_across_two_ids_hides_none_that_begins_in_it(tmp_path):
    opened = run.init(tmp_path / "shop")
    ids = ["".join(one) for size in (1, 2, 3, 4) for one in itertools.product("ab", repeat=size)]
    put(opened.store, [{"entity": one, "name": "x", "time_us": START} for one in ids])
    for text in ids:
        found = {one.id for one in run.search(opened, text, limit=100).people}
        assert found == {one for one in ids if text in one}


def test_a_search_finds_accounts_and_values_of_traits_with_their_people(shop):
    found = run.search(shop, "acc-1")
    members = {r["entity"] for r in ROWS if r["account_id"] == "acc-1"}
    assert [(one.id, one.people) for one in found.accounts] == [("acc-1", len(members))]
    traits = run.search(shop, "large").traits
    assert [(t.trait, t.value, t.people) for t in traits] == [("plan", "Large plan", 6)]
    assert run.search(shop, "  ").people == ()
    few = run.search(shop, "a", limit=2)
    assert (len(few.people), few.more) == (2, True)


@pytest.mark.parametrize("order", ["last", "first", "events", "money"])
def test_a_list_holds_everybody_once_in_its_order(shop, order):
    pages, after = [], 0
    while after is not None:
        page = run.listed(shop, Selection(), order=order, after=after, limit=5)
        pages += page.people
        after = page.next
    assert page.count == len(pages) == len(IDS)
    assert {one.id for one in pages} == set(IDS)
    key = [getattr(one, order) for one in pages]
    assert key == sorted(key, reverse=True)
    for one in pages:
        rows = of(one.id)
        assert one.events == len(rows)
        assert one.money == 4.0 * sum(r["name"] == "pay" for r in rows)
        assert one.traits["plan"] == rows[-1]["plan"]
        assert one.account == rows[-1]["account_id"]
        assert one.step == ("Pays" if rows[-1]["name"] == "pay" else "Looks around")


def test_a_list_is_as_wide_as_its_selection(shop):
    chosen = Selection(where="event = 'pay'", who="plan = 'free'", from_="2026-02-15")
    since = to_instant_us("2026-02-15", "Europe/Amsterdam")
    expected = Counter(
        r["entity"]
        for r in ROWS
        if r["name"] == "pay" and r["plan"] == "free" and r["time_us"] >= since
    )
    assert expected
    found = run.listed(shop, chosen)
    assert {one.id: one.events for one in found.people} == dict(expected)
    with pytest.raises(PathworthError) as raised:
        run.listed(shop, Selection(), order="luck")
    assert raised.value.code == "UNKNOWN_ORDER"


@pytest.mark.parametrize("entity", IDS)
def test_a_timeline_holds_every_event_of_a_person_with_step_visit_and_money(shop, entity):
    rows = of(entity)
    found = whole(shop, Subject("person", entity))[::-1]
    assert [(one.name, one.time) for one in found] == [
        (r["name"], datetime.fromtimestamp(r["time_us"] / 1e6, UTC).isoformat()[:19] + "Z")
        for r in rows
    ]
    visits, last = [], None
    for r in rows:
        fresh = last is None or r["time_us"] - last > 30 * MINUTE
        visits.append((visits[-1] if visits else 0) + fresh)
        last = r["time_us"]
    assert [one.visit for one in found] == visits
    assert [one.step for one in found] == [
        "Pays" if r["name"] == "pay" else "Looks around" for r in rows
    ]
    assert [one.value for one in found] == [5.0 if r["name"] == "pay" else None for r in rows]
    assert {one.source for one in found} == {"files"}
    assert len({one.key for one in found}) == len(found)


def test_a_timeline_reads_the_same_both_ways(shop):
    subject = Subject("person", "account")
    down = [one.key for one in whole(shop, subject)]
    page = run.moments(shop, subject, asked=MomentsAsked(limit=3, month="2025-01"))
    up = [one.key for one in page.moments]
    assert page.older is None
    while page.newer:
        page = run.moments(shop, subject, asked=MomentsAsked(limit=3, newer=page.newer))
        up = [one.key for one in page.moments] + up
    assert up == down


def test_a_month_is_one_of_the_workspace_s_calendar(shop):
    # 22:00 UTC on 31 January is 23:00 in Amsterdam; the month ends an hour before UTC's does.
    subject = Subject("person", "account")
    head = run.head(shop, subject)
    months = Counter()
    for r in of("account"):
        local = datetime.fromtimestamp(r["time_us"] / 1e6, UTC).timestamp() + 3600
        summer = r["time_us"] >= to_instant_us("2026-03-29T01:00:00", "UTC")
        months[datetime.fromtimestamp(local + 3600 * summer, UTC).strftime("%Y-%m")] += 1
    assert {one.month: one.moments for one in head.months} == dict(months)
    for month in months:
        newest = run.moments(shop, subject, asked=MomentsAsked(month=month)).moments[0]
        assert newest.time[:7] == month
    for bad in ("2026-13", "soon", "2026-1"):
        with pytest.raises(PathworthError) as raised:
            run.moments(shop, subject, asked=MomentsAsked(month=bad))
        assert raised.value.code == "BAD_MONTH"
    with pytest.raises(PathworthError) as raised:
        run.moments(shop, subject, asked=MomentsAsked(older="1;2"))
    assert raised.value.code == "BAD_KEY_OF_MOMENT"


def test_a_timeline_is_filtered_by_kind_and_name(shop):
    subject = Subject("person", "account")
    rows = of("account")
    paid = whole(shop, subject, kinds=("money",))
    assert len(paid) == sum(r["name"] == "pay" for r in rows)
    tried = whole(shop, subject, names=("try", "pay"))
    assert len(tried) == sum(r["name"] != "look" for r in rows)
    assert whole(shop, subject, kinds=("decision",)) == []
    kinds = {one.name: one.moments for one in run.head(shop, subject).kinds}
    assert kinds == dict(Counter(r["name"] for r in rows))


def test_an_account_is_the_events_that_name_it_whoever_they_are_of(shop):
    rows = sorted(
        (r for r in ROWS if r["account_id"] == "acc-2"), key=lambda r: (r["time_us"], r["entity"])
    )
    found = whole(shop, Subject("account", "acc-2"))[::-1]
    assert Counter((one.person, one.name) for one in found) == Counter(
        (r["entity"], r["name"]) for r in rows
    )
    head = run.head(shop, Subject("account", "acc-2"))
    assert head.events == len(rows)
    assert {one.id for one in head.people} == {r["entity"] for r in rows}
    assert head.money == 4.0 * sum(r["name"] == "pay" for r in rows)
    by_visit: dict[int, set[str]] = {}
    for one in found:
        by_visit.setdefault(one.visit, set()).add(one.person)
    assert all(len(people) == 1 for people in by_visit.values())
    with pytest.raises(PathworthError) as raised:
        run.head(shop, Subject("account", "acc-9"))
    assert raised.value.code == "UNKNOWN_ACCOUNT"


def test_somebody_stands_in_their_last_step_since_they_came_into_it(shop):
    for entity in IDS:
        rows = of(entity)
        step = ["Pays" if r["name"] == "pay" else "Looks around" for r in rows]
        begun = len(step) - 1
        while begun and step[begun - 1] == step[-1]:
            begun -= 1
        found = run.head(shop, Subject("person", entity)).standing
        assert found.name == step[-1]
        assert to_instant_us(found.since, "UTC") == rows[begun]["time_us"]
        end = max(r["time_us"] for r in ROWS)
        assert found.seconds == (end - rows[begun]["time_us"]) / 1e6


def test_what_arrived_stands_on_the_timeline_once_and_says_when_no_number_counts_it(own):
    subject = Subject("person", "ab")
    event = {"person": "ab", "event": "try", "account_id": "acc-0"}

    def send(time, **more):
        run.arrive(own, json.dumps({"events": [{**event, "time": time, **more}]}))

    send("2026-05-01T10:00:00Z", size=3)
    run.rebuild(own)
    before = len(whole(own, subject))
    for day, size, kind in ((1, 4, "event"), (2, "large", "waiting"), (3, 5, "waiting")):
        time = f"2026-06-0{day}T10:00:00Z"
        send(time, size=size)
        found = whole(own, subject)
        assert (len(found), found[0].kind, found[0].time) == (before + day, kind, time)
        assert whole(own, Subject("account", "acc-0"))[0].kind == kind
    assert run.head(own, subject).waiting == 2
    run.rebuild(own)
    found = whole(own, subject)
    assert (len(found), found[0].kind, found[0].time) == (before + 3, "event", time)
    assert run.head(own, subject).waiting == 0


def test_decisions_taken_and_not_taken_stand_between_the_events(own):
    rows = of("ab")
    between = (rows[0]["time_us"] + rows[-1]["time_us"]) // 2

    def row(number, action, state, reasons):
        return {
            "key": f"k{number}",
            "program": "welcome",
            "revision": 1,
            "entity": "ab",
            "unit": "ab",
            "arm": "treated",
            "trigger_seq": 1,
            "trigger_us": between,
            "decided_us": between + number,
            "action": action,
            "reasons": json.dumps(reasons),
            "channel": "email" if action == "send" else None,
            "address": None,
            "state": state,
            "purpose": "p",
            "facts": "{}",
            "attempts": 0,
            "not_before_us": 0,
            "left": False,
        }

    given = [row(1, "nothing", "none", ["no_consent"]), row(2, "send", "delivered", [])]
    with own.store.database.session() as session:
        session.execute(insert(LedgerRow), given)
    found = whole(own, Subject("person", "ab"))[::-1]
    times = [to_instant_us(one.time, "UTC") for one in found]
    assert times == sorted(times)
    decided = [one for one in found if one.kind == "decision"]
    assert [one.decision.action for one in decided] == ["nothing", "send"]
    assert decided[0].decision.reasons == ("no_consent",)
    assert 0 < found.index(decided[0]) < len(found) - 1
    assert run.head(own, Subject("person", "ab")).decisions == 2
    only = whole(own, Subject("person", "ab"), kinds=("decision",))
    assert len(only) == 2


def test_ids_with_slashes_and_other_signs_pass_through_the_api(api):
    for entity in IDS:
        head = api.get("/api/journeys/head", params={"id": entity})
        assert head.json()["subject"] == {"kind": "person", "id": entity}
        told = api.get("/api/journeys/moments", params={"id": entity, "limit": 1}).json()
        assert told["total"] == len(of(entity))


def test_lists_and_timelines_come_as_files_whole_and_harmless(api, own):
    text = api.get("/api/journeys/listed", params={"format": "csv", "limit": 1}).text
    assert len(text.splitlines()) == len(IDS) + 1
    asked = {"id": "account", "format": "csv", "limit": 1}
    text = api.get("/api/journeys/moments", params=asked).text
    assert len(text.splitlines()) == len(of("account")) + 1
    put(own.store, [{"entity": "=1+1", "name": "@look", "time_us": START}])
    with TestClient(build_app(own), base_url="http://127.0.0.1:8710") as client:
        listed = client.get("/api/journeys/listed", params={"format": "csv"}).text
        lines = client.get("/api/journeys/moments", params={"id": "=1+1", "format": "csv"}).text
    assert "'=1+1" in listed
    assert "'@look" in lines


def test_an_empty_workspace_has_nobody_and_says_so(tmp_path):
    empty = run.init(tmp_path / "empty")
    assert run.search(empty, "a").people == ()
    assert run.listed(empty, Selection()).count == 0
    with pytest.raises(PathworthError) as raised:
        run.head(empty, Subject("person", "a"))
    assert raised.value.code == "UNKNOWN_PERSON"
