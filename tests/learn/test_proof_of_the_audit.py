"""The proof of the audit counts alarms by quarter, says how soon the defect is named, and holds bars against both."""

from __future__ import annotations

from pathworth.learn.company import changed, history, load_company
from pathworth.learn.proof.audit import (
    STATED,
    AuditCase,
    audit_lines,
    audit_section,
    days_until_named,
    grade_audit,
)
from pathworth.learn.proof.coverage import Row

CASE = AuditCase(people=6_000)


def row(*alarms: int, days: int = 1) -> Row:
    quarters = {f"quarter {k}": (many, many > 0, 0.0) for k, many in enumerate(alarms, 1)}
    return {
        **quarters,
        "T1 named": (days, 0 < days <= 2, float(days)),
        "beside T1": (0, False, 0.0),
    }


def test_a_seed_says_alarms_of_each_quarter_and_the_days_until_the_defect_is_named() -> None:
    found = grade_audit(CASE, 9)
    assert set(found) == {*(f"quarter {k}" for k in (1, 2, 3, 4)), "T1 named", "beside T1"}
    assert 1 <= found["T1 named"][0] <= 7
    calm = changed(load_company(), "incidents.tracking", value=False)
    assert days_until_named(history(calm, people=CASE.people, seed=9)) == 0


def test_alarms_are_held_against_the_stated_rate_with_wilsons_interval() -> None:
    alarms, soon = audit_lines({k: row(k == 1, 0, 0, 0) for k in range(1, 21)})
    assert (alarms.times, alarms.of, alarms.holds) == (1, 80, True)
    assert alarms.interval[0] < 1 / 80 < alarms.interval[1]
    assert (soon.times, soon.of, soon.holds) == (20, 20, True)
    often, _ = audit_lines({k: row(1, 0, 0, 0) for k in range(1, 21)})
    assert often.interval[0] > STATED
    assert not often.holds


def test_a_defect_that_is_named_late_or_never_breaks_the_bar_and_is_told() -> None:
    rows = {1: row(0, 0, 0, 0), 2: row(0, 2, 0, 0, days=4), 3: row(0, 0, 0, 0, days=0)}
    _, soon = audit_lines(rows)
    assert (soon.times, soon.of, soon.holds) == (1, 3, False)
    text = audit_section(CASE, rows)
    assert "2 alarms in 3 years without the defect" in text
    assert "1 after 1, 1 after 4; not within 7: 1." in text
    assert "**no**" in text
