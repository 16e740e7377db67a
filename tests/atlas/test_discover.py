"""Proposed maps: on a small company whose steps are known, and on small journeys made for one question each."""

from __future__ import annotations

import hashlib
import sys

import numpy as np
import pytest
from tests.atlas.made import commonest, log_snapshot, placed, snapshot_of

from pathworth.atlas import check_map, discover, dump_map, load_map
from pathworth.atlas.likeness import adjusted_rand
from pathworth.base.declarations import Declarations
from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.journeys import Journeys, LocalEngine

MINUTE, DAY = 60_000_000, 86_400_000_000
DECLARED = Declarations(
    persona="job_title",
    contract_starts="event = 'Subscription Started'",
    contract_payments="event = 'Payment Succeeded'",
    contract_plan="plan",
    calendar=(("quarter end", "2025-12-20", "2026-01-09"),),
    structural=(("ledger", "netsuite"),),
)


@pytest.fixture(scope="module")
def found(company):
    return discover(Journeys(company), declarations=DECLARED)


def held(found):
    """The events of each step."""
    steps = {}
    for one in found.events:
        label = one.event if one.value is None else f"{one.event} {one.value}"
        steps.setdefault(one.step, set()).add(label)
    return list(steps.values())


def true_codes(log, company):
    """The true step of each event in the order of the snapshot."""
    order = {}
    for at in np.lexsort((np.arange(len(log.time)), log.time)):
        order.setdefault(str(log.person[at]), []).append(at)
    shard = company.shards[0]
    places = np.concatenate([order[shard.id_of(e)] for e in range(shard.entities)])
    steps = sorted({one for one in log.step if one is not None})
    label = {None: -1} | {one: at for at, one in enumerate(steps)}
    return np.array([label[log.step[at]] for at in places])


def test_the_steps_of_the_small_company_are_found(found):
    steps = held(found)
    assert {
        "Page Viewed article",
        "Guide Downloaded",
        "Video Played",
        "Webinar Registered",
    } in steps
    assert {
        "Signed Up",
        "Email Verified",
        "Trial Started",
        "Workspace Created",
        "Tour Started",
        "Tour Skipped",
    } in steps
    assert {
        "Ledger Connection Started",
        "Ledger Connected",
        "Ledger Connection Failed",
        "Help Searched",
    } in steps
    assert {"Teammate Invited", "Invitation Accepted", "Role Created"} in steps
    assert {"Security Page Viewed", "Security Document Downloaded"} in steps
    assert len(found.document.steps) <= 12


def test_events_agree_with_the_true_steps_and_the_twelve_commonest_do_not(
    found, log, company, capsys
):
    truth = true_codes(log, company)
    known = truth >= 0
    each = np.ones(known.sum())
    ours = adjusted_rand(truth[known], placed(company, found.document)[known] + 1, weight=each)
    theirs = adjusted_rand(truth[known], commonest(company)[known], weight=each)
    with capsys.disabled():
        sys.stdout.write(f"\nadjusted Rand, small company: {ours:.3f}, 12 commonest {theirs:.3f}\n")
    assert ours >= 0.9
    assert theirs <= ours - 0.3


def test_a_property_splits_what_the_same_people_do_at_different_times(found):
    rules = {step.name: step.rule for step in found.document.steps}
    assert any("section = 'article'" in rule for rule in rules.values())
    assert any("phase = 'trial'" in rule for rule in rules.values())


def test_what_people_are_never_splits_what_they_do(company):
    bare = discover(Journeys(company))  # not even told which property carries the persona
    text = dump_map(bare.document)
    for word in ("ledger =", "ledger in", "ledger is", "job_title", "plan"):
        assert word not in text


def test_the_declared_contract_begins_at_its_step_and_the_rest_is_kept_as_said(found):
    document = found.document
    buying = next(step for step in document.steps if step.id == document.contract.step)
    assert "Subscription Started" in buying.name
    assert "Checkout Started" in buying.rule
    assert buying.stage == "Buy"
    assert document.contract.payments == DECLARED.contract_payments
    assert document.contract.plan == "plan"
    assert (document.persona, document.calendar) == ("job_title", DECLARED.calendar)
    assert document.structural == DECLARED.structural


def test_flow_runs_from_reading_over_buying_to_leaving(found):
    ids = [step.id for step in found.document.steps]
    order = ["signed-up", "ledger-connection-started", "teammate-invited", "subscription-started"]
    assert sorted(order, key=ids.index) == order
    flags = {step.id: (step.entry, step.leaving) for step in found.document.steps}
    assert flags["page-viewed-article"] == (True, False)
    assert flags["subscription-cancelled"] == (False, True)
    assert flags["trial-expired"] == (False, True)
    assert flags["subscription-started"] == (False, False)
    assert 3 <= len(found.document.stages) <= 5
    assert ids.index("trial-expired") < ids.index("subscription-started")


def test_a_proposed_map_is_right_and_reads_back(found, company):
    assert load_map(dump_map(found.document)) == found.document
    assert [one for one in check_map(found.document, company) if one.level == "error"] == []


def test_every_event_is_placed_once(found, company):
    assert sum(one.events for one in found.events) == company.events
    left = sum(one.events for one in found.events if one.step is None)
    assert left == sum(one.events for one in found.noise)
    assert (placed(company, found.document) < 0).sum() == left


def test_renamed_events_give_the_same_steps(found, log, company):
    def rename(word):
        return hashlib.sha256(word.encode()).hexdigest()[:9]

    other = log_snapshot(log, rename=rename)
    names = DECLARED.contract_starts, DECLARED.contract_payments
    starts, payments = (f"event = '{rename(one.split(chr(39))[1])}'" for one in names)
    again = discover(
        Journeys(other),
        declarations=Declarations(
            persona=rename("job_title"),
            contract_starts=starts,
            contract_payments=payments,
            contract_plan=rename("plan"),
        ),
    )
    ours, theirs = placed(company, found.document), placed(other, again.document)
    assert adjusted_rand(ours + 1, theirs + 1, weight=np.ones(len(ours))) == 1.0
    assert [s.stage for s in found.document.steps] == [s.stage for s in again.document.steps]


def test_threads_and_shards_do_not_change_a_byte(found, log):
    for shards, threads in ((1, 2), (4, 1), (16, 8)):
        snapshot = log_snapshot(log, shards=shards)
        again = discover(Journeys(snapshot), declarations=DECLARED, engine=LocalEngine(threads))
        assert again == found


def test_a_smaller_map_joins_what_loses_least(company):
    few = discover(Journeys(company), most_steps=5)
    assert len(few.document.steps) == 5
    assert max(len(one) for one in held(few)) > 6


def test_steps_found_among_some_people_place_the_events_of_all(found, company, monkeypatch):
    module = sys.modules["pathworth.atlas.discover"]  # the function hides it by name
    monkeypatch.setattr(module, "SAMPLE", company.events // 2)
    some = discover(Journeys(company), declarations=DECLARED)
    assert any("32 in 64" in note or "31 in 64" in note for note in some.notes)
    assert sum(one.events for one in some.events) == company.events
    ours, theirs = placed(company, found.document), placed(company, some.document)
    assert adjusted_rand(ours + 1, theirs + 1, weight=np.ones(len(ours))) > 0.95


def test_a_rare_start_of_the_contract_is_never_left_out():
    rows = walk(1_000, ["look", "choose"]) + walk(3, ["signed"], start=3 * DAY)
    said = Declarations(contract_starts="event = 'signed'")
    found = discover(Journeys(snapshot_of(rows)), declarations=said)
    assert found.document.contract is not None
    step = next(s for s in found.document.steps if s.id == found.document.contract.step)
    assert "signed" in step.rule
    assert found.noise == ()


def test_halves_of_the_people_agree(found):
    assert found.agreement > 0.95
    assert any("Two halves" in note for note in found.notes)


def walk(people, path, *, gap=DAY, start=0):
    return [
        (person, start + person * 7 * DAY + at * gap, name)
        for person in range(people)
        for at, name in enumerate(path)
    ]


def test_one_kind_of_event_is_one_step_that_people_come_back_to():
    found = discover(Journeys(snapshot_of(walk(50, ["order"] * 4))))
    (step,) = found.document.steps
    assert (step.id, step.rule, step.entry, step.leaving) == (
        "order",
        "event = 'order'",
        True,
        False,
    )
    assert any("loop" in note for note in found.notes)
    assert found.agreement is None


def test_an_event_that_comes_amid_every_step_alike_is_left_out():
    rng = np.random.default_rng(4)
    rows = []
    for person in range(400):
        at = person * DAY
        for name in ("look", "choose", "pay"):
            for _ in range(1 + rng.poisson(3)):
                at += 2 * MINUTE
                rows.append((person, at, name))
                if rng.random() < 0.01:
                    rows.append((person, at + 1, "help"))
            at += 2 * DAY
    found = discover(Journeys(snapshot_of(rows)))
    assert [(one.event, one.reason) for one in found.noise] == [
        ("help", "it comes amid every step alike")
    ]
    assert found.document.noise == ("help",)
    assert {step.rule for step in found.document.steps} == {
        "event = 'look'",
        "event = 'choose'",
        "event = 'pay'",
    }


def test_a_rare_event_is_left_out_unless_it_carries_money():
    rows = walk(1_000, ["look", "choose"]) + walk(3, ["odd"], start=3 * DAY)
    free = discover(Journeys(snapshot_of(rows)))
    assert [one.event for one in free.noise] == ["odd"]
    value = [0] * 2_000 + [5_000_000] * 3
    paid = discover(Journeys(snapshot_of(rows, value=value)))
    assert paid.noise == ()
    assert next(one for one in paid.events if one.event == "odd").step is not None


def test_what_always_comes_together_is_one_step_even_inside_long_visits():
    rng = np.random.default_rng(5)
    rows = []
    for person in range(300):
        at = person * DAY
        for _ in range(12):
            name = ("browse", "search", "basket")[rng.integers(3)]
            at += MINUTE
            rows.append((person, at, name))
        if rng.random() < 0.5:
            rows += [(person, at + MINUTE, "form_sent"), (person, at + MINUTE + 1, "form_logged")]
    found = discover(Journeys(snapshot_of(rows)))
    assert {"form_sent", "form_logged"} in held(found)


def test_a_contract_that_takes_a_part_of_an_event_is_tried_first():
    rows = walk(200, ["visit", "bill", "visit", "bill", "visit"])
    kind = ["first", "first", "later", "later", "later"] * 200
    said = Declarations(contract_starts="event = 'bill' and kind = 'first'")
    snapshot = snapshot_of(rows, texts={"kind": kind})
    found = discover(Journeys(snapshot), declarations=said)
    assert found.document.contract is not None
    took = placed(snapshot, found.document)
    step = [one.id for one in found.document.steps].index(found.document.contract.step)
    starts = np.array(
        [name == 1 and k == "first" for name, k in zip([0, 1, 0, 1, 0] * 200, kind, strict=True)]
    )
    assert (np.bincount(took, minlength=3)[step]) >= starts.sum()


def test_a_contract_that_nothing_begins_is_said():
    said = Declarations(contract_starts="event = 'signed'", persona="role")
    found = discover(Journeys(snapshot_of(walk(20, ["a", "b"]))), declarations=said)
    assert found.document.contract is None
    assert found.document.persona is None
    assert any("No event begins the declared contract" in note for note in found.notes)
    assert any("role" in note for note in found.notes)


def test_names_of_any_script_and_quotes_give_rules_that_work():
    rows = walk(60, ["it's", "注文", "exit", 'a "b"'])
    snapshot = snapshot_of(rows)
    found = discover(Journeys(snapshot))
    assert check_map(found.document, snapshot) == []
    assert (placed(snapshot, found.document) >= 0).all()
    assert "exit" not in {step.id for step in found.document.steps}


def test_nothing_to_discover_is_said():
    journeys = Journeys(snapshot_of(walk(5, ["a", "b"])), where="event = 'c'")
    with pytest.raises(NotSupported) as error:
        discover(journeys)
    assert error.value.code == "NO_EVENTS"
    with pytest.raises(WrongUsage) as wrong:
        discover(journeys, most_steps=0)
    assert wrong.value.code == "BAD_MOST_STEPS"


def test_what_is_too_seldom_to_compare_is_not_joined():
    rows = walk(6, ["ask", "look into", "decide", "refuse"])
    rows += walk(6, ["ask", "look hard", "decide", "pay"], start=3_000 * DAY)
    rows = [(f"{person}-{at > 2_900 * DAY}", at, name) for person, at, name in rows]
    found = discover(Journeys(snapshot_of(rows)))
    assert len(found.document.steps) == 6
