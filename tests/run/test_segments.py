"""Segments are saved under a name, counted as of any day by the definition of that day, and kept while in use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.act.made import program

from pathworth import act, atlas, collect, measure, run, store
from pathworth.base.errors import BadInput, Refused, UnknownName, WrongUsage
from pathworth.base.instants import to_instant_us
from pathworth.run.persons import segments as module

DAY = 86_400_000_000
MAP = atlas.MapDocument(
    "shop",
    (
        atlas.MapStep("looks", "Looks around", "event = 'visit'", entry=True),
        atlas.MapStep("buys", "Buys", "event = 'order' and size >= 2"),
    ),
)


@pytest.fixture
def shop(tmp_path: Path) -> run.Workspace:
    """Forty people who visit on day k % 9, and two of three order later, with a plan."""
    made = run.init(tmp_path / "shop")
    rows = [
        f"p{k},{event},2026-01-{day:02d}T10:00:00Z,{'pro' if k % 4 else 'free'},{k % 4}"
        for k in range(40)
        for day, event in ((1 + k % 9, "visit"), (12 + k % 9, "order"))
        if event == "visit" or k % 3
    ]
    file = tmp_path / "events.csv"
    file.write_text("who,what,when,plan,size\n" + "\n".join(rows))
    mapping = collect.FileMapping(entity="who", event="what", time="when")
    collect.import_files(made.store, [file], mapping=mapping)
    made.store.save_map("shop", atlas.dump_map(MAP), author="test")
    return made


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    moment = to_instant_us(f"{day}T00:00:00Z", "UTC") * 1000
    monkeypatch.setattr(module.time, "time_ns", lambda: moment)


def people(shop: run.Workspace, who: str, **period: str) -> int:
    chosen = shop.journeys(who=who, **period)
    return len(measure.people(chosen, measure.AskSessions(), cell="entities").ids)


def test_a_segment_keeps_those_whom_its_predicate_keeps(shop: run.Workspace) -> None:
    for name, who in {
        "free": "plan = 'free'",
        "buyers": "did('order') and not did('order', at_least=2)",
        "left": "matches('visit -> end')",
        "late": "person like 'p3%' or did('order', within='2d')",
    }.items():
        saved = shop.segments.save(name, who, author="ann")
        assert saved.people == people(shop, f"in_segment('{name}')") == people(shop, who)
        assert 0 < saved.people < saved.of == 40
        assert people(shop, f"not in_segment('{name}')") == 40 - saved.people
        assert saved.counts.author == "ann"
    both = "in_segment('free') and in_segment('buyers')"
    shop.segments.save("both", both)
    assert people(shop, "in_segment('both')") == people(shop, both)
    listed = shop.segments.list()
    assert [one.name for one in listed] == ["both", "buyers", "free", "late", "left"]
    assert [one.people for one in listed] == [shop.segments.show(one.name).people for one in listed]


def test_the_definition_of_a_day_counts_for_that_day(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2026-01-05")
    shop.segments.save("ours", "did('visit')", author="ann")
    at(monkeypatch, "2026-01-15")
    shop.segments.save("ours", "did('order')", author="bob")

    def asked(day: str) -> tuple[int | None, int]:
        found = shop.segments.show("ours", at=day)
        return found.people, found.counts.revision

    visited = len([k for k in range(40) if k % 9 < 3])
    assert asked("2026-01-04") == (visited, 1)  # Before the first definition that one counts.
    assert asked("2026-01-15") == (40, 1)
    ordered = [k for k in range(40) if k % 3 and 12 + k % 9 < 17]
    assert asked("2026-01-17") == (len(ordered), 2)
    assert people(shop, "in_segment('ours')", to="2026-01-04") == visited
    assert people(shop, "in_segment('ours')", to="2026-01-17") == len(ordered)
    # Of everything the newest counts.
    assert people(shop, "in_segment('ours')") == shop.segments.show("ours").people == 26
    first, second = shop.segments.show("ours").revisions
    assert (first.counts_from, second.counts_from) == (None, "2026-01-15T00:00:00Z")
    assert (first.author, second.author) == ("ann", "bob")


def test_at_each_event_the_definition_of_its_moment_counts(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2026-01-05")
    shop.segments.save("ours", "plan = 'free'")
    at(monkeypatch, "2026-01-15")
    shop.segments.save("ours", "did('order')")
    events = measure.sessions(shop.journeys(where="in_segment('ours')", to="2026-01-15")).entities
    assert events == len([k for k in range(40) if k % 4 == 0])
    later = shop.journeys(where="in_segment('ours')", from_="2026-01-15")
    wanted = [k for k in range(40) if k % 3 and 12 + k % 9 >= 15]
    assert measure.sessions(later).entities == len(wanted)


def test_the_same_definition_again_gives_no_new_one(shop: run.Workspace) -> None:
    shop.segments.save("free", "plan = 'free'")
    assert shop.segments.save("free", "plan = 'free'").counts.revision == 1
    assert shop.segments.save("free", "plan <> 'pro'").counts.revision == 2
    assert shop.segments.save("free", "plan = 'free'").counts.revision == 3


def test_steps_are_those_of_the_map_as_it_was(shop: run.Workspace) -> None:
    saved = shop.segments.save("big", "did('Buys') or matches('looks -> order')")
    assert saved.counts.map_name == "shop"
    assert saved.counts.steps == (
        ("Buys", "event = 'order' and size >= 2"),
        ("looks", "event = 'visit'"),
    )
    before = people(shop, "in_segment('big')")
    steps = (MAP.steps[0], replace(MAP.steps[1], rule="event = 'nothing'"))
    shop.store.save_map("shop", atlas.dump_map(replace(MAP, steps=steps)), author="test")
    assert people(shop, "in_segment('big')") == before
    assert shop.segments.save("big", "did('Buys')").counts.revision == 2
    assert people(shop, "in_segment('big')") == 0
    # What names no step of a map holds on to none.
    assert shop.segments.save("plain", "did('order')").counts.map_name is None


@pytest.mark.parametrize(
    ("who", "code", "said"),
    [
        ("paln = 'free'", "UNKNOWN_TRAIT", "character 1"),
        ("plan = 'free' and did('odrer')", "UNKNOWN_STEP", "character 24"),
        ("plan =", "BAD_PREDICATE", "character 6"),
        ("in_segment('fre')", "UNKNOWN_SEGMENT", "character 13"),
        ("matches('visit -> ordr')", "UNKNOWN_STEP", "character 19"),
        ("plan = 3", "TYPE_MISMATCH", "character 1"),
    ],
)
def test_a_definition_that_cannot_be_answered_is_refused_at_its_character(
    shop: run.Workspace, who: str, code: str, said: str
) -> None:
    shop.segments.save("free", "plan = 'free'")
    with pytest.raises((UnknownName, WrongUsage)) as caught:
        shop.segments.save("ours", who)
    assert caught.value.code == code
    assert said in caught.value.message
    assert [one.name for one in shop.segments.list()] == ["free"]


def test_a_segment_cannot_be_asked_for_inside_itself(shop: run.Workspace) -> None:
    shop.segments.save("a", "plan = 'free'")
    shop.segments.save("b", "in_segment('a') or did('order')")
    with pytest.raises(Refused, match="a -> b -> a") as caught:
        shop.segments.save("a", "not in_segment('b')")
    assert caught.value.code == "SEGMENT_CYCLE"
    with pytest.raises(Refused, match="c -> c"):
        shop.segments.save("c", "in_segment('c')")
    # Two definitions that never counted at one time are no cycle.
    shop.segments.save("b", "did('order')")
    shop.segments.save("a", "not in_segment('b')")
    assert people(shop, "in_segment('a')") == 40 - people(shop, "did('order')")


def test_a_segment_that_is_named_elsewhere_cannot_be_deleted(shop: run.Workspace) -> None:
    shop.segments.save("free", "plan = 'free'")
    shop.segments.save("buyers", "did('order')")
    shop.segments.save("both", "in_segment('free') and in_segment('buyers')")
    asked = program("trial", map="shop", step="looks", goal="buys", who="in_segment('free')")
    act.save_program(shop.store, asked)
    steps = (*MAP.steps, atlas.MapStep("odd", "Odd", "event = 'visit' and in_segment('free')"))
    shop.store.save_map("shop", atlas.dump_map(replace(MAP, steps=steps)), author="test")
    run.exclude(shop.store, "staff", who="in_segment('free') and person = 'p8'")
    with pytest.raises(Refused) as caught:
        shop.segments.delete("free")
    assert caught.value.code == "SEGMENT_IN_USE"
    users = ["the segment 'both'", "the program 'trial'", "the map 'shop'", "the exclusion 'staff'"]
    assert list(shop.segments.show("free").used_by) == users
    assert all(one in caught.value.message for one in users)
    assert [one.name for one in shop.segments.delete("both")] == ["buyers", "free"]
    shop.segments.delete("buyers")
    with pytest.raises(UnknownName) as gone:
        people(shop, "in_segment('buyers')")
    assert gone.value.code == "UNKNOWN_SEGMENT"
    # Its definitions wait for whoever saves it again.
    assert shop.segments.save("buyers", "plan = 'pro'").counts.revision == 2


def test_an_unknown_segment_names_the_near_one_and_a_name_is_needed(shop: run.Workspace) -> None:
    shop.segments.save("regulars", "did('order')")
    for ask in (shop.segments.show, shop.segments.delete):
        with pytest.raises(UnknownName) as caught:
            ask("regular")
        assert "regulars" in caught.value.hint
    for name in ("  ", "x" * 101):
        with pytest.raises(BadInput) as refused:
            shop.segments.save(name, "plan = 'free'")
        assert refused.value.code == "NO_SEGMENT_NAME"


def test_a_segment_of_traits_alone_is_told_the_nearest_behaviour(shop: run.Workspace) -> None:
    near = shop.segments.save("all", "plan is not null").nearest
    assert near is not None
    assert (near.who, near.both, near.only_segment, near.only_deed) == ("did('visit')", 40, 0, 0)
    near = shop.segments.save("pro", "plan = 'pro'").nearest
    ordered = {k for k in range(40) if k % 3}
    pro = {k for k in range(40) if k % 4}
    assert near is not None
    assert near.who == "did('visit')"
    assert near.only_deed == 40 - len(pro)
    assert len(ordered & pro) / len(ordered | pro) < len(pro) / 40
    assert shop.segments.save("doers", "plan = 'pro' and did('order')").nearest is None
    assert shop.segments.save("one", "person = 'p1'").nearest is None


def test_a_mistake_inside_a_segment_is_told_there_and_not_at_the_filter(
    shop: run.Workspace,
) -> None:
    shop.segments.save("free", "plan = 'free'")
    kept = store.Segments(shop.store)
    broken = replace(kept.get("free").newest, who="plan = 'free' and paln = 'x'")
    kept.save("free", broken)
    found = run.check_filter(shop, "member is null or in_segment('free')", keeps="where")
    assert found.mistake is not None
    found = run.check_filter(shop, "plan = 'pro' or in_segment('free')", keeps="who")
    assert found.mistake is not None
    assert found.mistake.message.startswith("In the segment 'free': ")
    assert "its character 19" in found.mistake.message
    assert found.mistake.at is None
    line = shop.segments.list()[0]
    assert line.people is None
    assert line.trouble is not None
    assert "plan" in line.trouble


def test_people_who_are_left_out_are_in_no_segment(shop: run.Workspace) -> None:
    shop.segments.save("free", "plan = 'free'")
    run.exclude(shop.store, "staff", who="in_segment('free')")
    assert shop.segments.show("free").people == 0
    assert shop.segments.show("free").of == 30
    # Another definition leaves out others at once.
    shop.segments.save("free", "plan = 'free' and person = 'p0'")
    assert shop.segments.show("free").of == 39


def test_a_price_is_made_anew_when_a_segment_that_it_names_changes(shop: run.Workspace) -> None:
    shop.segments.save("ours", "plan = 'free'")
    chosen = run.Selection(who="in_segment('ours')")
    before = run.price(shop, selection=chosen)
    shop.segments.save("ours", "plan = 'pro'")
    after = run.price(shop, selection=chosen)
    assert (before.entrants, after.entrants) == (10, 30)


def test_another_process_sees_a_segment_at_once(shop: run.Workspace) -> None:
    other = run.open_workspace(shop.store.path)
    assert other.store.snapshot().segments == ()
    shop.segments.save("free", "plan = 'free'")
    assert people(other, "in_segment('free')") == 10
    held = other.store.snapshot()
    assert other.store.snapshot() is held


def test_a_program_writes_to_a_segment_as_it_is_now(shop: run.Workspace) -> None:
    shop.segments.save("ours", "did('order', at_least=2) or matches('visit -> visit')")
    asked = program("trial", map="shop", step="looks", goal="buys", who="in_segment('ours')")
    found = {one.code for one in act.check(shop.store, asked) if one.level == "error"}
    assert found == set()
    wrong = replace(asked, who="in_segment('our')")
    errors = {one.code for one in act.check(shop.store, wrong) if one.level == "error"}
    assert errors == {"UNKNOWN_IN_RULE"}
    rehearsed = run.rehearse(shop, _kept(shop, asked), from_="2026-01-01", to="2026-02-01")
    assert rehearsed.occasions == 40
    assert {row.reasons[0] for row in rehearsed.rows} == {"left_audience"}
    shop.segments.save("ours", "did('visit')")
    again = run.rehearse(shop, "trial", from_="2026-01-01", to="2026-02-01")
    assert {row.reasons[0] for row in again.rows} == {"no_consent"}


def _kept(shop: run.Workspace, asked: act.Program) -> str:
    return act.save_program(shop.store, asked).program.id
