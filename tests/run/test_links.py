"""Ids that are joined are one person in every answer, and what is taken back leaves every answer as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.act.made import MINUTE, NOON, program, shop as shop_of
from tests.measure.test_same_bytes import QUESTIONS
from tests.run.test_tail_answers import ROOMS, batches, begun, old_events, send, text
from typer.testing import CliRunner

from pathworth import act, collect, measure, run, store
from pathworth.base.errors import BadInput, UnknownName
from pathworth.cli.app import app as command
from pathworth.collect.arrivals import plain, reading
from pathworth.collect.arrivals.contracts import About, Link, Told
from pathworth.journeys import LocalEngine, engine, timeline
from pathworth.learn.experiments.moments import people_now
from pathworth.web import build_app

PAIRS = [("p1", "p2"), ("p2", "p30"), ("p77", "p4"), ("p5", "p150"), ("p151", "p152")]
OWNER = {"p2": "p1", "p30": "p1", "p77": "p4", "p5": "p150", "p152": "p151"}


def answers(workspace: run.Workspace, threads: int = 1) -> Iterator[tuple[str, str]]:
    """Every kind of answer, without the state that it names."""
    chosen, one = workspace.journeys(), LocalEngine(threads)
    for name, ask in {**QUESTIONS, **ROOMS}.items():
        yield name, text(ask(chosen, one))
    yield "transitions", text(measure.transitions(chosen, entities=True, engine=one))
    yield "retention", text(measure.retention(chosen, by="plan", engine=one))
    ask = measure.AskFunnel(steps=("e0", "e1"))
    yield "people", text(measure.people(chosen, ask, cell="reached 2", engine=one))
    for order in ("last", "first", "events", "money"):
        yield order, text(run.listed(workspace, run.Selection(), order=order, limit=200))
    for who in ("p1", "p3", "p4"):
        yield f"timeline of {who}", text(timeline(chosen.snapshot, who))


def renamed(events: list[dict]) -> list[dict]:
    return [{**one, "person": OWNER.get(one["person"], one["person"])} for one in events]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> run.Workspace:
    monkeypatch.setattr(engine, "SMALL", 1)
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 400)
    workspace = begun(tmp_path / "shop", 6)
    for name, who in {"busy": "did('e2', at_least=2)", "back": "did('e1', within='60d')"}.items():
        workspace.segments.save(name, who)
    return workspace


@pytest.mark.parametrize("how", ["live", "merge", "build", "one shard"])
def test_what_is_joined_answers_as_one_person_and_taken_apart_as_before(
    shop: run.Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    news = next(batches(6, old_events(6)))
    send(shop, news, "files")
    before = dict(answers(shop))
    for one, other in PAIRS:
        run.link(shop, one=one, other=other)
    if how == "one shard":
        monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 10**6)
    if how != "live":
        shop.store.compact("merge" if how == "merge" else "build")
    monkeypatch.setattr("tests.run.test_tail_answers.old_events", lambda _: renamed(OLD))
    twin = begun(tmp_path / "twin", 6)
    for one in shop.segments.list():
        twin.segments.save(one.name, one.who)
    send(twin, renamed(news), "files")
    joined = dict(answers(shop))
    assert joined == dict(answers(twin))
    assert joined == dict(answers(shop, 8))
    assert joined != before
    for one, other in PAIRS:
        run.unlink(shop, one=one, other=other)
    assert dict(answers(shop)) == before
    if how != "live":
        shop.store.compact("merge" if how == "merge" else "build")
        assert dict(answers(run.open_workspace(shop.store.path))) == before


OLD = old_events(6)
NUMBER = "funnel?step=e0&step=e1&cell=reached 1"


def test_an_import_and_its_undo_between_a_merge_and_its_end_change_nothing(
    shop: run.Workspace, tmp_path: Path
) -> None:
    before = dict(answers(shop))
    run.link(shop, one="p1", other="p2")
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps({**OLD[0], "person": "p2", "id": "more"}))
    mapping = collect.FileMapping(
        entity="person", event="event", time="time", time_format="ms", value="value", id="id"
    )
    collect.import_files(shop.store, [file], mapping=mapping)
    assert timeline(shop.store.snapshot(), "p2").id == "p1"
    run.unlink(shop, one="p1", other="p2")
    shop.store.undo(shop.store.imports()[-1].result.import_id)
    assert dict(answers(shop)) == before


def test_an_account_is_the_events_own_else_the_latest_of_the_person_under_any_id(
    tmp_path: Path,
) -> None:
    made = run.init(tmp_path / "shop")
    rows = ["cookie,look,1,", "ann,buy,2,a1", "cookie,look,3,", "cookie,buy,4,a2", "ann,look,5,"]
    file = tmp_path / "events.csv"
    file.write_text("person,event,time,account_id\n" + "\n".join(rows))
    mapping = collect.FileMapping(entity="person", event="event", time="time", time_format="s")
    collect.import_files(made.store, [file], mapping=mapping)
    run.link(made, one="cookie", other="ann")
    made.store.compact()
    made.store.entities.add("account", "account_id")
    held = made.store.entities.snapshot("account")
    whose = {
        int(us) // 1_000_000: shard.id_of(entity)
        for shard in held.shards
        for entity in range(shard.entities)
        for us in shard.time_us[shard.offset[entity] : shard.offset[entity + 1]]
    }
    assert whose == {2: "a1", 3: "a1", 4: "a2", 5: "a2"}
    run.unlink(made, one="cookie", other="ann")
    made.store.compact()
    held = made.store.entities.snapshot("account")
    assert sum(len(shard.seq) for shard in held.shards) == 3


def test_a_person_is_found_left_out_and_shown_by_any_of_their_ids(shop: run.Workspace) -> None:
    people = shop.journeys().snapshot.entities
    run.link(shop, one="p1", other="p2")
    run.link(shop, one="p2", other="p30")
    (row,) = run.search(shop, "p30").people[:1]
    assert row.id == "p1"
    head = run.head(shop, run.Subject("person", "p30"))
    assert [one.id for one in head.ids] == ["p1", "p2", "p30"]
    assert [(one.one, one.other, one.said_by) for id_ in head.ids for one in id_.links] == [
        ("p1", "p2", ""),
        ("p2", "p30", ""),
    ]
    run.exclude(shop.store, "robots", ids=["p2"])
    assert shop.store.snapshot().entities == people - 3
    assert not run.search(shop, "p30").people
    run.unlink(shop, one="p1", other="p2")
    # Of p2 and p30, who are one still, nobody is left; p1 counts again.
    assert shop.store.snapshot().entities == people - 2


def test_a_refusal_and_a_rest_hold_under_every_id_of_a_person(shop: run.Workspace) -> None:
    consents = store.Consents(shop.store)
    consents.add([store.Consent("p1", "email", "news", True, 1, "form")])
    consents.add([store.Consent("p2", "email", "news", False, 2, "link")])
    consents.rest(store.Rest("p2", None, "asked", 3))
    assert consents.now(["p1"])["p1", "email", "news"].given
    run.link(shop, one="p1", other="p2")
    assert not consents.now(["p1"])["p1", "email", "news"].given
    assert consents.rest_of("p1") == store.Rest("p1", None, "asked", 3)
    assert [one.entity for one in consents.of("p1")] == ["p1", "p2"]
    run.unlink(shop, one="p1", other="p2")
    assert consents.now(["p1"])["p1", "email", "news"].given
    assert consents.rest_of("p1") is None


def said(workspace: run.Workspace, *words: str) -> dict:
    where = ["--workspace", str(workspace.store.path), "--json"]
    done = CliRunner().invoke(command, [*words, *where], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_faces_say_the_same_of_links(shop: run.Workspace, tmp_path: Path) -> None:
    file = tmp_path / "matches.csv"
    file.write_text("cookie,login,probability,time\np1,p2,0.97,2026-01-01\np3,p2,0.5,\n")
    assert said(shop, "import-links", str(file)) == {"rows": 2, "new": 2}
    assert said(shop, "import-links", str(file)) == {"rows": 2, "new": 0}
    assert said(shop, "link", "kiosk", "p9")["joined"]
    for k in range(10, 13):
        done = said(shop, "link", "kiosk", f"p{k}")
    assert (done["changed"], done["joined"]) == (1, False)
    found = said(shop, "links")
    assert {(one["one"], one["other"]): one["state"] for one in found["links"]} == {
        ("p1", "p2"): "applied",
        ("p3", "p2"): "possible",
        **{("kiosk", f"p{k}"): "suspect" for k in range(9, 13)},
    }
    assert found["suspects"] == [{"id": "kiosk", "why": "shared", "ids": 4}]
    assert (found["standing"], found["possible"], found["taken"]) == (6, 1, 0)
    with TestClient(build_app(shop), base_url="http://127.0.0.1:8710") as api:
        assert api.get("/api/collect/links").json() == found
        odd = api.get("/api/collect/links", params={"only": "suspects"}).json()
        assert odd == said(shop, "links", "--suspects", "--limit", "200")
        assert {one["one"] for one in odd["links"]} == {"kiosk"}
        done = api.post("/api/collect/links/undo", json={"one": "p2", "other": "p1"}).json()
        assert done == {"changed": 1, "one": "p2", "other": "p1", "joined": False}
        mine = api.get("/api/collect/links", params={"person": "p1"}).json()["links"]
        assert [one["state"] for one in mine] == ["taken back"]
        again = api.post("/api/collect/links", json={"one": "p1", "other": "p2"}).json()
        assert again == {"changed": 1, "one": "p1", "other": "p1", "joined": True}
        text = {"text": "a,b\np6,p7\n", "name": "x.csv"}
        assert api.post("/api/collect/links/file", json=text).json() == {"rows": 1, "new": 1}


def test_what_is_no_link_is_refused_in_words(shop: run.Workspace, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    for body, code in (("a\nx\n", "NO_LINKS_FILE"), ("a,b,sure\nx,y,2\n", "BAD_LINK")):
        file.write_text(body)
        with pytest.raises(BadInput) as caught:
            run.import_links(shop, file)
        assert caught.value.code == code
    with pytest.raises(BadInput) as caught:
        run.link(shop, one="p1", other=" p1")
    assert caught.value.code == "SAME_ID"
    with pytest.raises(UnknownName) as unknown:
        run.unlink(shop, one="p1", other="p2")
    assert unknown.value.code == "UNKNOWN_LINK"


def test_links_that_a_batch_says_are_written_with_its_events(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(body: bytes, about: About) -> Told:
        told = PLAIN(body, about)
        return replace(told, links=[Link("p1", "p2", 5, "identify"), Link("p3", "p4", 6, "x", 0.2)])

    monkeypatch.setattr(reading, "_TELL", {"plain": tell})
    send(shop, [{**OLD[0], "id": "one more"}], "app")
    held = run.links(shop)
    assert [(one.one, one.other, one.state, one.source, one.sure) for one in held.links] == [
        ("p3", "p4", "possible", "app", 0.2),
        ("p1", "p2", "applied", "app", 1.0),
    ]
    (possible, _) = store.Links(shop.store).newest(2)
    assert (possible.at_us, possible.batch, possible.known_seq, possible.author) == (
        6,
        1,
        1401,
        None,
    )


PLAIN = plain.tell


def test_programs_know_what_a_person_did_under_any_id(tmp_path: Path) -> None:
    made = run.open_workspace(shop_of(tmp_path / "acts", program(who="did('Viewed')")).path)

    def comes(who: str, name: str, minute: int) -> None:
        event = {"person": who, "event": name, "time": (NOON + minute * MINUTE) // 1000}
        run.arrive(made, json.dumps({"source": "app", "events": [event]}))

    def state(who: str) -> dict:
        row = store.PersonStates(made.store).of(who)
        return {} if row is None else json.loads(row.document)

    def steps(who: str) -> set[str]:
        return set(state(who)["places"]["shop"]["times"])

    comes("cookie", "Viewed", 0)
    comes("ann", "Added", 1)
    assert state("ann")["asked"]["basket"][0] == 2
    assert steps("ann") == {"fills"}
    run.link(made, one="cookie", other="ann")
    comes("cookie", "Added", 2)
    assert [len(one) for one in state("ann")["deeds"].values()] == [0, 1]
    assert steps("ann") == {"looks", "fills"}
    told = {row.entity for row in store.Ledger(made.store).rows()}
    assert told == {one.entity for one in act.why(made.store, "cookie")} == {"ann"}
    run.unlink(made, one="cookie", other="ann")
    comes("ann", "Viewed", 3)
    comes("cookie", "Bought", 4)
    assert [len(one) for one in state("ann")["deeds"].values()] == [0, 1]
    assert steps("cookie") == {"looks", "fills", "buys"}
    assert steps("ann") == {"looks", "fills"}


def test_the_person_of_the_open_cases_who_was_first_nameless_counts_once(
    tmp_path: Path, shared: Path
) -> None:
    cases = json.loads((shared / "oracles/cases_open.json").read_text())
    (case,) = (one for one in cases if "merged_anon_then_known" in one.get("events", {}))
    rows = [
        ("nameless" if (who, k) == ("merged_anon_then_known", 0) else who, name, k)
        for who, list_ in case["events"].items()
        for k, (name,) in enumerate(list_)
    ]
    made = run.init(tmp_path / "open")
    file = tmp_path / "open.csv"
    file.write_text("person,event,time\n" + "\n".join(f"{a},{b},{c}" for a, b, c in rows))
    mapping = collect.FileMapping(entity="person", event="event", time="time", time_format="s")
    collect.import_files(made.store, [file], mapping=mapping)

    def counts() -> list[int]:
        asked = measure.funnel(made.journeys(), case["ask"]["steps"], within="14d")
        return [step.entities for step in asked.steps]

    apart = counts()
    run.link(made, one="nameless", other="merged_anon_then_known")
    assert counts() == case["expect"]["counts"] != apart
    made.store.compact()
    assert counts() == case["expect"]["counts"]


def test_the_people_of_an_experiment_and_of_a_list_from_outside_are_found_under_any_id(
    shop: run.Workspace,
) -> None:
    run.link(shop, one="p1", other="p2")
    held = shop.store.whole_snapshot(at_once=True)
    assert people_now(held, {"p2": 0, "p9": 1, "p1": 2}) == {"p1": 0, "p9": 1}
    number = run.number_at(shop, NUMBER)
    ours = sorted(one.decode() for one in number.people(shop.engine))
    found = run.reconcile(shop, NUMBER, ids=["p2" if one == "p1" else one for one in ours])
    assert (found.both, found.only_here, found.only_outside) == (len(ours), 0, ())


def test_a_predicate_over_people_asks_every_id_of_theirs(shop: run.Workspace) -> None:
    def people(who: str) -> int:
        return measure.transitions(shop.journeys(who=who)).entities

    every = shop.journeys().snapshot.entities
    assert (people("person = 'p2'"), people("person <> 'p2'")) == (1, every - 1)
    run.exclude(shop.store, "staff", who="person like 'p2'")
    run.link(shop, one="p1", other="p2")
    run.link(shop, one="p2", other="p30")
    assert shop.store.snapshot().entities == every - 3
    run.drop_exclusion(shop.store, "staff")
    for who in ("person = 'p2'", "person like 'p30'", "person in ('p1', 'nobody')"):
        assert people(who) == 1
        assert people(f"not ({who})") == every - 3
    assert people("person <> 'p30'") == every - 3
    assert people("person = 'p30' and person = 'p1'") == 1
    shop.store.compact()
    assert people("person = 'p30'") == 1
    run.unlink(shop, one="p2", other="p30")
    assert people("person = 'p30' or person = 'p1'") == 2


def test_a_client_that_identifies_a_nameless_device_joins_what_it_did(shop: run.Workspace) -> None:
    device, at = "00000000-device", "2026-02-01T10:00:00.000Z"
    calls = [
        {"type": "track", "event": "e0", "anonymousId": device, "messageId": "s1", "timestamp": at},
        {"type": "identify", "anonymousId": device, "userId": "p1", "messageId": "s2"},
        {"type": "track", "event": "e1", "anonymousId": device, "userId": "p1", "messageId": "s3"},
    ]
    run.receive(shop, json.dumps({"batch": calls}).encode(), protocol="segment")
    run.number(shop)
    held = shop.store.whole_snapshot(at_once=True)
    assert held.ids_of("p1") == (device, "p1")
    names = [one.name for one in timeline(held, "p1").events]
    assert {"e0", "e1"} <= set(names[-3:])
