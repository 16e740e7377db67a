"""What is said of accounts is accepted, kept, and stands where an account is looked at."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from pathworth import collect, measure, run
from pathworth.base.errors import UnknownName
from pathworth.base.seeing import masked
from pathworth.store import AccountFact, AccountFacts, PrivateColumns
from pathworth.store.records.data.account_facts import say_facts

DAY = 86_400


@pytest.fixture
def workspace(tmp_path):
    return run.init(tmp_path / "shop")


def say(workspace, day, *, account="acme", **operations):
    said = {"$group_key": "company", "$group_id": account, "$time": 1767225600 + day * DAY}
    body = json.dumps({**said, **operations}).encode()
    run.receive(workspace, body, protocol="mixpanel")
    run.number(workspace)
    assert run.quarantined(workspace) == ()


def facts(workspace, account="acme"):
    found = run.head(workspace, run.Subject("account", account))
    return {one.name: one.value for one in found.facts}


def test_an_account_that_no_event_names_is_what_was_said_of_it(workspace):
    say(workspace, 0, **{"$set": {"name": "Acme", "seats": 7}})
    found = run.head(workspace, run.Subject("account", "acme"))
    assert (found.events, found.count, found.first, found.visits) == (0, 0, None, 0)
    assert [(one.kind, one.name, one.value, one.said, one.source) for one in found.facts] == [
        ("company", "name", "Acme", "2026-01-01T00:00:00Z", "mixpanel"),
        ("company", "seats", "7", "2026-01-01T00:00:00Z", "mixpanel"),
    ]
    asked = run.MomentsAsked()
    assert run.moments(workspace, run.Subject("account", "acme"), asked=asked).total == 0
    assert [(one.id, one.people) for one in run.search(workspace, "CM").accounts] == [("acme", 0)]
    with pytest.raises(UnknownName, match="UNKNOWN_ACCOUNT"):
        run.head(workspace, run.Subject("account", "other"))


def test_the_last_word_by_its_own_time_stands_and_the_same_again_changes_nothing(workspace):
    late, early = {"$set": {"plan": "pro"}}, {"$set": {"plan": "free", "city": "Delft"}}
    for _ in range(2):
        say(workspace, 2, **late)
        say(workspace, 1, **early)
    assert facts(workspace) == {"plan": "pro", "city": "Delft"}
    say(workspace, 3, **{"$unset": ["plan"]})
    assert facts(workspace) == {"city": "Delft"}
    say(workspace, 2, **late)
    assert facts(workspace) == {"city": "Delft"}


def test_what_is_meant_once_gives_way_whichever_comes_first(workspace):
    say(workspace, 2, **{"$set_once": {"since": "second", "plan": "once"}})
    say(workspace, 1, **{"$set_once": {"since": "first"}, "$set": {"plan": "said"}})
    say(workspace, 3, **{"$set_once": {"since": "third", "plan": "late"}})
    assert facts(workspace) == {"since": "first", "plan": "said"}


def test_facts_stand_beside_the_events_of_an_account(workspace):
    order = {"event": "order", "person": "p1", "time": "2026-01-01T10:00:00Z", "id": "o1"}
    run.arrive(workspace, json.dumps({"events": [{**order, "account_id": "acme"}]}))
    run.rebuild(workspace)
    say(workspace, 0, **{"$set": {"plan": "pro"}})
    found = run.head(workspace, run.Subject("account", "acme"))
    assert (found.events, found.count, len(found.facts)) == (1, 1, 1)
    assert run.head(workspace, run.Subject("person", "p1")).facts == ()
    assert [(one.id, one.people) for one in run.search(workspace, "acme").accounts] == [("acme", 1)]


def test_a_personal_trait_is_masked_for_who_may_not_see_it(workspace):
    say(workspace, 0, **{"$set": {"owner": "eva@example.com", "plan": "pro"}})
    PrivateColumns(workspace.store).save(("owner",), seen_by="editor")
    with masked():
        assert facts(workspace) == {"owner": "e•••@•••", "plan": "pro"}
    assert facts(workspace)["owner"] == "eva@example.com"


def test_an_erased_person_stands_in_no_fact(workspace):
    order = {"event": "order", "person": "eva@example.com", "time": "2026-01-01T10:00:00Z"}
    run.arrive(workspace, json.dumps({"events": [order]}))
    run.rebuild(workspace)
    say(workspace, 0, **{"$set": {"owner": "eva@example.com", "plan": "pro"}})
    say(workspace, 0, account="eva@example.com", **{"$set": {"plan": "pro"}})
    run.erase(workspace, "eva@example.com", because="asked", author="me")
    assert facts(workspace) == {"plan": "pro"}
    assert AccountFacts(workspace.store).of("eva@example.com") == ()
    say(workspace, 1, account="eva@example.com", **{"$set": {"plan": "pro"}})
    assert AccountFacts(workspace.store).of("eva@example.com") == ()


def test_what_was_set_aside_before_accounts_had_facts_can_be_replayed(workspace):
    body = json.dumps({"$group_key": "company", "$group_id": "", "$set": {"plan": "pro"}})
    run.receive(workspace, body.encode(), protocol="mixpanel")
    run.number(workspace)
    (row,) = run.quarantined(workspace)
    mended = json.dumps({**json.loads(row.raw), "$group_id": "acme"})
    run.mend(workspace, row.id, text=mended)
    assert run.quarantined(workspace) == ()
    assert facts(workspace) == {"plan": "pro"}


def test_kinds_are_kept_apart(workspace):
    with workspace.store.database.writing() as session:
        said = [AccountFact("1", kind, "name", kind, 0, "s") for kind in ("", "team", "company")]
        say_facts(session, said)
    assert [one.kind for one in AccountFacts(workspace.store).of("1")] == ["", "company", "team"]


def test_journeys_of_accounts_are_asked_by_what_was_said_of_the_accounts(tmp_path):
    workspace = run.init(tmp_path / "shop")
    lines = (
        f"e{k % 3},p{k % 7},{1767225600 + k},{('acme', 'beta', 'coda')[k % 3]},own"
        for k in range(60)
    )
    file = tmp_path / "events.csv"
    file.write_text("\n".join(["what,who,when,account,plan", *lines]))
    mapping = collect.FileMapping(entity="who", event="what", time="when")
    say(workspace, 0, account="acme", **{"$set": {"industry": "Music", "seats": 7, "plan": "pro"}})
    say(workspace, 0, account="beta", **{"$set": {"industry": "Food", "seats": 90}})
    collect.import_files(workspace.store, [file], mapping=mapping)
    workspace.entities.add("account", by="account")

    def asked(**selection):
        chosen = workspace.select(run.Selection(of="account", **selection))
        return measure.stickiness(chosen, engine=workspace.engine)

    assert asked().entities == 3
    assert asked(who="industry = 'Music'").entities == 1
    assert asked(who="seats > 5").entities == 2
    assert asked(who="account_plan = 'pro'").entities == 1
    assert asked(who="plan = 'own'").entities == 3
    assert asked(where="seats > 50").entities == 1
    parts = measure.stickiness(
        workspace.select(run.Selection(of="account")), by="industry", engine=workspace.engine
    ).by
    assert {one.value: one.entities for one in parts} == {"Food": 1, "Music": 1, None: 1}


def test_who_asks_for_all_that_is_known_gets_what_is_known_of_the_accounts_they_name(workspace):
    say(workspace, 0, **{"$set": {"seats": 7}})
    say(workspace, 0, account="other", **{"$set": {"seats": 9}})
    event = {"event": "Use", "person": "ann", "time": 1767312000000, "account_id": "acme"}
    run.arrive(workspace, json.dumps({"events": [event]}))
    file = io.BytesIO()
    run.access(workspace, "ann", out=file)
    with zipfile.ZipFile(file) as made:
        said = json.loads(made.read("accounts.json"))
    assert [(account, one["name"], one["value"]) for account, of in said.items() for one in of] == [
        ("acme", "seats", "7")
    ]
