"""Whom a rule speaks of is in no number and no list, and every number says how many that are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathworth import collect, measure, run, value
from pathworth.base.errors import BadInput, NotSupported, UnknownName, WrongUsage


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    made = run.init(tmp_path / "shop")
    rows = [
        f"{who},{event},2026-01-{day:02d}T10:00:00Z,{'staff' if k % 5 == 0 else ''}"
        for k in range(40)
        for who in [f"p{k}@{'example.com' if k % 4 == 0 else 'shop.de'}"]
        for day, event in ((1 + k % 9, "visit"), (12 + k % 9, "order"))
        if event == "visit" or k % 3
    ]
    file = tmp_path / "events.csv"
    file.write_text("who,what,when,team\n" + "\n".join(rows))
    mapping = collect.FileMapping(entity="who", event="what", time="when")
    collect.import_files(made.store, [file], mapping=mapping)
    return made


def numbers(workspace: run.Workspace) -> dict[str, int]:
    """How many people every question speaks of."""
    chosen = workspace.journeys()
    funnel = measure.funnel(chosen, ["visit", "order"])
    return {
        "overview": run.overview(workspace).entities,
        "transitions": measure.transitions(chosen).entities,
        "funnel": funnel.steps[0].entities,
        "sessions": measure.sessions(chosen).entities,
        "retention": sum(cohort.size for cohort in measure.retention(chosen).cohorts),
    }


def test_a_rule_that_programs_could_not_ask_is_refused(workspace: run.Workspace) -> None:
    with pytest.raises(NotSupported) as caught:
        run.exclude(workspace.store, "busy", who="did('visit', at_least=101)")
    assert caught.value.code == "DEED_TOO_OFTEN"
    assert run.exclusions(workspace.store) == ()


def test_every_number_leaves_out_the_same_people_and_says_how_many(
    workspace: run.Workspace,
) -> None:
    assert set(numbers(workspace).values()) == {40}
    run.exclude(workspace.store, "employees", who="person like '%@example.com'", author="ann")
    assert set(numbers(workspace).values()) == {30}
    said = {"employees": 10}
    chosen = workspace.journeys(who="team is null", from_="2026-01-01", to="2026-02-01")
    for found in (
        measure.transitions(workspace.journeys()),
        measure.transitions(chosen),
        measure.funnel(workspace.journeys(), ["visit"]),
        measure.sessions(workspace.journeys()),
        measure.retention(workspace.journeys()),
        run.overview(workspace),
        run.price(workspace),
    ):
        assert found.excluded == said
    event = run.columns(workspace)[0]
    assert {one.value: one.count for one in event.values}["visit"] == 30


def test_a_person_whom_two_rules_speak_of_is_counted_once_with_the_first(
    workspace: run.Workspace,
) -> None:
    run.exclude(workspace.store, "employees", who="person like '%@example.com'")
    rows = run.exclude(workspace.store, "staff", who="team = 'staff'")
    assert [(one.people, one.matches) for one in rows] == [(10, 10), (6, 8)]
    assert measure.sessions(workspace.journeys()).excluded == {"employees": 10, "staff": 6}
    assert set(numbers(workspace).values()) == {24}


def test_a_list_of_ids_is_a_rule_too(workspace: run.Workspace) -> None:
    rows = run.exclude(workspace.store, "robots", ids=["p1@shop.de", " p2@shop.de", "nobody", ""])
    assert (rows[0].ids, rows[0].people) == (3, 2)
    assert set(numbers(workspace).values()) == {38}


def test_switching_a_rule_off_is_as_if_it_had_never_been_and_on_again(
    workspace: run.Workspace,
) -> None:
    before = measure.transitions(workspace.journeys())
    run.exclude(workspace.store, "employees", who="person like '%@example.com'")
    rows = run.switch_exclusion(workspace.store, "employees", active=False)
    assert (rows[0].active, rows[0].people, rows[0].matches) == (False, 0, 10)
    assert measure.transitions(workspace.journeys()) == before
    run.switch_exclusion(workspace.store, "employees", active=True)
    assert set(numbers(workspace).values()) == {30}
    assert run.drop_exclusion(workspace.store, "employees") == ()
    assert measure.transitions(workspace.journeys()) == before
    with pytest.raises(UnknownName, match="UNKNOWN_EXCLUSION"):
        run.drop_exclusion(workspace.store, "employees")


def test_no_list_of_people_holds_them(workspace: run.Workspace) -> None:
    document, _ = workspace.map()
    run.exclude(workspace.store, "employees", who="person like '%@example.com'")
    behind = value.Behind(document.steps[0].id, None, None)
    page = run.people(workspace, behind, limit=1000)
    assert page.count == len(page.people)
    assert page.people
    assert not [one for one in page.people if one.id.endswith("@example.com")]
    found = run.search(workspace, "example.com")
    assert found.people == ()
    assert run.search(workspace, "p4@example.com").people == ()
    assert len(run.search(workspace, "shop.de", limit=100).people) == 30


def test_a_price_is_made_anew_when_a_rule_changes(workspace: run.Workspace) -> None:
    whole = run.price(workspace)
    run.exclude(workspace.store, "employees", who="person like '%@example.com'")
    fewer = run.price(workspace)
    assert fewer.steps[0].people < whole.steps[0].people
    run.switch_exclusion(workspace.store, "employees", active=False)
    assert run.price(workspace) == whole


def test_rules_hold_for_whoever_opens_the_workspace_next_and_after_an_import(
    workspace: run.Workspace, tmp_path: Path
) -> None:
    run.exclude(workspace.store, "employees", who="person like '%@example.com'")
    more = tmp_path / "more.csv"
    more.write_text("who,what,when\nnew@example.com,visit,2026-01-05\nnew@shop.de,visit,2026-01-05")
    mapping = collect.FileMapping(entity="who", event="what", time="when")
    collect.import_files(workspace.store, [more], mapping=mapping)
    for one in (workspace, run.open_workspace(workspace.store.path)):
        assert measure.sessions(one.journeys()).entities == 31
        assert measure.sessions(one.journeys()).excluded == {"employees": 11}


def test_a_rule_that_can_no_longer_be_read_leaves_nobody_out_and_says_why(
    workspace: run.Workspace,
) -> None:
    run.exclude(workspace.store, "staff", who="team = 'staff'")
    workspace.store.undo(1)
    row = run.exclusions(workspace.store)[0]
    assert (row.people, row.matches) == (0, 0)
    assert "team" in (row.trouble or "")


def test_a_rule_without_sense_is_refused(workspace: run.Workspace) -> None:
    refused = [
        (BadInput, "NO_EXCLUSION_NAME", {"name": " ", "who": "team = 'staff'"}),
        (BadInput, "EMPTY_EXCLUSION", {"name": "x"}),
        (BadInput, "EMPTY_EXCLUSION", {"name": "x", "who": "team = 'staff'", "ids": ["a"]}),
        (NotSupported, "EXCLUDES_EVERYBODY", {"name": "x", "who": "person like 'p%'"}),
        (UnknownName, "UNKNOWN_TRAIT", {"name": "x", "who": "teem = 'staff'"}),
        (WrongUsage, "BAD_PREDICATE", {"name": "x", "who": "team ="}),
        (WrongUsage, "TYPE_MISMATCH", {"name": "x", "who": "person = 3"}),
        (WrongUsage, "TYPE_MISMATCH", {"name": "x", "who": "person = team"}),
    ]
    for error, code, said in refused:
        with pytest.raises(error, match=code):
            run.exclude(workspace.store, **said)  # type: ignore[arg-type]
    assert run.exclusions(workspace.store) == ()


def test_the_raw_id_can_be_asked_for_in_who(workspace: run.Workspace) -> None:
    def people(who: str) -> int:
        return measure.sessions(workspace.journeys(who=who)).entities

    assert people("person = 'p3@shop.de'") == 1
    assert people("person in ('p3@shop.de', 'p4@example.com', 'p5')") == 2
    assert people("person like '%@example.com'") == 10
    assert people("not person like '%@example.com'") == 30
    assert people("person <> 'p3@shop.de' and person like 'p3%'") == 10
    assert people("person is not null") == 40
    assert people("person < 'p2'") == 12
    assert people("person like '%@example.com' or team = 'staff'") == 16


def test_releases_are_kept_by_time_and_a_hook_that_repeats_makes_no_second_one(
    workspace: run.Workspace,
) -> None:
    run.add_release(workspace, "new cart", at="2026-03-02", note="all shops")
    first = run.add_release(workspace, "prices", at="2026-03-01T10:00:00+01:00", source="hook")
    assert run.add_release(workspace, "prices", at="2026-03-01T09:00:00Z") == first
    names = [(one.name, one.time, one.note) for one in run.releases(workspace)]
    assert names == [
        ("prices", "2026-03-01T09:00:00Z", ""),
        ("new cart", "2026-03-02T00:00:00Z", "all shops"),
    ]
    assert [one.name for one in run.remove_release(workspace, first.id)] == ["new cart"]
    for error, code, said in (
        (UnknownName, "UNKNOWN_RELEASE", lambda: run.remove_release(workspace, 99)),
        (BadInput, "NO_RELEASE_NAME", lambda: run.add_release(workspace, " ", at="2026-03-01")),
        (WrongUsage, "BAD_INSTANT", lambda: run.add_release(workspace, "x", at="soon")),
    ):
        with pytest.raises(error, match=code):
            said()
