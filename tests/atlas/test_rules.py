"""Every rule of a map: a map that breaks it is told so by its code, a good one is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.atlas.made import snapshot_of

from pathworth.atlas import Contract, MapDocument, MapStep, Sign, check_map
from pathworth.atlas.rules import RULES

DAY = 86_400_000_000
A = MapStep("a", "A", "event = 'look'", "First", entry=True)
B = MapStep("b", "B", "event = 'pay' and plan = 'pro'", "Then")
GOOD = MapDocument(
    "good", (A, B), stages=("First", "Then"), contract=Contract("b", "event = 'pay'")
)


@pytest.fixture(scope="module")
def snapshot():
    rows = [
        (person, at * DAY, name) for person in range(9) for at, name in enumerate(["look", "pay"])
    ]
    return snapshot_of(rows, texts={"plan": [None, "pro"] * 9})


def codes(document, snapshot=None):
    return [(one.code, one.where) for one in check_map(document, snapshot)]


def test_a_good_map_has_no_findings(snapshot):
    assert check_map(GOOD) == []
    assert check_map(GOOD, snapshot) == []


MANY = tuple(MapStep(f"s{i}", f"S{i}", f"event = 's{i}'", entry=True) for i in range(65))
BROKEN = [
    (replace(GOOD, steps=(), stages=(), contract=None), ("NO_STEPS", "steps")),
    (replace(GOOD, steps=(A, B, replace(B, name="C", rule="true"))), ("DUPLICATE_STEP", "steps.b")),
    (replace(GOOD, steps=(A, B, replace(A, id="c", rule="true"))), ("DUPLICATE_NAME", "steps")),
    (
        replace(GOOD, steps=(A, B, replace(A, id="exit", name="E", rule="true"))),
        ("RESERVED_STEP", "steps.exit"),
    ),
    (MapDocument("m", MANY), ("TOO_MANY_STEPS", "steps")),
    (MapDocument("m", MANY[:13]), ("CROWDED_MAP", "steps")),
    (replace(GOOD, stages=("First", "Then", "Then")), ("DUPLICATE_STAGE", "stages")),
    (replace(GOOD, stages=("First", "Then", "Last")), ("EMPTY_STAGE", "stages")),
    (replace(GOOD, steps=(A, replace(B, stage="Thn"))), ("UNKNOWN_STAGE", "steps.b.stage")),
    (
        replace(GOOD, steps=(A, replace(B, rule="event = 'pay' and"))),
        ("RULE_DOES_NOT_PARSE", "steps.b.rule"),
    ),
    (
        replace(GOOD, contract=Contract("b", "drop table")),
        ("RULE_DOES_NOT_PARSE", "contract.payments"),
    ),
    (
        replace(GOOD, steps=(A, replace(B, signs=(Sign("S", "event = 'pay'"),) * 2))),
        ("DUPLICATE_SIGN", "steps.b.signs"),
    ),
    (
        replace(GOOD, steps=(A, replace(B, signs=(Sign("S", "event ="),)))),
        ("RULE_DOES_NOT_PARSE", "steps.b.signs.S"),
    ),
    (replace(GOOD, steps=(A, replace(B, rule=A.rule))), ("SAME_RULE", "steps.b.rule")),
    (
        replace(GOOD, contract=Contract("buy", "event = 'pay'")),
        ("CONTRACT_STEP_UNKNOWN", "contract.step"),
    ),
    (replace(GOOD, steps=(replace(A, entry=False), B)), ("NO_ENTRY", "steps")),
    (replace(GOOD, session_gap="soon"), ("BAD_DURATION", "session_gap")),
    (replace(GOOD, steps=(A, replace(B, tau="0d"))), ("BAD_DURATION", "steps.b.tau")),
    (replace(GOOD, steps=(A, replace(B, expires="2026-02-30"))), ("BAD_DATE", "steps.b.expires")),
    (replace(GOOD, calendar=(("x", "2026-01-09", "2025-12-20"),)), ("BAD_WINDOW", "calendar.x")),
    (replace(GOOD, calendar=(("x", "2026-01-32", "2026-12-20"),)), ("BAD_DATE", "calendar.x")),
    (replace(GOOD, steps=(A, B, MapStep("c", "C", None))), ("OPEN_ASSUMPTION", "steps.c")),
]


@pytest.mark.parametrize(("document", "wanted"), BROKEN, ids=[code for _, (code, _) in BROKEN])
def test_a_broken_map_is_told_so(document, wanted):
    found = codes(document)
    assert wanted in found
    others = {one for one in found if one != wanted}
    allowed = {("EMPTY_STAGE", "stages"), ("CONTRACT_STEP_UNKNOWN", "contract.step")}
    assert others <= allowed
    assert all(one.message and one.hint for one in check_map(document))


def test_every_code_that_a_rule_names_is_tried_here():
    named = {word.strip(",:") for rule in RULES for word in rule.__doc__.split(":")[0].split()}
    assert named == {code for _, (code, _) in BROKEN}


def test_a_rule_is_blamed_at_its_character():
    (found,) = check_map(replace(GOOD, steps=(A, replace(B, rule="event = 'pay' and drop(x)"))))
    assert found.at == len("event = 'pay' and ")


def test_errors_come_before_warnings():
    document = replace(GOOD, steps=(replace(A, entry=False), replace(B, stage="Thn")))
    assert [one.level for one in check_map(document)] == ["error", "warning", "warning"]


AGAINST = [
    (
        replace(GOOD, steps=(replace(A, rule="event = 'lok'"), B)),
        ("UNKNOWN_EVENT", "steps.a.rule"),
        "look",
    ),
    (
        replace(GOOD, steps=(A, replace(B, rule="event = 'pay' and plam = 'x'"))),
        ("UNKNOWN_COLUMN", "steps.b.rule"),
        "plan",
    ),
    (replace(GOOD, steps=(A, replace(B, rule="plan > 3"))), ("TYPE_MISMATCH", "steps.b.rule"), ""),
    (
        replace(GOOD, steps=(A, replace(B, signs=(Sign("S", "plan > 3"),)))),
        ("TYPE_MISMATCH", "steps.b.signs.S"),
        "",
    ),
    (replace(GOOD, persona="rolle"), ("UNKNOWN_COLUMN", "persona"), ""),
    (replace(GOOD, structural=(("plann", "x"),)), ("UNKNOWN_COLUMN", "structural.plann"), "plan"),
    (
        replace(GOOD, contract=Contract("b", "event = 'pay'", plan="pla")),
        ("UNKNOWN_COLUMN", "contract.plan"),
        "plan",
    ),
    (
        replace(GOOD, steps=(A, B, MapStep("c", "C", "event = 'pay'"))),
        ("MATCHES_NOTHING", "steps.c.rule"),
        "rule",
    ),
    (
        replace(GOOD, steps=(A,), stages=("First",), contract=None),
        ("UNTAKEN_EVENTS", "steps"),
        "noise",
    ),
]


@pytest.mark.parametrize(
    ("document", "wanted", "hint"), AGAINST, ids=[f"{a[0]}-{a[1]}" for _, a, _ in AGAINST]
)
def test_a_map_that_does_not_fit_the_data_is_told_so(document, wanted, hint, snapshot):
    found = {(one.code, one.where): one for one in check_map(document, snapshot)}
    assert wanted in found
    assert hint in found[wanted].hint


def test_the_share_of_events_that_no_step_takes_leaves_out_declared_noise(snapshot):
    part = replace(GOOD, steps=(A,), stages=("First",), contract=None)
    (found,) = check_map(part, snapshot)
    assert found.message == "No step takes 50% of the events, most often pay."
    assert check_map(replace(part, noise=("pay",)), snapshot) == []


def test_a_sign_may_be_declared_before_anything_sends_it(snapshot):
    sign = Sign("Sees prices", "event = 'click' and button = 'prices'")
    found = check_map(replace(GOOD, steps=(A, replace(B, signs=(sign,)))), snapshot)
    assert {(one.code, one.level) for one in found} == {
        ("UNKNOWN_EVENT", "warning"),
        ("UNKNOWN_COLUMN", "warning"),
    }
    assert {one.where for one in found} == {"steps.b.signs.Sees prices"}
