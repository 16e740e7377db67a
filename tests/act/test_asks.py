"""Questions and messages on pages: what may be wrong with them, what a page is told, and what ends them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.act.made import MAP

from pathworth import act, atlas, measure, run
from pathworth.act.pages.told import on_page
from pathworth.base.errors import BadInput, Refused, UnknownName
from pathworth.journeys import Step

PULSE = act.PageAsk(
    "pulse", "How it goes", "How easy was that?", enough=2, page="/done*", share=0.5
)
NEWS = act.PageAsk(
    "news", "News", "New prices from May on", kind="message", link="/prices", until="2999-12-31"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    made = run.init(tmp_path_factory.mktemp("asks") / "shop")
    paid = atlas.MapStep("pays", "Pays", "event = 'Paid' and value > 9")
    chart = replace(MAP, steps=(*MAP.steps, paid))
    made.store.save_map("shop", atlas.dump_map(chart), author="ann")
    return made


WRONG = [
    (replace(PULSE, id="Pulse!"), "BAD_ASK_ID"),
    (replace(PULSE, name=" "), "NO_ASK_NAME"),
    (replace(PULSE, text=" "), "BAD_ASK_TEXT"),
    (replace(PULSE, text="x" * 301), "BAD_ASK_TEXT"),
    (replace(PULSE, answers="choices", choices=("Yes",)), "BAD_CHOICES"),
    (replace(PULSE, answers="choices", choices=("Yes", "Yes ")), "BAD_CHOICES"),
    (replace(NEWS, link="javascript:alert(1)"), "BAD_LINK"),
    (replace(PULSE, share=0.0), "BAD_SAMPLE"),
    (replace(PULSE, share=1.5), "BAD_SAMPLE"),
    (replace(PULSE, wait="soon"), "BAD_DURATION"),
    (replace(PULSE, page="prices"), "BAD_PAGE"),
    (replace(PULSE, map="shup", step="buys"), "UNKNOWN_MAP"),
    (replace(PULSE, map="shop", step="bys"), "UNKNOWN_STEP"),
    (replace(PULSE, map="shop", step="pays"), "STEP_NOT_ON_PAGE"),
    (replace(PULSE, enough=0), "BAD_ENOUGH"),
    (replace(PULSE, until="2026-02-30"), "BAD_DATE"),
    (replace(PULSE, enough=None), "NO_END"),
]


@pytest.mark.parametrize(
    ("given", "code"), WRONG, ids=[f"{code}-{k}" for k, (_, code) in enumerate(WRONG)]
)
def test_what_is_wrong_is_said_with_its_remedy(
    workspace: run.Workspace, given: act.PageAsk, code: str
) -> None:
    (found,) = act.faults_of_ask(workspace.store, given)
    assert found.code == code
    assert found.message
    assert found.hint


def test_what_is_right_has_no_fault_and_reads_back(workspace: run.Workspace) -> None:
    chosen = replace(PULSE, answers="choices", choices=("Yes: all", "No"), map="shop", step="buys")
    for one in (PULSE, NEWS, chosen):
        assert act.faults_of_ask(workspace.store, one) == ()
        act.save_ask(workspace.store, replace(one, id="kept"))
        assert act.ask(workspace.store, "kept").ask == replace(one, id="kept")
    with pytest.raises(BadInput, match="no key txt"):
        act.load_ask("id: a\nname: A\ntxt: x")
    with pytest.raises(BadInput, match="enough"):
        act.load_ask("id: a\nname: A\ntext: x\nenough: many")
    with pytest.raises(UnknownName, match="puls"):
        act.ask(workspace.store, "puls")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("event = 'a'", [("a", {})]),
        ("event in ('a', 'b')", [("a", {}), ("b", {})]),
        ("event = 'page' and path = '/x'", [("page", {"path": "/x"})]),
        (
            "event = 'a' and plan in ('p', 'q') or event = 'b'",
            [("a", {"plan": "p"}), ("a", {"plan": "q"}), ("b", {})],
        ),
        ("event <> 'a'", None),
        ("event = 'a' and did('b')", None),
        ("event = 'a' and value > 3", None),
        ("plan = 'p'", None),
        ("event = 'a' and event = 'b'", None),
        ("event = 'a' or path like '/x%'", None),
    ],
)
def test_a_page_is_told_of_steps_that_it_can_see_by_itself(
    rule: str, told: list[tuple[str, dict[str, str]]] | None
) -> None:
    found = on_page(rule)
    assert told == (None if found is None else [(one.event, one.says) for one in found])


def test_a_site_is_told_what_runs_there_and_nothing_else(workspace: run.Workspace) -> None:
    mine = replace(PULSE, id="mine", site="shop", map="shop", step="buys", wait="2d")
    for one in (mine, replace(NEWS, id="all"), replace(PULSE, id="draft")):
        act.save_ask(workspace.store, one, author="ann")
    for id_ in ("mine", "all"):
        act.start_ask(workspace.store, id_)
    every, here = run.served_asks(workspace, "shop")
    assert (every.id, every.kind, every.answers, every.link) == ("all", "message", (), "/prices")
    assert (here.id, here.answers, here.share, here.page) == ("mine", 10, 0.5, "/done*")
    assert (here.when, here.wait_ms) == ((("Bought", {}),), 2 * 86_400_000)
    assert [one.id for one in run.served_asks(workspace, "blog")] == ["all"]
    assert act.save_ask(workspace.store, replace(mine, text="And now?")).record.revision == 2
    assert run.served_asks(workspace, "shop")[1].revision == 2
    with pytest.raises(Refused, match="cannot be shown") as refused:
        act.save_ask(workspace.store, replace(mine, step="bys"))
    assert refused.value.code == "ASK_NOT_READY"
    for id_ in ("mine", "all"):
        act.stop_ask(workspace.store, id_, why="enough seen")
    assert run.served_asks(workspace, "shop") == ()
    assert (run.ask_view(workspace, "all").state, run.ask_view(workspace, "all").why) == (
        "stopped",
        "enough seen",
    )
    with pytest.raises(Refused):
        act.start_ask(
            workspace.store, act.save_ask(workspace.store, replace(PULSE, text="")).ask.id
        )


def event(number: int, name: str, person: str, **said: str) -> dict:
    time = f"2026-03-01T10:00:{number:02}Z"
    return {"event": name, "person": person, "time": time, "id": f"m{number}", "properties": said}


def test_answers_are_counted_by_people_and_end_it_when_they_are_enough(
    workspace: run.Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "ask.yaml"
    file.write_text("id: nps\nname: NPS\ntext: Would you say so?\nenough: 2\n")
    assert run.save_ask(workspace, file).findings == ()
    act.start_ask(workspace.store, "nps")
    assert (run.ask_view(workspace, "nps").state, run.ask_view(workspace, "nps").results.seen) == (
        "running",
        0,
    )
    events = [
        event(1, "survey seen", "p", survey="nps"),
        event(2, "survey answered", "p", survey="nps", answer="10"),
        event(3, "survey seen", "q", survey="nps"),
        event(4, "survey seen", "r", survey="other"),
        event(5, "survey answered", "r", survey="other", answer="1"),
    ]
    run.arrive(workspace, json.dumps({"source": "app", "events": events}))
    first = run.ask_view(workspace, "nps")
    assert (first.state, first.results.seen, first.results.done) == ("running", 2, 1)
    assert [one.id for one in run.served_asks(workspace, "x")] == ["nps"]
    more = [event(6, "survey answered", "q", survey="nps", answer="7")]
    run.arrive(workspace, json.dumps({"source": "app", "events": more}))
    ended = run.ask_view(workspace, "nps")
    assert [(one.answer, one.people) for one in ended.results.answers] == [("10", 1), ("7", 1)]
    assert ended.results.mean == 8.5
    assert (ended.state, ended.why) == ("over", "2 people answered, which is enough.")
    assert run.served_asks(workspace, "x") == ()
    more = [
        event(7, "survey seen", "s", survey="nps"),
        event(8, "survey answered", "s", survey="nps", answer="it's easy"),
    ]
    run.arrive(workspace, json.dumps({"source": "app", "events": more}))
    words = run.ask_view(workspace, "nps").results
    assert {(one.answer, one.people) for one in words.answers} == {
        ("10", 1),
        ("7", 1),
        ("it's easy", 1),
    }
    for one in words.answers:
        found = measure.funnel(workspace.journeys(), [Step("it", one.rule)])
        assert found.steps[0].entities == one.people


def test_a_message_is_over_after_its_last_day_or_when_enough_saw_it(
    workspace: run.Workspace,
) -> None:
    for id_, more in (("old", {"until": "2020-01-31"}), ("seen", {"enough": 1})):
        act.save_ask(workspace.store, replace(NEWS, id=id_, **more))
        act.start_ask(workspace.store, id_)
    run.arrive(
        workspace,
        json.dumps({"source": "app", "events": [event(9, "message seen", "z", message="seen")]}),
    )
    assert run.ask_view(workspace, "old").why == "Its last day was 2020-01-31."
    assert run.ask_view(workspace, "seen").why == "1 people saw it, which is enough."
    assert run.served_asks(workspace, "x") == ()
